//! Tests of discovery and of the token endpoint, over a transport that answers from a list.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::auth::fixture::{self, CLIENT, PAGE, Wire, answer, json_answer, run, secret, wire};
use serde_json::{Value, json};

fn redeem_with(wire: &Wire) -> Result<Grant, Error> {
    let config = fixture::config();
    run(redeem(&wire.transport, &config, &fixture::pending(&config), &secret("the-code"), fixture::now()))
}

fn refresh_with(wire: &Wire) -> Result<Grant, Error> {
    let config = fixture::config();
    let scopes = ["openid", "User.Read"].map(str::to_owned);
    run(refresh(&wire.transport, &config, &fixture::metadata(&config), &secret("old refresh"), &scopes, Some(r#"{"x":1}"#), fixture::now()))
}

#[test]
fn a_code_is_sent_with_its_verifier_and_no_secret() {
    let config = fixture::config();
    let pending = fixture::pending(&config);
    let wire = wire([json_answer(200, &fixture::token_body("access", "n"))]);
    let grant = run(redeem(&wire.transport, &config, &pending, &secret("the-code"), fixture::now())).unwrap();

    let sent = wire.sent.borrow();
    assert_eq!((sent[0].method(), sent[0].uri().path()), (&Method::POST, "/organizations/oauth2/v2.0/token"));
    assert!(!sent[0].headers().contains_key(header::AUTHORIZATION));
    let mut form = wire.form(0);
    form.sort();
    let expected = [
        ("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
        ("client_id", CLIENT),
        ("code", "the-code"),
        ("code_verifier", pending.verifier.expose()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", PAGE),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));

    assert_eq!(grant.access().expose(), "access");
    assert_eq!(grant.refresh().unwrap().expose(), "refresh of access");
    assert_eq!(grant.scopes().unwrap(), ["openid", "profile", "https://graph.microsoft.com/User.Read", "Calendars.Read"]);
    assert!(!format!("{grant:?}").contains("refresh of access"));
}

#[test]
fn a_refresh_passes_a_challenge_on() {
    let wire = wire([json_answer(200, &json!({ "token_type": "bearer", "access_token": "new" }))]);
    let grant = refresh_with(&wire).unwrap();
    assert_eq!(grant.refresh(), None);
    assert_eq!(grant.scopes(), None);
    let mut form = wire.form(0);
    form.sort();
    // Compared as JSON: the order of members is nobody's business.
    let (name, claims) = form.remove(0);
    assert_eq!(name, "claims");
    let claims: Value = serde_json::from_str(&claims).unwrap();
    assert_eq!(claims, json!({ "access_token": { "xms_cc": { "values": ["cp1"] } }, "x": 1 }));
    let expected =
        [("client_id", CLIENT), ("grant_type", "refresh_token"), ("refresh_token", "old refresh"), ("scope", "openid User.Read")];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn row_21_lifetimes_are_sane_whatever_was_sent() {
    for (sent, expected) in [
        (json!(3599), 3599.0),
        (json!("3599"), 3599.0),
        (json!(null), 3600.0),
        (json!("soon"), 3600.0),
        (json!(0), 60.0),
        (json!(-1), 60.0),
        (json!(1e12), 86_400.0),
        (json!("NaN"), 3600.0),
    ] {
        let wire = wire([json_answer(200, &json!({ "token_type": "Bearer", "access_token": "a", "expires_in": sent }))]);
        assert_eq!(refresh_with(&wire).unwrap().lifetime_s(), expected, "{sent}");
    }
}

#[test]
fn row_21_what_is_no_bearer_token_is_refused() {
    for body in [
        json!({ "token_type": "mac", "access_token": "a" }),
        json!({ "access_token": "a" }),
        json!({ "token_type": "Bearer" }),
        json!({ "token_type": "Bearer", "access_token": "" }),
    ] {
        let error = refresh_with(&wire([json_answer(200, &body)])).unwrap_err();
        assert_eq!((error.code(), error.retryable()), (ErrorCode::InvalidRequest, false), "{body}");
    }
}

#[test]
fn refusals_and_broken_answers_become_errors_without_tokens() {
    let cut = fixture::token_body("geheim", "n").to_string();
    let cases = [
        (json_answer(400, &json!({ "error": "invalid_grant", "error_codes": [70008] })), ErrorCode::SessionExpired),
        (json_answer(400, &json!({ "error": "interaction_required", "claims": "{\"a\":1}" })), ErrorCode::InteractionRequired),
        (answer(200, "application/json", &cut.as_bytes()[..cut.len() / 2]), ErrorCode::InvalidResponse),
        (answer(200, "application/json", ""), ErrorCode::InvalidResponse),
        (answer(200, "text/html", "<form>Sign in to the café</form>"), ErrorCode::Network),
        (answer(400, "application/json", "{}"), ErrorCode::InvalidResponse),
        (answer(503, "text/html", "<h1>busy</h1>"), ErrorCode::Unavailable),
        (json_answer(429, &json!({ "error": "temporarily_unavailable" })), ErrorCode::Throttled),
        (Err(Error::new(ErrorCode::Offline, "no network")), ErrorCode::Offline),
    ];
    for (answer, expected) in cases {
        let error = redeem_with(&wire([answer])).unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
        assert!(!format!("{error:?}").contains("geheim"));
    }
}

#[test]
fn a_refusal_keeps_what_support_asks_for() {
    let body = json!({
        "error": "interaction_required",
        "error_description": "AADSTS50076: Due to a configuration change … you must use multi-factor authentication.",
        "error_codes": [50076],
        "correlation_id": "c0ffee",
        "suberror": "basic_action",
        "claims": "{\"access_token\":{\"capolids\":{\"essential\":true}}}",
    });
    let error = refresh_with(&wire([json_answer(400, &body)])).unwrap_err();
    let details = error.details();
    assert_eq!((details.aadsts, details.request_id.as_deref()), (Some(50076), Some("c0ffee")));
    assert_eq!(details.claims.as_deref(), body["claims"].as_str());
}

#[test]
fn retry_after_is_read() {
    for (sent, expected) in [
        ("120", Some(120)),
        ("1.5", Some(2)),
        ("0", Some(0)),
        ("-5", None),
        ("soon", None),
        // Half a minute after the tests' present.
        ("Mon, 02 Feb 2026 02:40:30 GMT", Some(30)),
        ("Mon, 02 Feb 2026 02:00:00 GMT", None),
    ] {
        let response = Response::builder().status(429).header("retry-after", sent).body(Vec::new()).unwrap();
        let error = refresh_with(&wire([Ok(response)])).unwrap_err();
        assert_eq!(error.details().retry_after, expected.map(Duration::from_secs), "{sent}");
    }
}

fn discover_with(answer: Result<Response<Vec<u8>>, Error>) -> Result<Metadata, Error> {
    run(discover(&wire([answer]).transport, &fixture::config().authority, fixture::now()))
}

#[test]
fn row_32_discovery_is_believed_only_where_it_fits_the_authority() {
    let authority = fixture::config().authority;
    let good = fixture::document(&authority);
    let wire = wire([json_answer(200, &good)]);
    let metadata = run(discover(&wire.transport, &authority, fixture::now())).unwrap();
    let expected = "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration";
    assert_eq!(wire.sent.borrow()[0].uri(), expected);
    assert_eq!(metadata.token_endpoint, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");

    for (member, value) in [
        ("issuer", json!("https://login.evil.example/{tenantid}/v2.0")),
        ("issuer", json!("https://login.microsoftonline.com.evil.example/{tenantid}/v2.0")),
        ("issuer", json!(null)),
        ("token_endpoint", json!("https://evil.example/token")),
        ("token_endpoint", json!("http://login.microsoftonline.com/token")),
        ("token_endpoint", json!(null)),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("end_session_endpoint", json!("https://evil.example/bye")),
    ] {
        let mut document = good.clone();
        document[member] = value;
        let error = discover_with(json_answer(200, &document)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Configuration, "{document}");
        assert!(error.message().contains(member), "{error}");
    }
}

#[test]
fn endpoints_on_other_hosts_are_believed_where_the_configuration_names_them() {
    let document = json!({
        "issuer": "https://id.example", "authorization_endpoint": "https://id.example/auth", "token_endpoint": "https://token.example/token",
    });
    let config =
        |hosts: &Value| fixture::config_of(&json!({ "clientId": "app", "authority": "https://id.example", "authorityHosts": hosts }));
    let error = config(&json!([])).authority.metadata(&document).unwrap_err();
    for word in ["token_endpoint", "token.example", "authorityHosts", "connect-src"] {
        assert!(error.message().contains(word), "{error}");
    }
    let named = config(&json!(["token.example"])).authority.metadata(&document).unwrap();
    assert_eq!(named.token_endpoint, "https://token.example/token");
    for elsewhere in
        ["http://token.example/token", "https://token.example:8443/token", "https://token.example.evil.example/token", "javascript:0"]
    {
        let mut document = document.clone();
        document["token_endpoint"] = json!(elsewhere);
        assert!(config(&json!(["token.example"])).authority.metadata(&document).is_err(), "{elsewhere}");
    }
    // Entra's endpoints are Entra's, whatever a configuration says.
    let entra = fixture::config_of(&json!({ "clientId": CLIENT, "authorityHosts": ["evil.example"] }));
    let mut document = fixture::document(&entra.authority);
    document["token_endpoint"] = json!("https://evil.example/token");
    assert!(entra.authority.metadata(&document).is_err());
}

#[test]
fn an_unreachable_provider_is_told_apart_from_a_wrong_one() {
    let unknown = json!({ "error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 'x' not found.", "error_codes": [90002] });
    let error = discover_with(json_answer(400, &unknown)).unwrap_err();
    assert_eq!((error.code(), error.details().aadsts), (ErrorCode::Configuration, Some(90002)));
    assert_eq!(discover_with(answer(200, "text/html", "<p>hello")).unwrap_err().code(), ErrorCode::Network);
    assert_eq!(discover_with(answer(200, "application/json", "{\"issuer\":")).unwrap_err().code(), ErrorCode::InvalidResponse);
    assert_eq!(discover_with(answer(503, "application/json", "{}")).unwrap_err().code(), ErrorCode::Unavailable);
    assert_eq!(discover_with(Err(Error::new(ErrorCode::Network, "no route"))).unwrap_err().code(), ErrorCode::Network);
}
