//! The judgments behind the steps. Owns when an answer and its tokens are believed, and which failures are worth a second try; leaves the
//! order of steps to the machine.

use super::Seat;
use crate::{
    auth::{
        Account, Metadata, Moment, Pending, Tokens,
        answer::Answer,
        exchange::Grant,
        id_token::{self, Expected, Flaw},
        tokens::Access,
    },
    config::SessionConfig,
    error::{Details, Error, ErrorCode},
};

use serde_json::Value;

/// How long to leave a busy provider alone before the second and last try.
pub(super) const BUSY_MS: u32 = 2_000;

/// A server that asks for more patience than this is not tried again without the person.
const PATIENCE_S: f64 = 10.0;

/// Whether the answer's `iss` is as it should be (RFC 9207 §2.4): right where it is there, and there where it was promised.
pub(super) fn is_from(answer: &Answer, metadata: &Metadata) -> bool {
    match &answer.issuer {
        Some(issuer) => metadata.is_issuer(issuer),
        None => !metadata.answers_with_issuer,
    }
}

/// The claims of a grant's id token, if it passes every check.
pub(super) fn check(config: &SessionConfig, pending: &Pending, grant: &Grant, now_s: f64) -> Result<Value, Flaw> {
    let token = grant.id_token().ok_or(Flaw::Malformed)?;
    let expected = Expected {
        authority: &config.authority,
        metadata: &pending.metadata,
        client_id: &config.client_id,
        nonce: Some(pending.nonce.expose()),
        now_s: Some(now_s),
    };
    id_token::check(token.expose(), expected)
}

/// What a believed grant amounts to.
pub(super) fn tokens(claims: &Value, pending: &Pending, grant: &Grant, now: Moment) -> Option<Tokens> {
    Some(Tokens {
        account: Account::from_claims(claims)?,
        access: Some(access(grant, now)),
        refresh: grant.refresh(),
        granted: Tokens::granted_names(&grant.scopes().unwrap_or_else(|| pending.scopes.clone())),
        metadata: pending.metadata.clone(),
        logout_hint: claims.get("login_hint").and_then(Value::as_str).map(str::to_owned),
        skew_s: skew_s(claims, now),
    })
}

/// How far the provider's clock is ahead: a token has just been issued when it comes.
fn skew_s(claims: &Value, now: Moment) -> Option<f64> {
    claims.get("iat").and_then(Value::as_f64).map(|issued_s| issued_s - now.wall_ms / 1000.0)
}

/// Names the permissions where consent to them was withdrawn: the provider does not say which they were.
pub(super) fn with_scopes(error: Error, seat: &Seat) -> Error {
    if error.code() != ErrorCode::ConsentRequired || !error.details().scopes.is_empty() {
        return error;
    }
    let scopes = seat.tokens.granted.iter().filter(|scope| scope.contains('.')).cloned().collect();
    let details = Details { scopes, ..error.details().clone() };
    error.with(details)
}

/// What a renewal amounts to. An id token that comes with it must be the same person's (OpenID Connect Core 1.0 §12.2).
pub(super) fn renewed(config: &SessionConfig, old: &Tokens, grant: &Grant, extra: &[String], now: Moment) -> Result<Tokens, Error> {
    let mut skew = old.skew_s;
    if let Some(token) = grant.id_token() {
        let expected =
            Expected { authority: &config.authority, metadata: &old.metadata, client_id: &config.client_id, nonce: None, now_s: None };
        let claims = id_token::check(token.expose(), expected).map_err(flaw_error)?;
        if Account::from_claims(&claims).is_none_or(|account| account.id != old.account.id) {
            return Err(Error::new(ErrorCode::InvalidRequest, "The sign-in service answered for another account. Sign in again."));
        }
        skew = skew_s(&claims, now);
    }
    let granted = match grant.scopes() {
        Some(scopes) => Tokens::granted_names(&scopes),
        None => crate::auth::merge(&old.granted, extra),
    };
    Ok(Tokens {
        access: Some(access(grant, now)),
        refresh: grant.refresh().or_else(|| old.refresh.clone()),
        granted,
        skew_s: skew,
        ..old.clone()
    })
}

fn access(grant: &Grant, now: Moment) -> Access {
    Access { token: grant.access(), received: now, lifetime_s: grant.lifetime_s() }
}

/// In how many milliseconds a sign-in whose code could not be redeemed begins anew; none where that cannot help. The code itself is never
/// sent again: it may have been used.
pub(super) fn restart_after_ms(error: &Error) -> Option<u32> {
    if error.code() == ErrorCode::SessionExpired { Some(0) } else { retry_after_ms(error) }
}

/// In how many milliseconds the same may be tried once more without asking; none where the person should decide.
pub(super) fn retry_after_ms(error: &Error) -> Option<u32> {
    let asked_s = error.details().retry_after.map_or(0.0, |wait| wait.as_secs_f64());
    // A web page in place of an answer stays until the person has signed in to the network.
    let portal = error.code() == ErrorCode::Network && error.details().status.is_some();
    if !error.retryable() || error.code() == ErrorCode::Offline || portal || asked_s > PATIENCE_S {
        return None;
    }
    let least = if is_refused(error) { BUSY_MS } else { BUSY_MS / 4 };
    // At most PATIENCE_S, so it fits.
    Some(least.max((asked_s * 1000.0) as u32))
}

/// What a failed exchange of a code most likely is. The person was at the provider's a moment ago, so it can be reached; but it lets pages
/// read its answers only where the redirect URI is of the type `spa` (learn.microsoft.com, "Single-page application: redirect URI").
pub(super) fn unreadable(error: Error, redirect_uri: &str) -> Error {
    if error.code() != ErrorCode::Network || error.details().status.is_some() {
        return error;
    }
    let message = [
        "The sign-in service gave no answer that this page may read. Register ",
        redirect_uri,
        " as a redirect URI of the platform \"Single-page application\"; if it is, check the connection and try again.",
    ];
    Error::new(ErrorCode::Configuration, message.concat()).with(error.details().clone())
}

/// How long callers get the same answer after the last try, in seconds, so that nothing hammers a provider that is down.
pub(super) fn pause_s(error: &Error) -> f64 {
    let asked_s = error.details().retry_after.map_or(0.0, |wait| wait.as_secs_f64());
    asked_s.max(if is_refused(error) { 5.0 } else { 1.0 })
}

fn is_refused(error: &Error) -> bool {
    matches!(error.code(), ErrorCode::Throttled | ErrorCode::Unavailable)
}

/// The error for an id token that failed a check.
pub(super) fn flaw_error(flaw: Flaw) -> Error {
    let (code, message) = match flaw {
        Flaw::Nonce => (ErrorCode::NonceMismatch, "The id token was made for another sign-in. Sign in again."),
        Flaw::Issuer => (ErrorCode::InvalidRequest, "The id token was issued by somebody else. Check the authority."),
        Flaw::Audience => (ErrorCode::InvalidRequest, "The id token was made for another application. Check the client ID."),
        Flaw::Tenant => (ErrorCode::UnsupportedAccount, "This account belongs to an organization that may not sign in here."),
        Flaw::Algorithm => (ErrorCode::InvalidRequest, "The id token is not signed as it should be."),
        Flaw::Expired => (ErrorCode::InvalidRequest, "The id token has expired. Check this device's clock, then sign in again."),
        Flaw::Malformed => (ErrorCode::InvalidRequest, "The sign-in service gave no usable id token."),
    };
    Error::new(code, message)
}
