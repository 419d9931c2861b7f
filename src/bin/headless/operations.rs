//! The contract's operations by name. Owns which arguments each has; leaves what is sent to `convoke_core::graph`.

use convoke_core::{
    Error, ErrorCode,
    graph::{self, Call, Page},
};
use serde_json::Value;

use crate::arguments::Arguments;

/// An operation with one answer.
pub(crate) fn one(name: &str, arguments: &mut Arguments) -> Result<Call<Value>, Error> {
    let call = match name {
        "me" => graph::me().json(),
        "users.get" => graph::user(arguments.text("id")?).json(),
        "events.get" => graph::event(arguments.text("id")?).json(),
        "mailboxSettings.get" => graph::mailbox_settings().json(),
        _ => return Err(unknown(name)),
    };
    with_options(call, arguments)
}

/// An operation whose answer is a list.
pub(crate) fn list(name: &str, arguments: &mut Arguments) -> Result<Call<Page<Value>>, Error> {
    let call = match name {
        "calendars.list" => graph::calendars().json_items(),
        "events.list" => graph::calendar_view(arguments.optional_text("calendar")?, arguments.instant("start")?, arguments.instant("end")?).json_items(),
        _ => return Err(unknown(name)),
    };
    with_options(call, arguments)
}

/// The options that every call has.
fn with_options<T>(mut call: Call<T>, arguments: &Arguments) -> Result<Call<T>, Error> {
    if let Some(members) = arguments.texts("select")? {
        call = call.selecting(&members);
    }
    if let Some(zone) = arguments.optional_text("timeZone")? {
        call = call.in_time_zone(zone);
    }
    Ok(call)
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, ["There is no operation ", name, "."].concat())
}
