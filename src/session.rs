//! The session: carries out what `core::auth` decides. Owns the order of effects and that callers of one moment share one refresh; leaves
//! the decisions to the core and everything that touches the browser to `browser`.

use crate::browser::{
    clock, crypto, fetch, location, page,
    storage::{self, Kept, Slot},
    vault,
};
use convoke_core::{
    Error, ErrorCode,
    auth::{
        Account, Answer, Metadata, Pending, Secret, SignIn, Tokens, Transport, exchange,
        machine::{self, Effect, Event, Lookup, Rest, State, Want},
        protocol,
    },
    config::{AppConfig, Cache},
};
use std::{
    cell::{Cell, RefCell},
    convert::Infallible,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

pub use convoke_core::auth::machine::Note;

/// One account's sign-in. Clones share it.
#[derive(Clone)]
pub struct Session(Rc<Inner>);

struct Inner {
    config: Rc<AppConfig>,
    transport: Transport,
    state: RefCell<State>,
    /// Counts the steps, so that a waiting caller knows one when it sees one.
    steps: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
    error: RefCell<Option<Error>>,
    note: Cell<Option<Note>>,
    metadata: RefCell<Option<Metadata>>,
    /// Rises with every save and every sign-out: what was begun to be kept before is not kept.
    epoch: Cell<u64>,
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
    /// What else a signed-out page should say.
    pub note: Option<Note>,
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

/// More renewals than this for one caller mean that the provider's tokens do not help.
const MAX_RENEWALS: u8 = 2;

impl Session {
    /// A session that has not started.
    #[must_use]
    pub fn new(config: Rc<AppConfig>, transport: Transport) -> Self {
        Self(Rc::new(Inner {
            config,
            transport,
            state: RefCell::new(State::New),
            steps: Cell::new(0),
            waiting: RefCell::default(),
            error: RefCell::default(),
            note: Cell::new(None),
            metadata: RefCell::default(),
            epoch: Cell::new(0),
        }))
    }

    /// Takes the provider's answer out of the page's address and cleans the address bar. Call it before anything else, so that no later
    /// code, request or history entry sees the answer.
    #[must_use]
    pub fn take_answer() -> Option<Answer> {
        location::take_answer()
    }

    /// Call once for each page load: completes a redirect, else restores the session of before the reload, else does nothing.
    pub async fn start(&self, answer: Option<Answer>) -> Start {
        let config = &self.0.config.session;
        let missing = crypto::missing();
        let stored = storage::read_json(Slot::Pending);
        let pending = stored.as_ref().and_then(|stored| Pending::from_json(stored, config));
        if pending.is_none() && stored.is_some() {
            // Another configuration's: nobody will ever complete it here.
            storage::remove(Slot::Pending);
        }
        let state = pending.as_ref().and_then(|pending| pending.page_state().map(str::to_owned));
        let saved = match config.cache {
            Cache::Session if missing.is_none() => vault::load(&self.context()).await.and_then(|saved| Tokens::from_json(&saved, config)),
            _ => None,
        };
        self.dispatch(Event::Opened { answer, pending: pending.map(Box::new), saved: saved.map(Box::new), now: fetch::now() });
        self.rest().await;
        Start { account: self.signed_in(), error: missing.or(self.0.error.take()), state, note: self.0.note.take() }
    }

    /// Goes to the sign-in page. Returns only if that failed, or when the person comes back with "Back" to a page that was kept alive.
    ///
    /// # Errors
    /// Where the provider cannot be reached or is not what the configuration says, or the browser lacks what a sign-in needs.
    pub async fn sign_in(&self, request: SignIn) -> Result<Infallible, Error> {
        if let Some(error) = crypto::missing() {
            return Err(error);
        }
        if matches!(&*self.0.state.borrow(), State::New) {
            // A session that was made for what the person has just typed has nothing to complete.
            self.start(None).await;
        }
        while matches!(&*self.0.state.borrow(), State::Refreshing(..) | State::Redeeming(..) | State::Doubting(..)) {
            self.step().await;
        }
        if self.is_leaving() {
            return Err(Error::new(ErrorCode::InteractionInProgress, "A sign-in is under way: finish it first."));
        }
        let departure = self.prepare(request).await?;
        self.0.error.take();
        self.dispatch(Event::Departing(Box::new(departure)));
        self.rest().await;
        Err(self.0.error.take().unwrap_or_else(|| Error::new(ErrorCode::UserCancelled, "You came back without signing in.")))
    }

    /// Forgets everything here, then ends the provider's session by going to its sign-out page, which leads back.
    ///
    /// # Errors
    /// Where the sign-out page cannot be opened; the local session is gone all the same.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.0.error.take();
        self.dispatch(Event::SignOut { redirect_uri: self.redirect_uri() });
        self.0.error.take().map_or(Ok(()), Err)
    }

    /// An access token that is good for some minutes and these scopes. Concurrent calls share one refresh.
    ///
    /// # Errors
    /// `consent-required` with the missing scopes, `session-expired`, `interaction-required`, or what the network did; in the last case
    /// the session is kept.
    pub async fn token(&self, request: TokenRequest<'_>) -> Result<Secret, Error> {
        let mut want =
            Want { scopes: request.scopes.to_vec(), claims: request.claims.map(str::to_owned), rejected: request.rejected.cloned() };
        if want.claims.is_some() && want.rejected.is_none() {
            // A challenge without the token that it met: it met the one that there is.
            want.rejected = self.access();
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

    /// Who is signed in, or was until the session expired.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        machine::account(&self.0.state.borrow()).cloned()
    }

    /// The scopes that were granted, without the resource before their names.
    #[must_use]
    pub fn granted(&self) -> Vec<String> {
        machine::tokens(&self.0.state.borrow()).map(|tokens| tokens.granted.clone()).unwrap_or_default()
    }

    /// Where the session stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match &*self.0.state.borrow() {
            State::New => Phase::Starting,
            State::Resting(Rest::SignedOut) => Phase::SignedOut,
            State::Resting(Rest::Ended(_)) => Phase::Expired,
            State::Resting(Rest::SignedIn(_)) | State::Refreshing(..) => Phase::SignedIn,
            State::Leaving(..) | State::Redeeming(..) | State::Doubting(..) | State::Restarting(_) => Phase::SigningIn,
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

    async fn prepare(&self, request: SignIn) -> Result<protocol::Departure, Error> {
        let config = &self.0.config.session;
        let known =
            self.0.metadata.borrow().clone().or_else(|| machine::tokens(&self.0.state.borrow()).map(|tokens| tokens.metadata.clone()));
        let metadata = match known {
            Some(metadata) => metadata,
            None => exchange::discover(&self.0.transport, &config.authority, fetch::now()).await?,
        };
        let departure = {
            let start =
                protocol::Start { wall_ms: fetch::now().wall_ms, chance: [crypto::random()?, crypto::random()?, crypto::random()?] };
            protocol::depart(config, &metadata, &self.redirect_uri(), request, &start)?
        };
        *self.0.metadata.borrow_mut() = Some(metadata);
        Ok(departure)
    }

    /// Takes a step of the machine, carries its effects out and wakes whoever waits for it.
    fn dispatch(&self, event: Event) {
        let state = self.0.state.replace(State::New);
        let (state, effects) = machine::step(&self.0.config.session, state, event);
        self.0.state.replace(state);
        for effect in effects {
            if let Err(error) = self.perform(effect) {
                *self.0.error.borrow_mut() = Some(error.clone());
                // What follows in the list would build on this effect.
                self.dispatch(Event::Stayed(error));
                break;
            }
        }
        self.0.steps.set(self.0.steps.get() + 1);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }

    fn perform(&self, effect: Effect) -> Result<(), Error> {
        let session = self.clone();
        match effect {
            Effect::KeepPending(pending) => return keep_pending(&pending.to_json(&self.0.config.session)),
            Effect::ForgetPending => storage::remove(Slot::Pending),
            Effect::Navigate(url) => {
                location::leave(&url)?;
                page::spawn(async move {
                    location::returned().await;
                    session.dispatch(Event::Returned);
                });
            }
            Effect::Redeem(code, pending) => page::spawn(async move {
                let result = exchange::redeem(&session.0.transport, &session.0.config.session, &pending, &code, fetch::now()).await;
                session.dispatch(Event::Redeemed(result, fetch::now()));
            }),
            Effect::AskClock => page::spawn(async move {
                let clock = clock::of_origin(&session.0.transport).await;
                session.dispatch(Event::Clock(clock, fetch::now()));
            }),
            Effect::Restart(request, after_ms) => page::spawn(async move {
                fetch::sleep(Duration::from_millis(after_ms.into())).await;
                let event = match session.prepare(request).await {
                    Ok(departure) => Event::Departing(Box::new(departure)),
                    Err(error) => Event::Stayed(error),
                };
                session.dispatch(event);
            }),
            // One at a time in this tab, since the machine is in one state; a lock over tabs would be taken here.
            Effect::Refresh { tokens, scopes, claims, after_ms } => page::spawn(async move {
                fetch::sleep(Duration::from_millis(after_ms.into())).await;
                let config = &session.0.config.session;
                let result = match &tokens.refresh {
                    Some(token) => {
                        exchange::refresh(&session.0.transport, config, &tokens.metadata, token, &scopes, claims.as_deref(), fetch::now())
                            .await
                    }
                    None => Err(Error::new(ErrorCode::InteractionRequired, "There is nothing to renew the session with: sign in again.")),
                };
                session.dispatch(Event::Refreshed(result, fetch::now()));
            }),
            Effect::Keep(tokens) => self.save(&tokens),
            Effect::Forget => {
                self.next_epoch();
                vault::erase();
            }
            Effect::Report(error) => *self.0.error.borrow_mut() = Some(error),
            Effect::Say(note) => self.0.note.set(Some(note)),
        }
        Ok(())
    }

    fn save(&self, tokens: &Tokens) {
        let config = &self.0.config.session;
        let Some(value) = tokens.to_json(config).filter(|_| config.cache == Cache::Session) else { return };
        let (session, epoch, context) = (self.clone(), self.next_epoch(), self.context());
        page::spawn(async move {
            // A sign-out or a newer save makes this one stale, and what is stale is never written.
            let kept = vault::save(&value, &context, || session.0.epoch.get() == epoch).await;
            if let Err(error) = kept {
                page::warn(error.message());
            }
        });
    }

    fn next_epoch(&self) -> u64 {
        self.0.epoch.set(self.0.epoch.get() + 1);
        self.0.epoch.get()
    }

    /// Whose ciphertext it is: another application on the same origin must not open it by accident.
    fn context(&self) -> String {
        let session = &self.0.config.session;
        [session.authority.key().as_str(), " ", &session.client_id].concat()
    }

    fn access(&self) -> Option<Secret> {
        machine::tokens(&self.0.state.borrow()).and_then(|tokens| tokens.access.as_ref()).map(|access| access.token.clone())
    }

    fn signed_in(&self) -> Option<Account> {
        machine::tokens(&self.0.state.borrow()).map(|tokens| tokens.account.clone())
    }

    fn is_leaving(&self) -> bool {
        matches!(&*self.0.state.borrow(), State::Leaving(..) | State::Restarting(_))
    }

    /// Waits until nothing is under way. On the way to another page that never comes.
    async fn rest(&self) {
        while !matches!(&*self.0.state.borrow(), State::Resting(_)) {
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
}

fn keep_pending(value: &serde_json::Value) -> Result<(), Error> {
    match storage::keep(Slot::Pending, value) {
        Kept::ForTab => Ok(()),
        Kept::ForPage => {
            storage::remove(Slot::Pending);
            let message = "This browser keeps no data for this page, so the sign-in could not be finished on the way back. Allow site data \
                           for this address, then sign in.";
            Err(Error::new(ErrorCode::Configuration, message))
        }
    }
}
