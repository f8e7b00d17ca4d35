//! Personal data as screens show it until somebody asks for it: 王**, 138****0000, 330****12.
//!
//! How many signs are hidden is never told: stars stand for any number of them.

use serde::{Deserialize, Serialize};

use super::uscc::half_width;

/// What stands for whatever is hidden.
pub const HIDDEN: &str = "****";
/// The least length of a text that is looked for within others; a single sign would be found everywhere.
const LEAST_SECRET: usize = 2;

/// What a text is, which decides how much of it stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// The name of a person: its first sign stays.
    Name,
    /// A telephone number: its first three and last four digits stay.
    Phone,
    /// The number of an identity document: its first three and last two signs stay.
    IdNo,
    /// Where somebody lives: it stays as far as the county.
    Address,
    /// Anything else: nothing stays.
    #[default]
    Whole,
}

impl Mask {
    /// The text with its middle hidden; empty where there is none. Full-width signs count as the plain ones.
    #[must_use]
    pub fn hide(self, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            return String::new();
        }
        match self {
            Self::Name => name(text),
            Self::Phone => phone(text),
            Self::IdNo => id_no(text),
            Self::Address => address(text),
            Self::Whole => HIDDEN.to_owned(),
        }
    }
}

/// A name of a single sign would be shown whole, so nothing of it is. Neither does a number stay that stands for a name.
fn name(text: &str) -> String {
    let mut signs = text.chars();
    match (signs.next().map(half_width), signs.next()) {
        (Some(first), Some(_)) if first.is_alphabetic() => format!("{first}**"),
        _ => HIDDEN.to_owned(),
    }
}

fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().map(half_width).filter(char::is_ascii_digit).collect();
    // The code of China says nothing of the person.
    let own = match digits.as_slice() {
        ['0', '0', '8', '6', own @ ..] | ['8', '6', own @ ..] if own.len() == 11 => own,
        all => all,
    };
    match own.len() {
        11.. => kept(own, 3, 4),
        7..=10 => kept(own, 0, 2),
        _ => HIDDEN.to_owned(),
    }
}

fn id_no(text: &str) -> String {
    let signs: Vec<char> = text.chars().map(half_width).filter(|sign| sign.is_alphanumeric()).collect();
    match signs.len() {
        15.. => kept(&signs, 3, 2),
        8..=14 => kept(&signs, 1, 2),
        _ => HIDDEN.to_owned(),
    }
}

fn kept(signs: &[char], first: usize, last: usize) -> String {
    let head: String = signs.iter().take(first).collect();
    let tail: String = signs.iter().skip(signs.len().saturating_sub(last)).collect();
    format!("{head}{HIDDEN}{tail}")
}

/// A county has thousands of homes, a street has not. Where no county is named nothing stays.
fn address(text: &str) -> String {
    let end = text.char_indices().skip(1).take(15).find(|(_, sign)| matches!(sign, '县' | '区' | '旗'));
    match end.and_then(|(at, sign)| text.get(..at + sign.len_utf8())) {
        // Somebody may write a name or a number in front of it.
        Some(county) if !county.chars().map(half_width).any(|sign| sign.is_ascii_digit()) => format!("{county}{HIDDEN}"),
        _ => HIDDEN.to_owned(),
    }
}

/// A text without the secrets, each given with what stands for it, and without what looks like the number of a mobile phone or
/// of an identity card.
#[must_use]
pub fn scrub(text: &str, secrets: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    for (secret, shown) in secrets {
        if secret.chars().count() >= LEAST_SECRET && text.contains(secret.as_str()) {
            text = text.replace(secret.as_str(), shown);
        }
    }
    numbers(&text)
}

fn numbers(text: &str) -> String {
    let mut scrubbed = String::with_capacity(text.len());
    let mut run = String::new();
    for sign in text.chars().chain(std::iter::once('\0')) {
        let is_last = matches!(half_width(sign), 'X' | 'x') && run.chars().count() == 17;
        if half_width(sign).is_ascii_digit() || is_last {
            run.push(sign);
            continue;
        }
        scrubbed.push_str(&number(&run));
        run.clear();
        if sign != '\0' {
            scrubbed.push(sign);
        }
    }
    scrubbed
}

fn number(run: &str) -> String {
    let plain: String = run.chars().map(half_width).collect();
    if is_mobile(&plain) {
        Mask::Phone.hide(&plain)
    } else if is_identity(&plain) {
        Mask::IdNo.hide(&plain)
    } else {
        run.to_owned()
    }
}

fn is_mobile(digits: &str) -> bool {
    let own = digits.strip_prefix("86").filter(|own| own.len() == 11).unwrap_or(digits);
    own.len() == 11 && own.starts_with('1') && !own.starts_with("10") && !own.starts_with("11") && !own.starts_with("12")
}

/// An identity card has a date of birth in its middle, which tells it from codes of businesses and goods.
fn is_identity(signs: &str) -> bool {
    let part = |from: usize, to: usize| signs.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or_default();
    signs.len() == 18 && (1900..2100).contains(&part(6, 10)) && (1..=12).contains(&part(10, 12)) && (1..=31).contains(&part(12, 14))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(mask: Mask, rows: &[(&str, &str)]) {
        for (text, expected) in rows {
            assert_eq!(mask.hide(text), *expected, "{mask:?} of {text:?}");
        }
    }

    #[test]
    fn names_keep_their_first_sign() {
        check(
            Mask::Name,
            &[
                ("王小明", "王**"),
                ("欧阳示例", "欧**"),
                (" 李四 ", "李**"),
                ("王", "****"),
                ("John Smith", "J**"),
                ("Ａｎｎ", "A**"),
                ("阿不都热合曼·买买提", "阿**"),
                ("པད་མ", "པ**"),
                ("", ""),
                ("   ", ""),
                ("13800000000", "****"),
                ("(匿名)", "****"),
                ("王13800000000", "王**"),
                ("𠮷野", "𠮷**"),
            ],
        );
    }

    #[test]
    fn telephones_keep_their_ends() {
        check(
            Mask::Phone,
            &[
                ("13800000000", "138****0000"),
                ("138 0000 0000", "138****0000"),
                ("138-0000-0000", "138****0000"),
                ("+86 13800000000", "138****0000"),
                ("008613800000000", "138****0000"),
                ("１３８００００００００", "138****0000"),
                ("0571-88880000", "057****0000"),
                ("88880012", "****12"),
                ("12315", "****"),
                ("微信 abc", "****"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn numbers_of_documents_keep_their_ends() {
        check(
            Mask::IdNo,
            &[
                ("110101199001010012", "110****12"),
                ("11010119900101001x", "110****1x"),
                ("１１０１０１１９９００１０１００１２", "110****12"),
                ("110101900101001", "110****01"),
                ("E12345678", "E****78"),
                ("H0000000001", "H****01"),
                ("123", "****"),
                ("没有", "****"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn addresses_stay_as_far_as_the_county() {
        check(
            Mask::Address,
            &[
                ("示例省示例市示例县示例路1号", "示例省示例市示例县****"),
                ("示例区示例路1号2单元", "示例区****"),
                ("示例路1号", "****"),
                ("3号楼在示例区", "****"),
                ("县前街1号", "****"),
                ("1 Example Road", "****"),
                ("", ""),
            ],
        );
        check(Mask::Whole, &[("左手烫伤", "****"), ("", "")]);
    }

    #[test]
    fn texts_lose_secrets_and_numbers() {
        let secrets = [("王小明".to_owned(), "王**".to_owned()), ("王".to_owned(), "****".to_owned())];
        let check = |text: &str, expected: &str| assert_eq!(scrub(text, &secrets), expected, "{text:?}");
        check("王小明投诉玩具车", "王**投诉玩具车");
        check("老王的店", "老王的店");
        check("电话13800000000，", "电话138****0000，");
        check("8613800000000", "138****0000");
        check("证件110101199001010012。", "证件110****12。");
        check("证件11010119900101001X号", "证件110****1X号");
        check("代码91330100MA00000000", "代码91330100MA00000000");
        check("条码6900000000012，批号20260101", "条码6900000000012，批号20260101");
        check("12315转12345", "12315转12345");
        check("", "");
    }

    proptest! {
        /// Nothing of a longer middle is ever shown, whatever is typed, and hiding never panics.
        #[test]
        fn hides_the_middle(text in "\\PC{0,40}") {
            for mask in [Mask::Name, Mask::Phone, Mask::IdNo, Mask::Whole] {
                let shown = mask.hide(&text);
                prop_assert!(shown.chars().count() <= 11, "{} -> {}", text, shown);
                prop_assert!(shown.is_empty() == text.trim().is_empty());
                prop_assert!(shown.is_empty() || shown.contains("**"));
            }
            let _ = Mask::Address.hide(&text);
        }

        #[test]
        fn no_mobile_number_gets_through(number in "1[3-9][0-9]{9}", before in "[^0-9０-９86]{0,5}", after in "[^0-9０-９]{0,5}") {
            let shown = scrub(&format!("{before}{number}{after}"), &[]);
            prop_assert!(!shown.contains(&number), "{}", shown);
        }
    }
}
