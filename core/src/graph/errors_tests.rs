//! Tests of `errors`: the code, the id and the advice of each kind of refusal.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use http::HeaderValue;
use serde_json::json;

use super::*;

fn check(status: u16, graph_code: &str, expected: ErrorCode) -> Error {
    let error = refusal(status, &HeaderMap::new(), &json!({"error": {"code": graph_code, "message": "m"}}), 0);
    assert_eq!(error.code(), expected, "{status} {graph_code}");
    assert_eq!(error.details().status, Some(status));
    assert!(error.details().advice.as_ref().is_some_and(|advice| advice.ends_with('.')), "{status}");
    error
}

#[test]
fn each_status_has_its_code() {
    use ErrorCode as E;
    for (status, expected) in [
        (400, E::InvalidRequest),
        (401, E::Unauthorized),
        (403, E::Forbidden),
        (404, E::NotFound),
        (405, E::InvalidRequest),
        (406, E::InvalidRequest),
        (408, E::Unavailable),
        (409, E::Conflict),
        (410, E::Gone),
        (412, E::PreconditionFailed),
        (413, E::TooLarge),
        (415, E::InvalidRequest),
        (423, E::Unavailable),
        (424, E::InvalidRequest),
        (429, E::Throttled),
        (500, E::Unavailable),
        (501, E::InvalidRequest),
        (502, E::Unavailable),
        (503, E::Unavailable),
        (504, E::Unavailable),
        (507, E::TooLarge),
        (509, E::TooLarge),
        (302, E::InvalidResponse),
    ] {
        check(status, "AnyCode", expected);
    }
}

#[test]
fn a_booking_that_was_seen_before_is_a_conflict_under_either_status() {
    check(400, "ErrorDuplicateTransactionId", ErrorCode::Conflict);
    check(409, "ErrorDuplicateTransactionId", ErrorCode::Conflict);
}

#[test]
fn a_missing_mailbox_is_named_as_such() {
    let error = check(404, "MailboxNotEnabledForRESTAPI", ErrorCode::NotFound);
    assert!(error.details().advice.as_ref().unwrap().contains("mailbox"));
    assert!(!is_gone(&error));
}

#[test]
fn the_most_specific_code_counts_and_numbers_do_not() {
    // Verbatim from Microsoft's page about throttling.
    let throttled = json!({"error": {"code": "TooManyRequests", "innerError": {"code": "429", "date": "2020-08-18T12:51:51",
        "message": "Please retry after", "request-id": "94fb3b52-452a-4535-a601-69e0a90e3aa2", "status": "429"}, "message": "Please retry again later."}});
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("10"));
    let error = refusal(429, &headers, &throttled, 0);
    assert_eq!(error.details().graph_code.as_deref(), Some("TooManyRequests"));
    assert_eq!(error.details().request_id.as_deref(), Some("94fb3b52-452a-4535-a601-69e0a90e3aa2"));
    assert_eq!(error.details().retry_after, Some(Duration::from_secs(10)));

    let nested = json!({"error": {"code": "badRequest", "innererror": {"code": "invalidRange", "innererror": {"code": "tooFar"}}}});
    assert_eq!(refusal(400, &HeaderMap::new(), &nested, 0).details().graph_code.as_deref(), Some("tooFar"));
    assert_eq!(refusal(400, &HeaderMap::new(), &json!({"error": {"code": ""}}), 0).details().graph_code, None);
}

#[test]
fn claims_make_a_challenge_of_401_and_403() {
    let mut headers = HeaderMap::new();
    headers.append("www-authenticate", HeaderValue::from_static("Bearer realm=\"\""));
    headers.append("www-authenticate", HeaderValue::from_static("Bearer error=\"insufficient_claims\", claims=\"eyJhIjp7fX0=\""));
    for status in [401, 403] {
        let error = refusal(status, &headers, &Value::Null, 0);
        assert_eq!((error.code(), error.details().claims.as_deref()), (ErrorCode::ClaimsChallenge, Some(r#"{"a":{}}"#)));
    }
}

#[test]
fn any_body_at_all_gives_an_error_and_no_panic() {
    let long = "x\n".repeat(10_000);
    for body in [
        json!(null),
        json!([]),
        json!("text"),
        json!({"error": "text"}),
        json!({"error": {"code": 5, "message": []}}),
        json!({"error": {"message": long, "code": long}}),
    ] {
        let error = refusal(500, &HeaderMap::new(), &body, 0);
        assert!(error.message().len() <= 300 && !error.message().contains('\n'));
    }
}
