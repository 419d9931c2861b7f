//! Tests of the addresses that the person is sent to.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::auth::fixture::{self, CLIENT, PAGE};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;
use std::collections::BTreeMap;

fn query(url: &str) -> BTreeMap<String, String> {
    let url = Url::parse(url).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let map: BTreeMap<String, String> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "no parameter twice");
    map
}

#[test]
fn the_authorization_request_has_exactly_these_parameters() {
    let config = fixture::config();
    let Departure { pending, url } = fixture::departure(&config);
    assert!(url.starts_with("https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?"));
    let mut query = query(&url);

    // RFC 7636 appendix B, with our verifier: the challenge is the verifier's hash and the verifier itself does not leave.
    let hash = PkceCodeChallenge::from_code_verifier_sha256(&oauth2::PkceCodeVerifier::new(pending.verifier.expose().to_owned()));
    assert_eq!(query.remove("code_challenge").unwrap(), hash.as_str());
    assert!(!url.contains(pending.verifier.expose()));
    assert!((43..=128).contains(&pending.verifier.expose().len()));

    for (name, kept) in [("state", &pending.state), ("nonce", &pending.nonce)] {
        let value = query.remove(name).unwrap();
        assert_eq!(value, kept.expose());
        assert_eq!(BASE64_URL_SAFE_NO_PAD.decode(value).unwrap().len(), 32, "{name} is of 256 bits");
    }
    let rest = [
        ("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
        ("client_id", CLIENT),
        ("code_challenge_method", "S256"),
        ("redirect_uri", PAGE),
        ("response_mode", "fragment"),
        ("response_type", "code"),
        ("scope", "openid profile offline_access User.Read Calendars.Read"),
    ];
    assert_eq!(query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), rest);
}

#[test]
fn what_one_sign_in_asks_for_is_added() {
    let config = fixture::config_of(&json!({ "clientId": CLIENT, "loginHint": "megan@contoso.com", "domainHint": "contoso.com" }));
    let request = SignIn {
        scopes: vec!["Place.Read.All".into(), "user.read".into()],
        prompt: Some(Prompt::Consent),
        claims: Some(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#.into()),
        ..SignIn::default()
    };
    let query_of = |request| query(&depart(&config, &fixture::metadata(&config), PAGE, request, &fixture::start()).unwrap().url);
    let asked = query_of(request.clone());
    assert_eq!(asked["scope"], "openid profile offline_access User.Read Calendars.Read Place.Read.All");
    assert_eq!(
        (asked["prompt"].as_str(), asked["login_hint"].as_str(), asked["domain_hint"].as_str()),
        ("consent", "megan@contoso.com", "contoso.com")
    );
    assert_eq!(asked["claims"], r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}}}"#);
    assert_eq!(query_of(SignIn { login_hint: Some("adele@contoso.com".into()), ..request })["login_hint"], "adele@contoso.com");
}

#[test]
fn no_two_sign_ins_share_a_secret() {
    let config = fixture::config();
    let (one, other) = (fixture::pending(&config), fixture::pending(&config));
    assert!(one.state != other.state && one.nonce != other.nonce && one.verifier != other.verifier && one.state != one.nonce);
}

#[test]
fn other_providers_get_no_entra_parameters() {
    let config = fixture::config_of(&json!({ "clientId": "app", "authority": "https://id.example/realm", "domainHint": "x.example" }));
    let document = json!({
        "issuer": "https://id.example/realm",
        "authorization_endpoint": "https://id.example/realm/auth?kind=oidc",
        "token_endpoint": "https://id.example/realm/token",
    });
    let metadata = config.authority.metadata(&document).unwrap();
    let query = query(&depart(&config, &metadata, PAGE, SignIn::default(), &fixture::start()).unwrap().url);
    let names: Vec<&str> = query.keys().map(String::as_str).collect();
    let expected =
        ["client_id", "code_challenge", "code_challenge_method", "kind", "nonce", "redirect_uri", "response_type", "scope", "state"];
    assert_eq!(names, expected);
    assert_eq!(sign_out_url(&config, &metadata, PAGE, None), None);
}

#[test]
fn national_clouds_are_asked_for_their_own_graph() {
    let config = fixture::config_of(&json!({ "clientId": CLIENT, "cloud": "us-government" }));
    let scopes = ["openid", "User.Read", "https://graph.microsoft.us/Mail.Read"].map(str::to_owned);
    assert_eq!(qualified(&config, &scopes), ["openid", "https://graph.microsoft.us/User.Read", "https://graph.microsoft.us/Mail.Read"]);
}

#[test]
fn signing_out_leads_back_to_a_fixed_address() {
    let config = fixture::config();
    let url = sign_out_url(&config, &fixture::metadata(&config), PAGE, Some("opaque hint")).unwrap();
    assert!(url.starts_with("https://login.microsoftonline.com/organizations/oauth2/v2.0/logout?"));
    let query = query(&url);
    assert_eq!((query["post_logout_redirect_uri"].as_str(), query["logout_hint"].as_str()), (PAGE, "opaque hint"));

    let elsewhere = fixture::config_of(&json!({ "clientId": CLIENT, "postLogoutRedirectUri": "https://app.example/bye" }));
    let url = sign_out_url(&elsewhere, &fixture::metadata(&elsewhere), PAGE, None).unwrap();
    assert!(url.contains("post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye") && !url.contains("logout_hint"));
}

#[test]
fn the_administrators_link_names_the_permissions() {
    let scopes = ["Place.Read.All".to_owned(), "openid".to_owned()];
    let link = |account: &str| {
        let config = fixture::config_of(&json!({ "clientId": CLIENT, "accountType": account }));
        admin_consent_url(&config, PAGE, &scopes)
    };
    let url = link("common").unwrap();
    assert!(url.starts_with("https://login.microsoftonline.com/organizations/v2.0/adminconsent?"), "{url}");
    assert_eq!(query(&url)["scope"], "https://graph.microsoft.com/Place.Read.All openid");
    assert_eq!(link("consumers"), None);
}

#[test]
fn a_request_survives_storage_and_belongs_to_its_configuration() {
    let config = fixture::config();
    let mut pending = fixture::pending(&config);
    pending.request.prompt = Some(Prompt::SelectAccount);
    pending.attempt = 2;
    let stored = pending.to_json(&config);
    assert_eq!(Pending::from_json(&stored, &config).unwrap(), pending);
    assert_eq!(pending.page_state(), Some("#/calendar"));
    assert!(!pending.is_over(pending.created_ms + 9.0 * 60_000.0) && pending.is_over(pending.created_ms + 11.0 * 60_000.0));

    let other = fixture::config_of(&json!({ "clientId": CLIENT, "accountType": "common" }));
    assert_eq!(Pending::from_json(&stored, &other), None);
    for member in ["state", "nonce", "verifier", "metadata", "scopes", "created", "attempt", "request"] {
        let mut damaged = stored.clone();
        damaged[member] = json!(null);
        assert_eq!(Pending::from_json(&damaged, &config), None, "{member}");
    }
    assert!(!format!("{pending:?}").contains(pending.verifier.expose()));
}
