//! JSON as text. Owns the one way of writing it: `to_string` of a value would bring a second writer, for pretty printing, into the wasm.

use serde_json::Value;

/// A value in the shortest form.
#[must_use]
pub fn write(value: &Value) -> String {
    // A value without foreign types can always be written.
    serde_json::to_string(value).unwrap_or_default()
}
