//! Links on posters: `/complain?equipment=…&unit=…` says what the poster hangs at, so that nobody has to type it.
//!
//! Anybody can print a poster, so what a link says is only proposed: the person sees it in the form and can change it.

use std::fmt::Write as _;

use super::draft::Prefill;

/// Where the form is.
pub const PATH: &str = "/complain";
/// The most characters of one value.
const MAX_CHARS: usize = 80;
/// The most bytes of a query that is looked at.
const MAX_QUERY: usize = 4096;

/// What the query of a link says, with or without the question mark. Unknown names, values that are too long and what is no
/// plain text are left out; of a name that stands twice the first counts.
#[must_use]
pub fn parse(query: &str) -> Prefill {
    let mut prefill = Prefill::default();
    if query.len() > MAX_QUERY {
        return prefill;
    }
    for pair in query.trim_start_matches('?').split('&') {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let Some(value) = plain(value) else { continue };
        let place = match name {
            "equipment" => &mut prefill.equipment,
            "kind" => &mut prefill.kind,
            "unit" => &mut prefill.unit,
            "place" => &mut prefill.place,
            "product" => &mut prefill.product,
            "gtin" => &mut prefill.gtin,
            "bureau" => &mut prefill.bureau,
            _ => continue,
        };
        if place.is_empty() {
            *place = value;
        }
    }
    if !prefill.gtin.bytes().all(|byte| byte.is_ascii_digit()) {
        prefill.gtin.clear();
    }
    if !prefill.kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
        prefill.kind.clear();
    }
    prefill
}

/// The link for a poster. What is longer than a link may say is cut.
#[must_use]
pub fn make(origin: &str, prefill: &Prefill) -> String {
    let mut link = format!("{}{PATH}", origin.trim_end_matches('/'));
    let mut mark = '?';
    for name in ["equipment", "kind", "unit", "place", "product", "gtin", "bureau"] {
        let Some(text) = prefill.get(name) else { continue };
        let text: String = text.trim().chars().filter(|c| is_plain(*c)).take(MAX_CHARS).collect();
        if text.is_empty() {
            continue;
        }
        link.push(mark);
        link.push_str(name);
        link.push('=');
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                link.push(char::from(byte));
            } else {
                let _ = write!(link, "%{byte:02X}");
            }
        }
        mark = '&';
    }
    link
}

/// A value as plain text; `None` when it is none.
fn plain(value: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok().filter(|text| !text.starts_with('+'))?, 16).ok()?
            }
            other => other,
        });
    }
    let text = String::from_utf8(bytes).ok()?.trim().to_owned();
    let good = !text.is_empty() && text.chars().count() <= MAX_CHARS && text.chars().all(is_plain);
    good.then_some(text)
}

/// Whether a character belongs to plain text: no markup, nothing that controls, hides or turns around what is read.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '<' | '>' | '"' | '`' | '\\' | '\u{ad}' | '\u{61c}' | '\u{feff}')
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_makes() {
        let prefill = Prefill {
            equipment: "梯11冀B00123(19)".to_owned(),
            kind: "lift".to_owned(),
            unit: "示例商场有限公司 & 分店".to_owned(),
            place: "1号楼+2单元 100%".to_owned(),
            product: "积木“小熊”".to_owned(),
            gtin: "6901234567892".to_owned(),
            bureau: "示例县市场监督管理局".to_owned(),
        };
        let link = make("https://example.test/", &prefill);
        assert!(link.starts_with("https://example.test/complain?equipment="), "{link}");
        let query = link.split_once('?').expect("a query").1;
        assert_eq!(parse(query), prefill);
        assert_eq!(parse(&format!("?{query}&unit=other&x=1")), prefill);
        assert_eq!(make("https://example.test", &Prefill::default()), "https://example.test/complain");
    }

    #[test]
    fn leaves_out_what_is_hostile() {
        for query in [
            "",
            "?",
            "unit",
            "unit=",
            "unit=%",
            "unit=%4",
            "unit=%+4",
            "unit=%ff",
            "unit=<b>",
            "unit=%3Cscript%3E",
            "unit=a%00b",
            "unit=a%E2%80%AEb",
            "unit=%22%22",
            "gtin=12a",
            "kind=Lift%20",
            "kind=../x",
            "name=张三",
            "unit[]=x",
            "equipment=%0A",
        ] {
            assert_eq!(parse(query), Prefill::default(), "{query}");
        }
        assert_eq!(parse(&format!("unit={}", "商".repeat(81))), Prefill::default());
        assert_eq!(parse(&format!("unit=x&{}", "a=b&".repeat(2000))), Prefill::default());
    }
}
