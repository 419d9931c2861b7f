//! What is wrong with a list of permissions that somebody wrote down. Owns the table of Graph's delegated permissions, the search for
//! the name that was meant, and what counts as broader than needed; leaves which permissions a feature needs to `scopes`.
//!
//! Source: "Microsoft Graph permissions reference" (learn.microsoft.com). The table holds what calendars, mail, people, files and tasks
//! are about and the directory's broad ones; a name that is missing here is reported as unknown, which is a warning and stops nothing.

use super::scopes::{Feature, bare, covers, scopes_for};
use crate::config::AccountType;

/// What is wrong with one permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// As it was written.
    pub scope: String,
    /// What is wrong.
    pub problem: Problem,
    /// What to write instead, where there is something.
    pub suggestion: Option<&'static str>,
}

/// What can be wrong with a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Graph has no delegated permission of that name.
    Unknown,
    /// Less would do.
    BroaderThanNeeded,
    /// Personal accounts cannot grant it.
    NotForPersonal,
    /// An application may have it, a signed-in person's page may not.
    ApplicationOnly,
}

impl Problem {
    /// Its name in the npm module's contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::BroaderThanNeeded => "broader-than-needed",
            Self::NotForPersonal => "not-for-personal",
            Self::ApplicationOnly => "application-only",
        }
    }
}

/// Looks through a list of permissions. `features` say what they are for: what those need is never reported, and what goes beyond them
/// is. Without features only what no feature could ever need counts as too broad. `account_type` says who will sign in: what personal
/// accounts cannot grant is reported unless only organizations are let in, or a feature needs it.
#[must_use]
pub fn lint_scopes(scopes: &[String], features: Option<&[Feature]>, account_type: Option<&AccountType>) -> Vec<Finding> {
    let needed = features.map(needed);
    let personal = !matches!(account_type, Some(AccountType::Organizations | AccountType::Tenant(_)));
    let mut findings = Vec::new();
    for scope in scopes {
        let mut found = |problem, suggestion| findings.push(Finding { scope: scope.clone(), problem, suggestion });
        let Some(name) = of_graph(scope) else { continue };
        if PROTOCOL.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        if let Some((_, instead)) = APPLICATION_ONLY.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            found(Problem::ApplicationOnly, *instead);
            continue;
        }
        let Some(known) = delegated().find(|known| known.eq_ignore_ascii_case(name)) else {
            found(Problem::Unknown, meant(name));
            continue;
        };
        if needed.as_ref().is_some_and(|needed| needed.iter().any(|need| covers(need, known))) {
            continue;
        }
        match &needed {
            Some(needed) => found(Problem::BroaderThanNeeded, narrower(known, needed)),
            None => {
                if let Some((_, instead)) = ORGANIZATION_WIDE.iter().find(|(broad, _)| *broad == known) {
                    found(Problem::BroaderThanNeeded, *instead);
                }
            }
        }
        if personal && WORK_ONLY.contains(&known) {
            found(Problem::NotForPersonal, None);
        }
    }
    findings
}

/// What features may need, at sign-in or later: group calendars are asked for when one is opened first.
fn needed(features: &[Feature]) -> Vec<&'static str> {
    use Feature::{CalendarRead, CalendarWrite, Groups, Scheduling, SharedCalendars};
    let mut needed: Vec<&'static str> = scopes_for(features).iter().map(|need| need.scope).collect();
    let calendars = [CalendarRead, CalendarWrite, Scheduling, SharedCalendars].iter().any(|feature| features.contains(feature));
    if calendars && features.contains(&Groups) {
        needed.push("Group.Read.All");
    }
    needed.push("User.Read");
    needed
}

/// The needed permission that a broader one stands for.
fn narrower(broad: &str, needed: &[&'static str]) -> Option<&'static str> {
    let directory = broad.starts_with("Directory.");
    let people = |need: &str| directory && (need.starts_with("User.ReadBasic") || need.starts_with("Group"));
    needed.iter().copied().find(|need| covers(broad, need) || people(need))
}

/// The bare name of a permission of Graph's; none for another service's, of which nothing is known here, and for `.default`.
fn of_graph(scope: &str) -> Option<&str> {
    let name = bare(scope);
    let resource = scope.strip_suffix(name).unwrap_or_default().trim_end_matches('/');
    let host = resource.strip_prefix("https://").unwrap_or(resource);
    let graph = resource.is_empty() || GRAPHS.contains(&host);
    (graph && name != ".default").then_some(name)
}

/// The permission that a misspelt name stands for.
fn meant(name: &str) -> Option<&'static str> {
    // Nobody means anything by a name that is longer than any; comparing it would only take time.
    if name.len() > 60 || !name.is_ascii() {
        return None;
    }
    let plain = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>();
    let letters = plain(name);
    let all = || delegated().chain(PROTOCOL);
    if let Some(same) = all().find(|known| plain(known) == letters) {
        return Some(same);
    }
    all().filter_map(|known| Some((distance(name, known)?, known))).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// What a part that is missing or too much counts.
const MISSING_PART: usize = 3;

/// How far two names are apart, part by part; none where one part has nothing to do with the other.
fn distance(name: &str, known: &str) -> Option<usize> {
    let mut total = 0;
    let (mut name, mut known) = (name.split('.'), known.split('.'));
    loop {
        total += match (name.next(), known.next()) {
            (None, None) => return Some(total),
            (Some(one), Some(other)) => {
                let edits = edits(alias(one), other);
                if edits > 2 || edits * 2 > other.len() {
                    return None;
                }
                edits
            }
            _ if total >= MISSING_PART => return None,
            _ => MISSING_PART,
        };
    }
}

/// What Graph calls a thing that people call otherwise.
fn alias(part: &str) -> &str {
    const ALIASES: [(&str, &str); 8] = [
        ("Write", "ReadWrite"),
        ("Event", "Calendars"),
        ("Events", "Calendars"),
        ("Room", "Place"),
        ("Rooms", "Place"),
        ("Email", "Mail"),
        ("Messages", "Mail"),
        ("Drive", "Files"),
    ];
    ALIASES.iter().find(|(said, _)| said.eq_ignore_ascii_case(part)).map_or(part, |(_, meant)| meant)
}

/// Levenshtein's distance, without regard to case: how many letters have to be added, removed or replaced.
fn edits(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, against) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(!letter.eq_ignore_ascii_case(&against));
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

fn delegated() -> impl Iterator<Item = &'static str> {
    EVERYBODY.into_iter().chain(WORK_ONLY)
}

/// OpenID Connect's own.
const PROTOCOL: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Where the Graphs of Microsoft's clouds are, and Graph's application id, which may stand for them.
const GRAPHS: [&str; 5] = [
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
    "00000003-0000-0000-c000-000000000000",
];

/// Delegated permissions that work, school and personal accounts know; of those that are alike the least comes first.
const EVERYBODY: [&str; 26] = [
    "User.Read",
    "User.ReadWrite",
    "Calendars.Read",
    "Calendars.ReadWrite",
    "Calendars.Read.Shared",
    "Calendars.ReadWrite.Shared",
    "Calendars.ReadBasic",
    "Contacts.Read",
    "Contacts.ReadWrite",
    "Files.Read",
    "Files.ReadWrite",
    "Files.Read.All",
    "Files.ReadWrite.All",
    "Mail.ReadBasic",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Mail.Read.Shared",
    "Mail.ReadWrite.Shared",
    "Mail.Send.Shared",
    "MailboxSettings.Read",
    "MailboxSettings.ReadWrite",
    "Notes.Read",
    "People.Read",
    "Tasks.Read",
    "Tasks.ReadWrite",
];

/// Delegated permissions that personal accounts do not know.
const WORK_ONLY: [&str; 37] = [
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Place.Read.All",
    "Place.ReadWrite.All",
    "People.Read.All",
    "Contacts.Read.Shared",
    "Contacts.ReadWrite.Shared",
    "Tasks.Read.Shared",
    "Tasks.ReadWrite.Shared",
    "Presence.Read",
    "Presence.Read.All",
    "Presence.ReadWrite",
    "OnlineMeetings.Read",
    "OnlineMeetings.ReadWrite",
    "Chat.Read",
    "Chat.ReadWrite",
    "Team.ReadBasic.All",
    "Channel.ReadBasic.All",
    "ChannelMessage.Send",
    "Sites.Read.All",
    "Sites.ReadWrite.All",
    "Sites.FullControl.All",
    "Notes.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Application.Read.All",
    "Application.ReadWrite.All",
    "AuditLog.Read.All",
    "Reports.Read.All",
    "RoleManagement.Read.Directory",
    "RoleManagement.ReadWrite.Directory",
];

/// Permissions that only an application has, and what a signed-in person's page asks for instead.
const APPLICATION_ONLY: [(&str, Option<&str>); 9] = [
    ("Calendars.ReadBasic.All", Some("Calendars.Read")),
    ("Mail.ReadBasic.All", Some("Mail.ReadBasic")),
    ("Tasks.Read.All", Some("Tasks.Read")),
    ("Tasks.ReadWrite.All", Some("Tasks.ReadWrite")),
    ("OnlineMeetings.Read.All", Some("OnlineMeetings.Read")),
    ("OnlineMeetings.ReadWrite.All", Some("OnlineMeetings.ReadWrite")),
    ("Presence.ReadWrite.All", Some("Presence.ReadWrite")),
    ("Application.ReadWrite.OwnedBy", None),
    ("Group.Create", None),
];

/// What reaches over a whole organization further than any feature does, and the least that scheduling gets on with.
const ORGANIZATION_WIDE: [(&str, Option<&str>); 12] = [
    ("User.ReadWrite.All", Some("User.ReadBasic.All")),
    ("Group.ReadWrite.All", Some("Group.Read.All")),
    ("GroupMember.ReadWrite.All", Some("GroupMember.Read.All")),
    ("Place.ReadWrite.All", Some("Place.Read.All")),
    ("Directory.Read.All", Some("User.ReadBasic.All")),
    ("Directory.ReadWrite.All", Some("User.ReadBasic.All")),
    ("Directory.AccessAsUser.All", Some("User.ReadBasic.All")),
    ("Application.Read.All", None),
    ("Application.ReadWrite.All", None),
    ("Sites.FullControl.All", None),
    ("RoleManagement.Read.Directory", None),
    ("RoleManagement.ReadWrite.Directory", None),
];

#[cfg(test)]
#[path = "lint_tests.rs"]
mod tests;
