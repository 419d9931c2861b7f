//! The interface: Yew components that draw `State` and dispatch `Action`, nothing else. Of the browser they know `browser::dom` alone.

mod account_menu;
mod app;
mod assistant;
mod calendar;
mod connect;
mod connect_form;
mod connection;
pub mod context;
mod controls;
mod editor;
pub mod format;
mod icons;
mod later;
mod people_picker;
mod permissions;
mod self_test;
mod settings;
mod shell;
mod sign_in;
mod sign_in_words;
pub mod strings;
mod trouble;
mod words;

pub use app::{App, AppProps, said};
pub use later::{Later, later};
pub use shell::Shell;
