//! What needs neither network nor session. Owns the names by which JavaScript asks for it; leaves reading the arguments and the answers to
//! `convoke_core`.

use convoke::browser::{intl, page};
use convoke_core::{
    Error, ErrorCode, api,
    auth::scopes_json::{admin_consent_url_json, lint_scopes_json, scopes_for_json},
    time::Zones,
};
use serde_json::Value;
use wasm_bindgen::prelude::*;

use crate::boundary::{self, Crossing, crossing, crossing_text};

thread_local! {
    /// Read from `Intl` once for each zone, in a page, in a worker and in Node alike.
    static ZONES: Zones = Zones::new(intl::zone);
}

/// Computes one of the contract's pure functions from its one argument, or from the list of its arguments.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "wasm-bindgen exports public functions alone")]
pub fn compute(function: &str, argument: &JsValue) -> Crossing {
    if function == "rankSlots" {
        // Its lists are long, and read and written without a tree of values in between.
        let text = boundary::text(argument, "request");
        return crossing_text(text.and_then(|text| ZONES.with(|zones| api::rank_slots_text(&text, zones))));
    }
    crossing(boundary::read(argument, "argument").and_then(|argument| ZONES.with(|zones| answer(function, &argument, zones))))
}

fn answer(function: &str, argument: &Value, zones: &Zones) -> Result<Value, Error> {
    let nth = |index: usize| argument.get(index).unwrap_or(&Value::Null);
    match function {
        "availabilityView" => api::availability_view(argument),
        "expandRecurrence" => api::expand_recurrence(argument, zones),
        "timeZone" => api::time_zone(nth(0), nth(1), page::now(), zones),
        "toInstant" => api::to_instant(argument, zones),
        "toICalendar" => api::to_icalendar(argument, zones).map(Value::from),
        "scopesFor" => scopes_for_json(argument),
        "lintScopes" => lint_scopes_json(nth(0), nth(1), nth(2)),
        "adminConsentUrl" => admin_consent_url_json(argument, &page::own_address()).map(Value::from),
        _ => Err(Error::new(ErrorCode::InvalidRequest, ["There is no function ", function, "."].concat())),
    }
}
