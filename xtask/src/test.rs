//! `cargo xtask test`: every check and test, one after another; one run shows all failures.

use std::{
    fs,
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    args::Args,
    build, run,
    setup::{self, Scope, Setup},
    tools,
};

const STEPS: [&str; 6] = ["fmt", "clippy", "native", "wasm", "build", "e2e"];

/// Which steps to run.
pub struct Options {
    only: Vec<String>,
    e2e_filter: Option<String>,
}

impl Options {
    /// Reads `--only` and `--e2e-filter`.
    pub fn from_args(args: &mut Args) -> Result<Self> {
        let only = args.value("--only")?.unwrap_or_else(|| STEPS.join(","));
        let only: Vec<_> = only.split(',').map(|step| step.trim().to_owned()).collect();
        if let Some(unknown) = only.iter().find(|step| !STEPS.contains(&step.as_str())) {
            bail!("unknown step `{unknown}`; there are {}", STEPS.join(", "));
        }
        Ok(Self { only, e2e_filter: args.value("--e2e-filter")? })
    }

    fn wants(&self, step: &str) -> bool {
        self.only.iter().any(|only| only == step)
    }
}

/// Passed, failed, skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Counts {
    /// One check without a count of its own.
    fn check(ok: bool) -> Self {
        Self { passed: u32::from(ok), failed: u32::from(!ok), skipped: 0 }
    }

    /// A failed program counts as a failure even if it named none.
    fn with_status(mut self, ok: bool) -> Self {
        if !ok && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

struct Report {
    lines: Vec<String>,
    total: Counts,
}

impl Report {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Counts>) {
        println!("== {name}");
        let start = Instant::now();
        let counts = work().unwrap_or_else(|error| {
            println!("error: {error:#}");
            Counts::check(false)
        });
        let verdict = if counts.failed == 0 { "ok" } else { "FAILED" };
        let line = format!(
            "{name:<28} {verdict:<6} {:>5} passed {:>4} failed {:>4} skipped {:>7.1} s",
            counts.passed,
            counts.failed,
            counts.skipped,
            start.elapsed().as_secs_f64()
        );
        println!("== {line}\n");
        self.lines.push(line);
        self.total.add(counts);
    }
}

/// Runs the chosen steps; fails when anything failed.
pub fn test(options: &Options) -> Result<ExitCode> {
    let mut report = Report { lines: Vec::new(), total: Counts::default() };
    println!("== setup");
    let start = Instant::now();
    let setup = setup::setup(Scope::All)?;
    println!("== setup ok {:.1} s\n", start.elapsed().as_secs_f64());

    if options.wants("fmt") {
        report.step("fmt", || check(&mut cargo(&["fmt", "--all", "--check"])));
    }
    if options.wants("clippy") {
        report.step("clippy", || check(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])));
        report.step("clippy of the browser code", || {
            let mut clippy = cargo(&["clippy", "-p", "spotcheck", "--lib", "--bins", "--locked", "--", "-D", "warnings"]);
            check(clippy.env("RUSTFLAGS", "--cfg web_lint"))
        });
    }
    if options.wants("native") {
        report.step("native tests", native);
    }
    if options.wants("wasm") {
        report.step("wasm tests in the browser", || wasm(&setup));
    }
    let mut built = true;
    if options.wants("build") || options.wants("e2e") {
        report.step("release build", || {
            let result = build::build(false, false);
            built = result.is_ok();
            result.map(|()| Counts::check(true))
        });
    }
    if options.wants("e2e") {
        report.step("end-to-end tests", || {
            if !built {
                bail!("not run: there is no build to test");
            }
            e2e(options.e2e_filter.as_deref())
        });
    }

    println!("summary");
    for line in &report.lines {
        println!("  {line}");
    }
    let Counts { passed, failed, skipped } = report.total;
    if skipped > 0 {
        println!("{passed} passed, {failed} failed, {skipped} skipped");
    } else {
        println!("{passed} passed, {failed} failed");
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(args).current_dir(tools::root());
    cargo
}

fn check(command: &mut Command) -> Result<Counts> {
    println!("$ {}", run::show(command));
    let (ok, _) = run::tee(command)?;
    Ok(Counts::check(ok))
}

fn native() -> Result<Counts> {
    let nextest = tools::find(&["cargo-nextest"]).is_some();
    let mut command = if nextest {
        let mut command = cargo(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--no-tests", "pass"]);
        command.args(["--status-level", "fail", "--final-status-level", "fail", "--show-progress", "none"]);
        command
    } else {
        cargo(&["test", "--workspace", "--locked", "--no-fail-fast"])
    };
    command.env("SPOTCHECK_PYTHON", tools::python());
    println!("$ {}", run::show(&command));
    let (ok, text) = run::tee(&mut command)?;
    let counts = if nextest { nextest_counts(&text) } else { libtest_counts(&text) };
    Ok(counts.with_status(ok))
}

/// Tests in `tests/wasm_*.rs` run in headless Chromium.
fn wasm(setup: &Setup) -> Result<Counts> {
    let mut names = Vec::new();
    for entry in fs::read_dir(tools::root().join("tests"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".rs")
            && name.starts_with("wasm_")
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    if names.is_empty() {
        println!("there are no tests/wasm_*.rs");
        return Ok(Counts::default());
    }
    let mut cargo = setup.command("cargo")?;
    cargo.args(["test", "-p", "spotcheck", "--locked", "--no-fail-fast", "--target", tools::WASM]);
    for name in &names {
        cargo.args(["--test", name]);
    }
    cargo
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", tools::chromedriver().context("chromedriver is missing")?)
        // Debug information would make each file tens of megabytes.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env_remove("GECKODRIVER")
        .env_remove("SAFARIDRIVER");
    println!("$ {}", run::show(&cargo));
    let (ok, text) = run::tee(&mut cargo)?;
    Ok(libtest_counts(&text).with_status(ok))
}

fn e2e(filter: Option<&str>) -> Result<Counts> {
    let mut files = Vec::new();
    for entry in fs::read_dir(tools::npm_dir())? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path.strip_prefix(tools::root())?.to_path_buf());
        }
    }
    files.sort();
    if files.is_empty() {
        println!("there are no tests/e2e/*.test.mjs");
        return Ok(Counts::default());
    }
    // The `spotcheck` program that the tests hand bundles to.
    if !run::tee(&mut cargo(&["build", "--locked", "-p", "spotcheck-cli"]))?.0 {
        bail!("the `spotcheck` program could not be built");
    }
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    if let Some(filter) = filter {
        node.arg(format!("--test-name-pattern={filter}"));
    }
    node.args(&files).current_dir(tools::root());
    browser_env(&mut node)?;
    println!("$ {}", run::show(&node));
    let (ok, text) = run::tee(&mut node)?;
    Ok(node_counts(&text).with_status(ok))
}

/// What the tests and measurements in the browser are told.
pub fn browser_env(command: &mut Command) -> Result<()> {
    let xtask = std::env::current_exe()?;
    // Cargo puts all programs of the workspace into one folder.
    let cli = xtask.with_file_name(format!("spotcheck{}", std::env::consts::EXE_SUFFIX));
    command
        .env("SPOTCHECK_XTASK", xtask)
        .env("SPOTCHECK_DIST", tools::root().join("dist"))
        .env("SPOTCHECK_CLI", cli)
        .env("CHROMIUM", tools::chromium().context("Chromium is missing")?);
    Ok(())
}

/// `Summary [ 0.1s] 12 tests run: 11 passed, 1 failed, 2 skipped`
fn nextest_counts(text: &str) -> Counts {
    let line = text.lines().rev().find(|line| line.contains(" run: ")).unwrap_or_default();
    let (_, counts) = line.split_once(" run: ").unwrap_or_default();
    Counts {
        passed: number_before(counts, "passed"),
        failed: number_before(counts, "failed") + number_before(counts, "timed out"),
        skipped: number_before(counts, "skipped"),
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`
fn libtest_counts(text: &str) -> Counts {
    let mut total = Counts::default();
    for line in text.lines().filter(|line| line.starts_with("test result:")) {
        total.add(Counts {
            passed: number_before(line, "passed"),
            failed: number_before(line, "failed"),
            skipped: number_before(line, "ignored"),
        });
    }
    total
}

/// `ℹ pass 3`, one line for each count
fn node_counts(text: &str) -> Counts {
    let count = |name: &str| {
        text.lines()
            .rev()
            .find_map(|line| {
                let mut words = line.split_whitespace();
                let (Some("ℹ" | "#"), Some(word), Some(number)) = (words.next(), words.next(), words.next()) else {
                    return None;
                };
                (word == name).then(|| number.parse().ok()).flatten()
            })
            .unwrap_or(0)
    };
    Counts { passed: count("pass"), failed: count("fail") + count("cancelled"), skipped: count("skipped") + count("todo") }
}

/// The number in front of a word: 3 in `3 passed; 1 failed` for `passed`.
fn number_before(text: &str, word: &str) -> u32 {
    text.split([',', ';', '.', '('])
        .filter_map(|part| part.trim().strip_suffix(word))
        .find_map(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32, skipped: u32) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn reads_the_counts_of_each_runner() {
        assert_eq!(nextest_counts("x\n     Summary [   0.004s] 12 tests run: 10 passed (1 slow), 2 failed, 3 skipped\n"), counts(10, 2, 3));
        assert_eq!(nextest_counts("     Summary [   0.004s] 1 test run: 1 passed, 0 skipped\n"), counts(1, 0, 0));
        let libtest = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.0s\n\
                       test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out\n";
        assert_eq!(libtest_counts(libtest), counts(4, 2, 1));
        assert_eq!(node_counts("ℹ tests 4\nℹ pass 3\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n"), counts(3, 1, 0));
        assert_eq!(node_counts("# pass 2\n# fail 0\n"), counts(2, 0, 0));
    }

    #[test]
    fn a_crash_is_a_failure() {
        assert_eq!(Counts::default().with_status(false), counts(0, 1, 0));
        assert_eq!(counts(3, 2, 0).with_status(false), counts(3, 2, 0));
        assert_eq!(counts(3, 0, 0).with_status(true), counts(3, 0, 0));
    }
}
