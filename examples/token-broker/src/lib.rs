//! A token broker: signs in to Entra ID as an application, with a secret that no browser ever sees, and hands the access token to the
//! pages that it serves itself, to people whom it has let in. An example to take over and to change; README.md says when it is needed.

mod app;
mod door;
mod pages;
mod settings;
mod tokens;

pub use app::app;
pub use settings::Settings;
