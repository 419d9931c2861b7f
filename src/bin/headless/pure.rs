//! What needs neither network nor session. Owns the names by which JavaScript asks for it; leaves the answers to `convoke_core`.

use convoke::browser::intl;
use convoke_core::{Error, ErrorCode, time::Zones};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::boundary::{self, Crossing, crossing};

thread_local! {
    /// Read from `Intl` once for each zone, in a page, in a worker and in Node alike.
    static ZONES: Zones = Zones::new(intl::zone);
}

/// Computes one of the contract's pure functions.
#[wasm_bindgen]
pub fn compute(function: &str, request: &JsValue) -> Crossing {
    crossing(boundary::read(request, "request").and_then(|request| ZONES.with(|zones| answer(function, &request, zones))))
}

fn answer(function: &str, request: &Value, zones: &Zones) -> Result<Value, Error> {
    match function {
        "timeZone" => Ok(request.get("name").and_then(Value::as_str).and_then(|name| zones.get(name)).map_or(Value::Null, |zone| zone.name().into())),
        _ => Err(Error::new(ErrorCode::InvalidRequest, ["There is no function ", function, "."].concat())),
    }
}
