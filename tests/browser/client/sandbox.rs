//! A sandbox as the tests see it: faults, stored state, the log of what was asked. Each test begins with a fresh one.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{cell::RefCell, rc::Rc};

use convoke::{
    browser::fetch::{FetchOptions, send},
    client::{Abort, Client, ClientOptions, TokenRequest},
};
use convoke_core::{
    Error, ErrorCode,
    auth::Secret,
    graph::{Call, calendar_view},
    model::{DateTimeTimeZone, Event, EventDraft},
    time::iso_local,
};
use http::{Method, Request};
use serde_json::{Value, json};

pub(super) const ADELE: &str = "adelev@contoso.onmicrosoft.com";
const SCOPES: &str = "User.Read User.ReadBasic.All Calendars.ReadWrite Calendars.ReadWrite.Shared People.Read MailboxSettings.ReadWrite Mail.ReadWrite \
                      Mail.Send Contacts.ReadWrite Files.ReadWrite Place.Read.All GroupMember.Read.All";

pub(super) struct Sandbox {
    url: String,
    /// What was asked for each time somebody needed a token.
    pub(super) tokens: Rc<RefCell<Vec<TokenRequest>>>,
}

/// One request as the sandbox saw it.
#[derive(Debug, Clone)]
pub(super) struct Logged {
    pub(super) method: String,
    /// With its query.
    pub(super) path: String,
    pub(super) status: Option<u64>,
    pub(super) at_ms: u64,
    pub(super) authorized: bool,
    pub(super) body: Value,
    /// The client's own name of the request. Where a kept connection ends, Chromium sends a request again by itself, and under that name.
    pub(super) id: String,
}

impl Sandbox {
    /// As at the start, with these faults.
    pub(super) async fn with(faults: Value) -> Self {
        let agent = web_sys::window().unwrap().navigator().user_agent().unwrap();
        let url = agent.rsplit_once("sandbox=").expect("the browser is started with a sandbox").1.to_owned();
        let sandbox = Self { url, tokens: Rc::default() };
        sandbox.control(Method::POST, "/reset", Value::Null).await;
        sandbox.control(Method::DELETE, "/requests", Value::Null).await;
        sandbox.fault(faults).await;
        sandbox
    }

    /// One more rule, or several; none where it is an empty list.
    pub(super) async fn fault(&self, rules: Value) {
        if rules != json!([]) {
            self.control(Method::POST, "/faults", rules).await;
        }
    }

    pub(super) async fn heal(&self) {
        self.control(Method::DELETE, "/faults", Value::Null).await;
    }

    pub(super) async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = Request::builder().method(method).uri([&self.url, "/sandbox", path].concat()).body(body).unwrap();
        let answer = send(request, &FetchOptions::default()).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", String::from_utf8_lossy(answer.body()));
        serde_json::from_slice(answer.body()).unwrap_or_default()
    }

    /// Everything that was asked of Graph, and of addresses that work without a token.
    pub(super) async fn log(&self) -> Vec<Logged> {
        let log = self.control(Method::GET, "/requests", Value::Null).await;
        let entry = |entry: &Value| Logged {
            method: entry["method"].as_str().unwrap().into(),
            path: entry["path"].as_str().unwrap().into(),
            status: entry["status"].as_u64(),
            at_ms: entry["sinceStartMs"].as_u64().unwrap(),
            authorized: entry["authorized"].as_bool().unwrap(),
            body: entry["body"].clone(),
            id: entry["headers"]["client-request-id"].as_str().unwrap_or_default().into(),
        };
        log.as_array()
            .unwrap()
            .iter()
            .map(entry)
            .filter(|entry| entry.path.starts_with("/v1.0") || entry.path.starts_with("/files"))
            .collect()
    }

    /// Milliseconds between the requests.
    pub(super) async fn gaps(&self) -> Vec<u64> {
        self.log().await.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms).collect()
    }

    /// What is stored in Adele's calendar under this title.
    pub(super) async fn stored(&self, subject: &str) -> Vec<Value> {
        let events = self.control(Method::GET, &["/mailboxes/", ADELE, "/events"].concat(), Value::Null).await;
        events["value"].as_array().unwrap().iter().filter(|event| event["subject"] == subject).cloned().collect()
    }

    pub(super) fn client(&self) -> Client {
        self.client_with(|_| {})
    }

    /// Adele's client.
    pub(super) fn client_with(&self, change: impl FnOnce(&mut ClientOptions)) -> Client {
        let known: Rc<RefCell<Option<Secret>>> = Rc::default();
        let (url, tokens) = (self.url.clone(), self.tokens.clone());
        let source = Rc::new(move |wanted: TokenRequest| {
            let (known, url, tokens) = (known.clone(), url.clone(), tokens.clone());
            let future = async move {
                tokens.borrow_mut().push(wanted.clone());
                if let (Some(known), None) = (&*known.borrow(), &wanted.rejected) {
                    return Ok(known.clone());
                }
                let token = mint(&url, wanted.claims.as_deref()).await?;
                *known.borrow_mut() = Some(token.clone());
                Ok(token)
            };
            Box::pin(future) as convoke::client::LocalBoxFuture<_>
        });
        let mut options = ClientOptions::new(self.url.clone(), source);
        change(&mut options);
        Client::new(options).unwrap()
    }

    /// Runs one call; its error's code where it has one.
    pub(super) async fn outcome<T>(&self, call: Call<T>) -> Result<T, Error> {
        self.client().run(call, &Abort::new()).await
    }
}

async fn mint(url: &str, claims: Option<&str>) -> Result<Secret, Error> {
    let capability = r#""xms_cc":{"values":["cp1"]}"#;
    let claims = match claims.and_then(|claims| serde_json::from_str::<Value>(claims).ok()) {
        Some(mut claims) => {
            claims["access_token"]["xms_cc"] = json!({"values": ["cp1"]});
            claims.to_string()
        }
        None => ["{\"access_token\":{", capability, "}}"].concat(),
    };
    let body = json!({"account": ADELE, "scope": SCOPES, "claims": claims}).to_string().into_bytes();
    let request = Request::builder().method(Method::POST).uri([url, "/sandbox/tokens"].concat()).body(body).unwrap();
    let answer: Value = serde_json::from_slice(send(request, &FetchOptions::default()).await?.body()).unwrap();
    Ok(Secret::new(answer["accessToken"].as_str().unwrap().to_owned()))
}

/// The code of an error, or none.
pub(super) fn code<T>(outcome: &Result<T, Error>) -> Option<ErrorCode> {
    outcome.as_ref().err().map(Error::code)
}

/// What to do about an error.
pub(super) fn advice<T>(outcome: &Result<T, Error>) -> String {
    outcome.as_ref().err().and_then(|error| error.details().advice.clone()).unwrap_or_default()
}

/// Two weeks around today, where the sandbox's people have their meetings.
pub(super) fn fortnight() -> Call<convoke_core::graph::Page<Event>> {
    let now = chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap();
    calendar_view(None, now - chrono::TimeDelta::days(7), now + chrono::TimeDelta::days(7))
}

/// A draft for tomorrow.
pub(super) fn draft(subject: &str) -> EventDraft {
    let start = chrono::DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap() + chrono::TimeDelta::days(1);
    let at =
        |hours| DateTimeTimeZone { date_time: iso_local((start + chrono::TimeDelta::hours(hours)).naive_utc()), time_zone: "UTC".into() };
    EventDraft { transaction_id: format!("t {subject}"), subject: subject.into(), start: at(0), end: at(1), ..EventDraft::default() }
}

/// A rule for requests to a path.
pub(super) fn at(path: &str, act: Value) -> Value {
    json!({"match": {"path": path}, "act": act})
}

/// The same, so many times.
pub(super) fn times(count: u32, path: &str, act: Value) -> Value {
    json!({"match": {"path": path, "times": count}, "act": act})
}

/// A refusal in Graph's words.
pub(super) fn refusal(status: u16, code: &str) -> Value {
    json!({"status": status, "body": {"error": {"code": code, "message": "By a fault rule.", "innerError": {"request-id": "the request id"}}}})
}
