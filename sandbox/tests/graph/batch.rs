//! `$batch`.

use serde_json::{Value, json};

use crate::{Graph, meeting};

fn response<'a>(answer: &'a Value, id: &str) -> &'a Value {
    answer["responses"].as_array().unwrap().iter().find(|response| response["id"] == id).unwrap()
}

#[tokio::test]
async fn parts_are_served_in_order_and_fail_alone() {
    let adele = Graph::new().session("adelev");
    let batch = json!({ "requests": [
        { "id": "a", "method": "POST", "url": "/me/events", "headers": { "Content-Type": "application/json" }, "body": meeting("Batched", "10:00", "11:00", &["meganb"]) },
        { "id": "b", "method": "GET", "url": "me/calendarView?startDateTime=2026-11-19T10:00:00Z&endDateTime=2026-11-19T11:00:00Z&$filter=subject eq 'Batched'",
          "headers": { "Prefer": "outlook.timezone=\"Tokyo Standard Time\"" }, "dependsOn": ["A"] },
        { "id": "c", "method": "GET", "url": "/me/events/none" },
        { "id": "d", "method": "GET", "url": "/me", "dependsOn": ["c"] },
        { "id": "e", "method": "GET", "url": "/me/photo/$value" },
    ] });
    let answer = adele.post("/$batch", &batch).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(response(&answer.body, "a")["status"], 201);
    let view = response(&answer.body, "b");
    assert_eq!(view["body"]["value"][0]["start"]["dateTime"], "2026-11-19T19:00:00.0000000");
    assert_eq!(view["headers"]["Preference-Applied"], "outlook.timezone=\"Tokyo Standard Time\"");
    assert_eq!(
        (&response(&answer.body, "c")["status"], &response(&answer.body, "c")["body"]["error"]["code"]),
        (&json!(404), &json!("ErrorItemNotFound"))
    );
    assert_eq!(response(&answer.body, "d")["status"], 424);
    assert!(response(&answer.body, "e")["body"].as_str().unwrap().starts_with("iVBORw0KGgo"), "bytes come as base64");
}

#[tokio::test]
async fn malformed_envelopes_are_refused() {
    let adele = Graph::new().session("adelev");
    let get = |id: &str| json!({ "id": id, "method": "GET", "url": "/me" });
    let many: Vec<Value> = (0..21).map(|number| get(&number.to_string())).collect();
    for requests in [
        json!([]),
        many.into(),
        json!([get("x"), get("X")]),
        json!([{ "id": "1", "method": "GET" }]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["2"] }]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["1"] }]),
        json!([{ "id": "1", "method": "POST", "url": "/me/events", "body": {} }]),
        json!([{ "id": "1", "method": "POST", "url": "/$batch" }]),
    ] {
        adele.post("/$batch", &json!({ "requests": requests })).await.refused(400, "BadRequest");
    }
}
