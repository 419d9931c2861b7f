//! The session: carries out what `core::auth` decides. Owns its public face and waiting for what is under way; leaves the decisions to the
//! core, each effect to `session/effects.rs`, sign-in windows to `session/window.rs`, the other tabs to `session/tabs.rs`, who is told to
//! `session/watch.rs`, and everything that touches the browser to `browser`.

mod effects;
mod tabs;
mod watch;
mod window;

use crate::browser::{
    channel::Channel,
    crypto, fetch, location, page, popup,
    storage::{self, Slot},
    vault,
    wake::Wake,
};
use convoke_core::{
    Error, ErrorCode,
    auth::{
        Account, Answer, Metadata, Pending, Secret, SignIn, Transport,
        machine::{self, Event, Flow, Lookup, State, Want},
        protocol,
    },
    config::{AppConfig, Cache},
};
use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};
use watch::Watchers;
use window::Showing;

pub use convoke_core::auth::{
    Known,
    machine::{Change, Note, Waiting},
};

/// The accounts of one application in this tab. Clones share it.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    config: Rc<AppConfig>,
    transport: Transport,
    state: RefCell<State>,
    /// Counts the steps, so that a waiting caller knows one when it sees one.
    steps: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
    watchers: Watchers,
    error: RefCell<Option<Error>>,
    note: Cell<Option<Note>>,
    /// Who came in by the sign-in that has just ended.
    arrived: RefCell<Option<Account>>,
    metadata: RefCell<Option<Metadata>>,
    /// Whether something is on its way into storage.
    saving: Cell<bool>,
    /// Rises with every save and every sign-out: what was begun to be kept before is not kept.
    saves: Cell<u64>,
    /// Accounts whose tokens the other tabs have to be given, or told that they are gone, and where the page goes then.
    to_hand: RefCell<Vec<String>>,
    gone: RefCell<Vec<String>>,
    exit: RefCell<Option<String>>,
    showing: RefCell<Option<Showing>>,
    channel: RefCell<Option<Channel>>,
    wake: RefCell<Option<Wake>>,
    /// For each account, how many sign-outs there had been when it signed in.
    epochs: RefCell<Vec<(String, f64)>>,
    /// The question that the other tabs have been asked, and whether whoever they have may join.
    asked: RefCell<Option<(String, bool)>>,
}

/// What a page load came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Start {
    /// Who is signed in; an error does not exclude an account: a session may outlive a failed sign-in.
    pub account: Option<Account>,
    /// What went wrong, if something did.
    pub error: Option<Error>,
    /// The text that was given to [`Session::sign_in`] as `state`, whatever the outcome.
    pub state: Option<String>,
    /// What else a signed-out page should say.
    pub note: Option<Note>,
    /// Nobody is signed in, but this is who was last: "Continue as Adele", by a sign-in with this name as hint.
    pub known: Option<Known>,
}

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// [`Session::start`] has not finished.
    Starting,
    /// Nobody.
    SignedOut,
    /// On the way to the sign-in page or back, and nobody is signed in meanwhile.
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
    /// Whose, by the account's id; none for the active account.
    pub account: Option<&'a str>,
}

/// More renewals than this for one caller mean that the provider's tokens do not help.
const MAX_RENEWALS: u8 = 2;

impl Session {
    /// A session that has not started.
    #[must_use]
    pub fn new(config: Rc<AppConfig>, transport: Transport) -> Self {
        Self(Rc::new(Inner {
            config,
            transport,
            state: RefCell::default(),
            steps: Cell::new(0),
            waiting: RefCell::default(),
            watchers: Watchers::default(),
            error: RefCell::default(),
            note: Cell::new(None),
            arrived: RefCell::default(),
            metadata: RefCell::default(),
            saving: Cell::new(false),
            saves: Cell::new(0),
            to_hand: RefCell::default(),
            gone: RefCell::default(),
            exit: RefCell::default(),
            showing: RefCell::default(),
            channel: RefCell::default(),
            wake: RefCell::default(),
            epochs: RefCell::default(),
            asked: RefCell::default(),
        }))
    }

    /// Takes the provider's answer out of the page's address and cleans the address bar. Call it before anything else, so that no later
    /// code, request or history entry sees the answer.
    #[must_use]
    pub fn take_answer() -> Option<Answer> {
        location::take_answer()
    }

    /// Call once for each page load: completes a redirect, else restores the session of before the reload or takes it over from another
    /// tab, else does nothing. In a window that was opened for a sign-in it hands the answer to the page that awaits it.
    pub async fn start(&self, answer: Option<Answer>) -> Start {
        if let Some(answer) = answer.as_ref().filter(|answer| answer.channel().is_some()) {
            window::deliver(answer).await;
            return Start { error: Some(window::delivered()), ..Start::default() };
        }
        let config = &self.0.config.session;
        let missing = crypto::missing();
        let stored = storage::read_json(Slot::Pending);
        let pending = stored.as_ref().and_then(|stored| Pending::from_json(stored, config));
        if pending.is_none() && stored.is_some() {
            // Another configuration's: nobody will ever complete it here.
            storage::remove(Slot::Pending);
        }
        let state = pending.as_ref().and_then(|pending| pending.page_state().map(str::to_owned));
        if let (Some(pending), true) = (&pending, answer.is_some()) {
            location::restore_hash(pending.page());
        }
        let (seats, active) = match config.cache {
            Cache::Session if missing.is_none() => self.restored().await,
            _ => (Vec::new(), None),
        };
        let answered = answer.is_some();
        if missing.is_none() {
            // Before anything is renewed: another tab may have done so.
            self.join_tabs();
        }
        self.dispatch(Event::Opened { answer, pending: pending.map(Box::new), seats, active, now: fetch::now() });
        self.rest().await;
        let mut known = None;
        if missing.is_none() && self.account().is_none() && !answered && config.cache == Cache::Session {
            known = self.join_others().await;
        }
        let account = self.signed_in();
        Start {
            known: known.filter(|_| account.is_none()),
            account,
            error: missing.or(self.0.error.take()),
            state,
            note: self.0.note.take(),
        }
    }

    /// Goes to the sign-in page, or shows it in a window if the request or the browser wants it so: without a storage to keep the request
    /// in, the page must not go. Call it in answer to a click, before anything is awaited.
    ///
    /// With the page itself it returns only if that failed, or when the person comes back with "Back" to a page that was kept alive.
    ///
    /// # Errors
    /// `popup-blocked`, `user-cancelled`, `timeout`; where the provider cannot be reached or is not what the configuration says; where the
    /// browser lacks what a sign-in needs; and whatever the provider refuses with.
    pub async fn sign_in(&self, request: SignIn) -> Result<Account, Error> {
        if let Some(error) = crypto::missing() {
            return Err(error);
        }
        if self.is_leaving() {
            return Err(Error::new(ErrorCode::InteractionInProgress, "A sign-in is under way: finish it first."));
        }
        let request = SignIn { popup: request.popup || !storage::outlives_reload(), ..request };
        let window = if request.popup { Some(popup::Popup::open()?) } else { None };
        let result = self.sign_in_with(request, window).await;
        if let Some(Showing { popup, .. }) = self.0.showing.take() {
            popup.close();
        }
        result
    }

    async fn sign_in_with(&self, request: SignIn, window: Option<popup::Popup>) -> Result<Account, Error> {
        if matches!(self.0.state.borrow().flow(), Flow::New) {
            // A session that was made for what the person has just typed has nothing to complete.
            self.start(None).await;
        }
        while matches!(self.0.state.borrow().flow(), Flow::Redeeming(..) | Flow::Doubting(..)) {
            self.step().await;
        }
        let departure = match self.prepare(request).await {
            Ok(departure) => departure,
            Err(error) => {
                if let Some(window) = window {
                    window.close();
                }
                return Err(error);
            }
        };
        self.0.error.take();
        self.0.arrived.take();
        self.0.showing.replace(window.map(Showing::new));
        self.dispatch(Event::Departing(Box::new(departure)));
        while !matches!(self.0.state.borrow().flow(), Flow::Idle) {
            self.step().await;
        }
        let cancelled = || Error::new(ErrorCode::UserCancelled, "You came back without signing in.");
        self.0.arrived.take().ok_or_else(|| self.0.error.take().unwrap_or_else(cancelled))
    }

    /// Forgets an account (the active one where none is named) or everybody, here and in the other tabs; then ends the provider's session
    /// by going to its sign-out page, which leads back.
    ///
    /// # Errors
    /// Where the sign-out page cannot be opened; the local session is gone all the same.
    pub async fn sign_out(&self, account: Option<&str>, everybody: bool) -> Result<(), Error> {
        let account = account.map(str::to_owned).or_else(|| self.account().map(|account| account.id)).filter(|_| !everybody);
        self.dispatch(Event::SignOut { account, redirect_uri: self.redirect_uri() });
        self.tell_gone().await;
        self.saved().await;
        match self.0.exit.take() {
            Some(url) => location::leave(&url),
            None => Ok(()),
        }
    }

    /// An access token that is good for some minutes and these scopes. Concurrent calls share one refresh, over all tabs.
    ///
    /// # Errors
    /// `consent-required` with the missing scopes, `session-expired`, `interaction-required`, or what the network did; in the last case
    /// the session is kept.
    pub async fn token(&self, request: TokenRequest<'_>) -> Result<Secret, Error> {
        let mut want = Want {
            account: request.account.map(str::to_owned),
            scopes: request.scopes.to_vec(),
            claims: request.claims.map(str::to_owned),
            rejected: request.rejected.cloned(),
        };
        if want.claims.is_some() && want.rejected.is_none() {
            // A challenge without the token that it met: it met the one that there is.
            want.rejected = machine::tokens(&self.0.state.borrow(), request.account)
                .and_then(|tokens| tokens.access.as_ref())
                .map(|access| access.token.clone());
        }
        for _ in 0..=MAX_RENEWALS {
            loop {
                let found = machine::lookup(&self.0.state.borrow(), &want, fetch::now());
                match found {
                    Lookup::Token(token) => return Ok(token),
                    Lookup::Fail(error) => return Err(error),
                    Lookup::Busy => self.step().await,
                    Lookup::Renew => break,
                }
            }
            self.dispatch(Event::Wanted(want.clone(), fetch::now()));
        }
        Err(Error::new(ErrorCode::Unauthorized, "The sign-in service gives only tokens that are refused. Sign in again."))
    }

    /// The active account: who is signed in, or was until the session expired.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        machine::account(&self.0.state.borrow()).cloned()
    }

    /// Everybody who is signed in here.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        machine::accounts(&self.0.state.borrow()).cloned().collect()
    }

    /// Makes another account the active one, by its id. An id that is nobody's changes nothing.
    pub fn set_active(&self, id: &str) {
        self.dispatch(Event::Activate(id.to_owned()));
    }

    /// The scopes that were granted to the active account, without the resource before their names.
    #[must_use]
    pub fn granted(&self) -> Vec<String> {
        machine::tokens(&self.0.state.borrow(), None).map(|tokens| tokens.granted.clone()).unwrap_or_default()
    }

    /// How many seconds the provider's clock is ahead of this machine's; none before a sign-in or renewal on this page has told.
    #[must_use]
    pub fn clock_skew(&self) -> Option<f64> {
        machine::tokens(&self.0.state.borrow(), None).and_then(|tokens| tokens.skew_s)
    }

    /// Where the session stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let state = self.0.state.borrow();
        match (machine::account(&state), state.flow()) {
            (_, Flow::New) => Phase::Starting,
            (Some(_), _) if machine::has_ended(&state, None) => Phase::Expired,
            (Some(_), _) => Phase::SignedIn,
            (None, Flow::Idle) => Phase::SignedOut,
            (None, _) => Phase::SigningIn,
        }
    }

    /// The configuration it was made with.
    #[must_use]
    pub fn config(&self) -> &AppConfig {
        &self.0.config
    }

    /// The redirect URI that has to be registered, to be shown and copied: the configured one, else this page's address without query and
    /// hash.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        self.0.config.session.redirect_uri.clone().unwrap_or_else(page::own_address)
    }

    /// The link that an administrator opens to consent to these scopes for everybody; none for providers that know no such thing.
    #[must_use]
    pub fn admin_consent_url(&self, scopes: &[String]) -> Option<String> {
        protocol::admin_consent_url(&self.0.config.session, &self.redirect_uri(), scopes)
    }

    fn signed_in(&self) -> Option<Account> {
        machine::tokens(&self.0.state.borrow(), None).map(|tokens| tokens.account.clone())
    }

    fn is_leaving(&self) -> bool {
        matches!(self.0.state.borrow().flow(), Flow::Leaving(_) | Flow::Restarting)
    }

    /// Waits until nothing is under way. On the way to another page that never comes.
    async fn rest(&self) {
        while !self.0.state.borrow().is_settled() {
            self.step().await;
        }
    }

    /// Waits for the next step.
    async fn step(&self) {
        let seen = self.0.steps.get();
        poll_fn(|context| {
            if self.0.steps.get() != seen {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Whose ciphertext it is: another application on the same origin must not open it by accident.
    fn context(&self) -> String {
        let session = &self.0.config.session;
        [session.authority.key().as_str(), " ", &session.client_id].concat()
    }
}
