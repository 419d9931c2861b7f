//! The effect of a fault on an answer: first on what it says, then on how it goes over the wire. Owns both; leaves changes inside JSON to
//! `rewrite`, and delays and tokens to the pipeline.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::Value;

use crate::{
    context::Context,
    identity,
    server::{Area, Unanswered, errors::graph_error},
};

use super::{
    act::{Act, Drop},
    rewrite,
};

/// What the answer says: status, body, members, headers.
pub(crate) async fn after(act: &Act, mut response: Response, uri: &Uri, context: &Context) -> Response {
    if act.rewrites() {
        response = rewrite_body(act, response, uri, context).await;
    }
    if let Some(throttle) = &act.throttle {
        response = refusal(StatusCode::TOO_MANY_REQUESTS, uri, context);
        let text = throttle.retry_after.as_str().map_or_else(|| throttle.retry_after.to_string(), str::to_owned);
        if let Some(value) = HeaderValue::from_str(&text).ok().filter(|_| !throttle.retry_after.is_null()) {
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
    if status == StatusCode::TOO_MANY_REQUESTS {
        return graph_error(status, "TooManyRequests", "Please retry again later.");
    }
    let reason = status.canonical_reason().unwrap_or("Error");
    graph_error(status, &reason.replace(' ', ""), &format!("{reason}, by a fault rule of the sandbox."))
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

/// How the answer goes over the wire: readable or not, whole or not, at once or not.
pub(crate) async fn on_the_wire(act: &Act, mut response: Response) -> Response {
    if act.drop == Some(Drop::BeforeResponse) {
        response.extensions_mut().insert(Unanswered);
        return response;
    }
    hide(act, response.headers_mut());
    if act.truncate_bytes.is_none() && act.drop.is_none() && act.trickle_bytes_per_second.is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(mut bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    if let Some(length) = act.truncate_bytes {
        bytes.truncate(length);
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let body = if act.drop == Some(Drop::MidBody) {
        cut_off(bytes.slice(..bytes.len() / 2))
    } else if let Some(speed) = act.trickle_bytes_per_second {
        trickle(bytes, speed)
    } else {
        Body::from(bytes)
    };
    Response::from_parts(parts, body)
}

fn hide(act: &Act, headers: &mut HeaderMap) {
    if act.cors == Some(false) {
        headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
        return;
    }
    let exposed = headers.get(header::ACCESS_CONTROL_EXPOSE_HEADERS).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut names: Vec<&str> = exposed.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(readable) = act.throttle.as_ref().and_then(|throttle| throttle.readable) {
        names.retain(|name| !name.eq_ignore_ascii_case("Retry-After"));
        if readable {
            names.push("Retry-After");
        }
    }
    if let Some(only) = &act.expose_headers {
        names = only.iter().map(String::as_str).collect();
    }
    match HeaderValue::from_str(&names.join(", ")) {
        Ok(value) if !names.is_empty() => headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, value),
        _ => headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS),
    };
}

/// A body that promises more than it gives: the client sees its connection end in the middle.
fn cut_off(half: Bytes) -> Body {
    let end = io::Error::new(io::ErrorKind::ConnectionAborted, "a fault rule ends this connection");
    Body::from_stream(stream::unfold((Some(half), Some(end)), |(half, mut end)| async move {
        match half {
            Some(bytes) => Some((Ok(bytes), (None, end))),
            None => {
                // Without a pause, the half would still lie in the server's buffer when the connection goes.
                tokio::time::sleep(Duration::from_millis(20)).await;
                end.take().map(|end| (Err(end), (None, None)))
            }
        }
    }))
}

fn trickle(bytes: Bytes, speed: u32) -> Body {
    // Ten portions a second, or single bytes where that is too many.
    let portion = usize::try_from(speed / 10).unwrap_or(1).max(1);
    let pause = Duration::from_secs_f64(f64::from(u32::try_from(portion).unwrap_or(1)) / f64::from(speed));
    Body::from_stream(stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let next = rest.split_to(portion.min(rest.len()));
        Some((Ok::<_, io::Error>(next), rest))
    }))
}
