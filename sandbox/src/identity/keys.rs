//! The RSA key that signs tokens. Owns the key and its public half (JWKS); leaves claims to `tokens`.
//!
//! The key is a file and not generated: generating 2048 bits took between 0.07 and 0.45 seconds here, and 2 to 5 without optimisation; a
//! fixed one is there at once, is the same for every sandbox side by side, and pages keep their sign-in when a developer restarts the
//! server. It is as public as this file. What it signs is worth nothing, which is why the issuer of every token names this machine.

use std::sync::OnceLock;

use axum::{Json, response::IntoResponse};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header,
    jwk::{AlgorithmParameters, Jwk},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

static KEYS: OnceLock<Keys> = OnceLock::new();
const PRIVATE_KEY: &[u8] = include_bytes!("signing-key.der");

/// Both halves of the key, parsed once per process.
pub(crate) struct Keys {
    private: EncodingKey,
    public: Option<DecodingKey>,
    modulus: String,
    exponent: String,
}

/// The process's keys.
pub(crate) fn keys() -> &'static Keys {
    KEYS.get_or_init(Keys::parse)
}

impl Keys {
    /// RFC 7517's key id. Entra's are opaque too; this one says where it belongs.
    const ID: &str = "sandbox-2026";

    fn parse() -> Self {
        let private = EncodingKey::from_rsa_der(PRIVATE_KEY);
        let parameters = Jwk::from_encoding_key(&private, Algorithm::RS256).map(|jwk| jwk.algorithm);
        let (modulus, exponent) = match parameters {
            Ok(AlgorithmParameters::RSA(rsa)) => (rsa.n, rsa.e),
            // The file is part of the program and a test reads it; without it nothing verifies, and nothing panics.
            _ => (String::new(), String::new()),
        };
        let public = DecodingKey::from_rsa_components(&modulus, &exponent).ok();
        Self { private, public, modulus, exponent }
    }

    /// Signs claims as a compact RS256 token.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(Self::ID.to_owned());
        jsonwebtoken::encode(&header, claims, &self.private)
    }

    /// The claims of a token that this key signed. Times are not looked at: the sandbox has a clock of its own.
    pub(crate) fn verify<Claims: DeserializeOwned + Clone>(&self, token: &str) -> Option<Claims> {
        let mut validation = jsonwebtoken::Validation::new(Algorithm::RS256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        jsonwebtoken::decode::<Claims>(token, self.public.as_ref()?, &validation).ok().map(|data| data.claims)
    }

    fn jwks(&self, base_url: &str) -> Value {
        json!({ "keys": [{
            "kty": "RSA",
            "use": "sig",
            "kid": Self::ID,
            "x5t": Self::ID,
            "n": self.modulus,
            "e": self.exponent,
            "issuer": format!("{base_url}/{{tenantid}}/v2.0"),
        }] })
    }
}

/// `GET /{tenant}/discovery/v2.0/keys`.
pub(crate) async fn jwks(axum::extract::State(context): axum::extract::State<crate::context::Shared>) -> impl IntoResponse {
    let mut response = Json(keys().jwks(&context.base_url)).into_response();
    super::discovery::allow_any_origin(&mut response);
    response
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn signs_what_it_verifies_and_nothing_else() {
        let token = keys().sign(&json!({ "aud": "someone", "exp": 1 })).unwrap();
        assert_eq!(keys().verify::<Value>(&token).unwrap()["aud"], "someone");
        let (head, signature) = token.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { "B" } else { "A" };
        assert!(keys().verify::<Value>(&format!("{head}.{other}{}", &signature[1..])).is_none());
        let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", token.split('.').nth(1).unwrap());
        assert!(keys().verify::<Value>(&unsigned).is_none());
    }
}
