//! The vault of this device: sealed boxes in databases of their own.
//!
//! Not in the app's own store: its tables of photos and records are there to be kept for ever, and its databases can't be
//! deleted as a whole. Here the two copies, of the sealed values and of the keys, lie in two storage buckets of their own
//! where the browser has them, else in databases of their own. When the last box is wiped they are deleted together with
//! their files: a database that only deletes an entry may keep its bytes in a log for a while.

use std::rc::Rc;

use futures::lock::Mutex;
use web_sys::IdbFactory;

use super::clock::BrowserClock;
use super::idb::{IdbShelf, default_factory, delete_bucket, delete_database, open_bucket};
use super::keys::{BrowserKeys, Place};
use crate::app::vault::{Held, Vault, VaultError};
use crate::port::shelf::ShelfError;
use crate::port::twin::{Receipt, StoreError, Twin};

type Inner = Vault<Twin<IdbShelf, IdbShelf>, BrowserKeys, BrowserClock>;

/// The sealed boxes of this device. Opens its databases with the first use.
pub struct BrowserVault {
    /// What its databases and buckets are called.
    name: String,
    owns: bool,
    /// One after another: nothing is put in while the databases are being deleted.
    inner: Mutex<Option<Inner>>,
}

thread_local! {
    static SHARED: std::cell::OnceCell<Rc<BrowserVault>> = const { std::cell::OnceCell::new() };
}

/// The page's one vault. `owns` tells whether this page is the one that writes; a page that becomes it is loaded anew.
#[must_use]
pub fn shared(owns: bool) -> Rc<BrowserVault> {
    SHARED.with(|shared| Rc::clone(shared.get_or_init(|| Rc::new(BrowserVault::new("spotcheck-vault", owns)))))
}

impl BrowserVault {
    /// A vault under a name of its own; lower-case letters, digits and `-`.
    #[must_use]
    pub fn new(name: &str, owns: bool) -> Self {
        Self { name: name.to_owned(), owns, inner: Mutex::new(None) }
    }

    /// Begins a box: see [`Vault::create`].
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn create(&self, id: &str) -> Result<(), VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.create(id).await
    }

    /// Keeps values in a box, all or none: see [`Vault::put_all`].
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn put_all(&self, id: &str, values: &[(&str, &[u8])]) -> Result<Receipt, VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.put_all(id, values).await
    }

    /// Keeps a value in a box: see [`Vault::put`].
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn put(&self, id: &str, name: &str, plain: &[u8]) -> Result<Receipt, VaultError> {
        self.put_all(id, &[(name, plain)]).await
    }

    /// Takes a value out for good.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn remove(&self, id: &str, name: &str) -> Result<Receipt, VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.remove(id, name).await
    }

    /// Reads a value; `None` when there is none.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn get(&self, id: &str, name: &str) -> Result<Option<Vec<u8>>, VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.get(id, name).await
    }

    /// The names of the values of a box, sorted.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn names(&self, id: &str) -> Result<Vec<String>, VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.names(id).await
    }

    /// All boxes, the last changed first.
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn list(&self) -> Result<Vec<Held>, VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.list().await
    }

    /// Wipes a box, and with the last one the databases and their files: see [`Vault::wipe`].
    ///
    /// # Errors
    /// [`VaultError`]
    pub async fn wipe(&self, id: &str) -> Result<(), VaultError> {
        let mut inner = self.inner.lock().await;
        let vault = self.opened(&mut inner).await?;
        vault.wipe(id).await?;
        if vault.list().await?.is_empty() {
            self.erase(&mut inner).await;
        }
        Ok(())
    }

    /// Wipes all boxes, the databases and their files.
    ///
    /// # Errors
    /// [`VaultError`]: see [`Vault::wipe_all`].
    pub async fn wipe_all(&self) -> Result<(), VaultError> {
        let mut inner = self.inner.lock().await;
        self.opened(&mut inner).await?.wipe_all().await?;
        self.erase(&mut inner).await;
        Ok(())
    }

    async fn opened<'a>(&self, inner: &'a mut Option<Inner>) -> Result<&'a Inner, VaultError> {
        if inner.is_none() {
            let [a, b] = self.places().await?;
            let open = async |place: &Place| {
                if self.owns {
                    IdbShelf::open(place.factory.clone(), &place.name).await
                } else {
                    IdbShelf::open_as_it_is(place.factory.clone(), &place.name).await
                }
            };
            let (shelf_a, shelf_b) = (open(&a).await.map_err(failed)?, open(&b).await.map_err(failed)?);
            let opened = if self.owns { Twin::open(shelf_a, shelf_b, None).await } else { Twin::open_reader(shelf_a, shelf_b, None).await };
            let (twin, _) = opened?;
            let keys = BrowserKeys::at([a, b].map(|place| Place { name: format!("{}-keys", place.name), ..place })).map_err(failed)?;
            *inner = Some(Vault::open(twin, keys, BrowserClock, self.owns).await?);
        }
        inner.as_ref().ok_or_else(|| failed(ShelfError::Closed))
    }

    /// Where the two copies lie.
    async fn places(&self) -> Result<[Place; 2], VaultError> {
        let factory = default_factory().map_err(failed)?;
        let place = async |copy: &str| {
            let name = format!("{}-{copy}", self.name);
            let factory: IdbFactory = open_bucket(&name).await.unwrap_or_else(|| factory.clone());
            Place { factory, name }
        };
        Ok([place("a").await, place("b").await])
    }

    /// Deletes the databases and their files. Nothing is in them any more.
    async fn erase(&self, inner: &mut Option<Inner>) {
        let Some(vault) = inner.take() else { return };
        let (a, b) = vault.store().shelves();
        a.close();
        b.close();
        drop(vault);
        for place in self.places().await.into_iter().flatten() {
            delete_database(&place.factory, &format!("{}-keys", place.name)).await;
            delete_database(&place.factory, &place.name).await;
            delete_bucket(&place.name).await;
        }
    }
}

fn failed(error: ShelfError) -> VaultError {
    VaultError::Store(StoreError::Shelf(error))
}
