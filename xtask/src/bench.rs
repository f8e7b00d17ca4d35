//! `cargo xtask bench`: sizes, then the measurements in the browser.

use std::process::Command;

use anyhow::Result;

use crate::{
    build, postbuild, run,
    setup::{self, Scope},
    test, tools,
};

/// Builds, prints the sizes, and runs `tests/e2e/bench.mjs` where it exists: all benches, or those that are named.
pub fn bench(only: &[String]) -> Result<()> {
    setup::setup(Scope::All)?;
    build::build(false, false)?;
    print!("{}", postbuild::sizes(&tools::root().join("dist"))?);
    let script = tools::npm_dir().join("bench.mjs");
    if !script.is_file() {
        println!("bench: there is no tests/e2e/bench.mjs");
        return Ok(());
    }
    let mut node = Command::new("node");
    node.arg(script).args(only).current_dir(tools::root());
    test::browser_env(&mut node)?;
    run::run(&mut node)
}
