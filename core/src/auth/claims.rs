//! The `claims` request parameter (OpenID Connect Core 1.0 §5.5). Owns declaring that this client understands claims challenges, and
//! passing a challenge on unchanged; leaves decoding it from a header to `graph`.

use crate::{
    error::{Error, ErrorCode},
    json,
};
use serde_json::{Map, Value, json};

/// The claims to ask for at Entra: the client capability `cp1`, and whatever a challenge asked for.
///
/// # Errors
/// Where the challenge is not a JSON object.
pub(crate) fn with_capabilities(challenge: Option<&str>) -> Result<String, Error> {
    let mut claims = match challenge {
        None => Map::new(),
        Some(text) => match serde_json::from_slice(text.as_bytes()) {
            Ok(Value::Object(claims)) => claims,
            _ => return Err(Error::new(ErrorCode::InvalidResponse, "The claims that the service asked for are not a JSON object.")),
        },
    };
    if let Value::Object(access_token) = claims.entry("access_token").or_insert_with(|| json!({})) {
        access_token.insert("xms_cc".to_owned(), json!({ "values": ["cp1"] }));
    }
    Ok(json::write(&Value::Object(claims)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    #[test]
    fn a_challenge_is_kept_whole_beside_the_capability() {
        assert_eq!(with_capabilities(None).unwrap(), r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}},"id_token":{"x":null}}"#;
        let merged: Value = serde_json::from_str(&with_capabilities(Some(challenge)).unwrap()).unwrap();
        assert_eq!(
            merged,
            json!({
                "access_token": { "nbf": { "essential": true, "value": "1604106651" }, "xms_cc": { "values": ["cp1"] } },
                "id_token": { "x": null },
            })
        );
        assert!(with_capabilities(Some("no json")).is_err());
    }
}
