//! The addresses that the person is sent to. Owns every parameter of the authorization request, of the sign-out page and of the
//! administrator's consent; leaves what is sent behind the person's back to `exchange`.

use super::{Metadata, Protocol, Secret, claims, exchange::Grant, pending::Pending, refusal::Refusal, scopes};
use crate::{
    config::{Cloud, SessionConfig},
    error::{Error, ErrorCode},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oauth2::{AuthType, AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, url::Url};

/// What one sign-in asks for beside the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// Further scopes, beside those of the configuration.
    pub scopes: Vec<String>,
    /// What the provider is to show even if it need not.
    pub prompt: Option<Prompt>,
    /// The account to offer first; none for the configuration's.
    pub login_hint: Option<String>,
    /// What a claims challenge asked for, decoded JSON.
    pub claims: Option<String>,
    /// A text of the page's own that comes back after the sign-in: where the person was.
    pub state: Option<String>,
    /// In a window of its own, so that this page stays; else the page itself goes to the provider and comes back.
    pub popup: bool,
    /// For which account of the session further scopes are asked: what is refused is remembered with it.
    pub account: Option<String>,
}

/// What the provider is to show even if it need not (OpenID Connect Core 1.0 §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The password.
    Login,
    /// The permissions.
    Consent,
    /// The accounts.
    SelectAccount,
    /// Nothing: without a session at the provider the answer is a refusal.
    None,
}

impl Prompt {
    pub(crate) const ALL: [Self; 4] = [Self::Login, Self::Consent, Self::SelectAccount, Self::None];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
            Self::None => "none",
        }
    }

    /// The prompt of that name, as it goes over the wire.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|prompt| prompt.as_str() == name)
    }
}

/// A sign-in that is about to begin: where to go, and what to remember meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct Departure {
    /// To be kept before the page goes.
    pub pending: Pending,
    /// Where the page goes.
    pub url: String,
}

/// Prepares a sign-in: authorization code, PKCE with S256 (RFC 7636), a fresh state and nonce of 256 bits each.
///
/// # Errors
/// Where an address or the claims cannot be used.
pub fn depart(
    config: &SessionConfig,
    metadata: &Metadata,
    redirect_uri: &str,
    request: SignIn,
    moment: &Start,
) -> Result<Departure, Error> {
    let scopes = scopes::merge(&scopes::request_scopes(&config.features, config.scopes.as_deref()), &request.scopes);
    let verifier = PkceCodeVerifier::new(secret(&moment.chance[0]));
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let (nonce, mut state) = (secret(&moment.chance[1]), secret(&moment.chance[2]));
    if request.popup {
        // All that a sign-in window has of us when it comes back is the state: it names the channel on which the answer is awaited.
        state = [&state, ".", &secret(&moment.chance[3])].concat();
    }
    let state = CsrfToken::new(state);
    let entra = config.authority.protocol() == Protocol::Entra;
    let claims = if entra { Some(claims::with_capabilities(request.claims.as_deref())?) } else { request.claims.clone() };

    let extra = [
        ("nonce", Some(nonce.clone())),
        ("response_mode", entra.then(|| "fragment".to_owned())),
        ("prompt", request.prompt.map(|prompt| prompt.as_str().to_owned())),
        ("login_hint", request.login_hint.clone().or_else(|| config.login_hint.clone())),
        ("domain_hint", config.domain_hint.clone().filter(|_| entra)),
        ("claims", claims),
    ];
    let client = client(config)
        .set_auth_uri(AuthUrl::new(metadata.authorization_endpoint.clone()).map_err(|_| unusable("authorization endpoint"))?)
        .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| unusable("redirect URI"))?);
    let mut authorization =
        client.authorize_url(|| state).set_pkce_challenge(challenge).add_scopes(qualified(config, &scopes).into_iter().map(Scope::new));
    for (name, value) in extra {
        if let Some(value) = value {
            authorization = authorization.add_extra_param(name, value);
        }
    }
    let (url, state) = authorization.url();

    let pending = Pending {
        state: Secret::new(state.into_secret()),
        nonce: Secret::new(nonce),
        verifier: Secret::new(verifier.into_secret()),
        redirect_uri: redirect_uri.to_owned(),
        metadata: metadata.clone(),
        scopes,
        created_ms: moment.wall_ms,
        page: moment.page.clone(),
        attempt: 1,
        request,
    };
    Ok(Departure { pending, url: url.into() })
}

/// What a sign-in needs of the world: the core has neither clock nor dice.
#[derive(Clone)]
pub struct Start {
    /// Milliseconds since the epoch.
    pub wall_ms: f64,
    /// The page's own address, to come back to.
    pub page: String,
    /// 256 bits each for verifier, nonce, state and a window's channel, fresh from a cryptographic source.
    pub chance: [[u8; 32]; 4],
}

/// 256 bits in 43 characters that need no escaping (RFC 7636 §4.1).
fn secret(bytes: &[u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Where the provider's own session ends and leads back from (OpenID Connect RP-Initiated Logout 1.0 §2). None where it has no such page.
#[must_use]
pub fn sign_out_url(config: &SessionConfig, metadata: &Metadata, redirect_uri: &str, hint: Option<&str>) -> Option<String> {
    let mut url = Url::parse(metadata.end_session_endpoint.as_deref()?).ok()?;
    url.query_pairs_mut()
        .append_pair("post_logout_redirect_uri", config.post_logout_redirect_uri.as_deref().unwrap_or(redirect_uri))
        .append_pair("client_id", &config.client_id)
        .extend_pairs(hint.map(|hint| ("logout_hint", hint)));
    Some(url.into())
}

/// The link that an administrator opens to consent for everybody in the organization (learn.microsoft.com, "Admin consent on the Microsoft
/// identity platform"). None for providers that are not Entra and for personal accounts, who have no administrator.
#[must_use]
pub fn admin_consent_url(config: &SessionConfig, redirect_uri: &str, scopes: &[String]) -> Option<String> {
    let tenant = match (config.authority.protocol(), config.authority.tenant()) {
        (Protocol::Oidc, _) | (_, "consumers") => return None,
        // Whose administrator signs in decides.
        (Protocol::Entra, "common") => "organizations",
        (Protocol::Entra, tenant) => tenant,
    };
    let mut url = Url::parse(&[config.authority.base(), "/", tenant, "/v2.0/adminconsent"].concat()).ok()?;
    url.query_pairs_mut()
        .append_pair("client_id", &config.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", &on_resource(config.cloud, scopes).join(" "));
    Some(url.into())
}

/// The scopes as the provider must be asked: outside the global cloud a bare name would mean the global Graph.
pub(crate) fn qualified(config: &SessionConfig, scopes: &[String]) -> Vec<String> {
    if config.cloud == Cloud::Global || config.authority.protocol() == Protocol::Oidc {
        scopes.to_vec()
    } else {
        on_resource(config.cloud, scopes)
    }
}

fn on_resource(cloud: Cloud, scopes: &[String]) -> Vec<String> {
    let bare = |scope: &str| scope.contains("://") || matches!(scope, "openid" | "profile" | "email" | "offline_access");
    scopes.iter().map(|scope| if bare(scope) { scope.clone() } else { [cloud.graph_origin(), "/", scope].concat() }).collect()
}

/// The one shape of client that everything goes through: each further one would be compiled anew.
pub(crate) type OAuthClient = oauth2::Client<
    Refusal,
    Grant,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
>;

/// A public client: it has an id and nothing to prove it with.
pub(crate) fn client(config: &SessionConfig) -> OAuthClient {
    OAuthClient::new(ClientId::new(config.client_id.clone())).set_auth_type(AuthType::RequestBody)
}

pub(crate) fn unusable(what: &str) -> Error {
    Error::new(ErrorCode::Configuration, ["The ", what, " is not a usable URL. Check the configuration."].concat())
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
