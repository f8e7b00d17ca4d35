//! `cargo xtask build`: Trunk makes the app, [`crate::split`] cuts it into files, [`crate::postbuild`] finishes it.

use std::{fs, path::Path, time::Instant};

use anyhow::{Context as _, Result};

use crate::{
    postbuild, run,
    setup::{self, Scope},
    split, tools, web,
};

/// What the build reads; a change in any of these is a reason to build again.
const INPUTS: [&str; 12] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "index.html",
    "public",
    "rust-toolchain.toml",
    "src",
    "style",
    "tests/e2e/package-lock.json",
    "xtask",
];

/// Builds the app into dist/, unless what is there was made from the very same files.
///
/// `fast` is for trying things out: no link-time optimisation and no size pass. Never for a release or a test.
pub fn build(force: bool, fast: bool) -> Result<()> {
    let start = Instant::now();
    let setup = setup::setup(Scope::Build)?;
    let root = tools::root();
    // Two builds at once would take each other's files away.
    fs::create_dir_all(root.join("target/xtask"))?;
    let lock = fs::File::create(root.join("target/xtask/build-lock"))?;
    lock.lock().context("waiting for another build")?;
    let dist = root.join("dist");
    let stamp = root.join("target/xtask/build-stamp");
    let now = format!("{}{}", fingerprint(&root)?, if fast { " fast" } else { "" });
    if !force && dist.join("sw.js").is_file() && fs::read_to_string(&stamp).is_ok_and(|before| before == now) {
        println!("build: dist/ is up to date");
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);

    let mut trunk = setup.command("trunk")?;
    if fast {
        trunk.args(["build", "--cargo-profile", "fast"]);
    } else {
        trunk.args(["build", "--release"]);
    }
    run::run(&mut trunk)?;
    split::split(&setup, &root, &dist, if fast { "fast" } else { "release" })?;
    let report = postbuild::finish(&root, &dist)?;
    print!("{report}");

    fs::create_dir_all(stamp.parent().context("no parent")?)?;
    fs::write(&stamp, now)?;
    println!("build: done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// One line about all files that the build reads: their names, sizes and times of change.
fn fingerprint(root: &Path) -> Result<String> {
    let mut text = String::new();
    for input in INPUTS {
        for file in web::files_under(&root.join(input))? {
            let meta = fs::metadata(&file)?;
            text.push_str(&format!("{} {} {:?}\n", file.display(), meta.len(), meta.modified()?));
        }
    }
    Ok(web::sha256_hex(text.as_bytes()))
}
