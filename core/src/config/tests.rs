//! Tests of the configuration's parser and of the Connect form.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::error::ErrorCode;
use serde_json::json;

const CLIENT: &str = "11111111-2222-3333-4444-55555555AAAA";

fn parse(value: &Value) -> AppConfig {
    match AppConfig::parse(value).unwrap() {
        Found::Complete(config) => config,
        Found::WithoutClientId(_) => panic!("{value} names a client"),
    }
}

fn draft(value: &Value) -> Draft {
    match AppConfig::parse(value).unwrap() {
        Found::WithoutClientId(draft) => draft,
        Found::Complete(_) => panic!("{value} names no client"),
    }
}

#[test]
fn a_client_id_is_enough() {
    let config = parse(&json!({ "clientId": CLIENT, "somethingNew": { "a": 1 } }));
    let session = &config.session;
    assert_eq!(session.client_id, CLIENT.to_ascii_lowercase());
    assert_eq!(session.authority.discovery_url(), "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration");
    assert_eq!((session.features.as_slice(), session.cache, session.cloud), (Feature::DEFAULT.as_slice(), Cache::Session, Cloud::Global));
    assert_eq!((config.graph_base_url.as_str(), config.theme), ("https://graph.microsoft.com", Theme::Auto));
    assert_eq!((session.redirect_uri.as_deref(), session.scopes.as_deref(), config.mailbox.as_deref()), (None, None, None));
}

#[test]
fn every_member_is_read() {
    let config = parse(&json!({
        "clientId": CLIENT, "accountType": { "tenant": "Contoso.OnMicrosoft.com" }, "cloud": "china",
        "redirectUri": "https://app.example/plan/", "postLogoutRedirectUri": "http://localhost:8080/bye?x=1",
        "features": ["calendar-write", "scheduling", "calendar-write"], "scopes": ["User.Read"], "cache": "memory",
        "loginHint": "adele@contoso.com", "domainHint": "contoso.com", "graphBaseUrl": "http://127.0.0.1:4000/",
        "graphHosts": ["graph.example.com", "localhost:4001", "[::1]:4002"], "mailbox": "rooms@contoso.com",
        "locale": "de-CH", "timeZone": "Europe/Zurich", "theme": "dark",
    }));
    let session = &config.session;
    assert_eq!(session.account_type, AccountType::Tenant("contoso.onmicrosoft.com".into()));
    assert_eq!(
        session.authority.discovery_url(),
        "https://login.partner.microsoftonline.cn/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration"
    );
    assert_eq!(session.redirect_uri.as_deref(), Some("https://app.example/plan/"));
    assert_eq!(session.post_logout_redirect_uri.as_deref(), Some("http://localhost:8080/bye?x=1"));
    assert_eq!(session.features, [Feature::CalendarWrite, Feature::Scheduling]);
    assert_eq!((session.scopes.as_deref(), session.cache), (Some(["User.Read".to_owned()].as_slice()), Cache::Memory));
    assert_eq!(config.graph_base_url, "http://127.0.0.1:4000");
    assert_eq!(config.graph_hosts, ["graph.example.com", "localhost:4001", "[::1]:4002"]);
    assert_eq!((config.time_zone.as_deref(), config.theme), (Some("Europe/Zurich"), Theme::Dark));
}

#[test]
fn a_bad_value_is_an_error_that_names_it() {
    for (name, value, hint) in [
        ("clientId", json!("contoso-app"), "overview page"),
        ("clientId", json!(7), "text"),
        ("clientSecret", json!("s3cret"), "single-page application"),
        ("client_secret", json!(null), "single-page application"),
        ("accountType", json!("everybody"), "consumers"),
        ("accountType", json!({ "tenant": 1 }), "tenant"),
        ("accountType", json!({ "tenant": "contoso" }), "domain"),
        ("accountType", json!({ "tenant": "../common" }), "domain"),
        ("cloud", json!("germany"), "us-government"),
        ("protocol", json!("saml"), "oidc"),
        ("protocol", json!("oidc"), "authority"),
        ("authority", json!("login.example.com"), "whole URL"),
        ("authority", json!("http://login.example.com"), "https://"),
        ("authority", json!("http://127.0.0.1.example.com"), "https://"),
        ("authority", json!("javascript:alert(1)"), "https://"),
        ("authority", json!("https://user:word@login.example.com"), "user name"),
        ("graphBaseUrl", json!("https://graph.microsoft.com/v1.0"), "version"),
        ("graphBaseUrl", json!("http://graph.microsoft.com"), "https://"),
        ("graphHosts", json!("graph.example.com"), "list"),
        ("graphHosts", json!(["https://graph.example.com"]), "graph.example.com"),
        ("graphHosts", json!(["graph.example.com:8443"]), "a name alone"),
        ("graphHosts", json!(["graph.example.com/x"]), "a name alone"),
        ("graphHosts", json!(["user@graph.example.com"]), "a name alone"),
        ("graphHosts", json!([""]), "a name alone"),
        ("redirectUri", json!("/redirect.html"), "whole URL"),
        ("redirectUri", json!("https://app.example/#/calendar"), "#"),
        ("postLogoutRedirectUri", json!("http://app.example/"), "https://"),
        ("features", json!(["calendar-read", "telepathy"]), "telepathy"),
        ("features", json!([1]), "list of texts"),
        ("scopes", json!(["User.Read Mail.Read"]), "one permission per text"),
        ("cache", json!("localStorage"), "memory"),
        ("theme", json!("blue"), "light"),
        ("loginHint", json!(" "), "empty"),
        ("mailbox", json!(["me"]), "text"),
    ] {
        let error = AppConfig::parse(&json!({ "clientId": CLIENT, name: value })).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Configuration);
        let shown = name.replace("client_secret", "clientSecret");
        assert!(error.message().contains(&shown) && error.message().contains(hint), "{name}: {value} → {error}");
        assert!(!error.message().contains("s3cret") && !error.message().contains("word@"));
    }
    assert!(AppConfig::parse(&json!([])).unwrap_err().message().contains("object"));
}

#[test]
fn look_alikes_and_other_providers_have_their_own_addresses() {
    let discovery = |value: Value| parse(&value).session.authority.discovery_url();
    let url = "http://127.0.0.1:4000";
    let at = |authority: &str| json!({ "clientId": CLIENT, "authority": authority, "protocol": "entra" });
    assert_eq!(discovery(at(url)), "http://127.0.0.1:4000/organizations/v2.0/.well-known/openid-configuration");
    assert_eq!(discovery(at("http://127.0.0.1:4000/common/")), "http://127.0.0.1:4000/common/v2.0/.well-known/openid-configuration");
    assert_eq!(discovery(at("https://login.example/common/v2.0")), "https://login.example/common/v2.0/.well-known/openid-configuration");
    assert_eq!(parse(&at("http://127.0.0.1:4000/common")).session.account_type, AccountType::Common);
    assert_eq!(
        discovery(json!({ "clientId": "spa", "authority": "https://id.example/realm/" })),
        "https://id.example/realm/.well-known/openid-configuration"
    );

    let mut twice = at("http://127.0.0.1:4000/common");
    twice["accountType"] = json!("consumers");
    let error = AppConfig::parse(&twice).unwrap_err();
    assert!(error.message().contains("common") && error.message().contains("consumers"), "{error}");
    assert!(AppConfig::parse(&at("http://127.0.0.1:4000/a/b")).is_err());
}

#[test]
fn each_cloud_has_its_hosts() {
    for (cloud, login, graph) in [
        ("global", "https://login.microsoftonline.com/", "https://graph.microsoft.com"),
        ("us-government", "https://login.microsoftonline.us/", "https://graph.microsoft.us"),
        ("us-government-dod", "https://login.microsoftonline.us/", "https://dod-graph.microsoft.us"),
        ("china", "https://login.partner.microsoftonline.cn/", "https://microsoftgraph.chinacloudapi.cn"),
    ] {
        let config = parse(&json!({ "clientId": CLIENT, "cloud": cloud }));
        assert!(config.session.authority.discovery_url().starts_with(login), "{cloud}");
        assert_eq!(config.graph_base_url, graph, "{cloud}");
    }
}

#[test]
fn the_form_fills_in_what_the_deployment_left_out() {
    for value in [json!({}), json!({ "clientId": "" }), json!({ "clientId": null, "authority": null })] {
        assert_eq!(draft(&value).form().account_type, AccountType::Organizations);
    }
    let draft = draft(&json!({ "authority": "http://127.0.0.1:4000", "protocol": "entra", "theme": "dark" }));
    assert_eq!(draft.settings().theme, Theme::Dark);
    let form = ConnectForm {
        client_id: [" ", CLIENT, " "].concat(),
        account_type: AccountType::Tenant("contoso.com".into()),
        features: vec![Feature::Scheduling],
    };
    let config = draft.complete(&form).unwrap();
    assert_eq!(config.session.client_id, CLIENT.to_ascii_lowercase());
    assert_eq!(config.session.features, [Feature::Scheduling]);
    assert_eq!(config.session.authority.discovery_url(), "http://127.0.0.1:4000/contoso.com/v2.0/.well-known/openid-configuration");
    assert_eq!(ConnectForm::from_json(&form.to_json()), Some(form));
    assert_eq!(ConnectForm::from_json(&json!({ "clientId": 1 })), None);
}

#[test]
fn the_form_names_every_field_that_is_wrong() {
    let draft = draft(&json!({}));
    let errors = |client: &str, account_type: AccountType, features: &[Feature]| -> Vec<(Field, FieldProblem)> {
        let form = ConnectForm { client_id: client.into(), account_type, features: features.to_vec() };
        draft.complete(&form).unwrap_err().iter().map(|error| (error.field, error.problem)).collect()
    };
    assert_eq!(
        errors("", AccountType::Tenant(String::new()), &[]),
        [(Field::ClientId, FieldProblem::Missing), (Field::Tenant, FieldProblem::Missing), (Field::Features, FieldProblem::Missing)]
    );
    assert_eq!(errors("x", AccountType::Common, &[Feature::Profile]), [(Field::ClientId, FieldProblem::Malformed)]);
    assert_eq!(
        errors(CLIENT, AccountType::Consumers, &[Feature::Rooms]),
        [(Field::Features, FieldProblem::Missing)],
        "personal accounts have no rooms"
    );
    assert_eq!(errors(CLIENT, AccountType::Tenant("a b".into()), &[Feature::Profile]), [(Field::Tenant, FieldProblem::Malformed)]);
}

#[test]
fn an_organization_may_be_named_beside_the_configuration() {
    let config = parse(&json!({ "clientId": CLIENT }));
    let narrowed = config.for_organization(" Contoso.com ").unwrap();
    assert_eq!(narrowed.session.authority.tenant(), "contoso.com");
    assert_eq!(config.for_organization("").unwrap(), config);
    assert_eq!(config.for_organization("contoso").unwrap_err().field, Field::Tenant);
}
