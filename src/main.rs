//! Starts the app in the browser. The only file that knows every layer.

#[cfg(any(target_arch = "wasm32", web_lint))]
fn main() {
    spotcheck::ui::start();
}

#[cfg(not(any(target_arch = "wasm32", web_lint)))]
fn main() {
    eprintln!("This program runs in a browser. Build and serve it with `cargo xtask serve`.");
    std::process::exit(2);
}
