//! Records and their fields. A record of more than 8,224 bytes goes on in records of a type of their own, and so
//! may any text in it.

use super::super::error::{Fault, ReadError};

const CONTINUE: u16 = 0x003C;
/// What follows the characters of a text: formatting runs, and data about pronunciation.
const RICH: u8 = 0x08;
const EXTENDED: u8 = 0x04;
const WIDE: u8 = 0x01;

/// A record with its continuations.
pub(super) struct Record<'a> {
    pub kind: u16,
    parts: Vec<&'a [u8]>,
}

/// The records of a stream; one that is cut off is an error and the last.
pub(super) fn records(mut rest: &[u8]) -> impl Iterator<Item = Result<Record<'_>, ReadError>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some((kind, part, after)) = split(rest) else {
            // Streams may be padded with zeros.
            let padding = rest.iter().all(|byte| *byte == 0);
            rest = &[];
            return (!padding).then(|| Err(ReadError::damaged("Workbook", Fault::CutOff)));
        };
        let mut parts = vec![part];
        rest = after;
        while let Some((CONTINUE, part, after)) = split(rest) {
            parts.push(part);
            rest = after;
        }
        Some(Ok(Record { kind, parts }))
    })
}

fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (kind, rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (part, after) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    Some((u16::from_le_bytes(*kind), part, after))
}

impl Record<'_> {
    /// Reads it from its beginning.
    pub fn fields(&self) -> Fields<'_> {
        let (now, later) = self.parts.split_first().map_or((&[][..], &[][..]), |(now, later)| (*now, later));
        Fields { now, later }
    }
}

/// A record's content, read in order. Every read is none at its end.
pub(super) struct Fields<'a> {
    now: &'a [u8],
    later: &'a [&'a [u8]],
}

impl Fields<'_> {
    /// Bytes left in this part of the record.
    pub fn left(&self) -> usize {
        self.now.len()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub fn f64(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    pub fn bytes8(&mut self) -> Option<[u8; 8]> {
        self.take()
    }

    pub fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.next_part()?;
            let step = count.min(self.now.len());
            self.now = self.now.get(step..)?;
            count -= step;
        }
        Some(())
    }

    /// A text with its length before it and whatever comes after it.
    pub fn text(&mut self) -> Option<String> {
        let length = usize::from(self.u16()?);
        self.characters(length)
    }

    /// A text of known length: its flags, characters, and whatever comes after them.
    pub fn characters(&mut self, length: usize) -> Option<String> {
        // An empty text may have no flags.
        if length == 0 && self.now.is_empty() && self.later.is_empty() {
            return Some(String::new());
        }
        let flags = self.u8()?;
        let runs = if flags & RICH != 0 { usize::from(self.u16()?) } else { 0 };
        let extended = if flags & EXTENDED != 0 { self.u32()? as usize } else { 0 };
        let mut units = Vec::new();
        let mut wide = flags & WIDE != 0;
        while units.len() < length {
            if self.now.is_empty() {
                self.next_part()?;
                // Characters that go on in the next part say again how wide they are.
                wide = self.u8()? & WIDE != 0;
            }
            units.push(if wide { self.u16()? } else { u16::from(self.u8()?) });
        }
        self.skip(runs * 4)?;
        self.skip(extended)?;
        Some(String::from_utf16_lossy(&units))
    }

    /// Numbers are never split among parts.
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.next_part()?;
        let (taken, rest) = self.now.split_first_chunk::<N>()?;
        self.now = rest;
        Some(*taken)
    }

    fn next_part(&mut self) -> Option<()> {
        while self.now.is_empty() {
            let (now, later) = self.later.split_first()?;
            (self.now, self.later) = (now, later);
        }
        Some(())
    }
}
