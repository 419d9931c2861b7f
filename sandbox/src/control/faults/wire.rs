//! The effect of a fault on how an answer goes over the wire: readable for pages or not, in which bytes, whole or not, at once or not.
//! Owns that; leaves what the answer says to `apply`.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::stream;

use crate::server::Unanswered;

use super::act::{Act, Encoding, Place};

/// Sends the answer as the rule has it.
pub(crate) async fn send(act: &Act, mut response: Response) -> Response {
    if act.drop == Some(Place::BeforeResponse) || act.hang == Some(Place::BeforeResponse) {
        response.extensions_mut().insert(Unanswered);
        return response;
    }
    hide(act, response.headers_mut());
    if !changes_bytes(act) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(mut bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(parts, Body::empty()) };
    if !act.prepend.is_empty() || !act.append.is_empty() {
        bytes = [act.prepend.as_bytes(), &bytes, act.append.as_bytes()].concat().into();
    }
    if let Some(encoding) = act.encoding {
        bytes = encoded(encoding, &bytes, &mut parts.headers);
    }
    if let Some(length) = act.truncate_bytes {
        bytes.truncate(length);
    }
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let body = if act.drop == Some(Place::MidBody) {
        half(bytes.slice(..bytes.len() / 2), Some(io::Error::new(io::ErrorKind::ConnectionAborted, "a fault rule ends this connection")))
    } else if act.hang == Some(Place::MidBody) {
        half(bytes.slice(..bytes.len() / 2), None)
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

fn changes_bytes(act: &Act) -> bool {
    let text = !act.prepend.is_empty() || !act.append.is_empty() || act.encoding.is_some() || act.truncate_bytes.is_some();
    text || act.drop.is_some() || act.hang.is_some() || act.trickle_bytes_per_second.is_some()
}

fn encoded(encoding: Encoding, bytes: &[u8], headers: &mut HeaderMap) -> Bytes {
    match encoding {
        Encoding::Utf16 => {
            let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).and_then(|kind| kind.split(';').next());
            let kind = format!("{}; charset=utf-16", kind.unwrap_or("application/json"));
            if let Ok(kind) = HeaderValue::from_str(&kind) {
                headers.insert(header::CONTENT_TYPE, kind);
            }
            std::iter::once(0xfeff).chain(String::from_utf8_lossy(bytes).encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
        Encoding::BrokenGzip => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            // RFC 1952's header, then a block of RFC 1951 that is stored as it is and promises more bytes than there are.
            let promised = u16::try_from(bytes.len()).unwrap_or(u16::MAX - 1) + 1;
            let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1];
            [&head[..], &promised.to_le_bytes(), &(!promised).to_le_bytes(), &bytes[..bytes.len() / 2]].concat().into()
        }
    }
}

/// A body that promises more than it gives: the client sees its connection end in the middle, or wait for ever.
fn half(half: Bytes, end: Option<io::Error>) -> Body {
    Body::from_stream(stream::unfold((Some(half), end), |(half, end)| async move {
        match (half, end) {
            (Some(bytes), end) => Some((Ok(bytes), (None, end))),
            (None, Some(end)) => {
                // Without a pause, the half would still lie in the server's buffer when the connection goes.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(end), (None, None)))
            }
            (None, None) => std::future::pending().await,
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
