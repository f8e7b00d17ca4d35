//! The rules that the screens of matters need, fetched once a screen.

use std::rc::Rc;

use send_wrapper::SendWrapper;
use serde_json::Value;

use crate::app::library::official::{Official, procedure_path, usable};
use crate::domain::content::Lang;
use crate::domain::matter::{MatterLine, Period};
use crate::domain::time::{CivilDate, Instant};
use crate::intake::Triage;
use crate::procedure::{End, Procedure, count};
use crate::rules::{AccidentGrades, Calendar, Clocks, Consequences, Gradings};
use crate::ui::content;
use crate::ui::words::{cases_words, fill};

/// Periods and working days.
#[derive(Clone)]
pub struct Timing {
    /// The periods.
    pub clocks: Clocks,
    /// The working days.
    pub calendar: Calendar,
}

/// Shared among the parts of a screen.
pub type SharedTiming = SendWrapper<Rc<Timing>>;

/// Fetches periods and working days; `None` when they can't be fetched or read.
pub async fn timing() -> Option<SharedTiming> {
    let bytes = async |path: &str| content::json(path).await.ok().map(|value| value.to_string().into_bytes());
    let clocks = Clocks::read(&bytes("rules/clocks.json").await?).ok()?;
    let calendar = Calendar::read(&bytes("rules/holidays.json").await?).ok()?;
    Some(SendWrapper::new(Rc::new(Timing { clocks, calendar })))
}

/// A procedure by its name; the bureau's own edition unless it can't be used. `None` when it can't be fetched or read.
pub async fn procedure(id: &str) -> Option<Procedure> {
    let path = procedure_path(id);
    let own = content::own_files().await.into_iter().find(|holding| holding.path == path);
    if let Some(Official::Procedure(procedure)) = own.as_ref().and_then(usable) {
        return Some(*procedure);
    }
    Procedure::read(content::shipped(&path).await.ok()?.to_string().as_bytes()).ok()
}

/// Rules that the parts of a screen share.
pub type Shared<T> = SendWrapper<Rc<T>>;

/// The gradings of hazards; `None` when they can't be fetched or read.
pub async fn gradings() -> Option<Shared<Gradings>> {
    let value = content::json("rules/gradings.json").await.ok()?;
    Some(SendWrapper::new(Rc::new(Gradings::read(value.to_string().as_bytes()).ok()?)))
}

/// What the law may attach to hazards; `None` when it can't be fetched or read.
pub async fn consequences() -> Option<Shared<Consequences>> {
    let value = content::json("rules/consequences.json").await.ok()?;
    Some(SendWrapper::new(Rc::new(Consequences::read(value.to_string().as_bytes()).ok()?)))
}

/// The grades of accidents; `None` when they can't be fetched or read.
pub async fn accident_grades() -> Option<Shared<AccidentGrades>> {
    let value = content::json("rules/accident-grades.json").await.ok()?;
    Some(SendWrapper::new(Rc::new(AccidentGrades::read(value.to_string().as_bytes()).ok()?)))
}

/// A group of procedures, as the overview shows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// The procedures: name and titles.
    pub procedures: Vec<Titled>,
}

/// A procedure by its name and titles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Titled {
    /// Name.
    pub id: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Titled {
    /// The title in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// All procedures, in their groups. One that can't be read is left out.
pub async fn groups() -> Vec<Group> {
    let Ok(index) = content::json("procedure-index.json").await else { return Vec::new() };
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut groups = Vec::new();
    for group in index.get("groups").and_then(Value::as_array).into_iter().flatten() {
        let mut procedures = Vec::new();
        for id in group.get("procedures").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if let Some(known) = procedure(id).await {
                procedures.push(Titled { id: known.id, zh: known.title.zh, en: known.title.en });
            }
        }
        groups.push(Group { zh: text(group, "zh"), en: text(group, "en"), procedures });
    }
    groups
}

/// What a law is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Law {
    /// Its id in `basis.json`.
    pub id: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Law {
    /// The name in a language.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// The laws and standards.
pub async fn law_names() -> Vec<Law> {
    let Ok(file) = content::json("basis.json").await else { return Vec::new() };
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let law = |one: &Value| Law { id: text(one, "id"), zh: text(one, "name_zh"), en: text(one, "name_en") };
    file.get("basis").and_then(Value::as_array).into_iter().flatten().map(law).collect()
}

/// The chip of a state: its class by the name of its tone.
#[must_use]
pub fn tone_class(tone: &str) -> &'static str {
    match tone {
        "todo" => "chip warn",
        "bad" => "chip bad",
        "good" => "chip good",
        _ => "chip",
    }
}

/// How far away the end of a running period is: class and words.
#[must_use]
pub fn end_chip(end: &End, now: Instant, today: CivilDate, offset_min: i32) -> (&'static str, String) {
    let w = cases_words();
    if let Some(at) = end.due_at {
        let past = now > at;
        let text = if past { w.hours_late.to_owned() } else { fill(w.until_minute, &[&at.minute_text(offset_min)]) };
        return (if past { "chip bad num" } else { "chip warn num" }, text);
    }
    match end.days_left(today) {
        None => ("chip", w.unset.to_owned()),
        Some(0) => ("chip warn num", w.today_last.to_owned()),
        Some(left) if left < 0 => ("chip bad num", fill(w.days_late, &[&-left])),
        Some(left) if left <= 7 => ("chip warn num", fill(w.days_left, &[&left])),
        Some(left) => ("chip num", fill(w.days_left, &[&left])),
    }
}

/// The running period of a matter that ends first, counted; those without an end come last.
#[must_use]
pub fn most_urgent<'a>(line: &'a MatterLine, timing: Option<&Timing>) -> Option<(&'a Period, End)> {
    let timing = timing?;
    let counted = line.periods.iter().map(|period| (period, count(period, &timing.clocks, &timing.calendar)));
    counted.min_by_key(|(_, end)| end.due.map_or(CivilDate(chrono::NaiveDate::MAX), |due| due))
}

/// The rules of the inbox; `None` when they can't be fetched or read.
pub async fn triage() -> Option<Shared<Triage>> {
    let value = content::json("rules/triage.json").await.ok()?;
    Some(SendWrapper::new(Rc::new(Triage::read(value.to_string().as_bytes()).ok()?)))
}

/// By which article a period runs, as people read it; with whether that was verified. None for what an office has set.
#[must_use]
pub fn article(period: &Period, clocks: &Clocks, laws: &[Law], lang: Lang) -> Option<(String, bool)> {
    let version = clocks.get(period.period.as_deref()?)?.on(period.filed)?;
    let refs = version.basis.iter().map(|basis| {
        let law = laws.iter().find(|law| law.id == basis.basis).map_or(basis.basis.as_str(), |law| law.name(lang));
        format!("{law} {}", basis.article.as_deref().unwrap_or_default()).trim().to_owned()
    });
    Some((refs.collect::<Vec<_>>().join("；"), version.verified))
}
