//! Where drafts, photos and filed copies of consumers lie: each draft in a sealed box of its own, never in the clear.
//! And what is made of them to be handed over.

use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::Blob;

use super::bureau;
use super::ctx::DraftCtx;
use crate::app::vault::VaultError;
use crate::browser::clock::BrowserClock;
use crate::browser::files::{blob_of, read_slice, size_bytes};
use crate::browser::random::BrowserRandom;
use crate::browser::upload::{self, UploadError};
use crate::browser::vault::{self, BrowserVault};
use crate::complaint::code::{self, Carried};
use crate::complaint::{self, Draft, Filed, FiledState, Filing};
use crate::domain::change::Sha256;
use crate::envelope::{self, Recipient, armor};
use crate::port::clock::Clock as _;
use crate::port::random::Random as _;
use crate::port::shelf::ShelfError;
use crate::port::twin::StoreError;
use crate::procedure::Procedure;
use crate::ui::cases::rules;
use crate::ui::state::App;

/// The value of a box that is the draft itself; all others are photos, by their digests.
const DRAFT: &str = "draft";

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Trouble {
    /// The form, the bureau or a procedure can't be fetched or read.
    #[error("content is not there")]
    Form,
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// It could not be filed or written.
    #[error("it can't be filed")]
    Filing,
    /// The bureau's key is none: nothing is handed over unencrypted then.
    #[error("the bureau's key can't be used")]
    Key,
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Vault(VaultError::Store(error)) => error,
            _ => Self::Shelf(ShelfError::Closed),
        }
    }
}

/// The boxes. Only the page that owns the data writes into them.
fn vault() -> Rc<BrowserVault> {
    vault::shared(App::current().is_none_or(|app| app.owner.get_untracked()))
}

/// All drafts that can be read.
pub async fn all() -> Result<Vec<Draft>, Trouble> {
    let vault = vault();
    let mut drafts = Vec::new();
    for held in vault.list().await?.into_iter().filter(|held| held.readable) {
        // One that is damaged takes none of the others along.
        let Ok(Some(bytes)) = vault.get(&held.id, DRAFT).await else { continue };
        drafts.extend(Draft::read(&bytes).ok());
    }
    Ok(drafts)
}

/// A draft; `None` when there is none, or it was cleared.
pub async fn load(id: &str) -> Result<Option<Draft>, Trouble> {
    match vault().get(id, DRAFT).await {
        Ok(bytes) => Ok(bytes.and_then(|bytes| Draft::read(&bytes).ok())),
        Err(VaultError::NoBox | VaultError::Name | VaultError::KeyLost) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a draft.
pub async fn save(draft: &Draft) -> Result<(), Trouble> {
    let vault = vault();
    vault.create(draft.id.as_str()).await?;
    vault.put(draft.id.as_str(), DRAFT, &draft.to_json()).await?;
    Ok(())
}

/// Keeps the bytes of a photo; before the draft names it.
pub async fn keep_photo(id: &str, sha256: &Sha256, bytes: &[u8]) -> Result<(), Trouble> {
    let vault = vault();
    vault.create(id).await?;
    vault.put(id, &sha256.to_string(), bytes).await?;
    Ok(())
}

/// The bytes of a photo.
pub async fn photo(id: &str, sha256: &Sha256) -> Result<Option<Vec<u8>>, Trouble> {
    Ok(vault().get(id, &sha256.to_string()).await?)
}

/// Takes the bytes of a photo away.
pub async fn remove_photo(id: &str, sha256: &Sha256) -> Result<(), Trouble> {
    vault().remove(id, &sha256.to_string()).await?;
    Ok(())
}

/// Clears a draft away: its key, itself, its photos.
pub async fn clear(id: &str) -> Result<(), Trouble> {
    Ok(vault().wipe(id).await?)
}

async fn procedures(filings: &[Filing]) -> Result<Vec<Procedure>, Trouble> {
    let mut all = Vec::new();
    for filing in filings {
        all.push(rules::procedure(filing.as_str()).await.ok_or(Trouble::Form)?);
    }
    Ok(all)
}

/// The records of a draft that has its ticket.
async fn filed(ctx: DraftCtx) -> Result<Filed, Trouble> {
    let form = ctx.form();
    let draft = ctx.draft.get_untracked();
    let procedures = procedures(&Filing::ALL).await?;
    complaint::file(&draft, &form, &procedures).map_err(|_| Trouble::Filing)
}

/// Files a draft: gives it its ticket and receipt numbers, and keeps it so.
///
/// # Errors
/// [`Trouble`]; the draft can be filed again.
pub async fn file(ctx: DraftCtx) -> Result<(), Trouble> {
    ctx.app.flush_typing();
    let mut random = [0; 32];
    BrowserRandom.fill(&mut random);
    let now = BrowserClock.read();
    let ticket = ctx.draft.try_update(|draft| draft.take_ticket(now, random).map(|_| ()).is_ok());
    if ticket != Some(true) {
        return Err(Trouble::Filing);
    }
    let filed = filed(ctx).await?;
    let state = FiledState { receipts: filed.receipts(), bundle: filed.bundle.to_string(), ..FiledState::default() };
    ctx.update(|draft| draft.filed = Some(state));
    if ctx.settle().await { Ok(()) } else { Err(Trouble::Vault(VaultError::Store(ShelfError::Closed.into()))) }
}

/// A file that is ready to be handed over.
#[derive(Clone)]
pub struct Made {
    /// The file.
    pub blob: Blob,
    /// Its name: the receipt number, nothing of the person.
    pub name: String,
    /// Whether only the bureau can read it.
    pub sealed: bool,
}

/// The key of the bureau; `None` where it has none.
async fn recipient() -> Result<Option<Recipient>, Trouble> {
    let bureau = bureau::get().await.ok_or(Trouble::Form)?;
    let key = bureau.public_key.filter(|key| !key.is_empty());
    key.map(|key| Recipient::parse(&key).map_err(|_| Trouble::Key)).transpose()
}

/// The bundle, encrypted for the bureau where it has a key.
///
/// # Errors
/// [`Trouble`]; where the key can't be used nothing is made.
pub async fn bundle(ctx: DraftCtx) -> Result<Made, Trouble> {
    let recipient = recipient().await?;
    let filed = filed(ctx).await?;
    let mut photos = BTreeMap::new();
    for sha256 in filed.photos() {
        let bytes = photo(&ctx.id(), &sha256).await?.ok_or(Trouble::Filing)?;
        photos.insert(sha256, bytes);
    }
    let plain = filed.write(|sha256| photos.get(sha256).cloned()).map_err(|_| Trouble::Filing)?;
    drop(photos);
    let name = filed.file_name();
    let made = match recipient {
        // As text: phones share text files everywhere, and programs for age read it all the same.
        Some(recipient) => {
            let text = armor::write(&envelope::seal(&plain, &[recipient], &BrowserRandom));
            blob_of(text.as_bytes(), "text/plain").map(|blob| Made { blob, name: format!("{name}.age.txt"), sealed: true })
        }
        None => blob_of(&plain, "application/json").map(|blob| Made { blob, name, sealed: false }),
    };
    made.ok_or(Trouble::Filing)
}

/// Sends the file to the address that the bureau has set.
///
/// # Errors
/// [`UploadError`]; the other ways are still there.
pub async fn upload(url: &str, made: &Made) -> Result<(), UploadError> {
    let bytes = read_slice(&made.blob, 0, size_bytes(&made.blob)).await.map_err(|_| UploadError::Offline)?;
    upload::upload(url, &bytes, &made.name).await
}

/// A complaint as a text.
#[derive(Clone, PartialEq, Debug)]
pub struct Code {
    /// To copy.
    pub text: String,
    /// For a QR code; none where it would be too dense.
    pub qr: Option<String>,
}

/// The text that says all but the photos, encrypted for the bureau where it has a key.
///
/// # Errors
/// [`Trouble`].
pub async fn code(ctx: DraftCtx) -> Result<Code, Trouble> {
    let recipient = recipient().await?;
    let filed = filed(ctx).await?;
    let carried = match recipient {
        Some(recipient) => Carried::Envelope(envelope::seal(&code::to_seal(&filed.statement), &[recipient], &BrowserRandom)),
        None => Carried::Statement(Box::new(filed.statement)),
    };
    let text = code::encode(&carried).map_err(|_| Trouble::Filing)?;
    Ok(Code { text, qr: code::encode_qr(&carried).ok() })
}
