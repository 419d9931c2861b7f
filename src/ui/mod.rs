//! The interface: Yew components that draw `State` and dispatch `Action`, nothing else. Of the browser they know `browser::dom` alone.

mod app;
mod assistant;
mod calendar;
mod connect;
mod connection;
pub mod context;
mod controls;
mod editor;
pub mod format;
mod icons;
mod later;
mod people_picker;
mod shell;
mod sign_in;
pub mod strings;
mod words;

pub use app::{App, AppProps};
pub use later::{Later, later};
pub use shell::Shell;
