//! The sandbox over HTTP: signing in by its pages, tokens, the bearer check, and control. Owns what a client sees of identity, server and
//! control; leaves Graph's operations to their own tests.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bearer;
mod command;
mod conditions;
mod consent;
mod control;
mod documented;
mod faults;
mod files;
mod harness;
mod recipes;
mod sign_in;
mod token;
mod unmodelled;
