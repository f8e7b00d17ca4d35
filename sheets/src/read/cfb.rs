//! The OLE container ("compound file") in which Excel 97 to 2003 keeps a workbook, and in which a workbook with a
//! password is wrapped.

const END: u32 = 0xFFFF_FFFE;
const DIRECTORY_ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Shorter streams are in the mini stream.
const MINI_BELOW: u64 = 4_096;

/// A container whose tables have been read.
pub(crate) struct Cfb<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Cfb<'a> {
    /// Reads the tables; none if they are damaged.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut cfb = Cfb { bytes, sector, fat: Vec::new(), mini_fat: Vec::new(), mini_stream: Vec::new(), entries: Vec::new() };
        cfb.fat = cfb.read_fat()?;
        let directory = cfb.chain(u32_at(bytes, 48)?, u64::MAX)?;
        cfb.entries = directory.chunks_exact(DIRECTORY_ENTRY).filter_map(directory_entry).collect();
        let (root, root_size) = cfb.entries.first().map(|root| (root.start, root.size))?;
        let mini_fat = u32_at(bytes, 60)?;
        if mini_fat < END {
            cfb.mini_fat = numbers(&cfb.chain(mini_fat, u64::MAX)?).collect();
            cfb.mini_stream = cfb.chain(root, root_size)?;
        }
        Some(cfb)
    }

    /// Whether there is a stream or folder of this name anywhere.
    pub fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// A whole stream; none if it is missing or cut off.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entry(name)?;
        if entry.size >= MINI_BELOW {
            return self.chain(entry.start, entry.size);
        }
        let sector = |id: u32| {
            let from = (id as usize).checked_mul(MINI_SECTOR)?;
            self.mini_stream.get(from..(from + MINI_SECTOR).min(self.mini_stream.len()))
        };
        collect(entry.start, entry.size, self.mini_stream.len(), &self.mini_fat, sector)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let from = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        // The last sector may be short.
        self.bytes.get(from..from.checked_add(self.sector)?.min(self.bytes.len()))
    }

    fn chain(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        collect(start, size, self.bytes.len(), &self.fat, |id| self.sector(id))
    }

    fn read_fat(&self) -> Option<Vec<u32>> {
        let mut sectors: Vec<u32> = numbers(self.bytes.get(76..512)?).collect();
        let most = self.bytes.len() / self.sector + 1;
        let mut next = u32_at(self.bytes, 68)?;
        let mut steps = 0;
        while next < END {
            steps += 1;
            if steps > most {
                return None;
            }
            sectors.extend(numbers(self.sector(next)?));
            next = sectors.pop()?;
        }
        sectors.retain(|id| *id < END);
        if sectors.len() > most {
            return None;
        }
        let mut fat = Vec::new();
        for id in sectors {
            fat.extend(numbers(self.sector(id)?));
        }
        Some(fat)
    }
}

/// Follows a chain up to a size, or to its end if that is unlimited; a chain of more than `most` bytes is a ring.
fn collect<'b>(start: u32, size: u64, most: usize, fat: &[u32], sector: impl Fn(u32) -> Option<&'b [u8]>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut next = start;
    while out.len() <= most {
        if out.len() as u64 >= size {
            out.truncate(usize::try_from(size).ok()?);
            return Some(out);
        }
        if next >= END {
            return (size == u64::MAX).then_some(out);
        }
        let content = sector(next).filter(|content| !content.is_empty())?;
        out.extend_from_slice(content);
        next = *fat.get(next as usize)?;
    }
    None
}

fn directory_entry(bytes: &[u8]) -> Option<Entry> {
    let length = usize::from(u16_at(bytes, 64)?).min(64).saturating_sub(2);
    let (units, _) = bytes.get(..length)?.as_chunks::<2>();
    let name = char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))).map(|char| char.unwrap_or('\u{FFFD}')).collect();
    // The upper half of the size is garbage in old files and never needed.
    Some(Entry { name, start: u32_at(bytes, 116)?, size: u64::from(u32_at(bytes, 120)?) })
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}
