//! The directory of a ZIP file, checked as a whole before any entry is unpacked, and entries unpacked piece by piece.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::read::error::{Fault, Foreign, ReadError};
use crate::read::limits::{self, Limit};

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const END_64_PLACE: &[u8] = b"PK\x06\x07";
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// The end record and the longest comment.
const END_AREA: usize = 22 + 0xFFFF;

/// A checked directory.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    /// By name in lower case with forward slashes: programs differ in both.
    entries: BTreeMap<String, Entry>,
    /// Bytes that may still be unpacked, whatever is read how often.
    left: Cell<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    method: u16,
    encrypted: bool,
    crc: u32,
    packed: u64,
    unpacked: u64,
    local: usize,
    data: usize,
}

impl<'a> Archive<'a> {
    /// Checks the directory: number of entries, declared sizes and ratios, no overlaps, names that agree.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let (count, start, end) = directory(bytes).ok_or_else(|| ReadError::damaged("", Fault::CutOff))?;
        if count > limits::ENTRIES {
            return Err(ReadError::too_much(Limit::Entries, ""));
        }
        let mut archive = Archive { bytes, entries: BTreeMap::new(), left: Cell::new(limits::UNPACKED_BYTES) };
        let mut at = start;
        for _ in 0..count {
            let (name, entry, next) = directory_entry(bytes, at, end).ok_or_else(|| ReadError::damaged("", Fault::Structure))?;
            at = next;
            let entry = locate(bytes, &name, entry, start)?;
            let name = String::from_utf8_lossy(&name).replace('\\', "/").to_lowercase();
            if archive.entries.insert(name.clone(), entry).is_some() {
                return Err(ReadError::damaged(&name, Fault::Contradiction));
            }
        }
        archive.check_sizes()?;
        Ok(archive)
    }

    fn check_sizes(&self) -> Result<(), ReadError> {
        let mut total = 0_u64;
        for (name, entry) in &self.entries {
            total = total.saturating_add(entry.unpacked);
            if total > limits::UNPACKED_BYTES {
                return Err(ReadError::too_much(Limit::UnpackedBytes, name));
            }
            if entry.unpacked > limits::RATIO_FROM && entry.unpacked > entry.packed.saturating_mul(limits::RATIO) {
                return Err(ReadError::too_much(Limit::Ratio, name));
            }
        }
        let mut spans: Vec<_> = self.entries.iter().map(|(name, entry)| (entry.local, entry.data as u64 + entry.packed, name)).collect();
        spans.sort_unstable();
        for pair in spans.windows(2) {
            if let [(_, end, _), (start, _, name)] = pair
                && *end > *start as u64
            {
                return Err(ReadError::damaged(name, Fault::Contradiction));
            }
        }
        Ok(())
    }

    /// Whether there is an entry of this name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&key(name))
    }

    /// Whether an entry's name begins like this.
    pub fn has_under(&self, folder: &str) -> bool {
        let folder = key(folder);
        self.entries.range(folder.clone()..).next().is_some_and(|(name, _)| name.starts_with(&folder))
    }

    /// An entry to be unpacked while it is read.
    pub fn part(&self, name: &str) -> Result<Part<'_>, ReadError> {
        let entry = *self.entries.get(&key(name)).ok_or_else(|| ReadError::damaged(name, Fault::MissingPart))?;
        if entry.encrypted {
            return Err(ReadError::Encrypted);
        }
        let end = entry.data + entry.packed as usize;
        let data = self.bytes.get(entry.data..end).ok_or_else(|| ReadError::damaged(name, Fault::CutOff))?;
        let unpacker = match entry.method {
            0 => Unpacker::Stored(data),
            8 => Unpacker::Deflated(Box::new(DeflateDecoder::new(data))),
            _ => return Err(ReadError::Unsupported { format: Foreign::Packing }),
        };
        Ok(Part { name: name.to_owned(), unpacker, entry, crc: Crc::new(), met: 0, left: &self.left, failure: None })
    }
}

fn key(name: &str) -> String {
    name.trim_start_matches('/').to_lowercase()
}

/// An entry while it is unpacked: never more than declared, never more than the whole file may.
pub(crate) struct Part<'a> {
    pub name: String,
    unpacker: Unpacker<'a>,
    entry: Entry,
    crc: Crc,
    met: u64,
    left: &'a Cell<u64>,
    failure: Option<ReadError>,
}

enum Unpacker<'a> {
    Stored(&'a [u8]),
    Deflated(Box<DeflateDecoder<&'a [u8]>>),
}

impl Part<'_> {
    /// Why reading failed.
    pub fn failure(&mut self) -> ReadError {
        self.failure.take().unwrap_or_else(|| ReadError::damaged(&self.name, Fault::Structure))
    }

    /// Sets why reading fails.
    pub fn fail(&mut self, error: ReadError) -> io::Error {
        self.failure = Some(error);
        io::ErrorKind::InvalidData.into()
    }
}

impl Read for Part<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.unpacker {
            Unpacker::Stored(data) => data.read(out),
            Unpacker::Deflated(decoder) => decoder.read(out),
        };
        let count = match read {
            Ok(count) => count,
            Err(_) => return Err(self.fail(ReadError::damaged(&self.name, Fault::CutOff))),
        };
        if count == 0 && !out.is_empty() {
            if self.met != self.entry.unpacked || self.crc.sum() != self.entry.crc {
                return Err(self.fail(ReadError::damaged(&self.name, Fault::Contradiction)));
            }
            return Ok(0);
        }
        self.met += count as u64;
        self.crc.update(out.get(..count).unwrap_or_default());
        if self.met > self.entry.unpacked {
            return Err(self.fail(ReadError::damaged(&self.name, Fault::Contradiction)));
        }
        match self.left.get().checked_sub(count as u64) {
            Some(left) => self.left.set(left),
            None => return Err(self.fail(ReadError::too_much(Limit::UnpackedBytes, &self.name))),
        }
        Ok(count)
    }
}

/// Number of entries, start and end of the directory.
fn directory(bytes: &[u8]) -> Option<(u64, usize, usize)> {
    let from = bytes.len().saturating_sub(END_AREA);
    let end = (from..bytes.len().saturating_sub(21)).rev().find(|at| bytes.get(*at..at + 4) == Some(END))?;
    let (count, size, start) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 12)?, u32_at(bytes, end + 16)?);
    let (mut count, mut size, mut start) = (u64::from(count), u64::from(size), u64::from(start));
    let place = end.checked_sub(20).filter(|at| bytes.get(*at..at + 4) == Some(END_64_PLACE));
    if let Some(place) = place.filter(|_| count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF) {
        let record = usize::try_from(u64_at(bytes, place + 8)?).ok()?;
        if bytes.get(record..record.checked_add(4)?) != Some(END_64) {
            return None;
        }
        (count, size, start) = (u64_at(bytes, record + 32)?, u64_at(bytes, record + 40)?, u64_at(bytes, record + 48)?);
    }
    let (start, finish) = (usize::try_from(start).ok()?, usize::try_from(start.checked_add(size)?).ok()?);
    (finish <= end).then_some((count, start, finish))
}

/// One entry of the directory at `at`, and where the next one is.
fn directory_entry(bytes: &[u8], at: usize, end: usize) -> Option<(Vec<u8>, Entry, usize)> {
    if bytes.get(at..at.checked_add(4)?) != Some(ENTRY) {
        return None;
    }
    let (name_length, extra_length, comment_length) = (u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?);
    let name_end = at + 46 + usize::from(name_length);
    let extra_end = name_end + usize::from(extra_length);
    let next = extra_end + usize::from(comment_length);
    let name = bytes.get(at + 46..name_end)?.to_vec();
    let mut large = bytes.get(name_end..extra_end).map(zip64)?.unwrap_or_default().into_iter();
    let mut size = |at| match u32_at(bytes, at)? {
        u32::MAX => large.next(),
        size => Some(u64::from(size)),
    };
    let (unpacked, packed, local) = (size(at + 24)?, size(at + 20)?, size(at + 42)?);
    let entry = Entry {
        method: u16_at(bytes, at + 10)?,
        encrypted: u16_at(bytes, at + 8)? & 1 != 0,
        crc: u32_at(bytes, at + 16)?,
        packed,
        unpacked,
        local: usize::try_from(local).ok()?,
        data: 0,
    };
    (next <= end).then_some((name, entry, next))
}

/// The large sizes of an entry, in the order of those that don't fit 32 bits.
fn zip64(mut extra: &[u8]) -> Option<Vec<u64>> {
    while extra.len() >= 4 {
        let (id, length) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let data = extra.get(4..4 + length)?;
        if id == 1 {
            return Some(data.chunks_exact(8).filter_map(|chunk| u64_at(chunk, 0)).collect());
        }
        extra = extra.get(4 + length..)?;
    }
    None
}

/// Finds the entry's data behind its local header, which must bear the same name.
fn locate(bytes: &[u8], name: &[u8], entry: Entry, directory: usize) -> Result<Entry, ReadError> {
    let damaged = |fault| ReadError::damaged(&String::from_utf8_lossy(name), fault);
    let at = entry.local;
    if at >= directory || bytes.get(at..at + 4) != Some(LOCAL) {
        return Err(damaged(Fault::Structure));
    }
    let lengths = u16_at(bytes, at + 26).zip(u16_at(bytes, at + 28));
    let (name_length, extra_length) = lengths.ok_or_else(|| damaged(Fault::CutOff))?;
    let name_end = at + 30 + usize::from(name_length);
    if bytes.get(at + 30..name_end) != Some(name) {
        return Err(damaged(Fault::Contradiction));
    }
    let data = name_end + usize::from(extra_length);
    match (data as u64).checked_add(entry.packed) {
        Some(end) if end <= directory as u64 => Ok(Entry { data, ..entry }),
        _ => Err(damaged(Fault::Contradiction)),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}
