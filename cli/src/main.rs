//! The `spotcheck` command: checks, shows, opens and unpacks bundles, for the office and for courts. Never needs a network.
//!
//! Exit codes: 0 all good, 1 a file was refused or two files contradict each other, 2 wrong use or a file that can't be read or written.
#![deny(clippy::indexing_slicing)]

mod args;
mod extract;
mod file;
mod folder;
mod labels;
mod open;
mod page;
mod show;
mod text;
mod verify;
mod verify_words;
mod words;

use std::process::ExitCode;

use args::{Args, Command};

fn main() -> ExitCode {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().skip(1).collect();
    let set = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let language = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    let args = match Args::parse(&typed, &language) {
        Ok(args) => args,
        Err((lang, error)) => {
            eprintln!("spotcheck: {}", words::usage_error(lang, &error));
            eprintln!("{}", lang.pick("用法见 spotcheck --help", "see spotcheck --help"));
            return ExitCode::from(2);
        }
    };
    let code = match &args.command {
        Command::Help => text::print(words::help(args.lang)),
        Command::Version => text::print(&format!("spotcheck {}\n", env!("CARGO_PKG_VERSION"))),
        Command::Verify { files, page } => verify::run(files, page.as_deref(), args.lang),
        Command::Show { files, record, json } => show::run(files, record.as_ref(), *json, args.lang),
        Command::Open { file, key, out } => open::run(file, key, out.as_deref(), args.lang),
        Command::Extract { files, folder } => extract::run(files, folder, args.lang),
    };
    ExitCode::from(code)
}
