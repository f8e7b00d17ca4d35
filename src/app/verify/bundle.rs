//! Bundles, one after another.

use std::collections::{BTreeMap, BTreeSet};

use sha2::Digest as _;

use super::line::{RecordLine, named};
use super::{Chains, Grade, Number, Problem, Source, Verified, What, as_u64};
use crate::bundle::{BundleError, Event, Header, Limits, Notice, Reader, RecordModel, Subject};
use crate::domain::change::Sha256;
use crate::domain::id::RecordId;

/// Bundles that are checked together, as parts of one export are.
#[derive(Default)]
pub(super) struct Bundles {
    reading: Option<Reading>,
    done: Vec<Verified>,
    /// Photos of all good files.
    photos: BTreeSet<Sha256>,
    /// Changes of all good files.
    chains: Chains,
}

/// The file that is open.
struct Reading {
    name: String,
    digest: sha2::Sha256,
    size_bytes: u64,
    /// None once it was refused: only its digest is still wanted.
    reader: Option<Reader>,
    refused: Option<BundleError>,
    header: Option<Header>,
    records: Vec<RecordLine>,
    numbers: Vec<(Number, Sha256)>,
    photos: BTreeSet<Sha256>,
    /// Whose photo it is, to say so when it is bad.
    named: BTreeMap<Sha256, RecordId>,
}

impl Bundles {
    pub(super) fn open(&mut self, name: &str) {
        self.close(false);
        self.reading = Some(Reading {
            name: name.to_owned(),
            digest: sha2::Sha256::new(),
            size_bytes: 0,
            reader: Some(Reader::new(Limits::default())),
            refused: None,
            header: None,
            records: Vec::new(),
            numbers: Vec::new(),
            photos: BTreeSet::new(),
            named: BTreeMap::new(),
        });
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let Some(reading) = &mut self.reading else { return };
        reading.digest.update(bytes);
        reading.size_bytes += as_u64(bytes.len());
        // A line at a time: what a refused piece has in front of the fault would be lost, and with it whose photo is bad.
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(reader) = &mut reading.reader else { return };
            match reader.feed(piece) {
                Ok(events) => events.into_iter().for_each(|event| reading.take(event)),
                Err(error) => {
                    reading.reader = None;
                    reading.refused = Some(error);
                }
            }
        }
    }

    pub(super) fn close(&mut self, whole: bool) {
        let Some(reading) = self.reading.take() else { return };
        let index = self.done.len();
        let (verified, numbers, photos) = reading.end(whole);
        for (number, hash) in numbers {
            self.chains.entry(number).or_default().push((hash, index));
        }
        self.photos.extend(photos);
        self.done.push(verified);
    }

    pub(super) fn finish(mut self) -> Vec<Verified> {
        self.close(false);
        // A photo that is in another of the files is not missing.
        let here = |what: &What| matches!(what, What::Notice(Notice::PhotoElsewhere { sha256, .. }) if self.photos.contains(sha256));
        for one in &mut self.done {
            one.problems.retain(|problem| !here(&problem.what));
        }
        forks(&self.chains, &mut self.done);
        absent_parts(&mut self.done);
        self.done
    }
}

impl Reading {
    fn take(&mut self, event: Event) {
        match event {
            Event::Header(header) => self.header = Some(*header),
            Event::Record(record) => self.take_record(&record),
            Event::Photo(event) => {
                self.photos.insert(event.photo.sha256);
            }
            Event::Seal(_) => {}
        }
    }

    fn take_record(&mut self, record: &RecordModel) {
        self.named.extend(named(&record.state).into_iter().map(|photo| (photo, record.id.clone())));
        self.records.push(RecordLine::of(&record.journal, &record.state));
        self.numbers.extend(record.journal.entries().map(|entry| {
            let change = &entry.change;
            ((change.record.clone(), change.device.clone(), change.seq), entry.hash)
        }));
    }

    fn end(mut self, whole: bool) -> (Verified, Vec<(Number, Sha256)>, BTreeSet<Sha256>) {
        let result = match (self.reader.take(), self.refused.take()) {
            (_, Some(error)) => Err(Problem::new(What::Refused(Box::new(error)))),
            (Some(_), None) if !whole => Err(Problem::new(What::Unreadable)),
            (Some(reader), None) => reader.finish().map_err(|error| Problem::new(What::Refused(Box::new(error)))),
            (None, None) => Err(Problem::new(What::Unreadable)),
        };
        let mut verified = Verified {
            source: Source::Bundle,
            file: self.name,
            sha256: Sha256(self.digest.finalize().into()),
            size_bytes: self.size_bytes,
            header: self.header,
            records: Vec::new(),
            changes: 0,
            photos: 0,
            problems: Vec::new(),
        };
        match result {
            Ok(read) => {
                verified.problems = self.records.iter().flat_map(of_line).collect();
                verified.problems.extend(read.notices.into_iter().filter_map(of_notice));
                (verified.changes, verified.photos) = (read.changes, read.photos);
                verified.records = self.records;
                (verified, self.numbers, self.photos)
            }
            Err(mut problem) => {
                if let What::Refused(error) = &problem.what {
                    match error.subject.as_deref() {
                        Some(Subject::Record(id)) => problem.place.record = Some(id.clone()),
                        Some(Subject::Photo(sha256)) => {
                            problem.place.photo = Some(*sha256);
                            problem.place.record = self.named.get(sha256).cloned();
                        }
                        None => {}
                    }
                }
                let title = |id: &RecordId| self.records.iter().find(|line| line.id == *id).map(|line| line.title.clone());
                problem.place.title = problem.place.record.as_ref().and_then(title).unwrap_or_default();
                verified.problems.push(problem);
                (verified, Vec::new(), BTreeSet::new())
            }
        }
    }
}

/// What should be known of a record that holds.
pub(super) fn of_line(line: &RecordLine) -> Vec<Problem> {
    let mut found = Vec::new();
    if line.is_sealable() && line.seals == 0 {
        found.push(What::Unsealed);
    }
    if line.amended > 0 {
        found.push(What::Amended { changes: line.amended });
    }
    if line.conflicts > 0 {
        found.push(What::Conflicts { count: line.conflicts });
    }
    found.into_iter().map(|what| Problem::new(what).of(&line.id)).collect()
}

/// What the reader finds odd and the row of the record does not say.
fn of_notice(notice: Notice) -> Option<Problem> {
    let (record, photo) = match &notice {
        Notice::Unsealed { .. } | Notice::Amended { .. } => return None,
        Notice::UnknownPurpose { .. } => (None, None),
        Notice::PhotoUnnamed { sha256 } => (None, Some(*sha256)),
        Notice::PhotoElsewhere { record, sha256 } => (Some(record.clone()), Some(*sha256)),
        Notice::Unattested { record, .. } | Notice::AfterBundle { record, .. } | Notice::ClockJump { record, .. } => {
            (Some(record.clone()), None)
        }
    };
    let mut problem = Problem::new(What::Notice(notice));
    (problem.place.record, problem.place.photo) = (record, photo);
    Some(problem)
}

/// Numbers that two files give to different changes.
fn forks(chains: &Chains, done: &mut [Verified]) {
    let names: Vec<String> = done.iter().map(|one| one.file.clone()).collect();
    for ((record, device, seq), changes) in chains {
        for (hash, index) in changes {
            let Some((_, other)) = changes.iter().find(|(known, _)| known != hash) else { continue };
            let what = What::Fork { device: device.clone(), seq: *seq, other: names.get(*other).cloned().unwrap_or_default() };
            if let Some(one) = done.get_mut(*index) {
                one.problems.push(Problem::new(what).of(record));
            }
        }
    }
}

/// Parts of the same export that are not among the good files.
fn absent_parts(done: &mut [Verified]) {
    let mut parts: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for one in done.iter().filter(|one| one.grade() < Grade::Bad || !one.records.is_empty()) {
        if let Some(header) = &one.header {
            parts.entry(header.id.to_string()).or_default().insert(header.part.k);
        }
    }
    for one in done {
        let Some(header) = &one.header else { continue };
        let Some(seen) = parts.get(header.id.as_str()) else { continue };
        let of = header.part.n;
        let absent: Vec<u32> = (1..=of).filter(|k| !seen.contains(k)).collect();
        if !absent.is_empty() {
            one.problems.push(Problem::new(What::PartsAbsent { parts: absent, of }));
        }
    }
}
