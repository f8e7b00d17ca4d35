//! Cuts the app into the file that the first screen needs and files that come later.
//!
//! `src/main.rs` says which screens are in which file. Trunk knows nothing of that: what it has
//! made of the app is replaced here, from the same output of cargo. All new files carry one hash
//! over them all in their names, for they only work together.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{run, setup::Setup, tools, web};

const APP: &str = "spotcheck-app";
/// How `wasm-split-cli` calls the script that loads the later files.
const LINK: &str = "__wasm_split.js";

/// Replaces the app's script and program in `dist`; `profile` is the folder of cargo's output.
pub fn split(setup: &Setup, root: &Path, dist: &Path, profile: &str) -> Result<()> {
    let input = tools::target().join(tools::WASM).join(profile).join(format!("{APP}.wasm"));
    let work = root.join("target/xtask/split");
    let _ = fs::remove_dir_all(&work);
    fs::create_dir_all(&work)?;

    run::run(setup.command("wasm-split-cli")?.arg(&input).arg(&work).args(["--out-name", APP]))?;
    let main = work.join(format!("{APP}.wasm"));
    run::run(
        setup
            .command("wasm-bindgen")?
            .args(["--target=web", "--no-typescript", "--keep-lld-exports", "--no-demangle", "--out-name", APP, "--out-dir"])
            .arg(&work)
            .arg(&main)
            // The first file is written to another name, so this one can go.
            .current_dir(root),
    )?;
    fs::remove_file(&main)?;
    let files = web::files_under(&work)?;
    for file in &files {
        ensure!(file.parent() == Some(&work), "{}: scripts inside of the program are not supported", file.display());
    }
    if profile == "release" {
        shrink(setup, &files)?;
    }
    install(&files, dist)
}

/// Runs the size pass over all programs, two at a time.
fn shrink(setup: &Setup, files: &[PathBuf]) -> Result<()> {
    let mut programs: Vec<_> = files.iter().filter(|file| web::extension(&file.to_string_lossy()) == "wasm").collect();
    // The largest first, alone with its half.
    programs.sort_by_key(|file| std::cmp::Reverse(fs::metadata(file).map_or(0, |meta| meta.len())));
    let (first, rest) = programs.split_at(programs.len().min(1));
    let all = |files: &[&PathBuf]| -> Result<()> {
        for file in files {
            let mut opt = setup.command("wasm-opt")?;
            opt.args(["-Oz", "--strip-debug", "--strip-producers"]).arg(file).arg("-o").arg(file);
            // It reads names of a kind that it does not know and says so.
            run::output(&mut opt)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| all(rest));
        all(first)?;
        other.join().unwrap_or_else(|_| bail!("the size pass has crashed"))
    })
}

/// Puts the files into `dist` under names with a hash and tells the page about them.
fn install(files: &[PathBuf], dist: &Path) -> Result<()> {
    let mut digests = String::new();
    for file in files {
        digests.push_str(&web::sha256_hex(&fs::read(file)?));
    }
    let digest = web::sha256_hex(digests.as_bytes());
    let hash = digest.get(..16).context("a digest has 64 digits")?;

    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    let old = hashed_stem(&html).context("index.html does not name the app's script")?;
    for ending in [".js", "_bg.wasm"] {
        fs::remove_file(dist.join(format!("{old}{ending}"))).with_context(|| format!("{old}{ending}"))?;
    }

    let mut names = Vec::new();
    for file in files {
        let name = web::relative(file.parent().unwrap_or(file), file);
        names.push((new_name(&name, hash), name));
    }
    for (file, (new, name)) in files.iter().zip(&names) {
        if web::extension(name) == "js" {
            fs::write(dist.join(new), strip(&rename_all(&fs::read_to_string(file)?, &names)))?;
        } else {
            fs::copy(file, dist.join(new))?;
        }
    }
    let preload = format!("<link rel=\"modulepreload\" href=\"/{}\">", new_name(LINK, hash));
    let html = html.replace(&old, &format!("{APP}-{hash}"));
    ensure!(html.contains("</head>"), "index.html has no head");
    fs::write(index, html.replacen("</head>", &format!("{preload}</head>"), 1))?;
    Ok(())
}

/// The name of the app's files in the page, without their ending.
fn hashed_stem(html: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("data-js=\"/{APP}-"))?;
    let (hash, _) = rest.split_once(".js\"")?;
    hash.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| format!("{APP}-{hash}"))
}

/// `spotcheck-app_bg.wasm` → `spotcheck-app-<hash>_bg.wasm`, `split_office.wasm` → `spotcheck-split_office-<hash>.wasm`.
fn new_name(name: &str, hash: &str) -> String {
    if let Some(ending) = name.strip_prefix(APP) {
        return format!("{APP}-{hash}{ending}");
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("spotcheck-{}-{hash}.{ending}", stem.trim_start_matches('_'))
}

/// Puts the new names where a script names files to load. The first program itself asks for the
/// loading script by its old name: these lines, `"./x": x`, must stay.
fn rename_all(text: &str, names: &[(String, String)]) -> String {
    let mut text = text.to_owned();
    for (new, old) in names {
        for before in ["from \"./", "URL('", "URL(\"./"] {
            text = text.replace(&format!("{before}{old}"), &format!("{before}{new}"));
        }
    }
    text
}

/// Drops indents, empty lines, and comments that fill whole lines. The scripts are generated and
/// hold no text of more than one line.
fn strip(js: &str) -> String {
    let mut out = String::with_capacity(js.len());
    let mut comment = false;
    for line in js.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if comment {
            comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_comments_of_whole_lines_only() {
        let js = "/* a, b */\nlet a = \"//\"; // x\n    /**\n     * @param {number} a\n     */\n\n    f(a /* b */);\n";
        assert_eq!(strip(js), "let a = \"//\"; // x\nf(a /* b */);\n");
    }

    #[test]
    fn new_names_hold_a_hash_that_the_server_knows() {
        let hash = "0123456789abcdef";
        assert_eq!(new_name("spotcheck-app.js", hash), "spotcheck-app-0123456789abcdef.js");
        assert_eq!(new_name("spotcheck-app_bg.wasm", hash), "spotcheck-app-0123456789abcdef_bg.wasm");
        assert_eq!(new_name(LINK, hash), "spotcheck-wasm_split-0123456789abcdef.js");
        assert_eq!(new_name("chunk_5.wasm", hash), "spotcheck-chunk_5-0123456789abcdef.wasm");
        for name in ["spotcheck-app_bg.wasm", LINK, "split_office.wasm"] {
            assert!(web::is_hashed(&new_name(name, hash)), "{name}");
        }
    }

    #[test]
    fn renames_what_is_loaded_but_not_what_the_program_asks_for() {
        let names = [("spotcheck-wasm_split-1.js".to_owned(), LINK.to_owned()), ("b-1_bg.wasm".to_owned(), "b_bg.wasm".to_owned())];
        let text = "import * as a from \"./__wasm_split.js\"\n\"./__wasm_split.js\": a,\nnew URL('b_bg.wasm', x)";
        let new = "import * as a from \"./spotcheck-wasm_split-1.js\"\n\"./__wasm_split.js\": a,\nnew URL('b-1_bg.wasm', x)";
        assert_eq!(rename_all(text, &names), new);
    }

    #[test]
    fn finds_the_app_in_the_page() {
        let html = "<script type=\"module\" src=\"/boot.js\" data-js=\"/spotcheck-app-12ab.js\" data-wasm=\"/spotcheck-app-12ab_bg.wasm\"></script>";
        assert_eq!(hashed_stem(html).as_deref(), Some("spotcheck-app-12ab"));
    }
}
