//! Rules for texts.

use serde_json::Value;

use super::content::{Content, array, text};

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// What is told of a pair: its place, Chinese, English.
type Found<'a> = dyn FnMut(&str, Option<&str>, Option<&str>) + 'a;

/// Calls with every pair of a Chinese and an English text, and where it stands.
fn pairs(place: &str, value: &Value, found: &mut Found<'_>) {
    match value {
        Value::Object(object) => {
            for key in object.keys() {
                let base = key.strip_suffix("zh").or_else(|| key.strip_suffix("en")).filter(|base| base.is_empty() || base.ends_with('_'));
                if let Some(base) = base {
                    let of = |lang: &str| object.get(&format!("{base}{lang}")).and_then(Value::as_str);
                    found(&format!("{place}/{base}"), of("zh"), of("en"));
                }
            }
            for (key, value) in object {
                pairs(&format!("{place}/{key}"), value, found);
            }
        }
        Value::Array(array) => {
            for (index, value) in array.iter().enumerate() {
                let name = ["id", "code"].iter().map(|key| text(value, key)).find(|name| !name.is_empty());
                pairs(&name.map_or_else(|| format!("{place}/{index}"), |name| format!("{place}/{name}")), value, found);
            }
        }
        _ => {}
    }
}

/// Both languages, each in its own script.
pub fn languages(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, value) in content.files.iter().filter(|(path, _)| !path.starts_with("schema/")) {
        pairs(path, value, &mut |place, zh, en| match (zh, en) {
            (Some(zh), Some(en)) if zh.trim().is_empty() || en.trim().is_empty() => faults.push(format!("{place}: empty")),
            (Some(zh), Some(en)) => {
                if en.chars().any(is_han) {
                    faults.push(format!("{place}: Chinese in the English text {en}"));
                }
                // Values with a unit are the same in both.
                if !zh.chars().any(is_han) && zh.replace(' ', "") != en.replace(' ', "") {
                    faults.push(format!("{place}: no Chinese in {zh}"));
                }
            }
            _ => faults.push(format!("{place}: a language is missing")),
        });
    }
    faults
}

/// Chinese texts have Chinese punctuation.
pub fn punctuation(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, value) in content.files.iter().filter(|(path, _)| !path.starts_with("schema/") && *path != "basis.json") {
        pairs(path, value, &mut |place, zh, _| {
            let zh: Vec<char> = zh.unwrap_or_default().chars().collect();
            let beside_han = |at: usize| at > 0 && is_han(zh[at - 1]) || zh.get(at + 1).copied().is_some_and(is_han);
            if zh.iter().enumerate().any(|(at, c)| ",;:?!()".contains(*c) && beside_han(at)) {
                faults.push(format!("{place}: Western punctuation in {}", zh.iter().collect::<String>()));
            }
        });
    }
    faults
}

/// Short enough for a phone.
pub fn length(content: &Content) -> Vec<String> {
    let limits = [("text_zh", 40), ("how_zh", 60), ("section_zh", 12), ("text_en", 140), ("how_en", 160)];
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        for (key, limit) in limits {
            let length = text(item, key).chars().count();
            if length > limit {
                faults.push(format!("{} {key}: {length} characters, at most {limit}", text(item, "id")));
            }
        }
    }
    faults
}

/// Every item has ready sentences; what is left open is `___`, as often in both languages.
pub fn phrases(content: &Content) -> Vec<String> {
    let mut faults = Vec::new();
    for (_, item) in content.items() {
        let id = text(item, "id");
        let phrases = array(item, "phrases");
        if phrases.is_empty() {
            faults.push(format!("{id}: no phrase"));
        }
        for (index, phrase) in phrases.iter().enumerate() {
            let mut say = |problem: String| faults.push(format!("{id} phrase {index}: {problem}"));
            for key in ["zh", "en", "measure_zh", "measure_en"] {
                let sentence = text(phrase, key);
                if sentence.trim().is_empty() {
                    say(format!("no {key}"));
                }
                if let Some(sign) =
                    ["{", "}", "<", ">", "[", "]", "XX", "xx", "某", "TODO", "××", "……"].iter().find(|sign| sentence.contains(**sign))
                {
                    say(format!("{sign} is left in {key}"));
                }
                if sentence.split(|c| c != '_').any(|run| run.len() == 1) {
                    say(format!("a blank of one line in {key}"));
                }
                if sentence.ends_with(['。', '.']) {
                    say(format!("{key} ends with a full stop"));
                }
            }
            for (zh, en) in [("zh", "en"), ("measure_zh", "measure_en")] {
                let blanks = |key: &str| text(phrase, key).split(|c| c != '_').filter(|run| !run.is_empty()).count();
                if blanks(zh) != blanks(en) {
                    say(format!("{} blanks in {zh}, {} in {en}", blanks(zh), blanks(en)));
                }
            }
        }
    }
    faults
}
