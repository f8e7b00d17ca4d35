//! Facts about the finished app that the build, the server and other hosts share:
//! headers, file types, caching, and the list of files for offline use.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Sent with every answer. `dist/_headers` carries the same for static hosts.
pub const HEADERS: [(&str, &str); 6] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    (
        "Permissions-Policy",
        "camera=(self), geolocation=(self), accelerometer=(), autoplay=(), display-capture=(), \
         encrypted-media=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), \
         payment=(), publickey-credentials-create=(), publickey-credentials-get=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];

/// For files whose name changes with their content.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For all others: may be kept, must be asked about.
pub const NO_CACHE: &str = "no-cache";

/// How long a browser may keep a file without asking.
pub fn cache_control(path: &str) -> &'static str {
    if is_hashed(path) { IMMUTABLE } else { NO_CACHE }
}

/// Whether the file's name holds a hash, the way Trunk writes it: `name-<hex>.js`,
/// `name-<hex>_bg.wasm`, with at least twelve hexadecimal digits.
pub fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 12 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The file type by the name's ending.
pub fn mime(path: &str) -> &'static str {
    match extension(path) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// Whether brotli and gzip make the file smaller.
pub fn is_compressible(path: &str) -> bool {
    matches!(extension(path), "html" | "js" | "mjs" | "css" | "wasm" | "json" | "webmanifest" | "svg" | "txt" | "md" | "csv")
}

/// The name's ending without its dot, or nothing.
pub fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// SHA-256 as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files at or below a path, sorted; nothing when there is no such path.
pub fn files_under(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut queue = vec![path.to_path_buf()];
    while let Some(path) = queue.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path).with_context(|| path.display().to_string())? {
                queue.push(entry?.path());
            }
        } else if path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file's path below `dist` with forward slashes.
pub fn relative(dist: &Path, file: &Path) -> String {
    file.strip_prefix(dist).unwrap_or(file).components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// One file for offline use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path in the address; the page itself is `/`.
    pub path: String,
    /// SHA-256 of the content.
    pub sha256: String,
    /// Size of the content.
    pub bytes: u64,
}

/// Whether a file of dist/ belongs to the app's files for offline use.
pub fn is_precached(path: &str) -> bool {
    // The worker can't be in its own list; the rest is not for browsers.
    !matches!(path, "sw.js" | "_headers") && !matches!(extension(path), "br" | "gz" | "map") && !path.starts_with('.')
}

/// The files for offline use, sorted by path.
pub fn precache(dist: &Path) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for file in files_under(dist)? {
        let path = relative(dist, &file);
        if is_precached(&path) {
            let content = fs::read(&file)?;
            entries.push(Entry {
                path: if path == "index.html" { "/".to_owned() } else { format!("/{path}") },
                sha256: sha256_hex(&content),
                bytes: content.len() as u64,
            });
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// Short name of the state that a list of files describes.
pub fn version(entries: &[Entry]) -> String {
    let text: String = entries.iter().map(|entry| format!("{} {} {}\n", entry.sha256, entry.bytes, entry.path)).collect();
    sha256_hex(text.as_bytes()).chars().take(12).collect()
}

/// The list the way `sw.js` wants it.
pub fn precache_json(version: &str, entries: &[Entry]) -> String {
    let files: Vec<_> = entries.iter().map(|entry| serde_json::json!([entry.path, entry.sha256, entry.bytes])).collect();
    serde_json::json!({ "version": version, "files": files }).to_string()
}

/// The text of `dist/_headers`, which several static hosts read. Their own default for all
/// other files is to ask again each time; a second rule for the same header would be added to
/// the first instead of replacing it.
pub fn headers_file(dist: &Path) -> Result<String> {
    let mut text = String::from("/*\n");
    let origin = upload_origin(dist);
    for (name, value) in HEADERS {
        let value = match &origin {
            Some(origin) => value.replace("connect-src 'self'", &format!("connect-src 'self' {origin}")),
            None => value.to_owned(),
        };
        text.push_str(&format!("  {name}: {value}\n"));
    }
    for file in files_under(dist)? {
        let path = relative(dist, &file);
        if is_precached(&path) && is_hashed(&path) {
            text.push_str(&format!("/{path}\n  Cache-Control: {IMMUTABLE}\n"));
        }
    }
    Ok(text)
}

/// The origin that the deployment's own `content/bureau.json` has complaints sent to, if it is another one than the app's.
/// What a bureau publishes later can't add one: only who deploys the app decides where it may send to.
fn upload_origin(dist: &Path) -> Option<String> {
    let bureau: serde_json::Value = serde_json::from_slice(&fs::read(dist.join("content/bureau.json")).ok()?).ok()?;
    let host = bureau.get("upload_url")?.as_str()?.strip_prefix("https://")?.split(['/', '?']).next()?;
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'));
    (plain && !host.is_empty()).then(|| format!("https://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_hashed_names() {
        assert!(is_hashed("/spotcheck-app-3f2a9c1b7d6e5f40.js"));
        assert!(is_hashed("spotcheck-app-3f2a9c1b7d6e5f40_bg.wasm"));
        assert!(is_hashed("/main-0123456789abcdef.css"));
        for plain in ["/", "/boot.js", "/sw.js", "/spotcheck-worker_bg.wasm", "/icons/maskable-512.png", "/content/rules-2024.json"] {
            assert_eq!(cache_control(plain), NO_CACHE, "{plain}");
        }
    }

    #[test]
    fn knows_the_types_that_browsers_insist_on() {
        assert_eq!(mime("/a_bg.wasm"), "application/wasm");
        assert_eq!(mime("/manifest.webmanifest"), "application/manifest+json; charset=utf-8");
        assert_eq!(mime("/boot.js"), "text/javascript; charset=utf-8");
        assert_eq!(mime("/a.b/c"), "application/octet-stream");
    }

    #[test]
    fn policy_allows_no_inline_or_foreign_script() {
        let (name, policy) = HEADERS[0];
        assert_eq!(name, "Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
        for word in ["unsafe-inline", "'unsafe-eval'", "http:", "https:", "*", "  "] {
            assert!(!policy.contains(word), "{word}");
        }
        for (name, value) in HEADERS {
            assert!(value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{name}");
            assert!(!value.contains("  "), "{name}");
        }
    }

    #[test]
    fn lets_complaints_go_where_the_deployment_says() {
        let dir = std::env::temp_dir().join(format!("spotcheck-xtask-bureau-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("content")).unwrap();
        let check = |url: &str, policy: &str| {
            fs::write(dir.join("content/bureau.json"), serde_json::json!({ "upload_url": url }).to_string()).unwrap();
            assert!(headers_file(&dir).unwrap().contains(policy), "{url}");
        };
        check("https://upload.example.gov.cn:8443/in?x=1", "; connect-src 'self' https://upload.example.gov.cn:8443; worker-src");
        for url in ["/inbox", "http://upload.example.gov.cn/", "https://*/", "https://a.example; script-src *", "https://"] {
            check(url, "; connect-src 'self'; worker-src");
        }
        fs::remove_file(dir.join("content/bureau.json")).unwrap();
        assert!(headers_file(&dir).unwrap().contains("; connect-src 'self'; worker-src"));
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn lists_files_for_offline_use() {
        let dir = std::env::temp_dir().join(format!("spotcheck-xtask-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("content")).unwrap();
        for (path, text) in [("index.html", "page"), ("content/规则.json", "{}"), ("sw.js", "x"), ("index.html.br", "x"), ("_headers", "x")]
        {
            fs::write(dir.join(path), text).unwrap();
        }
        let entries = precache(&dir).unwrap();
        let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["/", "/content/规则.json"]);
        assert_eq!(entries[1].bytes, 2);
        let before = version(&entries);
        assert_eq!(before.len(), 12);
        fs::write(dir.join("content/规则.json"), "[]").unwrap();
        assert_ne!(version(&precache(&dir).unwrap()), before);
        let json: serde_json::Value = serde_json::from_str(&precache_json("v", &entries)).unwrap();
        assert_eq!(json["files"][0][0], "/");
        fs::remove_dir_all(&dir).unwrap();
    }
}
