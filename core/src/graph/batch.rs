//! Up to 20 requests in one: building a `$batch` and telling its answers apart. Leaves the sending, and whether an item is tried again, to
//! the caller with `retry`. Source: "Combine multiple HTTP requests using JSON batching".

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value};

use super::retry::{Attempts, Outcome, Policy, Step, next_step};
use super::{Answer, Context, Expect, Request, Safety, Target, errors::unreadable};
use crate::{Error, ErrorCode, headers::READ_HEADERS};

/// How many requests one batch may hold.
pub const BATCH_SIZE: usize = 20;

/// One batch of these requests, at most 20, all of one version; the position of each is its id. It is as safe as its least safe item.
/// `after`: for each request the positions of those that have to have succeeded before it is tried; empty where none waits for another.
pub fn batch_request(items: &[&Request], after: &[Vec<usize>], context: &Context) -> Result<Request, Error> {
    let (Some(first), true) = (items.first(), items.len() <= BATCH_SIZE) else {
        return Err(Error::new(ErrorCode::InvalidRequest, "A batch holds 1 to 20 requests."));
    };
    let mut whole = Request::new(Method::POST, Target::Root(vec!["$batch".into()])).timeless();
    whole.version = first.version;
    whole.safety = Safety::Safe;
    let mut entries = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if item.version != whole.version {
            return Err(Error::new(ErrorCode::InvalidRequest, "The requests of a batch must all be of one version."));
        }
        let mut entry = entry(index, item, context)?;
        if let Some(before) = after.get(index).filter(|before| !before.is_empty()) {
            entry.insert("dependsOn".into(), before.iter().map(ToString::to_string).collect());
        }
        entries.push(Value::Object(entry));
        whole.safety = whole.safety.max(item.safety);
        for scope in item.scopes(&context.mailbox) {
            if !whole.scopes.contains(&scope) {
                whole.scopes.push(scope);
            }
        }
    }
    let mut body = Map::new();
    body.insert("requests".into(), Value::Array(entries));
    whole.body = Some(Value::Object(body));
    Ok(whole)
}

/// The answers to `items` in their order, whatever order Graph gave them in; one that is missing has failed. `now`: seconds since the epoch.
#[must_use]
pub fn read_batch(answer: &Answer, items: &[&Request], now: i64) -> Vec<Result<Answer, Error>> {
    let Some(responses) = answer.body.get("responses").and_then(Value::as_array) else {
        return items.iter().map(|_| Err(unreadable("Graph's answer to a batch holds no responses."))).collect();
    };
    let of = |index: usize| {
        let id = index.to_string();
        responses.iter().find(|response| match response.get("id") {
            Some(Value::String(text)) => *text == id,
            Some(Value::Number(number)) => number.to_string() == id,
            _ => false,
        })
    };
    items
        .iter()
        .enumerate()
        .map(|(index, item)| match of(index) {
            Some(response) => read_item(response, item.expect, now),
            None => Err(unreadable("Graph's answer to a batch leaves this request out.")),
        })
        .collect()
}

/// What became of a request that waited for another which failed: it was not tried.
#[must_use]
pub fn not_tried(because: &Error) -> Error {
    let message = ["Not tried, because a request that it depends on failed: ", because.message()].concat();
    Error::new(because.code(), message).with(because.details().clone())
}

/// [`next_step`] for one item of a batch. An item that was throttled there may have been carried out all the same, so one that must not
/// happen twice is not repeated.
#[must_use]
pub fn next_step_in_batch(policy: &Policy, attempts: &Attempts, safety: Safety, error: &Error, random: f64) -> Outcome {
    let mut outcome = next_step(policy, attempts, safety, error, random);
    if safety == Safety::Never && error.code() == ErrorCode::Throttled {
        outcome.step = Step::GiveUp;
    }
    outcome
}

fn entry(index: usize, item: &Request, context: &Context) -> Result<Map<String, Value>, Error> {
    let request = item.to_http(context)?;
    let path = request.uri().path_and_query().map_or("/", |whole| whole.as_str());
    let base = context.base.path().trim_end_matches('/');
    // Relative to the version, which stands in the batch's own address.
    let relative = path.strip_prefix(base).unwrap_or(path).trim_start_matches('/').split_once('/').map_or("", |(_, rest)| rest);
    let mut entry = Map::new();
    entry.insert("id".into(), index.to_string().into());
    entry.insert("method".into(), item.method.as_str().into());
    entry.insert("url".into(), ["/", relative].concat().into());
    let headers: Map<String, Value> = request
        .headers()
        .iter()
        .filter(|(name, _)| *name != http::header::ACCEPT)
        .filter_map(|(name, value)| Some((canonical(name).to_owned(), value.to_str().ok()?.into())))
        .collect();
    if !headers.is_empty() {
        entry.insert("headers".into(), Value::Object(headers));
    }
    if let Some(body) = &item.body {
        entry.insert("body".into(), body.clone());
    } else if item.content.is_some() {
        return Err(Error::new(ErrorCode::InvalidRequest, "A file's content goes up by a request of its own, not in a batch."));
    }
    Ok(entry)
}

/// Header names inside the JSON are matched as they are documented, in their usual case.
fn canonical(name: &HeaderName) -> &str {
    match name.as_str() {
        "content-type" => "Content-Type",
        "prefer" => "Prefer",
        "if-match" => "If-Match",
        "consistencylevel" => "ConsistencyLevel",
        other => other,
    }
}

fn read_item(response: &Value, expect: Expect, now: i64) -> Result<Answer, Error> {
    let status = match response.get("status") {
        Some(Value::Number(number)) => number.as_u64().and_then(|status| u16::try_from(status).ok()),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let Some(status) = status else { return Err(unreadable("Graph's answer to one request of a batch has no status.")) };
    let mut headers = HeaderMap::new();
    for (name, value) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        // Those that anybody reads, by constants: parsing a name takes a table of all names.
        let known = READ_HEADERS.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(name));
        if let (Some(name), Ok(value)) = (known, HeaderValue::from_str(&text)) {
            headers.append(name, value);
        }
    }
    Answer::from_parts(status, headers, response.get("body").cloned().unwrap_or_default(), expect, now)
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
