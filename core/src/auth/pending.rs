//! A sign-in that is under way. Owns what the page has to remember while the person is at the provider's, and its form in storage;
//! leaves where that is to the browser half. It holds the verifier, so it lives in this tab alone and is gone after use.

use super::{
    Metadata, Secret,
    protocol::{Prompt, SignIn},
};
use crate::config::SessionConfig;
use serde_json::{Value, json};

/// How long a sign-in may take.
const LIFE_MS: f64 = 10.0 * 60.0 * 1000.0;

/// A request whose answer is awaited.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    pub(crate) state: Secret,
    pub(crate) nonce: Secret,
    pub(crate) verifier: Secret,
    pub(crate) redirect_uri: String,
    /// The address of the page that began, hash included: where a separate callback page leads back to.
    pub(crate) page: String,
    pub(crate) metadata: Metadata,
    /// What was asked for; granted where the answer names no scopes (RFC 6749 §5.1).
    pub(crate) scopes: Vec<String>,
    /// Milliseconds since 1970 by this machine's clock.
    pub(crate) created_ms: f64,
    /// The second one is automatic; there is no third.
    pub(crate) attempt: u8,
    pub(crate) request: SignIn,
}

impl Pending {
    /// The page's own text that comes back after the sign-in.
    #[must_use]
    pub fn page_state(&self) -> Option<&str> {
        self.request.state.as_deref()
    }

    /// The page that began.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }

    /// The channel on which a sign-in window answers; none where the page itself comes back.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        super::answer::channel(&self.state)
    }

    /// Whether it is too old to be answered. One from the future, after the clock was set back, is as good as new: its state and code
    /// are short-lived at the provider's too.
    #[must_use]
    pub fn is_over(&self, wall_ms: f64) -> bool {
        wall_ms - self.created_ms > LIFE_MS
    }

    /// Everything, for this tab's storage and nothing else.
    #[must_use]
    pub fn to_json(&self, config: &SessionConfig) -> Value {
        json!({
            "authority": config.authority.key(),
            "clientId": config.client_id,
            "state": self.state.expose(),
            "nonce": self.nonce.expose(),
            "verifier": self.verifier.expose(),
            "redirectUri": self.redirect_uri,
            "page": self.page,
            "metadata": self.metadata.to_json(),
            "scopes": self.scopes,
            "created": self.created_ms,
            "attempt": self.attempt,
            "request": self.request.to_json(),
        })
    }

    /// The same again; none where it was made for another configuration or is damaged.
    #[must_use]
    pub fn from_json(value: &Value, config: &SessionConfig) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("authority") != Some(&config.authority.key()) || text("clientId") != Some(&config.client_id) {
            return None;
        }
        Some(Self {
            state: Secret::new(text("state")?),
            nonce: Secret::new(text("nonce")?),
            verifier: Secret::new(text("verifier")?),
            redirect_uri: text("redirectUri")?.to_owned(),
            page: text("page").unwrap_or_default().to_owned(),
            metadata: config.authority.metadata(value.get("metadata")?).ok()?,
            scopes: texts(value.get("scopes")?)?,
            created_ms: value.get("created")?.as_f64()?,
            attempt: value.get("attempt")?.as_u64()?.try_into().ok()?,
            request: SignIn::from_json(value.get("request")?)?,
        })
    }
}

impl SignIn {
    fn to_json(&self) -> Value {
        json!({
            "scopes": self.scopes,
            "prompt": self.prompt.map(Prompt::as_str),
            "loginHint": self.login_hint,
            "claims": self.claims,
            "state": self.state,
            "account": self.account,
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let prompt = text("prompt").and_then(|name| Prompt::from_name(&name));
        Some(Self {
            scopes: texts(value.get("scopes")?)?,
            prompt,
            login_hint: text("loginHint"),
            claims: text("claims"),
            state: text("state"),
            popup: false,
            account: text("account"),
        })
    }
}

/// A list of texts, whole or not at all.
pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
