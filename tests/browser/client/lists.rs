//! Rows 66 to 76: lists that lead astray.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::cell::Cell;

use chrono::{DateTime, TimeDelta};
use convoke::{
    browser::fetch::now,
    client::{Abort, Collected},
};
use convoke_core::{
    Error, ErrorCode,
    graph::{
        Incomplete, calendar_view, create_event, delete_event,
        operations::{Query, events, users},
    },
    model::Event,
};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{Sandbox, at, code, draft, fortnight};

const VIEW: &str = "/v1.0/me/calendarView";

/// The fortnight in pages of five.
async fn collect(sandbox: &Sandbox) -> Result<Collected<Event>, Error> {
    let mut call = fortnight();
    call.request.query.retain(|(name, _)| name != "$top");
    call.request.query.push(("$top".into(), "5".into()));
    sandbox.client().pages(call, &Abort::new()).collect(1000, |_| {}).await
}

fn nth(count: u32, path: &str, act: Value) -> Value {
    json!({"match": {"path": path, "nth": count}, "act": act})
}

#[wasm_bindgen_test]
async fn row_66_a_page_that_leads_to_itself_ends_the_list() {
    let sandbox = Sandbox::with(at(VIEW, json!({"nextLink": "loop"}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!((found.incomplete, found.items.len()), (Some(Incomplete::Loop), 5));
    assert!(sandbox.log().await.len() <= 2);
}

#[wasm_bindgen_test]
async fn row_67_a_page_that_repeats_under_new_links_ends_the_list() {
    let sandbox = Sandbox::with(at(VIEW, json!({"nextLink": "repeat"}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!((found.incomplete, found.items.len()), (Some(Incomplete::Loop), 5));
    assert_eq!(sandbox.log().await.len(), 2);
}

#[wasm_bindgen_test]
async fn row_68_a_link_elsewhere_is_not_followed() {
    for link in ["otherHost", "http", "relative", "userinfo"] {
        let sandbox = Sandbox::with(at(VIEW, json!({"nextLink": link}))).await;
        assert_eq!(code(&collect(&sandbox).await), Some(ErrorCode::HostNotAllowed), "{link}");
        assert_eq!(sandbox.log().await.len(), 1);
    }
}

#[wasm_bindgen_test]
async fn row_69_an_empty_page_is_not_the_end() {
    let whole = collect(&Sandbox::with(json!([])).await).await.unwrap().items.len();
    let sandbox = Sandbox::with(nth(2, VIEW, json!({"set": {"/value": []}}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!((found.incomplete, found.items.len()), (None, whole - 5));
}

#[wasm_bindgen_test]
async fn row_70_what_stands_on_two_pages_is_shown_once() {
    let whole = collect(&Sandbox::with(json!([])).await).await.unwrap();
    let sandbox = Sandbox::with(nth(1, VIEW, json!({"nextLink": "overlap"}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!(
        found.items.iter().map(|event| &event.id).collect::<Vec<_>>(),
        whole.items.iter().map(|event| &event.id).collect::<Vec<_>>()
    );
}

#[wasm_bindgen_test]
async fn row_71_a_list_without_a_list_is_an_error() {
    for act in [json!({"remove": ["/value"]}), json!({"set": {"/value": null}}), json!({"set": {"/value": "none"}})] {
        let sandbox = Sandbox::with(at(VIEW, act)).await;
        assert_eq!(code(&collect(&sandbox).await), Some(ErrorCode::InvalidResponse));
    }
}

#[wasm_bindgen_test]
async fn row_72_an_entry_that_is_null_is_counted_and_left_out() {
    let sandbox = Sandbox::with(nth(1, VIEW, json!({"set": {"/value/0": null}}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!((found.skipped, found.incomplete), (1, None));
}

#[wasm_bindgen_test]
async fn row_73_a_mailbox_without_end_is_shown_at_once_and_cut_off() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    for number in 0..3 {
        let mut body = draft(&format!("Row 73 {number}")).to_json();
        let date = &body["start"]["dateTime"].as_str().unwrap()[..10].to_owned();
        body["recurrence"] = json!({"pattern": {"type": "daily", "interval": 1}, "range": {"type": "noEnd", "startDate": date}});
        client.run(events::create(body, None, "").unwrap(), &Abort::new()).await.unwrap();
    }
    let start = DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap();
    let call = calendar_view(None, start, start + TimeDelta::days(1800));
    let (began, first, most) = (now().mono_ms, Cell::new(None), Cell::new(0));
    let found = client
        .pages(call, &Abort::new())
        .collect(3000, |so_far| {
            first.set(first.get().or(Some(now().mono_ms - began)));
            most.set(so_far.len());
        })
        .await
        .unwrap();
    assert_eq!((found.items.len(), found.incomplete, most.get()), (3000, Some(Incomplete::Limit), 3000));
    // How long a page takes is the service's affair; that the first one is shown long before the last is ours.
    assert!(first.get().unwrap() * 3.0 < now().mono_ms - began, "{first:?}");
}

#[wasm_bindgen_test]
async fn row_74_a_token_that_ends_between_pages_is_renewed_there() {
    let whole = collect(&Sandbox::with(json!([])).await).await.unwrap().items.len();
    let sandbox = Sandbox::with(nth(2, "/v1.0/me/**", json!({"revokeTokens": true}))).await;
    let found = collect(&sandbox).await.unwrap();
    assert_eq!((found.items.len(), found.incomplete), (whole, None));
    let log = sandbox.log().await;
    assert_eq!(log[1].status, Some(401));
    assert_eq!(log[2].path, log[1].path, "it goes on where it was");
    assert_eq!(log.iter().filter(|entry| entry.path == log[0].path).count(), 1);
}

#[wasm_bindgen_test]
async fn row_75_a_long_link_is_used_as_it_is() {
    let sandbox = Sandbox::with(nth(1, VIEW, json!({"nextLink": "long"}))).await;
    assert_eq!(collect(&sandbox).await.unwrap().incomplete, None);
    assert!(sandbox.log().await[1].path.len() > 8 * 1024);
}

#[wasm_bindgen_test]
async fn row_76_a_link_that_ran_out_of_time_begins_the_list_again_once() {
    let sandbox = Sandbox::with(nth(2, "/v1.0/users", json!({"expireTokens": true}))).await;
    let list = || users::list(&Query { top: Some(50), ..Query::default() }).unwrap();
    let found = sandbox.client().pages(list(), &Abort::new()).collect(1000, |_| {}).await.unwrap();
    let ids: std::collections::HashSet<&str> = found.items.iter().map(|user| user["id"].as_str().unwrap()).collect();
    assert_eq!((found.incomplete, ids.len()), (None, found.items.len()));
    assert!(ids.len() >= 240);
    let first = sandbox.log().await[0].path.clone();
    assert_eq!(sandbox.log().await.iter().filter(|entry| entry.path == first).count(), 2);
    let sandbox = Sandbox::with(at("/v1.0/users?*skiptoken*", json!({"status": 400}))).await;
    assert_eq!(code(&sandbox.client().pages(list(), &Abort::new()).collect(1000, |_| {}).await), Some(ErrorCode::InvalidRequest));
    assert_eq!(sandbox.log().await.len(), 4);
}

#[wasm_bindgen_test]
async fn what_was_deleted_while_it_was_listed_does_no_harm() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    let made = client.run(create_event(&draft("passing"), None), &Abort::new()).await.unwrap();
    client.run(delete_event(&made.id, made.etag.as_deref()).unwrap(), &Abort::new()).await.unwrap();
    client.run(delete_event(&made.id, made.etag.as_deref()).unwrap(), &Abort::new()).await.unwrap();
    assert!(sandbox.stored("passing").await.is_empty());
}
