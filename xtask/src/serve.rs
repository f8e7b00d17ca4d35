//! `cargo xtask serve`: the finished app on this machine, with the headers it has in the field.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail, ensure};
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::{args::Args, build, tools, web};

/// Where and what to serve.
pub struct Options {
    host: String,
    port: u16,
    dist: PathBuf,
    build: bool,
}

impl Options {
    /// Reads `--port`, `--host`, `--dist` and `--no-build`.
    pub fn from_args(args: &mut Args) -> Result<Self> {
        let dist = args.value("--dist")?;
        Ok(Self {
            host: args.value("--host")?.unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: args.parsed("--port", 8080)?,
            build: !args.flag("--no-build") && dist.is_none(),
            dist: dist.map_or_else(|| tools::root().join("dist"), PathBuf::from),
        })
    }
}

/// Serves until the process is ended.
pub fn serve(options: &Options) -> Result<()> {
    if options.build {
        build::build(false, false)?;
    }
    let dist = options.dist.canonicalize().ok();
    let dist = dist.filter(|dist| dist.join("index.html").is_file());
    let Some(dist) = dist else {
        bail!("{} holds no build: run `cargo xtask build` first", options.dist.display());
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_io().enable_time().build()?.block_on(accept(options, dist))
}

async fn accept(options: &Options, dist: PathBuf) -> Result<()> {
    let listener = match TcpListener::bind((options.host.as_str(), options.port)).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            bail!("port {} is taken by another program: end it, or choose another port with --port (0 takes a free one)", options.port)
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot listen on {}:{}", options.host, options.port));
        }
    };
    println!("serving http://{}", shown(listener.local_addr()?));
    let dist = Arc::new(dist);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file handles, most likely: others are about to be closed.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        let dist = Arc::clone(&dist);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let dist = Arc::clone(&dist);
                async move { Ok::<_, Infallible>(answer(&dist, &request).await) }
            });
            // A browser that hangs up is no news.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn shown(address: SocketAddr) -> String {
    if address.ip().is_unspecified() { format!("127.0.0.1:{}", address.port()) } else { address.to_string() }
}

async fn answer(dist: &Path, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered here\n");
    }
    let Some(path) = resolve(request.uri().path()) else {
        return plain(StatusCode::BAD_REQUEST, "bad path\n");
    };
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match load(dist, &path, accepted).await {
        Ok((body, encoding)) => {
            let mut response = Response::new(Full::new(if request.method() == Method::HEAD { Bytes::new() } else { body }));
            put(&mut response, "Content-Type", web::mime(&path));
            put(&mut response, "Cache-Control", web::cache_control(&path));
            put(&mut response, "Vary", "Accept-Encoding");
            if let Some(encoding) = encoding {
                put(&mut response, "Content-Encoding", encoding);
            }
            with_headers(response)
        }
        Err(_) => plain(StatusCode::NOT_FOUND, "no such file\n"),
    }
}

/// The file for a path of an address: addresses of screens, which have no file ending, are the
/// app itself. Nothing outside of the folder can be named.
fn resolve(path: &str) -> Option<String> {
    let path = percent_decode(path)?;
    let path = path.trim_start_matches('/');
    if path.contains(['\\', '\0']) || path.split('/').any(|part| part == ".." || part.starts_with('.')) {
        return None;
    }
    if web::extension(path).is_empty() {
        return Some("index.html".to_owned());
    }
    Some(path.to_owned())
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

async fn load(dist: &Path, path: &str, accepted: &str) -> Result<(Bytes, Option<&'static str>)> {
    let file = dist.join(path);
    if web::is_compressible(path) {
        for (name, ending) in [("br", "br"), ("gzip", "gz")] {
            if accepts(accepted, name)
                && let Ok(bytes) = tokio::fs::read(format!("{}.{ending}", file.display())).await
            {
                return Ok((bytes.into(), Some(name)));
            }
        }
    }
    ensure!(path != "_headers", "not for browsers");
    Ok((tokio::fs::read(&file).await?.into(), None))
}

fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
    })
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    put(&mut response, "Content-Type", "text/plain; charset=utf-8");
    put(&mut response, "Cache-Control", "no-store");
    with_headers(response)
}

fn with_headers(mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    for (name, value) in web::HEADERS {
        put(&mut response, name, value);
    }
    response
}

fn put(response: &mut Response<Full<Bytes>>, name: &'static str, value: &'static str) {
    if let Ok(name) = header::HeaderName::from_bytes(name.as_bytes()) {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_are_the_app_and_files_are_files() {
        for screen in ["/", "/start", "/inspection/0190-abc", "/office/"] {
            assert_eq!(resolve(screen).as_deref(), Some("index.html"), "{screen}");
        }
        assert_eq!(resolve("/content/%E8%A7%84.json").as_deref(), Some("content/规.json"));
    }

    #[test]
    fn nothing_outside_of_the_folder() {
        for path in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/a/..%2fb.json", "/.git/config", "/a%00.js", "/..\\x.js", "/%zz.js"] {
            assert_eq!(resolve(path), None, "{path}");
        }
    }

    #[test]
    fn compressed_only_when_asked_for() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=1.0", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("", "gzip"));
    }
}
