//! Rules for what consumers read.

use std::collections::BTreeSet;

use serde_json::Value;
use spotcheck::notice::Notice;

use super::content::{Content, array, text, texts};

/// The program reads them, the index names each, what rests on a law says on which and whether it was read, and advice of
/// common sense names none.
pub fn readable(content: &Content) -> Vec<String> {
    let laws = array(content.file("basis.json"), "basis");
    let read: BTreeSet<&str> = laws.iter().filter(|law| text(law, "checked") == "source").map(|law| text(law, "id")).collect();
    let listed: BTreeSet<&str> = texts(content.file("notices/index.json"), "files").into_iter().collect();
    let mut faults = Vec::new();
    let mut there = BTreeSet::new();
    for (path, file) in content.files.iter().filter(|(path, _)| path.starts_with("notices/") && *path != "notices/index.json") {
        let name = path.trim_start_matches("notices/").trim_end_matches(".json");
        there.insert(name);
        let mut say = |problem: String| faults.push(format!("{name}: {problem}"));
        match Notice::read(file) {
            Ok(notice) if notice.id != name => say(format!("id {}", notice.id)),
            Ok(_) => {}
            Err(error) => say(error.to_string()),
        }
        let basis = array(file, "basis");
        let open = |one: &Value| one.get("verify") == Some(&Value::Bool(true));
        for one in basis {
            if !laws.iter().any(|law| text(law, "id") == text(one, "ref")) {
                say(format!("no law {}", text(one, "ref")));
            } else if !open(one) && !read.contains(text(one, "ref")) {
                say(format!("{} was not read", text(one, "ref")));
            }
        }
        if file.get("verified") == Some(&Value::Bool(true)) && basis.iter().any(open) {
            say("verified by what is not".to_owned());
        }
        if basis.is_empty() != (file.get("advice") == Some(&Value::Bool(true))) {
            say("advice rests on no law, and everything else on one".to_owned());
        }
    }
    faults.extend(there.symmetric_difference(&listed).map(|name| format!("{name}: in the index or in the folder alone")));
    faults
}
