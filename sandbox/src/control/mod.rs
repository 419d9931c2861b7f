//! `/sandbox/…`: what a test or a developer does to the sandbox, and reads from it. Owns these routes and the log; leaves what a rule does
//! to a request to `faults`. Any page may call them: there is nothing here worth protecting.

mod accounts;
mod clock;
pub(crate) mod faults;
pub(crate) mod requests;
mod switches;
mod tokens;

use std::fmt;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{context::Shared, graph, identity::authorize::Parameters};

/// Routes below `/sandbox`.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/requests", get(requests::list).delete(requests::clear))
        .route("/faults", get(faults::list).post(faults::install).delete(faults::clear))
        .route("/clock", get(clock::read).post(clock::set))
        .route("/switches", get(switches::read).post(switches::change))
        .route("/accounts/{upn}", get(accounts::read).post(accounts::change))
        .route("/consents", delete(withdraw_consents))
        .route("/tokens", post(tokens::issue))
        .route("/reset", post(reset))
        .route("/mailboxes/{upn}/events", get(stored_events))
}

async fn reset(State(context): State<Shared>) -> Response {
    context.reset();
    StatusCode::NO_CONTENT.into_response()
}

/// `DELETE /sandbox/consents`, of everybody or of `?account=`: refreshing is refused with AADSTS65001 until somebody consents again. Access
/// tokens that were issued stay good, as in life.
async fn withdraw_consents(State(context): State<Shared>, Query(parameters): Query<Parameters>) -> Response {
    let account = parameters.get("account");
    let user_id = account.and_then(|name| context.world().user(name).map(|user| user.id.clone()));
    if let (Some(name), None) = (account, &user_id) {
        return no_such_account("account", name);
    }
    context.identity().consents.withdraw(user_id.as_deref());
    StatusCode::NO_CONTENT.into_response()
}

pub(crate) fn no_such_account(member: &str, name: &str) -> Response {
    let message = format!("there is no account {name}");
    (StatusCode::NOT_FOUND, Json(json!({ "error": { "code": "noSuchAccount", "member": member, "message": message } }))).into_response()
}

/// Nothing here is Graph's: every member is shown, whoever may see it.
async fn stored_events(State(context): State<Shared>, Path(upn): Path<String>) -> Response {
    let events = graph::control::stored_events(&context.world(), &upn);
    match events {
        Some(events) => Json(events).into_response(),
        None => {
            let message = format!("there is no mailbox of {upn}");
            (StatusCode::NOT_FOUND, Json(json!({ "error": { "code": "noSuchMailbox", "member": "upn", "message": message } })))
                .into_response()
        }
    }
}

/// A control request that is not in order; the answer is 400.
#[derive(Debug)]
pub(crate) struct BadInput {
    /// The path of the member that is wrong, e.g. `rules[1].act.status`; empty where it is the body as a whole.
    pub(crate) member: String,
    /// What is wrong, or what would be right.
    pub(crate) problem: String,
}

impl BadInput {
    pub(crate) fn new(member: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { member: member.into(), problem: problem.into() }
    }

    /// The same, for a body that is part of a larger one.
    pub(crate) fn within(mut self, place: &str) -> Self {
        self.member = match (place, self.member.as_str()) {
            ("", _) => return self,
            (place, "") => place.to_owned(),
            (place, member) => format!("{place}.{member}"),
        };
        self
    }
}

impl fmt::Display for BadInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.member.is_empty() { formatter.write_str(&self.problem) } else { write!(formatter, "{}: {}", self.member, self.problem) }
    }
}

impl IntoResponse for BadInput {
    fn into_response(self) -> Response {
        let message = self.to_string();
        (StatusCode::BAD_REQUEST, Json(json!({ "error": { "code": "badControlRequest", "member": self.member, "message": message } })))
            .into_response()
    }
}

/// Reads a control body; the error names the member that does not fit.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, BadInput> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        BadInput::new(if path == "." { String::new() } else { path }, error.into_inner().to_string())
    })
}

/// The JSON body of a control request. Its content type does not matter, so that a page can post without a preflight.
pub(crate) fn json_body(body: &[u8]) -> Result<Value, BadInput> {
    serde_json::from_slice(body).map_err(|error| BadInput::new("", format!("the body is not JSON ({error})")))
}
