//! Face 3, the npm module without interface: what the hand-written JavaScript of `www/npm` finds in the wasm. Owns the doors; leaves
//! events, iteration and the names of the contract to that JavaScript, and every decision to the library.

mod arguments;
mod boundary;
mod graph;
mod list;
mod operations;
mod options;
mod pure;
mod raw;
mod session;
mod transfer;
mod watch;

/// wasm-bindgen calls it when the module is instantiated. Nothing happens until somebody asks for something.
fn main() {}
