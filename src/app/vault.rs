//! Boxes for what must never lie on the disk in the clear: a consumer's drafts, photos and filed copies.
//!
//! A box is what one draft holds, sealed under a key of its own. The key is kept by [`Keys`], in two copies; the sealed
//! values by a store of their own. Wiping a box destroys both copies of its key, and what is sealed under it is nothing
//! but noise from then on, whatever a disk still holds of it.
//!
//! What the store holds, all in [`Table::Meta`]:
//! - `at/<box>`: when it was begun and last changed. Nothing else is told without the key.
//! - `box/<box>/<name>`: a sealed value. It opens in this place alone, so values can't be exchanged for each other.
//! - `wiped/<box>`: it is being wiped. Written before the key is touched and taken away when both copies are gone, so a
//!   wipe that was interrupted is finished at the next start, and a copy that is left over never mends the other one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::time::Instant;
use crate::port::clock::Clock;
use crate::port::keys::{Keys, KeysError};
use crate::port::shelf::{Op, Table};
use crate::port::twin::{Receipt, Store, StoreError};

const AT: &str = "at/";
const BOX: &str = "box/";
const WIPED: &str = "wiped/";

/// Longest name of a box or of a value in it.
const NAME: usize = 64;

/// Why something was not kept, read or wiped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// A name has other characters than `a`–`z`, digits, `-`, `_` and `.`, or more than 64: names are not sealed, so no words of
    /// a person may get into them.
    #[error("no such name is allowed")]
    Name,
    /// There is no such box: it was never begun, or is wiped.
    #[error("no such box")]
    NoBox,
    /// The key of the box is lost, and nothing in it can be read any more.
    #[error("the key is lost")]
    KeyLost,
    /// The value is not what was sealed in this place.
    #[error("damaged")]
    Damaged,
    /// Storing or reading failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<KeysError> for VaultError {
    fn from(error: KeysError) -> Self {
        match error {
            KeysError::Absent => Self::KeyLost,
            KeysError::Damaged => Self::Damaged,
            KeysError::Shelf(error) => Self::Store(error.into()),
        }
    }
}

/// What is known of a box without opening it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Its name.
    pub id: String,
    /// When it was begun.
    pub begun: Instant,
    /// When something was put in last.
    pub changed: Instant,
    /// Whether its key is there.
    pub readable: bool,
}

#[derive(Serialize, Deserialize)]
struct At {
    begun: u64,
    changed: u64,
}

/// The boxes.
pub struct Vault<S, K, C> {
    store: S,
    keys: K,
    clock: C,
    /// Being wiped, or wiped: nothing goes in any more.
    wiped: RefCell<BTreeSet<String>>,
}

impl<S: Store, K: Keys, C: Clock> Vault<S, K, C> {
    /// Opens the vault. The one that owns the store finishes wipes that were interrupted and mends what has lost a copy.
    ///
    /// # Errors
    /// [`VaultError::Store`]
    pub async fn open(store: S, keys: K, clock: C, owns: bool) -> Result<Self, VaultError> {
        let vault = Self { store, keys, clock, wiped: RefCell::default() };
        for key in vault.store.keys(Table::Meta, WIPED).await? {
            let id = key.strip_prefix(WIPED).unwrap_or_default().to_owned();
            vault.wiped.borrow_mut().insert(id.clone());
            if owns {
                vault.finish_wipe(&id).await?;
            }
        }
        if owns {
            vault.keys.mend().await?;
        }
        Ok(vault)
    }

    /// The store, to look at.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Begins a box. One that is there stays as it is.
    ///
    /// # Errors
    /// [`VaultError`]; a box that was wiped is not begun again under the same name.
    pub async fn create(&self, id: &str) -> Result<(), VaultError> {
        self.check(id)?;
        if self.at(id).await?.is_some() {
            return Ok(());
        }
        self.keys.make(id).await?;
        let now = self.clock.now().ms();
        self.store.commit(vec![put_at(id, &At { begun: now, changed: now })]).await?;
        Ok(())
    }

    /// Keeps values in a box, all or none of them; a value of the same name is replaced.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing of it is kept, and what was there before is.
    pub async fn put_all(&self, id: &str, values: &[(&str, &[u8])]) -> Result<Receipt, VaultError> {
        self.check(id)?;
        let at = self.at(id).await?.ok_or(VaultError::NoBox)?;
        let mut batch = vec![put_at(id, &At { changed: self.clock.now().ms(), ..at })];
        for (name, plain) in values {
            let place = place(id, name)?;
            let sealed = self.keys.seal(id, &place, plain).await?;
            batch.push(Op::put(Table::Meta, place, sealed));
        }
        // It may have been wiped while its values were sealed.
        self.check(id)?;
        Ok(self.store.commit(batch).await?)
    }

    /// Keeps one value: see [`Vault::put_all`].
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn put(&self, id: &str, name: &str, plain: &[u8]) -> Result<Receipt, VaultError> {
        self.put_all(id, &[(name, plain)]).await
    }

    /// Takes one value out for good.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn remove(&self, id: &str, name: &str) -> Result<Receipt, VaultError> {
        self.check(id)?;
        Ok(self.store.commit(vec![Op::delete(Table::Meta, place(id, name)?)]).await?)
    }

    /// Reads a value; `None` when there is none of this name.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn get(&self, id: &str, name: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.check(id)?;
        let place = place(id, name)?;
        let Some(sealed) = self.store.get(Table::Meta, &place).await? else { return Ok(None) };
        Ok(Some(self.keys.open(id, &place, &sealed).await?))
    }

    /// The names of the values of a box, sorted.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn names(&self, id: &str) -> Result<Vec<String>, VaultError> {
        self.check(id)?;
        let prefix = format!("{BOX}{id}/");
        let keys = self.store.keys(Table::Meta, &prefix).await?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(&prefix)).map(str::to_owned).collect())
    }

    /// All boxes, the last changed first.
    ///
    /// # Errors
    /// [`VaultError::Store`]
    pub async fn list(&self) -> Result<Vec<Held>, VaultError> {
        let keys: BTreeSet<String> = self.keys.ids().await?.into_iter().collect();
        let mut held = Vec::new();
        for (key, value) in self.store.scan(Table::Meta, AT).await? {
            let id = key.strip_prefix(AT).unwrap_or_default().to_owned();
            if self.wiped.borrow().contains(&id) {
                continue;
            }
            let at = serde_json::from_slice(&value).unwrap_or(At { begun: 0, changed: 0 });
            let readable = keys.contains(&id);
            held.push(Held { id, begun: Instant::from_ms(at.begun), changed: Instant::from_ms(at.changed), readable });
        }
        held.sort_by(|one, other| other.changed.cmp(&one.changed).then_with(|| one.id.cmp(&other.id)));
        Ok(held)
    }

    /// Wipes a box: when this returns, neither copy of its key is there any more, and nothing that was in it.
    ///
    /// # Errors
    /// [`VaultError`]: something may be left. It can't be read here any more and goes at the next start, or by wiping again.
    pub async fn wipe(&self, id: &str) -> Result<(), VaultError> {
        if !is_name(id) {
            return Err(VaultError::Name);
        }
        self.wiped.borrow_mut().insert(id.to_owned());
        let noted = self.store.commit(vec![Op::put(Table::Meta, format!("{WIPED}{id}"), Vec::new())]).await;
        // Whatever the store says: without the key it holds noise.
        let destroyed = self.keys.destroy(id).await;
        noted?;
        destroyed?;
        self.finish_wipe(id).await
    }

    /// Wipes all boxes.
    ///
    /// # Errors
    /// The first [`VaultError`]; the others are wiped all the same.
    pub async fn wipe_all(&self) -> Result<(), VaultError> {
        let mut ids = self.begun().await?;
        ids.extend(self.keys.ids().await?);
        let mut result = Ok(());
        for id in ids {
            let wiped = self.wipe(&id).await;
            result = result.and(wiped);
        }
        result
    }

    async fn finish_wipe(&self, id: &str) -> Result<(), VaultError> {
        self.keys.destroy(id).await?;
        let values = self.store.keys(Table::Meta, &format!("{BOX}{id}/")).await?;
        let mut batch: Vec<Op> = values.into_iter().map(|key| Op::delete(Table::Meta, key)).collect();
        batch.push(Op::delete(Table::Meta, format!("{AT}{id}")));
        batch.push(Op::delete(Table::Meta, format!("{WIPED}{id}")));
        self.store.commit(batch).await?;
        Ok(())
    }

    async fn begun(&self) -> Result<BTreeSet<String>, VaultError> {
        let keys = self.store.keys(Table::Meta, AT).await?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(AT)).map(str::to_owned).collect())
    }

    async fn at(&self, id: &str) -> Result<Option<At>, VaultError> {
        let value = self.store.get(Table::Meta, &format!("{AT}{id}")).await?;
        Ok(value.map(|value| serde_json::from_slice(&value).unwrap_or(At { begun: 0, changed: 0 })))
    }

    fn check(&self, id: &str) -> Result<(), VaultError> {
        if !is_name(id) {
            return Err(VaultError::Name);
        }
        if self.wiped.borrow().contains(id) { Err(VaultError::NoBox) } else { Ok(()) }
    }
}

fn put_at(id: &str, at: &At) -> Op {
    Op::put(Table::Meta, format!("{AT}{id}"), serde_json::to_vec(at).unwrap_or_default())
}

fn place(id: &str, name: &str) -> Result<String, VaultError> {
    if is_name(name) { Ok(format!("{BOX}{id}/{name}")) } else { Err(VaultError::Name) }
}

fn is_name(name: &str) -> bool {
    (1..=NAME).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}
