//! Which rows of a file and which records of a ledger are one and the same.
//!
//! Rows and records carry marks, from the strongest sort of number to the weakest. Two of them are one where they share a
//! mark and no stronger one that both have differs. A mark that people hand out freely (product number, number within the
//! unit, name) tells one from others only where a single one on the other side has it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::read::RowProblem;
use super::row::Fields;
use super::{Card, Kind};
use crate::domain::equipment::{normalise_certificate, normalise_code};

/// Sorts of marks, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Sort {
    /// Equipment code, credit code.
    Code,
    /// Old registration code, number of registration from before.
    Registration,
    /// Use registration certificate, within the unit.
    Certificate,
    /// Serial number of an instrument, within the unit.
    Serial,
    /// Name and address of a unit.
    Address,
    /// Product number, within the unit: makers count from 1 each.
    Made,
    /// Number within the unit.
    Internal,
    /// A certificate that covers several pieces of a unit, as for pipelines.
    SharedCertificate,
    /// Name: of a unit, or of equipment within its unit.
    Name,
}

impl Sort {
    const ALL: [Self; 9] = [
        Self::Code,
        Self::Registration,
        Self::Certificate,
        Self::Serial,
        Self::Address,
        Self::Made,
        Self::Internal,
        Self::SharedCertificate,
        Self::Name,
    ];

    /// Whether several may well have the same.
    fn is_weak(self) -> bool {
        matches!(self, Self::Made | Self::Internal | Self::SharedCertificate | Self::Name)
    }
}

/// What tells a row or a record from others.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    /// First character of the kind of equipment, the kind of an instrument. Boilers and lifts of a unit are numbered apart, as
    /// are scales and gauges, whose makers count from 001 each.
    family: Option<String>,
    /// Sorted, the strongest first.
    all: Vec<(Sort, String)>,
}

impl Marks {
    /// Of what a row says. `unit` stands for its unit, empty where that is unknown; `shared_certificate` where a certificate
    /// covers several pieces.
    pub fn of_fields(kind: Kind, fields: &Fields, derived: &Fields, unit: &str, shared_certificate: bool) -> Self {
        let text = |path: &str| {
            let value = fields.get(path).or_else(|| derived.get(path));
            value.and_then(Value::as_str).unwrap_or_default()
        };
        let mut marks = Self::default();
        match kind {
            Kind::Unit => marks.of_unit(text("uscc"), text("legacy_no"), text("name"), text("address")),
            Kind::Equipment => {
                let of_type = [text("equipment_kind"), text("type_code")].into_iter().find(|code| !code.is_empty());
                marks.family = of_type.and_then(|code| code.chars().next()).map(String::from);
                marks.of_machine(text("code"), text("registration_code"));
                let certificate = if shared_certificate { Sort::SharedCertificate } else { Sort::Certificate };
                marks.within(unit, certificate, &normalise_certificate(text("cert_no")));
                marks.within(unit, Sort::Made, text("made_no"));
                marks.within(unit, Sort::Internal, text("internal_no"));
                marks.within(unit, Sort::Name, text("name"));
            }
            Kind::Instrument => {
                marks.family = Some(normalise_code(text("instrument_kind"))).filter(|kind| !kind.is_empty());
                marks.within(unit, Sort::Serial, text("serial_no"));
            }
        }
        marks.all.sort();
        marks
    }

    /// Of a record of the ledger.
    pub fn of_card(kind: Kind, card: &Card) -> Self {
        let mut marks = Self::default();
        let unit = card.unit_id.as_str();
        match kind {
            Kind::Unit => {
                let uscc = if card.code == card.registration_code { "" } else { &card.code };
                marks.of_unit(uscc, &card.registration_code, &card.title, &card.address);
            }
            Kind::Equipment => {
                marks.family = card.type_code.chars().next().map(String::from);
                marks.of_machine(&card.code, &card.registration_code);
                let certificate = normalise_certificate(&card.cert_no);
                for sort in [Sort::Certificate, Sort::SharedCertificate] {
                    marks.within(unit, sort, &certificate);
                }
                marks.within(unit, Sort::Made, card.facts.get("made_no").and_then(Value::as_str).unwrap_or_default());
                marks.within(unit, Sort::Internal, &card.internal_no);
                // Without a name, a number is the title.
                if ![&card.internal_no, &card.code, &card.cert_no, &card.registration_code].contains(&&card.title) {
                    marks.within(unit, Sort::Name, &card.title);
                }
            }
            Kind::Instrument => {
                marks.family = Some(normalise_code(&card.type_code)).filter(|kind| !kind.is_empty());
                marks.within(unit, Sort::Serial, &card.code);
            }
        }
        marks.all.sort();
        marks
    }

    /// Files put the registration code of before, which alone has twenty digits, into the column of equipment codes.
    fn of_machine(&mut self, code: &str, registration: &str) {
        let code = normalise_code(code);
        let is_old = code.chars().count() == 20 && code.chars().all(|c| c.is_ascii_digit());
        self.push(if is_old { Sort::Registration } else { Sort::Code }, code);
        self.push(Sort::Registration, normalise_code(registration));
    }

    fn of_unit(&mut self, uscc: &str, legacy: &str, name: &str, address: &str) {
        let (uscc, legacy, name, address) = (normalise_code(uscc), normalise_code(legacy), normalise_code(name), normalise_code(address));
        // Files put numbers of before into the column of credit codes, and the other way round; these have 18 characters.
        let is_uscc = |code: &str| code.chars().count() == 18;
        if !uscc.is_empty() && !is_uscc(&uscc) {
            self.push(Sort::Registration, uscc.clone());
        }
        self.push(Sort::Code, uscc);
        self.push(if is_uscc(&legacy) { Sort::Code } else { Sort::Registration }, legacy);
        if !name.is_empty() && !address.is_empty() {
            self.push(Sort::Address, format!("{name}\n{address}"));
        }
        self.push(Sort::Name, name);
    }

    fn push(&mut self, sort: Sort, text: String) {
        if !text.is_empty() {
            self.all.push((sort, text));
        }
    }

    fn within(&mut self, unit: &str, sort: Sort, text: &str) {
        // One file writes wide brackets, the next one narrow ones.
        let text = normalise_code(text);
        if !unit.is_empty() && !text.is_empty() {
            self.push(sort, format!("{text}\n{unit}"));
        }
    }

    /// Whether there is anything to know it by.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a name is all there is.
    pub fn only_name(&self) -> bool {
        self.strongest() == Some(Sort::Name)
    }

    fn strongest(&self) -> Option<Sort> {
        self.all.first().map(|(sort, _)| *sort)
    }

    fn of_sort(&self, sort: Sort) -> impl Iterator<Item = &str> {
        self.all.iter().filter(move |(own, _)| *own == sort).map(|(_, text)| text.as_str())
    }

    /// A stronger mark than this sort that both have and that differs: this one's and the other's.
    fn differing<'a>(&'a self, other: &'a Self, than: Sort) -> Option<(&'a str, &'a str)> {
        Sort::ALL.into_iter().take_while(|sort| *sort < than).find_map(|sort| {
            let (own, theirs) = (self.of_sort(sort).next()?, other.of_sort(sort).next()?);
            let shared = self.of_sort(sort).any(|text| other.of_sort(sort).any(|theirs| theirs == text));
            (!shared).then_some((own, theirs))
        })
    }

    fn same_family(&self, other: &Self) -> bool {
        self.family.is_none() || other.family.is_none() || self.family == other.family
    }

    fn fits(&self, other: &Self, than: Sort) -> bool {
        let by_family = than.is_weak() || than == Sort::Serial;
        self.differing(other, than).is_none() && (!by_family || self.same_family(other))
    }

    fn take(&mut self, other: &Self) {
        self.family = self.family.take().or_else(|| other.family.clone());
        self.all.extend(other.all.iter().cloned());
        self.all.sort();
        self.all.dedup();
    }
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The record of the ledger, by its id.
    pub known: Option<String>,
    /// Of the rows about the same one, the one that says best which it is; a row by its place in the list.
    pub first: usize,
    /// A record that may be the same one: a person should look.
    pub like: Option<String>,
}

/// For each row, what it is about; a problem where that can't be said without guessing.
pub(super) fn find(kind: Kind, rows: Vec<Marks>, ledger: &[(String, Marks)]) -> Vec<Result<Found, RowProblem>> {
    let mut pool = Pool::of(kind, rows, ledger);
    for sort in Sort::ALL {
        for holders in pool.holders(sort) {
            if sort.is_weak() { pool.join_weak(sort, holders) } else { pool.join_strong(sort, holders) }
        }
    }
    pool.answers()
}

/// One or more rows, or a record, or both.
struct Node {
    record: Option<String>,
    marks: Marks,
    problem: Option<RowProblem>,
    like: Option<String>,
}

struct Pool {
    kind: Kind,
    /// Rows in their order, then the records that share a mark with one.
    nodes: Vec<Node>,
    /// Into which node each was joined; itself when into none.
    into: Vec<usize>,
    rows: usize,
    /// The strongest sort of each row.
    strength: Vec<Option<Sort>>,
    /// Who has a mark: places of nodes, by sort in the order of rows.
    by_mark: Vec<(Sort, Vec<usize>)>,
}

impl Pool {
    fn of(kind: Kind, rows: Vec<Marks>, ledger: &[(String, Marks)]) -> Self {
        let strength = rows.iter().map(Marks::strongest).collect();
        let mut nodes: Vec<Node> = rows.into_iter().map(|marks| Node { record: None, marks, problem: None, like: None }).collect();
        let rows = nodes.len();
        let mut places: HashMap<(Sort, String), usize> = HashMap::new();
        let mut by_mark: Vec<(Sort, Vec<usize>)> = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            for mark in &node.marks.all {
                let place = *places.entry(mark.clone()).or_insert_with(|| {
                    by_mark.push((mark.0, Vec::new()));
                    by_mark.len() - 1
                });
                by_mark.get_mut(place).into_iter().for_each(|(_, holders)| holders.push(at));
            }
        }
        let mut concerned: Vec<&(String, Marks)> =
            ledger.iter().filter(|(_, marks)| marks.all.iter().any(|mark| places.contains_key(mark))).collect();
        // The cards come in no particular order; what is decided must not depend on it.
        concerned.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, marks) in concerned {
            for place in marks.all.iter().filter_map(|mark| places.get(mark)) {
                by_mark.get_mut(*place).into_iter().for_each(|(_, holders)| holders.push(nodes.len()));
            }
            nodes.push(Node { record: Some(id.clone()), marks: marks.clone(), problem: None, like: None });
        }
        Self { kind, into: (0..nodes.len()).collect(), nodes, rows, strength, by_mark }
    }

    fn root(&self, mut at: usize) -> usize {
        while let Some(&next) = self.into.get(at)
            && next != at
        {
            at = next;
        }
        at
    }

    fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    fn is_record(&self, at: usize) -> bool {
        self.node(at).is_some_and(|node| node.record.is_some())
    }

    fn fit(&self, a: usize, b: usize, sort: Sort) -> bool {
        self.node(a).zip(self.node(b)).is_some_and(|(a, b)| a.marks.fits(&b.marks, sort))
    }

    fn same_family(&self, a: usize, b: usize) -> bool {
        self.node(a).zip(self.node(b)).is_some_and(|(a, b)| a.marks.same_family(&b.marks))
    }

    /// Whether nothing stronger than this sort is known of it.
    fn has_nothing_above(&self, at: usize, sort: Sort) -> bool {
        self.node(at).is_some_and(|node| node.marks.strongest() >= Some(sort))
    }

    fn holders(&self, sort: Sort) -> Vec<Vec<usize>> {
        self.by_mark.iter().filter(|(own, holders)| *own == sort && holders.len() > 1).map(|(_, holders)| holders.clone()).collect()
    }

    /// Those that are still apart: records first, then by how well they are known.
    fn apart(&self, holders: &[usize]) -> Vec<usize> {
        let mut seen = HashSet::new();
        let mut roots: Vec<usize> = holders.iter().map(|at| self.root(*at)).filter(|root| seen.insert(*root)).collect();
        roots.retain(|root| self.node(*root).is_some_and(|node| node.problem.is_none()));
        roots.sort_by_key(|root| (!self.is_record(*root), self.node(*root).and_then(|node| node.marks.strongest()), *root));
        roots
    }

    fn join(&mut self, from: usize, to: usize) {
        let Some(marks) = self.node(from).map(|node| node.marks.clone()) else { return };
        let like = self.nodes.get_mut(from).and_then(|node| node.like.take());
        if let (Some(node), Some(into)) = (self.nodes.get_mut(to), self.into.get_mut(from)) {
            node.marks.take(&marks);
            node.like = node.like.take().or(like);
            *into = to;
        }
    }

    fn refuse(&mut self, at: usize, problem: RowProblem) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.problem.get_or_insert(problem);
        }
    }

    fn join_strong(&mut self, sort: Sort, holders: Vec<usize>) {
        let mut known: Vec<usize> = Vec::new();
        for at in self.apart(&holders) {
            let fits: Vec<usize> = known.iter().copied().filter(|other| self.fit(at, *other, sort)).collect();
            let is_strongest = self.has_nothing_above(at, sort);
            match (known.first(), fits.as_slice()) {
                (None, _) => known.push(at),
                // Two that are in the ledger already are left as they are.
                _ if self.is_record(at) => known.push(at),
                (Some(&first), []) => {
                    let marks = |at: usize| self.node(at).map(|node| &node.marks);
                    let pair = marks(at).zip(marks(first)).and_then(|(own, other)| own.differing(other, sort));
                    let plain = |text: &str| text.split('\n').next().unwrap_or_default().to_owned();
                    match pair.map(|(found, other)| (plain(found), plain(other))) {
                        Some((found, other)) => self.refuse(at, RowProblem::OtherCode { found, known: other }),
                        // Of another kind, so another one.
                        None => known.push(at),
                    }
                }
                (_, [one]) => self.join(at, *one),
                // Of several with the very number that is meant, the first counts.
                (_, [first, ..]) if is_strongest => self.join(at, *first),
                (_, several) => self.refuse(at, RowProblem::SeveralFit { lines: several.len() }),
            }
        }
    }

    fn join_weak(&mut self, sort: Sort, holders: Vec<usize>) {
        self.join_numbered(sort, &holders);
        // Rows that nothing else tells apart mean the same one.
        let mut plain: Vec<usize> = Vec::new();
        for at in self.apart(&holders) {
            if self.is_record(at) || !self.has_nothing_above(at, sort) {
                continue;
            }
            match plain.iter().copied().find(|other| self.same_family(at, *other)) {
                Some(other) => self.join(at, other),
                None => plain.push(at),
            }
        }
        let others: Vec<usize> = self.apart(&holders).into_iter().filter(|at| !plain.contains(at)).collect();
        for at in plain {
            let fits: Vec<usize> = others.iter().copied().filter(|other| self.fit(at, *other, sort)).collect();
            let lines = fits.len();
            match (fits.as_slice(), self.kind) {
                ([], _) => {}
                ([one], _) => self.join(at, *one),
                (_, Kind::Unit) => self.refuse(at, RowProblem::AmbiguousUnit { units: lines }),
                (_, Kind::Equipment | Kind::Instrument) => self.refuse(at, RowProblem::SeveralFit { lines }),
            }
        }
    }

    /// Rows that have a stronger mark too: one of them is the only other one that has this mark, or a new one.
    fn join_numbered(&mut self, sort: Sort, holders: &[usize]) {
        let mut apart = self.apart(holders);
        apart.retain(|at| self.is_record(*at) || !self.has_nothing_above(*at, sort));
        let peers =
            |at: usize| -> Vec<usize> { apart.iter().copied().filter(|other| *other != at && self.same_family(at, *other)).collect() };
        let all: Vec<(usize, Vec<usize>)> = apart.iter().map(|at| (*at, peers(*at))).collect();
        let pairs = all.iter().filter_map(|(at, peers)| match peers.as_slice() {
            [one] if all.iter().any(|(own, peers)| own == one && peers.as_slice() == [*at]) => Some((*at, *one)),
            _ => None,
        });
        let pairs: Vec<(usize, usize)> =
            pairs.filter(|(at, one)| !self.is_record(*at) && self.fit(*at, *one, sort) && self.may_join(*at, *one, sort)).collect();
        for (at, one) in pairs {
            let one = self.root(one);
            if self.root(at) == at && one != at {
                self.join(at, one);
            }
        }
        for (at, peers) in all {
            if self.root(at) != at || self.is_record(at) {
                continue;
            }
            // A unit of the name at another address may have moved, or its address may be written otherwise.
            let than = if self.kind == Kind::Unit { sort.min(Sort::Address) } else { sort };
            let fits = peers.into_iter().filter(|other| self.is_record(*other) && self.fit(at, *other, than));
            let like = fits.filter_map(|other| self.node(other)?.record.clone()).next();
            if let Some(node) = self.nodes.get_mut(at) {
                node.like = node.like.take().or(like);
            }
        }
    }

    /// Rows of one file that have numbers of their own are taken for different machines, whatever they are called.
    fn may_join(&self, a: usize, b: usize, sort: Sort) -> bool {
        let both_rows = !self.is_record(a) && !self.is_record(b);
        let numbered = !self.has_nothing_above(a, sort) && !self.has_nothing_above(b, sort);
        self.kind == Kind::Unit || sort == Sort::Made || !(both_rows && numbered)
    }

    fn answers(self) -> Vec<Result<Found, RowProblem>> {
        let mut first: HashMap<usize, usize> = HashMap::new();
        for row in 0..self.rows {
            let of = first.entry(self.root(row)).or_insert(row);
            let strength = |row: usize| self.strength.get(row).copied().flatten().unwrap_or(Sort::Name);
            if strength(row) < strength(*of) {
                *of = row;
            }
        }
        let answer = |row: usize| {
            let root = self.root(row);
            let Some(node) = self.node(root) else { return Err(RowProblem::NoIdentity) };
            match &node.problem {
                Some(problem) => Err(problem.clone()),
                None => {
                    let first = first.get(&root).copied().unwrap_or(row);
                    Ok(Found { known: node.record.clone(), first, like: node.like.clone() })
                }
            }
        };
        (0..self.rows).map(answer).collect()
    }
}
