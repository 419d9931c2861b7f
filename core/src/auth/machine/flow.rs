//! The steps of a sign-in: from the page's opening or the person's click to an account that is signed in. Leaves renewal to `renewal`.

use super::{Effect, Flow, MAX_ATTEMPTS, Note, Seat, State, renewal, rules};
use crate::{
    auth::{
        Moment, Pending,
        answer::{Answer, Outcome},
        exchange::Grant,
        id_token::Flaw,
        protocol::Departure,
        refusal::Refusal,
    },
    config::SessionConfig,
    error::{Error, ErrorCode},
};

pub(super) fn opened(state: &mut State, answer: Option<Answer>, pending: Option<Box<Pending>>, now: Moment) -> Vec<Effect> {
    match (answer, pending) {
        (Some(answer), Some(pending)) => answered(state, answer, pending, now),
        (Some(_), None) => settle(state, vec![Effect::Say(Note::Stray)]),
        (None, Some(pending)) if pending.is_over(now.wall_ms) => settle(state, vec![Effect::ForgetPending]),
        (None, Some(_)) => settle(state, vec![Effect::ForgetPending, Effect::Say(Note::Unanswered)]),
        (None, None) => settle(state, Vec::new()),
    }
}

/// The page goes to the provider, or shows the provider in a window. A window's request stays in memory: nobody but this page, which
/// stays as well, can complete it.
pub(super) fn departing(state: &mut State, departure: Departure) -> Vec<Effect> {
    let attempt = match state.flow {
        Flow::Idle => 1,
        Flow::Restarting => MAX_ATTEMPTS,
        _ => return Vec::new(),
    };
    let pending = Box::new(Pending { attempt, ..departure.pending });
    let effects = match pending.channel() {
        Some(channel) => vec![Effect::Show { url: departure.url, channel: channel.to_owned() }],
        None => vec![Effect::KeepPending(pending.clone()), Effect::Navigate(departure.url)],
    };
    state.flow = Flow::Leaving(pending);
    effects
}

pub(super) fn answered_by_window(state: &mut State, answer: Answer, now: Moment) -> Vec<Effect> {
    match std::mem::take(&mut state.flow) {
        Flow::Leaving(pending) if pending.channel().is_some() => answered(state, answer, pending, now),
        other => {
            state.flow = other;
            Vec::new()
        }
    }
}

pub(super) fn returned(state: &mut State) -> Vec<Effect> {
    if !is_away(&state.flow) {
        return Vec::new();
    }
    let error = Error::new(ErrorCode::UserCancelled, "You came back without signing in.");
    settle(state, vec![Effect::ForgetPending, Effect::Say(Note::Unanswered), Effect::Report(error)])
}

pub(super) fn stayed(state: &mut State, error: Error) -> Vec<Effect> {
    if is_away(&state.flow) { settle(state, vec![Effect::ForgetPending, Effect::Report(error)]) } else { Vec::new() }
}

fn is_away(flow: &Flow) -> bool {
    matches!(flow, Flow::Leaving(_) | Flow::Restarting)
}

/// The state comes first: nothing else of an answer is believed, not even its error, before it is known to be ours. Whatever it says, the
/// request has had its answer.
fn answered(state: &mut State, answer: Answer, pending: Box<Pending>, now: Moment) -> Vec<Effect> {
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
                let serial = state.next_serial();
                effects.push(Effect::Redeem(serial, code, pending.clone()));
                state.flow = Flow::Redeeming(pending, serial);
                return effects;
            }
            Outcome::Refused { error, description, subcode } => {
                let error = Refusal::from_answer(error, description, subcode).into_error(None);
                if error.code() == ErrorCode::Unavailable && may_restart(&pending) {
                    effects.push(Effect::Restart(pending.request, rules::BUSY_MS));
                    state.flow = Flow::Restarting;
                    return effects;
                }
                if matches!(error.code(), ErrorCode::UserCancelled | ErrorCode::ConsentRequired) {
                    effects.extend(remember_refusal(state, &pending));
                }
                error
            }
        }
    };
    effects.push(Effect::Report(error));
    settle(state, effects)
}

/// Permissions that an account was asked for and declined are not asked for again in this tab, unless the person wants it.
fn remember_refusal(state: &mut State, pending: &Pending) -> Option<Effect> {
    let account = pending.request.account.as_deref().filter(|_| !pending.request.scopes.is_empty())?;
    state.seat_mut(account)?.refuse(&pending.request.scopes);
    Some(Effect::Keep)
}

pub(super) fn redeemed(config: &SessionConfig, state: &mut State, serial: u32, result: Result<Grant, Error>, now: Moment) -> Vec<Effect> {
    let pending = match std::mem::take(&mut state.flow) {
        Flow::Redeeming(pending, expected) if expected == serial => pending,
        other => {
            state.flow = other;
            return Vec::new();
        }
    };
    match result {
        Ok(grant) => believe(config, state, pending, Box::new(grant), now.wall_ms / 1000.0, now),
        Err(error) => match rules::restart_after_ms(&error) {
            Some(after_ms) if may_restart(&pending) => {
                state.flow = Flow::Restarting;
                vec![Effect::Restart(pending.request, after_ms)]
            }
            _ => settle(state, vec![Effect::Report(rules::unreadable(error, &pending.redirect_uri))]),
        },
    }
}

/// Once, and only where the page itself goes: a window opens at a click alone, and this one has closed.
fn may_restart(pending: &Pending) -> bool {
    pending.attempt < MAX_ATTEMPTS && pending.channel().is_none()
}

pub(super) fn clocked(config: &SessionConfig, state: &mut State, clock: Option<f64>, now: Moment) -> Vec<Effect> {
    let (pending, grant) = match std::mem::take(&mut state.flow) {
        Flow::Doubting(pending, grant) => (pending, grant),
        other => {
            state.flow = other;
            return Vec::new();
        }
    };
    match clock {
        Some(now_s) if !matches!(rules::check(config, &pending, &grant, now_s), Err(Flaw::Expired)) => {
            believe(config, state, pending, grant, now_s, now)
        }
        _ => settle(state, vec![Effect::Report(rules::flaw_error(Flaw::Expired))]),
    }
}

/// Believes a grant if its id token passes every check by that clock.
fn believe(config: &SessionConfig, state: &mut State, pending: Box<Pending>, grant: Box<Grant>, now_s: f64, now: Moment) -> Vec<Effect> {
    let flaw = match rules::check(config, &pending, &grant, now_s) {
        Err(Flaw::Expired) => {
            state.flow = Flow::Doubting(pending, grant);
            return vec![Effect::AskClock];
        }
        Err(flaw) => flaw,
        Ok(claims) => match rules::tokens(&claims, &pending, &grant, now) {
            None => Flaw::Malformed,
            Some(tokens) => {
                let mut seat = Seat::new(tokens);
                // Also where somebody unticked a permission on the way: it is not asked for again unbidden.
                seat.refuse(&pending.scopes);
                let id = seat.id().clone();
                state.seats.retain(|known| *known.id() != id);
                state.seats.push(seat);
                state.active = Some(id.clone());
                return settle(state, vec![Effect::Keep, Effect::Hand(id)]);
            }
        },
    };
    settle(state, vec![Effect::Report(rules::flaw_error(flaw))])
}

/// Comes to rest, and restores the active account where it has no access token yet.
fn settle(state: &mut State, mut effects: Vec<Effect>) -> Vec<Effect> {
    state.flow = Flow::Idle;
    effects.extend(renewal::restore(state));
    effects
}
