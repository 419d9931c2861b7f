//! What the components say: roles, names and texts, drawn natively from states that the reducer made. Each file owns one screen; what a
//! browser is needed for stands in `browser`.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

mod assistant;
mod calendar;
mod connect;
mod connect_errors;
mod editor;
mod language;
mod menus;
mod page;
mod self_test;
mod shell;
mod world;
