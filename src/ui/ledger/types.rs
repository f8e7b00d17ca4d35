//! Names of kinds and types of equipment, from `codes/equipment-types.json`.

use serde_json::Value;

use crate::domain::content::Lang;
use crate::ui::content;

/// A kind, class or type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeName {
    /// Code of four characters.
    pub code: String,
    /// Name.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// 0 for a kind (种类), 1 for a class (类别), 2 for a type (品种).
    pub level: u8,
}

/// All of them, each kind before its classes, each class before its types.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TypeNames(pub Vec<TypeName>);

impl TypeNames {
    /// Reads the table; empty when it can't be fetched.
    pub async fn load() -> Self {
        let Ok(value) = content::json("codes/equipment-types.json").await else { return Self::default() };
        let mut names = Vec::new();
        for kind in list(&value, "kinds") {
            names.extend(name(kind, 0));
            for class in list(kind, "classes") {
                names.extend(name(class, 1));
                names.extend(list(class, "types").iter().filter_map(|one| name(one, 2)));
            }
        }
        Self(names)
    }

    /// The name of a code; of its class or kind where the code itself is unknown; the code where nothing is known.
    #[must_use]
    pub fn name<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        let known = |code: &str| self.0.iter().find(|one| one.code == code);
        let of = |digits: usize| code.get(..digits).map(|start| format!("{start:0<4}")).and_then(|code| known(&code));
        known(code).or_else(|| of(2)).or_else(|| of(1)).map_or(code, |one| lang.pick(&one.zh, &one.en))
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn name(value: &Value, level: u8) -> Option<TypeName> {
    let text = |field: &str| value.get(field)?.as_str().map(str::to_owned);
    Some(TypeName { code: text("code")?, zh: text("zh")?, en: text("en")?, level })
}
