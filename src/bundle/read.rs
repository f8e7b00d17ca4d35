//! Reads a bundle as its bytes arrive.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{BundleError, Limited, Place, Problem, Section, Subject};
use super::header::{BundlePurpose, Header};
use super::limits::Limits;
use super::notice::{Notice, record_notices};
use super::photo::{PhotoEvent, read_photo};
use super::record::{RecordModel, named_photos, read_record};
use super::seal::{Lines, Seal, read_seal};
use crate::domain::change::Sha256;
use crate::domain::id::RecordId;
use crate::evidence::chain::sha256;

pub(super) const OPEN: &[u8] = b"{\"format\":\"spotcheck-bundle\",\"version\":1,\"header\":";
pub(super) const TO_RECORDS: &[u8] = b",\"records\":[";
pub(super) const TO_PHOTOS: &[u8] = b"],\"photos\":[";
pub(super) const TO_SEAL: &[u8] = b"],\"seal\":";
pub(super) const CLOSE: &[u8] = b"}";

/// What comes out of a bundle while it is read.
///
/// Nothing of it may be kept before [`Reader::finish`] has returned `Ok`: the seal stands at the end.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The header.
    Header(Box<Header>),
    /// A record, all of whose digests, chains and seals hold.
    Record(Box<RecordModel>),
    /// A photo with the right size, digest and kind.
    Photo(Box<PhotoEvent>),
    /// The seal: it fits all the lines before it.
    Seal(Box<Seal>),
}

/// A bundle that was read to its end and holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Verified {
    /// The header.
    pub header: Header,
    /// The seal.
    pub seal: Seal,
    /// How many records.
    pub records: usize,
    /// How many of them are sealed.
    pub sealed_records: usize,
    /// How many changes in all records.
    pub changes: usize,
    /// How many photos.
    pub photos: usize,
    /// How many bytes.
    pub size_bytes: u64,
    /// What is odd but not wrong.
    pub notices: Vec<Notice>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Header,
    /// After `[` or after a comma: a record. `first`: or the end of the list.
    Record {
        first: bool,
    },
    Photos,
    Photo {
        first: bool,
    },
    Seal,
    End,
}

/// What has come by in a list, with the offset of its line.
struct Seen<T> {
    list: Vec<(T, u64)>,
    set: BTreeSet<T>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { list: Vec::new(), set: BTreeSet::new() }
    }
}

impl<T: Clone + Ord> Seen<T> {
    fn contains(&self, item: &T) -> bool {
        self.set.contains(item)
    }

    fn add(&mut self, item: T, offset: u64) {
        self.set.insert(item.clone());
        self.list.push((item, offset));
    }
}

/// Reads a bundle in pieces of any size.
///
/// Holds one line at a time, at most [`Limits::line_bytes`], and a digest for each line.
///
/// Two passes keep an import safe with little memory: the first feeds the file and keeps from the events only what is small (for photos
/// `data_offset` and `data_len`); when [`Reader::finish`] says `Ok`, the second cuts the photos out of the same file. Where the file may
/// have changed in between, read it again with a new reader and compare [`Seal::digest`].
pub struct Reader {
    limits: Limits,
    expect: Expect,
    line: Vec<u8>,
    line_offset: u64,
    fed_bytes: u64,
    header: Option<Header>,
    seal: Option<Seal>,
    lines: Lines,
    records: Seen<RecordId>,
    photos: Seen<Sha256>,
    named: BTreeSet<Sha256>,
    wanted: BTreeMap<Sha256, RecordId>,
    sealed_records: usize,
    changes: usize,
    notices: Vec<Notice>,
    failed: Option<BundleError>,
}

impl Reader {
    /// A reader at the start of a file.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            expect: Expect::Header,
            line: Vec::new(),
            line_offset: 0,
            fed_bytes: 0,
            header: None,
            seal: None,
            lines: Lines::default(),
            records: Seen::default(),
            photos: Seen::default(),
            named: BTreeSet::new(),
            wanted: BTreeMap::new(),
            sealed_records: 0,
            changes: 0,
            notices: Vec::new(),
            failed: None,
        }
    }

    /// Takes the next bytes of the file and gives what became complete with them.
    ///
    /// # Errors
    /// [`BundleError`] when the file must be refused; it is given again for everything that is fed afterwards.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Vec<Event>, BundleError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = self.feed_lines(bytes);
        if let Err(error) = &result {
            self.failed = Some(error.clone());
            self.line = Vec::new();
        }
        result
    }

    /// Says whether the file was whole. Only now may anything that came out of it be kept.
    ///
    /// # Errors
    /// [`BundleError`] when the file ended too early or was refused before.
    pub fn finish(mut self) -> Result<Verified, BundleError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let (Expect::End, Some(header), Some(seal)) = (self.expect, self.header.take(), self.seal.take()) else {
            let begins_right = self.expect != Expect::Header || OPEN.starts_with(&self.line) || self.line.starts_with(OPEN);
            let error = if begins_right { BundleError::new(self.place(), Problem::Truncated) } else { open_problem(&self.line) };
            return Err(error.with_offset(self.line_offset));
        };
        let mut notices = self.notices;
        notices.extend(self.photos.set.difference(&self.named).map(|photo| Notice::PhotoUnnamed { sha256: *photo }));
        let elsewhere = self.wanted.into_iter().filter(|(photo, _)| !self.photos.contains(photo));
        notices.extend(elsewhere.map(|(sha256, record)| Notice::PhotoElsewhere { record, sha256 }));
        Ok(Verified {
            header,
            seal,
            records: self.records.list.len(),
            sealed_records: self.sealed_records,
            changes: self.changes,
            photos: self.photos.list.len(),
            size_bytes: self.fed_bytes,
            notices,
        })
    }

    fn feed_lines(&mut self, bytes: &[u8]) -> Result<Vec<Event>, BundleError> {
        let mut events = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.fed_bytes += as_u64(piece.len());
            if self.fed_bytes > self.limits.part_bytes {
                let problem = Problem::Limit { what: Limited::PartBytes, max: self.limits.part_bytes };
                let place = Place::of(Section::Byte(self.limits.part_bytes));
                return Err(BundleError { place, problem, offset: self.line_offset, subject: None });
            }
            if self.expect == Expect::End {
                return Err(self.refuse(Place::of(Section::Byte(0)), Problem::Trailing));
            }
            let max = if self.expect == Expect::Header { self.limits.header_bytes } else { self.limits.line_bytes };
            if self.line.len() + piece.len() > max {
                return Err(self.refuse(self.place(), Problem::limit(Limited::LineBytes, max)));
            }
            self.line.extend_from_slice(piece);
            if piece.last() == Some(&b'\n') {
                // The buffer goes back afterwards, so that its memory is used again.
                let line = std::mem::take(&mut self.line);
                let json = line.strip_suffix(b"\n").unwrap_or(&line);
                let event = self.read(json).map_err(|error| self.locate(error))?;
                events.extend(event);
                self.line_offset += as_u64(line.len());
                self.line = line;
                self.line.clear();
            }
        }
        self.check_start()?;
        Ok(events)
    }

    /// Tells another file by its first bytes, without waiting for its first line to end.
    fn check_start(&self) -> Result<(), BundleError> {
        let other = self.expect == Expect::Header && self.line.len() >= OPEN.len() && !self.line.starts_with(OPEN);
        if other { Err(open_problem(&self.line)) } else { Ok(()) }
    }

    /// Where the next line would stand.
    fn place(&self) -> Place {
        Place::of(match self.expect {
            Expect::Header => Section::Header,
            Expect::Record { .. } => Section::Record(self.lines.records.len()),
            Expect::Photos => Section::Records,
            Expect::Photo { .. } => Section::Photo(self.lines.photos.len()),
            Expect::Seal => Section::Seal,
            Expect::End => Section::Byte(0),
        })
    }

    fn refuse(&self, place: Place, problem: Problem) -> BundleError {
        BundleError::new(place, problem).with_offset(self.line_offset)
    }

    fn read(&mut self, line: &[u8]) -> Result<Option<Event>, BundleError> {
        match self.expect {
            Expect::Header => self.read_header(line).map(Some),
            Expect::Record { first: true } if line == TO_PHOTOS => self.turn(Expect::Photo { first: true }),
            Expect::Photos if line == TO_PHOTOS => self.turn(Expect::Photo { first: true }),
            Expect::Photos => Err(BundleError::new(Place::of(Section::Records), Problem::Frame)),
            Expect::Record { .. } => self.read_record(line).map(Some),
            Expect::Photo { first: true } if line.starts_with(TO_SEAL) => self.read_seal(line).map(Some),
            Expect::Photo { .. } => self.read_photo(line).map(Some),
            Expect::Seal => self.read_seal(line).map(Some),
            Expect::End => Err(BundleError::new(Place::of(Section::Byte(0)), Problem::Trailing)),
        }
    }

    fn turn(&mut self, next: Expect) -> Result<Option<Event>, BundleError> {
        self.expect = next;
        Ok(None)
    }

    fn read_header(&mut self, line: &[u8]) -> Result<Event, BundleError> {
        let rest = line.strip_prefix(OPEN).ok_or_else(|| open_problem(line))?;
        let json = rest.strip_suffix(TO_RECORDS).ok_or_else(|| BundleError::new(Place::of(Section::Header), Problem::Frame))?;
        let header = Header::read(json, &self.limits)?;
        if let BundlePurpose::Other(purpose) = &header.purpose {
            self.notices.push(Notice::UnknownPurpose { purpose: purpose.clone() });
        }
        self.lines.header = Some(sha256(json));
        self.header = Some(header.clone());
        self.expect = Expect::Record { first: true };
        Ok(Event::Header(Box::new(header)))
    }

    fn read_record(&mut self, line: &[u8]) -> Result<Event, BundleError> {
        let index = self.lines.records.len();
        let place = Place::of(Section::Record(index));
        if index >= self.limits.records {
            return Err(BundleError::new(place, Problem::limit(Limited::Records, self.limits.records)));
        }
        let (json, more) = split_comma(line);
        let record = read_record(json, index, &self.limits)?;
        if self.records.contains(&record.id) {
            return Err(BundleError::new(place.field("id"), Problem::RecordTwice).about(Subject::Record(record.id)));
        }
        self.note(&record);
        self.lines.records.push(sha256(json));
        self.records.add(record.id.clone(), self.line_offset);
        self.expect = if more { Expect::Record { first: false } } else { Expect::Photos };
        Ok(Event::Record(Box::new(record)))
    }

    fn note(&mut self, record: &RecordModel) {
        if let Some(header) = &self.header {
            self.notices.extend(record_notices(record, header));
        }
        self.changes += record.journal.len();
        self.sealed_records += usize::from(!record.seals.is_empty());
        let (ever, now) = named_photos(record);
        self.named.extend(ever);
        for photo in now {
            self.wanted.entry(photo).or_insert_with(|| record.id.clone());
        }
    }

    fn read_photo(&mut self, line: &[u8]) -> Result<Event, BundleError> {
        let index = self.lines.photos.len();
        let place = Place::of(Section::Photo(index));
        if index >= self.limits.photos {
            return Err(BundleError::new(place, Problem::limit(Limited::Photos, self.limits.photos)));
        }
        let (json, more) = split_comma(line);
        let event = read_photo(json, index, self.line_offset, &self.limits)?;
        let sha = event.photo.sha256;
        if self.photos.contains(&sha) {
            return Err(BundleError::new(place.field("sha256"), Problem::PhotoTwice).about(Subject::Photo(sha)));
        }
        self.lines.photos.push(sha256(json));
        self.photos.add(sha, self.line_offset);
        self.expect = if more { Expect::Photo { first: false } } else { Expect::Seal };
        Ok(Event::Photo(Box::new(event)))
    }

    fn read_seal(&mut self, line: &[u8]) -> Result<Event, BundleError> {
        let frame = || BundleError::new(Place::of(Section::Seal), Problem::Frame);
        let json = line.strip_prefix(TO_SEAL).and_then(|rest| rest.strip_suffix(CLOSE)).ok_or_else(frame)?;
        let header = self.header.as_ref().ok_or_else(frame)?;
        let seal = read_seal(json, header, &self.lines, &self.limits)?;
        self.seal = Some(seal.clone());
        self.expect = Expect::End;
        Ok(Event::Seal(Box::new(seal)))
    }

    /// Says at which byte, and of which record or photo. The seal may find a line wrong that went by long ago.
    fn locate(&self, error: BundleError) -> BundleError {
        let (offset, subject) = match error.place.section {
            Section::Header | Section::Format | Section::Version => (0, None),
            Section::Record(index) => match self.records.list.get(index) {
                Some((id, offset)) => (*offset, Some(Subject::Record(id.clone()))),
                None => (self.line_offset, None),
            },
            Section::Photo(index) => match self.photos.list.get(index) {
                Some((sha, offset)) => (*offset, Some(Subject::Photo(*sha))),
                None => (self.line_offset, None),
            },
            Section::Byte(_) | Section::Records | Section::Photos | Section::Seal => (self.line_offset, None),
        };
        let error = error.with_offset(offset);
        match subject {
            Some(subject) if error.subject.is_none() => error.about(subject),
            _ => error,
        }
    }
}

/// A line of a list without its comma, and whether it had one.
fn split_comma(line: &[u8]) -> (&[u8], bool) {
    match line.strip_suffix(b",") {
        Some(json) => (json, true),
        None => (line, false),
    }
}

/// Why the file does not begin like a bundle of this version.
fn open_problem(line: &[u8]) -> BundleError {
    const FORMAT: &[u8] = b"{\"format\":\"spotcheck-bundle\",\"version\":";
    let Some(rest) = line.strip_prefix(FORMAT) else {
        let begin = [line.get(..64).unwrap_or(line), b"\n"].concat();
        if crate::envelope::is_envelope(&begin) {
            return BundleError::new(Place::of(Section::Format), Problem::Encrypted);
        }
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
        // A lone brace, or our name with other spacing: somebody's editor has been here.
        let reformatted = text == b"{" || (text.starts_with(b"{") && text.windows(16).any(|window| window == b"spotcheck-bundle"));
        return BundleError::new(Place::of(Section::Format), if reformatted { Problem::Frame } else { Problem::NotABundle });
    };
    let digits: String = rest.iter().take(16).take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
    match digits.parse() {
        Ok(1) => BundleError::new(Place::of(Section::Header), Problem::Frame),
        found => BundleError::new(Place::of(Section::Version), Problem::Version { found: found.unwrap_or_default() }),
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Reads a whole bundle from memory. For small bundles and tests.
///
/// # Errors
/// [`BundleError`] when it must be refused.
pub fn read_all(bytes: &[u8]) -> Result<(Vec<Event>, Verified), BundleError> {
    let mut reader = Reader::new(Limits::default());
    let events = reader.feed(bytes)?;
    Ok((events, reader.finish()?))
}
