//! Where a matter stands: the fold of its steps.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use super::content::{departed, is_stale};
use super::definition::{Bound, Field, FieldKind, Procedure, Required, StepDef};
use super::paper::number_for;
use super::timing::waits_for;
use super::{field_path, photo_item};
use crate::domain::checklist::{Condition, Truth};
use crate::domain::id::DeviceId;
use crate::domain::journal::{Cell, State};
use crate::domain::signature::Signature;
use crate::domain::time::{CivilDate, Hlc, Instant};

/// A step that was done.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    /// Its id in the record.
    pub id: String,
    /// Which [`StepDef`].
    pub step: String,
    /// When, by the clock of the phone.
    pub at: Instant,
    /// Offset of the local time, in minutes.
    pub offset_min: i32,
    /// Who did it, as the change says.
    pub by: String,
    /// Where the matter stood before.
    pub from: String,
    /// Where it stands since then.
    pub to: String,
    /// It did not fit: somebody else had done another step at the same time, or it would close the matter without the photos
    /// and signatures that it must always have. It is kept and moves nothing.
    pub misfit: bool,
    /// Paths that say something else than when it was done.
    pub changed_after: Vec<String>,
    /// Two devices had done it, or answered something of it, without seeing each other.
    pub disputed: bool,
    order: (Hlc, DeviceId),
}

impl Done {
    /// The day, where it was done.
    #[must_use]
    pub fn day(&self) -> CivilDate {
        self.at.date(self.offset_min)
    }
}

/// A step that was begun and is not done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Open {
    /// Its id in the record.
    pub id: String,
    /// Which [`StepDef`].
    pub step: String,
    /// On which device.
    pub device: DeviceId,
    /// By whom.
    pub by: String,
}

/// What lacks before a step can be done, or before a matter counts as described.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lack {
    /// No answer.
    Answer(String),
    /// An answer of another type, or outside its limits.
    Wrong(String),
    /// Fewer photos than wanted.
    Photos {
        /// The field.
        field: String,
        /// How many are there.
        have: usize,
        /// How many are wanted.
        least: usize,
    },
    /// Fewer officers than wanted, or one without a number, or one twice.
    Officers {
        /// The field.
        field: String,
        /// How many are wanted.
        least: usize,
    },
    /// A day before the first that the rules allow.
    TooEarly {
        /// The field.
        field: String,
        /// That day.
        earliest: CivilDate,
    },
    /// A day after the last that the rules allow.
    TooLate {
        /// The field.
        field: String,
        /// That day.
        latest: CivilDate,
    },
    /// No signature.
    Signature(String),
    /// Something was changed after it was signed.
    Stale(String),
    /// Everybody who does it did the earlier step too.
    FreshEyes {
        /// The earlier field.
        field: String,
        /// The field that says why they do it all the same, where the procedure allows it.
        reason: Option<String>,
    },
    /// A period runs, and what it is about is to be decided before this step.
    Waits {
        /// The clock of the procedure.
        clock: String,
    },
    /// Somebody decided otherwise than the program proposed, and this field gives no reason of their own.
    Reason(String),
    /// The matter stands where this step can't be done.
    NotHere,
    /// What the matter is about is not described yet; that comes before the first step.
    Head(Box<Lack>),
}

/// A matter as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// By which rules.
    pub procedure: Procedure,
    /// When it began.
    pub opened: Option<(Instant, i32)>,
    /// What was done, in order.
    pub done: Vec<Done>,
    /// What was begun.
    pub open: Vec<Open>,
    /// Where it stands.
    pub state: String,
    /// Why it counts no more.
    pub voided: Option<String>,
}

impl Case {
    /// What the record says; `None` when it is no matter, or one of rules that this version can't read.
    #[must_use]
    pub fn read(state: &State) -> Option<Self> {
        let procedure: Procedure = serde_json::from_value(state.get("procedure")?.clone()).ok()?;
        if procedure.check().is_err() || state.text("kind") != Some(procedure.kind.as_str()) {
            return None;
        }
        let (mut done, mut open) = (Vec::new(), Vec::new());
        for (id, cell) in steps(state) {
            let Some(step) = cell.value.as_str().map(str::to_owned) else { continue };
            let finished = state.cell(&format!("steps/{id}/done"));
            match finished.and_then(|cell| Some((cell, moment(&cell.value)?))) {
                Some((cell, (at, offset_min))) => done.push(Done {
                    id: id.to_owned(),
                    step,
                    at,
                    offset_min,
                    by: cell.by.clone(),
                    from: String::new(),
                    to: String::new(),
                    misfit: false,
                    changed_after: changed_after(state, id, cell),
                    disputed: disputed(state, id),
                    order: (cell.at, cell.device.clone()),
                }),
                None if state.get(&format!("steps/{id}/dropped")).is_none() => {
                    open.push(Open { id: id.to_owned(), step, device: cell.device.clone(), by: cell.by.clone() });
                }
                None => {}
            }
        }
        done.sort_by(|a, b| a.order.cmp(&b.order));
        let mut here = procedure.start.clone();
        for one in &mut done {
            one.from.clone_from(&here);
            match procedure.step(&one.step) {
                Some(step) if step.from.contains(&here) && !is_bare(&procedure, state, step, one) => {
                    if let Some(to) = &step.to {
                        here.clone_from(to);
                    }
                }
                _ => one.misfit = true,
            }
            one.to.clone_from(&here);
        }
        let voided = state.text("voided").map(str::to_owned);
        Some(Self { opened: state.get("opened").and_then(moment), procedure, done, open, state: here, voided })
    }

    /// Whether nothing more has to be done.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.voided.is_some() || self.procedure.state(&self.state).is_some_and(|state| state.closed)
    }

    /// What can be done now.
    pub fn next<'a>(&'a self, state: &'a State) -> impl Iterator<Item = &'a StepDef> {
        let voided = self.voided.is_some();
        self.procedure.steps.iter().filter(move |step| {
            !voided && step.from.contains(&self.state) && step.when.as_ref().is_none_or(|when| self.holds(state, None, when))
        })
    }

    /// The latest step of this kind that counts.
    #[must_use]
    pub fn last(&self, step: &str) -> Option<&Done> {
        self.done.iter().rev().find(|done| done.step == step && !done.misfit)
    }

    /// What a field says: of a step that is being done, else of the latest step that asked it, else of the matter.
    #[must_use]
    pub fn value<'a>(&self, state: &'a State, step: Option<&str>, field: &str) -> Option<&'a Value> {
        let own = step.and_then(|id| self.said(state, id, self.def_of(state, id), field));
        let earlier = || {
            let done = self.done.iter().rev().filter(|done| !done.misfit);
            done.into_iter().find_map(|done| self.said(state, &done.id, self.procedure.step(&done.step), field))
        };
        own.or_else(earlier).or_else(|| state.get(&field_path(None, field)))
    }

    /// What a step says of a field: what was filled in, else the number of its document.
    fn said<'a>(&self, state: &'a State, id: &str, def: Option<&StepDef>, field: &str) -> Option<&'a Value> {
        state.get(&field_path(Some(id), field)).or_else(|| number_for(state, id, def?, field))
    }

    /// Which step it is, by its id in the record.
    fn def_of(&self, state: &State, id: &str) -> Option<&StepDef> {
        self.procedure.step(state.text(&format!("steps/{id}/step"))?)
    }

    /// Whether a step is done by nobody but those who did the earlier one, where the procedure asks for others.
    #[must_use]
    pub fn has_same_eyes(&self, state: &State, id: &str) -> bool {
        let Some(def) = self.def_of(state, id) else { return false };
        let Some(earlier) = &def.fresh_eyes else { return false };
        let before: BTreeSet<&str> = officers(state.get(&field_path(None, earlier)).or_else(|| self.value(state, None, earlier)))
            .map(|(_, number)| number)
            .collect();
        let named = def.fields.iter().filter(|field| matches!(field.kind, FieldKind::Officers { .. }));
        let now: BTreeSet<&str> =
            named.flat_map(|field| officers(state.get(&field_path(Some(id), &field.id)))).map(|(_, number)| number).collect();
        !now.is_empty() && now.is_subset(&before)
    }

    /// Whether a field of a step says why the same people do it.
    fn is_reason_of_same(&self, state: &State, step: Option<&str>, field: &Field) -> bool {
        let def = step.and_then(|id| self.def_of(state, id));
        def.is_some_and(|def| def.fresh_eyes_unless.as_ref() == Some(&field.id))
    }

    /// Whether a condition holds. It may ask for any field, for `unit.…` and `equipment.…`, and for `state`.
    #[must_use]
    pub fn holds(&self, state: &State, step: Option<&str>, condition: &Condition) -> bool {
        let known = |name: &str| -> Option<Cow<'_, Value>> {
            if name == "state" {
                return Some(Cow::Owned(Value::from(self.state.clone())));
            }
            match name.split_once('.') {
                Some((part @ ("unit" | "equipment" | "links"), field)) => state.get(&format!("{part}/{field}")).map(Cow::Borrowed),
                Some(_) => None,
                None => self.value(state, step, name).map(Cow::Borrowed),
            }
        };
        condition.evaluate_by(&known) == Truth::True
    }

    /// Whether a field is asked.
    #[must_use]
    pub fn asks(&self, state: &State, step: Option<&str>, field: &Field) -> bool {
        if self.is_reason_of_same(state, step, field) {
            return step.is_some_and(|id| self.has_same_eyes(state, id));
        }
        field.when.as_ref().is_none_or(|when| self.holds(state, step, when))
    }

    /// Whether an answer must be there.
    #[must_use]
    pub fn requires(&self, state: &State, step: Option<&str>, field: &Field) -> bool {
        if self.is_reason_of_same(state, step, field) {
            return true;
        }
        match &field.required {
            Required::Plain(required) => *required,
            Required::When(when) => self.holds(state, step, when),
        }
    }
}

/// What lacks of a step that is being done, or (without one) of what the matter is about.
///
/// `today` is the day where it is done.
#[must_use]
pub fn lacks(case: &Case, state: &State, step: Option<&Open>, today: CivilDate) -> Vec<Lack> {
    let id = step.map(|open| open.id.as_str());
    let def = step.and_then(|open| case.procedure.step(&open.step));
    let fields = match (step, def) {
        (None, _) => &case.procedure.fields,
        (Some(_), Some(def)) => &def.fields,
        (Some(_), None) => return vec![Lack::NotHere],
    };
    let mut lacking = Vec::new();
    if let Some(def) = def
        && !case.next(state).any(|next| next.id == def.id)
    {
        lacking.push(Lack::NotHere);
    }
    if step.is_some() && !case.done.iter().any(|done| !done.misfit) {
        lacking.extend(lacks(case, state, None, today).into_iter().map(|lack| Lack::Head(Box::new(lack))));
    }
    for field in fields.iter().filter(|field| case.asks(state, id, field)) {
        let required = case.requires(state, id, field);
        let own = step.is_none().then(|| unreasoned(case, state, field)).flatten();
        let own = own.or_else(|| lack_of(state, id, field, required, today));
        lacking.extend(own.or_else(|| out_of_bounds(case, state, id, field)));
    }
    if let (Some(id), Some(def)) = (id, def) {
        if let Some(earlier) = def.fresh_eyes.as_ref().filter(|_| case.has_same_eyes(state, id)) {
            let lack = |reason: &Option<String>| Lack::FreshEyes { field: earlier.clone(), reason: reason.clone() };
            match &def.fresh_eyes_unless {
                // Told once, with what can be done about it.
                Some(reason) => lacking
                    .iter_mut()
                    .filter(|one| **one == Lack::Answer(reason.clone()))
                    .for_each(|one| *one = lack(&def.fresh_eyes_unless)),
                None => lacking.push(lack(&None)),
            }
        }
        lacking.extend(waits_for(case, state, &def.id).map(|clock| Lack::Waits { clock }));
    }
    lacking
}

/// Whether somebody decided a field of the matter otherwise than the program proposed. What is not answered, or not asked,
/// is not decided; the order of what was chosen says nothing.
#[must_use]
pub fn departs(case: &Case, state: &State) -> bool {
    let sorted = |value: &Value| {
        let mut names: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
        names.sort();
        names
    };
    let decided = case.procedure.fields.iter().filter(|field| !is_text(field) && case.asks(state, None, field));
    let mut both = decided.filter_map(|field| {
        let proposed = state.get(&format!("proposed/{}", field.id))?;
        Some((proposed, state.get(&field_path(None, &field.id)).filter(|value| !is_empty(value))?))
    });
    both.any(|(proposed, decided)| if proposed.is_array() { sorted(proposed) != sorted(decided) } else { proposed != decided })
}

fn is_text(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Text | FieldKind::Long)
}

/// A text that the program proposed does not explain what somebody decided otherwise.
fn unreasoned(case: &Case, state: &State, field: &Field) -> Option<Lack> {
    let proposed = state.get(&format!("proposed/{}", field.id)).filter(|_| is_text(field))?;
    let same = state.get(&field_path(None, &field.id)).is_none_or(|value| is_empty(value) || value == proposed);
    (same && departs(case, state)).then(|| Lack::Reason(field.id.clone()))
}

/// A day that is too early or too late by another one. Where that is not known nothing is said.
fn out_of_bounds(case: &Case, state: &State, step: Option<&str>, field: &Field) -> Option<Lack> {
    let FieldKind::Date { earliest, latest, .. } = &field.kind else { return None };
    let said = |name: &str| case.value(state, step, name).and_then(Value::as_str);
    let day = CivilDate::parse(state.get(&field_path(step, &field.id))?.as_str()?)?;
    let end = |bound: &Bound| {
        let holds = bound.when.as_ref().is_none_or(|when| case.holds(state, step, when));
        let from = holds.then(|| said(&bound.of)).flatten()?;
        Some(CivilDate::parse(from)?.plus_days(u64::from(bound.days)))
    };
    let early = earliest.as_ref().and_then(end).filter(|earliest| day < *earliest);
    let late = latest.as_ref().and_then(end).filter(|latest| day > *latest);
    let name = || field.id.clone();
    early.map(|earliest| Lack::TooEarly { field: name(), earliest }).or_else(|| late.map(|latest| Lack::TooLate { field: name(), latest }))
}

/// What lacks of one field.
pub(crate) fn lack_of(state: &State, step: Option<&str>, field: &Field, required: bool, today: CivilDate) -> Option<Lack> {
    let name = || field.id.clone();
    let value = state.get(&field_path(step, &field.id));
    match &field.kind {
        FieldKind::Photos { least } => {
            let have = photos_of(state, &photo_item(step, &field.id)).count();
            let least = if required { (*least).max(1) } else { 0 };
            return (have < least).then(|| Lack::Photos { field: name(), have, least });
        }
        FieldKind::Officers { least } if required || value.is_some() => {
            let all: Vec<(&str, &str)> = officers(value).collect();
            let numbers: BTreeSet<&str> = all.iter().map(|(_, number)| *number).collect();
            let whole = all.iter().all(|(name, number)| !name.trim().is_empty() && !number.trim().is_empty());
            let enough = whole && numbers.len() == all.len() && all.len() >= *least;
            return (!enough).then(|| Lack::Officers { field: name(), least: *least });
        }
        FieldKind::Signature { may_refuse, .. } => {
            let Some(cell) = state.cell(&field_path(step, &field.id)) else { return required.then(|| Lack::Signature(name())) };
            return match Signature::read(&cell.value) {
                Some(Signature::Refused(_)) if !may_refuse => Some(Lack::Signature(name())),
                Some(signature) if signature.is_blank() => Some(Lack::Signature(name())),
                None => Some(Lack::Wrong(name())),
                Some(_) => {
                    is_stale(state, step, &field.id).unwrap_or_else(|| cell.at < content_at(state, step)).then(|| Lack::Stale(name()))
                }
            };
        }
        _ => {}
    }
    let Some(value) = value.filter(|value| !is_empty(value)) else { return required.then(|| Lack::Answer(name())) };
    (!fits(&field.kind, value, today)).then(|| Lack::Wrong(name()))
}

/// Whether a value is of the type of the field and within its limits.
fn fits(kind: &FieldKind, value: &Value, today: CivilDate) -> bool {
    let day = || value.as_str().and_then(CivilDate::parse);
    match kind {
        FieldKind::Text | FieldKind::Long => value.is_string(),
        FieldKind::Number { min, max, .. } => value.as_f64().is_some_and(|number| {
            #[expect(clippy::cast_precision_loss, reason = "limits are small whole numbers")]
            let within = |limit: i64, least: bool| if least { number >= limit as f64 } else { number <= limit as f64 };
            min.is_none_or(|min| within(min, true)) && max.is_none_or(|max| within(max, false))
        }),
        FieldKind::Date { past, future, .. } => day().is_some_and(|day| (!past || day <= today) && (!future || day >= today)),
        FieldKind::Moment => moment(value).is_some(),
        FieldKind::Yes => value.is_boolean(),
        FieldKind::Choice { options } => value.as_str().is_some_and(|chosen| options.iter().any(|option| option.id == chosen)),
        FieldKind::Choices { options } => value
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one.as_str().is_some_and(|chosen| options.iter().any(|option| option.id == chosen)))),
        FieldKind::Clauses { .. } => value.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
        FieldKind::Rows { .. } => value.as_array().is_some_and(|all| all.iter().all(Value::is_object)),
        FieldKind::Person => value.get("name").and_then(Value::as_str).is_some_and(|name| !name.trim().is_empty()),
        FieldKind::Link { kinds } => {
            let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
            value.get("record").is_some_and(Value::is_string) && kinds.iter().any(|known| known == kind)
        }
        FieldKind::Officers { .. } | FieldKind::Photos { .. } | FieldKind::Signature { .. } => true,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

/// Name and number of each officer.
fn officers(value: Option<&Value>) -> impl Iterator<Item = (&str, &str)> {
    value.and_then(Value::as_array).into_iter().flatten().map(|one| {
        let field = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        (field("name"), field("cert_no"))
    })
}

/// The steps of a record: id, and the cell that says which step it is.
fn steps(state: &State) -> impl Iterator<Item = (&str, &Cell)> {
    state.under("steps").filter_map(|(path, cell)| Some((path.strip_suffix("/step")?, cell))).filter(|(id, _)| !id.contains('/'))
}

/// The answers of a step that was done, by field.
pub fn answers_of<'a>(state: &'a State, step: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    state.under(&format!("steps/{step}/fields")).map(|(field, cell)| (field, &cell.value))
}

/// The ids of the photos at a place, without those that were deleted.
pub fn photos_of<'a>(state: &'a State, item: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let item = item.to_owned();
    state.under("photos").filter_map(move |(path, cell)| {
        let here = !path.contains('/') && cell.value.get("item").and_then(Value::as_str) == Some(item.as_str());
        let deleted = here && state.get(&format!("photos/{path}/deleted")).is_some_and(|value| *value == Value::Bool(true));
        (here && !deleted).then_some(path)
    })
}

/// When what is signed was last changed: all answers and photos of the step but signatures.
fn content_at(state: &State, step: Option<&str>) -> Hlc {
    let own = match step {
        Some(id) => format!("steps/{id}/fields"),
        None => "fields".to_owned(),
    };
    let answers = state.under(&own).map(|(_, cell)| cell).filter(|cell| Signature::read(&cell.value).is_none()).map(|cell| cell.at);
    let prefix = step.map(|id| format!("{id}."));
    let photos = state.under("photos").filter_map(|(path, cell)| {
        let photo = path.split('/').next()?;
        let item = state.get(&format!("photos/{photo}"))?.get("item")?.as_str()?;
        let ours = match &prefix {
            Some(prefix) => item.starts_with(prefix.as_str()),
            None => !item.contains('.'),
        };
        ours.then_some(cell.at)
    });
    answers.chain(photos).max().unwrap_or_default()
}

/// Whether people who had not seen each other's set something of a step.
fn disputed(state: &State, step: &str) -> bool {
    let own = format!("steps/{step}/");
    state.conflicts().iter().any(|conflict| conflict.path.as_str().starts_with(&own))
}

/// Whether a step would close the matter without the photos and signatures that it must have whatever is answered. What was
/// taken away after it was done had been there.
fn is_bare(procedure: &Procedure, state: &State, def: &StepDef, done: &Done) -> bool {
    let closes = def.to.as_ref().and_then(|to| procedure.state(to)).is_some_and(|state| state.closed);
    let always = def.fields.iter().filter(|field| field.when.is_none() && field.required == Required::Plain(true));
    let bare = |field: &Field| match &field.kind {
        FieldKind::Photos { least } => {
            let item = photo_item(Some(&done.id), &field.id);
            let later = |photo: &str| {
                let deleted = state.cell(&format!("photos/{photo}/deleted")).filter(|cell| cell.value == Value::Bool(true));
                deleted.is_none_or(|cell| (cell.at, &cell.device) > (done.order.0, &done.order.1))
            };
            let there = state.under("photos").filter(|(path, cell)| {
                !path.contains('/') && cell.value.get("item").and_then(Value::as_str) == Some(item.as_str()) && later(path)
            });
            there.count() < (*least).max(1)
        }
        FieldKind::Signature { may_refuse, .. } => {
            let given = state.get(&field_path(Some(&done.id), &field.id)).and_then(Signature::read);
            given.is_none_or(|given| given.is_blank() || (matches!(given, Signature::Refused(_)) && !may_refuse))
        }
        _ => false,
    };
    closes && always.into_iter().any(bare)
}

/// What says something else of a step than when it was done: by the digests that were written down then. Without them what is
/// later by the clocks.
fn changed_after(state: &State, step: &str, done: &Cell) -> Vec<String> {
    if let Some(said) = done.value.get("of").and_then(Value::as_object) {
        return departed(state, step, said);
    }
    let own = format!("steps/{step}");
    let later = |cell: &Cell| (cell.at, &cell.device) > (done.at, &done.device);
    // The number of a document comes after the step that it was made for.
    let content = state.under(&own).filter(|(path, _)| !path.starts_with("papers/"));
    let answers = content.filter(|(_, cell)| later(cell)).map(|(path, _)| format!("{own}/{path}"));
    let prefix = format!("{step}.");
    let photos = state.under("photos").filter_map(|(path, cell)| {
        let photo = path.split('/').next()?;
        let item = state.get(&format!("photos/{photo}"))?.get("item")?.as_str()?;
        (item.starts_with(&prefix) && later(cell)).then(|| format!("photos/{path}"))
    });
    answers.chain(photos).collect()
}

/// A moment as it is written.
pub(super) fn moment(value: &Value) -> Option<(Instant, i32)> {
    let ms = value.get("ms")?.as_u64()?;
    let offset = value.get("offset_min").and_then(Value::as_i64).unwrap_or_default();
    Some((Instant::from_ms(ms), i32::try_from(offset).ok()?))
}
