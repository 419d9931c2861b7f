//! `/sandbox/requests`: what clients have sent, for assertions. Owns the log and what is left out of it; leaves the moment of writing to the
//! pipeline.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::{
    context::{Context, Shared},
    identity::authorize::Parameters,
    server::Unanswered,
};

/// Enough for a long test; a page left open for a week must not fill the memory.
const KEPT: usize = 20_000;
/// Request headers that assertions are about. `Authorization` is never among them: `authorized` says whether it came.
const SHOWN_HEADERS: [&str; 8] =
    ["client-request-id", "consistencylevel", "content-range", "content-type", "if-match", "if-none-match", "origin", "prefer"];
/// Form members that are secrets or stand for one.
const SECRETS: [&str; 7] = ["client_assertion", "client_secret", "code", "code_verifier", "password", "refresh_token", "flow"];

/// The requests so far, oldest first.
#[derive(Debug)]
pub(crate) struct RequestLog {
    entries: Mutex<VecDeque<Entry>>,
    started: Instant,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self { entries: Mutex::default(), started: Instant::now() }
    }
}

/// A request as it came, before it is known what becomes of it.
#[derive(Debug)]
pub(crate) struct Draft {
    method: Method,
    path: String,
    account: Option<String>,
    authorized: bool,
    preflight: bool,
    headers: Map<String, Value>,
    body: Value,
    time: DateTime<Utc>,
    began: Instant,
}

#[derive(Debug)]
struct Entry {
    draft: Draft,
    status: Option<u16>,
    took_ms: u128,
}

impl Draft {
    pub(crate) fn new(context: &Context, parts: &Parts, body: &[u8], account: Option<String>) -> Self {
        Self {
            method: parts.method.clone(),
            path: parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string),
            account,
            authorized: parts.headers.contains_key(header::AUTHORIZATION),
            preflight: parts.method == Method::OPTIONS && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD),
            headers: shown_headers(&parts.headers),
            body: shown_body(&parts.headers, body),
            time: context.clock.now(),
            began: Instant::now(),
        }
    }
}

impl RequestLog {
    pub(crate) fn add(&self, draft: Draft, response: &Response) {
        let status = response.extensions().get::<Unanswered>().is_none().then(|| response.status().as_u16());
        let entry = Entry { status, took_ms: draft.began.elapsed().as_millis(), draft };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    pub(crate) fn clear(&self) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn to_json(&self, preflights: bool) -> Value {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().filter(|entry| preflights || !entry.draft.preflight).map(|entry| entry.to_json(self.started)).collect()
    }
}

impl Entry {
    fn to_json(&self, started: Instant) -> Value {
        let draft = &self.draft;
        json!({
            "method": draft.method.as_str(),
            "path": draft.path,
            "status": self.status,
            "time": draft.time.to_rfc3339_opts(SecondsFormat::Millis, true),
            "sinceStartMs": u64::try_from(draft.began.saturating_duration_since(started).as_millis()).unwrap_or(u64::MAX),
            "tookMs": u64::try_from(self.took_ms).unwrap_or(u64::MAX),
            "account": draft.account,
            "authorized": draft.authorized,
            "headers": draft.headers,
            "body": draft.body,
        })
    }
}

/// `GET /sandbox/requests`: an array, oldest first. `status` is null where the connection ended without an answer; `time` is by the
/// sandbox's clock, `sinceStartMs` by one that nobody moves; `body` is null where there was none that is JSON or a form. Preflight requests
/// are left out unless `?preflights=true`: whether a browser sends them depends on its cache.
pub(crate) async fn list(State(context): State<Shared>, Query(parameters): Query<Parameters>) -> Json<Value> {
    Json(context.requests.to_json(parameters.get("preflights").is_some_and(|value| value == "true")))
}

/// `DELETE /sandbox/requests`.
pub(crate) async fn clear(State(context): State<Shared>) -> Response {
    context.requests.clear();
    StatusCode::NO_CONTENT.into_response()
}

fn shown_headers(headers: &HeaderMap) -> Map<String, Value> {
    let shown = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(|value| (name.to_owned(), json!(value)));
    SHOWN_HEADERS.into_iter().filter_map(shown).collect()
}

fn shown_body(headers: &HeaderMap, body: &[u8]) -> Value {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return form_urlencoded::parse(body)
            .map(|(name, value)| (name.to_string(), shown_field(&name, &value)))
            .collect::<Map<_, _>>()
            .into();
    }
    if kind.contains("json") { serde_json::from_slice(body).unwrap_or(Value::Null) } else { Value::Null }
}

fn shown_field(name: &str, value: &str) -> Value {
    if SECRETS.contains(&name) { json!("[redacted]") } else { json!(value) }
}
