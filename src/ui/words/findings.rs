//! What a check of evidence found, in words.

use super::fill;
use super::refusals::{explain_notice, what_is_wrong};
use super::verify::VerifyWords;
use crate::app::verify::{Grade, Place, Problem, RecordLine, Signer, Source, Verified, What, fault_code};
use crate::bundle::Notice;
use crate::domain::content::Lang;

/// A word of the table by its name; the name itself where there is none.
#[must_use]
pub fn word(key: &str, lang: Lang) -> String {
    let found = VerifyWords::ALL.iter().find(|(name, _, _)| *name == key);
    found.map_or(key, |(_, zh, en)| lang.pick(zh, en)).to_owned()
}

/// The verdict in one sentence.
#[must_use]
pub fn verdict(verified: &Verified, lang: Lang) -> String {
    let w = VerifyWords::of(lang);
    let folder = matches!(verified.source, Source::Folder { .. });
    let text = match (verified.grade(), folder) {
        (Grade::Bad, _) if verified.is_unread() => w.unread,
        (Grade::Good, false) => w.good_bundle,
        (Grade::Good, true) => w.good_folder,
        (Grade::Odd, false) => w.odd_bundle,
        (Grade::Odd, true) => w.odd_folder,
        (Grade::Bad, false) => w.bad_bundle,
        (Grade::Bad, true) => w.bad_folder,
    };
    fill(text, &[&verified.count(Grade::Odd)])
}

/// What was found, without its place.
#[must_use]
pub fn what(what: &What, lang: Lang) -> String {
    match what {
        What::Refused(error) => what_is_wrong(&error.problem, lang),
        What::Notice(Notice::PhotoUnnamed { .. }) => word("p_photo_unnamed", lang),
        What::Notice(Notice::UnknownPurpose { purpose }) => {
            fill(&word("p_unknown_purpose", lang), &[&purpose.chars().take(40).collect::<String>()])
        }
        What::Notice(notice) => explain_notice(notice, lang),
        What::Seal { fault, .. } => {
            let fault = word(&format!("fault_{}", fault_code(*fault)), lang);
            filled(what, &[fault], lang)
        }
        other => filled(other, &[], lang),
    }
}

fn filled(what: &What, more: &[String], lang: Lang) -> String {
    let values: Vec<String> = what.values().into_iter().chain(more.iter().cloned()).collect();
    let values: Vec<&dyn std::fmt::Display> = values.iter().map(|value| value as &dyn std::fmt::Display).collect();
    fill(&word(&format!("p_{}", what.code()), lang), &values)
}

/// Where a problem is: the file, record and photo, as far as they are known.
#[must_use]
pub fn place(problem: &Problem, lang: Lang) -> String {
    let w = VerifyWords::of(lang);
    let Place { file, record, title, photo } = &problem.place;
    let mut parts = Vec::new();
    if let Some(record) = record {
        let name = [title.as_str(), record.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        parts.push(fill(w.at_record, &[&name]));
    }
    parts.extend(photo.map(|photo| fill(w.at_photo, &[&photo.to_string().chars().take(16).collect::<String>()])));
    parts.extend(file.as_ref().map(|file| fill(w.at_file, &[file])));
    if let What::Refused(error) = &problem.what {
        parts.push(fill(w.at_byte, &[&error.place, &error.offset]));
    }
    parts.join(lang.pick("，", ", "))
}

/// A kind of record; one that has no word stays a code.
#[must_use]
pub fn kind(kind: &str, lang: Lang) -> String {
    let key = format!("kind_{kind}");
    let found = word(&key, lang);
    if found == key { kind.to_owned() } else { found }
}

/// Who signed, or would not.
#[must_use]
pub fn signer(signer: &Signer, lang: Lang) -> String {
    let text = if signer.refused { fill(VerifyWords::of(lang).refused, &[&signer.text]) } else { signer.text.clone() };
    let role = match signer.role.as_str() {
        role @ ("inspector1" | "inspector2" | "attendant") => word(role, lang),
        role => role.to_owned(),
    };
    format!("{role}{}{text}", lang.pick("：", ": "))
}

/// What stands beside a record: its photos, its amendments, that it is void.
#[must_use]
pub fn about(line: &RecordLine, lang: Lang) -> String {
    let w = VerifyWords::of(lang);
    let mut parts = vec![kind(&line.kind, lang)];
    parts.extend((line.photos > 0).then(|| fill(w.photos_n, &[&line.photos])));
    parts.extend((line.amended > 0).then(|| fill(w.amended_n, &[&line.amended])));
    parts.extend(line.voided.then(|| w.voided.to_owned()));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(lang.pick("，", ", "))
}

/// What the check of a record comes to.
#[must_use]
pub fn found(grade: Grade, lang: Lang) -> &'static str {
    let w = VerifyWords::of(lang);
    match grade {
        Grade::Good => w.found_good,
        Grade::Odd => w.found_odd,
        Grade::Bad => w.found_bad,
    }
}
