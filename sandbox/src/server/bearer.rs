//! The check of the access token that comes with a Graph request: signature, issuer, audience, lifetime, revocation. Owns the 401; leaves
//! scopes and 403 to Graph's handlers.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    context::{Caller, Context},
    identity::{AccessClaims, GRAPH_ID, claims, issuer, keys},
};

use super::errors::graph_error;

/// How far a token's beginning may lie ahead, for a clock that was put back.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// A valid token's holder.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    pub(crate) caller: Caller,
    /// By principal name, for the log and for faults.
    pub(crate) account: Option<String>,
    /// Whether the client handles claims challenges.
    pub(crate) cp1: bool,
    contexts: Vec<String>,
}

impl Bearer {
    /// Whether the token was got with what a challenge demands; a demand other than an authentication context is never met.
    pub(crate) fn meets(&self, challenge: &Value) -> bool {
        let demanded = claims::values(challenge, "acrs");
        !demanded.is_empty() && demanded.iter().all(|context| self.contexts.contains(context))
    }
}

/// Why a token does not do.
#[derive(Debug, Clone)]
pub(crate) enum Denied {
    Invalid(&'static str),
    /// Continuous access evaluation: a new sign-in must carry these claims.
    Challenge(Value),
}

/// Reads `Authorization` and judges the token by the sandbox's clock.
pub(crate) fn check(context: &Context, headers: &HeaderMap) -> Result<Bearer, Denied> {
    let value = headers.get(header::AUTHORIZATION).ok_or(Denied::Invalid("Access token is empty."))?;
    let (scheme, token) = value.to_str().ok().and_then(|value| value.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("Bearer") || token.trim().is_empty() {
        return Err(Denied::Invalid("Access token is empty."));
    }
    if !token.contains('.') {
        return Err(Denied::Invalid("IDX14100: JWT is not well formed, there are no dots (.)."));
    }
    let verified: AccessClaims =
        keys().verify(token.trim()).ok_or(Denied::Invalid("Access token validation failure. Signature is invalid."))?;
    if verified.iss != issuer(&context.base_url, &verified.tid) {
        return Err(Denied::Invalid("Access token validation failure. Invalid issuer."));
    }
    if verified.aud != GRAPH_ID {
        return Err(Denied::Invalid("Access token validation failure. Invalid audience."));
    }
    let now = context.clock.now();
    if now.timestamp() >= verified.exp || (now + TOLERANCE).timestamp() < verified.nbf {
        return Err(Denied::Invalid("Lifetime validation failed, the token is expired."));
    }
    let cp1 = verified.xms_cc.iter().any(|capability| capability == "cp1");
    let delegated = verified.idtyp == "user";
    let (generation, revoked_at) = {
        let identity = context.identity();
        (identity.generation(&verified.oid), identity.revoked_at(&verified.oid))
    };
    if delegated && verified.generation() < generation {
        let since = revoked_at.map_or(0, |at| at.timestamp());
        return Err(if cp1 {
            Denied::Challenge(json!({ "access_token": { "nbf": { "essential": true, "value": since.to_string() } } }))
        } else {
            Denied::Invalid("Access token has been revoked.")
        });
    }
    let account = delegated.then(|| context.world().user(&verified.oid).map(|user| user.mail().to_owned())).flatten();
    let scopes = match &verified.scp {
        Some(scopes) => scopes.split_ascii_whitespace().map(str::to_owned).collect(),
        None => verified.roles.clone(),
    };
    let caller = Caller { tenant_id: verified.tid, user_id: delegated.then_some(verified.oid), app_id: verified.azp, scopes };
    Ok(Bearer { caller, account, cp1, contexts: verified.acrs })
}

impl Denied {
    /// The 401, with the challenge that RFC 6750 §3 asks for.
    pub(crate) fn into_response(self, context: &Context) -> Response {
        let place = format!(r#"Bearer realm="", authorization_uri="{}/common/oauth2/authorize""#, context.base_url);
        let (message, challenge) = match self {
            Self::Invalid(message) => (message, format!(r#"{place}, client_id="{GRAPH_ID}""#)),
            Self::Challenge(claims) => {
                let encoded = STANDARD.encode(claims.to_string());
                let message = "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp";
                (message, format!(r#"{place}, client_id="{GRAPH_ID}", error="insufficient_claims", claims="{encoded}""#))
            }
        };
        let mut response = graph_error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message);
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}
