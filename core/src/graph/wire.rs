//! Turns a [`Request`] into an `http::Request`: path segments and query percent-encoded, one `Prefer` header, a JSON body.
//! Leaves the bearer to `hosts`.

use http::{HeaderName, HeaderValue, Method, header};
use oauth2::url::Url;
use serde_json::Value;

use super::{Context, Expect, Lane, Mailbox, Prefer, Request, Safety, Target, Version};
use crate::{Error, ErrorCode, headers::PREFER};

impl Request {
    /// A request that has nothing but a method and a target: safe if it reads, never repeated if it writes.
    #[must_use]
    pub fn new(method: Method, target: Target) -> Self {
        let safety = if method == Method::GET { Safety::Safe } else { Safety::Never };
        Self {
            method,
            target,
            query: Vec::new(),
            prefer: Prefer::default(),
            headers: Vec::new(),
            body: None,
            content: None,
            scopes: Vec::new(),
            safety,
            mailbox: None,
            expect: Expect::Json,
            version: Version::V1,
        }
    }

    /// A request below `/me`, one entry per path segment.
    pub(super) fn mailbox(method: Method, segments: &[&str], scope: &str) -> Self {
        Self::new(method, Target::Mailbox(owned(segments))).scope(scope)
    }

    /// A request below the service root.
    pub(super) fn root(method: Method, segments: &[&str], scope: &str) -> Self {
        Self::new(method, Target::Root(owned(segments))).scope(scope)
    }

    /// The same with one more query option.
    pub(super) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// The same with a JSON body and what a repetition of it would do.
    pub(super) fn body(mut self, body: Value, safety: Safety) -> Self {
        self.body = Some(body);
        self.safety = safety;
        self
    }

    /// The same without a zone: the answer holds no times.
    pub(super) fn timeless(mut self) -> Self {
        self.prefer.no_time_zone = true;
        self
    }

    fn scope(mut self, scope: &str) -> Self {
        if !scope.is_empty() {
            self.scopes.push(scope.into());
        }
        self
    }

    /// Adds a header. A value that HTTP cannot carry is `invalid-request`.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value).map_err(|_| {
            Error::new(ErrorCode::InvalidRequest, ["The header ", name.as_str(), " holds a character that HTTP cannot carry."].concat())
        })?;
        self.headers.push((name, value));
        Ok(self)
    }

    /// Where this counts, for a client whose own mailbox is `own`.
    #[must_use]
    pub fn lane(&self, own: &Mailbox) -> Lane {
        let own = self.mailbox.as_ref().unwrap_or(own);
        match &self.target {
            Target::Mailbox(_) => Lane::Mailbox(of_any_case(own)),
            Target::Root(segments) => lane_of(segments.iter().map(String::as_str), own),
            Target::Path(path) => lane_of(path.split('?').next().unwrap_or_default().split('/').skip(1), own),
            Target::Link(url) => lane_of(url.path().split('/').skip(2), own),
        }
    }

    /// The permissions that it needs, for a client whose own mailbox is `own`: somebody else's mailbox takes those for what is shared
    /// ("Get Outlook events in a shared or delegated calendar").
    #[must_use]
    pub fn scopes(&self, own: &Mailbox) -> Vec<String> {
        let foreign = matches!(self.mailbox.as_ref().unwrap_or(own), Mailbox::User(_)) && !matches!(self.target, Target::Root(_));
        let shared = |scope: &String| {
            let known = [
                "Calendars.Read",
                "Calendars.ReadWrite",
                "Mail.Read",
                "Mail.ReadWrite",
                "Mail.Send",
                "Contacts.Read",
                "Contacts.ReadWrite",
            ];
            if foreign && known.contains(&scope.as_str()) { [scope, ".Shared"].concat() } else { scope.clone() }
        };
        self.scopes.iter().map(shared).collect()
    }

    /// The address. An empty id, one that would climb out of its path, or a path that is none is `invalid-request`.
    pub fn url(&self, context: &Context) -> Result<Url, Error> {
        let mut text = String::new();
        match &self.target {
            // Whether its host may see a token is judged where the token is attached.
            Target::Link(url) => text.push_str(url.as_str()),
            _ => {
                text.push_str(context.base.as_str().trim_end_matches('/'));
                text.push_str(match self.version {
                    Version::V1 => "/v1.0",
                    Version::Beta => "/beta",
                });
            }
        }
        let service = text.len();
        self.push_path(&mut text, context)?;
        for (index, (name, value)) in self.query.iter().enumerate() {
            let begun = index > 0 || text.contains('?');
            text.push(if begun { '&' } else { '?' });
            encode(&mut text, name, b"$");
            text.push('=');
            encode(&mut text, value, b"$/:,()'*@");
        }
        let url = Url::parse(&text).map_err(|_| invalid("The address of the request is not a URL."))?;
        if matches!(self.target, Target::Link(_)) {
            return Ok(url);
        }
        // The parser resolves dot segments and turns backslashes around; what comes out has to lie below the same service root still.
        if url.as_str().get(..service) != text.get(..service) || !url.as_str()[service..].starts_with('/') {
            return Err(invalid("The path must start with `/` and stay below Graph's service root."));
        }
        Ok(url)
    }

    /// The whole request except for its token.
    pub fn to_http(&self, context: &Context) -> Result<http::Request<Vec<u8>>, Error> {
        let url = self.url(context)?;
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str())
            .body(match (&self.body, &self.content) {
                (Some(body), _) => serde_json::to_vec(body).unwrap_or_default(),
                (None, Some(content)) => content.bytes.to_vec(),
                (None, None) => Vec::new(),
            })
            .map_err(|_| invalid("The address of the request is longer than HTTP allows."))?;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static(if self.expect == Expect::Bytes { "*/*" } else { "application/json" }));
        if self.body.is_some() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        } else if let Some(content) = &self.content {
            let kind = HeaderValue::from_str(&content.media_type).map_err(|_| invalid("The media type of the content is none."))?;
            headers.insert(header::CONTENT_TYPE, kind);
        }
        let immutable = context.immutable_ids && matches!(self.lane(&context.mailbox), Lane::Mailbox(_));
        if let Some(prefer) = self.prefer.to_header(context.time_zone.as_deref(), immutable)? {
            headers.insert(PREFER, prefer);
        }
        for (name, value) in &self.headers {
            if name == header::AUTHORIZATION {
                return Err(invalid("The header Authorization is Convoke's own; give a token provider instead."));
            }
            headers.insert(name, value.clone());
        }
        Ok(request)
    }

    fn push_path(&self, text: &mut String, context: &Context) -> Result<(), Error> {
        let mailbox = self.mailbox.as_ref().unwrap_or(&context.mailbox);
        match &self.target {
            Target::Mailbox(segments) => {
                push_mailbox(text, mailbox)?;
                push_segments(text, segments)
            }
            Target::Root(segments) => push_segments(text, segments),
            Target::Path(path) => {
                if !path.starts_with('/') || path.starts_with("//") || path.contains(['\\', '#']) {
                    return Err(invalid("The path must start with one `/` and hold no `\\` or `#`, e.g. `/me/events`."));
                }
                match path.strip_prefix("/me") {
                    Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => {
                        push_mailbox(text, mailbox)?;
                        text.push_str(rest);
                    }
                    _ => text.push_str(path),
                }
                Ok(())
            }
            Target::Link(_) => Ok(()),
        }
    }
}

impl Prefer {
    /// The header's value, or `None` where nothing is preferred. `own` is the client's zone, `immutable` its choice of ids.
    fn to_header(&self, own: Option<&str>, immutable: bool) -> Result<Option<HeaderValue>, Error> {
        let mut parts: Vec<String> = Vec::new();
        let zone = if self.no_time_zone { None } else { self.time_zone.as_deref().or(own) };
        if let Some(zone) = zone.filter(|zone| !zone.is_empty()) {
            if zone.contains(['"', '\\']) {
                return Err(invalid("The name of the time zone holds a quotation mark."));
            }
            parts.push(["outlook.timezone=\"", zone, "\""].concat());
        }
        if self.text_body {
            parts.push("outlook.body-content-type=\"text\"".into());
        }
        if self.immutable_id || immutable {
            parts.push("IdType=\"ImmutableId\"".into());
        }
        if let Some(size) = self.max_page_size {
            parts.push(["odata.maxpagesize=", &size.to_string()].concat());
        }
        if parts.is_empty() {
            return Ok(None);
        }
        HeaderValue::from_str(&parts.join(", "))
            .map(Some)
            .map_err(|_| invalid("The name of the time zone holds a character that HTTP cannot carry."))
    }
}

fn push_mailbox(text: &mut String, mailbox: &Mailbox) -> Result<(), Error> {
    match mailbox {
        Mailbox::Me => text.push_str("/me"),
        // A principal name that starts with `$` would read as a function; Graph wants it in the key form then.
        Mailbox::User(id) if id.starts_with('$') => {
            text.push_str("/users('");
            encode(text, &id.replace('\'', "''"), b"@$'");
            text.push_str("')");
        }
        Mailbox::User(id) => {
            text.push_str("/users");
            push_segments(text, std::slice::from_ref(id))?;
        }
    }
    Ok(())
}

fn push_segments(text: &mut String, segments: &[String]) -> Result<(), Error> {
    for segment in segments {
        // URL parsers resolve dot segments even when they are encoded, so an id like that would name another resource.
        if matches!(segment.trim(), "" | "." | "..") {
            return Err(invalid("An id in the path is empty; give the id that Graph returned."));
        }
        text.push('/');
        encode(text, segment, b"$@");
    }
    Ok(())
}

/// Percent-encodes all but RFC 3986's unreserved characters and those in `keep`.
pub(super) fn encode(into: &mut String, text: &str, keep: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep.contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(HEX[usize::from(byte >> 4)]));
            into.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn lane_of<'a>(mut segments: impl Iterator<Item = &'a str>, own: &Mailbox) -> Lane {
    let first = segments.next().unwrap_or_default();
    let second = segments.next();
    // What the directory knows of somebody, and their files, are not in their mailbox.
    let elsewhere = ["photo", "photos", "manager", "directReports", "memberOf", "transitiveMemberOf", "drive", "drives"];
    let in_mailbox = segments.next().is_some_and(|service| !elsewhere.contains(&service));
    match (first, second) {
        ("users", Some(id)) if in_mailbox => Lane::Mailbox(of_any_case(&Mailbox::User(id.into()))),
        ("users" | "groups" | "directoryObjects", _) => Lane::Directory,
        _ => Lane::Mailbox(of_any_case(own)),
    }
}

/// Users' ids and principal names mean the same in any case.
fn of_any_case(mailbox: &Mailbox) -> Mailbox {
    match mailbox {
        Mailbox::Me => Mailbox::Me,
        Mailbox::User(id) => Mailbox::User(id.to_ascii_lowercase()),
    }
}

fn owned(segments: &[&str]) -> Vec<String> {
    segments.iter().map(|&segment| segment.into()).collect()
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, message)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
