//! Randomness of the browser.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::Crypto;

use crate::port::random::Random;

/// How many bytes the browser gives at once.
const AT_ONCE: usize = 65_536;

/// `crypto.getRandomValues`, for windows and workers.
#[derive(Clone, Copy, Default, Debug)]
pub struct BrowserRandom;

impl Random for BrowserRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let crypto: Crypto = Reflect::get(&js_sys::global(), &"crypto".into())
            .and_then(JsCast::dyn_into)
            .expect("every browser that runs WebAssembly has `crypto`; going on without it would make keys that can be guessed");
        for part in bytes.chunks_mut(AT_ONCE) {
            crypto
                .get_random_values_with_u8_array(part)
                .expect("it fails only for more than 65,536 bytes; going on would make keys that can be guessed");
        }
    }
}
