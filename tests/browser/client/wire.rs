//! Rows 54 to 65: what comes over the wire is not what was meant, or does not come.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{collections::HashSet, time::Duration};

use convoke::{
    browser::fetch::{now, sleep},
    client::Abort,
};
use convoke_core::{
    ErrorCode,
    graph::{
        create_event, event,
        operations::{answers, messages},
        respond,
    },
    model::EventResponse,
};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    sandbox::{ADELE, Logged, Sandbox, advice, at, code, draft, fortnight, times},
    tabs::pair,
};

const VIEW: &str = "/v1.0/me/calendarView";

#[wasm_bindgen_test]
async fn row_54_an_error_with_a_good_status_is_an_error() {
    let body = json!({"error": {"code": "ErrorAccessDenied", "message": "Something went wrong."}});
    let sandbox = Sandbox::with(at(VIEW, json!({"status": 200, "body": body}))).await;
    assert_eq!(code(&sandbox.outcome(fortnight()).await), Some(ErrorCode::Forbidden));
    assert_eq!(sandbox.log().await.len(), 1);
}

#[wasm_bindgen_test]
async fn row_55_nothing_is_right_where_nothing_is_expected() {
    for act in [json!({"status": 204}), json!({"status": 200, "body": ""})] {
        let sandbox = Sandbox::with(at(VIEW, act)).await;
        assert_eq!(code(&sandbox.outcome(fortnight()).await), Some(ErrorCode::InvalidResponse));
    }
    let sandbox = Sandbox::with(json!([])).await;
    let message = json!({"subject": "Row 55", "toRecipients": [{"emailAddress": {"address": ADELE}}]});
    assert!(sandbox.outcome(messages::send(message, false).unwrap()).await.unwrap().is_null());
    assert_eq!(sandbox.log().await[0].status, Some(202));
}

#[wasm_bindgen_test]
async fn row_56_damaged_answers_are_errors_that_name_the_request() {
    for act in [json!({"truncateBytes": 200}), json!({"append": "}]<!-- cached -->"}), json!({"encoding": "utf-16"})] {
        let sandbox = Sandbox::with(at(VIEW, act.clone())).await;
        let outcome = sandbox.outcome(fortnight()).await;
        assert_eq!(code(&outcome), Some(ErrorCode::InvalidResponse), "{act}");
        assert!(outcome.unwrap_err().details().request_id.is_some());
    }
    let sandbox = Sandbox::with(at(VIEW, json!({"encoding": "brokenGzip"}))).await;
    let client = sandbox.client_with(|options| options.max_retries = 0);
    let outcome = client.run(fortnight(), &Abort::new()).await;
    assert!(matches!(code(&outcome), Some(ErrorCode::Network | ErrorCode::InvalidResponse)), "{outcome:?}");
    assert!(outcome.unwrap_err().details().request_id.is_some());
    let sandbox = Sandbox::with(at(VIEW, json!({"prepend": "\u{feff}"}))).await;
    assert!(sandbox.outcome(fortnight()).await.is_ok());
}

#[wasm_bindgen_test]
async fn row_57_a_web_page_is_never_data() {
    let page = json!({"status": 200, "body": "<html>Hotel network</html>", "headers": {"Content-Type": "text/html"}});
    let sandbox = Sandbox::with(at(VIEW, page)).await;
    let outcome = sandbox.outcome(fortnight()).await;
    assert_eq!((code(&outcome), advice(&outcome).contains("network")), (Some(ErrorCode::InvalidResponse), true));
    let redirect = json!({"status": 302, "headers": {"Location": "https://graph.example.org/v1.0/me"}});
    let sandbox = Sandbox::with(at(VIEW, redirect)).await;
    let client = sandbox.client_with(|options| options.max_retries = 0);
    assert_eq!(code(&client.run(fortnight(), &Abort::new()).await), Some(ErrorCode::Network));
    assert_eq!(sandbox.log().await.len(), 1);
}

#[wasm_bindgen_test]
async fn row_58_what_hangs_is_given_up_in_time_and_on_demand() {
    for act in [json!({"hang": "beforeResponse"}), json!({"hang": "midBody"}), json!({"trickleBytesPerSecond": 1})] {
        let sandbox = Sandbox::with(at(VIEW, act.clone())).await;
        let client = sandbox.client_with(|options| (options.max_retries, options.timeout_ms) = (0, 400));
        let began = now().mono_ms;
        assert_eq!(code(&client.run(fortnight(), &Abort::new()).await), Some(ErrorCode::Timeout), "{act}");
        assert!(now().mono_ms - began < 3000.0);
        // By hand, long before the half minute that a client waits by itself.
        let (client, abort) = (sandbox.client(), Abort::new());
        let cancel = async {
            sleep(Duration::from_millis(200)).await;
            abort.abort();
        };
        let (outcome, ()) = pair(client.run(fortnight(), &abort), cancel).await;
        assert_eq!(code(&outcome), Some(ErrorCode::Aborted));
        assert!(now().mono_ms - began < 5000.0);
    }
}

#[wasm_bindgen_test]
async fn row_59_a_lost_answer_is_asked_for_again_where_that_is_harmless() {
    let sandbox = Sandbox::with(times(1, VIEW, json!({"drop": "midBody"}))).await;
    assert!(!sandbox.outcome(fortnight()).await.unwrap().items.is_empty());
    assert_eq!(sandbox.log().await.len(), 2);
    // What has no name of its own is not sent twice; whoever sent it is told.
    let sandbox = Sandbox::with(json!([])).await;
    let id = sandbox.outcome(create_event(&draft("Row 59"), None)).await.unwrap().id;
    sandbox.fault(at("/v1.0/me/events/*/forward", json!({"hang": "beforeResponse", "perform": true}))).await;
    let client = sandbox.client_with(|options| options.timeout_ms = 600);
    let forward = answers::forward(&id, &["meganb@contoso.onmicrosoft.com".into()], "").unwrap();
    let outcome = client.run(forward, &Abort::new()).await;
    assert!(outcome.is_err() && advice(&outcome).contains("may have happened"), "{outcome:?}");
    assert_eq!(sandbox.log().await.iter().filter(|entry| entry.path.ends_with("/forward")).count(), 1);
}

#[wasm_bindgen_test]
async fn row_62_a_question_that_is_superseded_is_answered_to_nobody() {
    let sandbox = Sandbox::with(times(1, VIEW, json!({"delayMs": 600}))).await;
    let client = sandbox.client();
    let (old, new) = (Abort::new(), Abort::new());
    let (first, second) = pair(client.run(fortnight(), &old), async {
        sleep(Duration::from_millis(200)).await;
        old.abort();
        client.run(fortnight(), &new).await
    })
    .await;
    assert_eq!(code(&first), Some(ErrorCode::Aborted));
    assert!(second.is_ok());
}

#[wasm_bindgen_test]
async fn row_63_it_works_with_every_header_hidden() {
    let sandbox = Sandbox::with(at("/v1.0/**", json!({"exposeHeaders": []}))).await;
    let made = sandbox.outcome(create_event(&draft("Row 63"), None)).await.unwrap();
    assert!(made.etag.is_some(), "the etag is in the body");
    let gone = sandbox.outcome(event("AAMkGone")).await;
    assert!(gone.unwrap_err().details().request_id.is_some());
    sandbox.heal().await;
    sandbox.fault(times(1, VIEW, json!({"throttle": {"retryAfter": 9}, "exposeHeaders": []}))).await;
    sandbox.outcome(fortnight()).await.unwrap();
}

#[wasm_bindgen_test]
async fn row_64_a_connection_that_was_reset_is_tried_again() {
    let sandbox = Sandbox::with(times(1, VIEW, json!({"drop": "beforeResponse"}))).await;
    assert!(sandbox.outcome(fortnight()).await.is_ok());
    let ids = |log: Vec<Logged>, end: &str| -> HashSet<String> {
        log.into_iter().filter(|entry| entry.path.split('?').next().unwrap().ends_with(end)).map(|entry| entry.id).collect()
    };
    assert!((1..=2).contains(&ids(sandbox.log().await, "calendarView").len()));
    let sandbox = Sandbox::with(json!([])).await;
    let id = sandbox.outcome(create_event(&draft("Row 64"), None)).await.unwrap().id;
    sandbox.fault(times(1, "/v1.0/me/events/*/accept", json!({"drop": "beforeResponse"}))).await;
    drop(sandbox.outcome(respond(&id, EventResponse::Accept, "", true, None)).await);
    assert_eq!(ids(sandbox.log().await, "/accept").len(), 1);
}

#[wasm_bindgen_test]
async fn row_65_a_wrong_date_has_no_effect() {
    let sandbox = Sandbox::with(at("/v1.0/**", json!({"headers": {"Date": "Mon, 16 Nov 2020 01:00:00 GMT"}}))).await;
    assert!(!sandbox.outcome(fortnight()).await.unwrap().items.is_empty());
    assert_eq!(sandbox.log().await.len(), 1);
}
