//! The steps of keeping an account's tokens fresh: by its refresh token, or by what another tab hands over. Leaves when that is due to
//! `lookup`.

use super::{
    Effect, Flow, Lookup, MAX_ATTEMPTS, Seat, State, Want, lookup, rules,
    seat::{Phase, Renewal},
};
use crate::{
    auth::{Moment, Tokens, exchange::Grant, scopes},
    config::SessionConfig,
    error::{Error, ErrorCode},
};

/// Begins to restore the active account, where it came out of storage and nothing else is under way.
pub(super) fn restore(state: &mut State) -> Option<Effect> {
    if !matches!(state.flow, Flow::Idle) || !state.seat(None).is_some_and(Seat::needs_restoring) {
        return None;
    }
    let (serial, account) = (state.next_serial(), state.active.clone()?);
    let renewal = Renewal { serial, extra: Vec::new(), claims: None, attempt: 1 };
    Some(state.seat_mut(&account)?.renew(renewal, 0))
}

pub(super) fn wanted(state: &mut State, want: &Want, now: Moment) -> Vec<Effect> {
    // Asked again here, so that no caller can have a refresh that the rules do not allow.
    if !matches!(lookup(state, want, now), Lookup::Renew) {
        return Vec::new();
    }
    let serial = state.next_serial();
    let Some(account) = want.account.clone().or_else(|| state.active.clone()) else { return Vec::new() };
    let Some(seat) = state.seat_mut(&account) else { return Vec::new() };
    if want.rejected.is_some() && seat.tokens.access.as_ref().map(|access| &access.token) == want.rejected.as_ref() {
        seat.tokens.access = None;
    }
    let renewal = Renewal { serial, extra: scopes::missing(&want.scopes, &seat.tokens.granted), claims: want.claims.clone(), attempt: 1 };
    vec![seat.renew(renewal, 0)]
}

pub(super) fn refreshed(config: &SessionConfig, state: &mut State, serial: u32, result: Result<Grant, Error>, now: Moment) -> Vec<Effect> {
    let next = state.serial.wrapping_add(1);
    let Some(seat) = state.seats.iter_mut().find(|seat| seat.renewal().is_some_and(|renewal| renewal.serial == serial)) else {
        return Vec::new();
    };
    let Phase::Renewing(renewal) = std::mem::replace(&mut seat.phase, Phase::Resting) else { return Vec::new() };
    let error = match result.and_then(|grant| rules::renewed(config, &seat.tokens, &grant, &renewal.extra, now)) {
        Ok(tokens) => {
            seat.tokens = tokens;
            seat.refuse(&renewal.extra);
            return vec![Effect::Keep, Effect::Hand(seat.id().clone())];
        }
        Err(error) => error,
    };
    if error.code() == ErrorCode::SessionExpired {
        seat.phase = Phase::Ended;
        seat.tokens.access = None;
        seat.tokens.refresh = None;
        return vec![Effect::Forget, Effect::Keep, Effect::Report(error)];
    }
    if let Some(after_ms) = rules::retry_after_ms(&error).filter(|_| renewal.attempt < MAX_ATTEMPTS) {
        let effect = seat.renew(Renewal { serial: next, attempt: renewal.attempt + 1, ..renewal }, after_ms);
        state.serial = next;
        return vec![effect];
    }
    let error = rules::with_scopes(error, seat);
    let mut effects = Vec::new();
    if error.retryable() {
        seat.phase = Phase::Paused(now, rules::pause_s(&error), error.clone());
    } else if renewal.extra.is_empty() {
        seat.phase = Phase::Stuck(error.clone());
    } else {
        seat.refuse(&renewal.extra);
        effects.push(Effect::Keep);
    }
    effects.push(Effect::Report(error));
    effects
}

/// Takes what another tab hands over, where it is newer than what this one has. A tab that has nobody may be joined by everybody; else
/// nobody comes in who did not sign in here.
pub(super) fn handed(state: &mut State, tokens: Vec<Tokens>, join: bool, now: Moment) -> Vec<Effect> {
    let join = join && state.seats.is_empty() && matches!(state.flow, Flow::Idle);
    let mut effects = Vec::new();
    for tokens in tokens {
        match state.seats.iter_mut().find(|seat| *seat.id() == tokens.account.id) {
            Some(seat) if is_newer(&tokens, seat, now) => take(seat, tokens),
            None if join => state.seats.push(Seat::new(tokens)),
            _ => continue,
        }
        effects = vec![Effect::Keep];
    }
    state.choose_active();
    effects.extend(restore(state));
    effects
}

/// Newer is another token that lives longer, since with it comes the refresh token that is good from now on; anything is, where there is
/// nothing.
fn is_newer(tokens: &Tokens, seat: &Seat, now: Moment) -> bool {
    let left = |tokens: &Tokens| tokens.access.as_ref().map_or(0.0, |access| access.lifetime_s - now.seconds_since(access.received));
    let token = |tokens: &Tokens| tokens.access.as_ref().map(|access| access.token.clone());
    let useless = matches!(seat.phase, Phase::Ended | Phase::Stuck(_)) || seat.tokens.access.is_none();
    left(tokens) > 60.0 && (useless || token(tokens) != token(&seat.tokens) && left(tokens) > left(&seat.tokens))
}

fn take(seat: &mut Seat, tokens: Tokens) {
    let suffices = match &seat.phase {
        Phase::Renewing(renewal) => renewal.claims.is_none() && scopes::missing(&renewal.extra, &tokens.granted).is_empty(),
        _ => true,
    };
    let skew_s = seat.tokens.skew_s;
    seat.tokens = Tokens { skew_s, ..tokens };
    seat.refuse(&[]);
    // What was asked for beyond that is still on its way.
    if suffices {
        seat.phase = Phase::Resting;
    }
}
