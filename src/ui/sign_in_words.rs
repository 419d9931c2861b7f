//! Facts about signing in, in words: what Entra's errors mean, features, clouds, the self-test. Owns which text says what; leaves the texts
//! to `strings`.

use convoke_core::{
    auth::{Feature, aadsts::Topic},
    config::Cloud,
    diagnose::{Check, Finding, Line, Outcome, Probe},
};

use super::{context::Ui, strings::Text, words};

/// What one of Entra's errors means, and what to do.
pub(crate) fn topic(topic: Topic) -> Text {
    match topic {
        Topic::NoSession => Text::AadNoSession,
        Topic::Verification => Text::AadVerification,
        Topic::Consent => Text::AadConsent,
        Topic::AdminConsent => Text::AadAdminConsent,
        Topic::Declined => Text::ErrorCancelled,
        Topic::Ended => Text::AadEnded,
        Topic::Unassigned => Text::AadUnassigned,
        Topic::OtherAccount => Text::AadOtherAccount,
        Topic::SingleTenant => Text::AadSingleTenant,
        Topic::UnknownClient => Text::AadUnknownClient,
        Topic::UnknownTenant => Text::AadUnknownTenant,
        Topic::RedirectUri => Text::AadRedirectUri,
        Topic::Platform => Text::AadPlatform,
        Topic::Permissions => Text::AadPermissions,
        Topic::Blocked => Text::AadBlocked,
        Topic::Unfinished => Text::AadUnfinished,
        Topic::TooMany => Text::AadTooMany,
        Topic::Busy => Text::AadBusy,
        Topic::Used => Text::AadUsed,
        Topic::TenantRestricted => Text::AadRestricted,
        Topic::Unknown => Text::AadUnknownNumber,
    }
}

/// What a feature is for.
pub(crate) fn feature(feature: Feature) -> Text {
    match feature {
        Feature::Profile => Text::FeatureProfile,
        Feature::CalendarRead => Text::FeatureCalendarRead,
        Feature::CalendarWrite => Text::FeatureCalendarWrite,
        Feature::Scheduling => Text::FeatureScheduling,
        Feature::SharedCalendars => Text::FeatureSharedCalendars,
        Feature::People => Text::FeaturePeople,
        Feature::Users => Text::FeatureUsers,
        Feature::Rooms => Text::FeatureRooms,
        Feature::MailRead => Text::FeatureMailRead,
        Feature::MailWrite => Text::FeatureMailWrite,
        Feature::MailSend => Text::FeatureMailSend,
        Feature::SharedMail => Text::FeatureSharedMail,
        Feature::Contacts => Text::FeatureContacts,
        Feature::ContactsWrite => Text::FeatureContactsWrite,
        Feature::Files => Text::FeatureFiles,
        Feature::FilesWrite => Text::FeatureFilesWrite,
        Feature::Groups => Text::FeatureGroups,
        Feature::Settings => Text::FeatureSettings,
    }
}

/// One of Microsoft's clouds.
pub(crate) fn cloud(cloud: Cloud) -> Text {
    match cloud {
        Cloud::Global => Text::CloudGlobal,
        Cloud::UsGovernment => Text::CloudUsGovernment,
        Cloud::UsGovernmentDod => Text::CloudDod,
        Cloud::China => Text::CloudChina,
    }
}

/// How a check ended.
pub(crate) fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Pass => Text::Pass,
        Outcome::Fail => Text::Fail,
        Outcome::Skipped => Text::Skipped,
    }
}

/// A check of the self-test as a line of its report.
pub(crate) fn line(ui: &Ui, check: &Check) -> Line {
    let title = match check.probe {
        Probe::Program => Text::ProbeProgram,
        Probe::Browser => Text::ProbeBrowser,
        Probe::Storage => Text::ProbeStorage,
        Probe::Clock => Text::ProbeClock,
        Probe::SignIn => Text::ProbeSignIn,
        Probe::Registration => Text::ProbeRegistration,
        Probe::Consent => Text::ProbeConsent,
        Probe::Graph => Text::ProbeGraph,
        Probe::Feature(of) => feature(of),
    };
    let detail = match &check.finding {
        Finding::Skew(seconds) => skew(ui, *seconds),
        Finding::Granted(count) => ui.with(Text::FoundGranted, &[("count", &count.to_string())]),
        Finding::Missing(scopes) => ui.with(Text::FoundMissing, &[("scopes", &scopes.join(", "))]),
        Finding::Failed(error) => words::error(ui, error),
        Finding::Works => ui.text(Text::FoundWorks),
        Finding::Damaged => ui.text(Text::FoundDamaged),
        Finding::MemoryOnly => ui.text(Text::FoundMemoryOnly),
        Finding::NoClock => ui.text(Text::FoundNoClock),
        Finding::WouldWrite => ui.text(Text::FoundWouldWrite),
        Finding::NeedsAnother => ui.text(Text::FoundNeedsAnother),
        Finding::NotForPersonal => ui.text(Text::ErrorUnsupported),
        Finding::Stopped => ui.text(Text::ErrorAborted),
        // The app makes its tokens itself.
        Finding::NotReached | Finding::HostProvides => ui.text(Text::FoundNotReached),
    };
    let advice = match &check.finding {
        finding if finding.outcome() != Outcome::Fail => None,
        Finding::Skew(_) => Some(ui.text(Text::FoundSkewAdvice)),
        finding if finding.needs_admin() => Some(ui.text(Text::AadAdminConsent)),
        Finding::Missing(_) => Some(ui.text(Text::FoundMissingAdvice)),
        // A failure's own sentences say what to do; what Microsoft's support needs stands below.
        Finding::Failed(error) => Some(reference(ui, error)).filter(|text| !text.is_empty()),
        _ => None,
    };
    Line { outcome: ui.text(outcome(check.finding.outcome())), title: ui.text(title), detail, advice, duration_ms: check.duration_ms }
}

fn reference(ui: &Ui, error: &convoke_core::Error) -> String {
    let number = error.details().aadsts.map(|number| ui.with(Text::Number, &[("number", &number.to_string())]));
    let id = error.details().request_id.as_ref().map(|id| ui.with(Text::ErrorReference, &[("id", id)]));
    [number, id].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn skew(ui: &Ui, seconds: i64) -> String {
    let amount = seconds.unsigned_abs();
    let amount = if amount < 120 {
        ui.with(Text::Seconds, &[("count", &amount.to_string())])
    } else {
        words::duration(ui, u32::try_from(amount / 60).unwrap_or(u32::MAX))
    };
    ui.with(if seconds < 0 { Text::FoundBehind } else { Text::FoundAhead }, &[("amount", &amount)])
}
