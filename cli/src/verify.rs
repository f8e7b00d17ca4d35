//! `spotcheck verify`: are these files what their senders sealed?

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use spotcheck::bundle::{Event, Notice, Verified};
use spotcheck::domain::change::Sha256;
use spotcheck::domain::id::{DeviceId, RecordId};

use crate::file::{self, FileError};
use crate::text::{clean, field, print};
use crate::words::{self, Lang};
use crate::{folder, page};

/// Checks the files, prints a block for each, and writes the page for the file where one is wanted. A single folder is taken for
/// a case folder.
pub fn run(files: &[PathBuf], page: Option<&Path>, lang: Lang) -> u8 {
    let code = match files {
        [folder] if folder.is_dir() => folder::run(folder, lang),
        _ => bundles(files, lang),
    };
    page.map_or(code, |page| code.max(page::write(page, &folder::check(files), lang)))
}

fn bundles(files: &[PathBuf], lang: Lang) -> u8 {
    let (mut here, mut chains) = (BTreeSet::new(), Chains::default());
    let read: Vec<_> = files.iter().map(|path| (path, check(path, &mut here, &mut chains))).collect();
    let mut code = 0;
    for (path, result) in &read {
        let block = match result {
            Ok(verified) => good(path, verified, &here, lang),
            Err(error) => {
                code = code.max(error.code());
                bad(path, error, lang)
            }
        };
        code = code.max(print(&block));
    }
    if !chains.forks.is_empty() {
        code = code.max(1).max(print(&chains.tell(lang)));
    }
    code.max(print(&missing_parts(read.iter().filter_map(|(_, result)| result.as_ref().ok()), lang)))
}

fn check(path: &Path, here: &mut BTreeSet<Sha256>, chains: &mut Chains) -> Result<Verified, FileError> {
    let (mut photos, mut places) = (BTreeSet::new(), Vec::new());
    let verified = file::read(path, |event| {
        match event {
            Event::Photo(event) => {
                photos.insert(event.photo.sha256);
            }
            Event::Record(record) => places.extend(record.journal.entries().map(|entry| {
                let change = &entry.change;
                ((change.record.clone(), change.device.clone(), change.seq), entry.hash)
            })),
            Event::Header(_) | Event::Seal(_) => {}
        }
        Ok(())
    })?;
    here.extend(photos);
    chains.add(path, places);
    Ok(verified)
}

/// A number in the chain of a device in a record.
type Number = (RecordId, DeviceId, u64);

/// The chains of all files, to find numbers that two files give to different changes.
#[derive(Default)]
struct Chains {
    known: BTreeMap<Number, (Sha256, PathBuf)>,
    forks: BTreeMap<Number, BTreeSet<PathBuf>>,
}

impl Chains {
    fn add(&mut self, path: &Path, places: Vec<(Number, Sha256)>) {
        for (number, hash) in places {
            match self.known.get(&number) {
                Some((known, first)) if *known != hash => {
                    let files = self.forks.entry(number).or_default();
                    files.extend([first.clone(), path.to_owned()]);
                }
                Some(_) => {}
                None => {
                    self.known.insert(number, (hash, path.to_owned()));
                }
            }
        }
    }

    fn tell(&self, lang: Lang) -> String {
        let line = |((record, device, seq), files): (&Number, &BTreeSet<PathBuf>)| {
            let files = files.iter().map(|path| clean(&path.to_string_lossy())).collect::<Vec<_>>().join(" ≠ ");
            format!("{files}: {}\n", words::fork(lang, record, device, *seq))
        };
        self.forks.iter().map(line).collect()
    }
}

fn good(path: &Path, verified: &Verified, here: &BTreeSet<Sha256>, lang: Lang) -> String {
    let header = &verified.header;
    let sealed = lang.pick("签封", "sealed");
    let mut block = format!("{}: {}\n", clean(&path.to_string_lossy()), lang.pick("完好", "good"));
    block += &field(lang.pick("数据包", "bundle"), header.id.as_str());
    block += &field(lang.pick("用途", "purpose"), &words::purpose(lang, &header.purpose));
    block += &field(lang.pick("来自", "from"), &format!("{} · {}", clean(&header.from.name), clean(&header.from.bureau)));
    block += &field(lang.pick("设备", "device"), header.from.device.as_str());
    block += &field(lang.pick("创建时间", "created"), &header.created_at.rfc3339());
    block += &field(lang.pick("分卷", "part"), &format!("{} / {}", header.part.k, header.part.n));
    block += &field(lang.pick("记录", "records"), &format!("{} ({sealed} {})", verified.records, verified.sealed_records));
    block += &field(lang.pick("修改", "changes"), &verified.changes.to_string());
    block += &field(lang.pick("照片", "photos"), &verified.photos.to_string());
    block += &field(lang.pick("签名", "signatures"), lang.pick("成立 (Ed25519)", "ok (Ed25519)"));
    block += &field(lang.pick("摘要", "digest"), &verified.seal.digest.to_string());
    for notice in &verified.notices {
        // A photo of another given file is not missing.
        if !matches!(notice, Notice::PhotoElsewhere { sha256, .. } if here.contains(sha256)) {
            block += &field(lang.pick("提示", "notice"), &words::notice(lang, notice));
        }
    }
    block
}

/// The block of a file that is refused or can't be read.
pub fn bad(path: &Path, error: &FileError, lang: Lang) -> String {
    let name = clean(&path.to_string_lossy());
    match error {
        FileError::Io(error) => format!("{name}: {}\n", words::io_error(lang, error)),
        FileError::Refused(refusal) => {
            let error = &refusal.error;
            let mut block = format!("{name}: {}\n", lang.pick("拒收", "REFUSED"));
            block += &field(lang.pick("位置", "place"), &error.place.to_string());
            block += &field(lang.pick("字节", "byte"), &error.offset.to_string());
            if let Some(subject) = &error.subject {
                let (label, id) = words::subject(lang, subject);
                block += &field(label, &id);
            }
            if let Some(record) = &refusal.record {
                block += &field(lang.pick("所属记录", "its record"), record.as_str());
            }
            block + &field(lang.pick("原因", "reason"), &format!("{} [{}]", words::explain(lang, error), error.problem.code()))
        }
    }
}

/// Says which parts of which bundle were not among the files.
fn missing_parts<'a>(verified: impl Iterator<Item = &'a Verified>, lang: Lang) -> String {
    let mut parts: BTreeMap<&str, (u32, BTreeSet<u32>)> = BTreeMap::new();
    for verified in verified {
        let header = &verified.header;
        let (n, seen) = parts.entry(header.id.as_str()).or_default();
        *n = (*n).max(header.part.n);
        seen.insert(header.part.k);
    }
    let mut text = String::new();
    for (id, (n, seen)) in parts {
        let missing: Vec<String> = (1..=n).filter(|k| !seen.contains(k)).map(|k| k.to_string()).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            text += &match lang {
                Lang::Zh => format!("数据包 {id} 缺少分卷：{missing}（共 {n} 卷）\n"),
                Lang::En => format!("bundle {id} lacks parts {missing} of {n}\n"),
            };
        }
    }
    text
}
