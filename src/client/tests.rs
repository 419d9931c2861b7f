//! Tests of the client against a scripted service with a clock of its own.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod faults;
mod files;
mod invariants;
mod many;
mod service;
mod shared;
mod tabs;
mod watching;
mod world;
mod writes;
