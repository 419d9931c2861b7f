//! The contract's operations by name, as data. Owns which arguments each has; leaves what is sent, and what only makes sense together, to
//! `convoke_core::graph::operations`, and operations that are more than one call to `graph`.

use convoke_core::{
    Error, ErrorCode,
    graph::{
        Call, Page,
        operations::{
            Query, answers, calendar_groups, calendars, contacts,
            events::{self, EventQuery},
            files, groups, mailbox_settings, messages, people, rooms, schedule, users,
        },
    },
    time::DateTimeTimeZone,
};
use serde_json::Value;

use crate::arguments::{Arguments, invalid};

/// An operation with one answer, or with none.
pub(crate) fn one(name: &str, given: &mut Arguments) -> Result<Call<Value>, Error> {
    let call = match name {
        "me" => users::me(),
        "users.get" => users::get(given.text("id")?),
        "calendars.get" => calendars::get(given.text("id")?),
        "calendars.create" => calendars::create(given.body()?)?,
        "calendars.update" => calendars::update(&given.owned("id")?, given.body()?)?,
        "calendars.delete" => calendars::delete(given.text("id")?),
        "calendarGroups.create" => calendar_groups::create(given.body()?)?,
        "calendarGroups.update" => calendar_groups::update(&given.owned("id")?, given.body()?)?,
        "calendarGroups.delete" => calendar_groups::delete(given.text("id")?),
        "findMeetingTimes" => schedule::find_meeting_times(given.body()?)?,
        "mailboxSettings.get" => mailbox_settings::get(),
        "mailboxSettings.update" => mailbox_settings::update(given.body()?)?,
        "contacts.get" => contacts::get(given.text("id")?),
        "contacts.create" => contacts::create(given.body()?)?,
        "contacts.update" => contacts::update(&given.owned("id")?, given.body()?)?,
        "contacts.delete" => contacts::delete(given.text("id")?),
        "files.get" => files::get(given.path()?)?,
        "files.delete" => files::delete(given.path()?)?,
        "groups.get" => groups::get(given.text("id")?),
        _ => match name.split_once('.') {
            Some(("events", action)) => event(action, given)?,
            Some(("messages", action)) => message(action, given)?,
            _ => return Err(unknown(name)),
        },
    };
    with_options(call, given)
}

fn event(action: &str, given: &mut Arguments) -> Result<Call<Value>, Error> {
    if action == "create" {
        let body = given.body()?;
        // Drawn by JavaScript for each call, so that it stays the same however often the call has to be sent.
        return events::create(body, given.optional_text("calendar")?, given.text("transaction")?);
    }
    let id = given.owned("id")?;
    let comment = given.optional_text("comment")?.unwrap_or_default();
    Ok(match action {
        "get" => events::get(&id),
        "update" => {
            let body = given.body()?;
            events::update(&id, body, given.optional_text("etag")?)?
        }
        "delete" => events::delete(&id, given.optional_text("etag")?)?,
        "respond" => {
            let options = answers::AnswerOptions {
                comment: comment.to_owned(),
                send_response: given.flag("sendResponse")?,
                proposed_new_time: given.get("proposedNewTime").cloned(),
            };
            answers::respond(&id, given.text("response")?, &options)?
        }
        "cancel" => answers::cancel(&id, comment),
        "forward" => {
            answers::forward(&id, &given.texts("to")?.ok_or_else(|| invalid("to", "is missing: it must be a list of addresses"))?, comment)?
        }
        "snooze" => answers::snooze(&id, &DateTimeTimeZone::from_json(given.get("until")))?,
        "dismiss" => answers::dismiss(&id),
        _ => return Err(unknown(action)),
    })
}

fn message(action: &str, given: &mut Arguments) -> Result<Call<Value>, Error> {
    Ok(match action {
        "get" => messages::get(given.text("id")?),
        "send" => {
            let save = given.flag("saveToSentItems")?.unwrap_or(true);
            messages::send(given.value("message")?, save)?
        }
        // An empty reply is a reply.
        "reply" => messages::reply(given.text("id")?, given.any_text("comment")?, given.flag("all")?.unwrap_or(false)),
        "create" => messages::create(given.value("message")?)?,
        "update" => messages::update(&given.owned("id")?, given.body()?)?,
        "delete" => messages::delete(given.text("id")?),
        _ => return Err(unknown(action)),
    })
}

/// An operation whose answer is a list.
pub(crate) fn list(name: &str, given: &Arguments) -> Result<Call<Page<Value>>, Error> {
    let call = match name {
        "users.list" => users::list(&query(given)?)?,
        "people.list" => people::list(&query(given)?)?,
        "rooms.list" => rooms::list(given.optional_text("roomList")?),
        "rooms.lists" => rooms::lists(),
        "calendars.list" => calendars::list(),
        "calendarGroups.list" => calendar_groups::list(),
        "calendarGroups.calendars" => calendar_groups::calendars(given.text("id")?),
        "events.list" => events::list(&EventQuery {
            start: given.optional_text("start")?.map(str::to_owned),
            end: given.optional_text("end")?.map(str::to_owned),
            calendar: given.optional_text("calendar")?.map(str::to_owned),
            group: given.optional_text("group")?.map(str::to_owned),
            list: query(given)?,
        })?,
        "events.instances" => events::instances(given.text("id")?, given.text("start")?, given.text("end")?)?,
        "events.reminders" => events::reminders(given.text("start")?, given.text("end")?)?,
        "events.attachments" => events::attachments(given.text("id")?),
        "messages.list" => messages::list(given.optional_text("folder")?, &query(given)?)?,
        "contacts.list" => contacts::list(&query(given)?)?,
        "files.list" => files::list(given.path()?)?,
        "groups.list" => groups::list(&query(given)?)?,
        "groups.members" => groups::members(given.text("id")?, given.flag("transitive")?.unwrap_or(false)),
        _ => return Err(unknown(name)),
    };
    with_options(call, given)
}

/// What a list is narrowed and ordered by.
fn query(given: &Arguments) -> Result<Query, Error> {
    let text = |name: &str| given.optional_text(name).map(|text| text.map(str::to_owned));
    Ok(Query { search: text("search")?, filter: text("filter")?, order_by: text("orderBy")?, top: given.count("top", 1, 1000)? })
}

/// The options that every call has.
pub(crate) fn with_options<T>(mut call: Call<T>, given: &Arguments) -> Result<Call<T>, Error> {
    if let Some(members) = given.texts("select")?.filter(|members| !members.is_empty()) {
        call = call.selecting(&members);
    }
    if let Some(zone) = given.optional_text("timeZone")? {
        call = call.in_time_zone(zone);
    }
    Ok(call)
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, ["There is no operation ", name, "."].concat())
}
