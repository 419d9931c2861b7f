//! The id token. Owns the checks of OpenID Connect Core 1.0 §3.1.3.7 that make its claims believable; the signature is not among them,
//! since the token comes from the token endpoint itself over TLS (point 6 there). Leaves what the claims mean to `account`.

use super::{Authority, Metadata, Protocol};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

/// What a token must fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) metadata: &'a Metadata,
    pub(crate) client_id: &'a str,
    /// None after a refresh: such a token answers no authorization request (OpenID Connect Core 1.0 §12.2).
    pub(crate) nonce: Option<&'a str>,
    /// Seconds since 1970; none to leave the expiry unchecked, which only a refresh does.
    pub(crate) now_s: Option<f64>,
}

/// The first check that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    Malformed,
    Algorithm,
    Issuer,
    Audience,
    Tenant,
    Nonce,
    Expired,
}

/// How far the two clocks may be apart before a token counts as expired.
const LEEWAY_S: f64 = 5.0 * 60.0;

/// The claims of a token that passes every check.
pub(crate) fn check(token: &str, expected: Expected<'_>) -> Result<Value, Flaw> {
    let mut segments = token.split('.');
    let (header, claims) = (decode(segments.next())?, decode(segments.next())?);
    if segments.next().is_none() || segments.next().is_some() {
        return Err(Flaw::Malformed);
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str);

    // A signature that was made with a shared secret is nobody's: a public client has no secret.
    let asymmetric = |algorithm: &str| ["RS", "PS", "ES", "Ed"].iter().any(|family| algorithm.starts_with(family));
    if !header.get("alg").and_then(Value::as_str).is_some_and(asymmetric) {
        return Err(Flaw::Algorithm);
    }
    let issuer = expected.metadata.issuer_for(text("tid"));
    if issuer.is_none() || text("iss") != issuer.as_deref() {
        return Err(Flaw::Issuer);
    }
    let for_us = match claims.get("aud") {
        Some(Value::String(audience)) => audience == expected.client_id,
        // Several audiences: then the token must have been made for us as well (`azp`).
        Some(Value::Array(audiences)) => {
            audiences.iter().any(|audience| audience == expected.client_id)
                && (audiences.len() == 1 || text("azp") == Some(expected.client_id))
        }
        _ => false,
    };
    if !for_us {
        return Err(Flaw::Audience);
    }
    if expected.authority.protocol() == Protocol::Entra && !text("tid").is_some_and(|tenant| expected.authority.accepts_tenant(tenant)) {
        return Err(Flaw::Tenant);
    }
    if expected.nonce.is_some() && text("nonce") != expected.nonce {
        return Err(Flaw::Nonce);
    }
    if text("sub").is_none_or(str::is_empty) {
        return Err(Flaw::Malformed);
    }
    if let Some(now_s) = expected.now_s {
        let expires = claims.get("exp").and_then(Value::as_f64).ok_or(Flaw::Malformed)?;
        if now_s >= expires + LEEWAY_S {
            return Err(Flaw::Expired);
        }
    }
    Ok(claims)
}

fn decode(segment: Option<&str>) -> Result<Value, Flaw> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(segment.unwrap_or("")).map_err(|_| Flaw::Malformed)?;
    serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object).ok_or(Flaw::Malformed)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use crate::auth::fixture::{self, CLIENT, NOW_S, TENANT};
    use serde_json::json;

    fn check_at(token: &str, now_s: f64) -> Result<Value, Flaw> {
        let config = fixture::config();
        let metadata = fixture::metadata(&config);
        let expected =
            Expected { authority: &config.authority, metadata: &metadata, client_id: CLIENT, nonce: Some("n"), now_s: Some(now_s) };
        check(token, expected)
    }

    /// A good token but for one claim.
    fn with(name: &str, value: Value) -> Result<Value, Flaw> {
        let mut claims = fixture::claims("n");
        claims[name] = value;
        check_at(&fixture::id_token(&claims), NOW_S)
    }

    #[test]
    fn a_good_token_gives_its_claims() {
        let claims = with("name", json!("Adèle")).unwrap();
        assert_eq!((claims["tid"].as_str(), claims["name"].as_str()), (Some(TENANT), Some("Adèle")));
    }

    #[test]
    fn row_22_each_bad_claim_is_refused() {
        assert_eq!(with("nonce", json!("another")), Err(Flaw::Nonce));
        assert_eq!(with("nonce", json!(null)), Err(Flaw::Nonce));
        assert_eq!(with("aud", json!("another")), Err(Flaw::Audience));
        assert_eq!(with("aud", json!([CLIENT, "another"])), Err(Flaw::Audience));
        assert_eq!(with("aud", json!(null)), Err(Flaw::Audience));
        assert_eq!(with("iss", json!("https://login.evil.example/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/v2.0")), Err(Flaw::Issuer));
        assert_eq!(with("iss", json!("https://login.microsoftonline.com/{tenantid}/v2.0")), Err(Flaw::Issuer));
        assert_eq!(with("tid", json!("{tenantid}")), Err(Flaw::Issuer));
        assert_eq!(with("tid", json!(null)), Err(Flaw::Issuer));
        assert_eq!(with("exp", json!(NOW_S - 301.0)), Err(Flaw::Expired));
        assert_eq!(with("exp", json!(null)), Err(Flaw::Malformed));
        assert_eq!(with("sub", json!("")), Err(Flaw::Malformed));
    }

    #[test]
    fn row_22_unsigned_and_self_signed_tokens_are_refused() {
        let claims = fixture::claims("n");
        for header in [json!({ "alg": "none" }), json!({ "alg": "HS256" }), json!({ "alg": null }), json!({})] {
            assert_eq!(check_at(&fixture::jwt(&header, &claims), NOW_S), Err(Flaw::Algorithm), "{header}");
        }
    }

    #[test]
    fn row_22_what_is_no_token_is_refused() {
        let token = fixture::id_token(&fixture::claims("n"));
        let unsigned = token.rsplit_once('.').unwrap().0.to_owned();
        for text in ["", "a.b.c", "..", unsigned.as_str(), &[token.as_str(), ".x"].concat()] {
            assert_eq!(check_at(text, NOW_S), Err(Flaw::Malformed), "{text}");
        }
    }

    #[test]
    fn clocks_may_differ_by_minutes() {
        let token = fixture::id_token(&fixture::claims("n"));
        assert!(check_at(&token, NOW_S - 7200.0).is_ok());
        assert!(check_at(&token, NOW_S + 3600.0 + 240.0).is_ok());
        assert_eq!(check_at(&token, NOW_S + 7200.0), Err(Flaw::Expired));
    }

    #[test]
    fn an_audience_of_several_must_name_us_as_the_party() {
        let mut claims = fixture::claims("n");
        claims["aud"] = json!([CLIENT, "another"]);
        claims["azp"] = json!(CLIENT);
        assert!(check_at(&fixture::id_token(&claims), NOW_S).is_ok());
    }

    #[test]
    fn organizations_excludes_personal_accounts() {
        let personal = crate::auth::account::CONSUMER_TENANT;
        let mut claims = fixture::claims("n");
        claims["tid"] = json!(personal);
        claims["iss"] = json!(["https://login.microsoftonline.com/", personal, "/v2.0"].concat());
        assert_eq!(check_at(&fixture::id_token(&claims), NOW_S), Err(Flaw::Tenant));
    }
}
