//! Every operation of the npm module, one file for each family of resources. Answers are the JSON that Graph sent, so that nothing is lost
//! which a host may want; what the browser app itself uses is typed and stands beside this folder. Owns paths, query options, the members
//! that are asked for, and the checking of arguments; leaves sending to the client and JavaScript's shapes to the module's bindings.
//!
//! Each function is an operation of its own rather than a case of one enumeration, so that a program holds only what it calls.
//! `select`, the zone and another mailbox are the same for all: [`Call::selecting`](super::Call::selecting),
//! [`Call::in_time_zone`](super::Call::in_time_zone), [`Call::in_mailbox`](super::Call::in_mailbox).

pub mod answers;
pub mod calendar_groups;
pub mod calendars;
pub mod contacts;
pub mod events;
pub mod files;
pub mod groups;
pub mod mailbox_settings;
pub mod messages;
pub mod people;
pub mod rooms;
pub mod schedule;
pub mod users;

#[cfg(test)]
mod tests;

use http::{HeaderValue, Method};
use serde_json::Value;

use super::{
    Call, Expect, Page, Request, Safety,
    input::{invalid, object, phrase},
};
use crate::{Error, headers::CONSISTENCY_LEVEL};

/// What a list may be narrowed and ordered by; `None` for Graph's own default. Which of them a list takes, its function says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What was typed, or, where it begins with a quotation mark, Graph's own search syntax.
    pub search: Option<String>,
    /// An OData expression (`$filter`).
    pub filter: Option<String>,
    /// `$orderby`.
    pub order_by: Option<String>,
    /// The size of a page (`$top`), not of the list.
    pub top: Option<u32>,
}

impl Query {
    /// Adds `$filter`, `$orderby` and `$top`; a page of none or of more than `most` is an error.
    fn apply(&self, mut request: Request, most: u32, page: &str) -> Result<Request, Error> {
        if let Some(filter) = given(&self.filter) {
            request = request.query("$filter", filter);
        }
        if let Some(order) = given(&self.order_by) {
            request = request.query("$orderby", order);
        }
        match self.top {
            Some(top) if top == 0 || top > most => Err(invalid("top", &["must lie between 1 and ", &most.to_string(), "."].concat())),
            Some(top) => Ok(request.query("$top", top.to_string())),
            None if page.is_empty() => Ok(request),
            None => Ok(request.query("$top", page)),
        }
    }

    /// The same in the directory, which searches and filters in full only when told that its index may lag ("Advanced query capabilities").
    /// `members`: where to look for what was typed.
    fn apply_in_directory(&self, mut request: Request, members: &[&str], page: &str) -> Result<Request, Error> {
        if let Some(search) = given(&self.search) {
            request = request.query("$search", directory_search(search, members));
        }
        if given(&self.filter).is_some() {
            request = request.query("$count", "true");
        }
        if given(&self.search).is_some() || given(&self.filter).is_some() {
            request.headers.push((CONSISTENCY_LEVEL, HeaderValue::from_static("eventual")));
        }
        self.apply(request, 999, page)
    }
}

/// An option that says something.
fn given(option: &Option<String>) -> Option<&str> {
    option.as_deref().filter(|text| !text.trim().is_empty())
}

/// `"displayName:text" OR "mail:text"`.
fn directory_search(text: &str, members: &[&str]) -> String {
    if text.trim_start().starts_with('"') {
        return text.trim().into();
    }
    let text = phrase(text);
    let mut search = String::new();
    for member in members {
        search.push_str(if search.is_empty() { "\"" } else { " OR \"" });
        search.push_str(&[member, ":", &text, "\""].concat());
    }
    search
}

/// A phrase in quotation marks, for mail and people.
fn quoted(text: &str) -> String {
    if text.trim_start().starts_with('"') { text.trim().into() } else { ["\"", &phrase(text), "\""].concat() }
}

/// A text inside an OData expression.
fn literal(text: &str) -> String {
    ["'", &text.replace('\'', "''"), "'"].concat()
}

/// One resource below the mailbox.
fn get(segments: &[&str], scope: &str) -> Call<Value> {
    Call::of(Request::mailbox(Method::GET, segments, scope))
}

/// A new one. Graph does not recognize a repetition of it.
fn create(segments: &[&str], body: Value, scope: &str) -> Result<Call<Value>, Error> {
    let body = Value::Object(object(body, "body")?);
    Ok(Call::of(Request::mailbox(Method::POST, segments, scope).body(body, Safety::Never)))
}

/// Other values for some members.
fn update(segments: &[&str], body: Value, scope: &str) -> Result<Call<Value>, Error> {
    let body = Value::Object(object(body, "body")?);
    Ok(Call::of(Request::mailbox(Method::PATCH, segments, scope).body(body, Safety::Idempotent)))
}

/// An end; what is gone already counts as deleted.
fn delete(segments: &[&str], scope: &str) -> Call<Value> {
    let mut request = Request::mailbox(Method::DELETE, segments, scope).timeless();
    request.safety = Safety::Idempotent;
    request.expect = Expect::Gone;
    Call::of(request)
}

/// Something done once, which answers nothing.
fn act(segments: &[&str], body: Option<Value>, safety: Safety, scope: &str) -> Call<Value> {
    let mut request = Request::mailbox(Method::POST, segments, scope).timeless();
    request.body = body;
    request.safety = safety;
    request.expect = Expect::Nothing;
    Call::of(request)
}

/// A list below the mailbox.
fn list(segments: &[&str], select: &str, scope: &str) -> Request {
    select_of(Request::mailbox(Method::GET, segments, scope), select)
}

fn select_of(request: Request, select: &str) -> Request {
    if select.is_empty() { request } else { request.query("$select", select) }
}

/// As a call that answers pages.
fn pages(request: Request) -> Call<Page<Value>> {
    Call::list(request)
}
