//! A Graph operation as data: method, path, query, headers, body, the permissions it needs, and what may be done when it fails.
//! Leaves the reading of answers to `answer`, and the token to `hosts`, the only place that attaches one.

use std::rc::Rc;

use http::{HeaderName, HeaderValue, Method};
use oauth2::url::Url;
use serde_json::Value;

use super::{Answer, Expect, Page, paging::page};
use crate::Error;

/// An operation together with how its answer is read.
pub struct Call<T> {
    /// What is sent.
    pub request: Request,
    read: fn(Answer) -> Result<T, Error>,
}

/// What is sent, without a token. Made by the operations of this module; [`Request::new`] is for any other path.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to.
    pub target: Target,
    /// Query options, unencoded, `$` included.
    pub query: Vec<(String, String)>,
    /// What goes into the `Prefer` header.
    pub prefer: Prefer,
    /// Further headers. Never an `Authorization`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// A JSON body.
    pub body: Option<Value>,
    /// A body of bytes, in place of a JSON one.
    pub content: Option<Content>,
    /// Delegated permissions it needs, least first; empty for whatever has been consented to.
    pub scopes: Vec<String>,
    /// What may be done when it fails.
    pub safety: Safety,
    /// Another mailbox than the client's own.
    pub mailbox: Option<Mailbox>,
    /// Which answer is right.
    pub expect: Expect,
    /// `v1.0`, unless said.
    pub version: Version,
}

/// Bytes as a body.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// E.g. `image/png`.
    pub media_type: String,
    /// Shared, since a request is kept for its repetitions.
    pub bytes: Rc<[u8]>,
}

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Below `/me` or `/users/{id}`, one entry per path segment, unencoded.
    Mailbox(Vec<String>),
    /// Below the service root, likewise.
    Root(Vec<String>),
    /// A path that the caller has encoded, starting with `/`; `/me` in front is turned into the mailbox.
    Path(String),
    /// A link that Graph gave, used as it is.
    Link(Url),
}

/// Graph's version segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// `v1.0`.
    #[default]
    V1,
    /// `beta`.
    Beta,
}

/// Whose mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Mailbox {
    /// The signed-in person's.
    #[default]
    Me,
    /// Another's, by id or principal name.
    User(String),
}

/// What Graph is asked to prefer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prefer {
    /// The zone of times in the answer; `None` for the client's own.
    pub time_zone: Option<String>,
    /// The operation answers no times, or the zone must stay UTC: no zone is sent.
    pub no_time_zone: bool,
    /// Bodies as plain text instead of HTML.
    pub text_body: bool,
    /// Ids that survive a move between folders.
    pub immutable_id: bool,
    /// The page size of a delta query.
    pub max_page_size: Option<u32>,
}

/// What may be done when it is not known whether a request was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// It changes nothing.
    Safe,
    /// Twice is the same as once.
    Idempotent,
    /// The body holds a `transactionId` by which Graph recognizes a repetition.
    Once,
    /// A repetition would act twice: after an ambiguous failure a person has to look.
    Never,
}

/// Where a request counts: Outlook allows few at a time per mailbox, the directory counts by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lane {
    /// A mailbox: calendar, mail, contacts, people, places.
    Mailbox(Mailbox),
    /// Users and groups.
    Directory,
}

/// What a client adds to each of its requests.
#[derive(Debug, Clone)]
pub struct Context {
    /// E.g. `https://graph.microsoft.com`, without a version.
    pub base: Url,
    /// Whose mailbox `/me` stands for.
    pub mailbox: Mailbox,
    /// The zone for times, a Windows or IANA name; `None` for UTC.
    pub time_zone: Option<String>,
    /// Ids of Outlook's items that survive a move between folders.
    pub immutable_ids: bool,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.media_type)
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), read: self.read }
    }
}

impl<T> std::fmt::Debug for Call<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.request.fmt(formatter)
    }
}

impl<T> Call<T> {
    pub(super) fn new(request: Request, read: fn(Answer) -> Result<T, Error>) -> Self {
        Self { request, read }
    }

    /// Reads the answer to this call. An answer of the wrong shape is `invalid-response`.
    pub fn read(&self, answer: Answer) -> Result<T, Error> {
        (self.read)(answer)
    }

    /// How answers are read, for pages that follow the first.
    #[must_use]
    pub fn reader(&self) -> fn(Answer) -> Result<T, Error> {
        self.read
    }

    /// The same in another mailbox than the client's own.
    #[must_use]
    pub fn in_mailbox(mut self, mailbox: Mailbox) -> Self {
        self.request.mailbox = Some(mailbox);
        self
    }

    /// The same, read as the JSON that Graph sent.
    #[must_use]
    pub fn json(self) -> Call<Value> {
        Call::of(self.request)
    }

    /// The same for these members only; none named: those that the operation asks for by itself.
    #[must_use]
    pub fn selecting(mut self, members: &[String]) -> Self {
        if members.is_empty() {
            return self;
        }
        self.request.query.retain(|(name, _)| name != "$select");
        self.request.query.push(("$select".into(), members.join(",")));
        self
    }

    /// The same with times in this zone.
    #[must_use]
    pub fn in_time_zone(mut self, zone: impl Into<String>) -> Self {
        self.request.prefer.time_zone = Some(zone.into());
        self
    }
}

impl<T> Call<Page<T>> {
    /// The same list, its items read as the JSON that Graph sent.
    #[must_use]
    pub fn json_items(self) -> Call<Page<Value>> {
        Call::list(self.request)
    }
}

impl Call<Page<Value>> {
    /// A list of any kind, by its request.
    #[must_use]
    pub fn list(request: Request) -> Self {
        Self::new(request, |answer| page(answer, |item| item.is_object().then_some(item)))
    }
}

impl Call<Value> {
    /// An operation of any kind, by its request.
    #[must_use]
    pub fn of(request: Request) -> Self {
        Self::new(request, |answer| Ok(answer.body))
    }

    /// Any other operation: `path` starts with `/` and is already percent-encoded, e.g. `/me/outlook/masterCategories`; a whole link that
    /// Graph gave will do as well, and is `host-not-allowed` where it leads elsewhere. A body that is not said to be repeatable is never
    /// sent twice.
    #[must_use]
    pub fn request(method: Method, path: impl Into<String>, body: Option<Value>) -> Self {
        let safety = match method {
            Method::GET | Method::HEAD => Safety::Safe,
            Method::PUT | Method::PATCH | Method::DELETE => Safety::Idempotent,
            _ if body.as_ref().is_some_and(|body| body.get("transactionId").is_some_and(Value::is_string)) => Safety::Once,
            _ => Safety::Never,
        };
        let path = path.into();
        let target = match Url::parse(&path) {
            Ok(link) => Target::Link(link),
            Err(_) => Target::Path(path),
        };
        let mut request = Request::new(method, target);
        request.body = body;
        request.safety = safety;
        request.expect = Expect::Either;
        Self::of(request)
    }
}
