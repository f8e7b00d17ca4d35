//! Names and codes of kinds and types of equipment, out of the code table of the content.

use serde_json::Value;

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
}

impl Vocabulary {
    /// Reads the content file `codes/equipment-types.json`. What is not understood is left out.
    #[must_use]
    pub fn read(table: &Value) -> Self {
        let mut all = Self::default();
        let mut classes = Vec::new();
        for kind in list(table, "kinds") {
            all.kinds.extend(term(kind));
            for class in list(kind, "classes") {
                classes.extend(term(class));
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
        find(&self.kinds, text).or_else(|| self.kinds.iter().find(by_letter))
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

    /// All kinds, in the order of the table.
    #[must_use]
    pub fn kinds(&self) -> &[Term] {
        &self.kinds
    }
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn term(value: &Value) -> Option<Term> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    Some(Term { code: text("code")?, zh: text("zh")?, en: text("en").unwrap_or_default() })
}

fn find<'a>(terms: &'a [Term], text: &str) -> Option<&'a Term> {
    let text = text.trim();
    let exact = |term: &&Term| term.code.eq_ignore_ascii_case(text) || term.zh == text || term.en.eq_ignore_ascii_case(text);
    terms.iter().find(exact).or_else(|| {
        // `3110 曳引驱动乘客电梯`, as some files write both.
        let first = text.split(|c: char| c.is_whitespace() || c == '-' || c == '/').next().filter(|first| first.chars().count() == 4)?;
        terms.iter().find(|term| term.code.eq_ignore_ascii_case(first))
    })
}
