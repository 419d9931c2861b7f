//! The effect of a fault on what an answer says: status, headers, body. Owns these; leaves changes inside JSON to `rewrite`, the parts of
//! batches to `batch`, the way over the wire to `wire`, and delays and tokens to the pipeline.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::{
    context::Context,
    identity,
    server::{Area, errors::graph_error_body},
};

use super::{act::Act, rewrite};

/// What the answer says: status, body, members, headers.
pub(crate) async fn after(act: &Act, mut response: Response, uri: &Uri, context: &Context) -> Response {
    if act.rewrites() {
        response = rewrite_body(act, response, uri, context).await;
    }
    if let Some(throttle) = &act.throttle {
        response = refusal(StatusCode::TOO_MANY_REQUESTS, uri, context);
        if let Some(value) = throttle.header().and_then(|text| HeaderValue::from_str(&text).ok()) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    if act.status.is_some() || act.body.is_some() {
        response = replaced(act, response, uri, context);
    }
    set_headers(response.headers_mut(), act);
    response
}

fn replaced(act: &Act, response: Response, uri: &Uri, context: &Context) -> Response {
    let status = act.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or_else(|| response.status());
    match &act.body {
        Some(Value::String(text)) => (status, [(header::CONTENT_TYPE, "application/json")], text.clone()).into_response(),
        Some(body) => (status, axum::Json(body.clone())).into_response(),
        None if status.is_client_error() || status.is_server_error() => refusal(status, uri, context),
        None => status.into_response(),
    }
}

/// An error as the part of the sandbox words it that was asked.
fn refusal(status: StatusCode, uri: &Uri, context: &Context) -> Response {
    if Area::of(uri.path()) == Area::Identity {
        return identity::unavailable(status, context);
    }
    (status, axum::Json(graph_error_body(status))).into_response()
}

fn set_headers(headers: &mut HeaderMap, act: &Act) {
    for (name, value) in &act.headers {
        let Ok(name) = name.parse::<HeaderName>() else { continue };
        headers.remove(&name);
        let texts = if let Value::Array(several) = value { several.as_slice() } else { std::slice::from_ref(value) };
        for value in texts.iter().filter_map(|value| HeaderValue::from_str(value.as_str()?).ok()) {
            headers.append(name.clone(), value);
        }
    }
}

async fn rewrite_body(act: &Act, response: Response, uri: &Uri, context: &Context) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    let Ok(mut value) = serde_json::from_slice(&bytes) else { return Response::from_parts(parts, Body::from(bytes)) };
    rewrite::rewrite(&mut value, act, &format!("{}{uri}", context.base_url));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(value.to_string()))
}
