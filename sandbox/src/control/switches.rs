//! `/sandbox/switches`: behaviours that can be chosen while the sandbox runs. Owns the endpoint; leaves the list to `server::switches`.

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Value, json};

use crate::{context::Shared, server::switches::Switches};

use super::BadInput;

/// `GET`: all of them.
pub(crate) async fn read(State(context): State<Shared>) -> Json<Switches> {
    Json(context.switches())
}

/// `POST` with the members to change.
pub(crate) async fn change(State(context): State<Shared>, body: Bytes) -> Result<Json<Switches>, BadInput> {
    let Value::Object(changes) = super::json_body(&body)? else { return Err(BadInput::new("", "the body must be an object")) };
    let mut merged = json!(context.switches());
    for (name, value) in changes {
        merged[name] = value;
    }
    let switches: Switches = super::read(&merged)?;
    context.set_switches(switches.clone());
    Ok(Json(switches))
}
