//! Errors in Graph's envelope, and the refusal of what the sandbox does not model. Owns the envelope of the server's own errors, and the
//! ids in everybody's; leaves what Graph's operations refuse to `graph`.

use axum::{
    Json,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// The ids by which Graph's support finds a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestIds {
    pub(crate) request: String,
    pub(crate) client: String,
}

impl RequestIds {
    /// Graph repeats the client's id, and puts its own in its place where there is none.
    pub(crate) fn new(headers: &HeaderMap) -> Self {
        let request = Uuid::new_v4().to_string();
        let client = headers.get("client-request-id").and_then(|id| id.to_str().ok()).map_or_else(|| request.clone(), str::to_owned);
        Self { request, client }
    }
}

/// An error of Graph's; the ids are added on the way out.
pub(crate) fn graph_error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(json!({ "error": { "code": code, "message": message, "innerError": {} } }))).into_response()
}

/// What Graph says under this status, when a rule gives no words of its own.
pub(crate) fn graph_error_body(status: StatusCode) -> Value {
    let (code, message) = if status == StatusCode::TOO_MANY_REQUESTS {
        ("TooManyRequests".to_owned(), "Please retry again later.".to_owned())
    } else {
        let reason = status.canonical_reason().unwrap_or("Error");
        (reason.replace(' ', ""), format!("{reason}, by a fault rule of the sandbox."))
    };
    json!({ "error": { "code": code, "message": message, "innerError": {} } })
}

/// What the sandbox does not model is refused by name and never made up.
pub(crate) fn not_modelled(method: &Method, path: &str) -> Response {
    let message = format!("The sandbox does not model {method} {path}.");
    graph_error(StatusCode::NOT_IMPLEMENTED, "NotImplemented", &message)
}

/// Puts the ids and the time where Graph has them: into two headers, and into `innerError` of whatever error goes out.
pub(crate) async fn stamp(response: Response, ids: &RequestIds, now: DateTime<Utc>) -> Response {
    let (mut parts, body) = response.into_parts();
    for (name, value) in [("request-id", &ids.request), ("client-request-id", &ids.client)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            parts.headers.insert(name, value);
        }
    }
    let json = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !parts.status.is_client_error() && !parts.status.is_server_error() || !json {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else { return Response::from_parts(parts, Body::from(bytes)) };
    if let Some(error) = value.get_mut("error").and_then(Value::as_object_mut) {
        let name = if error.contains_key("innererror") { "innererror" } else { "innerError" };
        let inner = error.entry(name).or_insert_with(|| json!({}));
        if let Some(inner) = inner.as_object_mut() {
            inner.insert("date".to_owned(), json!(now.format("%Y-%m-%dT%H:%M:%S").to_string()));
            inner.insert("request-id".to_owned(), json!(ids.request));
            inner.insert("client-request-id".to_owned(), json!(ids.client));
        }
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(value.to_string()))
}
