//! AES-256-GCM keys of the browser (WebCrypto): made here, kept here, never given out.
//!
//! A key is not extractable: a script can use it and can't read it. It lies in two databases of its own, one beside each
//! copy of what it seals, as the object that the browser gives: a browser that can't store such an object can't keep drafts.

use std::collections::BTreeSet;

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, IdbDatabase, IdbFactory, SubtleCrypto};

use super::idb::{Answer, Ended, begin_on, failed, read_property, refused};
use super::random::BrowserRandom;
use crate::port::keys::{Keys, KeysError};
use crate::port::random::Random as _;
use crate::port::shelf::ShelfError;

/// The version of both databases.
const VERSION: u32 = 1;
/// Their one object store: name of the key → the key.
const STORE: &str = "keys";
const ALGORITHM: &str = "AES-GCM";
/// Bytes before the sealed ones: random, so that no two sealed values are alike.
const NONCE: usize = 12;

/// Keys in two databases.
pub struct BrowserKeys {
    places: [Place; 2],
    subtle: SubtleCrypto,
}

/// Where a copy lies.
#[derive(Clone)]
pub struct Place {
    /// The factory of its bucket.
    pub factory: IdbFactory,
    /// The database.
    pub name: String,
}

impl BrowserKeys {
    /// Keys at two places.
    ///
    /// # Errors
    /// [`ShelfError::Refused`] where the browser has no cryptography: outside of secure pages.
    pub fn at(places: [Place; 2]) -> Result<Self, ShelfError> {
        let crypto: Crypto =
            Reflect::get(&js_sys::global(), &"crypto".into()).and_then(JsCast::dyn_into).map_err(|_| ShelfError::Refused)?;
        let subtle = read_property(&crypto, "subtle").ok_or(ShelfError::Refused)?.unchecked_into();
        Ok(Self { places, subtle })
    }

    async fn find(&self, id: &str) -> Result<CryptoKey, KeysError> {
        let mut failed = None;
        for place in &self.places {
            match place.get(id).await {
                Ok(Some(key)) => return Ok(key),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
        Err(failed.map_or(KeysError::Absent, KeysError::from))
    }
}

impl Keys for BrowserKeys {
    async fn make(&self, id: &str) -> Result<(), KeysError> {
        let key = match self.find(id).await {
            Ok(key) => key,
            Err(KeysError::Absent) => {
                let algorithm = algorithm();
                set(&algorithm, "length", &256.into());
                let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
                let made = promised(self.subtle.generate_key_with_object(&algorithm, false, &uses)).await.map_err(failed)?;
                made.unchecked_into()
            }
            Err(error) => return Err(error),
        };
        for place in &self.places {
            place.put(id, &key).await?;
        }
        for place in &self.places {
            // A browser may take the object and give something else back.
            if place.get(id).await?.is_none() {
                return Err(ShelfError::Refused.into());
            }
        }
        Ok(())
    }

    async fn ids(&self) -> Result<Vec<String>, KeysError> {
        let mut all = BTreeSet::new();
        for place in &self.places {
            all.extend(place.ids().await?);
        }
        Ok(all.into_iter().collect())
    }

    async fn mend(&self) -> Result<(), KeysError> {
        let [a, b] = &self.places;
        let (in_a, in_b): (BTreeSet<String>, BTreeSet<String>) =
            (a.ids().await?.into_iter().collect(), b.ids().await?.into_iter().collect());
        for (from, to, missing) in [(a, b, in_a.difference(&in_b)), (b, a, in_b.difference(&in_a))] {
            for id in missing {
                if let Some(key) = from.get(id).await? {
                    to.put(id, &key).await?;
                }
            }
        }
        Ok(())
    }

    async fn seal(&self, id: &str, place: &str, plain: &[u8]) -> Result<Vec<u8>, KeysError> {
        let key = self.find(id).await?;
        let mut sealed = vec![0; NONCE];
        BrowserRandom.fill(&mut sealed);
        let options = options(&sealed, place);
        let asked = self.subtle.encrypt_with_object_and_buffer_source(&options, &key, &Uint8Array::from(plain));
        let body = promised(asked).await.map_err(failed)?;
        sealed.extend_from_slice(&Uint8Array::new(&body).to_vec());
        Ok(sealed)
    }

    async fn open(&self, id: &str, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeysError> {
        let key = self.find(id).await?;
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(KeysError::Damaged)?;
        let asked = self.subtle.decrypt_with_object_and_buffer_source(&options(nonce, place), &key, &Uint8Array::from(body));
        let plain = promised(asked).await.map_err(|_| KeysError::Damaged)?;
        Ok(Uint8Array::new(&plain).to_vec())
    }

    async fn destroy(&self, id: &str) -> Result<(), KeysError> {
        // Both are tried, whatever becomes of the first.
        let (a, b) = (self.places[0].delete(id).await, self.places[1].delete(id).await);
        a?;
        b?;
        Ok(())
    }
}

impl Place {
    /// Opened for one use and closed again, so that it can be deleted at any time.
    async fn open(&self) -> Result<Open, ShelfError> {
        let request = self.factory.open_with_u32(&self.name, VERSION).map_err(|error| refused(&error))?;
        let upgrading = request.clone();
        let on_upgrade = Closure::<dyn FnMut()>::new(move || {
            if let Ok(database) = upgrading.result().and_then(JsCast::dyn_into::<IdbDatabase>) {
                // The database is new: the name is free.
                let _ = database.create_object_store(STORE);
            }
        });
        request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
        let opened = Answer::of(&request).wait().await;
        request.set_onupgradeneeded(None);
        opened.and_then(JsCast::dyn_into).map(Open).map_err(|error| refused(&error))
    }

    async fn get(&self, id: &str) -> Result<Option<CryptoKey>, ShelfError> {
        let open = self.open().await?;
        let store = begin_on(&open.0, vec![STORE], "readonly")?.object_store(STORE).map_err(failed)?;
        let found = Answer::of(&store.get(&id.into()).map_err(failed)?).wait().await.map_err(failed)?;
        Ok(found.dyn_into().ok())
    }

    async fn ids(&self) -> Result<Vec<String>, ShelfError> {
        let open = self.open().await?;
        let store = begin_on(&open.0, vec![STORE], "readonly")?.object_store(STORE).map_err(failed)?;
        let found = Answer::of(&store.get_all_keys().map_err(failed)?).wait().await.map_err(failed)?;
        Ok(Array::from(&found).iter().filter_map(|key| key.as_string()).collect())
    }

    async fn put(&self, id: &str, key: &CryptoKey) -> Result<(), ShelfError> {
        let open = self.open().await?;
        let transaction = begin_on(&open.0, vec![STORE], "readwrite")?;
        let ended = Ended::of(&transaction);
        let store = transaction.object_store(STORE).map_err(failed)?;
        // Private windows of some browsers can't store a key.
        store.put_with_key(key, &id.into()).map_err(|_| ShelfError::Refused)?;
        ended.wait().await
    }

    async fn delete(&self, id: &str) -> Result<(), ShelfError> {
        let open = self.open().await?;
        let transaction = begin_on(&open.0, vec![STORE], "readwrite")?;
        let ended = Ended::of(&transaction);
        transaction.object_store(STORE).map_err(failed)?.delete(&id.into()).map_err(failed)?;
        ended.wait().await
    }
}

struct Open(IdbDatabase);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn algorithm() -> Object {
    let algorithm = Object::new();
    set(&algorithm, "name", &ALGORITHM.into());
    algorithm
}

fn options(nonce: &[u8], place: &str) -> Object {
    let options = algorithm();
    set(&options, "iv", &Uint8Array::from(nonce));
    set(&options, "additionalData", &Uint8Array::from(place.as_bytes()));
    options
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A plain object of our own takes every property.
    let _ = Reflect::set(object, &name.into(), value);
}

async fn promised(asked: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(asked?).await
}
