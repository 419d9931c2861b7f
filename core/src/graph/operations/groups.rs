//! Groups of the directory and who is in them. Sources: "List groups", "Get group", "List group members", "List group transitive members" of
//! Microsoft Graph v1.0. Needs GroupMember.Read.All, to which an administrator consents.

use http::Method;
use serde_json::Value;

use super::{Query, pages, select_of};
use crate::Error;
use crate::graph::{Call, Page, Request};

const SCOPE: &str = "GroupMember.Read.All";
const GROUP: &str = "id,displayName,mail,mailNickname,mailEnabled,securityEnabled,groupTypes,description,visibility,createdDateTime";
const MEMBER: &str = "id,displayName,mail,userPrincipalName,jobTitle";

/// Groups. Takes `search` (words of name or address), `filter`, `order_by`, `top` to 999.
pub fn list(query: &Query) -> Result<Call<Page<Value>>, Error> {
    let request = select_of(Request::root(Method::GET, &["groups"], SCOPE), GROUP).timeless();
    query.apply_in_directory(request, &["displayName", "mail"], "100").map(pages)
}

/// One group.
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    Call::of(Request::root(Method::GET, &["groups", id], SCOPE).timeless())
}

/// Who is in it; `transitive`: also by way of groups in it.
#[must_use]
pub fn members(id: &str, transitive: bool) -> Call<Page<Value>> {
    let list = if transitive { "transitiveMembers" } else { "members" };
    pages(select_of(Request::root(Method::GET, &["groups", id, list], SCOPE), MEMBER).query("$top", "999").timeless())
}
