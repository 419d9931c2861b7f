//! What a provider refuses with. Owns reading it, from an answer in the address or from the token endpoint, and which of our errors it
//! is; leaves what happens then to the state machine, and the sentences for a person to the interface.

use super::aadsts;
use crate::error::{Details, Error, ErrorCode};
use serde_json::Value;
use std::fmt;

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2) with what Entra adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    error: String,
    description: String,
    /// Entra's finer distinction; the only other thing, beside `claims`, that is branched on.
    suberror: Option<String>,
    /// What the organization asks for, to be passed to the next sign-in.
    claims: Option<String>,
    number: Option<u32>,
    correlation_id: Option<String>,
}

/// How much of a provider's text is shown.
const MAX_TEXT: usize = 300;

impl Refusal {
    pub(crate) fn from_answer(error: String, description: String, subcode: Option<String>) -> Self {
        let correlation_id = description.split_once("Correlation ID:").and_then(|(_, rest)| rest.split_whitespace().next()).map(plain);
        Self { number: aadsts_number(&description), error, description, suberror: subcode, claims: None, correlation_id }
    }

    /// None where the body is no OAuth error.
    pub(crate) fn from_body(body: &Value) -> Option<Self> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let description = text("error_description").unwrap_or_default();
        let listed = body.get("error_codes").and_then(|codes| codes.get(0)).and_then(Value::as_u64).and_then(|code| code.try_into().ok());
        Some(Self {
            error: text("error")?,
            number: listed.or_else(|| aadsts_number(&description)),
            description,
            suberror: text("suberror").filter(|suberror| !suberror.is_empty()),
            claims: text("claims").filter(|claims| !claims.is_empty()),
            correlation_id: text("correlation_id").map(|id| plain(&id)),
        })
    }

    /// Our error for it.
    pub(crate) fn into_error(self, status: Option<u16>) -> Error {
        let code = self.code();
        let text = plain(self.description.split("Trace ID:").next().unwrap_or(""));
        let message = match text.as_str() {
            "" => ["The sign-in service refused: ", &plain(&self.error), "."].concat(),
            text => ["The sign-in service says: ", text].concat(),
        };
        Error::new(code, message).with(Details {
            status,
            graph_code: Some(plain(&self.error)),
            aadsts: self.number,
            request_id: self.correlation_id,
            claims: self.claims,
            ..Details::default()
        })
    }

    fn code(&self) -> ErrorCode {
        match (self.error.as_str(), self.suberror.as_deref()) {
            ("consent_required", _) | ("invalid_grant", Some("consent_required")) => ErrorCode::ConsentRequired,
            ("interaction_required" | "login_required" | "account_selection_required", _) => ErrorCode::InteractionRequired,
            // learn.microsoft.com, "Handle errors and exceptions in MSAL": what these ask for, the person can do at the sign-in page.
            ("invalid_grant", Some("basic_action" | "additional_action" | "message_only" | "user_password_expired")) => {
                ErrorCode::InteractionRequired
            }
            ("invalid_grant", _) if self.claims.is_some() => ErrorCode::InteractionRequired,
            ("invalid_grant", _) => ErrorCode::SessionExpired,
            ("access_denied", _) => ErrorCode::UserCancelled,
            ("temporarily_unavailable" | "server_error", _) => ErrorCode::Unavailable,
            (
                "invalid_client"
                | "unauthorized_client"
                | "invalid_request"
                | "invalid_scope"
                | "invalid_resource"
                | "unsupported_response_type"
                | "unsupported_grant_type",
                _,
            ) => ErrorCode::Configuration,
            _ => ErrorCode::InvalidRequest,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.error)
    }
}

fn aadsts_number(text: &str) -> Option<u32> {
    text.contains("AADSTS").then(|| aadsts::find_number(text)).flatten()
}

/// A foreign text as one short line: no control characters, no marks that turn the direction of what follows.
fn plain(text: &str) -> String {
    let unsafe_mark = |character: char| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).filter(|&character| !unsafe_mark(character));
    let mut line: String = spaced.take(MAX_TEXT).collect();
    if text.chars().nth(MAX_TEXT).is_some() {
        line.push('…');
    }
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use serde_json::json;

    #[test]
    fn the_token_endpoints_refusals_become_errors() {
        for (body, expected) in [
            (json!({ "error": "invalid_grant" }), ErrorCode::SessionExpired),
            (json!({ "error": "invalid_grant", "suberror": "token_expired", "error_codes": [700_084] }), ErrorCode::SessionExpired),
            (json!({ "error": "invalid_grant", "suberror": "consent_required", "error_codes": [65001] }), ErrorCode::ConsentRequired),
            (json!({ "error": "invalid_grant", "suberror": "basic_action" }), ErrorCode::InteractionRequired),
            (json!({ "error": "invalid_grant", "claims": "{}" }), ErrorCode::InteractionRequired),
            (json!({ "error": "interaction_required", "error_codes": [50076] }), ErrorCode::InteractionRequired),
            (json!({ "error": "temporarily_unavailable" }), ErrorCode::Unavailable),
            (json!({ "error": "invalid_client", "error_codes": [7_000_218] }), ErrorCode::Configuration),
            (json!({ "error": "something_new" }), ErrorCode::InvalidRequest),
        ] {
            assert_eq!(Refusal::from_body(&body).unwrap().into_error(Some(400)).code(), expected, "{body}");
        }
        assert_eq!(Refusal::from_body(&json!({ "message": "no OAuth" })), None);
    }

    #[test]
    fn numbers_choose_nothing_but_help() {
        // The number says "consent", the error says "ended": the error counts.
        let body = json!({ "error": "invalid_grant", "error_codes": [65001], "error_description": "AADSTS65001: …" });
        let error = Refusal::from_body(&body).unwrap().into_error(Some(400));
        assert_eq!((error.code(), error.details().aadsts), (ErrorCode::SessionExpired, Some(65001)));
    }

    #[test]
    fn what_microsoft_says_is_kept_as_one_short_line() {
        let description = "AADSTS65004: User declined to consent.\r\n Trace ID: 1 Correlation ID: abc-def Timestamp: 2026-03-01";
        let error = Refusal::from_answer("access_denied".into(), description.into(), Some("cancel".into())).into_error(None);
        assert_eq!(error.code(), ErrorCode::UserCancelled);
        assert_eq!(error.message(), "The sign-in service says: AADSTS65004: User declined to consent.");
        assert_eq!(error.details().request_id.as_deref(), Some("abc-def"));
        assert_eq!(error.details().aadsts, Some(65004));

        let hostile = ["<img src=x onerror=alert(1)>\u{202e}", &"x".repeat(5000)].concat();
        let message = Refusal::from_answer("access_denied".into(), hostile, None).into_error(None).message().to_owned();
        assert!(message.contains("<img src=x onerror=alert(1)>x"), "kept as text");
        assert!(message.chars().count() < MAX_TEXT + 40 && !message.contains('\u{202e}'));
    }
}
