//! Why a bundle is refused: where, what, and at which byte.

use std::fmt;

use crate::domain::change::Sha256;
use crate::domain::id::{DeviceId, RecordId};
use crate::evidence::seal::SealFault;

/// A refusal. The whole file is refused; nothing of it may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleError {
    /// Where, in the words of the format.
    pub place: Place,
    /// What.
    pub problem: Problem,
    /// Where the line with the problem begins, in bytes from the start of the file.
    pub offset: u64,
    /// Which record or photo it concerns, when that is known.
    pub subject: Option<Box<Subject>>,
}

/// The record or photo that a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A record.
    Record(RecordId),
    /// A photo, by the digest that the file states.
    Photo(Sha256),
}

impl BundleError {
    pub(super) fn new(place: Place, problem: Problem) -> Self {
        Self { place, problem, offset: 0, subject: None }
    }

    pub(super) fn with_offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        if let Section::Byte(at) = &mut self.place.section {
            *at += offset;
        }
        self
    }

    pub(super) fn about(mut self, subject: Subject) -> Self {
        self.subject = Some(Box::new(subject));
        self
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (line at byte {})", self.place, self.problem, self.offset)
    }
}

impl std::error::Error for BundleError {}

/// A place in a bundle, written like `records[3].changes[17].prev`. Counts from 0, like the JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which line of the file.
    pub section: Section,
    /// The way from there.
    pub steps: Vec<Step>,
}

/// A line of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// No line in particular: a byte, counted from the start of the file.
    Byte(u64),
    /// The name of the format.
    Format,
    /// The version of the format.
    Version,
    /// The header.
    Header,
    /// The list of records as a whole.
    Records,
    /// One record.
    Record(usize),
    /// The list of photos as a whole.
    Photos,
    /// One photo.
    Photo(usize),
    /// The seal.
    Seal,
}

/// One step down into a line. Only names that the format knows: texts of a file never get into messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a field of an object.
    Field(&'static str),
    /// Into an item of a list.
    Index(usize),
}

impl Place {
    pub(super) fn of(section: Section) -> Self {
        Self { section, steps: Vec::new() }
    }

    pub(super) fn field(&self, name: &'static str) -> Self {
        self.step(Step::Field(name))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.step(Step::Index(index))
    }

    fn step(&self, step: Step) -> Self {
        let mut steps = self.steps.clone();
        steps.push(step);
        Self { section: self.section, steps }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            Section::Byte(at) => write!(f, "byte {at}"),
            Section::Format => f.write_str("format"),
            Section::Version => f.write_str("version"),
            Section::Header => f.write_str("header"),
            Section::Records => f.write_str("records"),
            Section::Record(index) => write!(f, "records[{index}]"),
            Section::Photos => f.write_str("photos"),
            Section::Photo(index) => write!(f, "photos[{index}]"),
            Section::Seal => f.write_str("seal"),
        }?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Field(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, "[{index}]"),
        })
    }
}

/// What a limit of [`super::limits`] is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limited {
    /// Bytes of the file.
    PartBytes,
    /// Number of parts.
    Parts,
    /// Bytes of a line.
    LineBytes,
    /// Nesting.
    Depth,
    /// Values in a line.
    Values,
    /// Bytes of a text.
    StringBytes,
    /// Records in the file.
    Records,
    /// Changes of a record.
    Changes,
    /// Photos in the file.
    Photos,
    /// Bytes of a photo.
    PhotoBytes,
    /// Characters of a name.
    NameChars,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file is something else.
    #[error("not a spotcheck bundle")]
    NotABundle,
    /// It is encrypted: see [`crate::envelope`].
    #[error("encrypted; open it with the receiver's key first")]
    Encrypted,
    /// A later program wrote it.
    #[error("version {found} of the format is not known here")]
    Version {
        /// The version that the file states; 0 when it is no number.
        found: u64,
    },
    /// The file ends too early.
    #[error("the file ends too early")]
    Truncated,
    /// Something follows the end.
    #[error("something follows the end of the bundle")]
    Trailing,
    /// The lines that hold the document together are not as they must be.
    #[error("the frame of the document is not in its one written form")]
    Frame,
    /// Not UTF-8.
    #[error("not UTF-8 text")]
    Utf8,
    /// Not JSON.
    #[error("not JSON at column {column}")]
    Json {
        /// Bytes from the start of the line's JSON, from 1; 0 when unknown.
        column: usize,
    },
    /// JSON, but spaced, ordered, escaped or repeated in another way than RFC 8785 has it.
    #[error("not in canonical form: reformatted, or a name stands twice")]
    Reformatted,
    /// A number that not every JSON reader keeps exactly.
    #[error("a number beyond 2^53")]
    Number,
    /// More than a limit allows.
    #[error("more than {max} ({what:?})")]
    Limit {
        /// What the limit is on.
        what: Limited,
        /// The limit.
        max: u64,
    },
    /// A field is not there.
    #[error("missing")]
    Missing,
    /// A field has another form than the format says.
    #[error("not {expected}")]
    Malformed {
        /// What should stand there.
        expected: &'static str,
    },
    /// A field that this version of the format does not have, at a place where there must be none.
    #[error("a field that does not belong there")]
    Unexpected,
    /// Part k of n with k outside 1 to n.
    #[error("part {k} of {n}")]
    PartRange {
        /// Which part.
        k: u64,
        /// Of how many.
        n: u64,
    },
    /// The sender's device is not the one that the sender's key belongs to.
    #[error("the device is not the one that the key belongs to")]
    SenderDevice,
    /// A change was altered: its digest does not fit its content.
    #[error("the content does not have the digest that it carries")]
    EntryHash,
    /// A change belongs to another record.
    #[error("the change belongs to another record")]
    OtherRecord,
    /// Changes do not stand in the order of device and number.
    #[error("changes are not in the order of device and number")]
    ChangesOrder,
    /// Changes are missing.
    #[error("changes of {device} missing before number {seq}")]
    ChainGap {
        /// The device.
        device: DeviceId,
        /// The change whose predecessor is missing.
        seq: u64,
    },
    /// A change names another predecessor than the one that is there.
    #[error("number {seq} of {device} does not follow the change before it")]
    ChainPrev {
        /// The device.
        device: DeviceId,
        /// The change.
        seq: u64,
    },
    /// A change is not later than its predecessor.
    #[error("number {seq} of {device} is not later than the change before it")]
    ChainOrder {
        /// The device.
        device: DeviceId,
        /// The change.
        seq: u64,
    },
    /// Two different changes claim one place.
    #[error("two changes of {device} claim number {seq}")]
    Fork {
        /// The device.
        device: DeviceId,
        /// The place.
        seq: u64,
    },
    /// The seal of a record does not hold.
    #[error("seal of the record: {fault}")]
    RecordSeal {
        /// Why.
        fault: SealFault,
    },
    /// The kind is not the one in the record's state.
    #[error("the kind is not the one that the changes say")]
    Kind,
    /// The state is not what the changes add up to.
    #[error("the state is not what the changes add up to")]
    State,
    /// A record stands twice in the file.
    #[error("the record stands twice")]
    RecordTwice,
    /// A photo stands twice in the file.
    #[error("the photo stands twice")]
    PhotoTwice,
    /// Photo data is not base64 in its one written form.
    #[error("not base64 in its one written form")]
    Base64,
    /// A photo has another size than stated.
    #[error("{found} bytes where {stated} are stated")]
    PhotoSize {
        /// The size that the file states.
        stated: u64,
        /// The real size.
        found: u64,
    },
    /// A photo does not have the digest that is stated.
    #[error("the photo does not have the digest that is stated")]
    PhotoHash,
    /// The bytes are no picture of the stated kind.
    #[error("not a picture of the stated kind")]
    PhotoKind,
    /// The seal is by another key than the sender's.
    #[error("sealed with another key than the sender's")]
    SealKey,
    /// The seal counts more or fewer lines than there are.
    #[error("{stated} lines sealed where there are {found}")]
    SealCount {
        /// Lines that the seal counts.
        stated: usize,
        /// Lines of the file.
        found: usize,
    },
    /// The seal's digest is not that of its lists.
    #[error("the digest is not that of the sealed lines")]
    SealDigest,
    /// The signature is not of this key and digest.
    #[error("the signature does not match")]
    SealSignature,
    /// A line is not the one that was sealed.
    #[error("not what was sealed")]
    LineDigest,
}

impl Limited {
    /// A stable code for programs, such as `limit_records`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PartBytes => "limit_part_bytes",
            Self::Parts => "limit_parts",
            Self::LineBytes => "limit_line_bytes",
            Self::Depth => "limit_depth",
            Self::Values => "limit_values",
            Self::StringBytes => "limit_string_bytes",
            Self::Records => "limit_records",
            Self::Changes => "limit_changes",
            Self::Photos => "limit_photos",
            Self::PhotoBytes => "limit_photo_bytes",
            Self::NameChars => "limit_name_chars",
        }
    }
}

impl Problem {
    pub(super) fn limit(what: Limited, max: usize) -> Self {
        Self::Limit { what, max: u64::try_from(max).unwrap_or(u64::MAX) }
    }

    /// A stable code for programs, such as `entry_hash`. Codes are never renamed or reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::NotABundle => "not_a_bundle",
            Self::Version { .. } => "version",
            Self::Truncated => "truncated",
            Self::Trailing => "trailing",
            Self::Frame => "frame",
            Self::Utf8 => "utf8",
            Self::Json { .. } => "json",
            Self::Reformatted => "reformatted",
            Self::Number => "number",
            Self::Limit { what, .. } => what.code(),
            Self::Missing => "missing",
            Self::Malformed { .. } => "malformed",
            Self::Unexpected => "unexpected",
            Self::PartRange { .. } => "part_range",
            Self::SenderDevice => "sender_device",
            Self::EntryHash => "entry_hash",
            Self::OtherRecord => "other_record",
            Self::ChangesOrder => "changes_order",
            Self::ChainGap { .. } => "chain_gap",
            Self::ChainPrev { .. } => "chain_prev",
            Self::ChainOrder { .. } => "chain_order",
            Self::Fork { .. } => "fork",
            Self::RecordSeal { .. } => "record_seal",
            Self::Kind => "kind",
            Self::State => "state",
            Self::RecordTwice => "record_twice",
            Self::PhotoTwice => "photo_twice",
            Self::Base64 => "base64",
            Self::PhotoSize { .. } => "photo_size",
            Self::PhotoHash => "photo_hash",
            Self::PhotoKind => "photo_kind",
            Self::SealKey => "seal_key",
            Self::SealCount { .. } => "seal_count",
            Self::SealDigest => "seal_digest",
            Self::SealSignature => "seal_signature",
            Self::LineDigest => "line_digest",
        }
    }
}
