//! A case folder: a file for each record, a file for each photo, and a list of their digests.

use std::collections::{BTreeMap, BTreeSet};

use sha2::Digest as _;

use super::bundle::of_line;
use super::line::{RecordLine, ever_named, named};
use super::{LIST, Problem, Source, Verified, What, as_u64, record_file};
use crate::bundle::{Mime, limits};
use crate::domain::change::Sha256;
use crate::domain::id::RecordId;

/// Bytes of one file of a folder. Records are written there with spaces and lines, so they are larger than in a bundle.
const FILE_BYTES: u64 = 2 * limits::PART_BYTES;
/// First bytes by which the kind of a picture is told.
const HEAD_BYTES: usize = 16;
/// Digits of a digest by which a photo is named where these tell it from all others.
const SHORT: usize = 16;

/// The files of a folder.
pub(super) struct Folder {
    name: String,
    reading: Option<Reading>,
    /// The files that are there, and their digests.
    sums: BTreeMap<String, Sha256>,
    /// What the list says; none before it was read.
    listed: Option<BTreeMap<String, Sha256>>,
    records: Vec<RecordLine>,
    /// The photos that records name, each with a record that does.
    named: BTreeMap<Sha256, RecordId>,
    /// The photos that they ever named.
    ever_named: BTreeSet<Sha256>,
    /// The photos that are there and whole, with their files.
    photos: BTreeMap<Sha256, String>,
    size_bytes: u64,
    problems: Vec<Problem>,
}

/// What a file is by its name.
enum Is {
    List,
    Record(RecordId),
    /// The digits of the digest, and the ending.
    Photo(String, String),
    Other,
}

struct Reading {
    name: String,
    is: Is,
    digest: sha2::Sha256,
    size_bytes: u64,
    /// The whole of a list or a record, the beginning of anything else.
    bytes: Vec<u8>,
}

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            reading: None,
            sums: BTreeMap::new(),
            listed: None,
            records: Vec::new(),
            named: BTreeMap::new(),
            ever_named: BTreeSet::new(),
            photos: BTreeMap::new(),
            size_bytes: 0,
            problems: Vec::new(),
        }
    }

    pub(super) fn open(&mut self, name: &str) {
        self.close(false);
        self.reading =
            Some(Reading { name: name.to_owned(), is: Is::of(name), digest: sha2::Sha256::new(), size_bytes: 0, bytes: Vec::new() });
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        let Some(reading) = &mut self.reading else { return };
        reading.digest.update(bytes);
        reading.size_bytes += as_u64(bytes.len());
        let wanted = match reading.is {
            Is::List | Is::Record(_) if reading.size_bytes <= FILE_BYTES => bytes.len(),
            Is::List | Is::Record(_) => 0,
            Is::Photo(..) | Is::Other => HEAD_BYTES.saturating_sub(reading.bytes.len()).min(bytes.len()),
        };
        reading.bytes.extend(bytes.iter().take(wanted));
    }

    pub(super) fn close(&mut self, whole: bool) {
        let Some(reading) = self.reading.take() else { return };
        let digest = Sha256(reading.digest.finalize().into());
        let name = reading.name;
        self.size_bytes += reading.size_bytes;
        if !matches!(reading.is, Is::List) {
            self.sums.insert(name.clone(), digest);
        }
        if !whole || reading.size_bytes > FILE_BYTES {
            let what = if whole { What::TooLarge { max: FILE_BYTES } } else { What::Unreadable };
            self.problems.push(Problem::new(what).in_file(&name));
            return;
        }
        match reading.is {
            Is::List => self.take_list(&reading.bytes),
            Is::Record(id) => self.take_record(&name, &id, &reading.bytes),
            Is::Photo(digits, ending) => self.take_photo(&name, &digits, &ending, &reading.bytes, digest),
            Is::Other => {}
        }
    }

    fn take_list(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        let mut listed = BTreeMap::new();
        let mut bad = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let entry = line.split_once("  ").and_then(|(digest, name)| Some((name.to_owned(), Sha256::parse(digest).ok()?)));
            match entry {
                Some((name, digest)) if !listed.contains_key(&name) => drop(listed.insert(name, digest)),
                _ => bad.push(index + 1),
            }
        }
        // In another order, with other ends of lines: then it is not the list that was written, and its digest is another one.
        if bad.is_empty() && list_text(&listed).as_bytes() != bytes {
            let own = list_text(&listed);
            bad.push(1 + own.split_inclusive('\n').zip(text.split_inclusive('\n')).take_while(|(own, line)| own == line).count());
        }
        self.problems.extend(bad.into_iter().map(|line| Problem::new(What::ListLine { line }).in_file(LIST)));
        self.listed = Some(listed);
    }

    fn take_record(&mut self, name: &str, id: &RecordId, bytes: &[u8]) {
        let (journal, found) = record_file::read(bytes);
        let record = journal.as_ref().map_or(id, |journal| journal.record()).clone();
        self.problems.extend(found.into_iter().map(|what| Problem::new(what).in_file(name).of(&record)));
        let Some(journal) = journal else { return };
        if record != *id {
            self.problems.push(Problem::new(What::OtherRecord).in_file(name).of(&record));
        }
        let state = journal.fold();
        let line = RecordLine::of(&journal, &state);
        self.problems.extend(of_line(&line));
        self.named.extend(named(&state).into_iter().map(|photo| (photo, record.clone())));
        self.ever_named.extend(ever_named(&journal));
        self.records.push(line);
    }

    fn take_photo(&mut self, name: &str, digits: &str, ending: &str, head: &[u8], digest: Sha256) {
        if !digest.to_string().starts_with(digits) {
            self.problems.push(Problem::new(What::PhotoDigest).in_file(name));
        } else if Mime::sniff(head).is_none_or(|mime| mime.extension() != ending) {
            self.problems.push(Problem::new(What::PhotoKind).in_file(name));
        } else {
            self.photos.insert(digest, name.to_owned());
        }
    }

    pub(super) fn finish(mut self) -> Verified {
        self.close(false);
        self.compare_list();
        self.compare_photos();
        if self.records.is_empty() {
            self.problems.push(Problem::new(What::Empty));
        }
        self.records.sort_by(|a, b| a.id.cmp(&b.id));
        let list = list_text(&self.sums);
        Verified {
            source: Source::Folder { files: self.sums.len() },
            file: self.name,
            sha256: crate::evidence::chain::sha256(list.as_bytes()),
            size_bytes: self.size_bytes,
            header: None,
            changes: self.records.iter().map(|line| line.changes).sum(),
            photos: self.photos.len(),
            records: self.records,
            problems: self.problems,
        }
    }

    fn compare_list(&mut self) {
        let Some(listed) = &self.listed else {
            self.problems.push(Problem::new(What::NoList));
            return;
        };
        let is_unread =
            |name: &str| self.problems.iter().any(|one| one.what == What::Unreadable && one.place.file.as_deref() == Some(name));
        let unread: BTreeSet<&String> = listed.keys().filter(|name| is_unread(name)).collect();
        for (name, digest) in listed.iter().filter(|(name, _)| !unread.contains(name)) {
            let what = match self.sums.get(name) {
                None => What::Absent,
                Some(found) if found != digest => What::NotAsListed,
                Some(_) => continue,
            };
            let mut problem = Problem::new(what).in_file(name);
            if let Is::Record(id) = Is::of(name) {
                problem.place.record = Some(id);
            }
            self.problems.push(problem);
        }
        let unlisted = self.sums.keys().filter(|name| !listed.contains_key(*name));
        self.problems.extend(unlisted.map(|name| Problem::new(What::Unlisted).in_file(name)));
    }

    fn compare_photos(&mut self) {
        // A file that is there under the name of a photo is told of already.
        let bad: BTreeSet<String> = self.problems.iter().filter(|problem| problem.what == What::PhotoDigest).filter_map(name_of).collect();
        for (photo, record) in &self.named {
            let short: String = photo.to_string().chars().take(SHORT).collect();
            if bad.iter().any(|name| name.starts_with(&short)) {
                let whose = self.problems.iter_mut().filter(|problem| problem.what == What::PhotoDigest);
                whose.filter(|problem| name_of(problem).is_some_and(|name| name.starts_with(&short))).for_each(|problem| {
                    problem.place.record = Some(record.clone());
                    problem.place.photo = Some(*photo);
                });
            } else if !self.photos.contains_key(photo) {
                self.problems.push(Problem::new(What::PhotoAbsent).of(record).photo(*photo));
            }
        }
        let unnamed = self.photos.iter().filter(|(photo, _)| !self.ever_named.contains(*photo));
        self.problems.extend(unnamed.map(|(photo, name)| Problem::new(What::PhotoUnnamed).in_file(name).photo(*photo)));
    }
}

/// The list as `sha256sum` writes it, in the order of the names.
fn list_text(sums: &BTreeMap<String, Sha256>) -> String {
    sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

fn name_of(problem: &Problem) -> Option<String> {
    problem.place.file.clone()
}

impl Is {
    fn of(name: &str) -> Self {
        if name == LIST {
            return Self::List;
        }
        let Some((stem, ending)) = name.rsplit_once('.') else { return Self::Other };
        match ending {
            "json" => RecordId::parse(stem).map_or(Self::Other, Self::Record),
            "jpg" | "png" | "webp" | "heic" if is_digits(stem) => Self::Photo(stem.to_owned(), ending.to_owned()),
            _ => Self::Other,
        }
    }
}

fn is_digits(stem: &str) -> bool {
    (stem.len() == SHORT || stem.len() == 64) && stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
