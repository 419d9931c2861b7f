//! Facts in words: errors, states, answers, reasons. Owns which text says what; leaves the texts to `strings`.

use convoke_core::{
    Error, ErrorCode,
    auth::aadsts,
    model::{EventResponse, FreeBusy, Response, ShowAs},
    schedule::{EmptyReason, Reason, ReasonCode},
    store::Notice,
    time::iso_utc,
};

use super::{context::Ui, sign_in_words, strings::Text};

/// What happened and what to do, in one or two sentences.
#[must_use]
pub(crate) fn error(ui: &Ui, error: &Error) -> String {
    if let Some(number) = error.details().aadsts {
        return match sign_in_words::topic(aadsts::help(number).topic) {
            // Where the scopes are known, the sentence that names them says more.
            Text::AadConsent if !error.details().scopes.is_empty() => {
                ui.with(Text::NeedsConsent, &[("scopes", &error.details().scopes.join(", "))])
            }
            Text::AadUnknownNumber => ui.with(Text::AadUnknown, &[("message", error.message())]),
            text => ui.text(text),
        };
    }
    let text = match error.code() {
        ErrorCode::Offline => Text::ErrorOffline,
        ErrorCode::Network => Text::ErrorNetwork,
        ErrorCode::Timeout => Text::ErrorTimeout,
        ErrorCode::Unauthorized => Text::ErrorUnauthorized,
        ErrorCode::Forbidden => Text::ErrorForbidden,
        ErrorCode::AdminConsentRequired => Text::ErrorAdminConsent,
        ErrorCode::ConsentRequired => {
            let scopes = error.details().scopes.join(", ");
            return if scopes.is_empty() { ui.text(Text::ErrorConsent) } else { ui.with(Text::NeedsConsent, &[("scopes", &scopes)]) };
        }
        ErrorCode::ClaimsChallenge => Text::ErrorClaims,
        ErrorCode::InteractionRequired => Text::ErrorInteraction,
        ErrorCode::InteractionInProgress => Text::ErrorInProgress,
        ErrorCode::PopupBlocked => Text::ErrorWindow,
        ErrorCode::UserCancelled => Text::ErrorCancelled,
        ErrorCode::StateMismatch | ErrorCode::NonceMismatch => Text::ErrorState,
        ErrorCode::SessionExpired => Text::ErrorExpired,
        ErrorCode::Configuration => return sentence_pair(&ui.text(Text::ErrorConfiguration), error),
        ErrorCode::NotFound => Text::ErrorNotFound,
        ErrorCode::Conflict | ErrorCode::PreconditionFailed | ErrorCode::Gone => Text::ErrorConflict,
        ErrorCode::Throttled => Text::ErrorThrottled,
        ErrorCode::Unavailable => Text::ErrorUnavailable,
        ErrorCode::InvalidRequest => return ui.with(Text::ErrorInvalidRequest, &[("message", error.message())]),
        ErrorCode::InvalidResponse => Text::ErrorInvalidResponse,
        ErrorCode::UnsupportedAccount => Text::ErrorUnsupported,
        ErrorCode::TooLarge => Text::ErrorTooLarge,
        ErrorCode::HostNotAllowed => Text::ErrorHost,
        ErrorCode::Aborted => Text::ErrorAborted,
    };
    ui.text(text)
}

/// The general sentence, then what exactly is wrong and what to do: for those who set the page up.
fn sentence_pair(general: &str, error: &Error) -> String {
    let mut text = String::from(general);
    for part in [Some(error.message()), error.details().advice.as_deref()].into_iter().flatten() {
        text.push(' ');
        text.push_str(part);
    }
    text
}

/// What support needs: never a token.
#[must_use]
pub(crate) fn error_details(ui: &Ui, error: &Error) -> String {
    let details = error.details();
    let mut lines =
        vec![["time: ", &iso_utc(ui.now)].concat(), ["code: ", error.code().as_str()].concat(), ["message: ", error.message()].concat()];
    let mut push = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push([name, ": ", &value].concat());
        }
    };
    push("status", details.status.map(|status| status.to_string()));
    push("error", details.graph_code.clone());
    push("AADSTS", details.aadsts.map(|number| number.to_string()));
    push("request-id", details.request_id.clone());
    lines.join("\n")
}

/// A state of somebody's time.
#[must_use]
pub(crate) fn free_busy(ui: &Ui, status: FreeBusy) -> String {
    ui.text(match status {
        FreeBusy::Free => Text::ShowFree,
        FreeBusy::Tentative => Text::ShowTentative,
        FreeBusy::Busy => Text::ShowBusy,
        FreeBusy::Oof => Text::ShowOof,
        FreeBusy::WorkingElsewhere => Text::ShowElsewhere,
        FreeBusy::Unknown => Text::ShowUnknown,
    })
}

/// The class that gives a state its colour and pattern.
#[must_use]
pub(crate) fn free_busy_class(status: FreeBusy) -> &'static str {
    match status {
        FreeBusy::Free => "free",
        FreeBusy::Tentative => "tentative",
        FreeBusy::Busy => "busy",
        FreeBusy::Oof => "oof",
        FreeBusy::WorkingElsewhere => "elsewhere",
        FreeBusy::Unknown => "unknown",
    }
}

/// How an event shows.
#[must_use]
pub(crate) fn show_as(ui: &Ui, show_as: &ShowAs) -> String {
    match show_as {
        ShowAs::Free => ui.text(Text::ShowFree),
        ShowAs::Tentative => ui.text(Text::ShowTentative),
        ShowAs::Busy => ui.text(Text::ShowBusy),
        ShowAs::Oof => ui.text(Text::ShowOof),
        ShowAs::WorkingElsewhere => ui.text(Text::ShowElsewhere),
        ShowAs::Unknown => ui.text(Text::ShowUnknown),
        ShowAs::Other(word) => word.clone(),
    }
}

/// The class of an event's colour.
#[must_use]
pub(crate) fn show_as_class(show_as: &ShowAs) -> &'static str {
    match show_as {
        ShowAs::Free => "free",
        ShowAs::Tentative => "tentative",
        ShowAs::Oof => "oof",
        ShowAs::WorkingElsewhere => "elsewhere",
        ShowAs::Unknown | ShowAs::Other(_) => "unknown",
        ShowAs::Busy => "busy",
    }
}

/// One's own answer.
#[must_use]
pub(crate) fn own_response(ui: &Ui, response: &Response) -> String {
    match response {
        Response::None | Response::NotResponded => ui.text(Text::ResponseNone),
        Response::Organizer => ui.text(Text::ResponseOrganizer),
        Response::TentativelyAccepted => ui.text(Text::ResponseTentative),
        Response::Accepted => ui.text(Text::ResponseAccepted),
        Response::Declined => ui.text(Text::ResponseDeclined),
        Response::Other(word) => word.clone(),
    }
}

/// Somebody else's answer.
#[must_use]
pub(crate) fn response(ui: &Ui, response: &Response) -> String {
    match response {
        Response::None | Response::NotResponded => ui.text(Text::PersonNone),
        Response::Organizer => ui.text(Text::PersonOrganizer),
        Response::TentativelyAccepted => ui.text(Text::PersonTentative),
        Response::Accepted => ui.text(Text::PersonAccepted),
        Response::Declined => ui.text(Text::PersonDeclined),
        Response::Other(word) => word.clone(),
    }
}

/// A reason with names. `name` turns an attendee's id into what to show.
#[must_use]
pub(crate) fn reason(ui: &Ui, reason: &Reason, name: &dyn Fn(&str) -> String) -> String {
    let names = reason.attendees.iter().map(|id| name(id)).collect::<Vec<_>>().join(", ");
    let text = match reason.code {
        ReasonCode::AllFree => Text::ReasonAllFree,
        ReasonCode::Tentative => Text::ReasonTentative,
        ReasonCode::Unknown => Text::ReasonUnknown,
        ReasonCode::OutsideHours => Text::ReasonOutsideHours,
        ReasonCode::OptionalBusy => Text::ReasonOptionalBusy,
        ReasonCode::RequiredBusy => Text::ReasonRequiredBusy,
        ReasonCode::NoRoom => Text::ReasonNoRoom,
        ReasonCode::OccurrenceConflict => Text::ReasonOccurrence,
    };
    ui.with(text, &[("names", &names)])
}

/// Why there is no suggestion, and what to do.
#[must_use]
pub(crate) fn empty_reason(ui: &Ui, reason: EmptyReason) -> Option<String> {
    let text = match reason {
        EmptyReason::None => return None,
        EmptyReason::AttendeesUnavailable => Text::EmptyAttendees,
        EmptyReason::AttendeesUnavailableOrUnknown => Text::EmptyUnknown,
        EmptyReason::LocationsUnavailable => Text::EmptyRoom,
        EmptyReason::OrganizerUnavailable => Text::EmptyOrganizer,
        EmptyReason::Unknown => Text::EmptyWindow,
    };
    Some(ui.text(text))
}

/// A length in minutes: `30 min`, `2 h`, `1 h 30 min`.
#[must_use]
pub(crate) fn duration(ui: &Ui, minutes: u32) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    if hours == 0 {
        ui.with(Text::Minutes, &[("count", &rest.to_string())])
    } else if rest == 0 {
        ui.with(Text::HoursShort, &[("count", &hours.to_string())])
    } else {
        ui.with(Text::HoursMinutes, &[("hours", &hours.to_string()), ("minutes", &rest.to_string())])
    }
}

/// What the live region says.
#[must_use]
pub(crate) fn notice(ui: &Ui, notice: &Notice) -> String {
    match notice {
        Notice::EventsLoaded(count) => ui.strings.count(Text::EventsLoadedOne, Text::EventsLoaded, *count),
        Notice::Responded(response, subject) => {
            let text = match response {
                EventResponse::Accept => Text::AnsweredAccept,
                EventResponse::TentativelyAccept => Text::AnsweredTentative,
                EventResponse::Decline => Text::AnsweredDecline,
            };
            ui.with(text, &[("subject", subject)])
        }
        Notice::Booked { subject, invited: 0 } => ui.with(Text::Saved, &[("subject", subject)]),
        Notice::Booked { subject, invited } => {
            let text = if *invited == 1 { Text::BookedOne } else { Text::Booked };
            ui.with(text, &[("subject", subject), ("count", &invited.to_string())])
        }
        Notice::Added(name) => ui.with(Text::Added, &[("name", name)]),
        Notice::Removed(name) => ui.with(Text::Removed, &[("name", name)]),
        Notice::Found(count) => ui.strings.count(Text::PeopleFoundOne, Text::PeopleFound, *count),
        Notice::Suggested(count) => ui.strings.count(Text::SuggestedOne, Text::Suggested, *count),
        Notice::Said(text) => text.clone(),
        Notice::ConnectionWorks => ui.text(Text::ConnectionWorks),
        Notice::SignedOut => ui.text(Text::SignedOutNotice),
        Notice::Copied => ui.text(Text::Copied),
        Notice::LookedUp(number) => {
            let text = ui.text(sign_in_words::topic(aadsts::help(*number).topic));
            ui.with(Text::LookedUp, &[("number", &number.to_string()), ("text", &text)])
        }
        Notice::Tested(passed, total) => ui.with(Text::SelfTestDone, &[("passed", &passed.to_string()), ("total", &total.to_string())]),
        Notice::Paused(seconds) => ui.with(Text::Paused, &[("seconds", &seconds.to_string())]),
        Notice::Switched(name) => ui.with(Text::Switched, &[("name", name)]),
        Notice::DraftKept => ui.text(Text::DraftKept),
        Notice::NotKept => ui.text(Text::NotKept),
    }
}
