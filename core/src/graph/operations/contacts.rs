//! Contacts of a mailbox. Source: the `contact` pages of Microsoft Graph v1.0. Reading needs Contacts.Read, writing Contacts.ReadWrite.

use serde_json::Value;

use super::{Query, create as create_in, delete as delete_at, get as get_at, given, list as list_of, literal, pages, update as update_at};
use crate::Error;
use crate::graph::{Call, Page};

const READ: &str = "Contacts.Read";
const WRITE: &str = "Contacts.ReadWrite";
const CONTACT: &str = "id,changeKey,displayName,givenName,surname,emailAddresses,businessPhones,mobilePhone,homePhones,companyName,department,\
                       jobTitle,officeLocation,categories,parentFolderId,createdDateTime,lastModifiedDateTime";

/// Contacts. Takes `search` (how a name begins, or an address), `filter`, `order_by`, `top` to 1000.
pub fn list(query: &Query) -> Result<Call<Page<Value>>, Error> {
    let request = list_of(&["contacts"], CONTACT, READ).timeless();
    // Graph's `$search` does not reach contacts, so what was typed becomes a filter.
    let Some(search) = given(&query.search) else { return query.apply(request, 1000, "100").map(pages) };
    let text = literal(search.trim());
    let starts = ["displayName", "givenName", "surname"].map(|member| ["startswith(", member, ",", &text, ")"].concat());
    let mut filter = [&starts.join(" or "), " or emailAddresses/any(a:a/address eq ", &text, ")"].concat();
    if let Some(other) = given(&query.filter) {
        filter = ["(", &filter, ") and (", other, ")"].concat();
    }
    let query = Query { filter: Some(filter), search: None, ..query.clone() };
    query.apply(request, 1000, "100").map(pages)
}

/// One contact whole.
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    let mut call = get_at(&["contacts", id], READ);
    call.request = call.request.timeless();
    call
}

/// A new one.
pub fn create(body: Value) -> Result<Call<Value>, Error> {
    create_in(&["contacts"], body, WRITE)
}

/// Other values for the members in `body`.
pub fn update(id: &str, body: Value) -> Result<Call<Value>, Error> {
    update_at(&["contacts", id], body, WRITE)
}

/// An end; what is gone already counts as deleted.
#[must_use]
pub fn delete(id: &str) -> Call<Value> {
    delete_at(&["contacts", id], WRITE)
}
