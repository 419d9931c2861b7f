//! The signed-in person, users of the directory, their photos. Source: the `user` and `profilePhoto` pages of Microsoft Graph v1.0.

use http::Method;
use serde_json::Value;

use super::{Query, pages, select_of};
use crate::Error;
use crate::graph::{Call, Expect, Page, Request};

/// What Graph answers about a user by default, said so that it adds nothing to it.
const USER: &str =
    "id,displayName,givenName,surname,mail,userPrincipalName,jobTitle,officeLocation,businessPhones,mobilePhone,preferredLanguage";
const LIST: &str = "id,displayName,givenName,surname,mail,userPrincipalName,jobTitle,officeLocation";

/// Who is signed in, or whose mailbox the client serves ("Get a user"; User.Read).
#[must_use]
pub fn me() -> Call<Value> {
    Call::of(select_of(Request::mailbox(Method::GET, &[], "User.Read"), USER).timeless())
}

/// Users of the organization ("List users"; User.ReadBasic.All). Takes `search` (words of name or address), `filter`, `top` to 999, and
/// `order_by`.
pub fn list(query: &Query) -> Result<Call<Page<Value>>, Error> {
    let request = select_of(Request::root(Method::GET, &["users"], "User.ReadBasic.All"), LIST).timeless();
    query.apply_in_directory(request, &["displayName", "mail", "userPrincipalName"], "100").map(pages)
}

/// A user by id or principal name ("Get a user"; User.ReadBasic.All).
#[must_use]
pub fn get(id: &str) -> Call<Value> {
    Call::of(select_of(Request::root(Method::GET, &["users", id], "User.ReadBasic.All"), USER).timeless())
}

/// A user's photo, its bytes and media type; none where there is none ("Get profilePhoto"; User.ReadBasic.All). `"me"` is the mailbox's owner.
#[must_use]
pub fn photo(id: &str) -> Call<Option<Photo>> {
    let mut request = if id.eq_ignore_ascii_case("me") {
        Request::mailbox(Method::GET, &["photo", "$value"], "User.Read")
    } else {
        Request::root(Method::GET, &["users", id, "photo", "$value"], "User.ReadBasic.All")
    }
    .timeless();
    request.expect = Expect::Bytes;
    Call::new(request, |answer| {
        let said = answer.headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let media_type = said.filter(|kind| kind.starts_with("image/")).unwrap_or("image/jpeg").to_owned();
        Ok((!answer.bytes.is_empty()).then_some(Photo { media_type, bytes: answer.bytes }))
    })
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// E.g. `image/jpeg`.
    pub media_type: String,
    /// As Graph has them.
    pub bytes: Vec<u8>,
}
