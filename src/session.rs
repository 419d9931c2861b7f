//! The session: carries out what `core::auth` decides. Owns the one flight of a refresh and the order of effects; leaves the decisions to
//! the core and everything that touches the browser to `browser`.

use convoke_core::{
    Error, ErrorCode,
    auth::{
        Account, Secret,
        answer::Answer,
        protocol::{SignIn, Transport},
    },
    config::AppConfig,
};
use std::{convert::Infallible, rc::Rc};

/// One account's sign-in. Clones share it.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    config: Rc<AppConfig>,
    #[expect(dead_code, reason = "until the effects are carried out")]
    transport: Transport,
}

/// What a page load came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Who is signed in; an error does not exclude an account: a session may outlive a failed sign-in.
    pub account: Option<Account>,
    /// What went wrong, if something did.
    pub error: Option<Error>,
    /// The text that was given to [`Session::sign_in`] as `state`, whatever the outcome.
    pub state: Option<String>,
    /// What else the page should say.
    pub note: Option<Note>,
}

/// Something that is no error, but that a signed-out page should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The person came back from the sign-in page without an answer: "Did Microsoft show an error?"
    Unanswered,
    /// The address held an answer that belongs to no sign-in of this tab: "Finish where you began, or sign in here."
    Stray,
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// [`Session::start`] has not finished.
    Starting,
    /// Nobody.
    SignedOut,
    /// On the way to the sign-in page or back.
    SigningIn,
    /// Somebody.
    SignedIn,
    /// Somebody who has to sign in again; [`Session::account`] still says who.
    Expired,
}

/// What a token is wanted for.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest<'a> {
    /// The scopes that the call needs.
    pub scopes: &'a [String],
    /// The claims that a challenge asked for, decoded JSON.
    pub claims: Option<&'a str>,
    /// The token that was refused with 401, where one was; another caller's newer one is then given at once.
    pub rejected: Option<&'a Secret>,
}

impl Session {
    /// A session that has not started.
    #[must_use]
    pub fn new(config: Rc<AppConfig>, transport: Transport) -> Self {
        Self(Rc::new(Inner { config, transport }))
    }

    /// Takes the provider's answer out of the page's address and cleans the address bar. Call it before anything else, so that no later
    /// code, request or history entry sees the answer.
    #[must_use]
    pub fn take_answer() -> Option<Answer> {
        None
    }

    /// Call once for each page load: completes a redirect, else restores the session of before the reload, else does nothing.
    pub async fn start(&self, answer: Option<Answer>) -> Start {
        drop(answer);
        Start { account: None, error: None, state: None, note: None }
    }

    /// Goes to the sign-in page. Returns only if that failed, or when the person comes back with "Back" to a page that was kept alive.
    ///
    /// # Errors
    /// Where the provider cannot be reached or is not what the configuration says, or the browser lacks what a sign-in needs.
    pub async fn sign_in(&self, request: SignIn) -> Result<Infallible, Error> {
        drop(request);
        Err(not_signed_in())
    }

    /// Forgets everything here, then ends the provider's session by going to its sign-out page, which leads back.
    ///
    /// # Errors
    /// Where the sign-out page cannot be opened; the local session is gone all the same.
    pub async fn sign_out(&self) -> Result<(), Error> {
        Ok(())
    }

    /// An access token that is good for some minutes and these scopes. Concurrent calls share one refresh.
    ///
    /// # Errors
    /// `consent-required` with the missing scopes, `session-expired`, `interaction-required`, or what the network did; in the last case
    /// the session is kept.
    pub async fn token(&self, request: TokenRequest<'_>) -> Result<Secret, Error> {
        drop(request);
        Err(not_signed_in())
    }

    /// Who is signed in, or was until the session expired.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        None
    }

    /// The scopes that were granted, without the resource before their names.
    #[must_use]
    pub fn granted(&self) -> Vec<String> {
        Vec::new()
    }

    /// Where the session stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        Phase::SignedOut
    }

    /// The configuration it was made with.
    #[must_use]
    pub fn config(&self) -> &AppConfig {
        &self.0.config
    }

    /// The redirect URI that has to be registered, to be shown and copied.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.0.config.session.redirect_uri.clone().unwrap_or_default()
    }
}

fn not_signed_in() -> Error {
    Error::new(ErrorCode::InteractionRequired, "Nobody is signed in.")
}
