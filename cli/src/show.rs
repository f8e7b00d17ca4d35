//! `spotcheck show`: records for people to read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use spotcheck::bundle::Event;
use spotcheck::domain::change::{Entry, Sha256};
use spotcheck::domain::id::{DeviceId, RecordId};
use spotcheck::domain::inspection::{parse_key, subject_order};
use spotcheck::domain::journal::{Cell, Journal, State};
use spotcheck::evidence::seal::verify_seals;

use crate::file::{self, FileError};
use crate::labels::{Labels, brief_text, checklists};
use crate::text::{clean, field, print};
use crate::verify::bad;
use crate::words::{self, Lang};

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
    let forked = chosen.iter().any(|journal| !journal.forks().is_empty());
    chosen.into_iter().map(|journal| print(&page(journal, lang))).max().unwrap_or_default().max(u8::from(forked))
}

fn page(journal: &Journal, lang: Lang) -> String {
    let state = journal.fold();
    let labels = Labels::of(&state, lang);
    let kind = labels.code(state.text("kind").unwrap_or_default());
    let mut page = format!("{} {} · {kind}\n", lang.pick("记录", "record"), journal.record());
    page += &forks(journal, lang);
    page += &setting(&state, &labels);
    page += &section(&state, &labels, lang.pick("单位", "unit"), "unit");
    page += &section(&state, &labels, lang.pick("设备", "equipment"), "equipment");
    for number in subjects(&state) {
        page += &section(
            &state,
            &labels,
            &format!("{} {} {}", lang.pick("设备", "equipment"), subject_order(number).0, labels.subject(number)),
            &format!("subjects/{number}"),
        );
    }
    page += &section(&state, &labels, lang.pick("检查人员", "inspectors"), "inspectors");
    page += &answers(&state, &labels, lang);
    page += &section(&state, &labels, lang.pick("检查结论", "conclusion"), "conclusion");
    page += &photos(&state, lang);
    page += &signatures(&state, &labels, lang);
    page += &seals(journal, lang);
    page += &conflicts(&state, &labels, lang);
    page += &history(journal, &labels, lang);
    page + "\n"
}

/// The numbers of the equipment of a visit.
fn subjects(state: &State) -> Vec<u32> {
    let mut numbers: Vec<u32> = state.under("subjects").filter_map(|(rest, _)| rest.split('/').next()?.parse().ok()).collect();
    numbers.sort_unstable_by_key(|number| subject_order(*number));
    numbers.dedup();
    numbers
}

/// Numbers that two different changes claim, out of one file or of several.
fn forks(journal: &Journal, lang: Lang) -> String {
    let line = |(device, seq): (DeviceId, u64)| format!("  {}\n", words::fork(lang, journal.record(), &device, seq));
    journal.forks().into_iter().map(line).collect()
}

fn section(state: &State, labels: &Labels<'_>, title: &str, prefix: &str) -> String {
    let line = |(name, cell): (&str, &Cell)| {
        let path = format!("{prefix}/{name}");
        field(&labels.field(name), &(labels.value(&path, &cell.value) + mark(cell.amended)))
    };
    let lines: String = state.under(prefix).filter(|(name, _)| *name != "id").map(line).collect();
    if lines.is_empty() { lines } else { format!("{title}\n{lines}") }
}

/// What stands at the top of the record, outside of any group.
fn setting(state: &State, labels: &Labels<'_>) -> String {
    let places = [
        "bureau",
        "inspection_kind",
        "task_source",
        "approval_no",
        "approval/by",
        "approval/day",
        "approval/urgent",
        "frequency/count",
        "frequency/joint",
        "frequency/cap",
        "frequency/exclusion",
        "frequency/exception",
        "frequency/note",
        "started",
        "credentials_shown",
        "purpose_told",
        "rights_told",
        "attendant",
        "voided",
    ];
    let line =
        |path: &str| Some(field(&labels.field(path), &(labels.value(path, &state.cell(path)?.value) + mark(state.cell(path)?.amended))));
    places.into_iter().filter(|path| state.get(path).is_some()).filter_map(line).collect()
}

/// What stands behind a value that was changed after the seal. One sign for both languages.
fn mark(amended: bool) -> &'static str {
    if amended { " [*]" } else { "" }
}

/// The answers in the order of the checklists that the record carries: what is asked once of the unit, then each piece of
/// equipment.
fn answers(state: &State, labels: &Labels<'_>, lang: Lang) -> String {
    let mut by_key: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    for (rest, cell) in state.under("answers") {
        if let Some((key, name)) = rest.split_once('/') {
            let value = labels.value(&format!("answers/{key}/{name}"), &cell.value);
            by_key.entry(key).or_default().push((name, value + mark(cell.amended)));
        }
    }
    let lists = checklists(state);
    let mut page: String = lists.iter().filter(|list| list.is_object()).map(|list| list_title(list, lang)).collect();
    let numbers = subjects(state);
    let parts = std::iter::once(None).chain(numbers.iter().copied().map(Some));
    for part in parts {
        let mut answers = String::new();
        for list in &lists {
            answers += &of_list(list, part, &mut by_key, labels, lang);
        }
        if let (Some(number), false) = (part, answers.is_empty()) {
            page += &format!("{} {}\n", lang.pick("设备", "equipment"), labels.subject(number));
        } else if part.is_none() && !numbers.is_empty() && !answers.is_empty() {
            page += lang.pick("单位共性\n", "unit\n");
        }
        page += &answers;
    }
    // Answers to items that no checklist has, or without any checklist.
    page + &by_key.into_iter().map(|(key, lines)| answer(key, "", lines, labels)).collect::<String>()
}

/// One of the two texts of a checklist or an item.
fn text(value: &Value, name: &str, lang: Lang) -> String {
    let chosen = value.get(format!("{name}_{}", lang.pick("zh", "en"))).or_else(|| value.get(format!("{name}_zh")));
    clean(chosen.and_then(Value::as_str).unwrap_or_default())
}

fn list_title(list: &Value, lang: Lang) -> String {
    let version = list.get("version").and_then(Value::as_str).map(brief_text).unwrap_or_default();
    format!("{} {} ({version})\n", lang.pick("检查表", "checklist"), text(list, "title", lang))
}

/// The answers to the items of a list, of the unit or of one piece of equipment; what is shown is taken out of `by_key`.
fn of_list(list: &Value, part: Option<u32>, by_key: &mut BTreeMap<&str, Vec<(&str, String)>>, labels: &Labels<'_>, lang: Lang) -> String {
    let (mut page, mut last_section) = (String::new(), String::new());
    for item in list.get("items").and_then(Value::as_array).into_iter().flatten() {
        let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
        let is_of = |key: &&str| {
            let (known, subject, _) = parse_key(key);
            known == id && subject == part
        };
        let keys: Vec<&str> = by_key.keys().copied().filter(is_of).collect();
        for key in keys {
            let section = text(item, "section", lang);
            if section != last_section {
                page += &format!("{section}\n");
                last_section = section;
            }
            page += &answer(key, &text(item, "text", lang), by_key.remove(key).unwrap_or_default(), labels);
        }
    }
    page
}

fn answer(key: &str, text: &str, lines: Vec<(&str, String)>, labels: &Labels<'_>) -> String {
    let lines: String = lines.into_iter().map(|(name, value)| field(&format!("  {}", labels.field(name)), &value)).collect();
    format!("  {} {text}\n{lines}", clean(key))
}

fn photos(state: &State, lang: Lang) -> String {
    let lines: String = state
        .under("photos")
        .filter(|(name, _)| !name.contains('/'))
        .map(|(id, cell)| {
            let part = |name: &str| cell.value.get(name).and_then(Value::as_str).map(brief_text).unwrap_or_default();
            let gone = state.get(&format!("photos/{id}/deleted")) == Some(&Value::Bool(true));
            let gone = if gone { lang.pick("（已删除）", " (deleted)") } else { "" };
            let caption = state.text(&format!("photos/{id}/caption")).map(clean).unwrap_or_default();
            let source = [part("item"), part("source"), part("taken_at"), caption].join(" ");
            format!("  {} {}{gone}{}\n", part("sha256"), source.split_whitespace().collect::<Vec<_>>().join(" "), mark(cell.amended))
        })
        .collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("照片", "photos")) }
}

fn signatures(state: &State, labels: &Labels<'_>, lang: Lang) -> String {
    let line = |(role, cell): (&str, &Cell)| {
        let name = labels.value(&format!("signatures/{role}"), &cell.value);
        field(&labels.field(role), &format!("{name} {}{}", cell.at.instant().rfc3339(), mark(cell.amended)))
    };
    let lines: String = state.under("signatures").map(line).collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("签名", "signatures")) }
}

fn seals(journal: &Journal, lang: Lang) -> String {
    let lines: String = verify_seals(journal)
        .into_iter()
        .map(|(path, verdict)| match verdict {
            Ok(seal) => field(&words::seal(lang, &path), &format!("{} {} (Ed25519)", lang.pick("成立", "holds"), seal.key.device())),
            Err(fault) => field(&words::seal(lang, &path), &words::seal_fault(lang, fault)),
        })
        .collect();
    let none = || format!("  {}\n", lang.pick("尚未签封", "not sealed"));
    format!("{}\n{}", lang.pick("签封", "seals"), if lines.is_empty() { none() } else { lines })
}

fn conflicts(state: &State, labels: &Labels<'_>, lang: Lang) -> String {
    let value = |entry: &Entry| labels.value(entry.change.path.as_str(), &entry.change.value);
    let line = |conflict: &spotcheck::domain::journal::Conflict| {
        let others: Vec<String> = conflict.unseen.iter().map(|entry| format!("{} ({})", value(entry), clean(&entry.change.by))).collect();
        field(&labels.path(conflict.path.as_str()), &format!("{} ≠ {}", value(&conflict.kept), others.join(", ")))
    };
    let lines: String = state.conflicts().iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("{}\n{lines}", lang.pick("冲突", "conflicts")) }
}

fn history(journal: &Journal, labels: &Labels<'_>, lang: Lang) -> String {
    let amended = amendments(journal);
    let line = |entry: &&Entry| {
        let change = &entry.change;
        let when = change.at.instant().local(change.clock.offset_min).format("%Y-%m-%d %H:%M:%S %:z").to_string();
        let reason = change.reason.as_deref().map(|reason| format!(" — {}", clean(reason))).unwrap_or_default();
        let late = if amended.contains(&entry.hash) { lang.pick(" [*更正]", " [*amendment]") } else { "" };
        let path = change.path.as_str();
        let value: String = labels.value(path, &change.value).chars().take(60).collect();
        let place = labels.path(path);
        format!("  {when}  {} {}#{}  {place} = {value}{late}{reason}\n", clean(&change.by), change.device, change.seq)
    };
    let lines: String = journal.timeline().iter().map(line).collect();
    format!("{}\n{lines}", lang.pick("历史", "history"))
}

/// The changes that some seal leaves out.
fn amendments(journal: &Journal) -> std::collections::BTreeSet<Sha256> {
    journal.amendments().into_iter().map(|entry| entry.hash).collect()
}
