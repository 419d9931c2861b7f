//! The sandbox's Graph, asked through its router as a client would. Owns what the tests share; each file has one topic.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attachments;
mod availability;
mod batch;
mod contacts;
mod directory;
mod documented;
mod events;
mod files;
mod listing;
mod mail;
mod meetings;
mod mime;
mod permissions;
mod sharing;

use std::sync::{Arc, LazyLock};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use convoke_sandbox::{
    clock::Clock,
    context::{Caller, Context, Shared},
    graph,
    recording::{Exchange, Recording},
    world::{SeedConfig, World},
};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The Monday that all tests are about.
pub(crate) const MONDAY: &str = "2026-11-16";
pub(crate) const BASE: &str = "http://127.0.0.1:1";
const SCOPES: &str = "Calendars.ReadWrite Calendars.ReadWrite.Shared User.Read User.ReadBasic.All People.Read MailboxSettings.ReadWrite \
                      User.Read.All Mail.ReadWrite Mail.Send Contacts.ReadWrite Files.ReadWrite Group.Read.All Place.Read.All";

/// What all these tests ask and are answered, for `tests/wire`.
static RECORDING: LazyLock<Recording> = LazyLock::new(|| {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorded/graph.jsonl");
    // There is none at first.
    let _ = std::fs::remove_file(&file);
    Recording::open(&file).unwrap()
});

/// One sandbox's Graph.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) context: Shared,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) graph: Graph,
    pub(crate) caller: Caller,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: Value,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let world = World::seeded(&SeedConfig { date: MONDAY.parse().unwrap(), seed: 1, scale: 1 });
        let clock = Clock::starting_at(format!("{MONDAY}T06:00:00Z").parse().unwrap());
        Self { context: Arc::new(Context::new(world, clock, BASE.to_owned())) }
    }

    /// Signs somebody in with the usual scopes.
    pub(crate) fn session(&self, account: &str) -> Session {
        self.session_with(account, SCOPES)
    }

    pub(crate) fn session_with(&self, account: &str, scopes: &str) -> Session {
        let principal = if account.contains('@') { account.to_owned() } else { format!("{account}@contoso.onmicrosoft.com") };
        let user = self.context.world().user(&principal).unwrap().clone();
        let caller = Caller {
            tenant_id: user.tenant_id,
            user_id: Some(user.id),
            app_id: "00000000-0000-0000-0000-00000000c0de".to_owned(),
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        };
        Session { graph: self.clone(), caller }
    }
}

impl Session {
    /// Sends a request, below `/v1.0` or to a whole address of the sandbox's. `headers`: `Name: value` lines.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[&str], body: Option<Vec<u8>>) -> Answer {
        let router: Router = graph::router().layer(Extension(self.caller.clone())).with_state(self.graph.context.clone());
        let files = graph::file_router().with_state(self.graph.context.clone());
        let router = Router::new().nest("/v1.0", router).nest("/files", files);
        let target = path.strip_prefix(BASE).map_or_else(|| format!("/v1.0{path}"), str::to_owned);
        let target = target.replace(' ', "%20").replace('"', "%22");
        let mut request = Request::builder().method(method).uri(&target);
        let mut sent_type = String::new();
        let sent = body.unwrap_or_default();
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            if name.eq_ignore_ascii_case("content-type") {
                value.clone_into(&mut sent_type);
            }
            request = request.header(name, value);
        }
        let response = router.oneshot(request.body(Body::from(sent.clone())).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let content_type =
            |headers: &HeaderMap| headers.get("content-type").map_or(String::new(), |kind| kind.to_str().unwrap().to_owned());
        let thread = std::thread::current();
        let exchange = Exchange {
            source: thread.name().unwrap_or_default(),
            method,
            target: &target,
            content_type: &sent_type,
            request: &sent,
            status: parts.status.as_u16(),
            answer_type: &content_type(&parts.headers),
            answer: &bytes,
            faulty: false,
        };
        RECORDING.add(&exchange).unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.send("GET", path, &[], None).await;
        assert_eq!(answer.status, StatusCode::OK.as_u16(), "GET {path}: {}", answer.body);
        answer.body
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &["Content-Type: application/json"], Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, &["Content-Type: application/json"], Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None).await
    }

    /// All items of a collection, page after page.
    pub(crate) async fn all(&self, path: &str, headers: &[&str]) -> Vec<Value> {
        let mut next = path.to_owned();
        let mut items = Vec::new();
        for _ in 0..1000 {
            let answer = self.send("GET", &next, headers, None).await;
            assert_eq!(answer.status, 200, "GET {next}: {}", answer.body);
            items.extend(answer.body["value"].as_array().unwrap().clone());
            match answer.body["@odata.nextLink"].as_str() {
                Some(link) => {
                    assert!(link.starts_with(BASE), "{link}");
                    next = link.to_owned();
                }
                None => return items,
            }
        }
        panic!("{path} never ends");
    }

    /// The one event with this subject in a week's calendar view.
    pub(crate) async fn event(&self, subject: &str) -> Value {
        let found = self.events(subject).await;
        assert_eq!(found.len(), 1, "{subject}: {found:#?}");
        found.into_iter().next().unwrap()
    }

    /// The events with this subject in three weeks' calendar view.
    pub(crate) async fn events(&self, subject: &str) -> Vec<Value> {
        let view = "/me/calendarView?startDateTime=2026-11-15T00:00:00Z&endDateTime=2026-12-06T00:00:00Z&$top=500";
        let mut found = self.get(view).await["value"].as_array().unwrap().clone();
        found.retain(|event| event["subject"] == subject);
        found
    }

    /// Makes an event and answers it.
    pub(crate) async fn create(&self, event: &Value) -> Value {
        let answer = self.post("/me/events", event).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// Asserts an error.
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        assert!(self.body["error"]["innerError"]["request-id"].is_string());
    }
}

/// A meeting on the test week's Thursday, in UTC.
pub(crate) fn meeting(subject: &str, start: &str, end: &str, invited: &[&str]) -> Value {
    let attendees: Vec<Value> = invited
        .iter()
        .map(|account| {
            let address = if account.contains('@') { (*account).to_owned() } else { format!("{account}@contoso.onmicrosoft.com") };
            json!({ "type": "Required", "emailAddress": { "address": address } })
        })
        .collect();
    json!({
        "subject": subject,
        "body": { "contentType": "HTML", "content": "Let us talk." },
        "start": { "dateTime": format!("2026-11-19T{start}:00"), "timeZone": "UTC" },
        "end": { "dateTime": format!("2026-11-19T{end}:00"), "timeZone": "UTC" },
        "attendees": attendees,
    })
}

/// A path segment of an id.
pub(crate) fn event_path(event: &Value) -> String {
    format!("/me/events/{}", event["id"].as_str().unwrap().replace('=', "%3D"))
}
