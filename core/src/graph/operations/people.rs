//! People whom the mailbox's owner works with. Source: "List people" of Microsoft Graph v1.0.

use serde_json::Value;

use super::{Query, given, list as list_of, pages, quoted};
use crate::Error;
use crate::graph::{Call, Page};

const PERSON: &str = "id,displayName,givenName,surname,scoredEmailAddresses,userPrincipalName,jobTitle,companyName,department,officeLocation,personType,phones";

/// By relevance, the nearest first (People.Read). Takes `search` (fuzzily by name or address), `filter`, `order_by`, `top`.
pub fn list(query: &Query) -> Result<Call<Page<Value>>, Error> {
    let mut request = list_of(&["people"], PERSON, "People.Read").timeless();
    if let Some(search) = given(&query.search) {
        request = request.query("$search", quoted(search));
    }
    query.apply(request, 1000, "50").map(pages)
}
