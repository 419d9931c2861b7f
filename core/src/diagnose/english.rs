//! The self-test in English and as JSON, for the npm module, which has no table of texts. Owns those sentences; the interface has its own.

use super::{Check, Finding, Line, Outcome, Probe, report};
use crate::{
    ErrorCode,
    auth::{Feature, needs_admin},
};
use serde_json::{Value, json};

/// `Diagnosis` of the npm module's contract. `heading` is the report's first line: what was tested, and when.
#[must_use]
pub fn to_json(heading: &str, checks: &[Check]) -> Value {
    let lines: Vec<Line> = checks.iter().map(line).collect();
    let list = checks.iter().zip(&lines).map(|(check, line)| {
        let mut value = json!({
            "id": check.probe.id(),
            "title": line.title,
            "outcome": line.outcome,
            "detail": line.detail,
            "durationMs": line.duration_ms,
        });
        if let Some(advice) = &line.advice {
            value["advice"] = advice.as_str().into();
        }
        value
    });
    json!({ "checks": list.collect::<Vec<_>>(), "text": report(heading, &lines) })
}

/// A check in words.
#[must_use]
pub fn line(check: &Check) -> Line {
    let outcome = match check.finding.outcome() {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Skipped => "skipped",
    };
    Line {
        outcome: outcome.to_owned(),
        title: title(check.probe).to_owned(),
        detail: detail(check),
        advice: advice(&check.finding),
        duration_ms: check.duration_ms,
    }
}

fn title(probe: Probe) -> &'static str {
    match probe {
        Probe::Program => "The program runs",
        Probe::Browser => "The browser can sign in",
        Probe::Storage => "The browser keeps data",
        Probe::Clock => "The clock is right",
        Probe::SignIn => "The sign-in service answers",
        Probe::Registration => "The application is registered",
        Probe::Consent => "The permissions are granted",
        Probe::Graph => "Microsoft Graph answers",
        Probe::Feature(feature) => match feature {
            Feature::Profile => "Own profile",
            Feature::CalendarRead => "Own calendars",
            Feature::CalendarWrite => "Changing calendars",
            Feature::Scheduling => "Free/busy of others",
            Feature::SharedCalendars => "Shared calendars",
            Feature::People => "People one works with",
            Feature::Users => "Everybody in the organization",
            Feature::Rooms => "Rooms",
            Feature::MailRead => "Own mail",
            Feature::MailWrite => "Changing mail",
            Feature::MailSend => "Sending mail",
            Feature::SharedMail => "Shared mailboxes",
            Feature::Contacts => "Own contacts",
            Feature::ContactsWrite => "Changing contacts",
            Feature::Files => "Own files",
            Feature::FilesWrite => "Changing files",
            Feature::Groups => "Groups",
            Feature::Settings => "Mailbox settings",
        },
    }
}

fn detail(check: &Check) -> String {
    let text = match &check.finding {
        Finding::Works => match check.probe {
            Probe::Program => "WebAssembly runs and computes SHA-256 as RFC 7636 expects.",
            Probe::Browser => "The page is secure and WebCrypto is there.",
            Probe::Storage => "Data outlives a reload, encrypted.",
            Probe::SignIn => "Its discovery document is the one that the configuration expects.",
            Probe::Registration => "The sign-in service has just issued a token.",
            _ => "The call was answered.",
        },
        Finding::Damaged => "A known answer of SHA-256 came out wrong.",
        Finding::MemoryOnly => "Data is kept in memory alone: a reload needs a new sign-in.",
        Finding::Skew(seconds) => return skew(*seconds),
        Finding::NoClock => "No other clock could be read.",
        Finding::Granted(count) => return [&count.to_string(), " permissions are granted."].concat(),
        Finding::Missing(scopes) => return ["Not granted: ", &scopes.join(", "), "."].concat(),
        Finding::WouldWrite => "The permission is granted; trying it would change something.",
        Finding::NeedsAnother => "The permission is granted; trying it needs somebody else's mailbox.",
        Finding::NotForPersonal => "Personal accounts do not have this.",
        Finding::HostProvides => "The host page brings the tokens.",
        Finding::NotReached => "What this needs failed before.",
        Finding::Stopped => "Stopped.",
        Finding::Failed(error) => return failure(error),
    };
    text.to_owned()
}

fn failure(error: &crate::Error) -> String {
    let details = error.details();
    let mut text = error.message().to_owned();
    let mut add = |name: &str, value: &str| {
        for part in [" [", name, " ", value, "]"] {
            text.push_str(part);
        }
    };
    add("code", error.code().as_str());
    if let Some(status) = details.status {
        add("status", &status.to_string());
    }
    if let Some(code) = &details.graph_code {
        add("error", code);
    }
    if let Some(number) = details.aadsts {
        add("AADSTS", &number.to_string());
    }
    if let Some(id) = &details.request_id {
        add("request-id", id);
    }
    text
}

fn skew(seconds: i64) -> String {
    let (amount, direction) = (seconds.unsigned_abs(), if seconds < 0 { "behind" } else { "ahead" });
    let (amount, unit) = if amount < 120 { (amount, "seconds") } else { (amount / 60, "minutes") };
    ["This machine's clock is ", &amount.to_string(), " ", unit, " ", direction, "."].concat()
}

fn advice(finding: &Finding) -> Option<String> {
    let text = match finding {
        _ if finding.outcome() == Outcome::Pass => return None,
        Finding::Damaged => "Load the page again; if that does not help, the file on the server is damaged.",
        Finding::MemoryOnly => "Allow site data for this page, or leave private browsing.",
        Finding::Skew(_) => "Set this machine's clock by the network's time.",
        Finding::Missing(scopes) if scopes.iter().any(|scope| needs_admin(scope)) => {
            "An administrator has to agree: send them the link of adminConsentUrl()."
        }
        Finding::Missing(_) => "Sign in with these scopes, or leave the feature out.",
        Finding::Failed(error) => return Some(error.details().advice.clone().unwrap_or_else(|| mend(error.code()).to_owned())),
        _ => return None,
    };
    Some(text.to_owned())
}

fn mend(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::Configuration => {
            "Correct the configuration or the registration: client ID, redirect URI, platform \"Single-page application\"."
        }
        ErrorCode::Network | ErrorCode::Offline | ErrorCode::Timeout => {
            "Check the connection, a VPN or a content blocker, and that connect-src of the page's policy names the host."
        }
        ErrorCode::Forbidden => "Ask the administrator whether the account has a mailbox and may use this.",
        ErrorCode::ConsentRequired | ErrorCode::AdminConsentRequired => "Consent to the permission first.",
        ErrorCode::Throttled | ErrorCode::Unavailable => "Wait a while and test again.",
        ErrorCode::UnsupportedAccount => "Use a work or school account.",
        ErrorCode::Unauthorized | ErrorCode::SessionExpired | ErrorCode::InteractionRequired | ErrorCode::ClaimsChallenge => {
            "Sign in again."
        }
        _ => "Tell the request-id to Microsoft's support if it happens again.",
    }
}
