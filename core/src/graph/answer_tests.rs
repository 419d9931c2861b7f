//! Tests of `answer`: what passes for data and what never does.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::*;

fn read(status: u16, kind: &str, body: impl AsRef<[u8]>, expect: Expect) -> Result<Answer, Error> {
    let response = Response::builder()
        .status(status)
        .header("content-type", kind)
        .header("request-id", "from-header")
        .body(body.as_ref().to_vec())
        .unwrap();
    Answer::from_http(response, expect, 0)
}

fn json_body(body: impl AsRef<[u8]>) -> Result<Value, Error> {
    read(200, "application/json; odata.metadata=minimal", body, Expect::Json).map(|answer| answer.body)
}

#[test]
fn json_is_read_with_and_without_a_byte_order_mark() {
    assert_eq!(json_body(r#"{"a":1}"#).unwrap(), json!({"a": 1}));
    assert_eq!(json_body(b"\xef\xbb\xbf{\"a\":1}").unwrap(), json!({"a": 1}));
}

#[test]
fn damaged_answers_are_errors_with_a_request_id() {
    let utf16: Vec<u8> = "\u{feff}{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in
        [b"{\"value\":[{\"id\":\"1\"}".to_vec(), b"{} trailing".to_vec(), b"\x1f\x8b\x08\x00".to_vec(), utf16, Vec::new(), b"null".to_vec()]
    {
        let error = json_body(&body).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidResponse, "{body:?}");
        assert_eq!(error.details().request_id.as_deref(), Some("from-header"));
        assert!(error.details().advice.is_some());
    }
}

#[test]
fn nesting_without_end_does_not_overflow_the_stack() {
    assert_eq!(json_body("[".repeat(200_000)).unwrap_err().code(), ErrorCode::InvalidResponse);
}

#[test]
fn a_web_page_is_never_data_whatever_was_expected() {
    for expect in [Expect::Json, Expect::Nothing, Expect::Either, Expect::Gone] {
        for (kind, body) in
            [("text/html; charset=utf-8", "<html>Sign in</html>"), ("application/json", " \n<!doctype html>"), ("Text/HTML", "{}")]
        {
            let error = read(200, kind, body, expect).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidResponse, "{expect:?} {kind}");
            assert!(error.message().contains("web page"));
        }
    }
}

#[test]
fn empty_answers_are_right_by_operation() {
    assert!(read(204, "", "", Expect::Gone).is_ok());
    assert!(read(202, "", "", Expect::Nothing).is_ok());
    assert!(read(200, "", "", Expect::Nothing).is_ok());
    assert!(read(204, "", "", Expect::Either).is_ok());
    assert!(read(204, "", "", Expect::Json).is_err());
}

#[test]
fn a_refusal_with_status_200_is_a_refusal() {
    let body = r#"{"error":{"code":"ErrorItemNotFound","message":"gone"}}"#;
    for expect in [Expect::Json, Expect::Nothing] {
        let error = read(200, "application/json", body, expect).unwrap_err();
        assert_eq!((error.code(), error.message()), (ErrorCode::NotFound, "gone"));
    }
    // An entity may have a member of that name that says something else.
    assert!(json_body(r#"{"error":null,"id":"1"}"#).is_ok());
}

#[test]
fn deleting_what_is_gone_succeeds_but_not_what_has_no_mailbox() {
    let refusal = |code: &str| json!({"error": {"code": code, "message": "m"}}).to_string();
    assert!(read(404, "application/json", refusal("ErrorItemNotFound"), Expect::Gone).is_ok());
    assert!(read(404, "application/json", refusal("MailboxNotEnabledForRESTAPI"), Expect::Gone).is_err());
    assert!(read(404, "text/html", "<html>", Expect::Gone).is_err());
    assert!(read(404, "application/json", refusal("ErrorItemNotFound"), Expect::Nothing).is_err());
}

#[test]
fn half_an_emoji_costs_itself_and_nothing_else() {
    let body = r#"{"a":"cut \ud83d","b":"\udc00x","c":"whole \ud83d\ude00","d":"\\ud83d","e":"\ud83d\ud83d\ude00"}"#;
    let read = json_body(body).unwrap();
    assert_eq!(read, json!({"a": "cut \u{fffd}", "b": "\u{fffd}x", "c": "whole \u{1f600}", "d": "\\ud83d", "e": "\u{fffd}\u{1f600}"}));
}

#[test]
fn bytes_that_are_no_utf8_cost_themselves() {
    assert_eq!(json_body(b"{\"a\":\"x\xff\"}").unwrap(), json!({"a": "x\u{fffd}"}));
}
