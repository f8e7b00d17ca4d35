//! Codes of special equipment: checked, but never a reason to stop a person who copies them from a plate.

use super::uscc::half_width;

/// What is odd about an equipment code (设备代码). Odd is not wrong: plates in the field differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeNotice {
    /// Neither 17 nor 18 characters, nor the 20 digits of an old registration code.
    Length {
        /// How many characters there are.
        found: usize,
    },
    /// Not of the form type 4, maker 5, year 4, serial.
    Form,
    /// The year of manufacture lies outside 1950 to the given year.
    Year,
    /// The first digit is not that of the kind of equipment.
    Kind {
        /// The kind that the code names.
        found: char,
    },
}

/// Drops white space, makes full-width characters narrow and letters upper case.
#[must_use]
pub fn normalise_code(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).map(half_width).map(|c| c.to_ascii_uppercase()).collect()
}

/// Looks an equipment code over: `type(4) maker(5) year(4) serial(4–5)`, or an old 20-digit registration code.
///
/// `kind` is the first character that the chosen kind of equipment has (`3` for elevators), `year_now` the present year.
/// Source: domain notes on 设备代码; no check digit exists. 未核实 for the length of the serial.
#[must_use]
pub fn look_over_code(code: &str, kind: Option<char>, year_now: i32) -> Vec<CodeNotice> {
    let characters: Vec<char> = code.chars().collect();
    let mut notices = Vec::new();
    let digits = |from: usize, to: usize| characters.get(from..to).is_some_and(|part| part.iter().all(char::is_ascii_digit));
    let alnum = |from: usize, to: usize| characters.get(from..to).is_some_and(|part| part.iter().all(char::is_ascii_alphanumeric));
    match characters.len() {
        17 | 18 => {
            let good = alnum(0, 4) && digits(4, 6) && alnum(6, 9) && digits(9, 13) && alnum(13, 14) && digits(14, characters.len());
            if !good {
                notices.push(CodeNotice::Form);
            } else if !year(&characters, 9, 13).is_some_and(|year| (1950..=year_now + 1).contains(&year)) {
                notices.push(CodeNotice::Year);
            }
        }
        20 => {
            if !digits(0, 20) {
                notices.push(CodeNotice::Form);
            } else if !year(&characters, 10, 14).is_some_and(|year| (1950..=year_now + 1).contains(&year)) {
                notices.push(CodeNotice::Year);
            }
        }
        found => notices.push(CodeNotice::Length { found }),
    }
    if let (Some(kind), Some(&found)) = (kind, characters.first())
        && kind != found
    {
        notices.push(CodeNotice::Kind { found });
    }
    notices
}

/// What is odd about a use registration certificate number (使用登记证编号). Odd is not wrong: older numbers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateNotice {
    /// Not of the form kind, two characters of the type, province, city, serial, year in brackets.
    Form,
    /// Its two characters are not those of the type code.
    Type {
        /// The characters that it names.
        found: [char; 2],
    },
}

/// A code with narrow round brackets, as in `梯11冀B00123(19)`.
#[must_use]
pub fn normalise_certificate(typed: &str) -> String {
    let narrow = |c: char| match c {
        '〔' | '[' | '【' => '(',
        '〕' | ']' | '】' => ')',
        other => other,
    };
    normalise_code(typed).chars().map(narrow).collect()
}

/// Looks a normalised certificate number over: `梯11冀B00123(19)`.
///
/// `type_code` is the one of the equipment, when it is known: its second and third characters stand in the number.
/// Source: domain notes on 使用登记证编号, after TSG 08—2017. 未核实 for the edition of 2026.
#[must_use]
pub fn look_over_certificate(number: &str, type_code: Option<&str>) -> Vec<CertificateNotice> {
    let characters: Vec<char> = number.chars().collect();
    let (Some((kind, rest)), Some(tail)) = (characters.split_first(), characters.len().checked_sub(4).and_then(|at| characters.get(at..)))
    else {
        return vec![CertificateNotice::Form];
    };
    let year = matches!(tail, ['(', a, b, ')'] if a.is_ascii_digit() && b.is_ascii_digit());
    let form = match rest {
        [a, b, province, city, serial @ ..] => {
            let serial = serial.get(..serial.len().saturating_sub(4)).unwrap_or_default();
            "锅容瓶管梯起索游车".contains(*kind)
                && a.is_ascii_alphanumeric()
                && b.is_ascii_alphanumeric()
                && !province.is_ascii()
                && city.is_ascii_uppercase()
                && (4..=6).contains(&serial.len())
                && serial.iter().all(char::is_ascii_alphanumeric)
                && serial.iter().skip(1).all(char::is_ascii_digit)
        }
        _ => false,
    };
    if !form || !year {
        return vec![CertificateNotice::Form];
    }
    let (Some(&a), Some(&b)) = (rest.first(), rest.get(1)) else { return Vec::new() };
    let same = type_code.is_none_or(|code| code.chars().skip(1).take(2).eq([a, b]));
    if same { Vec::new() } else { vec![CertificateNotice::Type { found: [a, b] }] }
}

fn year(characters: &[char], from: usize, to: usize) -> Option<i32> {
    characters.get(from..to)?.iter().collect::<String>().parse().ok()
}

/// The type code (品种代码, four characters) that an equipment code begins with, when the code has the usual form.
#[must_use]
pub fn type_code_of(code: &str) -> Option<String> {
    let characters: Vec<char> = code.chars().collect();
    let usual = matches!(characters.len(), 17 | 18 | 20) && characters.iter().take(4).all(char::is_ascii_alphanumeric);
    usual.then(|| characters.iter().take(4).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_forms_seen_on_plates() {
        for code in ["215010890201500098", "31102301020150098", "31103506002016053337"] {
            assert_eq!(look_over_code(code, code.chars().next(), 2026), [], "{code}");
        }
        assert_eq!(look_over_code("4D1010123202000007", Some('4'), 2026), []);
        assert_eq!(type_code_of("4D1010123202000007").as_deref(), Some("4D10"));
    }

    #[test]
    fn names_what_is_odd() {
        assert_eq!(look_over_code("3110", Some('3'), 2026), [CodeNotice::Length { found: 4 }]);
        assert_eq!(look_over_code("311023010A0150098", Some('3'), 2026), [CodeNotice::Form]);
        assert_eq!(look_over_code("31102301028150098", Some('3'), 2026), [CodeNotice::Year]);
        assert_eq!(look_over_code("215010890201500098", Some('3'), 2026), [CodeNotice::Kind { found: '2' }]);
        assert_eq!(normalise_code(" ３１１０ 2301 "), "31102301");
        assert_eq!(type_code_of("梯"), None);
    }

    #[test]
    fn looks_certificates_over() {
        for number in ["梯11闽E3622(16)", "梯11冀B00123(19)", "容15鲁A01234(21)", "起17冀B00007(24)", "车11冀BA0007(24)"] {
            assert_eq!(look_over_certificate(number, None), [], "{number}");
        }
        assert_eq!(normalise_certificate(" 梯11冀b00123（19） "), "梯11冀B00123(19)");
        for number in
            ["", "梯", "梯11冀B00123", "梯11冀B123(19)", "桥11冀B00123(19)", "梯11JB00123(19)", "梯1冀B00123(19)", "(19)", "梯11冀B(19)"]
        {
            assert_eq!(look_over_certificate(number, None), [CertificateNotice::Form], "{number}");
        }
        assert_eq!(look_over_certificate("梯11冀B00123(19)", Some("3110")), []);
        assert_eq!(look_over_certificate("梯11冀B00123(19)", Some("3210")), [CertificateNotice::Type { found: ['1', '1'] }]);
    }
}
