//! Cross-origin rules: Graph's, Entra's and those of the control endpoints. Owns preflight answers and the headers that let a page read;
//! leaves to `identity` which of its own answers a page may read.

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Which part of the sandbox a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    /// `/sandbox/…`
    Control,
    /// `/v1.0/…`, `/beta/…`
    Graph,
    /// `/files/…`: downloads and uploads, whose secret addresses stand for a token.
    Files,
    /// Everything else: `/{tenant}/…`
    Identity,
}

impl Area {
    pub(crate) fn of(path: &str) -> Self {
        match path.trim_start_matches('/').split('/').next() {
            Some("sandbox") => Self::Control,
            Some("v1.0" | "beta") => Self::Graph,
            Some("files") => Self::Files,
            _ => Self::Identity,
        }
    }
}

/// What Graph lets a page read, `Retry-After` apart: whether that is among it is a switch.
const EXPOSED: &str = "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant";

/// The answer to a preflight request (Fetch standard, "CORS-preflight request"), if this is one. Of Entra's endpoints only those that pages
/// read have one; the rest stay without, and the browser refuses.
pub(crate) fn preflight(method: &Method, path: &str, headers: &HeaderMap) -> Option<Response> {
    if method != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let methods = match Area::of(path) {
        Area::Graph => "GET, POST, PATCH, PUT, DELETE, OPTIONS",
        Area::Files => "GET, POST, PUT, DELETE, OPTIONS",
        Area::Control => "GET, POST, DELETE, OPTIONS",
        Area::Identity if pages_read(path) => "GET, POST, OPTIONS",
        Area::Identity => return Some(StatusCode::NO_CONTENT.into_response()),
    };
    let mut response = StatusCode::OK.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    // `*` would not cover Authorization; what the page asks for (Content-Range and Range, say) is repeated.
    if let Some(asked) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer.insert(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    Some(response)
}

/// Whether this endpoint of Entra's is one that pages fetch, unlike those that a browser is sent to.
pub(crate) fn pages_read(path: &str) -> bool {
    path.ends_with("/oauth2/v2.0/token") || path.contains("/discovery/") || path.ends_with("/openid-configuration")
}

/// Lets any page read an answer of Graph's, of a file's address or of the control endpoints.
pub(crate) fn let_pages_read(response: &mut Response, retry_after: bool) {
    let exposed = if retry_after { format!("{EXPOSED}, Retry-After") } else { EXPOSED.to_owned() };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(exposed) = HeaderValue::from_str(&exposed) {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}
