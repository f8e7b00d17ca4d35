//! Keys in memory, for tests.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use chacha20poly1305::aead::AeadInPlace as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};

use super::FixedRandom;
use crate::port::keys::{Keys, KeysError};
use crate::port::random::Random as _;
use crate::port::shelf::ShelfError;

const NONCE: usize = 12;
const TAG: usize = 16;

type Copy = Rc<RefCell<BTreeMap<String, [u8; 32]>>>;

/// Two copies of keys in memory. Clones are handles of the same copies.
#[derive(Clone, Default)]
pub struct MemoryKeys {
    copies: [Copy; 2],
    random: FixedRandom,
    /// How many more changes of one copy succeed.
    left: Rc<Cell<Option<u32>>>,
}

impl MemoryKeys {
    /// Loses a copy of all keys, as a browser does that finds its database damaged.
    pub fn lose(&self, copy: usize) {
        self.copies[copy].borrow_mut().clear();
    }

    /// How many keys each copy has.
    #[must_use]
    pub fn counts(&self) -> [usize; 2] {
        [self.copies[0].borrow().len(), self.copies[1].borrow().len()]
    }

    /// Lets all changes fail after `changes` more; `None` lets all succeed.
    pub fn fail_after(&self, changes: Option<u32>) {
        self.left.set(changes);
    }

    fn change(&self, copy: &Copy, change: impl FnOnce(&mut BTreeMap<String, [u8; 32]>)) -> Result<(), KeysError> {
        match self.left.get() {
            Some(0) => return Err(ShelfError::Failed { name: "planned".to_owned() }.into()),
            Some(left) => self.left.set(Some(left - 1)),
            None => {}
        }
        change(&mut copy.borrow_mut());
        Ok(())
    }

    fn cipher(&self, id: &str) -> Result<ChaCha20Poly1305, KeysError> {
        let key = self.copies.iter().find_map(|copy| copy.borrow().get(id).copied()).ok_or(KeysError::Absent)?;
        Ok(ChaCha20Poly1305::new(&key.into()))
    }
}

impl Keys for MemoryKeys {
    async fn make(&self, id: &str) -> Result<(), KeysError> {
        if self.cipher(id).is_ok() {
            return self.mend().await;
        }
        let mut key = [0; 32];
        self.random.fill(&mut key);
        for copy in &self.copies {
            self.change(copy, |keys| {
                keys.insert(id.to_owned(), key);
            })?;
        }
        Ok(())
    }

    async fn ids(&self) -> Result<Vec<String>, KeysError> {
        let all: BTreeMap<String, [u8; 32]> = self.copies.iter().flat_map(|copy| copy.borrow().clone()).collect();
        Ok(all.into_keys().collect())
    }

    async fn mend(&self) -> Result<(), KeysError> {
        let all: BTreeMap<String, [u8; 32]> = self.copies.iter().flat_map(|copy| copy.borrow().clone()).collect();
        for copy in self.copies.iter().filter(|copy| copy.borrow().len() < all.len()) {
            self.change(copy, |keys| keys.clone_from(&all))?;
        }
        Ok(())
    }

    async fn seal(&self, id: &str, place: &str, plain: &[u8]) -> Result<Vec<u8>, KeysError> {
        let mut sealed = vec![0; NONCE];
        self.random.fill(&mut sealed);
        let nonce: [u8; NONCE] = sealed.as_slice().try_into().map_err(|_| KeysError::Damaged)?;
        let mut body = plain.to_vec();
        let tag = self.cipher(id)?.encrypt_in_place_detached(&nonce.into(), place.as_bytes(), &mut body).map_err(|_| KeysError::Damaged)?;
        sealed.append(&mut body);
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    async fn open(&self, id: &str, place: &str, sealed: &[u8]) -> Result<Vec<u8>, KeysError> {
        let cipher = self.cipher(id)?;
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(KeysError::Damaged)?;
        let (body, tag) = rest.split_at_checked(rest.len().saturating_sub(TAG)).ok_or(KeysError::Damaged)?;
        let (nonce, tag) = (nonce.try_into().map_err(|_| KeysError::Damaged)?, tag.try_into().map_err(|_| KeysError::Damaged)?);
        let (nonce, tag): ([u8; NONCE], [u8; TAG]) = (nonce, tag);
        let mut plain = body.to_vec();
        cipher.decrypt_in_place_detached(&nonce.into(), place.as_bytes(), &mut plain, &tag.into()).map_err(|_| KeysError::Damaged)?;
        Ok(plain)
    }

    async fn destroy(&self, id: &str) -> Result<(), KeysError> {
        for copy in &self.copies {
            self.change(copy, |keys| {
                keys.remove(id);
            })?;
        }
        Ok(())
    }
}
