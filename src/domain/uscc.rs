//! The unified social credit code (统一社会信用代码).

use std::fmt;

/// The 31 characters in the order of their values. Source: GB 32100—2015, table 2 (no I, O, S, V, Z).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Weights of the first 17 places: 3^(i-1) mod 31. Source: GB 32100—2015, 5.2.
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A unified social credit code, always well formed: 18 characters, the last one a check character.
#[doc(alias = "统一社会信用代码")]
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Uscc(String);

/// Why a typed text is not a [`Uscc`]. Positions count from 1, as on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccError {
    /// Not 18 characters.
    #[error("{found} characters instead of 18")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that never occurs in such a code.
    #[error("character {position} never occurs in such a code")]
    Alphabet {
        /// Where.
        position: usize,
        /// Which, upper case.
        found: char,
    },
    /// The check character does not fit: one or two characters are mistyped.
    #[error("the last character should be {expected}")]
    Check {
        /// What the last character would have to be.
        expected: char,
    },
}

impl Uscc {
    /// Parses what a person typed: white space is dropped, lower case and full-width characters are accepted.
    ///
    /// # Errors
    /// [`UsccError`] names the first thing that is wrong.
    pub fn parse(typed: &str) -> Result<Self, UsccError> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace()).map(half_width).map(|c| c.to_ascii_uppercase()).collect();
        let found = code.chars().count();
        if found != 18 {
            return Err(UsccError::Length { found });
        }
        let mut sum = 0;
        let mut last = 0;
        for (index, found) in code.chars().enumerate() {
            let value = ALPHABET.iter().position(|&byte| char::from(byte) == found);
            let value = value.ok_or(UsccError::Alphabet { position: index + 1, found })?;
            match WEIGHTS.get(index) {
                Some(weight) => sum += weight * value,
                None => last = value,
            }
        }
        let check = (31 - sum % 31) % 31;
        if check == last {
            return Ok(Self(code));
        }
        Err(UsccError::Check { expected: ALPHABET.get(check).map_or('?', |&byte| char::from(byte)) })
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The ASCII character that a full-width one (U+FF01…U+FF5E) stands for; others stay.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, UsccError>) {
        assert_eq!(Uscc::parse(typed).as_ref().map(Uscc::as_str), expected.as_ref().map(|code| *code), "{typed}");
    }

    #[test]
    fn accepts_valid_codes_however_typed() {
        check("91350100M000100Y43", Ok("91350100M000100Y43"));
        check(" 91130227 ma0te5t088 ", Ok("91130227MA0TE5T088"));
        check("９１１３０２２７ＭＡ０ＴＥ５Ｔ０８８", Ok("91130227MA0TE5T088"));
        for code in ["92130227MA0DEM0135", "11130227MB0DEM025R", "12130227MB0DEM033H"] {
            check(code, Ok(code));
        }
    }

    #[test]
    fn names_what_is_wrong() {
        check("", Err(UsccError::Length { found: 0 }));
        check("9135010OM000100Y43", Err(UsccError::Alphabet { position: 8, found: 'O' }));
        check("91130227MA0ABCD12X", Err(UsccError::Check { expected: 'Y' }));
    }

    #[test]
    fn every_single_error_and_neighbour_swap_is_found() {
        let good: Vec<char> = "91130227MA0TE5T088".chars().collect();
        for place in 0..18 {
            for &byte in ALPHABET {
                let mut wrong = good.clone();
                wrong[place] = char::from(byte);
                assert_eq!(Uscc::parse(&wrong.iter().collect::<String>()).is_ok(), wrong == good);
            }
            if place < 17 && good[place] != good[place + 1] {
                let mut wrong = good.clone();
                wrong.swap(place, place + 1);
                assert!(Uscc::parse(&wrong.iter().collect::<String>()).is_err());
            }
        }
    }
}
