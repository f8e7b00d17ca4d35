//! The gate before a check: approval, how often the unit was visited this year, and what was told on arrival.
//!
//! Nothing here keeps an inspector out who stands at the door: what is not in order is said, and goes into the record.
//! Only what the law asks of the inspectors themselves must be done first (57号令 art. 19): see [`Lack`].

use serde_json::{Value, json};

use super::unit_visits::UnitVisit;
use super::visit::Values;
use crate::domain::time::CivilDate;
use crate::rules::visit_caps::{Cap, CapVersion, Exclusion, UnitClass, Version, VisitCaps};

/// A time with the place's distance from Greenwich.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// Milliseconds since the epoch.
    pub ms: u64,
    /// Minutes east of Greenwich.
    pub offset_min: i32,
}

impl Moment {
    /// As it stands in a record.
    #[must_use]
    pub fn value(self) -> Value {
        json!({ "ms": self.ms, "offset_min": self.offset_min })
    }
}

/// Who approved the check.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Approval {
    /// Number of the approval.
    pub no: String,
    /// Who approved it.
    pub by: String,
    /// When, `YYYY-MM-DD`; empty when it is not known.
    pub day: String,
    /// Why it could not be approved before, for a check that will be approved afterwards.
    pub urgent: Option<String>,
}

/// What was done on arrival, each with its time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// The certificates were shown.
    pub credentials: Option<Moment>,
    /// Source, basis, content and requirements of the check were explained.
    pub purpose: Option<Moment>,
    /// The unit was told its rights and what inspectors must not do.
    pub rights: Option<Moment>,
}

/// What must be done before the check can begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lack {
    /// The reason of an urgent check.
    UrgentReason,
    /// To show the certificates.
    Credentials,
    /// To explain why one came.
    Purpose,
    /// To tell the unit its rights.
    Rights,
}

/// What must still be done, in the order of the screen.
#[must_use]
pub fn lacks(approval: &Approval, told: &Told) -> Vec<Lack> {
    let all = [
        (approval.urgent.as_ref().is_some_and(|reason| reason.trim().is_empty()), Lack::UrgentReason),
        (told.credentials.is_none(), Lack::Credentials),
        (told.purpose.is_none(), Lack::Purpose),
        (told.rights.is_none(), Lack::Rights),
    ];
    all.into_iter().filter(|(lacks, _)| *lacks).map(|(_, lack)| lack).collect()
}

/// What of a unit's fields decides on its cap.
#[must_use]
pub fn unit_class(unit: &Values) -> UnitClass {
    let field = |name: &str| unit.iter().find(|(path, _)| path == name).map(|(_, value)| value);
    UnitClass {
        key_unit: field("key_unit").and_then(Value::as_bool) == Some(true),
        credit_class: field("credit_class").and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
}

/// How often a unit was visited in a year, against its cap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Frequency<'a> {
    /// Visits of this year that count, without the one that begins: those of one day once, those with an exception not.
    pub count: usize,
    /// Visits of this year that do not count because of an exception.
    pub excepted: usize,
    /// Whether there was one today already that counts: then the one that begins belongs to it.
    pub joint: bool,
    /// The cap; none when no class of units fits.
    pub cap: Option<(&'a Cap, &'a CapVersion)>,
    /// Why this kind of check may not follow those of this year.
    pub exclusion: Option<(&'a Exclusion, &'a Version)>,
}

impl Frequency<'_> {
    /// Whether the visit that begins is more than the cap allows, and needs a reason.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.cap.is_some_and(|(_, cap)| self.count + usize::from(!self.joint) > usize::try_from(cap.count).unwrap_or(usize::MAX))
    }

    /// Whether a reason is asked for.
    #[must_use]
    pub fn asks_reason(&self) -> bool {
        self.is_over() || self.exclusion.is_some()
    }
}

/// Counts the visits to a unit in the year of a day.
#[must_use]
pub fn frequency<'a>(rules: &'a VisitCaps, unit: &UnitClass, visits: &[UnitVisit], kind: &str, today: CivilDate) -> Frequency<'a> {
    let year = year(today);
    let of_year: Vec<&UnitVisit> = visits.iter().filter(|visit| self::year(visit.day) == year).collect();
    let (excepted, counted): (Vec<&UnitVisit>, Vec<&UnitVisit>) = of_year.iter().partition(|visit| !visit.exception.is_empty());
    let days: std::collections::BTreeSet<CivilDate> = counted.iter().map(|visit| visit.day).collect();
    Frequency {
        count: days.len(),
        excepted: excepted.len(),
        joint: days.contains(&today),
        cap: rules.cap(unit, today),
        exclusion: rules.exclusion(kind, of_year.iter().map(|visit| visit.kind.as_str()), today),
    }
}

fn year(day: CivilDate) -> i32 {
    chrono::Datelike::year(&day.0)
}

/// Why the visit is made although the cap is reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reason {
    /// Id of the exception; empty when none was chosen.
    pub exception: String,
    /// Anything else.
    pub note: String,
}

/// What goes into the record of an approval; nothing where nothing is known.
#[must_use]
pub fn approval_values(approval: &Approval) -> Values {
    let urgent = approval.urgent.clone().unwrap_or_default();
    let fields =
        [("approval_no", &approval.no), ("approval/by", &approval.by), ("approval/day", &approval.day), ("approval/urgent", &urgent)];
    let filled = fields.into_iter().map(|(path, text)| (path, text.trim())).filter(|(_, text)| !text.is_empty());
    filled.map(|(path, text)| (path.to_owned(), json!(text))).collect()
}

/// What goes into the record of the visits of the year. The words of the cap and of the exception go with their ids, since
/// the rules of the day may be gone when the record is read.
#[must_use]
pub fn frequency_values(rules: &VisitCaps, frequency: &Frequency<'_>, reason: &Reason) -> Values {
    let mut values: Values = vec![("frequency/count".to_owned(), json!(frequency.count))];
    if frequency.joint {
        values.push(("frequency/joint".to_owned(), json!(true)));
    }
    let mut put = |field: &str, value: Value| values.push((format!("frequency/{field}"), value));
    if let Some((cap, version)) = frequency.cap {
        let said = json!({ "id": cap.id, "zh": cap.name.zh, "en": cap.name.en, "count": version.count, "verified": version.verified });
        put("cap", said);
    }
    if let Some((exclusion, version)) = frequency.exclusion {
        put("exclusion", json!({ "id": exclusion.id, "zh": exclusion.name.zh, "en": exclusion.name.en, "verified": version.verified }));
    }
    if frequency.asks_reason() {
        if let Some(one) = rules.exceptions.iter().find(|one| one.id == reason.exception) {
            put("exception", json!({ "id": one.id, "zh": one.name.zh, "en": one.name.en }));
        }
        if !reason.note.trim().is_empty() {
            put("note", json!(reason.note.trim()));
        }
    }
    values
}

/// What goes into the record of what was told.
#[must_use]
pub fn told_values(told: &Told) -> Values {
    let all = [("credentials_shown", told.credentials), ("purpose_told", told.purpose), ("rights_told", told.rights)];
    all.into_iter().filter_map(|(path, moment)| Some((path.to_owned(), moment?.value()))).collect()
}
