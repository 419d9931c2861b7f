//! Rows 49 to 52: waiting as long as the service says, for the whole mailbox and for nobody else.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use convoke::{browser::fetch::sleep, client::Abort};
use convoke_core::{
    ErrorCode,
    graph::{Mailbox, create_event, me},
};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{Sandbox, code, draft, fortnight, times};

const VIEW: &str = "/v1.0/me/calendarView";

#[wasm_bindgen_test]
async fn row_49_a_throttled_mailbox_is_silent_and_others_go_on() {
    let sandbox = Sandbox::with(times(1, VIEW, json!({"throttle": {"retryAfter": null}}))).await;
    let client = sandbox.client();
    let abort = Abort::new();
    let first = async { client.run(fortnight(), &abort).await.map(drop) };
    let later = async {
        sleep(Duration::from_millis(150)).await;
        let other = client.run(fortnight().in_mailbox(Mailbox::User("meganb@contoso.onmicrosoft.com".into())), &abort);
        let (own, other) = super::tabs::pair(client.run(me(), &abort), other).await;
        // Megan's calendar is not shared; what counts is that the question left.
        drop(other);
        own.map(drop)
    };
    let (first, own) = super::tabs::pair(first, later).await;
    assert!(first.is_ok() && own.is_ok());
    let log = sandbox.log().await;
    let at = |path: &str| log.iter().filter(|entry| entry.path.split('?').next() == Some(path)).map(|entry| entry.at_ms).max().unwrap();
    let refused = log[0].at_ms;
    assert!(at("/v1.0/users/meganb@contoso.onmicrosoft.com/calendarView") < refused + 450, "{log:?}");
    assert!(at(VIEW) >= refused + 500 && at("/v1.0/me") >= refused + 500, "{log:?}");
}

#[wasm_bindgen_test]
async fn row_50_nothing_leaves_before_its_time() {
    let soon = js_sys::Date::new(&(js_sys::Date::now() + 3_000.0).into()).to_utc_string().as_string().unwrap();
    let past = "Wed, 21 Oct 2015 07:28:00 GMT";
    let throttle = |value: Value| json!({"throttle": {"retryAfter": value}});
    for (act, least) in [
        (throttle(json!(2)), 2000),
        (throttle(json!("1.5")), 1500),
        (throttle(json!(0)), 500),
        (throttle(json!(-5)), 500),
        // Whole seconds, and some of the time has passed.
        (throttle(json!(soon)), 500),
        (throttle(json!(past)), 500),
        (throttle(json!("soon")), 500),
        (json!({"throttle": {"retryAfter": 3, "readable": false}}), 500),
        (json!({"status": 429, "headers": {"Retry-After": ["1", "2"]}}), 2000),
    ] {
        let sandbox = Sandbox::with(times(1, VIEW, act.clone())).await;
        sandbox.outcome(fortnight()).await.unwrap();
        let gaps = sandbox.gaps().await;
        assert!(gaps.len() == 1 && gaps[0] >= least, "{act}: {gaps:?}");
    }
    // Nobody has to wait ten minutes who does not want to.
    let sandbox = Sandbox::with(times(1, VIEW, throttle(json!(600)))).await;
    let (client, abort) = (sandbox.client(), Abort::new());
    let stop = async {
        sleep(Duration::from_millis(1500)).await;
        abort.abort();
    };
    let (outcome, ()) = super::tabs::pair(client.run(fortnight(), &abort), stop).await;
    assert_eq!((code(&outcome), sandbox.log().await.len()), (Some(ErrorCode::Aborted), 1));
}

#[wasm_bindgen_test]
async fn row_51_a_booking_waits_and_is_made_once() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me/events", json!({"status": 503, "headers": {"Retry-After": "2"}}))).await;
    sandbox.outcome(create_event(&draft("Row 51"), None)).await.unwrap();
    assert!(sandbox.gaps().await[0] >= 2000);
    assert_eq!(sandbox.stored("Row 51").await.len(), 1);
}

#[wasm_bindgen_test]
async fn row_52_a_booking_whose_answer_was_lost_is_made_once() {
    for act in [json!({"status": 504, "perform": true}), json!({"drop": "beforeResponse", "perform": true})] {
        let sandbox = Sandbox::with(times(1, "/v1.0/me/events", act)).await;
        let made = sandbox.outcome(create_event(&draft("Row 52"), None)).await.unwrap();
        let stored = sandbox.stored("Row 52").await;
        assert_eq!((stored.len(), stored[0]["id"].as_str()), (1, Some(made.id.as_str())));
        assert_eq!(sandbox.log().await.iter().filter(|entry| entry.method == "POST").count(), 2);
    }
}

#[wasm_bindgen_test]
async fn never_more_than_four_at_once_with_the_limit_in_force() {
    // The sandbox refuses the fifth by itself.
    let sandbox = Sandbox::with(json!([])).await;
    sandbox.control(http::Method::POST, "/switches", json!({"mailboxLatencyMs": 60})).await;
    let (one, two) = (sandbox.client(), sandbox.client());
    let abort = Abort::new();
    let calls: Vec<_> =
        (0..20).map(|number| if number % 2 == 0 { &one } else { &two }).map(|client| client.run(fortnight(), &abort)).collect();
    let outcomes = super::tabs::all(calls).await;
    sandbox.control(http::Method::POST, "/switches", json!({"mailboxLatencyMs": 0})).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert!(sandbox.log().await.iter().all(|entry| entry.status == Some(200)));
}
