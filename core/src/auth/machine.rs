//! The state machine of a session: state × event → state, effects. Owns every decision between "signed out" and "signed in", for several
//! accounts at once; leaves carrying the effects out to the browser half and which token a caller gets to [`lookup`].
//!
//! A session is one sign-in that may be under way ([`Flow`]) and a seat for each account that is signed in ([`Seat`]); a sign-in disturbs
//! no seat until it has succeeded.
//!
//! What holds whatever happens, in whatever order: a code is redeemed once; nobody is signed in but by an answer whose state and nonce
//! are those of this tab's own request, or from what such an answer left behind; nothing is tried automatically more than twice.

mod changes;
mod flow;
mod lookup;
mod renewal;
mod rules;
mod seat;

pub use changes::{Change, Snapshot};
pub use lookup::{Lookup, Want, lookup};
pub use seat::Seat;

use super::{
    Account, Moment, Pending, Secret, Tokens,
    answer::Answer,
    exchange::Grant,
    protocol::{self, Departure, SignIn},
};
use crate::{config::SessionConfig, error::Error};
use seat::Phase;

/// Where a session stands.
#[derive(Debug, Clone, Default)]
pub struct State {
    flow: Flow,
    seats: Vec<Seat>,
    /// The id of the account that is meant where none is named. Somebody's, as long as there is anybody.
    active: Option<String>,
    /// The number of the last exchange with the token endpoint: an answer to an older one is late.
    serial: u32,
}

/// The sign-in that may be under way.
#[derive(Debug, Clone, Default)]
pub enum Flow {
    /// Nothing has been looked at yet.
    #[default]
    New,
    /// Nothing is under way.
    Idle,
    /// The page is about to go to the provider, or a window of the provider's is open.
    Leaving(Box<Pending>),
    /// The code is on its way to the token endpoint, with this number.
    Redeeming(Box<Pending>, u32),
    /// The id token looks expired by this machine's clock; another clock is being asked.
    Doubting(Box<Pending>, Box<Grant>),
    /// The sign-in begins anew, by itself.
    Restarting,
}

/// What happens to a session.
#[derive(Debug, Clone)]
pub enum Event {
    /// The page was loaded: the answer in its address and what storage held.
    Opened {
        /// The provider's answer.
        answer: Option<Answer>,
        /// The request that this tab made.
        pending: Option<Box<Pending>>,
        /// The accounts of before the reload.
        seats: Vec<Seat>,
        /// Which of them was active.
        active: Option<String>,
        /// Now.
        now: Moment,
    },
    /// A sign-in is prepared.
    Departing(Box<Departure>),
    /// The sign-in window has answered.
    Answered(Answer, Moment),
    /// The person is back without an answer, on a page that was kept alive.
    Returned,
    /// The sign-in could not begin, or was given up: nothing could be kept, nothing be prepared, the window was cancelled.
    Stayed(Error),
    /// The token endpoint has answered for the code that was sent as this number.
    Redeemed(u32, Result<Grant, Error>, Moment),
    /// What another clock says, in seconds since 1970; none where there is none.
    Clock(Option<f64>, Moment),
    /// Somebody wants a token that [`lookup`] said needs renewing.
    Wanted(Want, Moment),
    /// The token endpoint has answered for the refresh token that was sent as this number.
    Refreshed(u32, Result<Grant, Error>, Moment),
    /// Another tab hands over what it has.
    Handed {
        /// Its tokens.
        tokens: Vec<Tokens>,
        /// Whether this tab asked for them because it has nobody: then they sign in here too.
        join: bool,
        /// Now.
        now: Moment,
    },
    /// The person signs out.
    SignOut {
        /// Which account; none for all.
        account: Option<String>,
        /// Where the provider's sign-out page leads back to.
        redirect_uri: String,
    },
    /// An account was signed out in another tab.
    Gone(String),
    /// Another account is meant from now on.
    Activate(String),
}

/// What has to be done, in this order.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Keep the request in this tab's storage.
    KeepPending(Box<Pending>),
    /// Erase it.
    ForgetPending,
    /// Go to this address with the page.
    Navigate(String),
    /// Show this address in the sign-in window, and await its answer on the channel of that name.
    Show {
        /// The address.
        url: String,
        /// The channel.
        channel: String,
    },
    /// Send the code to the token endpoint; ends with [`Event::Redeemed`] of this number.
    Redeem(u32, Secret, Box<Pending>),
    /// Ask another clock; ends with [`Event::Clock`].
    AskClock,
    /// Prepare the same sign-in again after some milliseconds; ends with [`Event::Departing`].
    Restart(SignIn, u32),
    /// Send the refresh token to the token endpoint after some milliseconds; ends with [`Event::Refreshed`] of this number.
    Refresh(Box<Errand>),
    /// Encrypt and keep what outlives a reload, as [`seats`] has it now.
    Keep,
    /// Erase everything that is kept, at once.
    Forget,
    /// Hand this account's tokens to the other tabs.
    Hand(String),
    /// Tell the other tabs that this account has signed out.
    TellGone(String),
    /// When they have been told, go to the provider's sign-out page.
    Exit(String),
    /// Tell what went wrong.
    Report(Error),
    /// Tell what else a signed-out page should say.
    Say(Note),
}

/// A refresh to be carried out.
#[derive(Debug, Clone)]
pub struct Errand {
    /// Its number.
    pub serial: u32,
    /// Whose.
    pub account: String,
    /// For what.
    pub scopes: Vec<String>,
    /// A challenge to answer.
    pub claims: Option<String>,
    /// After how many milliseconds.
    pub after_ms: u32,
}

/// Something that is no error, but that a signed-out page should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The person came back from the sign-in page without an answer: "Did Microsoft show an error?"
    Unanswered,
    /// The address held an answer that belongs to no sign-in of this tab: "Finish where you began, or sign in here."
    Stray,
}

/// How an open sign-in window stands, for the page to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Its answer is awaited.
    Open,
    /// It looks closed, or has been silent for a while: "Still signing in… Open again / Cancel". It may answer all the same.
    Unsure,
}

/// How many times something is tried, the first included.
const MAX_ATTEMPTS: u8 = 2;

/// One step. An event that does not belong to the state changes nothing: it is late, or doubled.
#[must_use]
pub fn step(config: &SessionConfig, mut state: State, event: Event) -> (State, Vec<Effect>) {
    let effects = match event {
        Event::Opened { answer, pending, seats, active, now } if matches!(state.flow, Flow::New) => {
            state.active = active;
            state.seats = seats;
            state.choose_active();
            flow::opened(&mut state, answer, pending, now)
        }
        Event::Departing(departure) => flow::departing(&mut state, *departure),
        Event::Answered(answer, now) => flow::answered_by_window(&mut state, answer, now),
        Event::Returned => flow::returned(&mut state),
        Event::Stayed(error) => flow::stayed(&mut state, error),
        Event::Redeemed(serial, result, now) => flow::redeemed(config, &mut state, serial, result, now),
        Event::Clock(clock, now) => flow::clocked(config, &mut state, clock, now),
        Event::Wanted(want, now) => renewal::wanted(&mut state, &want, now),
        Event::Refreshed(serial, result, now) => renewal::refreshed(config, &mut state, serial, result, now),
        Event::Handed { tokens, join, now } => renewal::handed(&mut state, tokens, join, now),
        Event::SignOut { account, redirect_uri } => sign_out(config, &mut state, account.as_deref(), &redirect_uri),
        Event::Gone(account) => gone(&mut state, &account),
        Event::Activate(account) if state.active.as_ref() != Some(&account) && state.seats.iter().any(|seat| *seat.id() == account) => {
            state.active = Some(account);
            let mut effects = vec![Effect::Keep];
            effects.extend(renewal::restore(&mut state));
            effects
        }
        Event::Opened { .. } | Event::Activate(_) => Vec::new(),
    };
    (state, effects)
}

/// Local first: whatever becomes of the provider's page, nothing is left here. A sign-in that is under way ends with it.
fn sign_out(config: &SessionConfig, state: &mut State, account: Option<&str>, redirect_uri: &str) -> Vec<Effect> {
    let (leaving, staying): (Vec<Seat>, Vec<Seat>) =
        std::mem::take(&mut state.seats).into_iter().partition(|seat| account.is_none_or(|account| account == seat.id()));
    state.seats = staying;
    let mut effects = vec![Effect::Forget, Effect::ForgetPending];
    if !matches!(state.flow, Flow::New) {
        state.flow = Flow::Idle;
    }
    state.choose_active();
    if !state.seats.is_empty() {
        effects.push(Effect::Keep);
    }
    effects.extend(leaving.iter().map(|seat| Effect::TellGone(seat.id().clone())));
    // Of several the provider's page asks which, or ends them all: no hint then.
    let hint = if let [seat] = &leaving[..] { seat.tokens.logout_hint.as_deref() } else { None };
    let metadata = leaving.first().map(|seat| &seat.tokens.metadata);
    effects.extend(metadata.and_then(|metadata| protocol::sign_out_url(config, metadata, redirect_uri, hint)).map(Effect::Exit));
    effects
}

fn gone(state: &mut State, account: &str) -> Vec<Effect> {
    let before = state.seats.len();
    state.seats.retain(|seat| seat.id() != account);
    if state.seats.len() == before {
        return Vec::new();
    }
    state.choose_active();
    let mut effects = vec![Effect::Forget];
    if !state.seats.is_empty() {
        effects.push(Effect::Keep);
        effects.extend(renewal::restore(state));
    }
    effects
}

impl State {
    /// The sign-in that may be under way.
    #[must_use]
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// Whether nothing is under way that a page should wait for before it shows anything.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self.flow, Flow::Idle) && !self.seat(None).is_some_and(|seat| seat.tokens.access.is_none() && seat.renewal().is_some())
    }

    /// The seat of that account; none for the active one.
    fn seat(&self, account: Option<&str>) -> Option<&Seat> {
        let account = account.or(self.active.as_deref())?;
        self.seats.iter().find(|seat| seat.id() == account)
    }

    fn seat_mut(&mut self, account: &str) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.id() == account)
    }

    fn choose_active(&mut self) {
        if self.seat(None).is_none() {
            self.active = self.seats.first().map(|seat| seat.id().clone());
        }
    }

    fn next_serial(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }
}

/// Everybody who is signed in here, or was until the provider ended it.
pub fn accounts(state: &State) -> impl Iterator<Item = &Account> {
    state.seats.iter().map(|seat| &seat.tokens.account)
}

/// The active account; it may have ended.
#[must_use]
pub fn account(state: &State) -> Option<&Account> {
    state.seat(None).map(|seat| &seat.tokens.account)
}

/// Whether the provider has ended that account's session; none for the active one.
#[must_use]
pub fn has_ended(state: &State, account: Option<&str>) -> bool {
    state.seat(account).is_some_and(|seat| matches!(seat.phase, Phase::Ended))
}

/// A signed-in account's tokens, whatever else is under way; none for the active one. Those of an ended session are of no use.
#[must_use]
pub fn tokens<'a>(state: &'a State, account: Option<&str>) -> Option<&'a Tokens> {
    state.seat(account).filter(|seat| !matches!(seat.phase, Phase::Ended)).map(|seat| &seat.tokens)
}

/// The tokens that the refresh of that number is for; none where it is no longer wanted.
#[must_use]
pub fn errand_tokens(state: &State, serial: u32) -> Option<&Tokens> {
    state.seats.iter().find(|seat| seat.renewal().is_some_and(|renewal| renewal.serial == serial)).map(|seat| &seat.tokens)
}

/// What outlives a reload: every seat that can be renewed, and which is active.
pub fn seats(state: &State) -> (impl Iterator<Item = &Seat>, Option<&str>) {
    (state.seats.iter().filter(|seat| !matches!(seat.phase, Phase::Ended)), state.active.as_deref())
}

#[cfg(test)]
#[path = "machine_tests/mod.rs"]
mod tests;
