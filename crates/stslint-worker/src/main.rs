//! The Web Worker in which the page reads files with TLS reports: see `browser`.

#[cfg(target_family = "wasm")]
mod browser;

fn main() {
    #[cfg(target_family = "wasm")]
    browser::start();
}
