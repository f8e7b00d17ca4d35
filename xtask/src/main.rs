//! `cargo xtask`: everything one does with this repository besides writing code.
//!
//! Set-up lives here and nowhere else: each command first makes sure of its tools.

mod args;
mod bench;
mod build;
mod lockfile;
mod postbuild;
mod run;
mod serve;
mod setup;
mod split;
mod test;
mod tools;
mod web;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;

const HELP: &str = "\
cargo xtask <command>

  setup   Install what is missing: wasm32 target, Trunk, wasm-bindgen, npm packages, Chromium, pyxform
  build   Build the web app into dist/           [--force] [--fast]
  serve   Build, then serve the app locally      [--port 8080] [--host 127.0.0.1] [--dist DIR] [--no-build]
  test    Run every check and test               [--only fmt,clippy,native,wasm,build,e2e] [--e2e-filter TEXT]
  bench   Print sizes and run the measurements   [--only starts,taps,transfer,lists,visit,tables,search]
";

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    match dispatch(&mut args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &mut Args) -> Result<ExitCode> {
    match args.command().as_deref() {
        Some("setup") => {
            args.finish()?;
            setup::setup(setup::Scope::All)?;
            println!("setup: everything is there");
        }
        Some("build") => {
            let (force, fast) = (args.flag("--force"), args.flag("--fast"));
            args.finish()?;
            build::build(force, fast)?;
        }
        Some("serve") => {
            let options = serve::Options::from_args(args)?;
            args.finish()?;
            serve::serve(&options)?;
        }
        Some("test") => {
            let options = test::Options::from_args(args)?;
            args.finish()?;
            return test::test(&options);
        }
        Some("bench") => {
            let only = args.value("--only")?.unwrap_or_default();
            args.finish()?;
            let only: Vec<String> = only.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
            bench::bench(&only)?;
        }
        None | Some("help" | "--help" | "-h") => print!("{HELP}"),
        Some(other) => bail!("unknown command `{other}`\n\n{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}
