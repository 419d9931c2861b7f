//! How values cross. Owns turning JSON-like objects into values and back, and errors into the `ConvokeError` of `www/npm/errors.js`;
//! leaves what they mean to the doors.
//!
//! They cross as JSON text, which the browser reads and writes by itself; DESIGN.md has the measurement against serde-wasm-bindgen.

use convoke::browser::fetch::Abort;
use convoke_core::{Error, ErrorCode, error::Details, json};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

#[wasm_bindgen]
extern "C" {
    /// As `js_sys::JSON::stringify`, but it says that the result may be no text: for `undefined` and for functions it is none.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn stringify(value: &JsValue) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &str) -> Result<JsValue, JsValue>;
}

// The package has this file beside the glue.
#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    type ConvokeError;

    #[wasm_bindgen(constructor)]
    fn new(message: &str, members: &JsValue) -> ConvokeError;

    #[wasm_bindgen(method, getter)]
    fn code(this: &ConvokeError) -> String;

    #[wasm_bindgen(method, getter)]
    fn message(this: &ConvokeError) -> String;

    #[wasm_bindgen(method, getter)]
    fn advice(this: &ConvokeError) -> String;
}

// And this one, which loads the parts.
#[wasm_bindgen(raw_module = "./load.js")]
extern "C" {
    #[wasm_bindgen(js_name = whyNotLoaded)]
    fn why_not_loaded() -> String;
}

/// What a door gives: a value, or a `ConvokeError` to throw.
pub(crate) type Crossing = Result<JsValue, JsValue>;

/// A value as JSON has it; `undefined` is null. One that JSON cannot hold (a circle, a BigInt) is `invalid-request` and named.
pub(crate) fn read(value: &JsValue, name: &str) -> Result<Value, Error> {
    // What stringify wrote can be read again, except where it is nested deeper than anything of Graph's.
    serde_json::from_slice(text(value, name)?.as_bytes())
        .map_err(|_| Error::new(ErrorCode::InvalidRequest, ["`", name, "` is nested too deeply."].concat()))
}

/// The same as JSON text, for what is read straight from it.
pub(crate) fn text(value: &JsValue, name: &str) -> Result<String, Error> {
    let text = stringify(value).map_err(|_| {
        Error::new(ErrorCode::InvalidRequest, ["`", name, "` cannot be written as JSON: it holds a circle or a BigInt."].concat())
    })?;
    Ok(text.unwrap_or_else(|| "null".into()))
}

/// A value for JavaScript.
pub(crate) fn write(value: &Value) -> JsValue {
    // What serde_json wrote, the browser reads.
    parse(&json::write(value)).unwrap_or(JsValue::UNDEFINED)
}

/// The error for JavaScript.
pub(crate) fn thrown(error: &Error) -> JsValue {
    let Details { status, graph_code, aadsts, request_id, retry_after, advice, .. } = error.details();
    let mut members = Map::new();
    let mut member = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            members.insert(name.into(), value);
        }
    };
    member("code", Some(error.code().as_str().into()));
    member("retryable", Some(error.retryable().into()));
    member("status", status.map(Value::from));
    member("graphCode", graph_code.as_deref().map(Value::from));
    member("aadsts", aadsts.map(Value::from));
    member("requestId", request_id.as_deref().map(Value::from));
    // Whole seconds, rounded up: nobody should come back too early.
    member("retryAfter", retry_after.map(|wait| (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).into()));
    member("advice", advice.as_deref().map(Value::from));
    ConvokeError::new(error.message(), &write(&Value::Object(members))).into()
}

/// The outcome of a door.
pub(crate) fn crossing(outcome: Result<Value, Error>) -> Crossing {
    outcome.map(|value| write(&value)).map_err(|error| thrown(&error))
}

/// The outcome of a door that answers with JSON text.
pub(crate) fn crossing_text(outcome: Result<String, Error>) -> Crossing {
    outcome.map(|text| parse(&text).unwrap_or(JsValue::UNDEFINED)).map_err(|error| thrown(&error))
}

/// The handle for giving up that a caller passed, or one that nobody gives up on.
pub(crate) fn abort(signal: Option<AbortSignal>) -> Abort {
    signal.map_or_else(Abort::new, |signal| Abort::of(&signal))
}

/// What a host's own function failed with, as an error of ours. One of ours keeps its code; of another's only the beginning of its message
/// is told, without words long enough to be a token.
pub(crate) fn host_error(thrown: &JsValue) -> Error {
    if let Some(own) = thrown.dyn_ref::<ConvokeError>()
        && let Some(code) = ErrorCode::parse(&own.code())
    {
        return Error::new(code, own.message()).with(Details { advice: Some(own.advice()), ..Details::default() });
    }
    let text = |name: &str| js_sys::Reflect::get(thrown, &name.into()).ok().and_then(|text| text.as_string());
    if text("name").as_deref() == Some("AbortError") {
        return Error::new(ErrorCode::Aborted, "The token provider was aborted.");
    }
    const LONG: usize = 40;
    let words = text("message").unwrap_or_default();
    let words: Vec<&str> = words.split_whitespace().map(|word| if word.len() > LONG { "…" } else { word }).take(30).collect();
    let error = Error::new(ErrorCode::InteractionRequired, ["The token provider failed: ", &words.join(" ")].concat());
    error.with(Details {
        advice: Some("Look at what `tokenProvider` does: it has to resolve with an access token.".into()),
        ..Details::default()
    })
}

/// A part of the module could not be loaded.
pub(crate) struct NotLoaded;

impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

impl NotLoaded {
    /// As an error.
    pub(crate) fn error() -> Error {
        Error::new(ErrorCode::Network, ["A part of the module could not be loaded: ", &why_not_loaded()].concat()).with(Details {
            advice: Some("Put all .wasm files of the package where convoke.wasm is, then try again.".into()),
            ..Details::default()
        })
    }

    /// The same to throw.
    pub(crate) fn thrown(self) -> JsValue {
        thrown(&Self::error())
    }
}
