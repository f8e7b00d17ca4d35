//! Names and codes of kinds and types of equipment, out of the code table of the content.

use serde_json::Value;

use crate::domain::uscc::half_width;

/// A kind, class or type of equipment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// Code of four characters, such as `3000`, `3100` or `3110`.
    pub code: String,
    /// Name.
    pub zh: String,
    /// Name in English.
    pub en: String,
}

/// The names of equipment, as files call them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Vocabulary {
    kinds: Vec<Term>,
    /// Types before the classes that they belong to: the narrower term is found first.
    types: Vec<Term>,
    /// Beginnings of type codes whose certificates cover all pieces of a unit.
    covering_unit: Vec<String>,
}

impl Vocabulary {
    /// Reads the content file `codes/equipment-types.json`. What is not understood is left out.
    #[must_use]
    pub fn read(table: &Value) -> Self {
        let mut all = Self::default();
        let mut classes = Vec::new();
        for kind in list(table, "kinds") {
            all.kinds.extend(term(kind));
            all.covering_unit.extend(covering_unit(kind));
            for class in list(kind, "classes") {
                classes.extend(term(class));
                all.covering_unit.extend(covering_unit(class));
                all.types.extend(list(class, "types").filter_map(term));
            }
        }
        all.types.append(&mut classes);
        all
    }

    /// The kind that a text names or gives the code of: `电梯`, `3000`, `3`.
    #[must_use]
    pub fn kind(&self, text: &str) -> Option<&Term> {
        let by_letter = |term: &&Term| text.chars().count() == 1 && term.code.starts_with(text);
        find(&self.kinds, text).or_else(|| self.kinds.iter().find(by_letter)).or_else(|| near(&self.kinds, text))
    }

    /// The type or class that a text names or gives the code of.
    #[must_use]
    pub fn type_or_class(&self, text: &str) -> Option<&Term> {
        find(&self.types, text).or_else(|| find(&self.kinds, text))
    }

    /// The kind that a type code belongs to.
    #[must_use]
    pub fn kind_of(&self, type_code: &str) -> Option<&Term> {
        let letter = type_code.chars().next()?;
        self.kinds.iter().find(|term| term.code.starts_with(letter))
    }

    /// Whether a certificate covers all pieces of this type that a unit has, so that several have one number.
    #[must_use]
    pub fn certificate_covers_unit(&self, type_code: &str) -> bool {
        self.covering_unit.iter().any(|beginning| type_code.starts_with(beginning.as_str()))
    }

    /// All kinds, in the order of the table.
    #[must_use]
    pub fn kinds(&self) -> &[Term] {
        &self.kinds
    }
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

/// The beginning of the codes below a kind or class that says so: `8` of `8000`, `23` of `2300`.
fn covering_unit(value: &Value) -> Option<String> {
    let covers = value.get("certificate_covers")?.get("what")?.as_str()? == "unit";
    let code = value.get("code")?.as_str()?.trim_end_matches('0');
    (covers && !code.is_empty()).then(|| code.to_owned())
}

fn term(value: &Value) -> Option<Term> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    Some(Term { code: text("code")?, zh: text("zh")?, en: text("en").unwrap_or_default() })
}

fn find<'a>(terms: &'a [Term], text: &str) -> Option<&'a Term> {
    let text = plain(text);
    let exact = |term: &&Term| [&term.code, &term.zh, &term.en].iter().any(|name| plain(name) == text);
    terms.iter().find(exact).or_else(|| {
        // `3110 曳引驱动乘客电梯`, as some files write both.
        let first = text.split(|c: char| c.is_whitespace() || c == '-' || c == '/').next().filter(|first| first.chars().count() == 4)?;
        terms.iter().find(|term| plain(&term.code) == first)
    })
}

/// The one term whose name a text is a part of, or that is a part of the text: `游乐设施`, `厂内专用机动车辆`.
fn near<'a>(terms: &'a [Term], text: &str) -> Option<&'a Term> {
    let text: String = plain(text).chars().filter(|c| !matches!(c, '(' | ')')).collect();
    if text.chars().count() < 2 || text.is_ascii() {
        return None;
    }
    let means = |term: &&Term| {
        let name = plain(&term.zh);
        let (mut whole, mut outside, mut last) = (String::new(), String::new(), String::new());
        let mut inside = false;
        for character in name.chars() {
            match character {
                '(' => inside = true,
                ')' => inside = false,
                other => {
                    whole.push(other);
                    if inside {
                        // `场(厂)内…` stands for `场内…` and `厂内…`.
                        last.pop();
                        last.push(other);
                    } else {
                        outside.push(other);
                        last.push(other);
                    }
                }
            }
        }
        [whole, outside, last].iter().any(|name| name.contains(&text) || text.contains(name.as_str()))
    };
    let mut found = terms.iter().filter(means);
    found.next().filter(|_| found.next().is_none())
}

/// Narrow, small letters, without white space at the ends.
fn plain(text: &str) -> String {
    text.trim().chars().map(half_width).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_kinds_by_the_names_in_use() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/public/content/codes/equipment-types.json");
        let table = serde_json::from_slice(&std::fs::read(path).expect("part of the project")).expect("JSON");
        let vocabulary = Vocabulary::read(&table);
        for (text, code) in [
            ("电梯", "3000"),
            ("3000", "3000"),
            ("5", "5000"),
            ("场（厂）内专用机动车辆", "5000"),
            ("场(厂)内专用机动车辆", "5000"),
            ("厂内专用机动车辆", "5000"),
            ("场内专用机动车辆", "5000"),
            ("游乐设施", "6000"),
            ("客运索道", "9000"),
            ("锅炉设备", "1000"),
        ] {
            assert_eq!(vocabulary.kind(text).map(|term| term.code.as_str()), Some(code), "{text}");
        }
        for text in ["压力", "", "车", "汽车", "压力容器和压力管道"] {
            assert_eq!(vocabulary.kind(text), None, "{text}");
        }
        for term in vocabulary.kinds() {
            for text in [&term.code, &term.zh, &term.en] {
                assert_eq!(vocabulary.kind(text), Some(term), "{text}");
            }
        }
    }
}
