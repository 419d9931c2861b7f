//! The signed-in person, their settings, and whom they can invite. Sources: `user`, `mailboxSettings` and `person` of Microsoft Graph v1.0.

use http::{HeaderValue, Method};

use super::{Answer, Call, Page, Request, errors::unreadable, input::phrase, paging::page};
use crate::Error;
use crate::headers::CONSISTENCY_LEVEL;
use crate::model::{MailboxSettings, Person};

const USER: &str = "id,displayName,mail,userPrincipalName,jobTitle";
/// Enough for a list under a search box.
const HITS: &str = "15";

/// Who is signed in (or whose mailbox the client serves).
#[must_use]
pub fn me() -> Call<Person> {
    Call::new(Request::mailbox(Method::GET, &[], "User.Read").query("$select", USER).timeless(), read_person)
}

/// Another user, by id or principal name.
#[must_use]
pub fn user(id: &str) -> Call<Person> {
    Call::new(Request::root(Method::GET, &["users", id], "User.ReadBasic.All").query("$select", USER).timeless(), read_person)
}

/// The zone and working hours of the mailbox.
#[must_use]
pub fn mailbox_settings() -> Call<MailboxSettings> {
    let request = Request::mailbox(Method::GET, &["mailboxSettings"], "MailboxSettings.Read").timeless();
    Call::new(request, |answer| {
        MailboxSettings::from_json(&answer.body).ok_or_else(|| unreadable("Graph's answer holds no mailbox settings."))
    })
}

/// People whom the mailbox's owner works with, fuzzily by name or address, the most relevant first.
#[must_use]
pub fn search_people(text: &str) -> Call<Page<Person>> {
    let mut request = Request::mailbox(Method::GET, &["people"], "People.Read")
        .query("$select", "id,displayName,scoredEmailAddresses,userPrincipalName,jobTitle,personType")
        .query("$top", HITS)
        .timeless();
    // Graph refuses an empty phrase; without one it gives the most relevant people, which is what an empty box should offer.
    if !text.trim().is_empty() {
        request = request.query("$search", ["\"", &phrase(text), "\""].concat());
    }
    Call::new(request, |answer| page(answer, Person::from_json))
}

/// Everybody in the directory whose name or address has a word that starts like this.
#[must_use]
pub fn search_users(text: &str) -> Call<Page<Person>> {
    let text = phrase(text);
    let search = ["\"displayName:", &text, "\" OR \"mail:", &text, "\" OR \"userPrincipalName:", &text, "\""].concat();
    let mut request = Request::root(Method::GET, &["users"], "User.ReadBasic.All")
        .query("$search", search)
        .query("$select", USER)
        .query("$top", HITS)
        .timeless();
    // Graph searches the directory's index only when told that the index may lag.
    request.headers.push((CONSISTENCY_LEVEL, HeaderValue::from_static("eventual")));
    Call::new(request, |answer| page(answer, Person::from_json))
}

fn read_person(answer: Answer) -> Result<Person, Error> {
    Person::from_json(answer.body).ok_or_else(|| unreadable("Graph's answer is not a user."))
}
