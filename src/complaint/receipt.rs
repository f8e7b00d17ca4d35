//! Receipt numbers: short, told apart when read aloud, with a check character, and without a word on who filed.

use super::form::Filing;
use crate::domain::change::Sha256;
use crate::domain::time::CivilDate;
use crate::domain::uscc::half_width;

/// The characters: no I, O, S, V, Z, as in GB 32100—2015, so that 1, 0, 5 and 2 can't be mistaken. Their number is a prime,
/// so every single wrong character and every swap of neighbours is found.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Random characters: 31⁵ numbers for each day.
const RANDOM: usize = 5;
/// Characters without the dash: the letter, six of the day, the random ones, the check character.
const LENGTH: usize = 1 + 6 + RANDOM + 1;

/// Makes a receipt number, such as `T261124-7KQ4M3`: a letter (T 投诉, J 举报), the day, five characters out of `random`, and a
/// check character.
#[must_use]
pub fn make(filing: Filing, day: CivilDate, random: &Sha256) -> String {
    let letter = match filing {
        Filing::Complaint => 'T',
        Filing::Report => 'J',
    };
    let date: String = day.to_string().chars().filter(char::is_ascii_digit).skip(2).collect();
    let mut number = random.0.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let mut tail = String::new();
    for _ in 0..RANDOM {
        tail.push(usize::try_from(number % 31).ok().and_then(character).unwrap_or('0'));
        number /= 31;
    }
    let body = format!("{letter}{date}{tail}");
    let check = remainder(&body).and_then(character).unwrap_or('0');
    format!("{letter}{date}-{tail}{check}")
}

/// Reads a receipt number however it was typed, and gives it in its one written form; `None` when it is none.
#[must_use]
pub fn read(typed: &str) -> Option<String> {
    let code: String = typed.chars().map(half_width).filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '–')).map(alike).collect();
    if code.chars().count() != LENGTH || !code.starts_with(['T', 'J']) {
        return None;
    }
    let body: String = code.chars().take(LENGTH - 1).collect();
    let check = code.chars().last().and_then(value)?;
    if remainder(&body)? != check {
        return None;
    }
    let (head, tail): (String, String) = (code.chars().take(7).collect(), code.chars().skip(7).collect());
    Some(format!("{head}-{tail}"))
}

/// What a character that is not used was meant to be.
fn alike(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' => '1',
        'S' => '5',
        'Z' => '2',
        other => other,
    }
}

fn character(value: usize) -> Option<char> {
    ALPHABET.get(value).map(|byte| char::from(*byte))
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|byte| char::from(*byte) == c)
}

/// The sum of the characters, each weighted by its place (from 2, so that the last before the check counts unlike it),
/// modulo 31.
fn remainder(body: &str) -> Option<usize> {
    body.chars().rev().enumerate().try_fold(0, |sum, (place, c)| Some((sum + (place + 2) * value(c)?) % 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::chain::sha256;

    fn made(seed: u8) -> String {
        let day = CivilDate::parse("2026-11-24").expect("a day");
        make(Filing::Complaint, day, &sha256(&[seed]))
    }

    #[test]
    fn reads_what_it_makes_however_typed() {
        for seed in 0..=255 {
            let number = made(seed);
            assert_eq!(number.len(), LENGTH + 1);
            assert!(number.starts_with("T261124-"), "{number}");
            assert_eq!(read(&number).as_deref(), Some(number.as_str()));
            let typed = format!(" {} ", number.to_lowercase().replace('-', "—").replace('0', "o").replace('1', "i").replace('5', "s"));
            assert_eq!(read(&typed).as_deref(), Some(number.as_str()), "{typed}");
        }
    }

    #[test]
    fn finds_every_wrong_character_and_swap() {
        let number = made(7);
        let good: Vec<char> = number.chars().filter(|c| *c != '-').collect();
        for place in 0..good.len() {
            for byte in ALPHABET {
                let mut wrong = good.clone();
                wrong.splice(place..=place, [char::from(*byte)]);
                assert_eq!(read(&wrong.iter().collect::<String>()).is_some(), wrong == good);
            }
            let mut wrong = good.clone();
            if place + 1 < good.len() {
                wrong.swap(place, place + 1);
            }
            if wrong != good {
                assert_eq!(read(&wrong.iter().collect::<String>()), None);
            }
        }
        for text in ["", "T261124", "X261124-7KQ4M3", "T261124-7KQ4M3T261124-7KQ4M3"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
