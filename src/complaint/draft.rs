//! What a consumer has filled in so far.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::form::{Filing, Form};
use crate::domain::change::{ClockReading, Sha256};
use crate::domain::content::Lang;
use crate::domain::id::{PhotoId, RecordId};
use crate::domain::photo::PhotoMeta;
use crate::evidence::chain::{canonical_json, sha256};

/// The format of a draft.
pub const FORMAT: &str = "complaint-draft/1";
/// The most photos of one draft.
pub const MAX_PHOTOS: usize = 20;
/// The most bytes of a draft as JSON, photos excepted.
const MAX_BYTES: usize = 512 * 1024;

/// What a consumer has filled in so far, format `complaint-draft/1`. Holds names and telephones: kept sealed only.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Always [`FORMAT`].
    pub format: String,
    /// The draft.
    pub id: RecordId,
    /// When it was begun, in milliseconds since the epoch.
    pub created_ms: u64,
    /// When it was last changed.
    pub updated_ms: u64,
    /// The language that it was filled in with.
    #[serde(default)]
    pub lang: Lang,
    /// What the person wants to file; nothing as long as they have left it to [`super::fit`].
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub files: BTreeSet<Filing>,
    /// Answers by the name of the field of the form.
    #[serde(default)]
    pub answers: BTreeMap<String, Value>,
    /// Photos in the order in which they were added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<DraftPhoto>,
    /// What the poster said.
    #[serde(default, skip_serializing_if = "Prefill::is_empty")]
    pub prefill: Prefill,
    /// The step of the form where the person is.
    #[serde(default)]
    pub step: String,
    /// All that is random in what is filed, once it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Ticket>,
    /// How it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<FiledState>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A photo of a draft; its bytes are kept elsewhere, by [`PhotoMeta::sha256`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// The photo.
    pub id: PhotoId,
    /// What it shows: the name of a field of the form of kind [`super::AnswerKind::Photos`].
    pub kind: String,
    /// What is known of it. `item` stays empty.
    pub meta: PhotoMeta,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What a poster says of the place where it hangs, see [`super::link`]. Empty texts are not said.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefill {
    /// Code or certificate number of the equipment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub equipment: String,
    /// Kind of equipment, as in the procedures (`lift`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The unit: shop, owner.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The product.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub product: String,
    /// Bar code of the product.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gtin: String,
    /// The bureau that put it up.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub bureau: String,
}

impl Prefill {
    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What was said under a name; `None` when nothing was.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let text = match name {
            "equipment" => &self.equipment,
            "kind" => &self.kind,
            "unit" => &self.unit,
            "place" => &self.place,
            "product" => &self.product,
            "gtin" => &self.gtin,
            "bureau" => &self.bureau,
            _ => return None,
        };
        (!text.is_empty()).then_some(text.as_str())
    }
}

/// All that is random in what is filed: ids and keys follow from it, so that filing again gives the same.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ticket {
    /// When it was filed, in milliseconds since the epoch.
    pub at_ms: u64,
    /// Minutes east of Greenwich there.
    pub offset_min: i32,
    /// 32 random bytes in hexadecimal digits. Secret like the draft itself.
    pub seed: Sha256,
    /// Digest of what was filed, so that one ticket is never used for two contents.
    pub content: Sha256,
}

/// How a draft was filed.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct FiledState {
    /// Receipt numbers.
    pub receipts: BTreeMap<Filing, String>,
    /// The bundle.
    pub bundle: String,
    /// How it was handed over, and when.
    #[serde(default)]
    pub handed: Vec<Handed>,
    /// Fields of a later version.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One handing over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Handed {
    /// How.
    pub by: HandedBy,
    /// When, in milliseconds since the epoch.
    pub at_ms: u64,
}

/// How a complaint was handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandedBy {
    /// Saved as a file.
    File,
    /// Through the share sheet.
    Share,
    /// Sent to the bureau's address.
    Upload,
    /// Copied as a text.
    Text,
    /// Shown as a QR code.
    Qr,
    /// Printed.
    Paper,
    /// A later version knows.
    #[serde(other)]
    Other,
}

/// Why bytes are no draft, or a draft can't be filed under its ticket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Not JSON of this form.
    #[error("not a draft: {0}")]
    Json(String),
    /// Of a format that this version does not know.
    #[error("unknown format {0}")]
    Format(String),
    /// More bytes than a draft may have.
    #[error("{bytes} bytes, at most {max}")]
    TooLarge {
        /// How many.
        bytes: usize,
        /// How many may be.
        max: usize,
    },
    /// It has been handed over and was changed since: what is filed now is another complaint, see [`Draft::copy`].
    #[error("changed after it was handed over")]
    HandedOver,
}

impl Draft {
    /// A new draft, with what the poster said as answers where the form takes it.
    #[must_use]
    pub fn begin(id: RecordId, now_ms: u64, lang: Lang, prefill: Prefill, form: &Form) -> Self {
        let mut draft = Self {
            format: FORMAT.to_owned(),
            id,
            created_ms: now_ms,
            updated_ms: now_ms,
            lang,
            files: BTreeSet::new(),
            answers: form.prefilled(&prefill),
            photos: Vec::new(),
            prefill,
            step: String::new(),
            ticket: None,
            filed: None,
            extra: Map::new(),
        };
        draft.step = form.steps.first().map(|step| step.id.clone()).unwrap_or_default();
        draft
    }

    /// The same answers and photos as a draft of its own that is not filed yet.
    #[must_use]
    pub fn copy(&self, id: RecordId, now_ms: u64) -> Self {
        Self { id, created_ms: now_ms, updated_ms: now_ms, ticket: None, filed: None, ..self.clone() }
    }

    /// Reads a draft.
    ///
    /// # Errors
    /// [`DraftError`].
    pub fn read(json: &[u8]) -> Result<Self, DraftError> {
        if json.len() > MAX_BYTES {
            return Err(DraftError::TooLarge { bytes: json.len(), max: MAX_BYTES });
        }
        let draft: Self = serde_json::from_slice(json).map_err(|error| DraftError::Json(error.to_string()))?;
        if draft.format == FORMAT { Ok(draft) } else { Err(DraftError::Format(draft.format)) }
    }

    /// The draft as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Gives an answer; nothing, an empty text and `null` take it away.
    pub fn set(&mut self, field: &str, value: Value, now_ms: u64) {
        let empty = value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        if empty {
            self.answers.remove(field);
        } else {
            self.answers.insert(field.to_owned(), value);
        }
        self.updated_ms = self.updated_ms.max(now_ms);
    }

    /// Adds a photo. Returns false, and adds nothing, when there are [`MAX_PHOTOS`] already.
    #[must_use]
    pub fn add_photo(&mut self, photo: DraftPhoto, now_ms: u64) -> bool {
        let room = self.photos.len() < MAX_PHOTOS;
        if room {
            self.photos.push(photo);
            self.updated_ms = self.updated_ms.max(now_ms);
        }
        room
    }

    /// Takes a photo away and says which bytes no photo of the draft needs any more.
    pub fn remove_photo(&mut self, id: &PhotoId, now_ms: u64) -> Option<Sha256> {
        let at = self.photos.iter().position(|photo| photo.id == *id)?;
        let gone = self.photos.remove(at).meta.sha256;
        self.updated_ms = self.updated_ms.max(now_ms);
        (!self.photos.iter().any(|photo| photo.meta.sha256 == gone)).then_some(gone)
    }

    /// Photos of a kind.
    pub fn photos_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a DraftPhoto> {
        self.photos.iter().filter(move |photo| photo.kind == kind)
    }

    /// Digest of all that is filed: answers, photos, what is filed, what the poster said.
    #[must_use]
    pub fn content(&self) -> Sha256 {
        let photos: Vec<Value> = self.photos.iter().map(|photo| serde_json::to_value(photo).unwrap_or_default()).collect();
        sha256(&canonical_json(&serde_json::json!({
            "files": self.files, "answers": self.answers, "photos": photos, "prefill": self.prefill,
        })))
    }

    /// The ticket to file under: the one that there is, as long as nothing has changed, else a new one. Keep the draft with it
    /// before anything is handed over.
    ///
    /// # Errors
    /// [`DraftError::HandedOver`] when it was handed over and has changed since.
    pub fn take_ticket(&mut self, now: ClockReading, random: [u8; 32]) -> Result<&Ticket, DraftError> {
        let content = self.content();
        let fits = self.ticket.as_ref().is_some_and(|ticket| ticket.content == content);
        if !fits && self.filed.as_ref().is_some_and(|filed| !filed.handed.is_empty()) {
            return Err(DraftError::HandedOver);
        }
        let new = Ticket { at_ms: now.wall_ms, offset_min: now.offset_min, seed: Sha256(random), content };
        if !fits {
            self.filed = None;
            self.ticket = None;
        }
        Ok(self.ticket.get_or_insert(new))
    }
}
