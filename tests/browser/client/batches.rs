//! Rows 77 to 82: batches that are answered in part, out of order, or not at all.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::HashSet;

use convoke::client::Abort;
use convoke_core::{
    ErrorCode,
    graph::{Request, calendars, create_event, event, mailbox_settings, me, search_people},
};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{Sandbox, advice, at, code, draft, refusal, times};

const BATCH: &str = "/v1.0/$batch";

fn requests() -> Vec<Request> {
    vec![me().request, mailbox_settings().request, calendars().request, search_people("a").request]
}

fn urls(body: &Value) -> Vec<String> {
    body["requests"].as_array().unwrap().iter().map(|entry| entry["url"].as_str().unwrap().split('?').next().unwrap().to_owned()).collect()
}

#[wasm_bindgen_test]
async fn row_77_a_throttled_part_goes_again_by_itself_after_its_own_time() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me/people", json!({"throttle": {"retryAfter": 2}}))).await;
    let answers = sandbox.client().batch(&requests(), &Abort::new()).await;
    assert!(answers.iter().all(Result::is_ok));
    let log = sandbox.log().await;
    assert_eq!((log.len(), urls(&log[1].body)), (2, vec!["/me/people".to_owned()]));
    assert!(log[1].at_ms >= log[0].at_ms + 2000, "{log:?}");
}

#[wasm_bindgen_test]
async fn row_78_answers_are_told_apart_by_their_ids() {
    for act in ["outOfOrder", "duplicate", "unknownId"] {
        let sandbox = Sandbox::with(at(BATCH, json!({"batch": act}))).await;
        let answers = sandbox.client().batch(&requests(), &Abort::new()).await;
        assert!(answers[0].as_ref().unwrap().body["displayName"].is_string(), "{act}");
        assert!(answers[1].as_ref().unwrap().body["timeZone"].is_string());
        assert!(answers[2].as_ref().unwrap().body["value"].is_array() && answers[3].is_ok());
    }
    let sandbox = Sandbox::with(at(BATCH, json!({"batch": "missing"}))).await;
    let answers = sandbox.client().batch(&requests(), &Abort::new()).await;
    let failed: Vec<_> = answers.iter().filter_map(code).collect();
    assert_eq!(failed, [ErrorCode::InvalidResponse]);
}

#[wasm_bindgen_test]
async fn row_79_what_waited_for_a_failure_says_so() {
    let sandbox = Sandbox::with(json!([])).await;
    let requests = [event("AAMkGone").request, me().request, mailbox_settings().request];
    let answers = sandbox.client().batch_in_order(&requests, &[vec![], vec![0], vec![]], &Abort::new()).await;
    assert_eq!(code(&answers[0]), Some(ErrorCode::NotFound));
    assert!(answers[1].as_ref().unwrap_err().message().starts_with("Not tried, because"), "{:?}", answers[1]);
    assert!(answers[2].is_ok());
    assert_eq!(sandbox.log().await[0].body["requests"][1]["dependsOn"], json!(["0"]));
    // Where the first one is throttled, the second waits with it.
    let sandbox = Sandbox::with(times(1, "/v1.0/me/mailboxSettings", json!({"throttle": {"retryAfter": 1}}))).await;
    let requests = [mailbox_settings().request, me().request];
    let answers = sandbox.client().batch_in_order(&requests, &[vec![], vec![0]], &Abort::new()).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

#[wasm_bindgen_test]
async fn row_80_a_batch_that_is_refused_as_a_whole_is_halved() {
    for (status, name) in [(413, "RequestEntityTooLarge"), (400, "BadRequest")] {
        let sandbox = Sandbox::with(times(1, BATCH, refusal(status, name))).await;
        assert!(sandbox.client().batch(&requests(), &Abort::new()).await.iter().all(Result::is_ok));
        let sizes: Vec<_> = sandbox.log().await.iter().map(|entry| urls(&entry.body).len()).collect();
        assert_eq!(sizes, [4, 2, 2]);
        let sandbox = Sandbox::with(at(BATCH, refusal(status, name))).await;
        let answers = sandbox.client().batch(&requests(), &Abort::new()).await;
        assert!(answers.iter().all(Result::is_err), "never silently");
    }
}

#[wasm_bindgen_test]
async fn row_81_twenty_one_are_two_batches() {
    let sandbox = Sandbox::with(json!([])).await;
    let many: Vec<Request> = (0..21).map(|_| mailbox_settings().request).collect();
    assert!(sandbox.client().batch(&many, &Abort::new()).await.iter().all(Result::is_ok));
    let log = sandbox.log().await;
    assert_eq!(log.iter().map(|entry| urls(&entry.body).len()).collect::<Vec<_>>(), [20, 1]);
    let ids: HashSet<String> =
        log[0].body["requests"].as_array().unwrap().iter().map(|entry| entry["id"].as_str().unwrap().to_lowercase()).collect();
    assert_eq!(ids.len(), 20);
}

#[wasm_bindgen_test]
async fn row_82_a_part_that_was_refused_although_it_was_done() {
    // What has a name of its own is sent again, and Graph knows it.
    let rule = |path: &str| json!({"match": {"method": "POST", "path": path, "times": 1}, "act": {"throttle": {"retryAfter": 1}, "perform": true}});
    let sandbox = Sandbox::with(rule("/v1.0/me/events")).await;
    let answers = sandbox.client().batch(&[create_event(&draft("Row 82"), None).request], &Abort::new()).await;
    assert!(answers[0].is_ok() && sandbox.stored("Row 82").await.len() == 1);
    assert_eq!(sandbox.log().await.len(), 2);
    // What has none is left to the person, who is told.
    let id = answers[0].as_ref().unwrap().body["id"].as_str().unwrap().to_owned();
    sandbox.fault(rule("/v1.0/me/events/*/forward")).await;
    let forward = convoke_core::graph::operations::answers::forward(&id, &["meganb@contoso.onmicrosoft.com".into()], "").unwrap();
    let answers = sandbox.client().batch(&[forward.request], &Abort::new()).await;
    assert_eq!(code(&answers[0]), Some(ErrorCode::Throttled));
    assert!(advice(&answers[0]).contains("may have happened"));
    assert_eq!(sandbox.log().await.len(), 3);
}
