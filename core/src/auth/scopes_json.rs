//! Permissions for JavaScript: `scopesFor`, `lintScopes` and `adminConsentUrl` of the npm module's contract, from JSON to JSON. Owns
//! reading the arguments and the shape of the answers; leaves what is decided to `scopes`, `lint` and `protocol`.

use super::{
    lint::lint_scopes,
    protocol,
    scopes::{Feature, request_scopes, scopes_for},
};
use crate::{
    config::{self, AppConfig, Found},
    error::{Error, ErrorCode},
};
use serde_json::{Value, json};

/// `scopesFor(features)`: `[{ scope, feature, adminConsent }]`.
///
/// # Errors
/// `invalid-request` where the features are no list of known names.
pub fn scopes_for_json(features: &Value) -> Result<Value, Error> {
    let needs = scopes_for(&read_features(features)?);
    let needs = needs.iter().map(|need| json!({ "scope": need.scope, "feature": need.feature.name(), "adminConsent": need.admin_consent }));
    Ok(needs.collect())
}

/// `lintScopes(scopes, features?, accountType?)`: `[{ scope, problem, suggestion? }]`. What is null counts as not given.
///
/// # Errors
/// `invalid-request` where an argument is not what the contract says.
pub fn lint_scopes_json(scopes: &Value, features: &Value, account_type: &Value) -> Result<Value, Error> {
    let scopes: Vec<String> = read_list("scopes", scopes)?.into_iter().map(str::to_owned).collect();
    let features = if features.is_null() { None } else { Some(read_features(features)?) };
    let account_type = config::read_account_type(account_type)?;
    let findings = lint_scopes(&scopes, features.as_deref(), account_type.as_ref());
    let findings = findings.into_iter().map(|finding| {
        let mut value = json!({ "scope": finding.scope, "problem": finding.problem.as_str() });
        if let Some(suggestion) = finding.suggestion {
            value["suggestion"] = suggestion.into();
        }
        value
    });
    Ok(findings.collect())
}

/// `adminConsentUrl(config)`. `own_address` is the page's own, for a configuration that names no redirect URI.
///
/// # Errors
/// `configuration` where the configuration cannot be used, names no application, or is for a provider or for accounts that know no
/// administrator.
pub fn admin_consent_url_json(config: &Value, own_address: &str) -> Result<String, Error> {
    let session = match AppConfig::parse(config)? {
        Found::Complete(config) => config.session,
        Found::WithoutClientId(_) => return Err(config::error("clientId", "is missing: the link names the application")),
    };
    let scopes = request_scopes(&session.features, session.scopes.as_deref());
    let redirect_uri = session.redirect_uri.as_deref().unwrap_or(own_address);
    protocol::admin_consent_url(&session, redirect_uri, &scopes)
        .ok_or_else(|| config::error("accountType", "has no administrator: personal accounts and plain OpenID Connect consent one by one"))
}

fn read_features(value: &Value) -> Result<Vec<Feature>, Error> {
    let mut features = Vec::new();
    for name in read_list("features", value)? {
        let feature = Feature::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
            invalid(&["features holds \"", name, "\", which is none of: ", &known.join(", "), "."].concat())
        })?;
        if !features.contains(&feature) {
            features.push(feature);
        }
    }
    Ok(features)
}

fn read_list<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a str>, Error> {
    let texts: Option<Vec<&str>> = value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
    texts.ok_or_else(|| invalid(&[name, " must be a list of texts."].concat()))
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, message)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn features_lead_to_scopes_with_who_consents() {
        assert_eq!(
            scopes_for_json(&json!(["calendar-read", "rooms"])).unwrap(),
            json!([
                { "scope": "Calendars.Read", "feature": "calendar-read", "adminConsent": false },
                { "scope": "Place.Read.All", "feature": "rooms", "adminConsent": true },
            ])
        );
        for (value, hint) in [(json!(["telepathy"]), "telepathy"), (json!("calendar-read"), "list"), (json!([1]), "list")] {
            let error = scopes_for_json(&value).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidRequest);
            assert!(error.message().contains(hint), "{error}");
        }
    }

    #[test]
    fn findings_leave_out_what_they_do_not_know() {
        let scopes = json!(["Groups.Read.All", "Telepathy.Read", "Calendars.Read"]);
        assert_eq!(
            lint_scopes_json(&scopes, &Value::Null, &Value::Null).unwrap(),
            json!([
                { "scope": "Groups.Read.All", "problem": "unknown", "suggestion": "Group.Read.All" },
                { "scope": "Telepathy.Read", "problem": "unknown" },
            ])
        );
        let broad = lint_scopes_json(&json!(["Mail.ReadWrite"]), &json!(["mail-read"]), &json!("organizations")).unwrap();
        assert_eq!(broad, json!([{ "scope": "Mail.ReadWrite", "problem": "broader-than-needed", "suggestion": "Mail.Read" }]));
        assert!(lint_scopes_json(&json!([]), &Value::Null, &json!("everybody")).is_err());
        assert!(lint_scopes_json(&json!("User.Read"), &Value::Null, &Value::Null).is_err());
    }

    #[test]
    fn an_administrators_link_is_for_those_who_have_one() {
        let link = |mut config: Value| {
            config["clientId"] = CLIENT.into();
            admin_consent_url_json(&config, "https://app.example/plan/")
        };
        let url = link(json!({ "features": ["rooms"] })).unwrap();
        assert!(url.starts_with("https://login.microsoftonline.com/organizations/v2.0/adminconsent?"), "{url}");
        for part in [CLIENT, "redirect_uri=https%3A%2F%2Fapp.example%2Fplan%2F", "https%3A%2F%2Fgraph.microsoft.com%2FPlace.Read.All"] {
            assert!(url.contains(part), "{part} in {url}");
        }
        let given =
            link(json!({ "cloud": "china", "accountType": { "tenant": "contoso.cn" }, "redirectUri": "https://b.example/" })).unwrap();
        assert!(given.starts_with("https://login.partner.microsoftonline.cn/contoso.cn/") && given.contains("b.example"), "{given}");
        for config in [json!({ "accountType": "consumers" }), json!({ "authority": "https://id.example" }), json!({ "cloud": "x" })] {
            assert_eq!(link(config).unwrap_err().code(), ErrorCode::Configuration);
        }
        assert!(admin_consent_url_json(&json!({}), "https://app.example/").unwrap_err().message().contains("clientId"));
    }
}
