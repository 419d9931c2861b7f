//! The client in a real browser: its exchanges with the network, and with a sandbox in which every row of the table of faults is made to happen.
//! A test is named after its row.

mod batches;
mod data;
mod deltas;
mod fetch;
mod lists;
mod refusals;
mod sandbox;
mod tabs;
mod throttling;
mod wire;
