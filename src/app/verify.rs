//! Checks evidence to the end without keeping anything: bundles, or the files of a case folder that `spotcheck extract` wrote.
//!
//! ```text
//!  names ──► Checker ──► open, feed…, close for each file ──► finish ──► Verified for each bundle, or one for the folder
//! ```
//!
//! Whoever calls it reads the files and feeds their bytes. What is found has a code, a place and values; words are the screens'.

mod bundle;
mod folder;
mod line;
mod record_file;

use std::collections::BTreeMap;

use crate::bundle::{BundleError, Header, Notice};
use crate::domain::change::Sha256;
use crate::domain::id::{DeviceId, RecordId};
use crate::evidence::chain::ChainFault;
use crate::evidence::seal::SealFault;

use self::bundle::Bundles;
use self::folder::Folder;
pub use self::line::{RecordLine, Signer};
pub use self::record_file::record_file;

/// The name of the list of digests in a case folder.
pub const LIST: &str = "SHA256SUMS";

/// What a check of a bundle or of a case folder found.
#[derive(Clone, PartialEq, Debug)]
pub struct Verified {
    /// What was checked.
    pub source: Source,
    /// The name of the file or folder; empty where the files of a folder were chosen one by one.
    pub file: String,
    /// Digest of the file. Of a folder: of the list of its files, made anew in the form of [`LIST`], so that it is the digest
    /// of that file when the folder is as it was written.
    pub sha256: Sha256,
    /// Size of the file, or of all files of the folder.
    pub size_bytes: u64,
    /// Who sealed the bundle and when; only what the file says where it is refused. None of a folder, nor of a file whose header
    /// could not be read.
    pub header: Option<Header>,
    /// The records. None of a bundle that is refused: nothing of it can be relied on.
    pub records: Vec<RecordLine>,
    /// How many changes all records have.
    pub changes: usize,
    /// How many photos have the bytes that their digest says.
    pub photos: usize,
    /// What was found, the worst first.
    pub problems: Vec<Problem>,
}

/// What was checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A bundle: sealed as a whole.
    Bundle,
    /// The files of a case folder: each record carries its own seals, the folder has none.
    Folder {
        /// How many files it has, without the list of digests.
        files: usize,
    },
}

/// How bad it is, and what all of it comes to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grade {
    /// Everything holds.
    Good,
    /// Everything holds, and there is something that a person should know.
    Odd,
    /// Something is proven to be altered, lacks, or could not be checked.
    Bad,
}

/// Something that was found.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub what: What,
}

/// Where a problem is, as far as that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Place {
    /// A file of a folder.
    pub file: Option<String>,
    /// A record.
    pub record: Option<RecordId>,
    /// What people call the record; empty when that is not known.
    pub title: String,
    /// A photo.
    pub photo: Option<Sha256>,
}

/// What was found.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// The bundle is refused.
    Refused(Box<BundleError>),
    /// The file could not be read to its end.
    Unreadable,
    /// A file of the folder is larger than any that is written.
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// There is no record in the folder, so there is nothing that could hold.
    Empty,
    /// The folder has no list of digests, which is written last.
    NoList,
    /// A line of the list of digests is in no form that it is written in.
    ListLine {
        /// The line, from 1.
        line: usize,
    },
    /// The list names a file that is not there.
    Absent,
    /// The file is not the one that the list names.
    NotAsListed,
    /// A file that the list does not name.
    Unlisted,
    /// It is no record in the form in which they are written.
    NoRecord,
    /// A change has not the digest that it carries, or is none.
    Change {
        /// Its number in the history, from 1.
        number: usize,
    },
    /// The chain of a device does not hold.
    Chain(ChainFault),
    /// A seal does not hold.
    Seal {
        /// Its path.
        path: String,
        /// Why.
        fault: SealFault,
    },
    /// What the record is said to be is not what its history adds up to.
    State,
    /// All of the history holds, but the file is not written as it would be: what people read in it may be something else.
    Rewritten,
    /// The file has another record in it than its name says.
    OtherRecord,
    /// The photo has not the digest that its name says: it was altered or exchanged.
    PhotoDigest,
    /// The photo is no picture of the kind that its name says.
    PhotoKind,
    /// A photo that a record names is not in the folder.
    PhotoAbsent,
    /// No record of the folder names the photo.
    PhotoUnnamed,
    /// Changes after the seal.
    Amended {
        /// How many.
        changes: usize,
    },
    /// A record that people seal has no seal.
    Unsealed,
    /// Values that people set without having seen each other's.
    Conflicts {
        /// How many.
        count: usize,
    },
    /// Two files have different changes with one number of one device.
    Fork {
        /// The device.
        device: DeviceId,
        /// The number.
        seq: u64,
        /// The other file.
        other: String,
    },
    /// Parts of the same export are not among the files.
    PartsAbsent {
        /// Their numbers.
        parts: Vec<u32>,
        /// How many there are in all.
        of: u32,
    },
    /// What the reader of bundles finds odd.
    Notice(Notice),
}

impl What {
    /// A stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.problem.code(),
            Self::Unreadable => "unreadable",
            Self::TooLarge { .. } => "too_large",
            Self::Empty => "empty",
            Self::NoList => "no_list",
            Self::ListLine { .. } => "list_line",
            Self::Absent => "absent",
            Self::NotAsListed => "not_as_listed",
            Self::Unlisted => "unlisted",
            Self::NoRecord => "no_record",
            Self::Change { .. } => "change",
            Self::Chain(ChainFault::Gap { .. }) => "chain_gap",
            Self::Chain(ChainFault::Prev { .. }) => "chain_prev",
            Self::Chain(ChainFault::Fork { .. }) => "fork",
            Self::Fork { .. } => "other_file",
            Self::Chain(ChainFault::Order { .. }) => "chain_order",
            Self::Seal { .. } => "record_seal",
            Self::State => "state",
            Self::Rewritten => "rewritten",
            Self::OtherRecord => "other_record",
            Self::PhotoDigest => "photo_hash",
            Self::PhotoKind => "photo_kind",
            Self::PhotoAbsent => "photo_absent",
            Self::PhotoUnnamed => "photo_unnamed",
            Self::Amended { .. } => "amended",
            Self::Unsealed => "unsealed",
            Self::Conflicts { .. } => "conflicts",
            Self::PartsAbsent { .. } => "parts_absent",
            Self::Notice(notice) => notice.code(),
        }
    }

    /// What the words for the code leave places for, in their order. Empty for what has words elsewhere.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        match self {
            Self::TooLarge { max } => vec![max.to_string()],
            Self::ListLine { line: number }
            | Self::Change { number }
            | Self::Amended { changes: number }
            | Self::Conflicts { count: number } => {
                vec![number.to_string()]
            }
            Self::Chain(
                ChainFault::Gap { device, seq }
                | ChainFault::Prev { device, seq }
                | ChainFault::Fork { device, seq }
                | ChainFault::Order { device, seq },
            ) => vec![device.to_string(), seq.to_string()],
            Self::Fork { device, seq, other } => vec![device.to_string(), seq.to_string(), other.clone()],
            Self::Seal { path, .. } => vec![path.strip_prefix("seals/").unwrap_or(path).to_owned()],
            Self::PartsAbsent { parts, of } => {
                vec![of.to_string(), parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")]
            }
            _ => Vec::new(),
        }
    }

    /// How bad it is.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match self {
            Self::NoList
            | Self::Unlisted
            | Self::PhotoAbsent
            | Self::PhotoUnnamed
            | Self::Amended { .. }
            | Self::Unsealed
            | Self::Conflicts { .. }
            | Self::PartsAbsent { .. }
            | Self::Notice(_) => Grade::Odd,
            Self::Refused(_)
            | Self::Unreadable
            | Self::Empty
            | Self::TooLarge { .. }
            | Self::ListLine { .. }
            | Self::Absent
            | Self::NotAsListed
            | Self::NoRecord
            | Self::Change { .. }
            | Self::Chain(_)
            | Self::Seal { .. }
            | Self::State
            | Self::Rewritten
            | Self::OtherRecord
            | Self::PhotoDigest
            | Self::PhotoKind
            | Self::Fork { .. } => Grade::Bad,
        }
    }
}

/// The key of the words for why a seal does not hold.
#[must_use]
pub fn fault_code(fault: SealFault) -> &'static str {
    match fault {
        SealFault::Malformed => "malformed",
        SealFault::Device => "device",
        SealFault::Signature => "signature",
        SealFault::Heads => "heads",
        SealFault::Time => "time",
    }
}

impl Verified {
    /// What it comes to.
    #[must_use]
    pub fn grade(&self) -> Grade {
        self.problems.iter().map(|problem| problem.what.grade()).max().unwrap_or(Grade::Good)
    }

    /// How many problems of a grade there are.
    #[must_use]
    pub fn count(&self, grade: Grade) -> usize {
        self.problems.iter().filter(|problem| problem.what.grade() == grade).count()
    }

    /// Whether nothing can be said, because it could not be read to its end and nothing else is wrong.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        let mut bad = self.problems.iter().filter(|problem| problem.what.grade() == Grade::Bad).peekable();
        bad.peek().is_some() && bad.all(|problem| problem.what == What::Unreadable)
    }

    /// What a record comes to.
    #[must_use]
    pub fn grade_of(&self, record: &RecordId) -> Grade {
        self.problems_of(record).map(|problem| problem.what.grade()).max().unwrap_or(Grade::Good)
    }

    /// How many records are sealed.
    #[must_use]
    pub fn sealed(&self) -> usize {
        self.records.iter().filter(|record| record.seals > 0).count()
    }

    /// The problems of a record.
    pub fn problems_of<'a>(&'a self, record: &'a RecordId) -> impl Iterator<Item = &'a Problem> {
        self.problems.iter().filter(move |problem| problem.place.record.as_ref() == Some(record))
    }
}

/// A number in the chain of a device in a record.
type Number = (RecordId, DeviceId, u64);
/// Who has which change.
type Chains = BTreeMap<Number, Vec<(Sha256, usize)>>;

/// Checks files as their bytes arrive.
pub struct Checker(Kind);

enum Kind {
    Bundles(Box<Bundles>),
    Folder(Box<Folder>),
}

/// Whether these names are those of a case folder: it has a list of digests, or files named like records. Else each file is
/// taken for a bundle. Only the last part of a path counts.
#[must_use]
pub fn is_case_folder<'a>(names: impl IntoIterator<Item = &'a str>) -> bool {
    names.into_iter().any(|name| {
        let name = name.rsplit('/').next().unwrap_or(name);
        name == LIST || name.strip_suffix(".json").is_some_and(|id| RecordId::parse(id).is_ok())
    })
}

impl Checker {
    /// A checker for bundles, one or several, parts of one export too.
    #[must_use]
    pub fn bundles() -> Self {
        Self(Kind::Bundles(Box::default()))
    }

    /// A checker for the files of a case folder.
    #[must_use]
    pub fn folder(name: &str) -> Self {
        Self(Kind::Folder(Box::new(Folder::new(name))))
    }

    /// Begins a file. Its name is that within the folder, without the folder's own.
    pub fn open(&mut self, name: &str) {
        match &mut self.0 {
            Kind::Bundles(bundles) => bundles.open(name),
            Kind::Folder(folder) => folder.open(name),
        }
    }

    /// Takes the next bytes of the file that is open.
    pub fn feed(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Kind::Bundles(bundles) => bundles.feed(bytes),
            Kind::Folder(folder) => folder.feed(bytes),
        }
    }

    /// Ends the file that is open. `whole`: whether it could be read to its end.
    pub fn close(&mut self, whole: bool) {
        match &mut self.0 {
            Kind::Bundles(bundles) => bundles.close(whole),
            Kind::Folder(folder) => folder.close(whole),
        }
    }

    /// What was found: one result for each bundle, in the order in which they came, or one for the folder.
    #[must_use]
    pub fn finish(self) -> Vec<Verified> {
        let mut all = match self.0 {
            Kind::Bundles(bundles) => bundles.finish(),
            Kind::Folder(folder) => vec![folder.finish()],
        };
        for one in &mut all {
            let titles: BTreeMap<RecordId, String> = one.records.iter().map(|line| (line.id.clone(), line.title.clone())).collect();
            for problem in &mut one.problems {
                let title = problem.place.record.as_ref().and_then(|record| titles.get(record));
                if let Some(title) = title.filter(|_| problem.place.title.is_empty()) {
                    problem.place.title.clone_from(title);
                }
            }
            one.problems.sort_by_key(|problem| std::cmp::Reverse(problem.what.grade()));
        }
        all
    }
}

impl Problem {
    fn new(what: What) -> Self {
        Self { place: Place::default(), what }
    }

    fn in_file(mut self, name: &str) -> Self {
        self.place.file = Some(name.to_owned());
        self
    }

    fn of(mut self, record: &RecordId) -> Self {
        self.place.record = Some(record.clone());
        self
    }

    fn photo(mut self, sha256: Sha256) -> Self {
        self.place.photo = Some(sha256);
        self
    }
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
