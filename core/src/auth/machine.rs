//! The state machine of a session: state × event → state, effects. Owns every decision between "signed out" and "signed in"; leaves
//! carrying the effects out to the browser half and which token a caller gets to [`lookup`].
//!
//! What holds whatever happens, in whatever order: a code is redeemed once; nobody is signed in but by an answer whose state and nonce
//! are those of this tab's own request, or from what such an answer left behind; nothing is tried automatically more than twice.

mod lookup;
mod rules;

pub use lookup::{Lookup, Want, lookup};

use super::{
    Account, Moment, Pending, Secret, Tokens,
    answer::{Answer, Outcome},
    exchange::Grant,
    id_token::Flaw,
    protocol::{self, Departure, SignIn},
    refusal::Refusal,
    scopes,
};
use crate::{
    config::SessionConfig,
    error::{Error, ErrorCode},
};

/// Where a session stands.
#[derive(Debug, Clone)]
pub enum State {
    /// Nothing has been looked at yet.
    New,
    /// Nothing is under way.
    Resting(Rest),
    /// The page is about to go to the provider, or a window of the provider's is open.
    Leaving(Box<Pending>, Rest),
    /// The code is on its way to the token endpoint.
    Redeeming(Box<Pending>, Rest),
    /// The id token looks expired by this machine's clock; another clock is being asked.
    Doubting(Box<Pending>, Box<Grant>, Rest),
    /// The sign-in begins anew, by itself.
    Restarting(Rest),
    /// The refresh token is on its way to the token endpoint.
    Refreshing(Box<Held>, Renewal),
}

/// What a session comes back to when nothing is under way.
#[derive(Debug, Clone)]
pub enum Rest {
    /// Nobody.
    SignedOut,
    /// Somebody.
    SignedIn(Box<Held>),
    /// Somebody whose session the provider has ended.
    Ended(Account),
}

/// A signed-in session and what it remembers of refusals, so that nothing is asked again unbidden.
#[derive(Debug, Clone)]
pub struct Held {
    pub(crate) tokens: Tokens,
    /// Scopes that were refused.
    refused: Vec<String>,
    /// Why no further token comes without the person.
    stuck: Option<Error>,
    /// Why no further token comes for the moment: since when, and for how many seconds.
    pause: Option<(Moment, f64, Error)>,
}

/// A refresh under way.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// Beyond what was granted.
    extra: Vec<String>,
    claims: Option<String>,
    attempt: u8,
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
        /// The session of before the reload.
        saved: Option<Box<Tokens>>,
        /// Now.
        now: Moment,
    },
    /// A sign-in is prepared.
    Departing(Box<Departure>),
    /// The person is back without an answer, on a page that was kept alive.
    Returned,
    /// The page could not leave: nothing could be kept, or nothing be prepared.
    Stayed(Error),
    /// The token endpoint has answered for a code.
    Redeemed(Result<Grant, Error>, Moment),
    /// What another clock says, in seconds since 1970; none where there is none.
    Clock(Option<f64>, Moment),
    /// Somebody wants a token that [`lookup`] said needs renewing.
    Wanted(Want, Moment),
    /// The token endpoint has answered for a refresh token.
    Refreshed(Result<Grant, Error>, Moment),
    /// The person signs out.
    SignOut {
        /// Where the provider's sign-out page leads back to.
        redirect_uri: String,
    },
}

/// What has to be done, in this order.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Keep the request in this tab's storage.
    KeepPending(Box<Pending>),
    /// Erase it.
    ForgetPending,
    /// Go to this address.
    Navigate(String),
    /// Send the code to the token endpoint; ends with [`Event::Redeemed`].
    Redeem(Secret, Box<Pending>),
    /// Ask another clock; ends with [`Event::Clock`].
    AskClock,
    /// Prepare the same sign-in again after some milliseconds; ends with [`Event::Departing`].
    Restart(SignIn, u32),
    /// Send the refresh token to the token endpoint after some milliseconds; ends with [`Event::Refreshed`].
    Refresh {
        /// Whose.
        tokens: Box<Tokens>,
        /// For what.
        scopes: Vec<String>,
        /// A challenge to answer.
        claims: Option<String>,
        /// After how many milliseconds.
        after_ms: u32,
    },
    /// Encrypt and keep what outlives a reload.
    Keep(Box<Tokens>),
    /// Erase everything that is kept.
    Forget,
    /// Tell what went wrong.
    Report(Error),
    /// Tell what else a signed-out page should say.
    Say(Note),
}

/// Something that is no error, but that a signed-out page should say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The person came back from the sign-in page without an answer: "Did Microsoft show an error?"
    Unanswered,
    /// The address held an answer that belongs to no sign-in of this tab: "Finish where you began, or sign in here."
    Stray,
}

/// How many times something is tried, the first included.
const MAX_ATTEMPTS: u8 = 2;

/// One step. An event that does not belong to the state changes nothing: it is late, or doubled.
#[must_use]
pub fn step(config: &SessionConfig, state: State, event: Event) -> (State, Vec<Effect>) {
    match (state, event) {
        (State::New, Event::Opened { answer, pending, saved, now }) => opened(answer, pending, saved, now),

        (State::Resting(rest), Event::Departing(departure)) => leave(*departure, 1, rest),
        (State::Restarting(rest), Event::Departing(departure)) => leave(*departure, MAX_ATTEMPTS, rest),
        (State::Leaving(_, rest) | State::Restarting(rest), Event::Returned) => {
            let error = Error::new(ErrorCode::UserCancelled, "You came back without signing in.");
            settle(rest, vec![Effect::ForgetPending, Effect::Say(Note::Unanswered), Effect::Report(error)])
        }
        (State::Leaving(_, rest) | State::Restarting(rest), Event::Stayed(error)) => {
            settle(rest, vec![Effect::ForgetPending, Effect::Report(error)])
        }

        (State::Redeeming(pending, rest), Event::Redeemed(Ok(grant), now)) => {
            believe(config, pending, Box::new(grant), rest, now.wall_ms / 1000.0, now)
        }
        (State::Redeeming(pending, rest), Event::Redeemed(Err(error), _)) => match rules::restart_after_ms(&error) {
            Some(after_ms) if pending.attempt < MAX_ATTEMPTS => (State::Restarting(rest), vec![Effect::Restart(pending.request, after_ms)]),
            _ => settle(rest, vec![Effect::Report(error)]),
        },
        (State::Doubting(pending, grant, rest), Event::Clock(Some(now_s), now)) => match rules::check(config, &pending, &grant, now_s) {
            Err(flaw) => settle(rest, vec![Effect::Report(rules::flaw_error(flaw))]),
            Ok(_) => believe(config, pending, grant, rest, now_s, now),
        },
        (State::Doubting(_, _, rest), Event::Clock(None, _)) => settle(rest, vec![Effect::Report(rules::flaw_error(Flaw::Expired))]),

        (State::Resting(Rest::SignedIn(held)), Event::Wanted(want, now)) => wanted(held, want, now),
        (State::Refreshing(held, renewal), Event::Refreshed(result, now)) => refreshed(config, held, renewal, result, now),

        (state, Event::SignOut { redirect_uri }) => {
            let mut effects = vec![Effect::Forget, Effect::ForgetPending];
            if let Some(tokens) = tokens(&state) {
                let hint = tokens.logout_hint.as_deref();
                effects.extend(protocol::sign_out_url(config, &tokens.metadata, &redirect_uri, hint).map(Effect::Navigate));
            }
            (State::Resting(Rest::SignedOut), effects)
        }
        (state, _) => (state, Vec::new()),
    }
}

/// Who is signed in, or was until the provider ended it.
#[must_use]
pub fn account(state: &State) -> Option<&Account> {
    match state {
        State::Resting(Rest::Ended(account)) | State::Leaving(_, Rest::Ended(account)) => Some(account),
        _ => tokens(state).map(|tokens| &tokens.account),
    }
}

/// The signed-in account's tokens, whatever else is under way.
#[must_use]
pub fn tokens(state: &State) -> Option<&Tokens> {
    let (State::Resting(rest)
    | State::Leaving(_, rest)
    | State::Redeeming(_, rest)
    | State::Doubting(_, _, rest)
    | State::Restarting(rest)) = state
    else {
        return if let State::Refreshing(held, _) = state { Some(&held.tokens) } else { None };
    };
    if let Rest::SignedIn(held) = rest { Some(&held.tokens) } else { None }
}

fn opened(answer: Option<Answer>, pending: Option<Box<Pending>>, saved: Option<Box<Tokens>>, now: Moment) -> (State, Vec<Effect>) {
    let rest = saved.map_or(Rest::SignedOut, |tokens| Rest::SignedIn(Box::new(Held::new(*tokens))));
    match (answer, pending) {
        (Some(answer), Some(pending)) => answered(answer, pending, rest, now),
        (Some(_), None) => settle(rest, vec![Effect::Say(Note::Stray)]),
        (None, Some(pending)) if pending.is_over(now.wall_ms) => settle(rest, vec![Effect::ForgetPending]),
        (None, Some(_)) => settle(rest, vec![Effect::ForgetPending, Effect::Say(Note::Unanswered)]),
        (None, None) => settle(rest, Vec::new()),
    }
}

/// The state comes first: nothing else of an answer is believed, not even its error, before it is known to be ours. Whatever it says, the
/// request has had its answer.
fn answered(answer: Answer, pending: Box<Pending>, rest: Rest, now: Moment) -> (State, Vec<Effect>) {
    let mut effects = vec![Effect::ForgetPending];
    let error = if pending.is_over(now.wall_ms) {
        Error::new(ErrorCode::StateMismatch, "The sign-in took longer than ten minutes. Sign in again.")
    } else if answer.state.as_ref() != Some(&pending.state) {
        Error::new(ErrorCode::StateMismatch, "The sign-in service's answer belongs to another sign-in. Sign in again.")
    } else if !rules::is_from(&answer, &pending.metadata) {
        Error::new(ErrorCode::StateMismatch, "The answer does not come from the sign-in service that was asked. Sign in again.")
    } else {
        match answer.outcome {
            Outcome::Code(code) => {
                effects.push(Effect::Redeem(code, pending.clone()));
                return (State::Redeeming(pending, rest), effects);
            }
            Outcome::Refused { error, description, subcode } => {
                let error = Refusal::from_answer(error, description, subcode).into_error(None);
                if error.code() == ErrorCode::Unavailable && pending.attempt < MAX_ATTEMPTS {
                    effects.push(Effect::Restart(pending.request, rules::BUSY_MS));
                    return (State::Restarting(rest), effects);
                }
                error
            }
        }
    };
    effects.push(Effect::Report(error));
    settle(rest, effects)
}

fn leave(departure: Departure, attempt: u8, rest: Rest) -> (State, Vec<Effect>) {
    let pending = Box::new(Pending { attempt, ..departure.pending });
    let effects = vec![Effect::KeepPending(pending.clone()), Effect::Navigate(departure.url)];
    (State::Leaving(pending, rest), effects)
}

/// Believes a grant if its id token passes every check by that clock.
fn believe(config: &SessionConfig, pending: Box<Pending>, grant: Box<Grant>, rest: Rest, now_s: f64, now: Moment) -> (State, Vec<Effect>) {
    match rules::check(config, &pending, &grant, now_s) {
        Err(Flaw::Expired) => (State::Doubting(pending, grant, rest), vec![Effect::AskClock]),
        Err(flaw) => settle(rest, vec![Effect::Report(rules::flaw_error(flaw))]),
        Ok(claims) => match rules::tokens(&claims, &pending, &grant, now) {
            None => settle(rest, vec![Effect::Report(rules::flaw_error(Flaw::Malformed))]),
            Some(tokens) => {
                let effects = vec![Effect::Keep(Box::new(tokens.clone()))];
                (State::Resting(Rest::SignedIn(Box::new(Held::new(tokens)))), effects)
            }
        },
    }
}

/// Comes to rest, or restores a session that has no access token yet.
fn settle(rest: Rest, mut effects: Vec<Effect>) -> (State, Vec<Effect>) {
    match rest {
        Rest::SignedIn(held) if held.needs_restoring() => {
            let renewal = Renewal { extra: Vec::new(), claims: None, attempt: 1 };
            effects.push(held.refresh(&renewal, 0));
            (State::Refreshing(held, renewal), effects)
        }
        rest => (State::Resting(rest), effects),
    }
}

fn wanted(mut held: Box<Held>, want: Want, now: Moment) -> (State, Vec<Effect>) {
    // Asked again here, so that no caller can have a refresh that the rules do not allow.
    if !matches!(lookup(&State::Resting(Rest::SignedIn(held.clone())), &want, now), Lookup::Renew) {
        return (State::Resting(Rest::SignedIn(held)), Vec::new());
    }
    if want.rejected.is_some() && held.tokens.access.as_ref().map(|access| &access.token) == want.rejected.as_ref() {
        held.tokens.access = None;
    }
    let renewal = Renewal { extra: scopes::missing(&want.scopes, &held.tokens.granted), claims: want.claims, attempt: 1 };
    let effect = held.refresh(&renewal, 0);
    (State::Refreshing(held, renewal), vec![effect])
}

fn refreshed(
    config: &SessionConfig,
    mut held: Box<Held>,
    renewal: Renewal,
    result: Result<Grant, Error>,
    now: Moment,
) -> (State, Vec<Effect>) {
    let error = match result.and_then(|grant| rules::renewed(config, &held.tokens, &grant, &renewal.extra, now)) {
        Ok(tokens) => {
            held.refused.extend(scopes::missing(&renewal.extra, &tokens.granted));
            let held = Held { tokens, refused: held.refused, stuck: None, pause: None };
            let effects = vec![Effect::Keep(Box::new(held.tokens.clone()))];
            return (State::Resting(Rest::SignedIn(Box::new(held))), effects);
        }
        Err(error) => error,
    };
    if error.code() == ErrorCode::SessionExpired {
        let effects = vec![Effect::Forget, Effect::Report(error)];
        return (State::Resting(Rest::Ended(held.tokens.account)), effects);
    }
    if let Some(after_ms) = rules::retry_after_ms(&error).filter(|_| renewal.attempt < MAX_ATTEMPTS) {
        let renewal = Renewal { attempt: renewal.attempt + 1, ..renewal };
        let effect = held.refresh(&renewal, after_ms);
        return (State::Refreshing(held, renewal), vec![effect]);
    }
    if error.retryable() {
        held.pause = Some((now, rules::pause_s(&error), error.clone()));
    } else if renewal.extra.is_empty() {
        held.stuck = Some(error.clone());
    } else {
        held.refused.extend(renewal.extra);
    }
    (State::Resting(Rest::SignedIn(held)), vec![Effect::Report(error)])
}

impl Held {
    fn new(tokens: Tokens) -> Self {
        Self { tokens, refused: Vec::new(), stuck: None, pause: None }
    }

    fn needs_restoring(&self) -> bool {
        self.tokens.access.is_none() && self.tokens.refresh.is_some() && self.stuck.is_none() && self.pause.is_none()
    }

    fn refresh(&self, renewal: &Renewal, after_ms: u32) -> Effect {
        let base = scopes::BASE_SCOPES.map(str::to_owned);
        let scopes = scopes::merge(&scopes::merge(&base, &self.tokens.granted), &renewal.extra);
        Effect::Refresh { tokens: Box::new(self.tokens.clone()), scopes, claims: renewal.claims.clone(), after_ms }
    }
}

#[cfg(test)]
#[path = "machine_tests/mod.rs"]
mod tests;
