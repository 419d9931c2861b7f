//! Which token a caller gets. Owns the answer to "is there one, may one be fetched, or what is in the way"; leaves fetching to the machine.

use super::{Held, Rest, State};
use crate::{
    auth::{Moment, Secret, scopes},
    error::{Details, Error, ErrorCode},
};
use std::time::Duration;

/// What a token is wanted for.
#[derive(Debug, Clone, Default)]
pub struct Want {
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
    match state {
        State::New | State::Redeeming(..) | State::Doubting(..) => Lookup::Busy,
        State::Leaving(..) | State::Restarting(_) => {
            Lookup::Fail(Error::new(ErrorCode::InteractionInProgress, "A sign-in is under way: finish it first."))
        }
        // A renewal in the last minutes of a token makes nobody wait.
        State::Refreshing(held, _) => match ready(held, want, now) {
            Some(token) => Lookup::Token(token),
            None => Lookup::Busy,
        },
        State::Resting(Rest::SignedOut) => Lookup::Fail(Error::new(ErrorCode::InteractionRequired, "Nobody is signed in. Sign in first.")),
        State::Resting(Rest::Ended(_)) => Lookup::Fail(Error::new(ErrorCode::SessionExpired, "Your session has ended: sign in again.")),
        State::Resting(Rest::SignedIn(held)) => signed_in(held, want, now),
    }
}

fn signed_in(held: &Held, want: &Want, now: Moment) -> Lookup {
    let missing = scopes::missing(&want.scopes, &held.tokens.granted);
    if missing.iter().any(|scope| scopes::granted_by(&held.refused, scope)) {
        return Lookup::Fail(consent(&missing));
    }
    if let Some(token) = ready(held, want, now).filter(|_| is_fresh(held, now)) {
        return Lookup::Token(token);
    }
    let in_the_way = match (&held.stuck, &held.pause) {
        (Some(error), _) => error.clone(),
        (None, Some((since, seconds, error))) if now.seconds_since(*since) < *seconds => {
            waiting(error, seconds - now.seconds_since(*since))
        }
        _ if held.tokens.refresh.is_some() => return Lookup::Renew,
        _ if !missing.is_empty() => consent(&missing),
        _ => Error::new(ErrorCode::InteractionRequired, "The sign-in service gave nothing to renew the session with: sign in again."),
    };
    // While nothing can be renewed, the last minutes of the old token are as good as any.
    ready(held, want, now).map_or(Lookup::Fail(in_the_way), Lookup::Token)
}

/// The token at hand, if it is what is wanted, still lives and was not refused.
fn ready(held: &Held, want: &Want, now: Moment) -> Option<Secret> {
    let access = held.tokens.access.as_ref().filter(|access| access.is_alive(now))?;
    let refused = want.rejected.as_ref() == Some(&access.token);
    let suffices = scopes::missing(&want.scopes, &held.tokens.granted).is_empty();
    (!refused && suffices).then(|| access.token.clone())
}

fn is_fresh(held: &Held, now: Moment) -> bool {
    held.tokens.access.as_ref().is_some_and(|access| access.is_fresh(now))
}

/// The error for permissions that are missing: it names them, and who can give them.
fn consent(missing: &[String]) -> Error {
    let names = missing.join(", ");
    if missing.iter().any(|scope| scopes::needs_admin(scope)) {
        let message = ["An administrator has to approve: ", &names, "."].concat();
        return Error::new(ErrorCode::AdminConsentRequired, message);
    }
    Error::new(ErrorCode::ConsentRequired, ["Convoke needs your permission: ", &names, "."].concat())
}

fn waiting(error: &Error, seconds: f64) -> Error {
    let retry_after = error.details().retry_after.and(Duration::try_from_secs_f64(seconds).ok());
    error.clone().with(Details { retry_after, ..error.details().clone() })
}
