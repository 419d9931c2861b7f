//! That the check finds what it looks for: exchanges with one thing wrong each.

use serde_json::{Value, json};

use crate::{check::Checker, contract::Contract, records::Exchange, say};

fn exchange(method: &str, target: &str, request: Value, status: u16, answer: Value) -> Exchange {
    Exchange {
        source: String::new(),
        method: method.to_owned(),
        target: format!("/v1.0{target}"),
        request,
        status,
        answer_type: if answer.is_null() { String::new() } else { "application/json".to_owned() },
        answer,
        faulty: false,
    }
}

#[test]
fn each_kind_of_difference_is_found() {
    let Some(contract) = Contract::load() else {
        say("skipped: no ../shared\n");
        return;
    };
    let found = |exchange: &Exchange| {
        let mut checker = Checker::new(&contract);
        checker.exchange(exchange);
        checker.findings.into_iter().map(|finding| finding.what).collect::<Vec<_>>().join("\n")
    };
    let get = |target: &str, status: u16, answer: Value| found(&exchange("GET", target, Value::Null, status, answer));
    let post = |target: &str, request: Value| found(&exchange("POST", target, request, 202, Value::Null));
    assert_eq!(get("/me/events/x", 200, json!({ "subject": "All right", "@odata.etag": "x" })), "");

    let cases = [
        (get("/me/events/x", 200, json!({ "subject": 1 })), "/subject: the value is not of types"),
        (get("/me/events/x", 200, json!({ "showAs": "asleep" })), "/showAs: the value is not one of"),
        (get("/me/events/x", 200, json!({ "start": { "date": "2026-11-16" } })), "/start: date is not described"),
        (get("/me/events/x", 201, json!({})), "answers 201; described"),
        (get("/me/events", 200, json!({ "items": [] })), "\"value\" is a required property"),
        (get("/me/events?$sort=start", 200, json!({ "value": [] })), "query: $sort is not described"),
        (get("/me/events?$select=title", 200, json!({ "value": [] })), "$select has title"),
        (get("/me/events/x", 404, json!({ "error": "none" })), "/error: the value is not of type"),
        (get("/me/horoscope", 200, json!({})), "GET /me/horoscope: is answered and not described"),
        (
            get("/me/messages/x", 200, json!({ "@odata.type": "#microsoft.graph.event" })),
            "microsoft.graph.event is no microsoft.graph.message",
        ),
        (
            get("/me/messages/x", 200, json!({ "@odata.type": "#microsoft.graph.eventMessage", "meetingMessageType": "none of these" })),
            "/meetingMessageType: the value is not one of",
        ),
        (post("/me/events/x/accept", json!({ "SENDRESPONSE": "perhaps" })), "/SendResponse: the value is not of types"),
        (post("/me/events/x/accept", json!({ "reply": true })), "reply is not described"),
    ];
    for (found, expected) in cases {
        assert!(found.contains(expected), "{expected:?} is not in {found:?}");
    }
    let part = json!({ "responses": [{ "id": "1", "status": 200, "body": { "subject": 1 } }] });
    let batch = exchange("POST", "/$batch", json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/events/x" }] }), 200, part);
    assert!(found(&batch).contains("GET /me/events/{event-id}: /subject"), "{}", found(&batch));
    assert_eq!(post("/me/events/x/accept", json!({ "sendresponse": "true" })), "", "documented liberties are none");
}
