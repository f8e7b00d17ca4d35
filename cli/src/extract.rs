//! `spotcheck extract`: checked records and photos as ordinary files.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Error, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use spotcheck::app::verify::{LIST, record_file};
use spotcheck::bundle::{Event, Photo};
use spotcheck::domain::change::Sha256;
use spotcheck::evidence::chain::sha256;

use crate::file;
use crate::show::{Records, load};
use crate::text::{clean, print};
use crate::verify::bad;
use crate::words::{self, Lang};

/// Checks all files, then unpacks them into a folder that is new or empty.
pub fn run(files: &[PathBuf], folder: &Path, lang: Lang) -> u8 {
    let (records, digests) = match load(files) {
        Ok(loaded) => loaded,
        Err((path, error)) => {
            eprint!("{}", bad(path, &error, lang));
            return error.code();
        }
    };
    let mut out = match Folder::open(folder) {
        Ok(out) => out,
        Err(error) => return io_failed(folder, &error, lang),
    };
    match unpack(&records, files, digests, &mut out, lang).and_then(|()| out.finish().map_err(|error| io_failed(folder, &error, lang))) {
        Ok(count) => {
            let forked = records.values().flat_map(|journal| journal.forks().into_iter().map(|fork| (journal.record(), fork)));
            let forked: Vec<String> = forked.map(|(record, (device, seq))| words::fork(lang, record, &device, seq)).collect();
            forked.iter().for_each(|line| eprintln!("{line}"));
            let told = print(&match lang {
                Lang::Zh => format!("已解出 {count} 个文件，可用 sha256sum -c SHA256SUMS 核对\n"),
                Lang::En => format!("{count} files written; check them with sha256sum -c SHA256SUMS\n"),
            });
            told.max(u8::from(!forked.is_empty()))
        }
        Err(code) => {
            out.discard();
            code
        }
    }
}

fn unpack(records: &Records, files: &[PathBuf], digests: Vec<Sha256>, out: &mut Folder, lang: Lang) -> Result<(), u8> {
    for journal in records.values() {
        if let Err(error) = out.write(&format!("{}.json", journal.record()), record_file(journal).as_bytes()) {
            return Err(io_failed(&out.path, &error, lang));
        }
    }
    for (path, digest) in files.iter().zip(digests) {
        unpack_photos(path, digest, out, lang)?;
    }
    Ok(())
}

fn io_failed(path: &Path, error: &Error, lang: Lang) -> u8 {
    eprintln!("{}: {}", clean(&path.to_string_lossy()), words::io_error(lang, error));
    2
}

/// Reads the file a second time, one photo in memory at a time, and makes sure that it is still the file that was checked.
fn unpack_photos(path: &Path, digest: Sha256, out: &mut Folder, lang: Lang) -> Result<(), u8> {
    let read = file::read(path, |event| match event {
        Event::Photo(event) => out.write_photo(&event.photo),
        Event::Header(_) | Event::Record(_) | Event::Seal(_) => Ok(()),
    });
    match read {
        Ok(verified) if verified.seal.digest == digest => Ok(()),
        Ok(_) => Err(io_failed(path, &ErrorKind::InvalidData.into(), lang)),
        Err(error) => {
            eprint!("{}", bad(path, &error, lang));
            Err(error.code())
        }
    }
}

/// A folder to which files are only added, under names that are made here: identifiers and digests, never a text of a bundle.
struct Folder {
    path: PathBuf,
    /// Whether it was made here.
    made: bool,
    /// Names of files that were begun, whole or not.
    begun: Vec<String>,
    sums: BTreeMap<String, Sha256>,
}

impl Folder {
    fn open(path: &Path) -> Result<Self, Error> {
        let made = !path.exists();
        fs::create_dir_all(path)?;
        if fs::read_dir(path)?.next().is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        Ok(Self { path: path.to_owned(), made, begun: Vec::new(), sums: BTreeMap::new() })
    }

    fn write_photo(&mut self, photo: &Photo) -> Result<(), Error> {
        let (digest, ending) = (photo.sha256.to_string(), photo.mime.extension());
        let short: String = digest.chars().take(16).collect();
        let name = format!("{short}.{ending}");
        match self.sums.get(&name) {
            Some(sum) if *sum == photo.sha256 => Ok(()),
            // Two photos whose digests begin alike: not by chance. Each keeps its own file.
            Some(_) => self.write(&format!("{digest}.{ending}"), &photo.bytes),
            None => self.write(&name, &photo.bytes),
        }
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(self.path.join(name))?;
        self.begun.push(name.to_owned());
        file.write_all(bytes)?;
        file.sync_all()?;
        self.sums.insert(name.to_owned(), sha256(bytes));
        Ok(())
    }

    /// Writes the list of digests last: where it is missing, the folder is not whole.
    fn finish(&mut self) -> Result<usize, Error> {
        let count = self.sums.len();
        let list: String = self.sums.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        self.write(LIST, list.as_bytes())?;
        Ok(count)
    }

    /// Takes back what was written, and nothing else: half of a folder must not look like the whole.
    fn discard(&self) {
        for name in &self.begun {
            // What can't be removed stays, without the list of digests by which a folder is known to be whole.
            let _ = fs::remove_file(self.path.join(name));
        }
        if self.made {
            let _ = fs::remove_dir(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn half_a_folder_is_taken_back() {
        let place = std::env::temp_dir().join(format!("spotcheck-extract-{}", std::process::id()));
        let mut out = Folder::open(&place).unwrap();
        out.write("a.json", b"a").unwrap();
        assert!(out.write("a.json", b"b").is_err(), "nothing is overwritten");
        out.discard();
        assert!(!place.exists());
    }

    #[test]
    fn a_folder_that_was_there_stays() {
        let place = std::env::temp_dir().join(format!("spotcheck-kept-{}", std::process::id()));
        fs::create_dir_all(&place).unwrap();
        let mut out = Folder::open(&place).unwrap();
        out.write("a.json", b"a").unwrap();
        out.discard();
        assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
        fs::remove_dir(&place).unwrap();
    }
}
