//! Reads the files that were chosen and feeds them to the check.

use web_sys::File;

use crate::app::verify::{Checker, Verified, is_case_folder};
use crate::browser::files::{path_of, read_slice, size_bytes};

/// Bytes that are read at once.
const PIECE: u64 = 1 << 20;

/// How far a check is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The file that is read.
    pub file: String,
    /// Of all bytes.
    pub percent: u64,
}

/// Checks files, or those of a folder. They are read piece by piece, so the page stays alive and memory small.
pub async fn check(files: Vec<File>, tell: impl Fn(Progress)) -> Vec<Verified> {
    let mut named: Vec<(String, File)> = files.into_iter().map(|file| (path_of(&file), file)).collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let total: u64 = named.iter().map(|(_, file)| size_bytes(file)).sum();
    let mut checker = if is_case_folder(named.iter().map(|(name, _)| name.as_str())) {
        let folder = named.iter().find_map(|(name, _)| name.split_once('/')).map_or("", |(folder, _)| folder);
        Checker::folder(folder)
    } else {
        Checker::bundles()
    };
    let (mut done, mut shown) = (0, u64::MAX);
    for (path, file) in &named {
        let name = path.split_once('/').map_or(path.as_str(), |(_, name)| name);
        checker.open(name);
        let size = size_bytes(file);
        let (mut at, mut whole) = (0, true);
        while at < size {
            let percent = (done + at) * 100 / total.max(1);
            if percent != shown {
                shown = percent;
                tell(Progress { file: name.to_owned(), percent });
            }
            match read_slice(file, at, (at + PIECE).min(size)).await {
                Ok(bytes) if !bytes.is_empty() => {
                    at += u64::try_from(bytes.len()).unwrap_or(PIECE);
                    checker.feed(&bytes);
                }
                _ => {
                    whole = false;
                    break;
                }
            }
        }
        checker.close(whole);
        done += size;
    }
    checker.finish()
}
