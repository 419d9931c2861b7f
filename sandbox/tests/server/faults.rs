//! Faults as they look on the wire.

use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::*;

/// A body to spoil: the discovery document serves as well as any of Graph's.
const DOCUMENT: &str = "/common/v2.0/.well-known/openid-configuration";

async fn document(running: &convoke_sandbox::Running) -> Result<Response, reqwest::Error> {
    reqwest::get(format!("{}{DOCUMENT}", running.base_url)).await
}

async fn install(browser: &Browser, rule: Value) {
    let response = browser.control("/faults", rule.clone()).await;
    assert_eq!(response.status(), 201, "{rule}");
}

#[tokio::test]
async fn rules_match_count_and_end() {
    let running = start();
    let browser = Browser::new(&running);
    let token = browser.sign_in(ADELE, "openid User.Read").await["access_token"].as_str().unwrap().to_owned();
    let other = Browser::new(&running).sign_in(ADMIN, "openid User.Read").await["access_token"].as_str().unwrap().to_owned();
    install(&browser, json!({ "match": { "method": "get", "path": "/v1.0/me/*", "account": ADELE, "nth": 2 }, "act": { "status": 503 } }))
        .await;
    assert_eq!(browser.graph("/me/a", &token).await.status(), 501);
    assert_eq!(browser.graph("/me/a", &other).await.status(), 501, "another account");
    assert_eq!(browser.graph("/me/a/b", &token).await.status(), 501, "another path");
    let failed = browser.graph("/me/a", &token).await;
    assert_eq!(failed.status(), 503);
    assert_eq!(failed.headers()["access-control-allow-origin"], "*");
    assert_eq!(failed.json::<Value>().await.unwrap()["error"]["code"], "ServiceUnavailable");
    assert_eq!(browser.graph("/me/a", &token).await.status(), 501);

    install(&browser, json!({ "match": { "path": "/v1.0/me/c", "times": 2 }, "act": { "status": 500 } })).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(browser.graph("/me/c", &token).await.status().as_u16());
    }
    assert_eq!(seen, [500, 500, 501]);
    let listed: Value = reqwest::get(format!("{}/sandbox/faults", running.base_url)).await.unwrap().json().await.unwrap();
    assert_eq!((&listed["rules"][1]["matched"], &listed["rules"][1]["fired"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn probability_is_drawn_the_same_in_each_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let running = start();
        install(&Browser::new(&running), json!({ "match": { "probability": 0.5 }, "act": { "status": 500 } })).await;
        let mut failures = Vec::new();
        for _ in 0..30 {
            failures.push(document(&running).await.unwrap().status() == 500);
        }
        runs.push(failures);
    }
    assert_eq!(runs[0], runs[1]);
    let failed = runs[0].iter().filter(|failed| **failed).count();
    assert!((5..=25).contains(&failed), "{failed} of 30");
}

#[tokio::test]
async fn throttling_says_when_to_come_back_or_not() {
    let running = start();
    let browser = Browser::new(&running);
    let token = browser.sign_in(ADELE, "openid User.Read").await["access_token"].as_str().unwrap().to_owned();
    let once = json!({ "path": "/v1.0/**", "times": 1 });
    install(&browser, json!({ "match": once, "act": { "throttle": { "retryAfter": 7 } } })).await;
    install(
        &browser,
        json!({ "match": once, "act": { "throttle": { "retryAfter": "Fri, 20 Nov 2026 00:00:00 GMT", "readable": false } } }),
    )
    .await;
    install(&browser, json!({ "match": once, "act": { "throttle": { "retryAfter": null } } })).await;
    let exposed = |response: &Response| response.headers()["access-control-expose-headers"].to_str().unwrap().contains("Retry-After");
    let response = browser.graph("/me/a", &token).await;
    assert_eq!((response.status().as_u16(), &response.headers()["retry-after"], exposed(&response)), (429, &"7".parse().unwrap(), true));
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], "TooManyRequests");
    let response = browser.graph("/me/a", &token).await;
    assert_eq!(response.headers()["retry-after"], "Fri, 20 Nov 2026 00:00:00 GMT");
    assert!(!exposed(&response));
    let response = browser.graph("/me/a", &token).await;
    assert_eq!((response.status().as_u16(), response.headers().contains_key("retry-after")), (429, false));
}

#[tokio::test]
async fn entra_is_busy_in_its_own_words() {
    let running = start();
    install(&Browser::new(&running), json!({ "match": { "times": 1 }, "act": { "throttle": { "retryAfter": 3 } } })).await;
    let response = document(&running).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (429, "3"));
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let body: Value = response.json().await.unwrap();
    assert_eq!((&body["error"], &body["error_codes"][0]), (&json!("temporarily_unavailable"), &json!(90033)));
}

#[tokio::test]
async fn connections_end_early() {
    let running = start();
    let browser = Browser::new(&running);
    install(&browser, json!({ "match": { "times": 1 }, "act": { "drop": "beforeResponse" } })).await;
    assert!(document(&running).await.is_err());
    assert_eq!(browser.requests().await[0]["status"], Value::Null);

    install(&browser, json!({ "match": { "times": 1 }, "act": { "drop": "midBody" } })).await;
    let response = document(&running).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.is_err(), "the body ends in the middle");

    install(&browser, json!({ "match": { "times": 1 }, "act": { "truncateBytes": 10 } })).await;
    assert_eq!(document(&running).await.unwrap().text().await.unwrap(), "{\"token_en");
    assert!(document(&running).await.unwrap().json::<Value>().await.is_ok());
}

#[tokio::test]
async fn answers_come_late_or_slowly() {
    let running = start();
    let browser = Browser::new(&running);
    install(&browser, json!({ "match": { "times": 1 }, "act": { "delayMs": 300 } })).await;
    let began = Instant::now();
    assert_eq!(document(&running).await.unwrap().status(), 200);
    assert!(began.elapsed() >= Duration::from_millis(300));
    install(&browser, json!({ "match": { "times": 1 }, "act": { "trickleBytesPerSecond": 5000 } })).await;
    let began = Instant::now();
    let text = document(&running).await.unwrap().text().await.unwrap();
    assert!(text.len() > 1000 && began.elapsed() >= Duration::from_millis(150), "{} {:?}", text.len(), began.elapsed());
    // One that hangs does not hold up the end of the sandbox.
    install(&browser, json!({ "act": { "delayMs": 60_000 } })).await;
    let url = format!("{}{DOCUMENT}", running.base_url);
    let hanging = tokio::spawn(async move { reqwest::get(url).await.is_err() });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Instant::now();
    running.stop().await;
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(hanging.await.unwrap());
}

#[tokio::test]
async fn bodies_and_headers_are_spoilt() {
    let running = start();
    let browser = Browser::new(&running);
    let once = json!({ "times": 1 });
    install(
        &browser,
        json!({ "match": once, "act": { "body": "<html>", "headers": { "Content-Type": "text/html", "X-Two": ["1", "2"] } } }),
    )
    .await;
    let response = document(&running).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["content-type"].to_str().unwrap()), (200, "text/html"));
    assert_eq!(response.headers().get_all("x-two").iter().count(), 2);
    assert_eq!(response.text().await.unwrap(), "<html>");

    install(&browser, json!({ "match": once, "act": { "wrongTypes": true } })).await;
    let spoilt: Value = document(&running).await.unwrap().json().await.unwrap();
    assert!(spoilt["issuer"].is_number() && spoilt["response_types_supported"].is_object(), "{spoilt}");
    install(&browser, json!({ "match": once, "act": { "nulls": true, "unknownMembers": true } })).await;
    let spoilt: Value = document(&running).await.unwrap().json().await.unwrap();
    assert!(spoilt["issuer"].is_null() && spoilt["sandboxUnknown"].is_object());
    install(&browser, json!({ "match": once, "act": { "nextLink": "loop", "set": { "/issuer": "https://evil.example" } } })).await;
    let spoilt: Value = document(&running).await.unwrap().json().await.unwrap();
    assert_eq!(spoilt["@odata.nextLink"], format!("{}{DOCUMENT}", running.base_url));
    assert_eq!(spoilt["issuer"], "https://evil.example");

    // Headers: one removed, others readable than usual.
    install(&browser, json!({ "match": once, "act": { "headers": { "Access-Control-Allow-Origin": null }, "exposeHeaders": ["ETag"] } }))
        .await;
    let response = document(&running).await.unwrap();
    assert!(!response.headers().contains_key("access-control-allow-origin"));
    assert_eq!(response.headers()["access-control-expose-headers"], "ETag");
    install(&browser, json!({ "match": once, "act": { "status": 202, "body": { "a": [1] } } })).await;
    let response = document(&running).await.unwrap();
    assert_eq!((response.status().as_u16(), response.json::<Value>().await.unwrap()), (202, json!({ "a": [1] })));

    install(&browser, json!({ "match": once, "act": { "cors": false } })).await;
    assert!(!document(&running).await.unwrap().headers().contains_key("access-control-allow-origin"));
    assert!(document(&running).await.unwrap().headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_write_can_happen_although_its_answer_is_lost() {
    let running = start();
    let browser = Browser::new(&running);
    let code = browser.code(DEMO, ADELE, "openid").await;
    let rule =
        |perform: bool| json!({ "match": { "path": "/*/oauth2/v2.0/token", "times": 1 }, "act": { "status": 504, "perform": perform } });
    install(&browser, rule(false)).await;
    assert_eq!(browser.redeem(&code, &[]).await.status(), 504);
    install(&browser, rule(true)).await;
    assert_eq!(browser.redeem(&code, &[]).await.status(), 504, "not carried out before, so the code is still good");
    refused(browser.redeem(&code, &[]).await, 54_005, "invalid_grant").await;
}

#[tokio::test]
async fn entra_refuses_on_demand_at_the_token_endpoint() {
    let running = start();
    let browser = Browser::new(&running);
    let tokens = browser.sign_in(ADELE, "openid offline_access").await;
    let rule = json!({ "match": { "path": "/*/oauth2/v2.0/token", "account": ADELE, "times": 1 }, "act": { "entraError": 50076 } });
    install(&browser, rule).await;
    let response = browser.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await;
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        (&body["error"], &body["error_codes"][0], &body["suberror"]),
        (&json!("invalid_grant"), &json!(50076), &json!("basic_action"))
    );
    assert!(serde_json::from_str::<Value>(body["claims"].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn a_mailbox_takes_four_requests_at_once() {
    let running = start();
    let browser = Browser::new(&running);
    let scope = "openid Calendars.Read";
    let adele = browser.sign_in(ADELE, scope).await["access_token"].as_str().unwrap().to_owned();
    let admin = Browser::new(&running).sign_in(ADMIN, scope).await["access_token"].as_str().unwrap().to_owned();
    install(&browser, json!({ "match": { "path": "/v1.0/me/calendars" }, "act": { "delayMs": 1500 } })).await;
    let ask = |token: &str| {
        let request = reqwest::Client::new().get(format!("{}/me/calendars", running.graph_url)).bearer_auth(token);
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    };
    let several: Vec<_> = (0..6).map(|_| ask(&adele)).collect();
    let other = ask(&admin);
    let mut seen = Vec::new();
    for answer in several {
        seen.push(answer.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, [200, 200, 200, 200, 429, 429]);
    assert_eq!(other.await.unwrap(), 200, "another mailbox");
    assert_eq!(ask(&adele).await.unwrap(), 200, "places are given back");
}

#[tokio::test]
async fn graphs_answers_are_spoilt_as_well() {
    let running = start();
    let browser = Browser::new(&running);
    let token = browser.sign_in(ADELE, "openid Calendars.Read").await["access_token"].as_str().unwrap().to_owned();
    let path = "/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z&$top=3";
    let page = async || browser.graph(path, &token).await.json::<Value>().await.unwrap();
    let good = page().await;
    let ids = |page: &Value| page["value"].as_array().unwrap().iter().map(|event| event["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&good).len(), 3);
    let once = |act: Value| json!({ "match": { "path": "/v1.0/me/calendarView", "times": 1 }, "act": act });
    install(&browser, once(json!({ "unknownEnums": true }))).await;
    assert_eq!(page().await["value"][0]["showAs"], "sandboxUnknownValue");
    install(&browser, once(json!({ "nulls": true }))).await;
    let nulls = page().await;
    assert_eq!((ids(&nulls), &nulls["value"][0]["subject"]), (ids(&good), &Value::Null));

    // A page that repeats under ever new addresses.
    install(&browser, json!({ "match": { "path": "/v1.0/me/calendarView" }, "act": { "nextLink": "repeat" } })).await;
    let mut seen = Vec::new();
    let mut next = format!("{}{path}", running.graph_url);
    for _ in 0..3 {
        let answer: Value = reqwest::Client::new().get(&next).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
        assert_eq!(ids(&answer), ids(&good));
        next = answer["@odata.nextLink"].as_str().unwrap().to_owned();
        assert!(!seen.contains(&next), "{next}");
        seen.push(next.clone());
    }
}
