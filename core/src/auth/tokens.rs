//! What a token response leaves behind. Owns how long an access token counts as good and what is kept for a reload; leaves encryption
//! and storage to the browser half.

use super::{Account, Metadata, Secret, pending::texts, scopes};
use crate::config::SessionConfig;
use serde_json::{Value, json};

/// When something was seen, by both of the browser's clocks: the wall clock may be set, the monotonic one may stop while the machine
/// sleeps. Of two differences the larger counts, so that neither makes an old token look fresh.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moment {
    /// Milliseconds since 1970 by this machine's own, perhaps wrong, clock.
    pub wall_ms: f64,
    /// Milliseconds since the page began.
    pub mono_ms: f64,
}

impl Moment {
    /// Seconds from `earlier` to this moment; never negative.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        ((self.wall_ms - earlier.wall_ms).max(self.mono_ms - earlier.mono_ms) / 1000.0).max(0.0)
    }
}

/// An access token and its life.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// The bearer.
    pub token: Secret,
    /// When it came.
    pub received: Moment,
    /// How long it is good from then on, in seconds. Relative, so that a wrong clock does no harm.
    pub lifetime_s: f64,
}

impl Access {
    /// Whether it has more than the margin left: five minutes, or half its life where that is less.
    #[must_use]
    pub fn is_fresh(&self, now: Moment) -> bool {
        now.seconds_since(self.received) < self.lifetime_s - (5.0 * 60.0_f64).min(self.lifetime_s / 2.0)
    }

    /// Whether it has anything left: good enough while a renewal fails.
    #[must_use]
    pub fn is_alive(&self, now: Moment) -> bool {
        now.seconds_since(self.received) < self.lifetime_s
    }
}

/// A signed-in account's tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Tokens {
    /// Whose.
    pub account: Account,
    /// For Graph; none after a reload.
    pub access: Option<Access>,
    /// For the next access token; none where the provider gave none.
    pub refresh: Option<Secret>,
    /// What was granted, without the resource before the names.
    pub granted: Vec<String>,
    /// Where to renew and to sign out.
    pub metadata: Metadata,
    /// Which account the provider is to sign out (claim `login_hint`).
    pub logout_hint: Option<String>,
    /// How far the provider's clock was ahead of this machine's when an id token last came, in seconds; none after a reload.
    pub skew_s: Option<f64>,
}

impl Tokens {
    pub(crate) fn granted_names(scopes: &[String]) -> Vec<String> {
        scopes.iter().map(|scope| scopes::bare(scope).to_owned()).collect()
    }

    /// What outlives a reload, to be encrypted; none where there is nothing to renew with. Access tokens are not in it.
    #[must_use]
    pub fn to_json(&self, config: &SessionConfig) -> Option<Value> {
        let refresh = self.refresh.as_ref()?;
        Some(json!({
            "authority": config.authority.key(),
            "clientId": config.client_id,
            "account": self.account.to_json(),
            "refresh": refresh.expose(),
            "granted": self.granted,
            "metadata": self.metadata.to_json(),
            "logoutHint": self.logout_hint,
        }))
    }

    /// The same again; none where it was made for another configuration or is damaged.
    #[must_use]
    pub fn from_json(value: &Value, config: &SessionConfig) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("authority") != Some(&config.authority.key()) || text("clientId") != Some(&config.client_id) {
            return None;
        }
        Some(Self {
            account: Account::from_json(value.get("account")?)?,
            access: None,
            refresh: Some(Secret::new(text("refresh")?)),
            granted: texts(value.get("granted")?)?,
            metadata: config.authority.metadata(value.get("metadata")?).ok()?,
            logout_hint: text("logoutHint").map(str::to_owned),
            skew_s: None,
        })
    }

    /// Everything, for another tab of this origin: encrypted on its way, and never stored. The age of the access token goes with it, since
    /// the tabs' clocks do not begin at the same time.
    #[must_use]
    pub fn to_hand(&self, config: &SessionConfig, now: Moment) -> Option<Value> {
        let mut value = self.to_json(config)?;
        if let Some(access) = &self.access {
            value["access"] = json!({
                "token": access.token.expose(),
                "ageS": now.seconds_since(access.received),
                "lifetimeS": access.lifetime_s,
            });
        }
        Some(value)
    }

    /// What another tab handed over.
    #[must_use]
    pub fn from_hand(value: &Value, config: &SessionConfig, now: Moment) -> Option<Self> {
        let mut tokens = Self::from_json(value, config)?;
        tokens.access = value.get("access").and_then(|access| {
            let number = |name: &str| access.get(name).and_then(Value::as_f64);
            let age_ms = number("ageS")?.max(0.0) * 1000.0;
            let received = Moment { wall_ms: now.wall_ms - age_ms, mono_ms: now.mono_ms - age_ms };
            Some(Access { token: Secret::new(access.get("token")?.as_str()?), received, lifetime_s: number("lifetimeS")? })
        });
        Some(tokens)
    }
}
