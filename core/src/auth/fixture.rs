//! What the tests of sign-in share: a configuration, a provider, tokens, and a transport that answers from a list. Owns no assertion.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::{Authority, Metadata, Moment, Pending, Secret, Transport, exchange::Grant, protocol};
use crate::{
    config::{AppConfig, Found, SessionConfig},
    error::Error,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Request, Response};
use serde_json::{Value, json};
use std::{cell::RefCell, collections::VecDeque, future::Future, pin::pin, rc::Rc, task};

pub(crate) const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const TENANT: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
pub(crate) const PAGE: &str = "https://app.example/plan";
/// When the tests take place, in seconds since 1970.
pub(crate) const NOW_S: f64 = 1_770_000_000.0;

pub(crate) fn now() -> Moment {
    at(0.0)
}

/// So many seconds later, by both clocks.
pub(crate) fn at(seconds: f64) -> Moment {
    Moment { wall_ms: (NOW_S + seconds) * 1000.0, mono_ms: seconds * 1000.0 }
}

pub(crate) fn config() -> SessionConfig {
    config_of(&json!({ "clientId": CLIENT }))
}

pub(crate) fn config_of(value: &Value) -> SessionConfig {
    match AppConfig::parse(value).unwrap() {
        Found::Complete(config) => config.session,
        Found::WithoutClientId(_) => panic!("the fixture names a client"),
    }
}

pub(crate) fn document(authority: &Authority) -> Value {
    let login = "https://login.microsoftonline.com";
    let tenant = authority.tenant();
    json!({
        "issuer": format!("{login}/{{tenantid}}/v2.0"),
        "authorization_endpoint": format!("{login}/{tenant}/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{login}/{tenant}/oauth2/v2.0/token"),
        "end_session_endpoint": format!("{login}/{tenant}/oauth2/v2.0/logout"),
    })
}

pub(crate) fn metadata(config: &SessionConfig) -> Metadata {
    config.authority.metadata(&document(&config.authority)).unwrap()
}

pub(crate) fn departure(config: &SessionConfig) -> protocol::Departure {
    let request = protocol::SignIn { state: Some("#/calendar".into()), ..protocol::SignIn::default() };
    protocol::depart(config, &metadata(config), PAGE, request, &start()).unwrap()
}

pub(crate) fn pending(config: &SessionConfig) -> Pending {
    departure(config).pending
}

/// The claims of a good id token for that request.
pub(crate) fn claims(nonce: &str) -> Value {
    json!({
        "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "aud": CLIENT,
        "iat": NOW_S,
        "exp": NOW_S + 3600.0,
        "nonce": nonce,
        "tid": TENANT,
        "oid": "00000000-0000-0000-0000-000000000001",
        "sub": "pairwise",
        "preferred_username": "adelev@contoso.onmicrosoft.com",
        "name": "Adele Vance",
        "login_hint": "opaque-hint",
    })
}

pub(crate) fn jwt(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    [part(header), part(claims), "c2lnbmF0dXJl".to_owned()].join(".")
}

pub(crate) fn id_token(claims: &Value) -> String {
    jwt(&json!({ "alg": "RS256", "typ": "JWT" }), claims)
}

/// A good answer of the token endpoint.
pub(crate) fn token_body(access: &str, nonce: &str) -> Value {
    json!({
        "token_type": "Bearer",
        "access_token": access,
        "refresh_token": format!("refresh of {access}"),
        "expires_in": 3600,
        "scope": "openid profile https://graph.microsoft.com/User.Read Calendars.Read",
        "id_token": id_token(&claims(nonce)),
    })
}

pub(crate) fn grant(body: &Value) -> Grant {
    serde_json::from_value(body.clone()).unwrap()
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// A transport that answers from a list and keeps what was sent.
pub(crate) struct Wire {
    pub(crate) sent: Rc<RefCell<Vec<Request<Vec<u8>>>>>,
    pub(crate) transport: Transport,
}

pub(crate) fn wire(answers: impl IntoIterator<Item = Result<Response<Vec<u8>>, Error>>) -> Wire {
    let answers = Rc::new(RefCell::new(answers.into_iter().collect::<VecDeque<_>>()));
    let sent = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&sent);
    let transport: Transport = Rc::new(move |request| {
        kept.borrow_mut().push(request);
        let answer = answers.borrow_mut().pop_front().unwrap();
        Box::pin(async move { answer })
    });
    Wire { sent, transport }
}

impl Wire {
    /// The form fields of the request that was sent as number `index`.
    pub(crate) fn form(&self, index: usize) -> Vec<(String, String)> {
        oauth2::url::form_urlencoded::parse(self.sent.borrow()[index].body()).into_owned().collect()
    }
}

pub(crate) fn answer(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
    Ok(Response::builder().status(status).header("content-type", kind).body(body.into()).unwrap())
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Result<Response<Vec<u8>>, Error> {
    answer(status, "application/json; charset=utf-8", body.to_string())
}

/// Runs a future that never has to wait.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut task::Context::from_waker(task::Waker::noop())) {
        task::Poll::Ready(value) => value,
        task::Poll::Pending => panic!("nothing here waits"),
    }
}

/// Now, and bits that no other call gets: tests ask that secrets differ from one sign-in to the next.
pub(super) fn start() -> protocol::Start {
    use std::sync::atomic::{AtomicU8, Ordering};
    static CALLS: AtomicU8 = AtomicU8::new(0);
    let next = || [CALLS.fetch_add(1, Ordering::Relaxed); 32];
    protocol::Start { wall_ms: now().wall_ms, page: [PAGE, "#/calendar"].concat(), chance: [next(), next(), next(), next()] }
}
