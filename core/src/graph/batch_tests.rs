//! Tests of `batch`: what is sent, and whose answer is whose.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use serde_json::json;

use super::*;
use crate::graph::{Mailbox, Url, calendar_view, calendars, delete_event, mailbox_settings, me, respond};
use crate::model::EventResponse;

fn context() -> Context {
    Context {
        base: Url::parse("https://graph.microsoft.com/proxy/").unwrap(),
        mailbox: Mailbox::Me,
        time_zone: Some("Europe/Berlin".into()),
        immutable_ids: false,
    }
}

fn answer(responses: Value) -> Answer {
    Answer { status: 200, body: json!({ "responses": responses }), ..Answer::default() }
}

#[test]
fn a_batch_holds_relative_addresses_and_each_item_s_headers() {
    let view = calendar_view(None, Default::default(), Default::default()).request;
    let (me, delete) = (me().request, delete_event("a/b+c=", Some("W/\"1\"")).unwrap().request);
    let accept = respond("x", EventResponse::Accept, "", true, None).request;
    let batch = batch_request(&[&me, &view, &delete, &accept], &[], &context()).unwrap();
    assert_eq!(batch.url(&context()).unwrap().as_str(), "https://graph.microsoft.com/proxy/v1.0/$batch");
    assert_eq!(batch.safety, Safety::Never);
    assert_eq!(batch.scopes, ["User.Read", "Calendars.Read", "Calendars.ReadWrite"]);
    let requests = &batch.body.as_ref().unwrap()["requests"];
    assert_eq!(requests[0], json!({"id": "0", "method": "GET", "url": "/me?$select=id,displayName,mail,userPrincipalName,jobTitle"}));
    assert!(requests[1]["url"].as_str().unwrap().starts_with("/me/calendarView?startDateTime=1970-01-01T00:00:00Z&"));
    assert_eq!(requests[1]["headers"], json!({"Prefer": "outlook.timezone=\"Europe/Berlin\""}));
    assert_eq!(requests[2], json!({"id": "2", "method": "DELETE", "url": "/me/events/a%2Fb%2Bc%3D", "headers": {"If-Match": "W/\"1\""}}));
    assert_eq!(requests[3]["headers"], json!({"Content-Type": "application/json"}));
    assert_eq!(requests[3]["body"], json!({"sendResponse": true}));
}

#[test]
fn a_batch_has_a_size() {
    let one = me().request;
    assert!(batch_request(&[], &[], &context()).is_err());
    assert!(batch_request(&[&one; 20], &[], &context()).is_ok());
    assert!(batch_request(&[&one; 21], &[], &context()).is_err());
}

#[test]
fn answers_are_matched_by_id() {
    let (first, second, third) = (me().request, mailbox_settings().request, calendars().request);
    let items = [&first, &second, &third];
    let read = read_batch(
        &answer(json!([
            {"id": "7", "status": 200, "body": {"id": "stray"}},
            {"id": "2", "status": "429", "headers": {"Retry-After": 9}, "body": {"error": {"code": "TooManyRequests", "message": "m"}}},
            null,
            {"id": 0, "status": 200, "body": {"id": "me"}},
            {"id": "0", "status": 500, "body": {}},
        ])),
        &items,
        0,
    );
    assert_eq!(read[0].as_ref().unwrap().body, json!({"id": "me"}));
    assert_eq!(read[1].as_ref().unwrap_err().code(), ErrorCode::InvalidResponse);
    let throttled = read[2].as_ref().unwrap_err();
    assert_eq!((throttled.code(), throttled.details().retry_after.unwrap().as_secs()), (ErrorCode::Throttled, 9));
}

#[test]
fn an_answer_without_responses_fails_every_item() {
    let item = me().request;
    for body in [json!({}), json!({"responses": null}), json!(null)] {
        let read = read_batch(&Answer { body, ..Answer::default() }, &[&item, &item], 0);
        assert!(read.len() == 2 && read.iter().all(Result::is_err));
    }
    assert!(read_batch(&answer(json!([{"id": "0"}])), &[&item], 0)[0].is_err());
}

#[test]
fn a_dependency_that_failed_is_named() {
    let item = me().request;
    let read = read_batch(
        &answer(json!([{"id": "0", "status": 424, "body": {"error": {"code": "FailedDependency", "message": "m"}}}])),
        &[&item],
        0,
    );
    assert!(read[0].as_ref().unwrap_err().details().advice.as_ref().unwrap().starts_with("Not tried"));
}

#[test]
fn a_throttled_item_that_must_not_happen_twice_is_not_repeated() {
    let throttled = Error::new(ErrorCode::Throttled, "m");
    let step = |safety| next_step_in_batch(&Policy::default(), &Attempts::default(), safety, &throttled, 0.5).step;
    assert_eq!(step(Safety::Never), Step::GiveUp);
    assert!(matches!(step(Safety::Once), Step::Wait(_)));
}
