//! A mailbox's calendars. Source: the `calendar` resource of Microsoft Graph v1.0.

use serde_json::{Map, Value};

use super::{
    EmailAddress,
    read::{flag, list, take_flag, take_text},
};

/// One calendar of a mailbox.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// Graph's id, opaque and case-sensitive.
    pub id: String,
    /// What to show.
    pub name: String,
    /// Outlook's colour word, e.g. `lightBlue` or `auto`.
    pub color: String,
    /// `#rrggbb`, empty unless its owner chose one.
    pub hex_color: String,
    /// The one that meetings go to.
    pub is_default: bool,
    /// Whether events can be written to it; true where Graph does not say.
    pub can_edit: bool,
    /// Whether private events show their details.
    pub can_view_private: bool,
    /// Whose it is.
    pub owner: Option<EmailAddress>,
    /// Which kinds of online meeting it may hold, e.g. `teamsForBusiness`.
    pub online_meeting_providers: Vec<String>,
    /// What else Graph sent, untouched.
    pub other: Map<String, Value>,
}

impl Calendar {
    /// Reads `calendar`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: Value) -> Option<Self> {
        let Value::Object(mut object) = value else { return None };
        let owner = EmailAddress::from_json(object.get("owner"));
        let providers = list(object.get("allowedOnlineMeetingProviders")).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        object.remove("owner");
        object.remove("allowedOnlineMeetingProviders");
        let mut text = |name| take_text(&mut object, name).unwrap_or_default();
        let (id, name, color) = (text("id"), text("name"), text("color"));
        // A colour goes into the page: what is not exactly one is none.
        let hex_color = Some(text("hexColor")).filter(|color| is_hex_color(color)).unwrap_or_default();
        Some(Self {
            id,
            name,
            color,
            hex_color,
            is_default: take_flag(&mut object, "isDefaultCalendar").unwrap_or_default(),
            can_edit: flag(object.remove("canEdit").as_ref()).unwrap_or(true),
            can_view_private: take_flag(&mut object, "canViewPrivateItems").unwrap_or_default(),
            owner,
            online_meeting_providers: providers,
            other: object,
        })
    }
}

fn is_hex_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
