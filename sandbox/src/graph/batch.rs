//! `$batch`: several requests in one. Owns the envelope, order and dependencies; each part is served like a request of its own.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use super::{
    error::{Error, Result},
    input::Input,
    reply::{Content, Reply},
    request::{Call, Head},
};
use crate::world::World;

/// The documented limit.
const MOST_REQUESTS: usize = 20;

struct Part {
    id: String,
    head: Head,
    headers: HeaderMap,
    body: Vec<u8>,
    depends_on: Vec<String>,
}

/// `POST /$batch`.
pub(crate) fn run(world: &mut World, call: &Call<'_>) -> Result {
    if call.method != Method::POST {
        return Err(Error::method_not_allowed());
    }
    let parts = read(call)?;
    let mut statuses: BTreeMap<String, u16> = BTreeMap::new();
    let mut responses = Vec::new();
    let mut waiting = parts;
    while !waiting.is_empty() {
        let known = |id: &String| statuses.contains_key(&id.to_lowercase());
        let (ready, later): (Vec<Part>, Vec<Part>) = waiting.into_iter().partition(|part| part.depends_on.iter().all(known));
        if ready.is_empty() {
            return Err(Error::new(400, "BadRequest", "The requests of the batch depend on each other in a circle."));
        }
        waiting = later;
        for part in ready {
            let failed = part.depends_on.iter().any(|id| statuses.get(&id.to_lowercase()).is_some_and(|status| *status >= 400));
            let reply = if failed {
                let message = "The request was not run because a request that it depends on has failed.";
                Error::new(424, "FailedDependency", message).reply(call.now)
            } else if let Some((_, status)) = call.withheld.iter().find(|(id, _)| *id == part.id) {
                // What it says is put into it on the way out.
                Reply::empty(*status)
            } else {
                let inner = Call::new(call.caller, call.now, call.base_url, part.head, part.headers, part.body);
                super::answer(world, &inner)
            };
            statuses.insert(part.id.to_lowercase(), reply.status);
            responses.push(render(&part.id, reply));
        }
    }
    Ok(Reply::ok(json!({ "responses": responses })))
}

fn read(call: &Call<'_>) -> Result<Vec<Part>> {
    let malformed = |what: String| Error::new(400, "BadRequest", what);
    let requests = call.json()?.objects("requests")?.ok_or_else(|| malformed("The batch needs 'requests'.".to_owned()))?;
    if requests.is_empty() || requests.len() > MOST_REQUESTS {
        return Err(malformed(format!("Number of batch request steps must be 1 to {MOST_REQUESTS}; these are {}.", requests.len())));
    }
    let mut ids = BTreeSet::new();
    let mut parts = Vec::new();
    for request in &requests {
        let part = part(request)?;
        if !ids.insert(part.id.to_lowercase()) {
            return Err(malformed(format!("The request id '{}' is used twice.", part.id)));
        }
        parts.push(part);
    }
    let unknown = |id: &&String| !ids.contains(&id.to_lowercase());
    if let Some(id) = parts.iter().flat_map(|part| &part.depends_on).find(unknown) {
        return Err(malformed(format!("The request id '{id}' in 'dependsOn' is not among the requests.")));
    }
    Ok(parts)
}

fn part(request: &Input) -> Result<Part> {
    let malformed = |what: String| Error::new(400, "BadRequest", what);
    let needed = |name: &str| -> Result<String> {
        request.text(name)?.filter(|text| !text.is_empty()).ok_or_else(|| malformed(format!("A request of the batch needs '{name}'.")))
    };
    let (id, method, url) = (needed("id")?, needed("method")?, needed("url")?);
    let method =
        Method::from_bytes(method.to_uppercase().as_bytes()).map_err(|_| malformed(format!("The method '{method}' is not known.")))?;
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let head = Head { method, path: format!("/{}", path.trim_start_matches('/')), query: query.to_owned() };
    if head.path.starts_with("/$batch") {
        return Err(malformed("A batch cannot hold a batch.".to_owned()));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in request.object("headers")?.unwrap_or_default().members() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let body = match request.raw("body") {
        None | Some(Value::Null) => Vec::new(),
        Some(_) if !headers.contains_key("content-type") => {
            return Err(malformed(format!("Write request id : {id} does not contain Content-Type header or body.")));
        }
        // A body that is no JSON comes as base64.
        Some(Value::String(text)) => STANDARD.decode(text).unwrap_or_else(|_| text.clone().into_bytes()),
        Some(value) => value.to_string().into_bytes(),
    };
    Ok(Part { id, head, headers, body, depends_on: request.texts("dependsOn")?.unwrap_or_default() })
}

fn render(id: &str, reply: Reply) -> Value {
    let mut headers: Map<String, Value> = reply.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
    let body = match reply.content {
        Content::Empty => None,
        Content::Json(value) => {
            headers.insert("Content-Type".to_owned(), "application/json".into());
            Some(value)
        }
        Content::Bytes { content_type, bytes } => {
            headers.insert("Content-Type".to_owned(), content_type.into());
            Some(STANDARD.encode(bytes).into())
        }
    };
    let mut response = json!({ "id": id, "status": reply.status, "headers": headers });
    if let Some(body) = body {
        response["body"] = body;
    }
    response
}
