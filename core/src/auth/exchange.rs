//! What is sent behind the person's back: discovery, code against tokens, refresh token against tokens. Owns the requests and what of
//! the answers is believed; leaves sending to a transport that is handed in, and what follows from an answer to the state machine.

use super::{Authority, Metadata, Moment, Protocol, Secret, claims, pending::Pending, protocol, refusal::Refusal};
use crate::{
    config::SessionConfig,
    error::{Details, Error, ErrorCode},
    graph::retry_after,
    number::decimal,
};
use http::{Method, Request, Response, StatusCode, header};
use oauth2::{
    AccessToken, AuthorizationCode, ErrorResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, TokenResponse,
    TokenUrl, basic::BasicTokenType,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::{borrow::Cow, future::Future, pin::Pin, rc::Rc, time::Duration};

/// An answer on its way.
pub type Reply = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, Error>>>>;

/// Sends one request, without cookies and without following redirects.
pub type Transport = Rc<dyn Fn(Request<Vec<u8>>) -> Reply>;

/// What the token endpoint gave (RFC 6749 §5.1), after its checks.
#[derive(Debug, Clone)]
pub struct Grant {
    access: AccessToken,
    token_type: BasicTokenType,
    refresh: Option<RefreshToken>,
    scopes: Option<Vec<Scope>>,
    lifetime_s: f64,
    id_token: Option<Secret>,
}

/// Fetches the provider's discovery document.
///
/// # Errors
/// What the network did, or `configuration` where the document does not fit the authority.
pub async fn discover(transport: &Transport, authority: &Authority, now: Moment) -> Result<Metadata, Error> {
    let url = authority.discovery_url();
    let request = Request::builder().method(Method::GET).uri(&url).header(header::ACCEPT, "application/json").body(Vec::new());
    let answer = screen(transport(request.map_err(|_| protocol::unusable("authority"))?).await?, now)?;
    let body = serde_json::from_slice::<Value>(answer.body()).map_err(|_| cut_off())?;
    if answer.status().is_success() {
        return authority.metadata(&body);
    }
    let message = ["There is no sign-in service at ", &url, ". Check the account type, the tenant and the authority."].concat();
    let refused = Refusal::from_body(&body).map(|refusal| refusal.into_error(Some(answer.status().as_u16())));
    let details = refused.map(|error| error.details().clone()).unwrap_or_default();
    Err(Error::new(ErrorCode::Configuration, message).with(details))
}

/// Redeems a code, once (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// # Errors
/// As the provider or the network refuses; an answer without a bearer token is refused too.
pub async fn redeem(transport: &Transport, config: &SessionConfig, pending: &Pending, code: &Secret, now: Moment) -> Result<Grant, Error> {
    let redirect_uri = RedirectUrl::new(pending.redirect_uri.clone()).map_err(|_| protocol::unusable("redirect URI"))?;
    let client = protocol::client(config).set_token_uri(token_url(&pending.metadata)?);
    let mut request = client
        .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.expose().to_owned()))
        .set_redirect_uri(Cow::Owned(redirect_uri));
    if let Some(claims) = token_claims(config, pending.request.claims.as_deref())? {
        request = request.add_extra_param("claims", claims);
    }
    believed(request.request_async(&http_client(transport, now)).await)
}

/// Redeems a refresh token (RFC 6749 §6).
///
/// # Errors
/// As the provider or the network refuses; an answer without a bearer token is refused too.
pub async fn refresh(
    transport: &Transport,
    config: &SessionConfig,
    metadata: &Metadata,
    refresh_token: &Secret,
    scopes: &[String],
    claims: Option<&str>,
    now: Moment,
) -> Result<Grant, Error> {
    let client = protocol::client(config).set_token_uri(token_url(metadata)?);
    let token = RefreshToken::new(refresh_token.expose().to_owned());
    let mut request = client.exchange_refresh_token(&token).add_scopes(protocol::qualified(config, scopes).into_iter().map(Scope::new));
    if let Some(claims) = token_claims(config, claims)? {
        request = request.add_extra_param("claims", claims);
    }
    believed(request.request_async(&http_client(transport, now)).await)
}

impl Grant {
    pub(crate) fn access(&self) -> Secret {
        Secret::new(self.access.secret().clone())
    }

    /// None where the old one stays valid (RFC 6749 §6).
    pub(crate) fn refresh(&self) -> Option<Secret> {
        self.refresh.as_ref().map(|token| Secret::new(token.secret().clone()))
    }

    /// None where they are those that were asked for.
    pub(crate) fn scopes(&self) -> Option<Vec<String>> {
        self.scopes.as_ref().map(|scopes| scopes.iter().map(|scope| (**scope).clone()).collect())
    }

    pub(crate) fn lifetime_s(&self) -> f64 {
        self.lifetime_s
    }

    pub(crate) fn id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }

    fn read(body: &Value) -> Self {
        let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let token_type = text("token_type").unwrap_or("");
        Self {
            access: AccessToken::new(text("access_token").unwrap_or("").to_owned()),
            token_type: if token_type.eq_ignore_ascii_case("bearer") {
                BasicTokenType::Bearer
            } else {
                BasicTokenType::Extension(token_type.to_owned())
            },
            refresh: text("refresh_token").map(|token| RefreshToken::new(token.to_owned())),
            scopes: text("scope").map(|scopes| scopes.split_ascii_whitespace().map(|scope| Scope::new(scope.to_owned())).collect()),
            lifetime_s: lifetime_s(body.get("expires_in")),
            id_token: text("id_token").map(Secret::new),
        }
    }
}

/// How long a token is taken to live. Providers leave it out, send it as text, or send nonsense; whatever it is, there is never reason to
/// renew more often than every half minute, nor to trust a token for more than a day.
fn lifetime_s(value: Option<&Value>) -> f64 {
    let given = match value {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => decimal(text.trim()),
        _ => None,
    };
    given.unwrap_or(3600.0).clamp(60.0, 24.0 * 3600.0)
}

/// What an HTTP answer says apart from its body, which `oauth2` alone would not look at: that something stands between us and the
/// provider, and how long to wait.
fn screen(answer: Response<Vec<u8>>, now: Moment) -> Result<Response<Vec<u8>>, Error> {
    let status = answer.status();
    let header = |name| answer.headers().get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let details = || Details {
        status: Some(status.as_u16()),
        request_id: header("x-ms-request-id").map(str::to_owned),
        // A date there is compared with this machine's clock, for want of another.
        retry_after: header("retry-after").and_then(|text| retry_after(text, (now.wall_ms / 1000.0) as i64)),
        ..Details::default()
    };
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::new(ErrorCode::Throttled, "The sign-in service asks to wait: too many requests.").with(details()));
    }
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return Err(Error::new(ErrorCode::Unavailable, "The sign-in service is not available for the moment.").with(details()));
    }
    // A missing type is let through: the body decides then.
    let is_json = header("content-type")
        .is_none_or(|kind| kind.trim_start().get(..16).is_some_and(|kind| kind.eq_ignore_ascii_case("application/json")));
    if !is_json && !answer.body().is_empty() {
        let message = "A web page came back instead of the sign-in service's answer. Does this network want you to sign in to it first?";
        return Err(Error::new(ErrorCode::Network, message).with(details()));
    }
    Ok(answer)
}

/// The one closure over the transport that `oauth2` is instantiated with.
fn http_client(transport: &Transport, now: Moment) -> impl Fn(Request<Vec<u8>>) -> Reply {
    let transport = Rc::clone(transport);
    move |request| {
        let reply = transport(request);
        Box::pin(async move { screen(reply.await?, now) })
    }
}

fn believed(result: Result<Grant, RequestTokenError<Error, Refusal>>) -> Result<Grant, Error> {
    match result {
        Ok(grant) if grant.token_type != BasicTokenType::Bearer => Err(Error::new(
            ErrorCode::InvalidRequest,
            "The sign-in service gave a token of an unknown type; only bearer tokens can be used.",
        )),
        Ok(grant) if grant.access.secret().is_empty() => {
            Err(Error::new(ErrorCode::InvalidRequest, "The sign-in service gave no access token."))
        }
        Ok(grant) => Ok(grant),
        Err(RequestTokenError::ServerResponse(refusal)) => Err(refusal.into_error(None)),
        Err(RequestTokenError::Request(error)) => Err(error),
        // The body goes no further: it may hold tokens.
        Err(RequestTokenError::Parse(..) | RequestTokenError::Other(_)) => Err(cut_off()),
    }
}

fn cut_off() -> Error {
    Error::new(ErrorCode::InvalidResponse, "The sign-in service's answer was cut off or is not what it should be.")
}

fn token_claims(config: &SessionConfig, challenge: Option<&str>) -> Result<Option<String>, Error> {
    match config.authority.protocol() {
        Protocol::Entra => claims::with_capabilities(challenge).map(Some),
        Protocol::Oidc => Ok(challenge.map(str::to_owned)),
    }
}

fn token_url(metadata: &Metadata) -> Result<TokenUrl, Error> {
    TokenUrl::new(metadata.token_endpoint.clone()).map_err(|_| protocol::unusable("token endpoint"))
}

impl TokenResponse for Grant {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        Some(Duration::from_secs_f64(self.lifetime_s))
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scopes.as_ref()
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(&Value::deserialize(deserializer)?))
    }
}

impl Serialize for Grant {
    /// `oauth2` wants it; a token is never serialised.
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom("tokens are not serialised"))
    }
}

impl ErrorResponse for Refusal {}

impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_body(&Value::deserialize(deserializer)?).ok_or_else(|| de::Error::missing_field("error"))
    }
}

impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
