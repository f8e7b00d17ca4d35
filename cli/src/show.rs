//! `spotcheck show`: records for people to read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spotcheck::bundle::Event;
use spotcheck::domain::change::{Entry, Sha256};
use spotcheck::domain::id::RecordId;
use spotcheck::domain::journal::{Journal, State};
use spotcheck::evidence::seal::verify_seals;

use crate::file::{self, FileError};
use crate::text::{clean, field, print};
use crate::verify::bad;
use crate::words::Lang;

/// The records of several files, each record's parts united.
pub type Records = BTreeMap<RecordId, Journal>;

/// Checks all files and collects their records, with the digest of each file's seal. Nothing comes back unless all are good.
pub fn load(files: &[PathBuf]) -> Result<(Records, Vec<Sha256>), (&Path, FileError)> {
    let (mut records, mut digests) = (Records::new(), Vec::new());
    for path in files {
        let mut journals = Vec::new();
        let verified = file::read(path, |event| {
            if let Event::Record(record) = event {
                journals.push(record.journal);
            }
            Ok(())
        })
        .map_err(|error| (path.as_path(), error))?;
        digests.push(verified.seal.digest);
        for journal in journals {
            let kept = records.entry(journal.record().clone()).or_insert_with(|| Journal::new(journal.record().clone()));
            // The entry was made for this very record.
            let _ = kept.merge(&journal);
        }
    }
    Ok((records, digests))
}

/// Prints the records, or one of them.
pub fn run(files: &[PathBuf], only: Option<&RecordId>, json: bool, lang: Lang) -> u8 {
    let (records, _) = match load(files) {
        Ok(loaded) => loaded,
        Err((path, error)) => {
            eprint!("{}", bad(path, &error, lang));
            return error.code();
        }
    };
    let chosen: Vec<&Journal> = records.values().filter(|journal| only.is_none_or(|id| id == journal.record())).collect();
    if let (Some(id), true) = (only, chosen.is_empty()) {
        eprintln!("spotcheck: {} {id}", lang.pick("没有记录", "no record"));
        return 2;
    }
    if json {
        let states: Vec<Value> =
            chosen.iter().map(|journal| json!({ "id": journal.record(), "state": journal.fold().to_json() })).collect();
        let one_or_all = if only.is_some() { states.into_iter().next().unwrap_or_default() } else { Value::Array(states) };
        return print(&format!("{one_or_all:#}\n"));
    }
    chosen.into_iter().map(|journal| print(&page(journal, lang))).max().unwrap_or_default()
}

fn page(journal: &Journal, lang: Lang) -> String {
    let state = journal.fold();
    let kind = clean(state.text("kind").unwrap_or_default());
    let mut page = format!("{} {} · {kind}\n", lang.pick("记录", "record"), journal.record());
    for (title_zh, title_en, prefix) in
        [("单位", "unit", "unit"), ("设备", "equipment", "equipment"), ("检查人员", "inspectors", "inspectors")]
    {
        page += &section(&state, lang.pick(title_zh, title_en), prefix);
    }
    page += &answers(&state, lang);
    page += &section(&state, lang.pick("结论", "conclusion"), "conclusion");
    page += &photos(&state, lang);
    page += &signatures(&state, lang);
    page += &seals(journal, lang);
    page += &conflicts(&state, lang);
    page += &history(journal, lang);
    page + "\n"
}

/// A value as one line of text.
fn brief(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cut: String = text.chars().take(200).collect();
    clean(&if cut.len() < text.len() { format!("{cut}…") } else { cut })
}

fn section(state: &State, title: &str, prefix: &str) -> String {
    let lines: String = state.under(prefix).map(|(name, cell)| field(name, &(brief(&cell.value) + mark(cell.amended)))).collect();
    if lines.is_empty() { lines } else { format!("{title}\n{lines}") }
}

/// What stands behind a value that was changed after the seal. One sign for both languages.
fn mark(amended: bool) -> &'static str {
    if amended { " [*]" } else { "" }
}

/// The answers, item by item, in the order of the checklist that the record carries.
fn answers(state: &State, lang: Lang) -> String {
    let mut by_item: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for (rest, cell) in state.under("answers") {
        if let Some((item, name)) = rest.split_once('/') {
            by_item.entry(item).or_default().push((name, brief(&cell.value) + mark(cell.amended)));
        }
    }
    let checklist = state.get("checklist").cloned().unwrap_or_default();
    let text = |value: &Value, name: &str| {
        let chosen = value.get(format!("{name}_{}", lang.pick("zh", "en"))).or_else(|| value.get(format!("{name}_zh")));
        clean(chosen.and_then(Value::as_str).unwrap_or_default())
    };
    let mut page = String::new();
    if checklist.is_object() {
        let version = checklist.get("version").map(brief).unwrap_or_default();
        page += &format!("{} {} ({version})\n", lang.pick("检查表", "checklist"), text(&checklist, "title"));
    }
    let mut last_section = String::new();
    for item in checklist.get("items").and_then(Value::as_array).into_iter().flatten() {
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let Some(lines) = by_item.remove(id) else { continue };
        let section = text(item, "section");
        if section != last_section {
            page += &format!("{section}\n");
            last_section = section;
        }
        page += &answer(id, &text(item, "text"), lines);
    }
    // Answers to items that the checklist does not have, or without any checklist.
    page + &by_item.into_iter().map(|(id, lines)| answer(id, "", lines)).collect::<String>()
}

fn answer(id: &str, text: &str, lines: Vec<(&str, String)>) -> String {
    let lines: String = lines.into_iter().map(|(name, value)| field(&format!("  {name}"), &value)).collect();
    format!("  {} {text}\n{lines}", clean(id))
}

fn photos(state: &State, lang: Lang) -> String {
    let lines: String = state
        .under("photos")
        .filter(|(name, _)| !name.contains('/'))
        .map(|(id, cell)| {
            let part = |name: &str| cell.value.get(name).map(brief).unwrap_or_default();
            let gone = state.get(&format!("photos/{id}/deleted")) == Some(&Value::Bool(true));
            let gone = if gone { lang.pick("（已删除）", " (deleted)") } else { "" };
            let caption = state.text(&format!("photos/{id}/caption")).map(clean).unwrap_or_default();
            let source = [part("item"), part("source"), part("taken_at"), caption].join(" ");
            format!("  {} {}{gone}{}\n", part("sha256"), source.split_whitespace().collect::<Vec<_>>().join(" "), mark(cell.amended))
        })
        .collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("照片", "photos")) }
}

fn signatures(state: &State, lang: Lang) -> String {
    let line = |(role, cell): (&str, &spotcheck::domain::journal::Cell)| {
        let name = cell.value.get("name").map(brief).unwrap_or_default();
        field(role, &format!("{name} {}{}", cell.at.instant().rfc3339(), mark(cell.amended)))
    };
    let lines: String = state.under("signatures").map(line).collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("签字", "signatures")) }
}

fn seals(journal: &Journal, lang: Lang) -> String {
    let lines: String = verify_seals(journal)
        .into_iter()
        .map(|(path, verdict)| match verdict {
            Ok(seal) => field(&path, &format!("{} {} (Ed25519)", lang.pick("成立", "holds"), seal.key.device())),
            Err(fault) => field(&path, &fault.to_string()),
        })
        .collect();
    let none = || format!("  {}\n", lang.pick("尚未签封", "not sealed"));
    format!("{}\n{}", lang.pick("签封", "seals"), if lines.is_empty() { none() } else { lines })
}

fn conflicts(state: &State, lang: Lang) -> String {
    let line = |conflict: &spotcheck::domain::journal::Conflict| {
        let others: Vec<String> =
            conflict.unseen.iter().map(|entry| format!("{} ({})", brief(&entry.change.value), clean(&entry.change.by))).collect();
        field(conflict.path.as_str(), &format!("{} ≠ {}", brief(&conflict.kept.change.value), others.join(", ")))
    };
    let lines: String = state.conflicts().iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("冲突", "conflicts")) }
}

fn history(journal: &Journal, lang: Lang) -> String {
    let amended = amendments(journal);
    let line = |entry: &&Entry| {
        let change = &entry.change;
        let when = change.at.instant().local(change.clock.offset_min).format("%Y-%m-%d %H:%M:%S %:z").to_string();
        let reason = change.reason.as_deref().map(|reason| format!(" — {}", clean(reason))).unwrap_or_default();
        let late = if amended.contains(&entry.hash) { lang.pick(" [*补正]", " [*amendment]") } else { "" };
        let value: String = brief(&change.value).chars().take(60).collect();
        format!("  {when}  {} {}#{}  {} = {value}{late}{reason}\n", clean(&change.by), change.device, change.seq, change.path)
    };
    let lines: String = journal.timeline().iter().map(line).collect();
    format!("{}\n{lines}", lang.pick("历史", "history"))
}

/// The changes after the first seal.
pub fn amendments(journal: &Journal) -> std::collections::BTreeSet<Sha256> {
    let Some((_, Ok(first))) = verify_seals(journal).into_iter().next() else {
        return std::collections::BTreeSet::new();
    };
    let later = |entry: &&Entry| first.heads.get(&entry.change.device).is_none_or(|head| entry.change.seq > head.seq);
    let changes = journal.entries().filter(later).filter(|entry| !spotcheck::domain::journal::is_seal_path(&entry.change.path));
    changes.map(|entry| entry.hash).collect()
}
