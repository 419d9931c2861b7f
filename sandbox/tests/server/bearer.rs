//! What Graph asks of a token before it does anything.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::*;

async fn token(browser: &Browser) -> String {
    browser.sign_in(ADELE, "openid User.Read").await["access_token"].as_str().unwrap().to_owned()
}

/// A path that nobody models: past the bearer check it is refused by name, before it by 401.
const NOWHERE: &str = "/nothing/here?x=1";

async fn denied(response: Response, message: &str) -> Response {
    assert_eq!(response.status(), 401);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert!(challenge.starts_with("Bearer realm=\"\", authorization_uri=\"http://127.0.0.1:"), "{challenge}");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let id = response.headers()["request-id"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], "InvalidAuthenticationToken");
    assert!(body["error"]["message"].as_str().unwrap().contains(message), "{body}");
    assert_eq!(body["error"]["innerError"]["request-id"], id);
    assert!(chrono::NaiveDateTime::parse_from_str(body["error"]["innerError"]["date"].as_str().unwrap(), "%Y-%m-%dT%H:%M:%S").is_ok());
    reqwest::Response::from(axum::http::Response::new(challenge))
}

#[tokio::test]
async fn only_a_valid_token_for_this_graph_passes() {
    let running = start();
    let browser = Browser::new(&running);
    let token = token(&browser).await;
    let past = browser.graph(NOWHERE, &token).await;
    assert_eq!(past.status(), 501);
    assert!(past.text().await.unwrap().contains("nothing/here"));

    let bare = reqwest::Client::new().get(format!("{}{NOWHERE}", running.graph_url)).header("Origin", ORIGIN).send().await.unwrap();
    denied(bare, "empty").await;
    denied(browser.graph(NOWHERE, "rubbish").await, "not well formed").await;
    let id_token = browser.sign_in(ADELE, "openid User.Read").await["id_token"].as_str().unwrap().to_owned();
    denied(browser.graph(NOWHERE, &id_token).await, "").await;
    // The same key signs for every sandbox, and yet a token is good for one only.
    let other = start();
    denied(Browser::new(&other).graph(NOWHERE, &token).await, "issuer").await;
    let (head, signature) = token.rsplit_once('.').unwrap();
    let payload = head.split('.').nth(1).unwrap();
    let mut forged: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    forged["scp"] = json!("Directory.ReadWrite.All");
    let forged = format!("{}.{}.{signature}", head.split('.').next().unwrap(), URL_SAFE_NO_PAD.encode(forged.to_string()));
    denied(browser.graph(NOWHERE, &forged).await, "Signature").await;

    running.context().clock.advance(TimeDelta::seconds(4440));
    assert_eq!(browser.graph(NOWHERE, &token).await.status(), 501);
    running.context().clock.advance(TimeDelta::seconds(61));
    denied(browser.graph(NOWHERE, &token).await, "expired").await;
}

#[tokio::test]
async fn pages_of_other_origins_may_call_graph() {
    let running = start();
    let browser = Browser::new(&running);
    let http = reqwest::Client::new();
    let preflight = http
        .request(reqwest::Method::OPTIONS, format!("{}/me/events", running.graph_url))
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization,content-type,prefer")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "authorization,content-type,prefer");
    assert!(preflight.headers()["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
    // A sign-in page is nothing that a script may fetch.
    let sign_in = http
        .request(reqwest::Method::OPTIONS, format!("{}/common/oauth2/v2.0/authorize", running.login_url))
        .header("Access-Control-Request-Method", "GET")
        .send()
        .await
        .unwrap();
    assert!(!sign_in.headers().contains_key("access-control-allow-origin"));

    let token = token(&browser).await;
    let exposed = browser.graph(NOWHERE, &token).await.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    assert!(exposed.contains("request-id") && exposed.contains("WWW-Authenticate") && exposed.contains("Retry-After"), "{exposed}");
    browser.control("/switches", json!({ "exposeRetryAfter": false })).await;
    let exposed = browser.graph(NOWHERE, &token).await.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    assert!(!exposed.contains("Retry-After"), "{exposed}");
}

#[tokio::test]
async fn the_clients_request_id_comes_back() {
    let running = start();
    let response = reqwest::Client::new()
        .get(format!("{}/me", running.graph_url))
        .header("client-request-id", "7a3c2f3e-0000-4000-8000-000000000001")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["client-request-id"], "7a3c2f3e-0000-4000-8000-000000000001");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["innerError"]["client-request-id"], "7a3c2f3e-0000-4000-8000-000000000001");
}

#[tokio::test]
async fn a_challenge_is_met_by_a_token_got_with_its_claims() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, "openid User.Read offline_access").await;
    let capable = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
    let page = browser.get(&authorize(DEMO, "openid User.Read offline_access", &[("claims", capable)])).await;
    let body: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    browser.control("/faults", json!({ "match": { "path": "/v1.0/**" }, "act": { "claimsChallenge": true } })).await;
    let challenge = denied(browser.graph(NOWHERE, body["access_token"].as_str().unwrap()).await, "").await.text().await.unwrap();
    let mut wanted: Value = serde_json::from_slice(&STANDARD.decode(between(&challenge, "claims=\"", "\"")).unwrap()).unwrap();
    // Renewing without the claims does not help, with them it does.
    let refresh = body["refresh_token"].as_str().unwrap();
    let renewed: Value = browser.refresh(refresh, &[]).await.json().await.unwrap();
    denied(browser.graph(NOWHERE, renewed["access_token"].as_str().unwrap()).await, "").await;
    wanted["access_token"]["xms_cc"] = json!({ "values": ["cp1"] });
    let renewed: Value = browser.refresh(refresh, &[("claims", &wanted.to_string())]).await.json().await.unwrap();
    assert_eq!(browser.graph(NOWHERE, renewed["access_token"].as_str().unwrap()).await.status(), 501);
}

#[tokio::test]
async fn revoked_tokens_are_challenged_where_the_client_can_answer() {
    let running = start();
    let browser = Browser::new(&running);
    let plain = token(&browser).await;
    let claims = [("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#)];
    let page = browser.get(&authorize(DEMO, "openid User.Read offline_access", &claims)).await;
    let page = if page.location.is_none() { browser.submit(&page, &[("decision", "accept")]).await } else { page };
    let body: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    let capable = body["access_token"].as_str().unwrap();

    browser.control("/faults", json!({ "match": { "path": "/v1.0/**", "times": 1 }, "act": { "revokeTokens": true } })).await;
    let challenge = denied(browser.graph(NOWHERE, capable).await, "").await.text().await.unwrap();
    assert!(challenge.contains("error=\"insufficient_claims\""), "{challenge}");
    let wanted: Value = serde_json::from_slice(&STANDARD.decode(between(&challenge, "claims=\"", "\"")).unwrap()).unwrap();
    assert_eq!(wanted["access_token"]["nbf"]["essential"], true);
    let challenge = denied(browser.graph(NOWHERE, &plain).await, "revoked").await.text().await.unwrap();
    assert!(!challenge.contains("claims"), "{challenge}");
    refused(browser.refresh(body["refresh_token"].as_str().unwrap(), &[]).await, 50_173, "invalid_grant").await;
    // A new sign-in, though in the same second, is good.
    let fresh = token(&browser).await;
    assert_eq!(browser.graph(NOWHERE, &fresh).await.status(), 501);
}
