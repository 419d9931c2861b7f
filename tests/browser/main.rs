//! Tests that need a browser, in one program: each program would start a browser of its own.

#![cfg(target_arch = "wasm32")]

mod client;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
