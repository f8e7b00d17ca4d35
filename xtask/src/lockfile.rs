//! Reads versions out of Cargo.lock.

use anyhow::{Context as _, Result};

use crate::tools;

/// Version of a package in the text of a Cargo.lock.
pub fn version_in(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == wanted)?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

/// The `wasm-bindgen` that the app links: its command line tool must be the very same.
pub fn wasm_bindgen() -> Result<String> {
    let path = tools::root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    version_in(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.50\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";

    #[test]
    fn finds_the_exact_package() {
        assert_eq!(version_in(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(LOCK, "wasm"), None);
    }

    #[test]
    fn this_repository_pins_wasm_bindgen() {
        assert!(wasm_bindgen().unwrap().starts_with("0.2."));
    }
}
