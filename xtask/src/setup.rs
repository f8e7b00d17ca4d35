//! Makes sure of every tool. Fast when all is there; installs what is missing where it can,
//! and otherwise says in one sentence what to install by hand.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{lockfile, run, tools};

/// How much of the set-up a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What building the app takes.
    Build,
    /// Also the browser and its driver, for tests.
    All,
}

/// Everything the wasm build needs to know.
pub struct Setup {
    rust: WasmRust,
    bins: Vec<PathBuf>,
}

/// Which compiler makes wasm.
enum WasmRust {
    /// The active rustup toolchain has the target.
    Active,
    /// A wrapper around Debian's rustc with a standard library of our own, and its linker.
    Debian { rustc: PathBuf, linker: PathBuf },
}

impl Setup {
    /// A command that finds our tools and the compiler that can make wasm.
    pub fn command(&self, program: &str) -> Result<Command> {
        let mut command = Command::new(program);
        run::prepend_path(&mut command, &self.bins)?;
        command.current_dir(tools::root());
        // Trunk reads this as an argument and stumbles over `1`.
        command.env_remove("NO_COLOR");
        if let WasmRust::Debian { rustc, linker } = &self.rust {
            command.env("RUSTC", rustc);
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        Ok(command)
    }
}

/// Makes sure of everything in the scope.
pub fn setup(scope: Scope) -> Result<Setup> {
    let rust = wasm_rust()?;
    let bindgen = lockfile::wasm_bindgen()?;
    let mut bins = vec![
        cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &bindgen, &[])?,
        cargo_tool("trunk", "trunk", tools::TRUNK, &[])?,
        cargo_tool("wasm_split_cli_support", "wasm-split-cli", tools::WASM_SPLIT, &["--features", "build-binary"])?,
    ];
    node()?;
    bins.push(npm()?);
    if scope == Scope::All {
        browser()?;
        python()?;
    }
    Ok(Setup { rust, bins })
}

/// The active toolchain's wasm32 target: there already, fetched, or built from source.
/// `SPOTCHECK_WASM_RUST=debian` chooses the last way even where it isn't needed.
fn wasm_rust() -> Result<WasmRust> {
    let wants_debian = std::env::var("SPOTCHECK_WASM_RUST").is_ok_and(|value| value == "debian");
    if !wants_debian {
        if has_target()? {
            return Ok(WasmRust::Active);
        }
        println!("setup: adding the {} target to the Rust toolchain", tools::WASM);
        let added = run::succeeds(Command::new("rustup").args(["target", "add", tools::WASM]));
        if added && has_target()? {
            return Ok(WasmRust::Active);
        }
        println!("setup: it cannot be fetched here; using Debian's Rust and building its standard library");
    }
    debian_rust()
}

fn has_target() -> Result<bool> {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "sysroot"]).current_dir(tools::root());
    let sysroot = run::output(&mut rustc)?;
    Ok(has_std(Path::new(sysroot.trim())))
}

fn has_std(sysroot: &Path) -> bool {
    let lib = sysroot.join("lib/rustlib").join(tools::WASM).join("lib");
    fs::read_dir(lib).is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

/// Debian ships its current Rust with the sources of std for building browsers. We build std
/// for wasm32 once into a sysroot of our own, so that nothing of the system's is changed.
fn debian_rust() -> Result<WasmRust> {
    let rustc = Path::new("/usr/bin/rustc");
    if !rustc.exists() || !Path::new("/usr/lib/rustlib/src/rust/library").exists() || wasm_ld().is_none() {
        let lld = newest_lld().context(
            "no wasm32 Rust target: `rustup target add wasm32-unknown-unknown` failed, and this is no Debian system with a package lld-NN",
        )?;
        let mut packages = tools::DEBIAN_RUST.to_vec();
        packages.push(&lld);
        apt(&packages, "a Rust that can build for wasm32")?;
    }
    let linker = wasm_ld().context("wasm-ld is missing: install the newest Debian package lld-NN")?;

    let version = run::output(Command::new(rustc).arg("--version"))?;
    let version = version.split_whitespace().nth(1).unwrap_or("unknown").to_owned();
    let home = tools::cache().join(format!("wasm-std-{version}"));
    let sysroot = home.join("sysroot");
    let wrapper = home.join("rustc");
    if !has_std(&sysroot) {
        println!("setup: building the standard library for wasm32 (about half a minute, once)");
        build_std(rustc, &linker, &home, &sysroot)?;
    }
    let script = format!(
        "#!/bin/sh\n# Debian's rustc, with a wasm32 standard library from beside this file.\n\
         case \" $* \" in\n  *\" --target {wasm} \"*|*\" --target={wasm} \"*) exec {rustc} --sysroot '{sysroot}' \"$@\" ;;\n\
         esac\nexec {rustc} \"$@\"\n",
        wasm = tools::WASM,
        rustc = rustc.display(),
        sysroot = sysroot.display(),
    );
    if fs::read_to_string(&wrapper).ok().as_deref() != Some(&script) {
        fs::write(&wrapper, script)?;
        make_executable(&wrapper)?;
    }
    Ok(WasmRust::Debian { rustc: wrapper, linker })
}

fn build_std(rustc: &Path, linker: &Path, home: &Path, sysroot: &Path) -> Result<()> {
    let work = home.join("build");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(work.join("src"))?;
    fs::write(
        work.join("Cargo.toml"),
        "[package]\nname = \"stdbuild\"\nedition = \"2021\"\n[profile.release]\nopt-level = 3\ncodegen-units = 1\n[workspace]\n",
    )?;
    fs::write(work.join("src/lib.rs"), "")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .args(["build", "--release", "-Z", "build-std=std,panic_abort,test", "--target", tools::WASM])
        .current_dir(&work)
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        // Link-time optimisation of the app needs the bitcode of std.
        .env("RUSTFLAGS", "-C embed-bitcode=yes")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO");
    run::run(&mut cargo)?;

    // Into place only when whole.
    let lib = Path::new("lib/rustlib").join(tools::WASM).join("lib");
    let staged = home.join("sysroot.new");
    let _ = fs::remove_dir_all(&staged);
    fs::create_dir_all(staged.join(&lib))?;
    for file in fs::read_dir(work.join("target").join(tools::WASM).join("release/deps"))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libstdbuild-") {
            fs::copy(file.path(), staged.join(&lib).join(name))?;
        }
    }
    let _ = fs::remove_dir_all(sysroot);
    fs::rename(&staged, sysroot)?;
    let _ = fs::remove_dir_all(&work);
    Ok(())
}

/// The newest `wasm-ld`: its file format must be as new as the compiler's.
fn wasm_ld() -> Option<PathBuf> {
    fs::read_dir("/usr/bin")
        .ok()?
        .flatten()
        .filter_map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            let version: u32 = name.strip_prefix("wasm-ld-")?.parse().ok()?;
            (version >= 19).then(|| (version, file.path()))
        })
        .max()
        .map(|(_, path)| path)
}

fn newest_lld() -> Option<String> {
    let search = || {
        let found = run::output(Command::new("apt-cache").args(["search", "--names-only", "^lld-[0-9]+$"])).ok()?;
        newest_numbered(&found, "lld-")
    };
    search().or_else(|| {
        let _ = run::succeeds(Command::new("apt-get").arg("update"));
        search()
    })
}

/// The highest `<prefix>NN` at the start of a line.
fn newest_numbered(text: &str, prefix: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_whitespace().next()?.strip_prefix(prefix)?.parse::<u32>().ok())
        .max()
        .map(|version| format!("{prefix}{version}"))
}

/// A tool from crates.io in exactly one version; the folder of its programs.
fn cargo_tool(package: &str, name: &str, version: &str, more: &[&str]) -> Result<PathBuf> {
    let dir = tools::tool_dir(name, version);
    let bin = dir.join("bin");
    if bin.join(name).is_file() {
        return Ok(bin);
    }
    println!("setup: building {package} {version} (a few minutes, once)");
    let install = |locked: bool| {
        let mut cargo = Command::new("cargo");
        cargo.args(["install", package, "--version", version, "--root"]).arg(&dir).args(more);
        if locked {
            cargo.arg("--locked");
        }
        cargo
            .current_dir(tools::root())
            // A tool that runs for seconds need not be optimised for minutes.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_TARGET_DIR", tools::cache().join("tools-target"))
            .env_remove("RUSTFLAGS");
        run::run(&mut cargo)
    };
    install(true)
        // Its lock file may name a package version that has since been withdrawn.
        .or_else(|_| {
            println!("setup: not with its own lock file; trying without");
            install(false)
        })
        .with_context(|| format!("cannot install {package} {version}"))?;
    if !bin.join(name).is_file() {
        bail!("{package} {version} was installed without a program called {name}");
    }
    let _ = fs::remove_dir_all(tools::cache().join("tools-target"));
    Ok(bin)
}

fn node() -> Result<()> {
    if tools::find(&["node"]).is_none() || tools::find(&["npm"]).is_none() {
        apt(&["nodejs", "npm"], "Node.js with npm")?;
    }
    let version = run::output(Command::new("node").arg("--version"))?;
    match major(&version) {
        Some(major) if major >= tools::NODE_MIN => Ok(()),
        _ => bail!(
            "Node.js {} or newer is needed, this is {}: install a newer one from your system or nodejs.org",
            tools::NODE_MIN,
            version.trim()
        ),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// The npm packages of the lock file; the folder of their programs.
fn npm() -> Result<PathBuf> {
    let dir = tools::npm_dir();
    let modules = dir.join("node_modules");
    let stamp = modules.join(".spotcheck-stamp");
    let lock = fs::read_to_string(dir.join("package-lock.json"))?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&lock) {
        println!("setup: installing the npm packages of tests/e2e");
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&dir);
        run::run(&mut npm).context("the npm packages of tests/e2e could not be installed")?;
        fs::write(&stamp, lock)?;
    }
    Ok(modules.join(".bin"))
}

fn browser() -> Result<()> {
    let mut missing = Vec::new();
    if tools::chromium().is_none() {
        missing.push("chromium");
    }
    if tools::chromedriver().is_none() {
        missing.push("chromium-driver");
    }
    let debian = Path::new("/etc/debian_version").exists();
    if debian && !Path::new("/usr/share/doc/fonts-noto-cjk").exists() {
        missing.push("fonts-noto-cjk");
    }
    if missing.is_empty() {
        return Ok(());
    }
    apt(&missing, "the browser tests")
}

/// Python with the packages of the requirements file, apart from those of the system.
fn python() -> Result<()> {
    let dir = tools::python_dir();
    let requirements = fs::read_to_string(tools::python_requirements())?;
    let stamp = dir.join("spotcheck-stamp");
    if fs::read_to_string(&stamp).ok().as_deref() == Some(&requirements) && run::succeeds(Command::new(tools::python()).arg("--version")) {
        return Ok(());
    }
    println!("setup: installing pyxform, which reads forms by the standard");
    let make = || {
        let _ = fs::remove_dir_all(&dir);
        run::output(Command::new("python3").args(["-m", "venv"]).arg(&dir))
    };
    if make().is_err() {
        apt(&["python3", "python3-venv"], "comparing with pyxform")?;
        make()?;
    }
    let mut pip = Command::new(tools::python());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes"]);
    pip.arg("--requirement").arg(tools::python_requirements());
    run::run(&mut pip).context("the Python packages of sheets/tests could not be installed")?;
    fs::write(&stamp, requirements)?;
    Ok(())
}

/// Installs Debian packages when we may, else says which.
fn apt(packages: &[&str], what: &str) -> Result<()> {
    let list = packages.join(" ");
    let root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || tools::find(&["apt-get"]).is_none() {
        bail!(
            "{what} needs programs that are not installed. On Debian or Ubuntu: sudo apt-get install {list}. \
             Elsewhere install the same under your system's names, then run this again"
        );
    }
    println!("setup: installing {list} (for {what})");
    let install = || {
        let mut apt = Command::new("apt-get");
        apt.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages).env("DEBIAN_FRONTEND", "noninteractive");
        run::output(&mut apt)
    };
    if install().is_err() {
        run::output(Command::new("apt-get").args(["update", "--quiet"])).context("cannot read the package lists")?;
        install().with_context(|| format!("cannot install {list} (for {what})"))?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_newest_linker_by_number() {
        let found = "lld-9 - x\nlld-13 - LLVM-based linker\nlld-22 - y\nlld - z\n";
        assert_eq!(newest_numbered(found, "lld-").as_deref(), Some("lld-22"));
        assert_eq!(newest_numbered("", "lld-"), None);
    }

    #[test]
    fn reads_the_major_version_of_node() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("unknown"), None);
    }
}
