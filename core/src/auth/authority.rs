//! Who issues the tokens. Owns the two shapes of provider (Entra, plain OpenID Connect), where their discovery documents are and what
//! of such a document is believed; leaves fetching it to the browser half.

use super::account::CONSUMER_TENANT;
use crate::{
    config::{is_guid, is_secure},
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
    /// OpenID Connect: further hosts (`name`, or on loopback `name:port`) on which the deployer expects endpoints.
    hosts: Vec<String>,
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
        Self { protocol: Protocol::Entra, base: cloud.login_origin().to_owned(), tenant: tenant.to_owned(), hosts: Vec::new() }
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
        Ok(Self {
            protocol: Protocol::Entra,
            base: url.origin().ascii_serialization(),
            tenant: tenant.to_ascii_lowercase(),
            hosts: Vec::new(),
        })
    }

    /// A plain OpenID Connect provider, by its issuer. Some have their endpoints on other hosts than the issuer's; those are named by the
    /// deployer, as the page's policy names them too: a discovery document alone must not decide where codes go.
    #[must_use]
    pub fn oidc(issuer: &Url, hosts: Vec<String>) -> Self {
        Self { protocol: Protocol::Oidc, base: issuer.as_str().trim_end_matches('/').to_owned(), tenant: String::new(), hosts }
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

    pub(crate) fn base(&self) -> &str {
        &self.base
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

/// What stands for the token's own tenant in the issuer of Entra's shared endpoints.
const TENANT_PLACE: &str = "{tenantid}";

impl Authority {
    /// Reads a discovery document. The issuer must be the one that was configured (OpenID Connect Discovery 1.0 §4.3), and every endpoint
    /// must be on the authority's own origin, or on a host that the configuration names: a document that sends codes elsewhere is not
    /// believed.
    ///
    /// # Errors
    /// [`ErrorCode::Configuration`] naming the member that does not fit, and the host where that is what does not.
    pub fn metadata(&self, document: &Value) -> Result<Metadata, Error> {
        let text = |name: &str| document.get(name).and_then(Value::as_str);
        let issuer = text("issuer").filter(|issuer| self.is_ours(issuer)).ok_or_else(|| self.misfit("issuer"))?;
        let origin = Url::parse(&self.base).map(|url| url.origin());
        let endpoint = |name: &str| match text(name).map(Url::parse) {
            Some(Ok(url)) if origin.as_ref().is_ok_and(|origin| url.origin() == *origin) || self.names(&url) => Ok(Some(url.into())),
            Some(Ok(url)) if self.protocol == Protocol::Oidc && is_secure(&url) => Err(elsewhere(name, &url)),
            None => Ok(None),
            _ => Err(self.misfit(name)),
        };
        Ok(Metadata {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint("authorization_endpoint")?.ok_or_else(|| self.misfit("authorization_endpoint"))?,
            token_endpoint: endpoint("token_endpoint")?.ok_or_else(|| self.misfit("token_endpoint"))?,
            end_session_endpoint: endpoint("end_session_endpoint")?,
            answers_with_issuer: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        })
    }

    /// Whether people of this tenant may sign in here.
    #[must_use]
    pub fn accepts_tenant(&self, tenant: &str) -> bool {
        match self.tenant.as_str() {
            "organizations" => tenant != CONSUMER_TENANT,
            "consumers" => tenant == CONSUMER_TENANT,
            configured if is_guid(configured) => tenant == configured,
            // `common` takes everybody; a domain's GUID stands in the issuer, which is compared.
            _ => true,
        }
    }

    /// Whether the configuration names the host of that address.
    fn names(&self, url: &Url) -> bool {
        is_secure(url) && self.hosts.contains(&host(url))
    }

    fn is_ours(&self, issuer: &str) -> bool {
        if self.protocol == Protocol::Oidc {
            return issuer.trim_end_matches('/') == self.base;
        }
        let named =
            issuer.strip_prefix(self.base.as_str()).and_then(|rest| rest.strip_prefix('/')).and_then(|rest| rest.strip_suffix("/v2.0"));
        match (named, self.tenant.as_str()) {
            (Some(TENANT_PLACE), "common" | "organizations" | "consumers") => true,
            (Some(named), "consumers") => named == CONSUMER_TENANT,
            (Some(named), tenant) if is_guid(tenant) => named == tenant,
            (Some(named), tenant) => is_guid(named) && tenant.contains('.'),
            (None, _) => false,
        }
    }

    fn misfit(&self, member: &str) -> Error {
        let message = [
            "The discovery document at ",
            &self.discovery_url(),
            " does not fit the configured authority: its \"",
            member,
            "\" is missing or belongs to somebody else. Check \"authority\", \"protocol\" and \"accountType\".",
        ];
        Error::new(ErrorCode::Configuration, message.concat())
    }
}

/// The host as a configuration names it: with its port, where it has one of its own.
fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| [name, ":", &port.to_string()].concat())
}

fn elsewhere(member: &str, url: &Url) -> Error {
    let host = host(url);
    let message = ["The sign-in service has its \"", member, "\" on another host, ", &host, ". If that is right, add it to"];
    let rest = [" \"authorityHosts\" in the configuration, and to connect-src in the page's content security policy."];
    Error::new(ErrorCode::Configuration, [message.concat(), rest.concat()].concat())
}

impl Metadata {
    /// The issuer that a token of this tenant must name.
    #[must_use]
    pub fn issuer_for(&self, tenant: Option<&str>) -> Option<String> {
        match (self.issuer.split_once(TENANT_PLACE), tenant) {
            (None, _) => Some(self.issuer.clone()),
            (Some((before, after)), Some(tenant)) if is_guid(tenant) => Some([before, tenant, after].concat()),
            (Some(_), _) => None,
        }
    }

    /// Whether the `iss` of an answer, which comes before any token, names this provider (RFC 9207 §2.4).
    #[must_use]
    pub fn is_issuer(&self, issuer: &str) -> bool {
        match self.issuer.split_once(TENANT_PLACE) {
            None => issuer == self.issuer,
            Some((before, after)) => issuer.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).is_some_and(is_guid),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": self.authorization_endpoint,
            "token_endpoint": self.token_endpoint,
            "end_session_endpoint": self.end_session_endpoint,
            "authorization_response_iss_parameter_supported": self.answers_with_issuer,
        })
    }
}
