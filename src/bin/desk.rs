//! The desk worker: reads codes from pictures and spreadsheets off the main thread.

#[cfg(any(target_arch = "wasm32", web_lint))]
fn main() {
    spotcheck::browser::desk_worker::start();
}

#[cfg(not(any(target_arch = "wasm32", web_lint)))]
fn main() {
    eprintln!("This program runs in a browser worker.");
    std::process::exit(2);
}
