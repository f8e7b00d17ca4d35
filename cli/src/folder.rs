//! `spotcheck verify` of a case folder, and the check that the page for the file is made of.

use std::fs::{self, File};
use std::io::{Error, Read as _};
use std::path::{Path, PathBuf};

use spotcheck::app::verify::{Checker, Grade, Verified, is_case_folder};

use crate::text::{clean, field, print};
use crate::verify_words as words;
use crate::words::{Lang, io_error};

/// Folders within a folder that are still read.
const DEPTH: usize = 8;

/// Checks a case folder and prints a block. A folder with nothing but bundles is read as those.
pub fn run(folder: &Path, lang: Lang) -> u8 {
    if let Err(error) = fs::read_dir(folder) {
        return print(&format!("{}: {}\n", clean(&folder.to_string_lossy()), io_error(lang, &error))).max(2);
    }
    let found = check(&[folder.to_owned()]);
    found.iter().map(|one| print(&block(one, lang)).max(code(one))).max().unwrap_or_default()
}

/// The exit code that a result stands for.
fn code(verified: &Verified) -> u8 {
    match verified.grade() {
        Grade::Bad if verified.is_unread() => 2,
        Grade::Bad => 1,
        Grade::Good | Grade::Odd => 0,
    }
}

/// Checks bundles, or one case folder, to the end.
pub fn check(files: &[PathBuf]) -> Vec<Verified> {
    let mut named = Vec::new();
    for path in files {
        match path.is_dir() {
            true => collect(path, "", DEPTH, &mut named),
            false => named.push((path.to_string_lossy().into_owned(), path.clone())),
        }
    }
    let mut checker = match files {
        [folder] if folder.is_dir() && (named.is_empty() || is_case_folder(named.iter().map(|(name, _)| name.as_str()))) => {
            named.sort();
            Checker::folder(&folder.to_string_lossy())
        }
        _ => Checker::bundles(),
    };
    for (name, path) in named {
        checker.open(&name);
        let whole = feed(&mut checker, &path).is_ok();
        checker.close(whole);
    }
    checker.finish()
}

fn feed(checker: &mut Checker, path: &Path) -> Result<(), Error> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(()),
            len => checker.feed(piece.get(..len).unwrap_or_default()),
        }
    }
}

/// The files below a folder with their names in it. Links to folders are not followed: they may lead round in a circle.
fn collect(folder: &Path, prefix: &str, depth: usize, into: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        match (is_folder, depth.checked_sub(1)) {
            (true, Some(depth)) => collect(&entry.path(), &format!("{name}/"), depth, into),
            // What can't be read any deeper is told as a file that can't be read.
            _ => into.push((name, entry.path())),
        }
    }
}

fn block(verified: &Verified, lang: Lang) -> String {
    let label = |key: &str| words::word(key, lang);
    let mut block = format!("{}: {}\n", clean(&verified.file), words::verdict(verified, lang));
    block += &field(&label("sha256"), &verified.sha256.to_string());
    block += &field(&label("counts"), &crate::page::counts(verified, lang));
    for problem in &verified.problems {
        let name = if problem.what.grade() == Grade::Bad { "problems" } else { "notes" };
        let text = [words::place(problem, lang), words::what(&problem.what, lang)];
        let text = text.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(lang.pick("：", ": "));
        block += &field(&label(name), &format!("{text} [{}]", problem.what.code()));
    }
    block
}
