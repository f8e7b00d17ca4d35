//! What the text of a code may mean: a label of ours, equipment, a unit's licence, goods.

use crate::domain::equipment::{CodeNotice, look_over_code};
use crate::domain::id::RecordId;
use crate::domain::uscc::{Uscc, half_width};

use super::label;

/// One thing that a text may mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// A label of ours names a record.
    Record(RecordId),
    /// A printed record: the record, and the first digits of the digest of its seal; empty where it had none.
    Paper(RecordId, String),
    /// A unified social credit code, with its check character right.
    Unit(Uscc),
    /// Of the form of an equipment code (设备代码), or of an old registration code.
    Equipment(String),
    /// Of the form of a use registration certificate number (使用登记证编号).
    Certificate(String),
    /// A trade item number (商品条码) with its check digit right.
    Goods(String),
}

/// Everything that a text may mean, the surest first. Empty when it is none of these.
///
/// Codes are found inside addresses too: use marks and licences often carry one with the code as a parameter.
#[must_use]
pub fn meanings(text: &str) -> Vec<Meaning> {
    let mut found = Vec::new();
    if let Some((record, digits)) = label::paper_of(text) {
        found.push(Meaning::Paper(record, digits));
        return found;
    }
    if let Some(record) = label::record_of(text) {
        found.push(Meaning::Record(record));
        return found;
    }
    let plain: String = decode_percent(text).chars().map(half_width).map(|c| c.to_ascii_uppercase()).collect();
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    found.extend(words.iter().filter_map(|word| Uscc::parse(word).ok()).map(Meaning::Unit));
    found.extend(certificate(&plain).map(Meaning::Certificate));
    let is_equipment = |word: &&&str| {
        matches!(word.len(), 17 | 18 | 20)
            && !look_over_code(word, None, 2100).iter().any(|notice| matches!(notice, CodeNotice::Form | CodeNotice::Year))
    };
    found.extend(words.iter().filter(is_equipment).map(|word| Meaning::Equipment((*word).to_owned())));
    if words.len() == 1 {
        found.extend(words.iter().filter(|word| is_trade_item(word)).map(|word| Meaning::Goods((*word).to_owned())));
    }
    let mut once = Vec::new();
    for meaning in found {
        if !once.contains(&meaning) {
            once.push(meaning);
        }
    }
    once
}

/// The first part that has the form of a certificate number, such as `梯11冀B00123(19)`, with narrow brackets.
fn certificate(plain: &str) -> Option<String> {
    let characters: Vec<char> = plain.chars().collect();
    (0..characters.len()).find_map(|start| {
        let mut rest = characters.get(start..)?.iter().copied().peekable();
        let mut number = String::new();
        let mut take = |test: &dyn Fn(char) -> bool, least: usize, most: usize| {
            let mut taken = 0;
            while taken < most {
                let Some(next) = rest.next_if(|c| test(*c)) else { break };
                number.push(next);
                taken += 1;
            }
            taken >= least
        };
        let form = take(&|c| "锅容瓶管梯起索游车".contains(c), 1, 1)
            && take(&|c| c.is_ascii_alphanumeric(), 2, 2)
            && take(&|c| ('\u{4e00}'..='\u{9fff}').contains(&c), 1, 1)
            && take(&|c| c.is_ascii_uppercase(), 1, 1)
            && take(&|c| c.is_ascii_alphanumeric(), 4, 6)
            && take(&|c| c == '(', 1, 1)
            && take(&|c| c.is_ascii_digit(), 2, 2)
            && take(&|c| c == ')', 1, 1);
        form.then_some(number)
    })
}

/// Whether these are the digits of a GTIN-8, -12, -13 or -14 with the check digit right. Source: GB 12904—2008, annex.
#[must_use]
pub fn is_trade_item(digits: &str) -> bool {
    if !matches!(digits.len(), 8 | 12 | 13 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = digits.bytes().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(10)
}

/// The text with `%E6%A2%AF` and the like read as UTF-8; as it is where that makes no text.
fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Meaning]) {
        assert_eq!(meanings(text), expected, "{text}");
    }

    fn unit(code: &str) -> Meaning {
        Meaning::Unit(Uscc::parse(code).expect("a code with its check character"))
    }

    #[test]
    fn understands_what_codes_say() {
        check("91130227MA0TE5T088", &[unit("91130227MA0TE5T088")]);
        check("统一社会信用代码：91130227ma0te5t088 名称：示例商场有限公司", &[unit("91130227MA0TE5T088")]);
        check("https://licence.example/?uniscid=91130227MA0TE5T088&sign=ABC", &[unit("91130227MA0TE5T088")]);
        check("215010890201500098", &[Meaning::Equipment("215010890201500098".to_owned())]);
        check("设备代码 31102301020150098", &[Meaning::Equipment("31102301020150098".to_owned())]);
        check("https://marks.example/d/4D1010123202000007", &[Meaning::Equipment("4D1010123202000007".to_owned())]);
        check("31103506002016053337", &[Meaning::Equipment("31103506002016053337".to_owned())]);
        check("梯11冀B00123（19）", &[Meaning::Certificate("梯11冀B00123(19)".to_owned())]);
        check("https://marks.example/?no=%E6%A2%AF11%E5%86%80B00123(19)", &[Meaning::Certificate("梯11冀B00123(19)".to_owned())]);
        check("6901234567892", &[Meaning::Goods("6901234567892".to_owned())]);
        check("6901234567893", &[]);
        check("http://shop.example/p/6901234567892", &[]);
        check("电梯维保二维码", &[]);
        check("%", &[]);
        check("%E6%A2", &[]);
    }

    #[test]
    fn our_own_label_leads_to_its_record() {
        let id = RecordId::parse("0192a4c0-0000-7000-8000-000000000001").expect("a record id");
        let text = label::text("https://spotcheck.example/", &id);
        check(&text, &[Meaning::Record(id)]);
        assert_eq!(label::record_of("https://spotcheck.example/scan#r=nothing"), None);
    }

    #[test]
    fn the_code_on_a_print_leads_to_its_record_and_its_seal() {
        let id = RecordId::parse("0192a4c0-0000-7000-8000-000000000001").expect("a record id");
        let seal = crate::evidence::chain::sha256(b"seal");
        let text = label::paper_text("https://spotcheck.example", &id, Some(&seal));
        let digits: String = seal.to_string().chars().take(16).collect();
        assert_eq!(text, format!("https://spotcheck.example/scan#r={id}&d={digits}"));
        check(&text, &[Meaning::Paper(id.clone(), digits)]);
        check(&label::paper_text("https://spotcheck.example", &id, None), &[Meaning::Paper(id.clone(), String::new())]);
        assert_eq!(label::record_of(&text), Some(id.clone()), "older programs read it as a label");
        for odd in ["&d=12", "&d=0123456789abcdeg", "&d=0123456789ABCDEF", "&e=0123456789abcdef", " "] {
            check(&format!("https://spotcheck.example/scan#r={id}{odd}"), &[Meaning::Record(id.clone())]);
        }
    }
}
