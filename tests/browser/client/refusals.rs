//! Rows 35 to 48 and 53: what Graph refuses, and what is made of it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use convoke::client::Abort;
use convoke_core::{
    ErrorCode,
    graph::{
        Call, Mailbox, SchedulePlan, calendar_view, calendars, create_event, delete_event, event, me,
        operations::events::{self, EventQuery},
    },
};
use http::Method;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{ADELE, Sandbox, advice, at, code, draft, fortnight, refusal, times};

const VIEW: &str = "/v1.0/me/calendarView";

#[wasm_bindgen_test]
async fn row_35_a_refusal_is_told_by_its_code() {
    let sandbox = Sandbox::with(json!([])).await;
    let unknown = sandbox.outcome(fortnight().in_time_zone("Nowhere/Land")).await;
    assert_eq!((code(&unknown), advice(&unknown).contains("time zone")), (Some(ErrorCode::InvalidRequest), true));
    let error = unknown.unwrap_err();
    assert_eq!(error.details().graph_code.as_deref(), Some("TimeZoneNotSupportedException"));
    assert!(error.details().request_id.is_some() && sandbox.log().await.len() == 1);
}

#[wasm_bindgen_test]
async fn row_36_a_refused_token_is_renewed_once() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me", refusal(401, "InvalidAuthenticationToken"))).await;
    sandbox.outcome(me()).await.unwrap();
    assert_eq!(sandbox.log().await.len(), 2);
    assert!(sandbox.tokens.borrow()[1].rejected.is_some());
    let sandbox = Sandbox::with(at("/v1.0/me", refusal(401, "InvalidAuthenticationToken"))).await;
    assert_eq!(code(&sandbox.outcome(me()).await), Some(ErrorCode::Unauthorized));
    assert_eq!(sandbox.log().await.len(), 2);
    // The challenge's claims are passed on, and satisfy it.
    let sandbox = Sandbox::with(at("/v1.0/me", json!({"claimsChallenge": true}))).await;
    sandbox.outcome(me()).await.unwrap();
    assert_eq!(sandbox.log().await.len(), 2);
    assert!(sandbox.tokens.borrow()[1].claims.as_ref().unwrap().contains("acrs"));
}

#[wasm_bindgen_test]
async fn row_37_a_calendar_without_permission_costs_itself_alone() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    let list = client.pages(calendars(), &Abort::new()).collect(10, |_| {}).await.unwrap();
    let ids: Vec<&str> = list.items.iter().map(|calendar| calendar.id.as_str()).collect();
    assert!(ids.len() > 1);
    sandbox.fault(times(1, "/v1.0/me/calendars/*/calendarView", refusal(403, "ErrorAccessDenied"))).await;
    let (start, end) = ("2026-11-01T00:00:00Z".parse().unwrap(), "2026-11-08T00:00:00Z".parse().unwrap());
    let calls: Vec<_> = ids.iter().map(|id| calendar_view(Some(id), start, end)).collect();
    let answers = client.batch_of(&calls, &Abort::new()).await;
    assert_eq!(code(&answers[0]), Some(ErrorCode::Forbidden));
    assert!(answers[1..].iter().all(Result::is_ok));
}

#[wasm_bindgen_test]
async fn row_38_what_is_gone_is_gone_and_deleting_it_is_done() {
    let sandbox = Sandbox::with(json!([])).await;
    let opened = sandbox.outcome(event("AAMkGone")).await;
    assert_eq!((code(&opened), advice(&opened).contains("no longer exists")), (Some(ErrorCode::NotFound), true));
    sandbox.outcome(delete_event("AAMkGone", None).unwrap()).await.unwrap();
    assert_eq!(sandbox.log().await.iter().map(|entry| entry.status).collect::<Vec<_>>(), [Some(404), Some(404)]);
}

#[wasm_bindgen_test]
async fn row_39_somebody_without_a_mailbox_is_named() {
    let sandbox = Sandbox::with(at("/v1.0/users/**", refusal(404, "MailboxNotEnabledForRESTAPI"))).await;
    let outcome = sandbox.outcome(fortnight().in_mailbox(Mailbox::User("meganb@contoso.onmicrosoft.com".into()))).await;
    assert_eq!((code(&outcome), advice(&outcome).contains("mailbox")), (Some(ErrorCode::NotFound), true));
    let day = |day: &str| format!("2026-11-{day}T00:00:00Z").parse().unwrap();
    let people = [ADELE.to_owned(), "nobody@contoso.onmicrosoft.com".to_owned()];
    let plan = SchedulePlan::new(&people, day("16"), day("17"), 30).unwrap();
    let found = sandbox.client().schedules(&plan, &Abort::new(), |_, _| {}).await.unwrap();
    assert_eq!(found.iter().map(|one| one.error.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(found[1].schedule_id, people[1]);
}

#[wasm_bindgen_test]
async fn row_40_what_the_service_does_not_offer_is_not_tried_again() {
    for status in [405, 501] {
        let sandbox = Sandbox::with(at(VIEW, refusal(status, "Request_BadRequest"))).await;
        let outcome = sandbox.outcome(fortnight()).await;
        assert_eq!((code(&outcome), sandbox.log().await.len()), (Some(ErrorCode::InvalidRequest), 1));
        assert!(advice(&outcome).contains("request id"));
        assert!(outcome.unwrap_err().details().request_id.is_some());
    }
}

#[wasm_bindgen_test]
async fn row_41_a_service_that_stumbles_is_asked_again_and_not_for_ever() {
    for status in [408, 500, 502, 504] {
        let sandbox = Sandbox::with(times(1, VIEW, json!({"status": status}))).await;
        assert!(!sandbox.outcome(fortnight()).await.unwrap().items.is_empty());
        // Chromium itself repeats what was answered 408 on a kept connection, and at once.
        let gaps = sandbox.gaps().await;
        assert!(gaps.iter().any(|gap| *gap >= 500) || status == 408, "{status}: {gaps:?}");
    }
    let sandbox = Sandbox::with(at(VIEW, json!({"status": 500}))).await;
    assert_eq!(code(&sandbox.outcome(fortnight()).await), Some(ErrorCode::Unavailable));
    let gaps = sandbox.gaps().await;
    assert!(gaps.len() == 3 && gaps[0] >= 500 && gaps[1] >= 1000 && gaps[2] >= 2000, "{gaps:?}");
}

#[wasm_bindgen_test]
async fn row_42_a_booking_that_failed_is_sent_again_under_its_name() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me/events", json!({"status": 500}))).await;
    sandbox.outcome(create_event(&draft("Row 42"), None)).await.unwrap();
    let log = sandbox.log().await;
    assert_eq!(log.iter().map(|entry| entry.body["transactionId"].as_str().unwrap()).collect::<Vec<_>>(), ["t Row 42", "t Row 42"]);
    assert_eq!(sandbox.stored("Row 42").await.len(), 1);
}

#[wasm_bindgen_test]
async fn row_46_too_much_at_once_says_so() {
    let sandbox = Sandbox::with(at("/v1.0/me/events", refusal(413, "RequestEntityTooLarge"))).await;
    let outcome = sandbox.outcome(create_event(&draft("Row 46"), None)).await;
    assert_eq!((code(&outcome), sandbox.log().await.len()), (Some(ErrorCode::TooLarge), 1));
    assert!(advice(&outcome).contains("smaller"));
}

#[wasm_bindgen_test]
async fn row_47_our_own_faults_name_the_request() {
    for status in [415, 406] {
        let sandbox = Sandbox::with(at(VIEW, refusal(status, "UnsupportedMediaType"))).await;
        let outcome = sandbox.outcome(fortnight()).await;
        assert!(advice(&outcome).contains("fault of the app"), "{}", advice(&outcome));
        assert!(outcome.unwrap_err().details().request_id.is_some());
        assert_eq!(sandbox.log().await.len(), 1);
    }
}

#[wasm_bindgen_test]
async fn row_48_what_is_locked_is_waited_for() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me/events/*", refusal(423, "resourceLocked"))).await;
    // Whatever is written: a locked thing was not touched.
    let outcome = sandbox.outcome(Call::request(Method::POST, "/me/events/AAMkGone/dismissReminder", None)).await;
    assert_eq!(code(&outcome), Some(ErrorCode::NotFound));
    let statuses: Vec<_> = sandbox.log().await.iter().map(|entry| entry.status.unwrap()).collect();
    assert_eq!(statuses.first().filter(|_| statuses.len() <= 2), Some(&statuses[0]));
    let sandbox = Sandbox::with(times(1, VIEW, refusal(423, "resourceLocked"))).await;
    sandbox.outcome(fortnight()).await.unwrap();
    assert!(sandbox.gaps().await[0] >= 500);
}

#[wasm_bindgen_test]
async fn row_53_a_quota_is_not_tried_again() {
    for status in [507, 509] {
        let sandbox = Sandbox::with(at("/v1.0/me/events", refusal(status, "quotaLimitReached"))).await;
        let outcome = sandbox.outcome(create_event(&draft("Row 53"), None)).await;
        assert!(advice(&outcome).contains("quota") && sandbox.log().await.len() == 1);
    }
}

#[wasm_bindgen_test]
async fn row_61_one_intention_is_one_event() {
    let sandbox = Sandbox::with(json!([])).await;
    let client = sandbox.client();
    let (draft, abort) = (draft("Row 61"), Abort::new());
    let twice = [client.run(create_event(&draft, None), &abort), client.run(create_event(&draft, None), &abort)];
    let [first, second] = super::tabs::both(twice).await;
    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert_eq!(sandbox.stored("Row 61").await.len(), 1);
}

#[wasm_bindgen_test]
async fn what_makes_no_sense_never_leaves() {
    let sandbox = Sandbox::with(json!([])).await;
    let bad =
        events::list(&EventQuery { start: Some("tomorrow".into()), end: Some("2026-11-01T00:00:00Z".into()), ..EventQuery::default() });
    assert!(bad.is_err_and(|error| error.message().contains("`start`")));
    let elsewhere: Call<Value> = Call::request(Method::GET, "https://evil.example/v1.0/me", None);
    assert_eq!(code(&sandbox.outcome(elsewhere).await), Some(ErrorCode::HostNotAllowed));
    assert!(sandbox.log().await.is_empty() && sandbox.tokens.borrow().is_empty());
}
