//! pyxform's reading of forms, and ours in the same shape.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value, json};
use spotcheck_sheets::xlsform::{Entry, Form, Kind, Texts, Type, is_dynamic};

/// The Python that `cargo xtask setup` has given pyxform to. A missing one is a failure: nothing is skipped.
fn python() -> PathBuf {
    let cached = || {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = cache.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))?;
        Some(cache.join("spotcheck/tools/pyxform/bin/python3"))
    };
    let python = env::var_os("SPOTCHECK_PYTHON").map(PathBuf::from).or_else(cached);
    python.filter(|path| path.is_file()).expect("pyxform is not there: run `cargo xtask setup` first")
}

/// What pyxform says of each file; `{"error": …}` where it refuses one.
pub fn read(files: &[PathBuf]) -> Vec<Value> {
    let out = Command::new(python()).args(["-c", include_str!("../pyxform_read.py")]).args(files).output().expect("Python runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let mut answers: Map<String, Value> = serde_json::from_slice(&out.stdout).expect("JSON");
    files.iter().map(|file| answers.remove(file.to_str().expect("a plain path")).expect("an answer for each file")).collect()
}

/// Writes files into a folder of the build.
pub fn write_files(folder: &str, files: &[(String, Vec<u8>)]) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&folder).expect("a folder");
    let write = |(name, bytes): &(String, Vec<u8>)| {
        let path = folder.join(format!("{name}.xlsx"));
        fs::write(&path, bytes).expect("writes");
        path
    };
    files.iter().map(write).collect()
}

/// Our form as `pyxform_read.py` prints pyxform's.
pub fn shape(form: &Form) -> Value {
    let language = if form.settings.default_language.is_empty() { "default" } else { &form.settings.default_language };
    let path = |entry: &Entry| {
        let mut names: Vec<&str> = form.around(entry).map(|(_, entry)| entry.name.as_str()).collect();
        names.reverse();
        names.push(&entry.name);
        names.join("/")
    };
    let choice = |choice: &spotcheck_sheets::xlsform::Choice| json!({"name": choice.value, "label": texts(&choice.label, language), "columns": choice.columns});
    let lists: Map<String, Value> =
        form.lists.iter().map(|list| (list.name.clone(), list.choices.iter().map(choice).collect::<Value>())).collect();
    json!({
        "title": form.settings.title,
        "id": form.settings.form_id,
        "version": form.settings.version,
        "language": language,
        "nodes": form.entries.iter().map(|entry| node(entry, &path(entry), language)).collect::<Value>(),
        "lists": lists,
    })
}

fn node(entry: &Entry, path: &str, language: &str) -> Value {
    let (control, bind) = control(&entry.kind);
    let media: Map<String, Value> = entry.media.iter().map(|(kind, names)| (kind.clone(), texts(names, language))).collect();
    json!({
        "path": path,
        "control": control,
        "bind": bind,
        "label": texts(&entry.label, language),
        "hint": texts(&entry.hint, language),
        "guidance": texts(&entry.guidance, language),
        "relevant": entry.relevant,
        "constraint": entry.constraint,
        "required": entry.required,
        "calculate": entry.calculation,
        "readonly": entry.read_only,
        "constraint_message": texts(&entry.constraint_message, language),
        "required_message": texts(&entry.required_message, language),
        "appearance": entry.appearance,
        "count": entry.repeat_count,
        "default": entry.default,
        "dynamic": entry.default.as_deref().is_some_and(is_dynamic),
        "list": if let Kind::Question(kind) = &entry.kind { kind.list() } else { None },
        "filter": entry.choice_filter,
        "media": media,
    })
}

/// Curly quotes stay in our words for people; pyxform makes straight ones of them.
fn texts(texts: &Texts, language: &str) -> Value {
    let straight = |text: &str| text.replace(['‘', '’'], "'").replace(['“', '”'], "\"");
    let named = |name: &str| if name.is_empty() { language.to_owned() } else { name.to_owned() };
    texts.0.iter().map(|(name, text)| (named(name), Value::String(straight(text)))).collect::<Map<_, _>>().into()
}

/// The control and the type of value by which the standard for forms knows a type.
fn control(kind: &Kind) -> (&'static str, &'static str) {
    let kind = match kind {
        Kind::Group => return ("group", ""),
        Kind::Repeat => return ("repeat", ""),
        Kind::Question(kind) => kind,
    };
    match kind {
        Type::Text | Type::Note => ("input", "string"),
        Type::Integer => ("input", "int"),
        Type::Decimal => ("input", "decimal"),
        Type::Range { start, end, step } => ("range", if [start, end, step].iter().all(|n| n.fract() == 0.0) { "int" } else { "decimal" }),
        Type::Date => ("input", "date"),
        Type::Time => ("input", "time"),
        Type::DateTime => ("input", "dateTime"),
        Type::SelectOne(_) => ("select1", "string"),
        Type::SelectMultiple(_) => ("select", "string"),
        Type::Rank(_) => ("odk:rank", "odk:rank"),
        Type::Geopoint => ("input", "geopoint"),
        Type::Image => ("upload", "binary"),
        Type::Barcode => ("input", "barcode"),
        Type::Calculate | Type::Hidden => ("", "string"),
        Type::Acknowledge => ("trigger", "string"),
    }
}

/// Types of rows that we leave out, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("audio", "the app keeps photos and signatures as evidence, no sound"),
    ("video", "as audio"),
    ("file", "as audio"),
    ("geotrace", "no lines are drawn on a map"),
    ("geoshape", "no areas are drawn on a map"),
    ("xml-external", "files beside the form are not read"),
    ("csv-external", "files beside the form are not read"),
    ("start-geopoint", "positions are taken when they are asked for"),
    ("deviceid", "the record knows its device by its key"),
    ("username", "the inspector is part of the inspection"),
    ("phonenumber", "not a matter of a record"),
    ("email", "not a matter of a record"),
    ("simserial", "not a matter of a record"),
    ("start", "the journal knows when each answer was given"),
    ("end", "the journal knows when each answer was given"),
    ("today", "kept as a calculation, where it is referred to"),
];

/// Our form without what pyxform has under a type that we leave out: `today` is kept where somebody asks for it.
pub fn without_left_out(mut ours: Value, theirs: &Value) -> Value {
    let left_out = |path: &Value| {
        let theirs = theirs["nodes"].as_array().and_then(|nodes| nodes.iter().find(|node| node["path"] == *path));
        theirs.is_some_and(|node| is_left_out(&node["type"]))
    };
    ours["nodes"].as_array_mut().expect("nodes").retain(|node| !left_out(&node["path"]));
    ours
}

/// Choices that stand in a file beside the form.
fn is_from_a_file(list: &Value) -> bool {
    list.as_str().is_some_and(|list| list.ends_with(".csv"))
}

fn is_left_out(kind: &Value) -> bool {
    kind.as_str().is_some_and(|kind| LEFT_OUT.iter().any(|(left_out, _)| *left_out == kind))
}

/// pyxform's reading without what differs by intention.
pub fn aligned(mut theirs: Value) -> Value {
    let mut generated = Vec::new();
    let nodes = theirs["nodes"].as_array_mut().expect("nodes");
    let calculated: Vec<(String, Value)> =
        nodes.iter().map(|node| (node["path"].as_str().unwrap_or_default().to_owned(), node["calculate"].clone())).collect();
    for node in nodes.iter_mut() {
        let path = node["path"].as_str().unwrap_or_default().to_owned();
        // pyxform puts a computed count into a node of its own; here the repeat keeps its expression.
        let helper = format!("{path}_count");
        let name = helper.rsplit('/').next().unwrap_or_default();
        if node["count"] == json!(format!("${{{name}}}"))
            && let Some((_, calculate)) = calculated.iter().find(|(path, _)| *path == helper)
        {
            node["count"] = calculate.clone();
            generated.push(helper);
        }
        // A value that is computed and never shown is a calculation, whatever its type.
        let silent = node["label"] == json!({}) && node["hint"] == json!({});
        if silent && !node["calculate"].is_null() && node["type"] != "group" && node["type"] != "repeat" {
            node["control"] = json!("");
            node["bind"] = json!("string");
        }
        // `trigger` has no type of value in pyxform.
        if node["type"] == "trigger" {
            node["bind"] = json!("string");
        }
        if let Some(node) = node.as_object_mut() {
            node.remove("parameters");
        }
    }
    nodes.retain(|node| {
        let path = node["path"].as_str().unwrap_or_default();
        !generated.iter().any(|helper| helper == path) && !is_left_out(&node["type"]) && !is_from_a_file(&node["list"])
    });
    for node in nodes.iter_mut().filter_map(Value::as_object_mut) {
        node.remove("type");
    }
    if let Some(whole) = theirs.as_object_mut() {
        whole.remove("warnings");
    }
    without_other(theirs)
}

/// `or_other` adds words of its own: theirs are English, ours in the languages of the form. And what they show of a
/// relevance by path, we show by name.
pub fn without_other(mut form: Value) -> Value {
    for node in form["nodes"].as_array_mut().expect("nodes") {
        if node["path"].as_str().is_some_and(|path| path.ends_with("_other")) {
            node["label"] = json!({});
            node["relevant"] = json!("other");
        }
    }
    for list in form["lists"].as_object_mut().expect("lists").values_mut() {
        for choice in list.as_array_mut().expect("choices").iter_mut().filter(|choice| choice["name"] == "other") {
            choice["label"] = json!({});
        }
    }
    form
}

/// Where two values differ.
pub fn difference(ours: &Value, theirs: &Value) -> Option<String> {
    let mut lines = Vec::new();
    walk("", ours, theirs, &mut lines);
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn walk(path: &str, ours: &Value, theirs: &Value, lines: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let of = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                walk(&format!("{path}.{key}"), &of(a), &of(b), lines);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                walk(&format!("{path}[{index}]"), a, b, lines);
            }
        }
        _ if ours == theirs => {}
        _ => lines.push(format!("{path}: ours {ours}, theirs {theirs}")),
    }
}
