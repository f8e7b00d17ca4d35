//! Pinned tools: every version that this repository chooses stands here, or in a lock file.
//!
//! `wasm-bindgen` follows Cargo.lock, the npm packages follow `tests/e2e/package-lock.json`,
//! the Python packages `sheets/tests/pyxform-requirements.txt`, and the host toolchain follows `rust-toolchain.toml`.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Version of Trunk. 0.21.14 is the last that builds with Rust 1.95.
pub const TRUNK: &str = "0.21.14";

/// Version of `wasm-split-cli`, which must understand what the `wasm_split_helpers` of Leptos leave in the program.
pub const WASM_SPLIT: &str = "0.2.4";

/// The target of everything that runs in the browser.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Oldest Node.js that the npm packages accept.
pub const NODE_MIN: u32 = 20;

/// Debian packages with a Rust whose standard library can be built for wasm32 from source.
pub const DEBIAN_RUST: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where tools are kept that cargo builds for us; shared by all clones.
pub fn cache() -> PathBuf {
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_else(|| root().join("target"))
        .join("spotcheck")
}

/// Where one version of one cargo-installed tool is kept.
pub fn tool_dir(name: &str, version: &str) -> PathBuf {
    cache().join("tools").join(format!("{name}-{version}"))
}

/// The folder with `package.json`.
pub fn npm_dir() -> PathBuf {
    root().join("tests/e2e")
}

/// The pinned Python packages that the tests compare our reading of forms with.
pub fn python_requirements() -> PathBuf {
    root().join("sheets/tests/pyxform-requirements.txt")
}

/// Where Python keeps them.
pub fn python_dir() -> PathBuf {
    cache().join("tools").join("pyxform")
}

/// The Python that has them. `sheets/tests/common/pyxform.rs` knows this place too.
pub fn python() -> PathBuf {
    python_dir().join("bin/python3")
}

/// First of the names found on PATH.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file()))
}

/// Chromium or Chrome; the variable `CHROMIUM` wins.
pub fn chromium() -> Option<PathBuf> {
    env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]))
}

/// ChromeDriver; the variable `CHROMEDRIVER` wins.
pub fn chromedriver() -> Option<PathBuf> {
    env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find(&["chromedriver"]))
}
