//! The broker's addresses. Owns requests, answers and their headers; leaves decisions to `door` and `tokens`.

use std::sync::Arc;

use anyhow::Result;
use axum::{
    Form, Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use oauth2::ClientSecret;
use serde::{Deserialize, Serialize};

use crate::{
    Settings,
    door::{Door, Entry, OWN},
    pages::Pages,
    tokens::Tokens,
};

struct Broker {
    door: Door,
    tokens: Tokens,
    pages: Pages,
    policy: HeaderValue,
    settings: PageSettings,
}

/// What the page has to know; nothing in it is secret.
#[derive(Clone, Serialize)]
struct PageSettings {
    mailbox: String,
    graph: String,
}

/// The broker as a service.
///
/// # Errors
/// Where its settings cannot be used.
pub fn app(settings: Settings) -> Result<Router> {
    let graph = settings.graph.origin().ascii_serialization();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {graph}; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let broker = Broker {
        door: Door::new(&settings),
        tokens: Tokens::new(&settings)?,
        pages: Pages::read(&settings)?,
        policy: policy.parse()?,
        settings: PageSettings { mailbox: settings.mailbox.clone(), graph },
    };
    let broker = Arc::new(broker);
    Ok(Router::new()
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/settings", get(page_settings))
        .route("/token", post(token))
        .fallback(get(file))
        .layer(DefaultBodyLimit::max(16 * 1024))
        .layer(middleware::from_fn_with_state(Arc::clone(&broker), guarded))
        .with_state(broker))
}

/// The headers of every answer. What carries a token, and all else that depends on who asks, is kept nowhere.
async fn guarded(State(broker): State<Arc<Broker>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, broker.policy.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not "no-referrer": browsers then send forms with the origin "null", and the door would not know its own page.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    response
}

#[derive(Deserialize)]
struct Login {
    password: ClientSecret,
}

async fn login(State(broker): State<Arc<Broker>>, headers: HeaderMap, Form(login): Form<Login>) -> Response {
    if !broker.door.is_own(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match broker.door.enter(&login.password) {
        Entry::Open(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        Entry::Wrong => Redirect::to("/?wrong").into_response(),
        Entry::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many wrong passwords. Try again in a minute.").into_response(),
    }
}

async fn logout(State(broker): State<Arc<Broker>>, headers: HeaderMap) -> Response {
    if !broker.door.is_own(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    ([(header::SET_COOKIE, broker.door.leave(&headers))], Redirect::to("/")).into_response()
}

async fn page_settings(State(broker): State<Arc<Broker>>, headers: HeaderMap) -> Response {
    if broker.door.is_in(&headers) { Json(broker.settings.clone()).into_response() } else { StatusCode::UNAUTHORIZED.into_response() }
}

/// What a page asks: `reason` as the npm module's `tokenProvider` is told it.
#[derive(Deserialize)]
struct Wanted {
    reason: Reason,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Reason {
    Needed,
    Rejected,
}

/// No `Debug`: it holds a token.
#[derive(Serialize)]
struct Given {
    #[serde(rename = "accessToken")]
    access_token: String,
    #[serde(rename = "expiresIn")]
    expires_in: u64,
}

async fn token(State(broker): State<Arc<Broker>>, headers: HeaderMap, wanted: Option<Json<Wanted>>) -> Response {
    if !broker.door.is_own(&headers) || !headers.contains_key(OWN) {
        return StatusCode::FORBIDDEN.into_response();
    }
    if !broker.door.is_in(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(Json(wanted)) = wanted else { return StatusCode::BAD_REQUEST.into_response() };
    match broker.tokens.get(wanted.reason == Reason::Rejected).await {
        Ok(granted) => {
            let given = Given { access_token: granted.token.secret().clone(), expires_in: granted.left().as_secs() };
            Json(given).into_response()
        }
        Err(refused) => {
            report(&refused.to_string());
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

#[expect(clippy::print_stderr, reason = "for whoever runs the server; the page learns only that there is no token")]
fn report(why: &str) {
    eprintln!("No token from Entra ID: {why}");
}

async fn file(State(broker): State<Arc<Broker>>, request: Request) -> Response {
    match broker.pages.get(request.uri().path()) {
        Some((kind, contents)) => ([(header::CONTENT_TYPE, kind)], contents).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
