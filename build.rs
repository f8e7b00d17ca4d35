//! `cargo xtask build` cuts the app into several files and needs the linker's relocations for it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-bin=spotcheck-app=--emit-relocs");
    }
}
