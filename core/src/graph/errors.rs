//! From a refusal to an error: Graph's envelope, its most specific code, and what to do about it.
//! Source: "Microsoft Graph error responses and resource types".

use http::{HeaderMap, HeaderName, header};
use serde_json::Value;

use super::{claims_challenge, retry_after};
use crate::{
    Error, ErrorCode,
    error::Details,
    headers::{CLIENT_REQUEST_ID, REQUEST_ID},
};

/// What a refusal means. `body` may be anything: proxies answer too.
pub(super) fn refusal(status: u16, headers: &HeaderMap, body: &Value, now: i64) -> Error {
    let envelope = body.get("error").unwrap_or(&Value::Null);
    let graph_code = specific_code(envelope);
    let claims = header_text(headers, &header::WWW_AUTHENTICATE).and_then(|challenge| claims_challenge(&challenge));
    let code = match (status, graph_code.as_deref().unwrap_or_default()) {
        (401 | 403, _) if claims.is_some() => ErrorCode::ClaimsChallenge,
        (200..300, code) => by_graph_code(code),
        // Graph has used both 400 and 409 for a booking that it has seen before.
        (_, "ErrorDuplicateTransactionId") => ErrorCode::Conflict,
        // Delta tokens that are not known any more come as 400 or 410.
        (400, code) if code.eq_ignore_ascii_case("syncStateNotFound") => ErrorCode::Gone,
        // Graph has no code of its own for what personal accounts lack (wording unverified).
        (400, _) if message_of(envelope).contains("MSA account") => ErrorCode::UnsupportedAccount,
        (status, _) => by_status(status),
    };
    let said = Some(plain(message_of(envelope))).filter(|text| !text.is_empty());
    let advice = advice(status, code, graph_code.as_deref().unwrap_or_default());
    Error::new(code, said.unwrap_or_else(|| ["Graph answered with status ", &status.to_string(), "."].concat())).with(Details {
        status: Some(status),
        retry_after: header_text(headers, &header::RETRY_AFTER).and_then(|value| retry_after(&value, now)),
        request_id: request_id(headers, envelope),
        advice: Some(advice.into()),
        graph_code,
        claims,
        existing_id: envelope.get("@event.existingEventId").and_then(Value::as_str).map(str::to_owned),
        location: header_text(headers, &header::LOCATION),
        ..Details::default()
    })
}

/// An answer that is JSON but not what was asked for.
pub(super) fn unreadable(message: &str) -> Error {
    Error::new(ErrorCode::InvalidResponse, message)
}

/// Whether a refusal says that the very thing is not there, and not that its mailbox is not.
pub(super) fn is_gone(error: &Error) -> bool {
    let said = error.details().graph_code.as_deref().unwrap_or_default();
    matches!(error.details().status, Some(404 | 410))
        && ["ErrorItemNotFound", "itemNotFound", "Request_ResourceNotFound"].iter().any(|code| code.eq_ignore_ascii_case(said))
}

/// The id that Microsoft's support asks for: from the body, since browsers often hide the header.
pub(super) fn request_id(headers: &HeaderMap, envelope: &Value) -> Option<String> {
    let inner = inner(envelope);
    let named = |name: &str| inner.and_then(|inner| inner.get(name)).and_then(Value::as_str).map(plain);
    named("request-id")
        .or_else(|| header_text(headers, &REQUEST_ID))
        .or_else(|| named("client-request-id"))
        .or_else(|| header_text(headers, &CLIENT_REQUEST_ID))
        .filter(|id| !id.is_empty())
}

fn message_of(envelope: &Value) -> &str {
    envelope.get("message").and_then(Value::as_str).unwrap_or_default()
}

/// All values of a header, joined as browsers join them.
fn header_text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The innermost code that is a word; some inner errors repeat the status as a number.
fn specific_code(envelope: &Value) -> Option<String> {
    let mut found = None;
    let mut level = Some(envelope);
    // Real envelopes nest two or three deep; the bound is against a hostile one.
    for _ in 0..8 {
        let Some(error) = level else { break };
        if let Some(code) = error.get("code").and_then(Value::as_str)
            && code.bytes().any(|byte| byte.is_ascii_alphabetic())
        {
            found = Some(plain(code));
        }
        level = inner(error);
    }
    found
}

fn inner(error: &Value) -> Option<&Value> {
    error.get("innerError").or_else(|| error.get("innererror"))
}

/// A server's words as one line of bounded length: they are shown to people.
fn plain(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(300).collect::<String>().trim().into()
}

fn by_status(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::Unauthorized,
        403 => ErrorCode::Forbidden,
        404 => ErrorCode::NotFound,
        408 | 423 => ErrorCode::Unavailable,
        409 => ErrorCode::Conflict,
        410 => ErrorCode::Gone,
        412 => ErrorCode::PreconditionFailed,
        413 | 507 | 509 => ErrorCode::TooLarge,
        429 => ErrorCode::Throttled,
        400..=499 | 501 => ErrorCode::InvalidRequest,
        500..=599 => ErrorCode::Unavailable,
        _ => ErrorCode::InvalidResponse,
    }
}

/// For refusals that come with status 200.
fn by_graph_code(code: &str) -> ErrorCode {
    match code {
        "InvalidAuthenticationToken" => ErrorCode::Unauthorized,
        "ErrorAccessDenied" | "Authorization_RequestDenied" => ErrorCode::Forbidden,
        "ErrorItemNotFound" | "itemNotFound" | "Request_ResourceNotFound" | "MailboxNotEnabledForRESTAPI" | "ErrorInvalidUser" => {
            ErrorCode::NotFound
        }
        "TooManyRequests" | "ApplicationThrottled" => ErrorCode::Throttled,
        "ErrorInvalidRequest" | "ErrorInvalidParameter" | "TimeZoneNotSupportedException" => ErrorCode::InvalidRequest,
        "ErrorInternalServerTransientError" | "ServiceUnavailable" => ErrorCode::Unavailable,
        _ => ErrorCode::InvalidResponse,
    }
}

/// One sentence: what to do. By Graph's code where that says more than the status.
fn advice(status: u16, code: ErrorCode, graph_code: &str) -> &'static str {
    match graph_code {
        "MailboxNotEnabledForRESTAPI" => {
            "This mailbox is inactive, unlicensed or kept on the organization's own servers; its calendar cannot be shown."
        }
        "ErrorInvalidUser" => "Check the address; there is no such mailbox.",
        "TimeZoneNotSupportedException" | "InvalidTimeZone" => {
            "Choose another time zone; this mailbox does not know the one that was sent."
        }
        "ErrorTimeIntervalTooBig" => "Ask for a shorter time.",
        "ErrorOccurrenceCrossingBoundary" => "One meeting of a series cannot move past its neighbours; change the series instead.",
        "ErrorDuplicateTransactionId" => "This meeting was booked already; reload the calendar.",
        "ErrorInvalidTimeSettings" => "The working day must end after it starts.",
        _ => match (status, code) {
            (405 | 501, _) => "This service does not offer the operation; report it together with the request id.",
            (406 | 415, _) => "This is a fault of the app; report it together with the request id.",
            (424, _) => "Not tried, because another request that it depends on failed.",
            (507 | 509, _) => "The mailbox or the organization is over its quota; free some space or wait a day.",
            (_, ErrorCode::Unauthorized | ErrorCode::ClaimsChallenge) => "Sign in again.",
            (_, ErrorCode::Forbidden) => "Ask the owner to share it with you, or an administrator for the permission.",
            (_, ErrorCode::NotFound | ErrorCode::Gone) => "It no longer exists; reload.",
            (_, ErrorCode::Conflict | ErrorCode::PreconditionFailed) => {
                "It was changed elsewhere meanwhile; look at both versions and save again."
            }
            (_, ErrorCode::TooLarge) => "Send less at once, e.g. a smaller attachment.",
            (_, ErrorCode::Throttled) => "Too many requests; it goes on by itself after a pause.",
            (_, ErrorCode::Unavailable) => "Microsoft 365 is busy or down for the moment; try again in a minute.",
            (_, ErrorCode::UnsupportedAccount) => "Personal accounts lack this; sign in with a work or school account.",
            (_, ErrorCode::InvalidRequest) => "Check what was entered.",
            _ => "Try again; if it stays, give the request id to Microsoft's support.",
        },
    }
}

#[cfg(test)]
#[path = "errors_tests.rs"]
mod tests;
