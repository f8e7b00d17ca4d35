//! The photo worker: hashes, decodes, resizes and stamps off the main thread.

#[cfg(any(target_arch = "wasm32", web_lint))]
fn main() {
    spotcheck::browser::photo_worker::start();
}

#[cfg(not(any(target_arch = "wasm32", web_lint)))]
fn main() {
    eprintln!("This program runs in a browser worker.");
    std::process::exit(2);
}
