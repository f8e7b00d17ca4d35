//! `spotcheck open`: decrypts what a consumer's app has encrypted for the bureau.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use spotcheck::envelope::passphrase::{self, MAX_LOG_N};
use spotcheck::envelope::{self, Identity, MAX_BYTES, OpenError, Reading, is_envelope};

use crate::text::clean;
use crate::words::{self, Lang};

/// The ending of encrypted files.
const ENDING: &str = "age";

/// Opens a file and writes what is in it, beside it or to `out`. Nothing is overwritten.
pub fn run(file: &Path, key: &Path, out: Option<&Path>, lang: Lang) -> u8 {
    match open(file, key, out, lang) {
        Ok(written) => {
            println!("{}: {}", clean(&written.to_string_lossy()), lang.pick("已解密", "decrypted"));
            0
        }
        Err((path, Fault::Io(error))) => fail(&path, &words::io_error(lang, &error), 2),
        Err((path, Fault::Key)) => {
            fail(&path, lang.pick("不是密钥文件：其中没有 AGE-SECRET-KEY-1…", "not a key file: there is no AGE-SECRET-KEY-1… in it"), 2)
        }
        Err((path, Fault::Open(error))) => fail(&path, &words::open_error(lang, error), 1),
    }
}

fn fail(path: &Path, why: &str, code: u8) -> u8 {
    eprintln!("{}: {why}", clean(&path.to_string_lossy()));
    code
}

enum Fault {
    Io(io::Error),
    Key,
    Open(OpenError),
}

fn open(file: &Path, key: &Path, out: Option<&Path>, lang: Lang) -> Result<PathBuf, (PathBuf, Fault)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| (path.clone(), Fault::Io(error))
    };
    let sealed = read(file).map_err(at(file))?;
    // A file that is none needs no key.
    if !is_envelope(&sealed) {
        return Err((file.to_owned(), Fault::Open(OpenError::NotAnEnvelope)));
    }
    let identities = read_key(key, lang).map_err(|fault| (key.to_owned(), fault))?;
    let plain = envelope::open(&sealed, &identities).map_err(|error| (file.to_owned(), Fault::Open(error)))?;
    let out = out.map_or_else(|| beside(file), Path::to_owned);
    let mut written = OpenOptions::new().write(true).create_new(true).open(&out).map_err(at(&out))?;
    written.write_all(&plain).and_then(|()| written.sync_all()).map_err(at(&out))?;
    Ok(out)
}

/// Reads a file that is not larger than what is opened.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let most = MAX_BYTES as u64 * 3 / 2 + Reading::HEAD_BYTES;
    if fs::metadata(path)?.len() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// `a.json.age` → `a.json`; any other name gets `.json` behind it.
fn beside(file: &Path) -> PathBuf {
    if file.extension().is_some_and(|ending| ending == ENDING) {
        return file.with_extension("");
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

fn read_key(path: &Path, lang: Lang) -> Result<Vec<Identity>, Fault> {
    let bytes = read(path).map_err(Fault::Io)?;
    let plain = if is_envelope(&bytes) {
        let words = ask(lang.pick("密钥口令：", "Passphrase of the key: ")).map_err(Fault::Io)?;
        passphrase::open(&bytes, &words, MAX_LOG_N).map_err(|error| match error {
            OpenError::NotForUs => Fault::Key,
            error => Fault::Open(error),
        })?
    } else {
        bytes
    };
    std::str::from_utf8(&plain).ok().and_then(|text| Identity::parse_file(text).ok()).ok_or(Fault::Key)
}

/// Reads a line of the standard input; on a terminal it is asked for and not shown.
fn ask(question: &str) -> io::Result<String> {
    let terminal = io::stdin().is_terminal();
    if terminal {
        eprint!("{question}");
        show(false);
    }
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line);
    if terminal {
        show(true);
        eprintln!();
    }
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Lets the terminal show what is typed, or not. Where there is no `stty` it is shown.
fn show(shown: bool) {
    let how = if shown { "echo" } else { "-echo" };
    let _ = Command::new("stty").arg(how).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
