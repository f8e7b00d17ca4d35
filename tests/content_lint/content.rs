//! The shipped content, as it lies in `public/content`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// Every JSON file, by its path below `public/content`.
pub struct Content {
    pub files: BTreeMap<String, Value>,
}

impl Content {
    pub fn load() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content");
        let mut files = BTreeMap::new();
        read_folder(&root, "", &mut files);
        Self { files }
    }

    pub fn file(&self, path: &str) -> &Value {
        self.files.get(path).unwrap_or_else(|| panic!("no {path}"))
    }

    /// Puts a value at a place; takes the place away for null.
    pub fn put(&mut self, path: &str, pointer: &str, value: Value) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = self.files.get_mut(path).unwrap().pointer_mut(parent).unwrap_or_else(|| panic!("no {path}{pointer}"));
        match (parent, value) {
            (Value::Object(object), Value::Null) => drop(object.remove(key)),
            (Value::Object(object), value) => drop(object.insert(key.to_owned(), value)),
            (Value::Array(array), Value::Null) => drop(array.remove(key.parse().unwrap())),
            (Value::Array(array), value) => array[key.parse::<usize>().unwrap()] = value,
            _ => panic!("{pointer} is below neither a list nor an object"),
        }
    }

    /// The checklists, by the name of their file without its ending.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.files.iter().filter_map(|(path, value)| {
            let name = path.strip_prefix("checklists/")?.strip_suffix(".json")?;
            (name != "index").then_some((name, value))
        })
    }

    /// The items of all checklists, retired ones too.
    pub fn items(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.lists().flat_map(|(name, list)| array(list, "items").iter().map(move |item| (name, item)))
    }

    /// The codes of a table with rows or items.
    pub fn codes(&self, table: &str) -> Vec<&str> {
        let table = self.file(&format!("codes/{table}.json"));
        ["rows", "items"].iter().flat_map(|key| array(table, key)).map(|row| text(row, "code")).collect()
    }

    /// The finer kinds of all goods.
    pub fn sub_kinds(&self) -> Vec<&str> {
        let rows = array(self.file("codes/goods-kinds.json"), "rows").iter();
        rows.flat_map(|row| array(row, "subs")).map(|row| text(row, "code")).collect()
    }

    /// Every code of a kind, class or type of equipment.
    pub fn type_codes(&self) -> Vec<&str> {
        let mut codes = Vec::new();
        for kind in array(self.file("codes/equipment-types.json"), "kinds") {
            codes.push(text(kind, "code"));
            for class in array(kind, "classes") {
                codes.push(text(class, "code"));
                codes.extend(array(class, "types").iter().map(|row| text(row, "code")));
            }
        }
        codes
    }

    /// Whether some type code begins so.
    pub fn is_type_prefix(&self, prefix: &str) -> bool {
        !prefix.is_empty() && self.type_codes().iter().any(|code| code.starts_with(prefix))
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Value>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files);
        } else if name.ends_with(".json") {
            let bytes = std::fs::read(entry.path()).unwrap();
            files.insert(name.clone(), serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}")));
        }
    }
}

/// The list at a key; empty when there is none.
pub fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The text at a key; empty when there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of the list at a key.
pub fn texts<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    array(value, key).iter().filter_map(Value::as_str).collect()
}

/// Whether it is no longer asked.
pub fn is_retired(item: &Value) -> bool {
    item.get("retired") == Some(&Value::Bool(true))
}
