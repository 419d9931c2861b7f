//! Id and access tokens: which claims Entra ID puts into them. Owns the claims; leaves the key to `keys` and lifetimes to `Switches`.
//!
//! Microsoft's own access tokens for Graph are of the older version 1 and cannot be checked by anybody but Graph. The sandbox issues the
//! documented version 2 in their stead: a client must not look into them in either case.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{control::faults::Signature, world::User};

use super::{clients::Client, keys::keys, scopes::GRAPH_ID, state::Grant};

/// The claims of an access token that the sandbox itself reads.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(crate) struct AccessClaims {
    pub(crate) aud: String,
    pub(crate) iss: String,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) tid: String,
    pub(crate) azp: String,
    /// `0` public client, `1` client secret.
    pub(crate) azpacr: String,
    pub(crate) sub: String,
    pub(crate) oid: String,
    pub(crate) ver: String,
    pub(crate) uti: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_username: Option<String>,
    /// Delegated permissions, parted by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scp: Option<String>,
    /// Application permissions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<String>,
    /// `user` or `app`.
    pub(crate) idtyp: String,
    /// Authentication contexts that the sign-in has satisfied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) acrs: Vec<String>,
    /// The client's declared capabilities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) xms_cc: Vec<String>,
    /// An internal claim of Entra ID's that clients must not read; here the user's count of revocations.
    pub(crate) rh: String,
}

impl AccessClaims {
    /// How often the user's tokens had been revoked when this one was issued.
    pub(crate) fn generation(&self) -> u64 {
        self.rh.rsplit('.').next().and_then(|count| count.parse().ok()).unwrap_or(0)
    }
}

/// The issuer of a directory's tokens.
pub(crate) fn issuer(base_url: &str, tenant_id: &str) -> String {
    format!("{base_url}/{tenant_id}/v2.0")
}

/// For whom and when tokens are issued.
pub(crate) struct Issue<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) tenant_id: &'a str,
    pub(crate) now: DateTime<Utc>,
    pub(crate) lifetime: TimeDelta,
}

impl Issue<'_> {
    /// A delegated access token for Graph.
    pub(crate) fn access_token(&self, user: &User, grant: &Grant) -> Result<String, jsonwebtoken::errors::Error> {
        // OpenID Connect's scopes stay in `scp` (Graph answers userinfo by them), except the one that is about refresh tokens only.
        let scopes: Vec<_> = grant.scopes.iter().copied().filter(|scope| *scope != "offline_access").collect();
        keys().sign(&AccessClaims {
            sub: pairwise(&user.id, GRAPH_ID),
            oid: user.id.clone(),
            name: Some(user.display_name.clone()),
            preferred_username: Some(user.mail().to_owned()),
            scp: Some(scopes.join(" ")),
            idtyp: "user".to_owned(),
            acrs: grant.claims.contexts.clone(),
            xms_cc: if grant.claims.cp1 { vec!["cp1".to_owned()] } else { Vec::new() },
            rh: format!("1.{}", grant.generation),
            ..self.access_claims(grant.client, &user.id)
        })
    }

    /// An application's own access token for Graph.
    pub(crate) fn app_token(&self, client: &'static Client) -> Result<String, jsonwebtoken::errors::Error> {
        let principal = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{}/{}", self.tenant_id, client.id).as_bytes()).to_string();
        keys().sign(&AccessClaims {
            roles: client.roles.iter().map(|role| (*role).to_owned()).collect(),
            idtyp: "app".to_owned(),
            ..self.access_claims(client, &principal)
        })
    }

    fn access_claims(&self, client: &Client, principal: &str) -> AccessClaims {
        AccessClaims {
            aud: GRAPH_ID.to_owned(),
            iss: issuer(self.base_url, self.tenant_id),
            iat: self.now.timestamp(),
            nbf: self.now.timestamp(),
            exp: (self.now + self.lifetime).timestamp(),
            tid: self.tenant_id.to_owned(),
            azp: client.id.to_owned(),
            azpacr: if client.secret.is_some() { "1" } else { "0" }.to_owned(),
            sub: principal.to_owned(),
            oid: principal.to_owned(),
            ver: "2.0".to_owned(),
            uti: URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes()),
            name: None,
            preferred_username: None,
            scp: None,
            roles: Vec::new(),
            idtyp: String::new(),
            acrs: Vec::new(),
            xms_cc: Vec::new(),
            rh: "1.0".to_owned(),
        }
    }

    /// An id token for the client. `home`: of a guest, the directory that the account is of.
    pub(crate) fn id_token(
        &self,
        user: &User,
        home: Option<&str>,
        grant: &Grant,
        nonce: Option<&str>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut claims = json!({
            "aud": grant.client.id,
            "iss": issuer(self.base_url, self.tenant_id),
            "iat": self.now.timestamp(),
            "nbf": self.now.timestamp(),
            "exp": (self.now + self.lifetime).timestamp(),
            "auth_time": grant.signed_in.timestamp(),
            "sub": pairwise(&user.id, grant.client.id),
            "oid": user.id,
            "tid": self.tenant_id,
            "uti": URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes()),
            "rh": format!("1.{}", grant.generation),
            "ver": "2.0",
        });
        let mut add = |name: &str, value: Value| claims[name] = value;
        if let Some(nonce) = nonce {
            add("nonce", json!(nonce));
        }
        if let Some(home) = home {
            add("idp", json!(issuer(self.base_url, home)));
        }
        if grant.scopes.contains(&"profile") {
            add("name", json!(user.display_name));
            add("preferred_username", json!(user.mail()));
            // Entra's hint for the next sign-in, which clients pass on as `login_hint` and `logout_hint`.
            add("login_hint", json!(user.mail()));
        }
        if grant.scopes.contains(&"email") {
            add("email", json!(user.mail()));
        }
        keys().sign(&claims)
    }
}

/// A token with other claims (null: without them), signed again, or in a way that nobody may accept; for fault rules.
pub(crate) fn forged(token: &str, changes: &Map<String, Value>, signature: Option<Signature>) -> Option<String> {
    let payload = token.split('.').nth(1)?;
    let mut claims: Map<String, Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    for (name, value) in changes {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
    let signed = keys().sign(&claims).ok()?;
    let (content, _) = signed.rsplit_once('.')?;
    Some(match signature {
        None => signed,
        Some(Signature::Broken) => format!("{content}.{}", URL_SAFE_NO_PAD.encode([0; 256])),
        Some(Signature::None) => {
            let head = URL_SAFE_NO_PAD.encode(json!({ "typ": "JWT", "alg": "none" }).to_string());
            format!("{head}.{}.", URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string()))
        }
    })
}

/// `client_info`: the account's ids, which MSAL asks for and keys its cache by.
pub(crate) fn client_info(user_id: &str, tenant_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "uid": user_id, "utid": tenant_id }).to_string())
}

/// Entra's `sub` differs for each application, so that applications cannot compare notes (OpenID Connect Core §8.1).
fn pairwise(user_id: &str, client_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{user_id}/{client_id}")))
}
