//! The words of the check of evidence: the same table as the app's.

use spotcheck::app::verify::{Grade, Place, Problem, RecordLine, Signer, Source, Verified, What, fault_code};
use spotcheck::bundle::Notice;

use crate::text::clean;
use crate::words::{self, Lang};

/// Reads the app's table, which is written for this macro.
macro_rules! word_table {
    ($(#[$meta:meta])* $name:ident { $($key:ident: $zh:literal, $en:literal;)* }) => {
        pub const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $zh, $en),)*];
    };
}
use word_table;

#[path = "../../src/ui/words/verify.rs"]
mod table;

/// A word of the table; its name where there is none.
pub fn word(key: &str, lang: Lang) -> String {
    let found = table::ALL.iter().find(|(name, _, _)| *name == key);
    found.map_or(key, |(_, zh, en)| lang.pick(zh, en)).to_owned()
}

/// A word of the table with values at its places.
pub fn filled(key: &str, values: &[&str], lang: Lang) -> String {
    let text = word(key, lang);
    let mut parts = text.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut values = values.iter();
    for part in parts {
        filled.push_str(&clean(values.next().unwrap_or(&"")));
        filled.push_str(part);
    }
    filled
}

/// The verdict in one sentence.
pub fn verdict(verified: &Verified, lang: Lang) -> String {
    let folder = matches!(verified.source, Source::Folder { .. });
    let key = match (verified.grade(), folder) {
        (Grade::Bad, _) if verified.is_unread() => "unread",
        (Grade::Good, false) => "good_bundle",
        (Grade::Good, true) => "good_folder",
        (Grade::Odd, false) => "odd_bundle",
        (Grade::Odd, true) => "odd_folder",
        (Grade::Bad, false) => "bad_bundle",
        (Grade::Bad, true) => "bad_folder",
    };
    filled(key, &[&verified.count(Grade::Odd).to_string()], lang)
}

/// What was found, with its code where a program may want it.
pub fn what(what: &What, lang: Lang) -> String {
    match what {
        What::Refused(error) => format!("{} [{}]", words::explain(lang, error), error.problem.code()),
        What::Notice(Notice::PhotoUnnamed { .. }) => word("p_photo_unnamed", lang),
        What::Notice(notice) => words::notice(lang, notice),
        other => {
            let mut values = other.values();
            if let What::Seal { fault, .. } = other {
                values.push(word(&format!("fault_{}", fault_code(*fault)), lang));
            }
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            filled(&format!("p_{}", other.code()), &values, lang)
        }
    }
}

/// Where a problem is.
pub fn place(problem: &Problem, lang: Lang) -> String {
    let Place { file, record, title, photo } = &problem.place;
    let mut parts = Vec::new();
    if let Some(record) = record {
        parts.push(filled("at_record", &[format!("{title} {record}").trim()], lang));
    }
    parts.extend(photo.map(|photo| filled("at_photo", &[&photo.to_string()], lang)));
    parts.extend(file.as_ref().map(|file| filled("at_file", &[file], lang)));
    if let What::Refused(error) = &problem.what {
        parts.push(filled("at_byte", &[&error.place.to_string(), &error.offset.to_string()], lang));
    }
    parts.join(lang.pick("，", ", "))
}

/// What stands beside a record: its kind, its photos, its amendments, that it is void.
pub fn about(line: &RecordLine, lang: Lang) -> String {
    let key = format!("kind_{}", line.kind);
    let kind = word(&key, lang);
    let mut parts = vec![if kind == key { clean(&line.kind) } else { kind }];
    parts.extend((line.photos > 0).then(|| filled("photos_n", &[&line.photos.to_string()], lang)));
    parts.extend((line.amended > 0).then(|| filled("amended_n", &[&line.amended.to_string()], lang)));
    parts.extend(line.voided.then(|| word("voided", lang)));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(lang.pick("，", ", "))
}

/// Who signed, or would not.
pub fn signer(signer: &Signer, lang: Lang) -> String {
    let text = if signer.refused { filled("refused", &[&signer.text], lang) } else { clean(&signer.text) };
    let role = match signer.role.as_str() {
        role @ ("inspector1" | "inspector2" | "attendant") => word(role, lang),
        role => clean(role),
    };
    format!("{role}{}{text}", lang.pick("：", ": "))
}

/// What the check of a record comes to.
pub fn found(grade: Grade, lang: Lang) -> String {
    word(
        match grade {
            Grade::Good => "found_good",
            Grade::Odd => "found_odd",
            Grade::Bad => "found_bad",
        },
        lang,
    )
}

#[cfg(test)]
mod tests {
    use spotcheck::domain::id::DeviceId;
    use spotcheck::evidence::chain::ChainFault;
    use spotcheck::evidence::key::DeviceKey;
    use spotcheck::evidence::seal::SealFault;

    use super::*;

    /// The app fills the same words with the same values.
    #[test]
    fn every_finding_has_words_for_all_of_its_values() {
        let device: DeviceId = DeviceKey::make(&[1; 32]).device();
        let at = || (device.clone(), 3);
        let (gap, prev, fork, order) = (at(), at(), at(), at());
        let mut all = vec![
            What::Unreadable,
            What::Empty,
            What::TooLarge { max: 7 },
            What::NoList,
            What::ListLine { line: 1 },
            What::Absent,
            What::NotAsListed,
            What::Unlisted,
            What::NoRecord,
            What::Change { number: 1 },
            What::Chain(ChainFault::Gap { device: gap.0, seq: gap.1 }),
            What::Chain(ChainFault::Prev { device: prev.0, seq: prev.1 }),
            What::Chain(ChainFault::Fork { device: fork.0, seq: fork.1 }),
            What::Chain(ChainFault::Order { device: order.0, seq: order.1 }),
            What::State,
            What::Rewritten,
            What::OtherRecord,
            What::PhotoDigest,
            What::PhotoKind,
            What::PhotoAbsent,
            What::PhotoUnnamed,
            What::Amended { changes: 2 },
            What::Unsealed,
            What::Conflicts { count: 2 },
            What::Fork { device, seq: 3, other: "b.json".to_owned() },
            What::PartsAbsent { parts: vec![2, 3], of: 4 },
        ];
        let faults = [SealFault::Malformed, SealFault::Device, SealFault::Signature, SealFault::Heads, SealFault::Time];
        all.extend(faults.map(|fault| What::Seal { path: "seals/1".to_owned(), fault }));
        for one in all {
            let key = format!("p_{}", one.code());
            let more = usize::from(matches!(one, What::Seal { .. }));
            for lang in [Lang::Zh, Lang::En] {
                assert_eq!(word(&key, lang).matches("{}").count(), one.values().len() + more, "{key}");
                let text = what(&one, lang);
                assert!(!text.contains("p_") && !text.contains("fault_"), "{key}: {text}");
            }
        }
    }
}
