//! An inspection: what the state of its record says, item by item, and what it still lacks.
//!
//! Where things stand in the journal of an inspection (all paths are documented here and nowhere else):
//!
//! | path | value |
//! |---|---|
//! | `kind` | `"inspection"` |
//! | `checklist` | the checklist that it was begun with, without ready sentences |
//! | `started` | `{"ms":…,"offset_min":…}` |
//! | `bureau` | the bureau that inspects |
//! | `inspection_kind` | `routine`, `special`, `post_licence` or `other` (57号令 art. 5) |
//! | `task_source` | why it is checked, such as the yearly plan |
//! | `credentials_shown` | `{"ms":…}`: when the inspectors showed their certificates and said why they came |
//! | `unit/{id,name,uscc,address,contact,phone}` | copied from the unit's record when the check begins |
//! | `equipment/{id,name,code,type_code,cert_no,place,maintainer,rescue_code}` | likewise |
//! | `inspectors/{1,2}` | `{"name":…,"cert_no":…}` |
//! | `attendant` | name and post of the unit's attendant |
//! | `answers/<item>/verdict` | `pass`, `fail` or `na` |
//! | `answers/<item>/value` | number, date, choice or text |
//! | `answers/<item>/{finding,severity,measure,requirement,deadline,note}` | details of a failure |
//! | `photos/<photo>` | [`super::photo::PhotoMeta`]; beside it `caption`, `marks`, `deleted` |
//! | `conclusion/{result,opinion,remark}` | how it ended |
//! | `signatures/{inspector1,inspector2,attendant}` | [`super::signature::Signature`] |
//! | `seals/<n>` | [`crate::evidence::seal::RecordSeal`] |
//! | `voided` | reason why the draft counts no more |

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::checklist::{Checklist, Facts, Judgement, Severity, Verdict};
use super::journal::{Journal, State};
use super::signature::Signature;
use super::time::{CivilDate, Instant};

/// Who signs, in the order of the paper form.
pub const SIGNERS: [&str; 3] = ["inspector1", "inspector2", "attendant"];

/// What stands in ready sentences where a figure or a name goes.
pub const BLANK: &str = "__";

/// The results that an inspection can end with. Stored names; the words are the UI's.
pub const RESULTS: [&str; 5] = ["no_problem", "corrected_on_spot", "rectify", "stop_use", "file_case"];

/// What is answered at one item.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Answer {
    /// What the inspector chose.
    pub chosen: Option<Verdict>,
    /// The number, date, choice or text.
    pub value: Option<Value>,
    /// What is wrong.
    pub finding: String,
    /// How grave, when it differs from the item's own.
    pub severity: Option<Severity>,
    /// The measure, when it differs from the item's own.
    pub measure: Option<String>,
    /// What must be done.
    pub requirement: String,
    /// Until when, `YYYY-MM-DD`.
    pub deadline: Option<CivilDate>,
    /// Anything else.
    pub note: String,
}

impl Answer {
    /// What the state says of an item.
    #[must_use]
    pub fn read(state: &State, item: &str) -> Self {
        let text = |field: &str| state.text(&answer_path(item, field)).unwrap_or_default().to_owned();
        Self {
            chosen: Verdict::parse(&text("verdict")),
            value: state.get(&answer_path(item, "value")).cloned(),
            finding: text("finding"),
            severity: Severity::parse(&text("severity")),
            measure: Some(text("measure")).filter(|code| !code.is_empty()),
            requirement: text("requirement"),
            deadline: CivilDate::parse(&text("deadline")),
            note: text("note"),
        }
    }
}

/// The path of a field of an answer.
#[must_use]
pub fn answer_path(item: &str, field: &str) -> String {
    format!("answers/{item}/{field}")
}

/// A photo as an inspection lists it.
#[derive(Clone, PartialEq, Debug)]
pub struct PhotoRef {
    /// Photo id.
    pub id: String,
    /// Item that it belongs to; none for the record as a whole.
    pub item: Option<String>,
    /// Digest of the kept bytes, as text.
    pub sha256: String,
    /// Digest of the original bytes when they are kept too.
    pub original: Option<String>,
    /// What it shows.
    pub caption: String,
}

/// What an inspection still lacks before it can be signed and sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// The unit's name.
    Unit,
    /// What identifies the equipment.
    Equipment,
    /// Name or certificate number of inspector 1 or 2.
    Inspector(u8),
    /// The two inspectors are one person.
    SameInspector,
    /// An item without an answer, by index.
    Answer(usize),
    /// An item that asks for a number, a date or a choice and passes without one.
    Value(usize),
    /// A failed item without a sentence that says what is wrong.
    Finding(usize),
    /// A failed item with a blank of a ready sentence that was not filled in.
    Blank(usize),
    /// A failed item to be corrected without a date until when.
    Deadline(usize),
    /// The result.
    Conclusion,
    /// The result says that nothing was found although items failed.
    Contradiction,
    /// The name of the unit's attendant who signed.
    Attendant,
    /// The content changed after this signature was given.
    Stale(&'static str),
    /// A signature, or for the attendant the refusal with reason and witness.
    Signature(&'static str),
}

/// Counts over items.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Items that count.
    pub total: usize,
    /// Of them answered.
    pub answered: usize,
    /// Of them failed.
    pub failed: usize,
}

impl Counts {
    /// Whether every item that counts is answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.answered == self.total
    }
}

/// An inspection as it stands.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The checklist that it was begun with.
    pub checklist: Checklist,
    /// What is known for conditions and limits.
    pub facts: Facts,
    /// The day of the check, where it took place.
    pub day: CivilDate,
}

/// Why a record can't be shown as an inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record carries no checklist that this version understands")]
pub struct NoChecklist;

impl Inspection {
    /// What the state says.
    ///
    /// # Errors
    /// [`NoChecklist`] when there is none that can be read.
    pub fn read(state: &State) -> Result<Self, NoChecklist> {
        let checklist = state.get("checklist").and_then(|value| Checklist::from_record(value).ok()).ok_or(NoChecklist)?;
        Ok(Self { checklist, facts: facts(state), day: day(state) })
    }

    /// The verdict that counts: what the inspector chose, else what the rule decides, else 不适用 when the item is not relevant.
    #[must_use]
    pub fn verdict(&self, index: usize, answer: &Answer) -> Option<Verdict> {
        let item = self.checklist.items.get(index)?;
        if answer.chosen.is_some() {
            return answer.chosen;
        }
        if let Some(value) = &answer.value
            // Within advisory limits it passes; outside of them the inspector decides.
            && let Judgement::Decided(verdict) | Judgement::Advised(verdict @ Verdict::Pass) = item.judge(value, self.day, &self.facts)
        {
            return Some(verdict);
        }
        (!item.is_relevant(&self.facts)).then_some(Verdict::Na)
    }

    /// Counts over some items.
    #[must_use]
    pub fn counts(&self, state: &State, items: impl Iterator<Item = usize>) -> Counts {
        let mut counts = Counts::default();
        for index in items {
            let Some(item) = self.checklist.items.get(index) else { continue };
            let verdict = self.verdict(index, &Answer::read(state, &item.id));
            counts.total += 1;
            counts.answered += usize::from(verdict.is_some());
            counts.failed += usize::from(verdict == Some(Verdict::Fail));
        }
        counts
    }

    /// Everything that still lacks, in the order of the form.
    #[must_use]
    pub fn missing(&self, state: &State) -> Vec<Missing> {
        let mut missing = Vec::new();
        let has = |path: &str| state.text(path).is_some_and(|text| !text.trim().is_empty());
        if !has("unit/name") {
            missing.push(Missing::Unit);
        }
        if self.checklist.applies_to.subject == "equipment"
            && !["code", "cert_no", "name"].iter().any(|field| has(&format!("equipment/{field}")))
        {
            missing.push(Missing::Equipment);
        }
        self.missing_inspectors(state, &mut missing);
        for (index, item) in self.checklist.items.iter().enumerate() {
            let answer = Answer::read(state, &item.id);
            match self.verdict(index, &answer) {
                None => missing.push(Missing::Answer(index)),
                Some(Verdict::Fail) => {
                    if answer.finding.trim().is_empty() {
                        missing.push(Missing::Finding(index));
                    }
                    if answer.finding.contains(BLANK) || answer.requirement.contains(BLANK) {
                        missing.push(Missing::Blank(index));
                    }
                    let measure = answer.measure.as_deref().unwrap_or(&item.on_fail);
                    if measure.ends_with("by_deadline") && answer.deadline.is_none() {
                        missing.push(Missing::Deadline(index));
                    }
                }
                Some(Verdict::Pass) if item.asks_for_value() && answer.value.is_none() => missing.push(Missing::Value(index)),
                Some(Verdict::Pass | Verdict::Na) => {}
            }
        }
        let failed = self.counts(state, 0..self.checklist.items.len()).failed;
        match state.text("conclusion/result") {
            None | Some("") => missing.push(Missing::Conclusion),
            Some("no_problem") if failed > 0 => missing.push(Missing::Contradiction),
            Some(_) => {}
        }
        for role in SIGNERS {
            if !is_signed(state, role) {
                missing.push(Missing::Signature(role));
            } else if is_stale(state, role) {
                missing.push(Missing::Stale(role));
            } else if role == "attendant" && !is_refused(state, role) && !has("attendant") {
                missing.push(Missing::Attendant);
            }
        }
        missing
    }

    fn missing_inspectors(&self, state: &State, missing: &mut Vec<Missing>) {
        let officer = |number: u8| {
            let value = state.get(&format!("inspectors/{number}"));
            let field = |name: &str| value.and_then(|value| value.get(name)).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
            (field("name"), field("cert_no"))
        };
        let (first, second) = (officer(1), officer(2));
        for (number, (name, cert_no)) in [(1, &first), (2, &second)] {
            if name.is_empty() || cert_no.is_empty() {
                missing.push(Missing::Inspector(number));
            }
        }
        if !first.1.is_empty() && first.1 == second.1 {
            missing.push(Missing::SameInspector);
        }
    }
}

/// Whether the content changed after a signature was given: what someone signs is what stands then.
#[must_use]
pub fn is_stale(state: &State, role: &str) -> bool {
    state.cell(&format!("signatures/{role}")).is_some_and(|cell| cell.at < state.content_at())
}

fn is_refused(state: &State, role: &str) -> bool {
    state.get(&format!("signatures/{role}")).and_then(|value| value.get("refused")).and_then(Value::as_bool) == Some(true)
}

/// Whether someone signed, or the attendant's refusal is recorded with the reason and a witness or a recording (57号令 art. 27).
#[must_use]
pub fn is_signed(state: &State, role: &str) -> bool {
    let Some(signature) = state.get(&format!("signatures/{role}")) else { return false };
    let filled = |field: &str| signature.get(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    if signature.get("refused").and_then(Value::as_bool) == Some(true) {
        let recorded = signature.get("recorded").and_then(Value::as_bool) == Some(true);
        return role == "attendant" && filled("reason") && (filled("witness") || recorded);
    }
    // A dot is no signature.
    Signature::read(signature).is_some_and(|signature| !signature.is_blank())
}

/// The photos that count, in the order in which they were taken in.
#[must_use]
pub fn photos(state: &State) -> Vec<PhotoRef> {
    let mut photos: Vec<(super::time::Hlc, PhotoRef)> = state
        .under("photos")
        .filter(|(rest, _)| !rest.contains('/'))
        .filter(|(id, _)| state.get(&format!("photos/{id}/deleted")).and_then(Value::as_bool) != Some(true))
        .filter_map(|(id, cell)| {
            let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
            let original = cell.value.get("original").filter(|original| original.get("kept").and_then(Value::as_bool) == Some(true));
            Some((
                cell.at,
                PhotoRef {
                    id: id.to_owned(),
                    item: text(&cell.value, "item"),
                    sha256: text(&cell.value, "sha256")?,
                    original: original.and_then(|original| text(original, "sha256")),
                    caption: state.text(&format!("photos/{id}/caption")).unwrap_or_default().to_owned(),
                },
            ))
        })
        .collect();
    photos.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    photos.into_iter().map(|(_, photo)| photo).collect()
}

/// The item at which the last change was made; none when that was elsewhere in the record.
#[must_use]
pub fn last_item(journal: &Journal, state: &State) -> Option<String> {
    let timeline = journal.timeline();
    let path = &timeline.last()?.change.path;
    let mut segments = path.segments();
    match (segments.next()?, segments.next()?) {
        ("answers", item) => Some(item.to_owned()),
        ("photos", photo) => Some(state.get(&format!("photos/{photo}"))?.get("item")?.as_str()?.to_owned()),
        _ => None,
    }
}

/// The day of the check at its place.
#[must_use]
pub fn day(state: &State) -> CivilDate {
    let (started, offset_min) = started(state);
    started.date(offset_min)
}

/// When the check began, and the minutes east of Greenwich there.
#[must_use]
pub fn started(state: &State) -> (Instant, i32) {
    let field = |name: &str| state.get("started").and_then(|value| value.get(name));
    let ms = field("ms").and_then(Value::as_u64).unwrap_or_default();
    let offset = field("offset_min").and_then(Value::as_i64).and_then(|offset| i32::try_from(offset).ok()).unwrap_or(480);
    (Instant::from_ms(ms), offset)
}

/// What conditions and limits may ask for.
#[must_use]
pub fn facts(state: &State) -> Facts {
    let mut facts = Facts::new();
    for group in ["equipment", "unit", "season", "place", "product"] {
        for (field, cell) in state.under(group) {
            let known = !matches!(&cell.value, Value::String(text) if text.is_empty());
            if known {
                facts.insert(format!("{group}.{}", field.replace('/', ".")), cell.value.clone());
            }
        }
    }
    facts
}

/// How far a record has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Still being written.
    Draft,
    /// Signed and sealed.
    Sealed,
    /// Sealed, and changed after that with reasons.
    Amended,
    /// Taken out of the count, with a reason.
    Voided,
}

/// What lists show of a record. A cache: always made from the journal.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// Record id.
    pub id: String,
    /// Kind of record.
    pub kind: String,
    /// What people call it: the unit.
    pub title: String,
    /// What it is about: the equipment.
    pub subtitle: String,
    /// More words to find it by.
    pub search: String,
    /// How far it has come.
    pub stage: Stage,
    /// Counts over the items, for inspections.
    pub counts: Counts,
    /// How many photos count.
    pub photos: usize,
    /// When it began.
    pub created_ms: u64,
    /// When it last changed.
    pub updated_ms: u64,
    /// How many changes it has.
    pub changes: usize,
    /// How many values were set by people who had not seen each other's.
    pub conflicts: usize,
}

impl Summary {
    /// Makes the summary of a record.
    #[must_use]
    pub fn of(journal: &Journal, state: &State) -> Self {
        let text = |path: &str| state.text(path).unwrap_or_default().to_owned();
        let kind = text("kind");
        let amended = !journal.amendments().is_empty();
        let stage = match (state.get("voided").is_some(), journal.is_sealed(), amended) {
            (true, _, _) => Stage::Voided,
            (_, true, true) => Stage::Amended,
            (_, true, false) => Stage::Sealed,
            (_, false, _) => Stage::Draft,
        };
        let inspection = if kind == "inspection" { Inspection::read(state).ok() } else { None };
        let (title, subtitle) = match kind.as_str() {
            "equipment" => (text("name"), text("place")),
            "unit" => (text("name"), text("address")),
            _ => (
                text("unit/name"),
                [text("equipment/name"), text("equipment/place")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
            ),
        };
        let search: Vec<String> =
            ["uscc", "code", "cert_no", "address", "unit_id", "unit/uscc", "equipment/code", "equipment/cert_no", "unit_name"]
                .iter()
                .map(|path| text(path))
                .filter(|part| !part.is_empty())
                .collect();
        Self {
            id: journal.record().to_string(),
            counts: inspection.map(|inspection| inspection.counts(state, 0..inspection.checklist.items.len())).unwrap_or_default(),
            kind,
            title,
            subtitle,
            search: search.join(" "),
            stage,
            photos: photos(state).len(),
            created_ms: journal.entries().map(|entry| entry.change.at.ms).min().unwrap_or_default(),
            updated_ms: journal.latest().ms,
            changes: journal.len(),
            conflicts: state.conflicts().len(),
        }
    }
}
