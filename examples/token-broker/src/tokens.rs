//! The application's access token. Owns the client-credentials grant (RFC 6749 §4.4), the cache and that one grant serves all who wait;
//! leaves who may have the token to `door`.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use oauth2::{
    AccessToken, ClientId, EndpointNotSet, EndpointSet, RequestTokenError, Scope, StandardErrorResponse, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType},
};
use tokio::sync::Mutex;

use crate::Settings;

/// A token is renewed so long before it ends: whoever gets it has time to use it.
const MARGIN: Duration = Duration::from_secs(5 * 60);
/// Entra answers in a second; a page that waits longer should hear of it.
const PATIENCE: Duration = Duration::from_secs(20);
/// A page that says "rejected" gets a new token, but no faster than this: a page in a loop must not flood Entra.
const SPACING: Duration = Duration::from_secs(30);

type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// The application at Entra ID.
pub(crate) struct Tokens {
    client: Client,
    scope: Scope,
    http: reqwest::Client,
    /// Locked during a grant, so that whoever comes meanwhile waits for the same token.
    cache: Mutex<Option<Granted>>,
}

/// A token and how long it lasts.
#[derive(Clone)]
pub(crate) struct Granted {
    pub(crate) token: AccessToken,
    since: Instant,
    ends: Instant,
}

/// Why there is none: Entra's `error` or what the network did. Never its description, which repeats parts of the request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Granted {
    /// How long it can still be used.
    pub(crate) fn left(&self) -> Duration {
        self.ends.saturating_duration_since(Instant::now())
    }

    fn is_fresh(&self, rejected: bool) -> bool {
        let young = self.since.elapsed() < SPACING;
        self.left() > MARGIN && (!rejected || young)
    }
}

impl Tokens {
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let endpoint = settings.authority.join(&format!("{}/oauth2/v2.0/token", settings.tenant)).context("BROKER_AUTHORITY")?;
        let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(settings.client_secret.clone())
            .set_auth_type(oauth2::AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(endpoint));
        // The one scope of this grant: everything that administrators have granted to the application.
        let scope = Scope::new(format!("{}.default", settings.graph));
        // A redirect must not take the secret elsewhere.
        let http = reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client, scope, http, cache: Mutex::default() })
    }

    /// A token that lasts for some minutes. `rejected`: Graph refused the last one.
    pub(crate) async fn get(&self, rejected: bool) -> Result<Granted, Refused> {
        let mut cache = self.cache.lock().await;
        if let Some(known) = cache.as_ref().filter(|known| known.is_fresh(rejected)) {
            return Ok(known.clone());
        }
        let since = Instant::now();
        let http = self.http.clone();
        let send = move |request| send(http.clone(), request);
        let answer = self.client.exchange_client_credentials().add_scope(self.scope.clone()).request_async(&send).await;
        let answer = answer.map_err(|error| Refused(word(&error)))?;
        let ends = since + answer.expires_in().unwrap_or(MARGIN);
        let granted = Granted { token: answer.access_token().clone(), since, ends };
        *cache = Some(granted.clone());
        Ok(granted)
    }
}

async fn send(http: reqwest::Client, request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let mut response = http::Response::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

type GrantError = RequestTokenError<reqwest::Error, StandardErrorResponse<BasicErrorResponseType>>;

/// The error in a word.
fn word(error: &GrantError) -> String {
    match error {
        RequestTokenError::ServerResponse(answer) => answer.error().as_ref().to_owned(),
        RequestTokenError::Request(error) if error.is_timeout() => "timeout".to_owned(),
        RequestTokenError::Request(_) => "unreachable".to_owned(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => "answer not understood".to_owned(),
    }
}
