//! Calls by path: `request` and `batch` of the contract. Owns reading their options; leaves the sending, and which paths are none, to the
//! library.

use convoke::client::{Abort, Client};
use convoke_core::{
    Error,
    graph::{Call, Request, Target, Url, Version},
};
use http::{HeaderName, Method};
use js_sys::{Array, Object, Reflect};
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use crate::{
    arguments::{Arguments, invalid},
    boundary::{thrown, write},
    operations::with_options,
};

/// One call by its path.
pub(crate) fn request(given: &mut Arguments) -> Result<Call<Value>, Error> {
    let mut call = read(given, "")?;
    call.request.version = match given.optional_text("version")? {
        None | Some("v1.0") => Version::V1,
        Some("beta") => Version::Beta,
        Some(_) => return Err(invalid("version", "must be \"v1.0\" or \"beta\"")),
    };
    for (name, value) in members(given, "query")? {
        let value = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => (if flag { "true" } else { "false" }).into(),
            _ => return Err(invalid(&["query.", &name].concat(), "must be text, a number, true or false")),
        };
        call.request.query.push((name, value));
    }
    with_options(call, given)
}

/// Many calls; what is wrong with one of them is told with its place in the list.
pub(crate) fn requests(given: &mut Arguments) -> Result<Vec<Request>, Error> {
    let Some(Value::Array(list)) = given.take("requests") else { return Err(invalid("requests", "must be a list")) };
    let read = |(index, entry): (usize, Value)| {
        let place = ["requests[", &index.to_string(), "]"].concat();
        let Value::Object(entry) = entry else { return Err(invalid(&place, "must be an object")) };
        let call = read(&mut Arguments::of(entry), &[&place, "."].concat())?;
        Ok(with_options(call, given)?.request)
    };
    list.into_iter().enumerate().map(read).collect()
}

/// Sends them and gives, for each, `{status, body?}` or an error.
pub(crate) async fn batch(client: &Client, requests: &[Request], abort: &Abort) -> Result<JsValue, Error> {
    let answers = client.batch(requests, abort).await;
    // Then nobody waits for the parts any more.
    abort.guard(async {}).await?;
    let results = Array::new();
    for answer in answers {
        results.push(&match answer {
            Ok(answer) => {
                let result = Object::new();
                // An object of our own takes any member.
                let _ = Reflect::set(&result, &"status".into(), &answer.status.into());
                if !answer.body.is_null() {
                    let _ = Reflect::set(&result, &"body".into(), &write(&answer.body));
                }
                result.into()
            }
            Err(error) => thrown(&error),
        });
    }
    Ok(results.into())
}

/// Method, path, body and headers; `place` goes before their names in errors.
fn read(given: &mut Arguments, place: &str) -> Result<Call<Value>, Error> {
    let named = |name: &str| [place, name].concat();
    let method = match given.optional_text("method")? {
        None => Method::GET,
        Some(name) => match name.to_ascii_uppercase().as_str() {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PATCH" => Method::PATCH,
            "PUT" => Method::PUT,
            "DELETE" => Method::DELETE,
            _ => return Err(invalid(&named("method"), "must be GET, POST, PATCH, PUT or DELETE")),
        },
    };
    let Some(Value::String(path)) = given.take("path") else {
        return Err(invalid(&named("path"), "must be text, such as /me/outlook/masterCategories"));
    };
    let body = given.take("body");
    if method == Method::GET && body.is_some() {
        return Err(invalid(&named("body"), "does not go with GET: say `method`"));
    }
    // A link that Graph gave may be followed. Whether its host may get the token is judged where the token is attached.
    let link = Url::parse(&path).ok();
    let mut call = Call::request(method, path, body);
    if let Some(link) = link {
        call.request.target = Target::Link(link);
    }
    for (name, value) in members(given, "headers")? {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().filter(|header| *header != http::header::AUTHORIZATION);
        let (Some(header), Value::String(value)) = (header, value) else {
            return Err(invalid(&[place, "headers.", &name].concat(), "must be a header other than Authorization, its value text"));
        };
        call.request = call.request.header(header, &value)?;
    }
    Ok(call)
}

fn members(given: &mut Arguments, name: &str) -> Result<Map<String, Value>, Error> {
    match given.take(name) {
        None => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members),
        Some(_) => Err(invalid(name, "must be an object")),
    }
}
