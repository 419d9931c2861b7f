//! Tests that need a browser, in one program: each program would start a browser of its own. Each file owns one part of `src/`.

#![cfg(target_arch = "wasm32")]

mod client;
mod session;
mod zones;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
