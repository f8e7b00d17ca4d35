//! What Trunk leaves undone: one style sheet, the list of files for the offline worker, the
//! version, compressed copies, headers for static hosts, and a report of sizes.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{run, web};

/// Compresses the files of a JSON list. Node carries
/// brotli and zlib written in C, so that xtask needn't compile its own.
const COMPRESS: &str = "
const fs = require('node:fs'), zlib = require('node:zlib');
for (const file of JSON.parse(fs.readFileSync(process.argv[1], 'utf8'))) {
  const data = fs.readFileSync(file), c = zlib.constants;
  fs.writeFileSync(file + '.br', zlib.brotliCompressSync(data, { params: {
    [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 22, [c.BROTLI_PARAM_SIZE_HINT]: data.length } }));
  fs.writeFileSync(file + '.gz', zlib.gzipSync(data, { level: 9 }));
}";

/// Finishes what Trunk has put into `dist`; the report of sizes.
pub fn finish(root: &Path, dist: &Path) -> Result<String> {
    bundle_styles(root, dist)?;
    modern_worker_start(dist)?;
    check_no_inline_code(&fs::read_to_string(dist.join("index.html"))?)?;
    let version = write_version(dist)?;
    fs::write(dist.join("_headers"), web::headers_file(dist)?)?;
    compress(root, dist)?;
    let report = sizes(dist)?;
    Ok(format!("version {version}\n{report}"))
}

/// Trunk copies each style sheet as it is. Here they become one file in the order of the page,
/// with imports in their places and without comments, named by its content. A sheet with a
/// `media` of its own stays apart.
fn bundle_styles(root: &Path, dist: &Path) -> Result<()> {
    let index = dist.join("index.html");
    let mut html = fs::read_to_string(&index)?;
    let links = plain_style_links(&html);
    let mut css = String::new();
    for (_, name) in &links {
        let text = fs::read_to_string(dist.join(name))?;
        css.push_str(&inline_imports(&text, &root.join("style"), 0)?);
    }
    let css = strip_comments(&css);
    let bundle = format!("style-{}.css", web::sha256_hex(css.as_bytes()).get(..16).unwrap_or_default());
    for (at, (link, name)) in links.iter().enumerate() {
        let new = if at == 0 { format!("<link rel=\"stylesheet\" href=\"/{bundle}\">") } else { String::new() };
        html = html.replacen(link, &new, 1);
        // The same sheet may be named twice.
        let _ = fs::remove_file(dist.join(name));
    }
    ensure!(!links.is_empty(), "index.html has no style sheet made by Trunk");
    fs::write(dist.join(bundle), css)?;
    fs::write(&index, html)?;
    Ok(())
}

/// The links that Trunk has written for style sheets, with the names of their files.
fn plain_style_links(html: &str) -> Vec<(String, String)> {
    const OPEN: &str = "<link rel=\"stylesheet\" href=\"/";
    const CLOSE: &str = "\"/>";
    html.split(OPEN)
        .skip(1)
        .filter_map(|rest| rest.split_once(CLOSE).map(|(name, _)| name))
        .filter(|name| web::is_hashed(name) && !name.contains(['"', '/']))
        .map(|name| (format!("{OPEN}{name}{CLOSE}"), name.to_owned()))
        .collect()
}

fn inline_imports(text: &str, folder: &Path, depth: usize) -> Result<String> {
    ensure!(depth < 8, "{}: style sheets import each other in a circle", folder.display());
    let mut out = String::new();
    for line in text.lines() {
        match imported(line) {
            Some(name) => {
                let path = folder.join(name);
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                out.push_str(&inline_imports(&text, path.parent().unwrap_or(folder), depth + 1)?);
            }
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// The file of a line `@import "x.css";` or `@import url("x.css");` and nothing else.
fn imported(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?.trim();
    let rest = rest.strip_prefix("url(").and_then(|inner| inner.strip_suffix(')')).unwrap_or(rest);
    let name = rest.trim().trim_matches(['"', '\'']);
    (name.ends_with(".css") && !name.contains(['"', '\'', ' '])).then_some(name.trim_start_matches("./"))
}

/// Drops comments, indents and empty lines. Comment marks inside of strings are left alone.
fn strip_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match quote {
            Some(_) if c == '\\' => {
                out.push(c);
                out.extend(chars.next());
            }
            Some(open) => {
                out.push(c);
                if c == open {
                    quote = None;
                }
            }
            None if c == '/' && chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            None => {
                if c == '"' || c == '\'' {
                    quote = Some(c);
                }
                out.push(c);
            }
        }
    }
    let lines: Vec<_> = out.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Trunk starts workers with a call that wasm-bindgen warns about in the console.
fn modern_worker_start(dist: &Path) -> Result<()> {
    for file in web::files_under(dist)? {
        let name = web::relative(dist, &file);
        let Some(worker) = name.strip_suffix("_loader.js") else {
            continue;
        };
        fs::write(&file, format!("importScripts(\"/{worker}.js\");\nwasm_bindgen({{ module_or_path: \"/{worker}_bg.wasm\" }});\n"))?;
    }
    Ok(())
}

/// The content policy would block it, so the build does not let it pass.
fn check_no_inline_code(html: &str) -> Result<()> {
    for (at, _) in html.match_indices("<script") {
        let tag = html.get(at..).unwrap_or_default();
        let tag = tag.split('>').next().unwrap_or(tag);
        ensure!(tag.contains(" src="), "index.html has an inline script: {tag}>");
    }
    for word in ["<style", " style=", " onclick=", " onload=", " onerror=", "javascript:"] {
        if html.contains(word) {
            bail!("index.html has inline code or style, which the content policy blocks: {word}");
        }
    }
    Ok(())
}

/// Names the version after all files, and tells it to the page and to the offline worker.
fn write_version(dist: &Path) -> Result<String> {
    const PAGE_MARK: &str = "<meta name=\"app-version\" content=\"dev\">";
    const LIST_MARK: (&str, &str) = ("/*BUILD*/", "/*END*/");
    let version = web::version(&web::precache(dist)?);

    let index = dist.join("index.html");
    let html = fs::read_to_string(&index)?;
    ensure!(html.contains(PAGE_MARK), "index.html lacks {PAGE_MARK}");
    fs::write(&index, html.replace(PAGE_MARK, &PAGE_MARK.replace("dev", &version)))?;

    let worker = dist.join("sw.js");
    let js = fs::read_to_string(&worker)?;
    let list = web::precache_json(&version, &web::precache(dist)?);
    let js = replace_between(&js, LIST_MARK, &list).context("public/sw.js lacks the place for the list of files")?;
    fs::write(&worker, js)?;
    Ok(version)
}

/// Replaces the marks and what is between them.
fn replace_between(text: &str, (open, close): (&str, &str), new: &str) -> Option<String> {
    let (before, rest) = text.split_once(open)?;
    let (_, after) = rest.split_once(close)?;
    Some(format!("{before}{new}{after}"))
}

fn compress(root: &Path, dist: &Path) -> Result<()> {
    let files: Vec<_> = web::files_under(dist)?
        .into_iter()
        .filter(|file| web::is_compressible(&web::relative(dist, file)))
        .map(|file| file.display().to_string())
        .collect();
    let list = root.join("target/xtask/compress.json");
    fs::create_dir_all(root.join("target/xtask"))?;
    fs::write(&list, serde_json::to_string(&files)?)?;
    run::run(Command::new("node").args(["-e", COMPRESS]).arg(&list))
}

/// What the first screen may load, compressed.
const BUDGET: u64 = 350_000;

/// What the first visit downloads, and the whole for offline use.
pub fn sizes(dist: &Path) -> Result<String> {
    let html = fs::read_to_string(dist.join("index.html")).context("there is no build: cargo xtask build")?;
    let mut out = format!("{:<44} {:>10} {:>10}\n", "file", "raw", "brotli");
    let (mut first, mut workers, mut all) = ((0, 0), (0, 0), (0, 0));
    for file in web::files_under(dist)? {
        let path = web::relative(dist, &file);
        if !web::is_precached(&path) {
            continue;
        }
        let raw = fs::metadata(&file)?.len();
        let packed = fs::metadata(format!("{}.br", file.display())).map_or(raw, |meta| meta.len());
        all = (all.0 + raw, all.1 + packed);
        if !matches!(web::extension(&path), "wasm" | "js" | "css") {
            continue;
        }
        if path.starts_with("spotcheck-worker") || path.starts_with("spotcheck-desk") {
            workers = (workers.0 + raw, workers.1 + packed);
        } else if html.contains(path.as_str()) && path != "old-browser.js" || path.starts_with("snippets/") {
            first = (first.0 + raw, first.1 + packed);
        }
        writeln!(out, "{path:<44} {raw:>10} {packed:>10}")?;
    }
    for (name, (raw, packed)) in [("first screen: wasm + JS + CSS", first), ("workers", workers), ("everything for offline use", all)] {
        writeln!(out, "{name:<44} {raw:>10} {packed:>10}")?;
    }
    if first.1 > BUDGET {
        writeln!(out, "warning: the first screen is over its {BUDGET} bytes; see ARCHITECTURE.md, Files of the program")?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_imports_of_styles() {
        assert_eq!(imported("@import \"tokens.css\";"), Some("tokens.css"));
        assert_eq!(imported("  @import url('./ui/card.css');"), Some("ui/card.css"));
        assert_eq!(imported("@import url(a.css) print;"), None);
        assert_eq!(imported(".a { color: red; }"), None);
    }

    #[test]
    fn finds_the_style_sheets_of_trunk_only() {
        let html = r#"<link rel="stylesheet" href="/boot.css"><link rel="stylesheet" href="/base-0123456789abcdef.css"/>
            <link rel="stylesheet" href="/print-0123456789abcdef.css" media="print"/>"#;
        let names: Vec<_> = plain_style_links(html).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["base-0123456789abcdef.css"]);
    }

    #[test]
    fn strips_comments_but_not_strings() {
        let css = "/* a */\n.x {\n  content: \"/* b */\\\"\"; /* c */\n}\n\n";
        assert_eq!(strip_comments(css), ".x {\ncontent: \"/* b */\\\"\";\n}");
    }

    #[test]
    fn refuses_inline_code() {
        check_no_inline_code("<script type=\"module\" src=\"/boot.js\"></script>").unwrap();
        assert!(check_no_inline_code("<script>go()</script>").is_err());
        assert!(check_no_inline_code("<p style=\"color:red\">").is_err());
    }

    #[test]
    fn the_worker_has_a_place_for_its_list() {
        let js = fs::read_to_string(crate::tools::root().join("public/sw.js")).unwrap();
        let filled = replace_between(&js, ("/*BUILD*/", "/*END*/"), "{\"version\":\"v\",\"files\":[]}").unwrap();
        assert!(filled.contains("const BUILD = {\"version\":\"v\",\"files\":[]};"));
    }
}
