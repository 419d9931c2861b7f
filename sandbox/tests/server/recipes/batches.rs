//! What goes wrong inside a batch.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Kitchen, lunch};

/// Sends parts with the ids 1, 2, 3.
async fn batch(kitchen: &Kitchen, parts: &[(&str, &str, Option<Value>)]) -> Vec<Value> {
    let requests: Vec<Value> = parts
        .iter()
        .zip(1..)
        .map(|((method, url, body), id)| {
            let mut request = json!({ "id": id.to_string(), "method": method, "url": url });
            if let Some(body) = body {
                request["body"] = body.clone();
                request["headers"] = json!({ "Content-Type": "application/json" });
            }
            if id == 3 {
                request["dependsOn"] = json!(["2"]);
            }
            request
        })
        .collect();
    let response = kitchen.send(Method::POST, "/$batch", Some(&json!({ "requests": requests }))).await.unwrap();
    assert_eq!(response.status(), 200);
    response.json::<Value>().await.unwrap()["responses"].as_array().unwrap().clone()
}

fn of<'a>(responses: &'a [Value], id: &str) -> &'a Value {
    responses.iter().find(|response| response["id"] == id).unwrap_or_else(|| panic!("{responses:?}"))
}

#[tokio::test]
async fn parts_fail_alone() {
    let kitchen = Kitchen::new().await;
    let parts = [("GET", "/me", None), ("GET", "/me/people?$top=1", None), ("GET", "/me/calendars", None)];
    kitchen.cook("part of a batch throttled").await;
    let responses = batch(&kitchen, &parts).await;
    let throttled = of(&responses, "2");
    assert_eq!((&throttled["status"], &throttled["headers"]["Retry-After"]), (&json!(429), &json!("7")));
    assert_eq!(throttled["body"]["error"]["code"], "TooManyRequests");
    assert_eq!((&of(&responses, "1")["status"], &of(&responses, "3")["status"]), (&json!(200), &json!(424)), "the third depends on it");

    kitchen.cook("part of a batch throttled though written").await;
    let before = kitchen.json("/me/events?$filter=subject eq 'Written'").await["value"].as_array().unwrap().len();
    let responses = batch(&kitchen, &[("GET", "/me", None), ("POST", "/me/events", Some(lunch("Written")))]).await;
    assert_eq!((before, &of(&responses, "2")["status"]), (0, &json!(429)));
    let after = kitchen.json("/me/events?$filter=subject eq 'Written'").await;
    assert_eq!(after["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn rules_count_parts_or_the_whole() {
    let kitchen = Kitchen::new().await;
    let parts = [("GET", "/me", None), ("GET", "/me/people?$top=1", None)];
    let statuses = async || {
        let responses = batch(&kitchen, &parts).await;
        ["1", "2"].map(|id| of(&responses, id)["status"].as_u64().unwrap())
    };
    let install = async |rule: Value| {
        reqwest::Client::new().delete(format!("{}/sandbox/faults", kitchen.running.base_url)).send().await.unwrap();
        kitchen.browser.control("/faults", rule).await;
    };
    // A rule that matches the batch is the batch's; its parts are not counted.
    install(json!({ "match": { "path": "/v1.0/**", "nth": 2 }, "act": { "status": 503 } })).await;
    assert_eq!(statuses().await, [200, 200]);
    let whole = kitchen.send(Method::POST, "/$batch", Some(&json!({ "requests": [] }))).await.unwrap();
    assert_eq!(whole.status(), 503);
    // One for a part changes that part: its body, its headers, or what is in it.
    install(json!({ "match": { "path": "/v1.0/me" }, "act": { "set": { "/displayName": null }, "headers": { "X-Fault": "1" } } })).await;
    let responses = batch(&kitchen, &parts).await;
    let first = of(&responses, "1");
    assert!(first["body"]["displayName"].is_null() && first["body"]["id"].is_string() && first["headers"]["X-Fault"] == "1", "{first}");
    install(json!({ "match": { "path": "/v1.0/me" }, "act": { "status": 404, "body": { "error": { "code": "x" } } } })).await;
    let responses = batch(&kitchen, &parts).await;
    assert_eq!((&of(&responses, "1")["status"], &of(&responses, "1")["body"]["error"]["code"]), (&json!(404), &json!("x")));
    // One about connections cannot be a part's.
    install(json!({ "match": { "path": "/v1.0/me" }, "act": { "drop": "beforeResponse" } })).await;
    assert_eq!(statuses().await, [200, 200]);
}

#[tokio::test]
async fn the_list_of_answers_is_in_disorder() {
    let kitchen = Kitchen::new().await;
    let parts = [("GET", "/me", None), ("GET", "/me/people?$top=1", None), ("GET", "/me/calendars", None)];
    let seen = async |name: &str| {
        kitchen.cook(name).await;
        let responses = batch(&kitchen, &parts).await;
        responses.iter().map(|response| response["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(seen("batch out of order").await, ["3", "2", "1"]);
    assert_eq!(seen("batch with an answer missing").await, ["1", "2"]);
    assert_eq!(seen("batch with an answer twice").await, ["1", "2", "3", "1"]);
    assert_eq!(seen("batch with an unknown answer").await, ["1", "2", "3", "sandbox-unknown"]);
}
