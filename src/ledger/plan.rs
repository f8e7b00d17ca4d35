//! What an import would do, shown before anything is kept: which rows are new, changed or the same, field by field.
//!
//! Identity: a unit by its credit code, else its legacy number, else its exact name and address (the name alone where the
//! row has no address and one unit has that name). Equipment by its equipment code, else its registration code, else
//! certificate and unit, else product number and unit. An instrument by serial number and unit.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::cell::understand;
use super::columns::cell_of;
use super::read::{CellError, CellWarning, Line, Place, Reading, RowOddity, RowProblem};
use super::row::{FieldChange, Fields, Row, compare};
use super::vocabulary::Vocabulary;
use super::{Card, Kind, Ledger};
use crate::domain::equipment::{normalise_certificate, normalise_code};

/// A record that a row is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// One that begins.
    New,
    /// One that is there, by its id.
    Known(String),
}

/// The unit that a row belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitOf {
    /// The row says nothing of it, or is a unit itself.
    Unsaid,
    /// One of [`Preview::units`].
    Listed(usize),
}

/// A row and what becomes of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Planned {
    /// Row, from 1.
    pub row: u32,
    /// Which record.
    pub target: Target,
    /// Its unit.
    pub unit: UnitOf,
    /// What the row says.
    pub fields: Fields,
    /// What follows from it and counts for a new record.
    pub derived: Fields,
    /// What changes; empty for a new record and for one that stays the same. Filled by [`Preview::compare`].
    pub changes: Vec<FieldChange>,
}

/// A unit that rows name.
#[derive(Clone, PartialEq, Debug)]
pub struct PlannedUnit {
    /// The first row that names it.
    pub row: u32,
    /// Which record.
    pub target: Target,
    /// What the rows say of it.
    pub fields: Fields,
    /// What changes, as in [`Planned::changes`].
    pub changes: Vec<FieldChange>,
}

/// What an import would do.
#[derive(Clone, PartialEq, Debug)]
pub struct Preview {
    /// What the rows are.
    pub kind: Kind,
    /// The rows, in order.
    pub lines: Vec<Planned>,
    /// The units that they name, for equipment and instruments.
    pub units: Vec<PlannedUnit>,
    /// What can't be taken. Rows with errors are not among the lines.
    pub errors: Vec<CellError>,
    /// What is odd.
    pub warnings: Vec<CellWarning>,
    /// Rows that say the same as another one and are passed over.
    pub repeated: usize,
}

/// How many of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Records that begin.
    pub new: usize,
    /// Records that change.
    pub changed: usize,
    /// Records that stay as they are.
    pub same: usize,
}

/// Plans an import in parts, for a page that stays alive meanwhile: first what is there, then the rows in their order.
pub struct Planner {
    keys: Keys,
    seen: Seen,
    preview: Preview,
}

impl Planner {
    /// For rows of this kind; nothing is there yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let preview = Preview { kind, lines: Vec::new(), units: Vec::new(), errors: Vec::new(), warnings: Vec::new(), repeated: 0 };
        Self { keys: Keys::default(), seen: Seen::default(), preview }
    }

    /// Takes in what is in the ledger.
    pub fn know(&mut self, cards: &[Card]) {
        cards.iter().for_each(|card| self.keys.add(card));
    }

    /// Plans some rows.
    pub fn add(&mut self, reading: Reading) {
        let bad = reading.bad_rows();
        self.preview.errors.extend(reading.errors);
        self.preview.warnings.extend(reading.warnings);
        for line in reading.lines {
            if !bad.contains(&line.row) {
                self.preview.plan(line, &self.keys, &mut self.seen);
            }
        }
    }

    /// The whole.
    #[must_use]
    pub fn finish(mut self) -> Preview {
        self.preview.errors.sort_by_key(|error| error.place.row);
        self.preview
    }
}

impl Preview {
    /// Finds for every row the record that it is about. What changes is known after [`Preview::compare`].
    #[must_use]
    pub fn of(reading: Reading, ledger: &Ledger) -> Self {
        let mut planner = Planner::new(reading.kind);
        planner.know(ledger.cards());
        planner.add(reading);
        planner.finish()
    }

    fn plan(&mut self, line: Line, keys: &Keys, seen: &mut Seen) {
        let unit = match self.find_unit(&line, keys, seen) {
            Ok(unit) => unit,
            Err(problem) => return self.refuse(line.row, problem),
        };
        let unit_key = match unit {
            UnitOf::Unsaid => String::new(),
            UnitOf::Listed(at) => match self.units.get(at).map(|unit| &unit.target) {
                Some(Target::Known(id)) => id.clone(),
                _ => format!("row {at}"),
            },
        };
        let identities = identities(self.kind, &line.fields, &unit_key);
        let Some(identity) = identities.first() else { return self.refuse(line.row, RowProblem::NoIdentity) };
        let by_name = match self.kind {
            Kind::Unit => match keys.unit_by_name(&line.fields, identity) {
                Ok(found) => found,
                Err(problem) => return self.refuse(line.row, problem),
            },
            Kind::Equipment | Kind::Instrument => None,
        };
        let known = by_name.or_else(|| keys.ids.get(identity).cloned());
        if known.is_none() && self.kind != Kind::Unit && unit == UnitOf::Unsaid {
            return self.refuse(line.row, RowProblem::NoUnit);
        }
        // One record, whichever way two rows name it.
        let place = known.clone().unwrap_or_else(|| identity.clone());
        if let Some(&first) = seen.lines.get(&place) {
            let same = self.lines.get(first).is_some_and(|other| other.fields == line.fields && other.unit == unit);
            let first_row = self.lines.get(first).map_or(0, |other| other.row);
            if same {
                self.repeated += 1;
                return self.warn(line.row, RowOddity::RepeatsRow { row: first_row });
            }
            return self.refuse(line.row, RowProblem::ContradictsRow { row: first_row });
        }
        if known.is_none() {
            for other in identities.iter().skip(1).filter_map(|other| keys.ids.get(other)) {
                self.warn(line.row, RowOddity::OtherHasNumber { record: other.clone() });
            }
        }
        seen.lines.insert(place, self.lines.len());
        self.lines.push(Planned {
            row: line.row,
            target: known.map_or(Target::New, Target::Known),
            unit,
            fields: line.fields,
            derived: line.derived,
            changes: Vec::new(),
        });
    }

    /// The unit that a row names: one of the ledger, or one that begins with this row.
    fn find_unit(&mut self, line: &Line, keys: &Keys, seen: &mut Seen) -> Result<UnitOf, RowProblem> {
        if line.unit.is_empty() {
            return Ok(UnitOf::Unsaid);
        }
        let identities = identities(Kind::Unit, &line.unit, "");
        let Some(identity) = identities.first() else { return Ok(UnitOf::Unsaid) };
        let known = keys.unit_by_name(&line.unit, identity)?.or_else(|| keys.ids.get(identity).cloned());
        let place = known.clone().unwrap_or_else(|| identity.clone());
        if let Some(&at) = seen.units.get(&place) {
            self.add_to_unit(at, line);
            return Ok(UnitOf::Listed(at));
        }
        // A row that only names the unit means the one that an earlier row of this file has described.
        let only_name = identity.starts_with("unit:name:") && !line.unit.contains_key("address");
        if let (None, true, Some(at)) = (&known, only_name, seen.unit_names.get(text(&line.unit, "name"))) {
            return match at.as_slice() {
                [at] => Ok(UnitOf::Listed(*at)),
                several => Err(RowProblem::AmbiguousUnit { units: several.len() }),
            };
        }
        let at = self.units.len();
        seen.units.insert(place, at);
        seen.unit_names.entry(text(&line.unit, "name").to_owned()).or_default().push(at);
        let target = known.map_or(Target::New, Target::Known);
        self.units.push(PlannedUnit { row: line.row, target, fields: line.unit.clone(), changes: Vec::new() });
        Ok(UnitOf::Listed(at))
    }

    /// What another row says of the same unit: what is new is added, of what differs the first counts.
    fn add_to_unit(&mut self, at: usize, line: &Line) {
        let Some(unit) = self.units.get_mut(at) else { return };
        let (first, mut differing) = (unit.row, Vec::new());
        for (path, value) in &line.unit {
            match unit.fields.get(path) {
                None => {
                    unit.fields.insert(path.clone(), value.clone());
                }
                Some(known) if known != value => differing.push((path.clone(), known.clone(), value.clone())),
                Some(_) => {}
            }
        }
        for (path, known, value) in differing {
            let place = Place { row: line.row, column: String::new(), header: format!("unit/{path}"), value: plain(&value) };
            self.warnings.push(CellWarning { place, oddity: RowOddity::UnitDiffers { row: first, value: plain(&known) } });
        }
    }

    fn refuse(&mut self, row: u32, problem: RowProblem) {
        self.errors.push(CellError { place: Place { row, ..Place::default() }, problem });
    }

    fn warn(&mut self, row: u32, oddity: RowOddity) {
        self.warnings.push(CellWarning { place: Place { row, ..Place::default() }, oddity });
    }

    /// The records whose rows must be given to [`Preview::compare`].
    #[must_use]
    pub fn known_ids(&self) -> BTreeSet<String> {
        let targets = self.lines.iter().map(|line| &line.target).chain(self.units.iter().map(|unit| &unit.target));
        targets.filter_map(|target| if let Target::Known(id) = target { Some(id.clone()) } else { None }).collect()
    }

    /// Finds out what changes, given the rows of [`Preview::known_ids`]: of all of them, or of some at a time.
    pub fn compare(&mut self, rows: &HashMap<String, Row>) {
        for unit in &mut self.units {
            if let Target::Known(id) = &unit.target
                && let Some(row) = rows.get(id)
            {
                unit.changes = changes(Kind::Unit, row, &unit.fields);
            }
        }
        for line in &mut self.lines {
            let Target::Known(id) = &line.target else { continue };
            let Some(row) = rows.get(id) else { continue };
            // A record that is there says itself what it leaves open: what was exported reads back as the same.
            line.derived.clear();
            line.changes = changes(self.kind, row, &line.fields);
            let unit = match line.unit {
                UnitOf::Unsaid => None,
                UnitOf::Listed(at) => self.units.get(at),
            };
            let Some(unit) = unit else { continue };
            let id = match &unit.target {
                // Not known before it is kept: the name stands for it.
                Target::New => text(&unit.fields, "name"),
                Target::Known(id) => id,
            };
            if unit.target == Target::New || row.text("unit_id") != id {
                line.changes.push(FieldChange { path: "unit_id".to_owned(), old: row.get("unit_id").cloned(), new: json!(id) });
            }
        }
    }

    /// How many records of the file's kind begin, change and stay.
    #[must_use]
    pub fn tally(&self) -> Tally {
        tally(self.lines.iter().map(|line| (&line.target, line.changes.is_empty())))
    }

    /// The same for the units that rows of equipment and instruments name.
    #[must_use]
    pub fn unit_tally(&self) -> Tally {
        tally(self.units.iter().map(|unit| (&unit.target, unit.changes.is_empty())))
    }

    /// Rows with errors, from 1.
    #[must_use]
    pub fn bad_rows(&self) -> BTreeSet<u32> {
        self.errors.iter().map(|error| error.place.row).collect()
    }

    /// Whether keeping it would change anything.
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        [self.tally(), self.unit_tally()].iter().any(|tally| tally.new + tally.changed > 0)
    }
}

/// What a row changes. What stands there in another way of writing, such as a certificate with wide brackets, is the same.
fn changes(kind: Kind, row: &Row, fields: &Fields) -> Vec<FieldChange> {
    let same = |change: &FieldChange| {
        let old = change.old.as_ref().and_then(Value::as_str);
        let read = old.zip(cell_of(kind, &change.path)).and_then(|(old, cell)| understand(cell, old, &Vocabulary::default()).ok());
        read.is_some_and(|read| read.value == change.new)
    };
    let mut changes = compare(row, fields);
    changes.retain(|change| !same(change));
    changes
}

fn tally<'a>(lines: impl Iterator<Item = (&'a Target, bool)>) -> Tally {
    let mut tally = Tally::default();
    for (target, unchanged) in lines {
        match (target, unchanged) {
            (Target::New, _) => tally.new += 1,
            (Target::Known(_), true) => tally.same += 1,
            (Target::Known(_), false) => tally.changed += 1,
        }
    }
    tally
}

/// What was planned so far, by identity.
#[derive(Default)]
struct Seen {
    lines: HashMap<String, usize>,
    units: HashMap<String, usize>,
    unit_names: HashMap<String, Vec<usize>>,
}

fn text<'a>(fields: &'a Fields, path: &str) -> &'a str {
    fields.get(path).and_then(Value::as_str).unwrap_or_default()
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What tells a record from others, the first counts. `unit` stands for its unit.
fn identities(kind: Kind, fields: &Fields, unit: &str) -> Vec<String> {
    let one = |path: &str| {
        let text = text(fields, path);
        let plain = match path {
            "uscc" | "legacy_no" | "code" | "registration_code" => normalise_code(text),
            "cert_no" => normalise_certificate(text),
            _ => text.trim().to_owned(),
        };
        Some(plain).filter(|text| !text.is_empty())
    };
    let within = |path: &str| one(path).filter(|_| !unit.is_empty());
    let found: Vec<Option<String>> = match kind {
        Kind::Unit => vec![
            one("uscc").map(|code| format!("unit:code:{code}")),
            one("legacy_no").map(|number| format!("unit:code:{number}")),
            one("name").map(|name| format!("unit:name:{name}\n{}", text(fields, "address"))),
        ],
        Kind::Equipment => vec![
            one("code").map(|code| format!("equipment:code:{code}")),
            one("registration_code").map(|code| format!("equipment:registration:{code}")),
            within("cert_no").map(|number| format!("equipment:cert:{number}\n{unit}")),
            within("made_no").map(|number| format!("equipment:made:{number}\n{unit}")),
        ],
        Kind::Instrument => vec![within("serial_no").map(|number| format!("instrument:serial:{number}\n{unit}"))],
    };
    found.into_iter().flatten().collect()
}

/// The records of the ledger by what tells them from others.
#[derive(Default)]
struct Keys {
    ids: HashMap<String, String>,
    /// Units by name, with their address.
    unit_names: HashMap<String, Vec<(String, String)>>,
}

impl Keys {
    fn add(&mut self, card: &Card) {
        let Some(kind) = card.kind() else { return };
        let mut fields: Fields = card.facts.clone();
        let pairs = match kind {
            Kind::Unit => [("name", &card.title), ("address", &card.address)].to_vec(),
            Kind::Equipment => [("code", &card.code), ("registration_code", &card.registration_code), ("cert_no", &card.cert_no)].to_vec(),
            Kind::Instrument => [("serial_no", &card.code)].to_vec(),
        };
        fields.extend(pairs.into_iter().map(|(path, text)| (path.to_owned(), json!(text))));
        let mut all = identities(kind, &fields, &card.unit_id);
        if kind == Kind::Unit {
            // Credit code and legacy number, whichever there are.
            all.extend(card.code.split(' ').filter(|code| !code.is_empty()).map(|code| format!("unit:code:{code}")));
            self.unit_names.entry(card.title.clone()).or_default().push((card.address.clone(), card.id.clone()));
        }
        for identity in all {
            // Of two that are the same in the ledger already, the first stays the one that is meant.
            self.ids.entry(identity).or_insert_with(|| card.id.clone());
        }
    }

    /// The unit that a row names without a code; `None` when the row has a code or no unit has the name.
    fn unit_by_name(&self, fields: &Fields, identity: &str) -> Result<Option<String>, RowProblem> {
        if !identity.starts_with("unit:name:") || self.ids.contains_key(identity) {
            return Ok(None);
        }
        let all = self.unit_names.get(text(fields, "name")).map(Vec::as_slice).unwrap_or_default();
        let address = text(fields, "address");
        match all {
            [] => Ok(None),
            // A unit whose address nobody wrote down yet, or a row without one.
            [(known, id)] if address.is_empty() || known.is_empty() => Ok(Some(id.clone())),
            several if address.is_empty() => Err(RowProblem::AmbiguousUnit { units: several.len() }),
            _ => Ok(None),
        }
    }
}
