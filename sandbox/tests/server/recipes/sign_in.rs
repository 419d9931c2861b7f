//! What goes wrong while somebody signs in or a token is renewed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use convoke_sandbox::{Config, Switches};
use serde_json::{Value, json};

use super::{SCOPE, install};
use crate::harness::*;

#[tokio::test]
async fn answers_of_sign_in_are_forged() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, SCOPE).await;
    let answer = async |name: &str| {
        install(&browser, &running, name).await;
        browser.get(&authorize(DEMO, SCOPE, &[])).await
    };
    assert_eq!(answer("state forged").await.answer("state"), "forged");
    let page = answer("state missing").await;
    assert!(!page.location.unwrap().query_pairs().any(|(name, _)| name == "state"));
    assert_eq!(answer("issuer of the answer wrong").await.answer("iss"), "https://login.example.org/v2.0");
    let page = answer("markup in an error").await;
    assert_eq!(page.answer("error_description"), "<img src=x onerror=alert(1)>");
    let location = page.location.unwrap();
    assert!(!location.query().unwrap().contains("code="), "{location}");
    // Also on the way back from a page where somebody decides, and by form.
    let picker = browser.get(&authorize(DEMO, "openid Mail.Read", &[("prompt", "select_account")])).await;
    let consent = browser.submit(&picker, &[("account", ADELE)]).await;
    install(&browser, &running, "state forged").await;
    assert_eq!(browser.submit(&consent, &[("decision", "cancel")]).await.answer("state"), "forged");
    let form = browser.get(&authorize(DEMO, SCOPE, &[("response_mode", "form_post")])).await;
    assert!(form.html.contains("name=\"state\" value=\"forged\""));
}

#[tokio::test]
async fn discovery_documents_are_not_what_they_should_be() {
    let running = start();
    let browser = Browser::new(&running);
    let url = format!("{}/common/v2.0/.well-known/openid-configuration", running.base_url);
    let document = async |name: &str| {
        install(&browser, &running, name).await;
        reqwest::get(&url).await
    };
    let page = document("discovery is a page").await.unwrap();
    assert_eq!((page.status().as_u16(), page.headers()["content-type"].to_str().unwrap()), (200, "text/html"));
    let body: Value = document("discovery of another issuer").await.unwrap().json().await.unwrap();
    assert_eq!(body["issuer"], "https://login.example.org/v2.0");
    let body: Value = document("discovery leads to another host").await.unwrap().json().await.unwrap();
    assert_eq!(body["token_endpoint"], "https://login.example.org/token");
    assert!(body["authorization_endpoint"].as_str().unwrap().starts_with(&running.base_url));
    let body: Value = document("issuer of the answer promised and missing").await.unwrap().json().await.unwrap();
    assert_eq!(body["authorization_response_iss_parameter_supported"], true);
    assert!(document("discovery unreachable").await.is_err());
}

#[tokio::test]
async fn id_tokens_are_forged() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, SCOPE).await;
    let redeem = async |name: &str| {
        install(&browser, &running, name).await;
        let code = browser.code(DEMO, ADELE, SCOPE).await;
        browser.redeem(&code, &[]).await.json::<Value>().await.unwrap()
    };
    let keys: Value = reqwest::get(format!("{}/common/discovery/v2.0/keys", running.base_url)).await.unwrap().json().await.unwrap();
    let part = |name: &str| keys["keys"][0][name].as_str().unwrap().to_owned();
    let key = jsonwebtoken::DecodingKey::from_rsa_components(&part("n"), &part("e")).unwrap();
    let verifies = |token: &Value| {
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        (rules.validate_aud, rules.validate_exp) = (false, false);
        jsonwebtoken::decode::<Value>(token.as_str().unwrap(), &key, &rules).is_ok()
    };
    let other = json!("https://login.example.org/v2.0");
    for (name, claim, value) in [
        ("id token of another sign-in", "nonce", json!("another")),
        ("id token for another client", "aud", json!(WORK_ONLY)),
        ("id token of another issuer", "iss", other),
        ("id token expired", "exp", json!(1)),
    ] {
        let body = redeem(name).await;
        assert_eq!(claims(&body["id_token"])[claim], value, "{name}");
        assert_eq!(claims(&body["id_token"])["preferred_username"], ADELE);
        assert!(verifies(&body["id_token"]), "{name}: the signature is not what is wrong");
    }
    assert!(claims(&redeem("id token without nonce").await["id_token"]).get("nonce").is_none());
    let unsigned = redeem("id token unsigned").await["id_token"].as_str().unwrap().to_owned();
    let head = URL_SAFE_NO_PAD.decode(unsigned.split('.').next().unwrap()).unwrap();
    assert_eq!((serde_json::from_slice::<Value>(&head).unwrap()["alg"].clone(), unsigned.ends_with('.')), (json!("none"), true));
    let broken = redeem("id token signed by somebody else").await;
    assert!(!verifies(&broken["id_token"]) && claims(&broken["id_token"])["nonce"] == "the nonce");
    assert!(redeem("id token missing").await.get("id_token").is_none());
}

#[tokio::test]
async fn token_answers_are_odd() {
    let running = start();
    let browser = Browser::new(&running);
    let refresh_token = browser.sign_in(ADELE, SCOPE).await["refresh_token"].as_str().unwrap().to_owned();
    let refresh = async |name: &str| {
        install(&browser, &running, name).await;
        browser.refresh(&refresh_token, &[]).await
    };
    let body = async |name: &str| refresh(name).await.json::<Value>().await.unwrap();
    assert_eq!(body("token of another type").await["token_type"], "mac");
    assert!(body("no access token").await.get("access_token").is_none());
    assert_eq!(body("expiry as text").await["expires_in"], "3599");
    assert!(body("expiry missing").await.get("expires_in").is_none());
    assert_eq!(body("expiry absurd").await["expires_in"], 1_000_000_000_000_u64);
    assert_eq!(body("expiry negative").await["expires_in"], -1);
    assert!(body("no new refresh token").await.get("refresh_token").is_none());
    assert_eq!(body("fewer scopes than asked for").await["scope"], "openid profile User.Read");

    let portal = refresh("captive portal at sign-in").await;
    assert_eq!((portal.status().as_u16(), portal.headers()["content-type"].to_str().unwrap()), (200, "text/html"));
    assert!(refresh("token answer cut short").await.json::<Value>().await.is_err());
    assert!(!refresh("token endpoint unreadable").await.headers().contains_key("access-control-allow-origin"));
    assert_eq!(refresh("token endpoint busy once").await.status(), 503);
    assert_eq!(browser.refresh(&refresh_token, &[]).await.status(), 200);
    let throttled = refresh("token endpoint throttles without a time").await;
    assert_eq!((throttled.status().as_u16(), throttled.headers().get("retry-after")), (429, None));

    refused(refresh("consent withdrawn").await, 65_001, "invalid_grant").await;
    let body = body("more proof demanded").await;
    assert!(body["claims"].is_string() && body["error"] == "invalid_grant", "{body}");
    install(&browser, &running, "code expired").await;
    let code = browser.code(DEMO, ADELE, SCOPE).await;
    refused(browser.redeem(&code, &[]).await, 70_008, "invalid_grant").await;
}

#[tokio::test]
async fn an_answer_can_be_lost_with_the_only_good_refresh_token() {
    let running = start_with(Config { switches: Switches { strict_rotation: true, ..Switches::default() }, ..Config::default() });
    let browser = Browser::new(&running);
    let refresh_token = browser.sign_in(ADELE, SCOPE).await["refresh_token"].as_str().unwrap().to_owned();
    let ask = async || {
        let form = [("grant_type", "refresh_token"), ("client_id", DEMO), ("refresh_token", &refresh_token)];
        let url = format!("{}/common/oauth2/v2.0/token", running.base_url);
        reqwest::Client::new().post(url).header("Origin", ORIGIN).form(&form).send().await
    };
    install(&browser, &running, "token answer lost").await;
    assert!(ask().await.is_err());
    refused(ask().await.unwrap(), 70_000, "invalid_grant").await;
}

#[tokio::test]
async fn consent_can_be_withdrawn_and_given_again() {
    let running = start();
    let browser = Browser::new(&running);
    let refresh_token = browser.sign_in(ADELE, SCOPE).await["refresh_token"].as_str().unwrap().to_owned();
    let other = Browser::new(&running).sign_in(ADMIN, SCOPE).await["refresh_token"].as_str().unwrap().to_owned();
    let withdraw = async |account: &str| {
        let url = format!("{}/sandbox/consents?account={account}", running.base_url);
        reqwest::Client::new().delete(url).send().await.unwrap().status().as_u16()
    };
    assert_eq!(withdraw("nobody@contoso.onmicrosoft.com").await, 404);
    assert_eq!(withdraw(ADELE).await, 204);
    refused(browser.refresh(&refresh_token, &[]).await, 65_001, "invalid_grant").await;
    assert_eq!(browser.refresh(&other, &[]).await.status(), 200, "somebody else's consent stays");
    let page = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    assert_eq!(page.heading(), "Permissions requested");
    browser.submit(&page, &[("decision", "accept")]).await;
    assert_eq!(browser.refresh(&refresh_token, &[]).await.status(), 200);
    reqwest::Client::new().delete(format!("{}/sandbox/consents", running.base_url)).send().await.unwrap();
    refused(browser.refresh(&other, &[]).await, 65_001, "invalid_grant").await;
}
