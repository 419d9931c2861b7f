//! Faults in a batch: rules that match one of its parts, and lists of answers in disorder. Owns both; leaves carrying the parts out to
//! `graph::batch`, which is told which ones to leave alone.

use std::time::Duration;

use axum::{
    body::{Body, to_bytes},
    http::{Method, StatusCode, Uri, header},
    response::Response,
};
use serde_json::{Value, json};

use crate::{context::Context, server::errors::graph_error_body};

use super::{
    Call,
    act::{Act, Disorder},
    rewrite,
};

/// What is to go wrong with the parts of one batch.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    id: String,
    /// Absolute, for links.
    url: String,
    act: Act,
}

impl Plan {
    /// Asks the rules about each part of the batch's body. A body that is no batch has no parts.
    pub(crate) fn of(context: &Context, batch: &Call<'_>, body: &[u8]) -> Self {
        let is_batch = batch.method == Method::POST && matches!(batch.uri.path(), "/v1.0/$batch" | "/v1.0/%24batch");
        let body: Value = if is_batch { serde_json::from_slice(body).unwrap_or_default() } else { Value::Null };
        let requests = body["requests"].as_array().into_iter().flatten();
        Self { parts: requests.filter_map(|request| part(context, batch, request)).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The parts that are answered without being carried out, by id, with the status of the answer.
    pub(crate) fn withheld(&self) -> Vec<(String, u16)> {
        let withheld = self.parts.iter().filter(|part| part.act.instead_of_handling());
        withheld.map(|part| (part.id.clone(), part.act.status.unwrap_or(if part.act.throttle.is_some() { 429 } else { 200 }))).collect()
    }

    /// How long the slowest part takes.
    pub(crate) fn latency(&self) -> Duration {
        Duration::from_millis(self.parts.iter().map(|part| part.act.delay_ms).max().unwrap_or_default())
    }

    /// Puts the faults into the parts' answers.
    pub(crate) async fn apply(&self, response: Response) -> Response {
        let (mut head, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Response::from_parts(head, Body::empty()) };
        let Ok(mut answer) = serde_json::from_slice::<Value>(&bytes) else { return Response::from_parts(head, Body::from(bytes)) };
        for response in answer["responses"].as_array_mut().into_iter().flatten() {
            if let Some(part) = self.parts.iter().find(|part| response["id"] == part.id.as_str()) {
                part.spoil(response);
            }
        }
        head.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(head, Body::from(answer.to_string()))
    }
}

fn part(context: &Context, batch: &Call<'_>, request: &Value) -> Option<Part> {
    let method = Method::from_bytes(request["method"].as_str()?.to_ascii_uppercase().as_bytes()).ok()?;
    let target = format!("/v1.0/{}", request["url"].as_str()?.trim_start_matches('/').replace(' ', "%20"));
    let uri: Uri = target.parse().ok()?;
    let call = Call { method: &method, uri: &uri, account: batch.account };
    let act = context.faults.fire_in_batch(batch, &call)?;
    Some(Part { id: request["id"].as_str()?.to_owned(), url: format!("{}{target}", context.base_url), act })
}

impl Part {
    fn spoil(&self, response: &mut Value) {
        let act = &self.act;
        if let Some(body) = response.get_mut("body").filter(|_| act.rewrites()) {
            rewrite::rewrite(body, act, &self.url);
        }
        let refuse = |status: StatusCode, response: &mut Value| {
            response["status"] = json!(status.as_u16());
            response["headers"] = json!({ "Content-Type": "application/json" });
            response["body"] = graph_error_body(status);
        };
        if let Some(throttle) = &act.throttle {
            refuse(StatusCode::TOO_MANY_REQUESTS, response);
            if let Some(text) = throttle.header() {
                response["headers"]["Retry-After"] = json!(text);
            }
        }
        if let Some(status) = act.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            if act.body.is_none() && (status.is_client_error() || status.is_server_error()) {
                refuse(status, response);
            }
            response["status"] = json!(status.as_u16());
        }
        if let Some(body) = &act.body {
            response["body"] = body.clone();
        }
        if !response["headers"].is_object() {
            response["headers"] = json!({});
        }
        for (name, value) in &act.headers {
            let headers = response["headers"].as_object_mut();
            headers.into_iter().for_each(|headers| {
                headers.retain(|known, _| !known.eq_ignore_ascii_case(name));
                if !value.is_null() {
                    headers.insert(name.clone(), value.clone());
                }
            });
        }
    }
}

/// Puts the list of answers into disorder.
pub(super) fn disorder(kind: Disorder, answer: &mut Value) {
    let Some(responses) = answer["responses"].as_array_mut() else { return };
    match kind {
        Disorder::OutOfOrder => responses.reverse(),
        Disorder::Missing => drop(responses.pop()),
        Disorder::Duplicate => responses.extend(responses.first().cloned()),
        Disorder::UnknownId => responses.push(json!({ "id": "sandbox-unknown", "status": 200, "headers": {}, "body": {} })),
    }
}
