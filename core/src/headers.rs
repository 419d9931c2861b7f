//! Names of HTTP headers that the `http` crate does not know, and which headers of an answer are read. Owns the list alone: as constants
//! they need no table of all names in the wasm, which is what parsing a name takes.

use http::{HeaderName, header};

/// The caller's own id of a request, which Microsoft's support asks for where the service gave none.
pub const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
/// Graph's id of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// Entra's id of a request.
pub const X_MS_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
/// What is preferred of the answer (RFC 7240).
pub const PREFER: HeaderName = HeaderName::from_static("prefer");
/// How current a search of the directory has to be.
pub const CONSISTENCY_LEVEL: HeaderName = HeaderName::from_static("consistencylevel");

/// The headers of an answer that anybody here reads; a transport need not hand over others.
pub const READ_HEADERS: [HeaderName; 9] = [
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::LOCATION,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    REQUEST_ID,
    CLIENT_REQUEST_ID,
    X_MS_REQUEST_ID,
];
