//! Which token a caller gets. Owns the answer to "is there one, may one be fetched, or what is in the way"; leaves fetching to the machine.

use super::{Flow, Seat, State, seat::Phase};
use crate::{
    auth::{Moment, Secret, scopes},
    error::{Details, Error, ErrorCode},
};
use std::time::Duration;

/// What a token is wanted for.
#[derive(Debug, Clone, Default)]
pub struct Want {
    /// Whose, by the account's id; none for the active account.
    pub account: Option<String>,
    /// The scopes that it must have.
    pub scopes: Vec<String>,
    /// The claims that a challenge asked for, decoded JSON. They come with the refusal of a token, so they matter once a renewal is due.
    pub claims: Option<String>,
    /// The token that was refused with 401; another caller may have renewed it meanwhile.
    pub rejected: Option<Secret>,
}

/// What there is for a caller.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// A token.
    Token(Secret),
    /// None yet: renew.
    Renew,
    /// Something is under way: ask again after the next step.
    Busy,
    /// None, and why.
    Fail(Error),
}

/// Looks a token up. Changes nothing.
#[must_use]
pub fn lookup(state: &State, want: &Want, now: Moment) -> Lookup {
    let Some(seat) = state.seat(want.account.as_deref()) else { return nobody(state) };
    match &seat.phase {
        Phase::Ended => Lookup::Fail(Error::new(ErrorCode::SessionExpired, "Your session has ended: sign in again.")),
        // A renewal in the last minutes of a token makes nobody wait.
        Phase::Renewing(_) => ready(seat, want, now).map_or(Lookup::Busy, Lookup::Token),
        // An answer that is being redeemed will most likely bring this account's tokens.
        _ if seat.tokens.access.is_none() && is_answered(&state.flow) => Lookup::Busy,
        _ => signed_in(seat, want, now),
    }
}

fn is_answered(flow: &Flow) -> bool {
    matches!(flow, Flow::New | Flow::Redeeming(..) | Flow::Doubting(..))
}

fn nobody(state: &State) -> Lookup {
    match &state.flow {
        flow if is_answered(flow) => Lookup::Busy,
        Flow::Leaving(_) | Flow::Restarting => {
            Lookup::Fail(Error::new(ErrorCode::InteractionInProgress, "A sign-in is under way: finish it first."))
        }
        _ => Lookup::Fail(Error::new(ErrorCode::InteractionRequired, "Nobody is signed in. Sign in first.")),
    }
}

fn signed_in(seat: &Seat, want: &Want, now: Moment) -> Lookup {
    let missing = scopes::missing(&want.scopes, &seat.tokens.granted);
    if missing.iter().any(|scope| scopes::granted_by(&seat.refused, scope)) {
        return Lookup::Fail(consent(&missing));
    }
    if let Some(token) = ready(seat, want, now).filter(|_| is_fresh(seat, now)) {
        return Lookup::Token(token);
    }
    let in_the_way = match &seat.phase {
        Phase::Stuck(error) => error.clone(),
        Phase::Paused(since, seconds, error) if now.seconds_since(*since) < *seconds => waiting(error, seconds - now.seconds_since(*since)),
        _ if seat.tokens.refresh.is_some() => return Lookup::Renew,
        _ if !missing.is_empty() => consent(&missing),
        _ => Error::new(ErrorCode::InteractionRequired, "The sign-in service gave nothing to renew the session with: sign in again."),
    };
    // While nothing can be renewed, the last minutes of the old token are as good as any.
    ready(seat, want, now).map_or(Lookup::Fail(in_the_way), Lookup::Token)
}

/// The token at hand, if it is what is wanted, still lives and was not refused.
fn ready(seat: &Seat, want: &Want, now: Moment) -> Option<Secret> {
    let access = seat.tokens.access.as_ref().filter(|access| access.is_alive(now))?;
    let refused = want.rejected.as_ref() == Some(&access.token);
    let suffices = scopes::missing(&want.scopes, &seat.tokens.granted).is_empty();
    (!refused && suffices).then(|| access.token.clone())
}

fn is_fresh(seat: &Seat, now: Moment) -> bool {
    seat.tokens.access.as_ref().is_some_and(|access| access.is_fresh(now))
}

/// The error for permissions that are missing: it names them, and who can give them.
pub(super) fn consent(missing: &[String]) -> Error {
    let names = missing.join(", ");
    let (code, before) = if missing.iter().any(|scope| scopes::needs_admin(scope)) {
        (ErrorCode::AdminConsentRequired, "An administrator has to approve: ")
    } else {
        (ErrorCode::ConsentRequired, "Convoke needs your permission: ")
    };
    Error::new(code, [before, &names, "."].concat()).with(Details { scopes: missing.to_vec(), ..Details::default() })
}

fn waiting(error: &Error, seconds: f64) -> Error {
    let retry_after = error.details().retry_after.and(Duration::try_from_secs_f64(seconds).ok());
    error.clone().with(Details { retry_after, ..error.details().clone() })
}
