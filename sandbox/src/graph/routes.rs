//! Which operation an address names. Owns the table of addresses; leaves the operations to their modules.

use axum::http::Method;

use super::{
    access::{self, Owner},
    batch, calendar_view, calendars, contact_folders, contacts, drive,
    error::{Error, Result},
    events::{self, Scope},
    groups, mail, outlook, people, photo, places,
    request::Call,
    schedule, settings, suggestions, users,
};
use crate::world::World;

/// Serves a request.
pub(crate) fn dispatch(world: &mut World, call: &Call<'_>) -> Result {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    if let ["groups" | "places", ..]
    | ["users"]
    | ["users", "$count" | "delta"]
    | ["me", "manager" | "directReports" | "memberOf" | "transitiveMemberOf", ..] = segments.as_slice()
        && let Some(caller) = &call.caller.user_id
    {
        schedule::refuse_personal(world, caller)?;
    }
    match segments.as_slice() {
        ["me", rest @ ..] => {
            let owner = access::me(call)?;
            person(world, call, &owner, rest)
        }
        ["$batch"] => batch::run(world, call),
        ["groups", rest @ ..] => groups::route(world, call, rest),
        // Documented, and the same as `/me/drive`.
        ["drive", ..] => {
            let owner = access::me(call)?;
            let rest: Vec<&str> = call.raw_segments.iter().skip(1).map(String::as_str).collect();
            drive::route(world, call, &owner, &rest)
        }
        ["drives", id, ..] => {
            let owner = drive::owner_of(world, call, id)?;
            let rest: Vec<&str> = call.raw_segments.iter().skip(2).map(String::as_str).collect();
            drive::route(world, call, &owner, &rest)
        }
        ["places", rest @ ..] => places::route(world, call, rest),
        ["users"] if call.method == Method::GET => users::list(world, call, false),
        ["users", "$count"] => users::list(world, call, true),
        ["users", "delta"] if call.method == Method::GET => users::delta(world, call),
        ["users", id, rest @ ..] => {
            let owner = other(world, call, id, rest)?;
            person(world, call, &owner, rest)
        }
        _ => Err(unknown(call)),
    }
}

/// A path that the sandbox does not model, by name: it never makes up an answer.
pub(crate) fn unknown(call: &Call<'_>) -> Error {
    Error::not_modelled(&format!("{} /{}", call.method, call.segments.join("/")))
}

/// Somebody named by id or principal name. What is missing depends on who answers: the directory or Outlook.
fn other(world: &World, call: &Call<'_>, id: &str, rest: &[&str]) -> Result<Owner> {
    access::person(world, call, id).ok_or_else(|| match rest {
        [] | ["manager" | "directReports" | "memberOf" | "transitiveMemberOf" | "photo" | "photos", ..] => Error::resource_not_found(id),
        _ => Error::new(404, "ErrorInvalidUser", format!("The requested user '{id}' is invalid.")),
    })
}

/// Everything below one person.
fn person(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let scope = Scope { owner: owner.clone(), calendar: None };
    match rest {
        [] => users::route(world, call, owner),
        ["manager"] => users::manager(world, call, owner),
        ["directReports"] => users::direct_reports(world, call, owner),
        ["drive", ..] => {
            // The names in a path of files are not Graph's.
            let start = call.raw_segments.len() - rest.len() + 1;
            let rest: Vec<&str> = call.raw_segments.iter().skip(start).map(String::as_str).collect();
            drive::route(world, call, owner, &rest)
        }
        ["drives"] if call.method == Method::GET => drive::list(world, call, owner),
        ["memberOf" | "transitiveMemberOf", rest @ ..] => groups::of_member(world, call, owner, rest),
        ["messages" | "mailFolders" | "sendMail", ..] => mail::route(world, call, owner, rest),
        ["translateExchangeIds"] if call.method == Method::POST => mail::translate_ids(world, call, owner),
        ["contactFolders", rest @ ..] => contact_folders::route(world, call, owner, rest),
        ["contacts", rest @ ..] => contacts::route(world, call, owner, None, rest),
        ["photo" | "photos", ..] => photo::route(world, call, owner, rest),
        ["people", rest @ ..] => people::route(world, call, owner, rest),
        ["mailboxSettings", rest @ ..] => settings::route(world, call, owner, rest),
        ["events", rest @ ..] => events::route(world, call, &scope, rest),
        ["calendarView"] if call.method == Method::GET => calendar_view::get(world, call, &scope),
        ["calendarView", "delta"] if call.method == Method::GET => calendar_view::delta(world, call, &scope),
        ["calendar" | "calendars" | "calendarGroups", ..] => calendars::route(world, call, owner, rest),
        ["findMeetingTimes"] if call.method == Method::POST => suggestions::find(world, call, owner),
        ["outlook", rest @ ..] => outlook::route(world, call, owner, rest),
        [function] if function.to_ascii_lowercase().starts_with("reminderview(") => {
            let arguments = function.get("reminderView(".len()..).unwrap_or_default().trim_end_matches(')');
            calendar_view::reminders(world, call, &scope, arguments)
        }
        ["calendarView" | "findMeetingTimes"] => Err(Error::method_not_allowed()),
        _ => Err(unknown(call)),
    }
}
