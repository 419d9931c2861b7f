//! A request taken apart: segments, query options, preferences. Owns their reading; leaves which operation it is to `routes`.

use axum::http::{HeaderMap, Method};
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::form_urlencoded;

use super::{
    error::{Error, Result},
    input::Input,
};
use crate::{
    context::Caller,
    world::{ids, zones::Zone},
};

/// The request line.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) method: Method,
    /// Below `/v1.0`, still percent-encoded.
    pub(crate) path: String,
    /// Without the question mark, still percent-encoded.
    pub(crate) query: String,
}

/// One request of a caller.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) now: DateTime<Utc>,
    pub(crate) base_url: &'a str,
    pub(crate) method: Method,
    /// As it came, for links.
    pub(crate) path: String,
    /// Decoded, with known names in their documented spelling.
    pub(crate) segments: Vec<String>,
    /// Decoded alone: for paths of files, whose names are nobody's business.
    pub(crate) raw_segments: Vec<String>,
    /// Whether an id in the path came in its immutable form.
    pub(crate) immutably_named: bool,
    /// Decoded pairs; names of query options in lower case with their `$`.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) prefer: Prefer,
    /// Of a batch: the parts that fault rules answer for, by id, and with which status.
    pub(crate) withheld: Vec<(String, u16)>,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// The `Prefer` headers that Graph knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `outlook.timezone`, not yet checked.
    pub(crate) time_zone: Option<String>,
    /// `outlook.body-content-type="text"` rather than HTML, where it was said.
    pub(crate) text_bodies: Option<bool>,
    pub(crate) max_page_size: Option<usize>,
    pub(crate) immutable_ids: bool,
    pub(crate) minimal: bool,
    pub(crate) unknown_enum_members: bool,
}

impl<'a> Call<'a> {
    pub(crate) fn new(caller: &'a Caller, now: DateTime<Utc>, base_url: &'a str, head: Head, headers: HeaderMap, body: Vec<u8>) -> Self {
        let query = form_urlencoded::parse(head.query.as_bytes()).map(|(name, value)| (option_name(&name), value.into_owned())).collect();
        let segments = segments(&head.path);
        let raw_segments: Vec<String> = pieces(&head.path).map(decode).collect();
        let immutably_named = raw_segments.iter().any(|segment| segment.starts_with(ids::IMMUTABLE));
        let prefer = Prefer::read(headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()));
        Self {
            caller,
            now,
            base_url,
            method: head.method,
            path: head.path,
            segments,
            raw_segments,
            immutably_named,
            query,
            prefer,
            withheld: Vec::new(),
            headers,
            body,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A query option or parameter, e.g. `$top` or `startdatetime` (lower case).
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(option, _)| option == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; Outlook wants an object.
    pub(crate) fn json(&self) -> Result<Input> {
        if self.body.is_empty() {
            return Ok(Input::default());
        }
        let value: Value = serde_json::from_slice(&self.body)
            .map_err(|error| Error::new(400, "BadRequest", format!("Unable to read JSON request payload: {error}.")))?;
        match value {
            Value::Object(members) => Ok(Input::new(members)),
            _ => Err(Error::new(400, "BadRequest", "Unable to read JSON request payload: an object is expected.")),
        }
    }

    /// The zone of times in the answer: the preferred one, else UTC.
    pub(crate) fn zone(&self) -> Result<Zone> {
        self.prefer.time_zone.as_deref().map_or_else(|| Ok(Zone::utc()), |name| Zone::named(name).ok_or_else(|| Error::time_zone(name)))
    }

    /// An absolute address below `/v1.0`.
    pub(crate) fn url(&self, rest: &str) -> String {
        format!("{}/v1.0/{rest}", self.base_url)
    }

    /// An `@odata.context`.
    pub(crate) fn context(&self, what: &str) -> String {
        self.url(&format!("$metadata#{what}"))
    }

    /// The link to this same collection with some query options put in the place of others.
    pub(crate) fn link(&self, without: &[&str], with: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.query.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
            query.append_pair(spelled(name), value);
        }
        query.extend_pairs(with);
        // `$` needs no escape in a query, and Graph's links have it bare.
        let query = query.finish().replace("%24", "$").replace('+', "%20");
        format!("{}/v1.0{}?{query}", self.base_url, if self.path.starts_with('/') { self.path.clone() } else { format!("/{}", self.path) })
    }

    /// Whether `ConsistencyLevel: eventual` was sent: the directory's advanced queries need it.
    pub(crate) fn eventual(&self) -> bool {
        self.header("consistencylevel").is_some_and(|value| value.eq_ignore_ascii_case("eventual"))
    }
}

/// The documented spelling of the parameters that links carry.
pub(crate) fn spelled(name: &str) -> &str {
    match name {
        "startdatetime" => "startDateTime",
        "enddatetime" => "endDateTime",
        "changetype" => "changeType",
        other => other,
    }
}

/// Query options may come without `$` and in any case.
fn option_name(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "select" | "filter" | "orderby" | "top" | "skip" | "count" | "search" | "expand" | "skiptoken" | "deltatoken" => {
            format!("${lower}")
        }
        _ => lower,
    }
}

/// Names in addresses, as documented; requests may use any case.
const KNOWN: [&str; 74] = [
    "me",
    "users",
    "groups",
    "places",
    "drives",
    "calendar",
    "calendars",
    "calendarGroups",
    "calendarView",
    "events",
    "instances",
    "accept",
    "tentativelyAccept",
    "decline",
    "cancel",
    "forward",
    "snoozeReminder",
    "dismissReminder",
    "permanentDelete",
    "getSchedule",
    "findMeetingTimes",
    "mailboxSettings",
    "workingHours",
    "timeZone",
    "automaticRepliesSetting",
    "language",
    "dateFormat",
    "timeFormat",
    "delegateMeetingMessageDeliveryOptions",
    "userPurpose",
    "outlook",
    "supportedTimeZones",
    "masterCategories",
    "people",
    "photo",
    "photos",
    "manager",
    "directReports",
    "memberOf",
    "transitiveMemberOf",
    "members",
    "transitiveMembers",
    "owners",
    "messages",
    "mailFolders",
    "sendMail",
    "send",
    "reply",
    "replyAll",
    "createReply",
    "createReplyAll",
    "createForward",
    "move",
    "copy",
    "attachments",
    "createUploadSession",
    "contacts",
    "contactFolders",
    "calendarPermissions",
    "delta",
    "drive",
    "root",
    "items",
    "children",
    "content",
    "room",
    "roomList",
    "rooms",
    "user",
    "group",
    "search",
    "recent",
    "translateExchangeIds",
    "childFolders",
];

fn segments(path: &str) -> Vec<String> {
    pieces(path).flat_map(|segment| keyed(decode(segment))).map(|segment| canonical(&segment)).collect()
}

/// `Events('id')` is `events/id` (OData 4.01 URL conventions, part 4.3.1); functions with arguments have names before them.
fn keyed(segment: String) -> Vec<String> {
    let parts = segment.strip_suffix("')").and_then(|rest| rest.split_once("('"));
    match parts {
        Some((name, key)) if KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) && !key.contains("='") => {
            vec![name.to_owned(), key.replace("''", "'")]
        }
        _ => vec![segment],
    }
}

fn pieces(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Decodes one segment. A plus sign in a path is itself.
fn decode(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

fn canonical(segment: &str) -> String {
    if let Some(rest) = segment.strip_prefix(ids::IMMUTABLE) {
        return format!("{}{rest}", ids::REGULAR);
    }
    let name = segment.strip_prefix("microsoft.graph.").or_else(|| segment.strip_prefix("graph.")).unwrap_or(segment);
    let name = name.strip_suffix("()").unwrap_or(name);
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) => (*known).to_owned(),
        // A function with arguments; anything else, such as somebody's name, stays as it is.
        None if name.ends_with(')') => name.to_owned(),
        None => segment.to_owned(),
    }
}

impl Prefer {
    fn read<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut prefer = Self::default();
        for (name, value) in values.flat_map(preferences) {
            match name.to_ascii_lowercase().as_str() {
                "outlook.timezone" => prefer.time_zone = Some(value),
                "outlook.body-content-type" => prefer.text_bodies = Some(value.eq_ignore_ascii_case("text")),
                "odata.maxpagesize" => prefer.max_page_size = value.parse().ok().filter(|size| *size > 0),
                "idtype" => prefer.immutable_ids = value.eq_ignore_ascii_case("ImmutableId"),
                "return" => prefer.minimal = value.eq_ignore_ascii_case("minimal"),
                "include-unknown-enum-members" => prefer.unknown_enum_members = true,
                _ => {}
            }
        }
        prefer
    }

    /// What `Preference-Applied` says.
    pub(crate) fn applied(&self) -> String {
        let body = |text| format!("outlook.body-content-type=\"{}\"", if text { "text" } else { "html" });
        let applied = [
            self.time_zone.as_ref().map(|zone| format!("outlook.timezone=\"{zone}\"")),
            self.text_bodies.map(body),
            self.max_page_size.map(|size| format!("odata.maxpagesize={size}")),
            self.immutable_ids.then(|| "IdType=\"ImmutableId\"".to_owned()),
            self.minimal.then(|| "return=minimal".to_owned()),
            self.unknown_enum_members.then(|| "include-unknown-enum-members".to_owned()),
        ];
        applied.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Name and value of each preference in one header; a quoted value may hold commas.
fn preferences(header: &str) -> Vec<(String, String)> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in header.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => parts.push(String::new()),
            letter => parts.last_mut().into_iter().for_each(|part| part.push(letter)),
        }
    }
    let pair = |part: &String| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim().to_owned(), value.trim().to_owned())
    };
    parts.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_and_spelled_as_documented() {
        assert_eq!(segments("/me/CalendarView/delta()"), ["me", "calendarView", "delta"]);
        assert_eq!(segments("/me/events/AAMk%2Fa%2Bb%3D/microsoft.graph.ACCEPT"), ["me", "events", "AAMk/a+b=", "accept"]);
        assert_eq!(segments("/me/events/AAkAx+y="), ["me", "events", "AAMkx+y="]);
        assert_eq!(segments("/Users('$o''x@y')/Events('a%3D')"), ["users", "$o'x@y", "events", "a="]);
        assert_eq!(segments("/me/drive/root/search(q='a')"), ["me", "drive", "root", "search(q='a')"]);
    }

    #[test]
    fn preferences_of_one_or_several_headers() {
        let prefer =
            Prefer::read(["outlook.timezone=\"Pacific Standard Time\", odata.maxpagesize=2", "IdType=\"ImmutableId\""].into_iter());
        assert_eq!(prefer.time_zone.as_deref(), Some("Pacific Standard Time"));
        assert_eq!(prefer.applied(), "outlook.timezone=\"Pacific Standard Time\", odata.maxpagesize=2, IdType=\"ImmutableId\"");
    }
}
