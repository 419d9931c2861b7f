//! Outlook's limit: one application may have four requests in flight against one mailbox (throttling-outlook.md). Owns the counting;
//! what a request costs inside a batch is left to `graph`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{bearer::Bearer, errors::graph_error};

type Key = (String, String);

/// Requests in flight by application and mailbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct MailboxLimit {
    in_flight: Arc<Mutex<HashMap<Key, usize>>>,
}

/// One request's place; given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    limit: MailboxLimit,
    key: Key,
}

/// There is no place left.
#[derive(Debug)]
pub(crate) struct Throttled;

impl IntoResponse for Throttled {
    fn into_response(self) -> Response {
        let message = "Application is over its MailboxConcurrency limit.";
        graph_error(StatusCode::TOO_MANY_REQUESTS, "ApplicationThrottled", message)
    }
}

impl MailboxLimit {
    /// Takes a place, or refuses. Paths that concern no mailbox need none.
    pub(crate) fn enter(&self, bearer: &Bearer, path: &str, most: usize) -> Result<Option<Place>, Throttled> {
        let Some(mailbox) = mailbox(path, bearer) else { return Ok(None) };
        let key = (bearer.caller.app_id.clone(), mailbox);
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        let count = in_flight.entry(key.clone()).or_insert(0);
        if *count >= most {
            return Err(Throttled);
        }
        *count += 1;
        Ok(Some(Place { limit: self.clone(), key }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut in_flight = self.limit.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = in_flight.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                in_flight.remove(&self.key);
            }
        }
    }
}

/// Whose mailbox a path below `/v1.0` is about, by principal name; directory paths and drives have none.
fn mailbox(path: &str, bearer: &Bearer) -> Option<String> {
    let mut segments = path.trim_start_matches('/').split('/').skip(1);
    let owner = match segments.next()? {
        "me" => bearer.account.clone()?,
        "users" => segments.next()?.to_ascii_lowercase(),
        _ => return None,
    };
    // `/me` itself, photos, managers and files are other services.
    let outlook = ["calendar", "event", "message", "mail", "contact", "people", "outlook", "findmeetingtimes", "sendmail", "reminderview"];
    let service = segments.next()?.to_ascii_lowercase();
    outlook.iter().any(|name| service.starts_with(name)).then(|| owner.to_ascii_lowercase())
}
