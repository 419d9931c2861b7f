//! Who issues the tokens. Owns the two shapes of provider (Entra, plain OpenID Connect), where their discovery documents are and what
//! of such a document is believed; leaves fetching it to the browser half.

use super::account::CONSUMER_TENANT;
use crate::{
    config::is_guid,
    error::{Error, ErrorCode},
};
use oauth2::url::Url;
use serde_json::{Value, json};

/// The shape of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Microsoft Entra ID, version 2.0: endpoints under `/{tenant}/oauth2/v2.0/`, an issuer that names the token's own tenant.
    Entra,
    /// OpenID Connect Discovery 1.0: one issuer, compared as it is.
    Oidc,
}

/// A provider as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    protocol: Protocol,
    /// Entra: the origin. OpenID Connect: the issuer.
    base: String,
    /// Entra: who may sign in, or the one tenant. OpenID Connect: empty.
    tenant: String,
}

/// What is believed of a provider's discovery document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer; at Entra's shared endpoints it holds `{tenantid}`.
    pub issuer: String,
    /// Where the person signs in.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens are redeemed.
    pub token_endpoint: String,
    /// Where the provider's own session ends.
    pub end_session_endpoint: Option<String>,
    /// Whether the provider says that its answers carry `iss` (RFC 9207 §3).
    pub answers_with_issuer: bool,
}

impl Authority {
    /// Entra in one of Microsoft's clouds.
    #[must_use]
    pub fn of_cloud(cloud: crate::config::Cloud, tenant: &str) -> Self {
        Self { protocol: Protocol::Entra, base: cloud.login_origin().to_owned(), tenant: tenant.to_owned() }
    }

    /// An Entra look-alike. Its URL may name the tenant as its path; `tenant` is what the account type says, where one was given.
    ///
    /// # Errors
    /// Where the two differ, or the path is more than a tenant.
    pub fn entra(url: &Url, tenant: Option<&str>) -> Result<Self, Error> {
        let path = url.path().trim_matches('/');
        let named = path.strip_suffix("v2.0").map_or(path, |rest| rest.trim_end_matches('/'));
        if named.contains('/') || url.query().is_some() || url.fragment().is_some() {
            return Err(crate::config::error(
                "authority",
                "may name a tenant after the host and nothing else, as in https://login.example.com/common",
            ));
        }
        let tenant = match (named, tenant) {
            ("", given) => given.unwrap_or("organizations"),
            (named, Some(given)) if !named.eq_ignore_ascii_case(given) => {
                let problem = ["names the tenant \"", named, "\" and accountType says \"", given, "\". Leave one of them out"].concat();
                return Err(crate::config::error("authority", &problem));
            }
            (named, _) => named,
        };
        Ok(Self { protocol: Protocol::Entra, base: url.origin().ascii_serialization(), tenant: tenant.to_ascii_lowercase() })
    }

    /// A plain OpenID Connect provider, by its issuer.
    #[must_use]
    pub fn oidc(issuer: &Url) -> Self {
        Self { protocol: Protocol::Oidc, base: issuer.as_str().trim_end_matches('/').to_owned(), tenant: String::new() }
    }

    /// The same Entra for other people.
    #[must_use]
    pub fn at(other: &Self, tenant: &str) -> Self {
        Self { tenant: tenant.to_owned(), ..other.clone() }
    }

    /// Its shape.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Entra: `common`, `organizations`, `consumers`, a tenant's GUID or domain. OpenID Connect: empty.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// A text that tells this authority from others: what was stored for one is never used with another.
    #[must_use]
    pub fn key(&self) -> String {
        [self.base.as_str(), "/", &self.tenant].concat()
    }

    /// Where the discovery document is (OpenID Connect Discovery 1.0 §4).
    #[must_use]
    pub fn discovery_url(&self) -> String {
        let middle = match self.protocol {
            Protocol::Entra => ["/", &self.tenant, "/v2.0"].concat(),
            Protocol::Oidc => String::new(),
        };
        [&self.base, &middle, "/.well-known/openid-configuration"].concat()
    }
}
