//! Which granted scopes allow which operation. Owns the lists (Microsoft Graph permissions reference, least first); leaves whose mailbox it is
//! to `access`.

use super::{
    error::{Error, Result},
    request::Call,
};

pub(crate) const CALENDARS_READ_BASIC: &[&str] = &["Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"];
pub(crate) const CALENDARS_READ: &[&str] = &["Calendars.Read", "Calendars.ReadWrite"];
pub(crate) const CALENDARS_WRITE: &[&str] = &["Calendars.ReadWrite"];
pub(crate) const CALENDARS_READ_SHARED: &[&str] = &["Calendars.Read.Shared", "Calendars.ReadWrite.Shared"];
pub(crate) const CALENDARS_WRITE_SHARED: &[&str] = &["Calendars.ReadWrite.Shared"];
pub(crate) const SETTINGS_READ: &[&str] = &["MailboxSettings.Read", "MailboxSettings.ReadWrite"];
pub(crate) const SETTINGS_WRITE: &[&str] = &["MailboxSettings.ReadWrite"];
pub(crate) const USER_READ: &[&str] = &[
    "User.Read",
    "User.ReadWrite",
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
pub(crate) const USERS_READ: &[&str] =
    &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const USERS_READ_ALL: &[&str] = &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
pub(crate) const PEOPLE_READ: &[&str] = &["People.Read", "People.Read.All"];

/// Refuses, as Outlook does, a caller to whom none of the scopes was granted.
pub(crate) fn outlook(call: &Call<'_>, any_of: &[&str]) -> Result<()> {
    if granted(call, any_of) { Ok(()) } else { Err(Error::access_denied()) }
}

/// Refuses, as the directory does, a caller to whom none of the scopes was granted.
pub(crate) fn directory(call: &Call<'_>, any_of: &[&str]) -> Result<()> {
    if granted(call, any_of) {
        Ok(())
    } else {
        Err(Error::new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."))
    }
}

/// Whether one of the scopes was granted; names compare without case.
pub(crate) fn granted(call: &Call<'_>, any_of: &[&str]) -> bool {
    call.caller.scopes.iter().any(|scope| any_of.iter().any(|allowed| allowed.eq_ignore_ascii_case(scope)))
}
