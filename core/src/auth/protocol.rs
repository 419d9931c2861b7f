//! The messages to the provider. Owns their parameters and the reading of answers; leaves sending to a transport that is handed in.

use crate::error::Error;
use std::{future::Future, pin::Pin, rc::Rc};

/// An answer on its way.
pub type Reply = Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, Error>>>>;

/// Sends one request without credentials and without following redirects.
pub type Transport = Rc<dyn Fn(http::Request<Vec<u8>>) -> Reply>;

/// What one sign-in asks for beside the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// Further scopes, beside those of the configuration.
    pub scopes: Vec<String>,
    /// What the provider is to show even if it need not.
    pub prompt: Option<Prompt>,
    /// The account to offer first; none for the configuration's.
    pub login_hint: Option<String>,
    /// What a claims challenge asked for, decoded JSON.
    pub claims: Option<String>,
    /// A text of the page's own that comes back after the sign-in: where the person was.
    pub state: Option<String>,
}

/// What the provider is to show even if it need not (OpenID Connect Core 1.0 §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The password.
    Login,
    /// The permissions.
    Consent,
    /// The accounts.
    SelectAccount,
}
