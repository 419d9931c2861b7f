//! Redeeming codes, refreshing, and what tokens say.

use chrono::{TimeDelta, Utc};
use convoke_sandbox::{Config, Switches};
use serde_json::{Value, json};

use crate::harness::*;

const SCOPE: &str = "openid profile offline_access User.Read";

#[tokio::test]
async fn tokens_say_what_entra_says() {
    let running = start();
    let browser = Browser::new(&running);
    let body = browser.sign_in(ADELE, SCOPE).await;
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(4500)));
    assert_eq!(body["scope"], "openid profile User.Read");
    assert_eq!(body["refresh_token_expires_in"], 86_400);
    let id = claims(&body["id_token"]);
    let contoso = contoso(&running);
    let issuer = format!("{}/{contoso}/v2.0", running.login_url);
    let expected = json!({ "aud": DEMO, "iss": issuer, "tid": contoso, "oid": object_id(&running, ADELE), "name": "Adele Vance",
        "preferred_username": ADELE, "nonce": "the nonce", "ver": "2.0" });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&id[name], value, "{name}");
    }
    assert_eq!(id["exp"].as_i64().unwrap() - id["iat"].as_i64().unwrap(), 4500);
    assert!((id["iat"].as_i64().unwrap() - Utc::now().timestamp()).abs() < 60);
    let access = claims(&body["access_token"]);
    assert_eq!((&access["aud"], &access["azp"]), (&json!("00000003-0000-0000-c000-000000000000"), &json!(DEMO)));
    assert_eq!((&access["iss"], &access["oid"], &access["scp"]), (&json!(issuer), &id["oid"], &body["scope"]));
    assert_ne!(access["sub"], id["sub"], "the subject differs for each audience");
    assert!(access.get("xms_cc").is_none());
}

#[tokio::test]
async fn capabilities_and_client_info_are_honoured() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, SCOPE).await;
    let changes = [("claims", r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#), ("client_info", "1")];
    let page = browser.get(&authorize(DEMO, SCOPE, &changes)).await;
    assert!(!page.answer("client_info").is_empty());
    let body: Value = browser.redeem(&page.answer("code"), &[("client_info", "1")]).await.json().await.unwrap();
    assert_eq!(claims(&body["access_token"])["xms_cc"], json!(["cp1"]));
    let info = claims(&json!(format!(".{}.", body["client_info"].as_str().unwrap())));
    assert_eq!(info, json!({ "uid": object_id(&running, ADELE), "utid": contoso(&running) }));
}

#[tokio::test]
async fn codes_are_bound_and_used_once() {
    let running = start();
    let browser = Browser::new(&running);
    let code = browser.code(DEMO, ADELE, SCOPE).await;
    let wrong_verifier = "another-verifier-of-forty-three-characters-or-more";
    refused(browser.redeem(&code, &[("code_verifier", wrong_verifier)]).await, 501_481, "invalid_grant").await;
    refused(browser.redeem(&code, &[("code_verifier", "")]).await, 900_144, "invalid_request").await;
    refused(browser.redeem(&code, &[("redirect_uri", "http://localhost:9999/")]).await, 500_112, "invalid_grant").await;
    refused(browser.redeem(&code, &[("client_id", WORK_ONLY)]).await, 70_000, "invalid_grant").await;
    refused(browser.redeem("made-up", &[]).await, 70_000, "invalid_grant").await;
    refused(browser.redeem(&code, &[("client_id", "nobody")]).await, 700_016, "unauthorized_client").await;
    refused(browser.redeem(&code, &[("grant_type", "password")]).await, 70_003, "unsupported_grant_type").await;
    refused(browser.redeem(&code, &[("tenant", "fabrikam.onmicrosoft.com")]).await, 50_020, "invalid_grant").await;
    // That last one came from the code's rightful owner, and used it up.
    refused(browser.redeem(&code, &[]).await, 54_005, "invalid_grant").await;

    // A verifier that RFC 7636 does not allow, though it fits the challenge.
    let short = browser.get(&authorize(DEMO, SCOPE, &[("code_challenge", &challenge("short"))])).await;
    refused(browser.redeem(&short.answer("code"), &[("code_verifier", "short")]).await, 501_481, "invalid_grant").await;

    let code = browser.code(DEMO, ADELE, SCOPE).await;
    running.context().clock.advance(TimeDelta::minutes(11));
    refused(browser.redeem(&code, &[]).await, 70_008, "invalid_grant").await;
}

#[tokio::test]
async fn the_platform_decides_who_redeems() {
    let running = start();
    let browser = Browser::new(&running);
    let code = browser.code(DEMO, ADELE, SCOPE).await;
    let page =
        [("grant_type", "authorization_code"), ("client_id", DEMO), ("code", &code), ("redirect_uri", APP), ("code_verifier", VERIFIER)];
    refused(browser.token(&page, &[], None).await, 9_002_327, "invalid_request").await;
    refused(browser.token(&page, &[("client_secret", "x")], Some(ORIGIN)).await, 700_025, "invalid_client").await;
    let good = browser.token(&page, &[], Some(ORIGIN)).await;
    assert_eq!(good.headers()["access-control-allow-origin"], "*");
    assert_eq!(good.headers()["cache-control"], "no-store, no-cache");

    let code = browser.code(WEB, ADELE, SCOPE).await;
    let server = [("client_id", WEB), ("code", code.as_str())];
    refused(browser.token(&page, &server, Some(ORIGIN)).await, 9_002_326, "invalid_request").await;
    refused(browser.token(&page, &server, None).await, 7_000_218, "invalid_client").await;
    let with = |secret: &'static str| [("client_id", WEB), ("code", code.as_str()), ("client_secret", secret)];
    refused(browser.token(&page, &with("wrong"), None).await, 7_000_215, "invalid_client").await;
    let good = browser.token(&page, &with("sandbox-web-secret"), None).await;
    assert_eq!(good.status(), 200);
    assert!(!good.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_page_can_refresh_for_a_day_and_no_longer() {
    let running = start();
    let browser = Browser::new(&running);
    let body = browser.sign_in(ADELE, SCOPE).await;
    let first = body["refresh_token"].as_str().unwrap();
    running.context().clock.advance(TimeDelta::hours(23));
    let second: Value = browser.refresh(first, &[]).await.json().await.unwrap();
    assert_ne!(second["refresh_token"], body["refresh_token"]);
    let left = second["refresh_token_expires_in"].as_i64().unwrap();
    assert!((3500..=3600).contains(&left), "the end stays where it was: {left}");
    assert_eq!(second["scope"], body["scope"]);
    assert!(claims(&second["id_token"]).get("nonce").is_none());
    // The old one is still good, as at Entra.
    assert_eq!(browser.refresh(first, &[]).await.status(), 200);
    refused(
        browser.token(&[("grant_type", "refresh_token"), ("client_id", DEMO), ("refresh_token", first)], &[], None).await,
        9_002_327,
        "invalid_request",
    )
    .await;
    refused(browser.refresh(first, &[("client_id", WORK_ONLY)]).await, 70_000, "invalid_grant").await;
    refused(browser.refresh(first, &[("scope", "Mail.Read")]).await, 65_001, "invalid_grant").await;

    running.context().clock.advance(TimeDelta::minutes(61));
    refused(browser.refresh(first, &[]).await, 700_084, "invalid_grant").await;
    refused(browser.refresh(second["refresh_token"].as_str().unwrap(), &[]).await, 700_084, "invalid_grant").await;
}

#[tokio::test]
async fn a_server_can_refresh_as_long_as_it_does() {
    let running = start();
    let browser = Browser::new(&running);
    let code = browser.code(WEB, ADELE, SCOPE).await;
    // The secret may come in a header as well (RFC 6749 §2.3.1).
    let http = reqwest::Client::new();
    let ask = async |form: &[(&str, &str)]| {
        let url = format!("{}/common/oauth2/v2.0/token", running.login_url);
        http.post(url).basic_auth(WEB, Some("sandbox-web-secret")).form(form).send().await.unwrap()
    };
    let redeem = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", APP), ("code_verifier", VERIFIER)];
    let mut body: Value = ask(&redeem).await.json().await.unwrap();
    assert!(body.get("refresh_token_expires_in").is_none(), "it moves with each use");
    for _ in 0..3 {
        running.context().clock.advance(TimeDelta::days(60));
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", body["refresh_token"].as_str().unwrap())];
        let response = ask(&refresh).await;
        assert_eq!(response.status(), 200);
        body = response.json().await.unwrap();
    }
    running.context().clock.advance(TimeDelta::days(91));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", body["refresh_token"].as_str().unwrap())];
    refused(ask(&refresh).await, 700_082, "invalid_grant").await;
}

#[tokio::test]
async fn rotation_can_be_strict() {
    let switches = Switches { strict_rotation: true, ..Switches::default() };
    let running = start_with(Config { switches, ..Config::default() });
    let browser = Browser::new(&running);
    let body = browser.sign_in(ADELE, SCOPE).await;
    let first = body["refresh_token"].as_str().unwrap();
    let second: Value = browser.refresh(first, &[]).await.json().await.unwrap();
    refused(browser.refresh(first, &[]).await, 70_000, "invalid_grant").await;
    assert_eq!(browser.refresh(second["refresh_token"].as_str().unwrap(), &[]).await.status(), 200);
}

#[tokio::test]
async fn applications_get_tokens_of_their_own() {
    let running = start();
    let browser = Browser::new(&running);
    let usual = [
        ("grant_type", "client_credentials"),
        ("client_id", BROKER),
        ("client_secret", "sandbox-secret"),
        ("scope", "https://graph.microsoft.com/.default"),
        ("tenant", CONTOSO),
    ];
    let ask = |changes: Vec<(&'static str, &'static str)>, origin: Option<&'static str>| {
        let browser = &browser;
        async move {
            let merged: Vec<_> =
                usual.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name)).chain(&changes).copied().collect();
            browser.token(&[], &merged, origin).await
        }
    };
    let response = ask(vec![], None).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    let access = claims(&body["access_token"]);
    assert!(access["roles"].as_array().unwrap().contains(&json!("Calendars.ReadWrite")) && access.get("scp").is_none());
    assert!(body.get("refresh_token").is_none());

    refused(ask(vec![("client_secret", "wrong")], None).await, 7_000_215, "invalid_client").await;
    refused(ask(vec![("tenant", "common")], None).await, 50_059, "invalid_request").await;
    refused(ask(vec![("scope", "Calendars.Read")], None).await, 1_002_012, "invalid_scope").await;
    refused(ask(vec![("client_id", DEMO)], None).await, 7_000_218, "invalid_client").await;
    let from_page = ask(vec![], Some(ORIGIN)).await;
    assert!(!from_page.headers().contains_key("access-control-allow-origin"));
    refused(from_page, 9_002_326, "invalid_request").await;
}

#[tokio::test]
async fn documents_lead_to_each_other() {
    let running = start();
    let get = |path: String| async move {
        let response = reqwest::get(path).await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        response.json::<Value>().await.unwrap()
    };
    let base = &running.login_url;
    let id = contoso(&running);
    let check = async |segment: &str, issuer: &str| {
        let document = get(format!("{base}/{segment}/v2.0/.well-known/openid-configuration")).await;
        assert_eq!(document["issuer"], format!("{base}/{issuer}/v2.0"), "{segment}");
        document
    };
    let document = check("common", "{tenantid}").await;
    check("organizations", "{tenantid}").await;
    check("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad").await;
    check(&id, &id).await;
    check(CONTOSO, &id).await;
    assert_eq!(document["authorization_endpoint"], format!("{base}/common/oauth2/v2.0/authorize"));
    let keys = get(document["jwks_uri"].as_str().unwrap().to_owned()).await;
    // A client that knows nothing but these documents can check a token.
    let browser = Browser::new(&running);
    let body = browser.sign_in(ADELE, SCOPE).await;
    let key =
        jsonwebtoken::DecodingKey::from_rsa_components(keys["keys"][0]["n"].as_str().unwrap(), keys["keys"][0]["e"].as_str().unwrap())
            .unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_audience(&[DEMO]);
    assert!(jsonwebtoken::decode::<Value>(body["id_token"].as_str().unwrap(), &key, &rules).is_ok());

    let unknown = reqwest::get(format!("{base}/nowhere.example/v2.0/.well-known/openid-configuration")).await.unwrap();
    refused(unknown, 90_002, "invalid_tenant").await;
    let instance =
        get(format!("{base}/common/discovery/instance?api-version=1.1&authorization_endpoint={base}/{CONTOSO}/oauth2/v2.0/authorize"))
            .await;
    assert_eq!(instance["tenant_discovery_endpoint"], format!("{base}/{CONTOSO}/v2.0/.well-known/openid-configuration"));
}
