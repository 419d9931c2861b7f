//! Microsoft's own suggestions as JSON; free/busy is `SchedulePlan` beside this folder, whose answers keep Graph's JSON. Source: "user:
//! findMeetingTimes" of Microsoft Graph v1.0.

use serde_json::Value;

use crate::Error;
use crate::graph::{Call, find_meeting_times as typed, input::invalid};

/// Suggestions for `body`, which is Graph's and may be empty (Calendars.Read.Shared; delegated work accounts only).
pub fn find_meeting_times(body: Value) -> Result<Call<Value>, Error> {
    match body {
        Value::Object(_) => Ok(typed(body).json()),
        Value::Null => Ok(typed(Value::Object(serde_json::Map::new())).json()),
        _ => Err(invalid("body", "must be an object.")),
    }
}
