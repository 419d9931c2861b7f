//! The log, the clock, switches and reset.

use convoke_sandbox::{Config, Sandbox, StartError};
use serde_json::{Value, json};

use crate::harness::*;

#[tokio::test]
async fn the_log_shows_requests_without_secrets() {
    let running = start();
    let browser = Browser::new(&running);
    let tokens = browser.sign_in(ADELE, "openid offline_access User.Read").await;
    browser.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await;
    let token = tokens["access_token"].as_str().unwrap();
    let http = reqwest::Client::new();
    let body = json!({ "subject": "Lunch" });
    http.post(format!("{}/nothing?x=1", running.graph_url)).bearer_auth(token).header("Prefer", "a=b").json(&body).send().await.unwrap();

    let log = browser.requests().await;
    let grants: Vec<_> =
        log.iter().filter(|entry| entry["path"] == "/common/oauth2/v2.0/token").map(|entry| &entry["body"]["grant_type"]).collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);
    let last = log.last().unwrap();
    assert_eq!((&last["method"], &last["path"], &last["status"]), (&json!("POST"), &json!("/v1.0/nothing?x=1"), &json!(501)));
    assert_eq!((&last["body"], &last["account"], &last["authorized"]), (&body, &json!(ADELE), &json!(true)));
    assert_eq!(last["headers"]["prefer"], "a=b");
    assert!(chrono::DateTime::parse_from_rfc3339(last["time"].as_str().unwrap()).is_ok());
    let text = json!(log).to_string();
    for secret in [token, VERIFIER, tokens["refresh_token"].as_str().unwrap()] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(log.iter().any(|entry| entry["body"]["code"] == "[redacted]"));
    assert!(!text.contains("/sandbox/"), "control calls are left out");

    let cleared = http.delete(format!("{}/sandbox/requests", running.base_url)).send().await.unwrap();
    assert_eq!(cleared.status(), 204);
    assert!(browser.requests().await.is_empty());
}

#[tokio::test]
async fn tokens_can_be_had_without_a_sign_in() {
    let running = start();
    let browser = Browser::new(&running);
    let asked = browser.control("/tokens", json!({ "account": ADELE, "scope": "User.Read calendars.read" })).await;
    assert_eq!(asked.status(), 201);
    let body: Value = asked.json().await.unwrap();
    let token = body["accessToken"].as_str().unwrap();
    assert_eq!(claims(&body["accessToken"])["scp"], "User.Read Calendars.Read");
    assert_eq!(browser.graph("/me/events", token).await.status(), 200);
    assert_eq!(browser.graph("/me/messages", token).await.status(), 403);
    let nobody = browser.control("/tokens", json!({ "account": "nobody@contoso.onmicrosoft.com", "scope": "User.Read" })).await;
    assert_eq!(nobody.status(), 404);
    let nothing: Value = browser.control("/tokens", json!({ "account": ADELE, "scope": "Calendar.Read" })).await.json().await.unwrap();
    assert_eq!(nothing["error"]["member"], "scope");
}

#[tokio::test]
async fn preflights_are_logged_apart() {
    let running = start();
    let http = reqwest::Client::new();
    let url = format!("{}/me", running.graph_url);
    http.request(reqwest::Method::OPTIONS, url).header("Access-Control-Request-Method", "GET").send().await.unwrap();
    assert!(Browser::new(&running).requests().await.is_empty());
    let all: Vec<Value> =
        reqwest::get(format!("{}/sandbox/requests?preflights=true", running.base_url)).await.unwrap().json().await.unwrap();
    assert_eq!(all[0]["method"], "OPTIONS");
}

#[tokio::test]
async fn stored_events_are_shown() {
    let running = start();
    let stored: Value = reqwest::get(format!("{}/sandbox/mailboxes/{ADELE}/events", running.base_url)).await.unwrap().json().await.unwrap();
    let events = stored["value"].as_array().unwrap();
    assert!(!events.is_empty() && events.iter().all(|event| event["id"].is_string()));
    let nobody = reqwest::get(format!("{}/sandbox/mailboxes/nobody@contoso.onmicrosoft.com/events", running.base_url)).await.unwrap();
    assert_eq!(nobody.status(), 404);
}

#[tokio::test]
async fn the_clock_can_be_set_and_moved() {
    let running = start();
    let browser = Browser::new(&running);
    let shown: Value = browser.control("/clock", json!({ "now": "2026-03-29T00:59:00Z" })).await.json().await.unwrap();
    assert!(shown["now"].as_str().unwrap().starts_with("2026-03-29T00:59:00"));
    let shown: Value = browser.control("/clock", json!({ "advanceSeconds": 120 })).await.json().await.unwrap();
    assert!(shown["now"].as_str().unwrap().starts_with("2026-03-29T01:01:0"), "{shown}");
    // Answers carry the sandbox's time.
    let response = reqwest::get(format!("{}/me", running.graph_url)).await.unwrap();
    assert!(response.headers()["date"].to_str().unwrap().starts_with("Sun, 29 Mar 2026 01:01:0"));
}

#[tokio::test]
async fn bad_control_input_is_named() {
    let running = start();
    let browser = Browser::new(&running);
    let check = |path: &'static str, body: Value, member: &'static str| {
        let browser = &browser;
        async move {
            let response = browser.control(path, body.clone()).await;
            assert_eq!(response.status(), 400, "{body}");
            let error: Value = response.json().await.unwrap();
            assert_eq!(error["error"]["member"], member, "{error}");
        }
    };
    check("/clock", json!({}), "now").await;
    check("/clock", json!({ "now": "yesterday" }), "now").await;
    check("/clock", json!({ "advanceSeconds": 1e300 }), "advanceSeconds").await;
    check("/clock", json!({ "advanceSeconds": i64::MAX }), "advanceSeconds").await;
    check("/switches", json!({ "strictRotations": true }), "strictRotations").await;
    check("/switches", json!({ "userConsent": "no" }), "userConsent").await;
    check("/switches", json!({ "staleEtagStatus": 200 }), "staleEtagStatus").await;
    check("/switches", json!({ "mailboxLatencyMs": -1 }), "mailboxLatencyMs").await;
    check("/faults", json!({ "act": {} }), "act").await;
    check("/faults", json!({ "act": { "status": 99 } }), "act.status").await;
    check("/faults", json!({ "act": { "status": "500" } }), "act.status").await;
    check(
        "/faults",
        json!([{ "act": { "delayMs": 1 } }, { "act": { "throttle": { "retryAfter": [] } } }]),
        "rules[1].act.throttle.retryAfter",
    )
    .await;
    check("/faults", json!({ "match": { "method": "BREW" }, "act": { "status": 500 } }), "match.method").await;
    check("/faults", json!({ "match": { "probability": 2 }, "act": { "status": 500 } }), "match.probability").await;
    check("/faults", json!({ "match": { "nth": 0 }, "act": { "status": 500 } }), "match.nth").await;
    check("/faults", json!({ "act": { "headers": { "a b": "c" } } }), "act.headers").await;
    assert_eq!(browser.control("/faults", json!({ "rules": [] })).await.status(), 201);
}

#[tokio::test]
async fn switches_of_graph_and_of_entra_are_one_list() {
    let running = start();
    let browser = Browser::new(&running);
    let token = browser.sign_in(ADELE, "openid Calendars.Read").await["access_token"].as_str().unwrap().to_owned();
    let url = format!("{}/sandbox/switches", running.base_url);
    let read = async || reqwest::get(&url).await.unwrap().json::<Value>().await.unwrap();
    let before = read().await;
    assert_eq!((&before["calendarViewMaxDays"], &before["userConsent"]), (&json!(1825), &json!(true)));
    let week = "/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z&$top=1";
    assert_eq!(browser.graph(week, &token).await.status(), 200);

    let changes = json!({ "calendarViewMaxDays": 3, "accessTokenSeconds": 3600 });
    let answer: Value = browser.control("/switches", changes).await.json().await.unwrap();
    assert_eq!(answer, read().await);
    assert_eq!((&answer["calendarViewMaxDays"], &answer["accessTokenSeconds"]), (&json!(3), &json!(3600)));
    assert_eq!(browser.graph(week, &token).await.status(), 400);
    // Of changes that are not all in order, none is made.
    assert_eq!(browser.control("/switches", json!({ "accessTokenSeconds": 60, "scheduleMaxDays": "many" })).await.status(), 400);
    assert_eq!(read().await, answer);
    browser.control("/reset", json!({})).await;
    assert_eq!(read().await, before);
}

#[tokio::test]
async fn a_reset_forgets_everything() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, "openid").await;
    browser.control("/faults", json!({ "act": { "status": 500 } })).await;
    browser.control("/clock", json!({ "now": "2020-01-01T00:00:00Z" })).await;
    browser.control("/switches", json!({ "userConsent": false })).await;
    running.context().world().users.clear();
    assert_eq!(browser.control("/reset", json!({})).await.status(), 204);
    assert!(browser.requests().await.is_empty());
    let page = browser.get(&authorize(DEMO, "openid", &[])).await;
    assert_eq!(page.heading(), "Sign in", "the session is gone");
    assert_eq!(browser.submit(&page, &[("account", ADELE)]).await.heading(), "Permissions requested", "and the consent");
    assert!((running.context().clock.now() - chrono::Utc::now()).num_seconds().abs() < 5);
}

#[tokio::test]
async fn many_run_side_by_side_and_stop() {
    let several: Vec<_> = (0..8).map(|_| start()).collect();
    for (index, running) in several.iter().enumerate() {
        running.context().clock.advance(chrono::TimeDelta::days(i64::try_from(index).unwrap()));
        assert_eq!(reqwest::get(&running.base_url).await.unwrap().status(), 200);
    }
    assert!(several[0].context().clock.now() < several[7].context().clock.now());
    let (mut addresses, mut several) = (Vec::new(), several.into_iter());
    for running in several.by_ref().take(4) {
        addresses.push(running.base_url.clone());
        running.stop().await;
    }
    addresses.extend(several.map(|running| running.base_url.clone()));
    for address in addresses {
        assert!(reqwest::get(&address).await.is_err(), "{address} still answers");
    }
}

#[test]
fn a_bad_start_says_why() {
    let running = start();
    let port = running.base_url.rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::start(Config { port, ..Config::default() }).unwrap_err();
    assert!(matches!(error, StartError::Bind { .. }) && error.to_string().starts_with("port: "), "{error}");
    if cfg!(not(feature = "tls")) {
        let error = Sandbox::start(Config { tls: true, ..Config::default() }).unwrap_err();
        assert!(error.to_string().starts_with("tls: "), "{error}");
    }
    let faults = Some(json!([{ "act": { "status": 700 } }]));
    let error = Sandbox::start(Config { faults, ..Config::default() }).unwrap_err();
    assert_eq!(error.to_string(), "faults: rules[0].act.status: must be between 200 and 599");
}
