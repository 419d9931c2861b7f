//! `/sandbox/clock`: what time the sandbox believes it is. Owns the endpoint; leaves the clock itself to `crate::clock`.

use axum::{Json, body::Bytes, extract::State};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::context::{Context, Shared};

use super::BadInput;

/// Either member, or both: `now` first, then the step.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    /// RFC 3339.
    now: Option<DateTime<Utc>>,
    advance_seconds: Option<i64>,
}

/// `GET`: `{"now": …}`.
pub(crate) async fn read(State(context): State<Shared>) -> Json<Value> {
    Json(shown(&context))
}

/// `POST` with `{"now": "2026-03-02T09:00:00Z"}` or `{"advanceSeconds": 3600}`.
pub(crate) async fn set(State(context): State<Shared>, body: Bytes) -> Result<Json<Value>, BadInput> {
    let change: Change = super::read(&super::json_body(&body)?)?;
    if change.now.is_none() && change.advance_seconds.is_none() {
        return Err(BadInput::new("now", "give now (RFC 3339) or advanceSeconds (a whole number)"));
    }
    // Beyond a century in either direction, times no longer fit what tokens and calendars write.
    let step = change.advance_seconds.filter(|seconds| seconds.unsigned_abs() <= 100 * 366 * 86_400);
    if change.advance_seconds.is_some() && step.is_none() {
        return Err(BadInput::new("advanceSeconds", "is more than a hundred years"));
    }
    if let Some(now) = change.now {
        context.clock.set(now);
    }
    if let Some(step) = step {
        context.clock.advance(TimeDelta::seconds(step));
    }
    Ok(Json(shown(&context)))
}

fn shown(context: &Context) -> Value {
    json!({ "now": context.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true) })
}
