//! The self-test. Owns which checks there are, in which order, what each of them asks of Graph, and what an outcome means; leaves
//! measuring to whoever has a browser, the interface's words to the interface, and the module's English to [`english`].
//!
//! Nothing here changes anything at Microsoft's: features that write are judged by their permission alone.

pub mod english;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use serde_json::{Value, json};

use crate::{
    Error, ErrorCode,
    auth::{Feature, missing, needs_admin, request_scopes, scopes_for},
    graph::{Call, Request},
    time::iso_local,
};

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// Whether the program computes right.
    Program,
    /// Whether the page is secure and the browser has what a sign-in needs.
    Browser,
    /// Whether the browser keeps data for this page.
    Storage,
    /// Whether this machine's clock is right.
    Clock,
    /// Whether the sign-in service is there and is who the configuration says.
    SignIn,
    /// Whether it gives this application tokens: client ID, redirect URI and platform are as registered.
    Registration,
    /// Whether everything that is asked for was agreed to.
    Consent,
    /// Whether Graph answers at all.
    Graph,
    /// A feature's first call.
    Feature(Feature),
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Pass,
    /// Not as it should be; there is something to do.
    Fail,
    /// Not looked at, for a reason.
    Skipped,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// As it should be.
    Works,
    /// The program does not compute right.
    Damaged,
    /// Data is kept in memory alone: a reload needs a new sign-in.
    MemoryOnly,
    /// How many seconds this machine's clock is ahead of another.
    Skew(i64),
    /// No other clock could be read.
    NoClock,
    /// All that is asked for was agreed to: so many permissions.
    Granted(usize),
    /// These permissions are missing.
    Missing(Vec<String>),
    /// Trying it would change something; the permission is there.
    WouldWrite,
    /// Trying it needs somebody else's mailbox; the permission is there.
    NeedsAnother,
    /// Personal accounts do not have it.
    NotForPersonal,
    /// The host brings the tokens; this page knows nothing of their making.
    HostProvides,
    /// What it needs failed before.
    NotReached,
    /// Somebody stopped the test.
    Stopped,
    /// It went wrong.
    Failed(Error),
}

/// A check that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What was looked at.
    pub probe: Probe,
    /// What was found.
    pub finding: Finding,
    /// How long that took, in milliseconds.
    pub duration_ms: u32,
}

/// A clock that is off by more than this makes tokens look expired or not yet valid elsewhere.
const MOST_SKEW_SECONDS: u64 = 5 * 60;

impl Probe {
    /// Its name in a report, which stays the same from version to version.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Program => "wasm",
            Self::Browser => "browser",
            Self::Storage => "storage",
            Self::Clock => "clock",
            Self::SignIn => "sign-in",
            Self::Registration => "registration",
            Self::Consent => "consent",
            Self::Graph => "graph",
            Self::Feature(feature) => feature.name(),
        }
    }
}

impl Finding {
    /// Whether that is as it should be.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Works | Self::Granted(_) => Outcome::Pass,
            Self::Skew(seconds) if seconds.unsigned_abs() <= MOST_SKEW_SECONDS => Outcome::Pass,
            Self::Damaged | Self::MemoryOnly | Self::Skew(_) | Self::Missing(_) | Self::Failed(_) => Outcome::Fail,
            Self::NoClock
            | Self::WouldWrite
            | Self::NeedsAnother
            | Self::NotForPersonal
            | Self::HostProvides
            | Self::NotReached
            | Self::Stopped => Outcome::Skipped,
        }
    }

    /// What came of a call or an attempt.
    #[must_use]
    pub fn of<T>(result: Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::Works,
            Err(error) if error.code() == ErrorCode::Aborted => Self::Stopped,
            Err(error) => Self::Failed(error),
        }
    }

    /// Whether an administrator has to act on it.
    #[must_use]
    pub fn needs_admin(&self) -> bool {
        matches!(self, Self::Missing(scopes) if scopes.iter().any(|scope| needs_admin(scope)))
    }
}

/// Everything that is looked at for these features, in this order.
#[must_use]
pub fn plan(features: &[Feature]) -> Vec<Probe> {
    let fixed =
        [Probe::Program, Probe::Browser, Probe::Storage, Probe::Clock, Probe::SignIn, Probe::Registration, Probe::Consent, Probe::Graph];
    // Reading the own profile is how Graph is tried.
    let features = features.iter().copied().filter(|feature| *feature != Feature::Profile).map(Probe::Feature);
    fixed.into_iter().chain(features).collect()
}

/// Whether the program computes right: a known answer of RFC 7636, appendix B, which goes through everything that a sign-in rests on.
#[must_use]
pub fn program() -> Finding {
    let verifier = PkceCodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    if challenge.as_str() == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" { Finding::Works } else { Finding::Damaged }
}

/// What another clock says against this machine's, both in seconds since 1970.
#[must_use]
pub fn clock(local: f64, other: Option<f64>) -> Finding {
    #[expect(clippy::cast_possible_truncation, reason = "seconds; a double that is too large becomes the largest number")]
    other.map_or(Finding::NoClock, |other| Finding::Skew((local - other).round() as i64))
}

/// What was agreed to against what these features need.
#[must_use]
pub fn consent(features: &[Feature], scopes: Option<&[String]>, granted: &[String]) -> Finding {
    let wanted = request_scopes(features, scopes);
    let missing = missing(&wanted, granted);
    if missing.is_empty() { Finding::Granted(wanted.len()) } else { Finding::Missing(missing) }
}

/// What is known of the person when their features are tried.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// What was granted; none where the host brings the tokens.
    pub granted: Option<Vec<String>>,
    /// Whether the account is a personal one.
    pub personal: bool,
    /// Their own address, once Graph has told it.
    pub address: Option<String>,
}

/// How a feature is tried: its first call, which only reads, or why there is none.
///
/// # Errors
/// Why it is not tried.
pub fn first_call(feature: Feature, subject: &Subject, now: DateTime<Utc>) -> Result<Call<Value>, Finding> {
    if subject.personal && !feature.is_for_personal() {
        return Err(Finding::NotForPersonal);
    }
    let needed: Vec<String> = scopes_for(&[feature]).iter().map(|need| need.scope.to_owned()).collect();
    if let Some(granted) = &subject.granted {
        let missing = missing(&needed, granted);
        if !missing.is_empty() {
            return Err(Finding::Missing(missing));
        }
    }
    let path = match feature {
        Feature::Profile => "/me?$select=id,mail,userPrincipalName",
        Feature::CalendarRead => "/me/calendar?$select=id",
        Feature::Scheduling => {
            let Some(address) = &subject.address else { return Err(Finding::NotReached) };
            return Ok(get_schedule(address, now));
        }
        Feature::SharedCalendars => "/me/calendars?$top=1&$select=id",
        Feature::People => "/me/people?$top=1&$select=id",
        Feature::Users => "/users?$top=1&$select=id",
        Feature::Rooms => "/places/microsoft.graph.room?$top=1",
        Feature::MailRead => "/me/messages?$top=1&$select=id",
        Feature::Contacts => "/me/contacts?$top=1&$select=id",
        Feature::Files => "/me/drive/root/children?$top=1&$select=id",
        Feature::Groups => "/groups?$top=1&$select=id",
        Feature::Settings => "/me/mailboxSettings",
        Feature::SharedMail => return Err(Finding::NeedsAnother),
        Feature::CalendarWrite | Feature::MailWrite | Feature::MailSend | Feature::ContactsWrite | Feature::FilesWrite => {
            return Err(Finding::WouldWrite);
        }
    };
    Ok(Call::request(Method::GET, path, None))
}

/// An hour of one's own free/busy: a POST that changes nothing.
fn get_schedule(address: &str, now: DateTime<Utc>) -> Call<Value> {
    let at = |hours: i64| json!({ "dateTime": iso_local((now + TimeDelta::hours(hours)).naive_utc()), "timeZone": "UTC" });
    let body = json!({ "schedules": [address], "startTime": at(0), "endTime": at(1), "availabilityViewInterval": 60 });
    let request: Request = Call::request(Method::POST, "/me/calendar/getSchedule", Some(body)).request;
    Call::of(request)
}

/// The own address in Graph's answer to the call for [`Feature::Profile`].
#[must_use]
pub fn own_address(profile: &Value) -> Option<String> {
    ["mail", "userPrincipalName"].iter().find_map(|name| profile.get(name)?.as_str().map(str::to_owned))
}

/// One line of a report, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// "Pass", "Fail" or "Skipped".
    pub outcome: String,
    /// What was looked at.
    pub title: String,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// How long it took.
    pub duration_ms: u32,
}

/// The report as text, for a mail or an issue. It holds what the lines hold: never a token.
#[must_use]
pub fn report(heading: &str, lines: &[Line]) -> String {
    let mut text = String::from(heading);
    for line in lines {
        let duration = line.duration_ms.to_string();
        for part in ["\n", &line.outcome, " – ", &line.title, " (", &duration, " ms): ", &line.detail] {
            text.push_str(part);
        }
        if let Some(advice) = &line.advice {
            text.push_str("\n    ");
            text.push_str(advice);
        }
    }
    text
}

#[cfg(test)]
mod tests;
