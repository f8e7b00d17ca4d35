//! A ZIP file without any time in it: all entries are of 1980-01-01, the format's zero.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// The year 1980 is 0; month and day count from 1.
const DATE_1980: u16 = (1 << 5) | 1;
const VERSION: u16 = 20;
const DEFLATED: u16 = 8;

/// Collects entries.
#[derive(Default)]
pub(crate) struct ZipWriter {
    out: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl ZipWriter {
    /// Adds an entry; `name` is ASCII.
    ///
    /// # Errors
    /// More than 4 GiB or 65,535 entries.
    pub fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(content);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content)?;
        let packed = encoder.finish()?;
        let local = size(self.out.len())?;

        let mut header = Vec::new();
        for field in [VERSION, 0, DEFLATED, 0, DATE_1980] {
            header.extend(field.to_le_bytes());
        }
        for field in [crc.sum(), size(packed.len())?, size(content.len())?] {
            header.extend(field.to_le_bytes());
        }
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        header.extend(name_length.to_le_bytes());
        header.extend([0, 0]);

        self.out.extend(b"PK\x03\x04");
        self.out.extend(&header);
        self.out.extend(name.as_bytes());
        self.out.extend(packed);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(&header);
        // Comment length, disk, attributes: none.
        self.directory.extend([0; 10]);
        self.directory.extend(local.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count = self.count.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    /// The file.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        let (start, length) = (size(self.out.len())?, size(self.directory.len())?);
        self.out.extend(self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(length.to_le_bytes());
        self.out.extend(start.to_le_bytes());
        self.out.extend([0, 0]);
        Ok(self.out)
    }
}

fn size(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(|_| too_large())
}

fn too_large() -> io::Error {
    io::ErrorKind::FileTooLarge.into()
}
