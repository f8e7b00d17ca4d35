//! What an import would do, shown before anything is kept: which rows are new, changed or the same, field by field.
//!
//! Identity: a unit by its credit code, else its legacy number, else its exact name and address, else its name. Equipment by
//! its equipment code, else its registration code, else certificate, product number, number within the unit or name, all
//! within its unit. An instrument by serial number and unit. A weaker one counts where no stronger one that both have
//! differs; see [`super::identity`].

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::cell::understand;
use super::columns::cell_of;
use super::identity::{self, Found, Marks};
use super::read::{CellError, CellWarning, Line, Place, Reading, RowOddity, RowProblem};
use super::row::{FieldChange, Fields, Row, compare};
use super::vocabulary::Vocabulary;
use super::{Card, Kind, Ledger};

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
    /// What is in the ledger, of units and of the file's kind.
    units: Vec<(String, Marks)>,
    known: Vec<(String, Marks)>,
    lines: Vec<Line>,
    preview: Preview,
}

impl Planner {
    /// For rows of this kind; nothing is there yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        let preview = Preview { kind, lines: Vec::new(), units: Vec::new(), errors: Vec::new(), warnings: Vec::new(), repeated: 0 };
        Self { units: Vec::new(), known: Vec::new(), lines: Vec::new(), preview }
    }

    /// Takes in what is in the ledger.
    pub fn know(&mut self, cards: &[Card]) {
        for card in cards {
            let Some(kind) = card.kind() else { continue };
            let into = if kind == self.preview.kind {
                &mut self.known
            } else if kind == Kind::Unit {
                &mut self.units
            } else {
                continue;
            };
            into.push((card.id.clone(), Marks::of_card(kind, card)));
        }
    }

    /// Takes in some rows.
    pub fn add(&mut self, reading: Reading) {
        let bad = reading.bad_rows();
        self.preview.errors.extend(reading.errors);
        self.preview.warnings.extend(reading.warnings);
        self.lines.extend(reading.lines.into_iter().filter(|line| !bad.contains(&line.row)));
    }

    /// The whole: which record a row is about can only be said when all rows are known.
    #[must_use]
    pub fn finish(mut self) -> Preview {
        self.preview.plan(std::mem::take(&mut self.lines), &self.units, &self.known);
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

    fn plan(&mut self, lines: Vec<Line>, units: &[(String, Marks)], known: &[(String, Marks)]) {
        let units = self.find_units(&lines, units);
        let marks = lines.iter().zip(&units).map(|(line, unit)| {
            let unit = match unit {
                Ok(UnitOf::Listed(at)) => self.unit_key(*at),
                Ok(UnitOf::Unsaid) | Err(_) => String::new(),
            };
            Marks::of_fields(self.kind, &line.fields, &line.derived, &unit, line.shared_certificate)
        });
        let marks: Vec<Marks> = marks.collect();
        // A row whose unit is in doubt tells nothing of others either.
        let asked = marks.iter().zip(&units).map(|(marks, unit)| if unit.is_ok() { marks.clone() } else { Marks::default() }).collect();
        let found = identity::find(self.kind, asked, known);
        let settle = |at: usize| -> Result<(UnitOf, &Found), RowProblem> {
            let unit = units.get(at).cloned().unwrap_or(Ok(UnitOf::Unsaid))?;
            let marks = marks.get(at).filter(|marks| !marks.is_empty()).ok_or(RowProblem::NoIdentity)?;
            let found = found.get(at).ok_or(RowProblem::NoIdentity)?.as_ref().map_err(Clone::clone)?;
            if found.known.is_none() && self.kind != Kind::Unit {
                if unit == UnitOf::Unsaid {
                    return Err(RowProblem::NoUnit);
                }
                // A name alone leads to a record that is there, but begins none.
                if found.first == at && marks.only_name() {
                    return Err(RowProblem::NoIdentity);
                }
            }
            Ok((unit, found))
        };
        let settled: Vec<Result<(UnitOf, Found), RowProblem>> =
            (0..lines.len()).map(|at| settle(at).map(|(unit, found)| (unit, found.clone()))).collect();
        let said: Vec<(u32, Fields)> = lines.iter().map(|line| (line.row, line.fields.clone())).collect();
        for (at, line) in lines.into_iter().enumerate() {
            let (unit, found) = match settled.get(at) {
                Some(Ok((unit, found))) => (*unit, found),
                Some(Err(problem)) => {
                    self.refuse(line.row, problem.clone());
                    continue;
                }
                None => continue,
            };
            if found.first != at {
                let first = said.get(found.first).zip(settled.get(found.first));
                let first_row = first.map_or(0, |((row, _), _)| *row);
                let same =
                    first.is_some_and(|((_, fields), settled)| *fields == line.fields && settled.as_ref().is_ok_and(|(of, _)| *of == unit));
                if same {
                    self.repeated += 1;
                    self.warn(line.row, RowOddity::RepeatsRow { row: first_row });
                } else {
                    self.refuse(line.row, RowProblem::ContradictsRow { row: first_row });
                }
                continue;
            }
            if let (None, Some(record)) = (&found.known, &found.like) {
                self.warn(line.row, RowOddity::OtherHasNumber { record: record.clone() });
            }
            self.lines.push(Planned {
                row: line.row,
                target: found.known.clone().map_or(Target::New, Target::Known),
                unit,
                fields: line.fields,
                derived: line.derived,
                changes: Vec::new(),
            });
        }
    }

    /// The units that rows name: those of the ledger, and those that begin with this file.
    fn find_units(&mut self, lines: &[Line], known: &[(String, Marks)]) -> Vec<Result<UnitOf, RowProblem>> {
        let marks = lines.iter().map(|line| Marks::of_fields(Kind::Unit, &line.unit, &Fields::new(), "", false));
        let marks: Vec<Marks> = marks.collect();
        let unsaid: Vec<bool> = marks.iter().map(Marks::is_empty).collect();
        let found = identity::find(Kind::Unit, marks, known);
        let mut listed: HashMap<usize, usize> = HashMap::new();
        let mut all = Vec::with_capacity(lines.len());
        for ((line, found), unsaid) in lines.iter().zip(found).zip(unsaid) {
            let unit = match found {
                _ if unsaid => Ok(UnitOf::Unsaid),
                Err(problem) => Err(problem),
                Ok(found) => {
                    let at = *listed.entry(found.first).or_insert(self.units.len());
                    if at == self.units.len() {
                        if let (None, Some(record)) = (&found.known, found.like) {
                            self.warn(line.row, RowOddity::OtherHasNumber { record });
                        }
                        let target = found.known.map_or(Target::New, Target::Known);
                        self.units.push(PlannedUnit { row: line.row, target, fields: Fields::new(), changes: Vec::new() });
                    }
                    self.add_to_unit(at, line);
                    Ok(UnitOf::Listed(at))
                }
            };
            all.push(unit);
        }
        all
    }

    /// What stands for a unit of the list in the marks of its machines.
    fn unit_key(&self, at: usize) -> String {
        match self.units.get(at).map(|unit| &unit.target) {
            Some(Target::Known(id)) => id.clone(),
            _ => format!("row {at}"),
        }
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

fn text<'a>(fields: &'a Fields, path: &str) -> &'a str {
    fields.get(path).and_then(Value::as_str).unwrap_or_default()
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
