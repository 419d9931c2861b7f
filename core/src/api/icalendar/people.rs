//! Organizer and attendees (RFC 5545, sections 3.8.4.1 and 3.8.4.3). Owns roles, answers and calendar addresses.

use super::lines::{Lines, parameter};
use crate::model::{Attendee, AttendeeKind, EmailAddress, Event, Response};

/// Nobody where nobody is invited: a calendar reader takes an organizer alone for a meeting.
pub(super) fn write(event: &Event, lines: &mut Lines) {
    if let Some(organizer) = event.organizer.as_ref().filter(|_| !event.attendees.is_empty()) {
        lines.raw(&["ORGANIZER", &name(organizer)].concat(), &address(organizer));
    }
    for attendee in &event.attendees {
        write_attendee(attendee, event.response_requested, lines);
    }
}

fn write_attendee(attendee: &Attendee, response_requested: bool, lines: &mut Lines) {
    let (kind, role) = match attendee.kind {
        AttendeeKind::Required | AttendeeKind::Other(_) => ("INDIVIDUAL", "REQ-PARTICIPANT"),
        AttendeeKind::Optional => ("INDIVIDUAL", "OPT-PARTICIPANT"),
        AttendeeKind::Resource => ("RESOURCE", "NON-PARTICIPANT"),
    };
    let answer = match attendee.response {
        Response::Accepted | Response::Organizer => "ACCEPTED",
        Response::TentativelyAccepted => "TENTATIVE",
        Response::Declined => "DECLINED",
        Response::None | Response::NotResponded | Response::Other(_) => "NEEDS-ACTION",
    };
    let rsvp = if response_requested { "TRUE" } else { "FALSE" };
    let parameters = [";CUTYPE=", kind, ";ROLE=", role, ";PARTSTAT=", answer, ";RSVP=", rsvp].concat();
    lines.raw(&["ATTENDEE", &parameters, &name(&attendee.email)].concat(), &address(&attendee.email));
}

fn name(email: &EmailAddress) -> String {
    if email.name.is_empty() { String::new() } else { parameter("CN", &email.name) }
}

fn address(email: &EmailAddress) -> String {
    // Who has no address is listed all the same; a value there must be.
    if email.address.trim().is_empty() { "invalid:nomail".to_owned() } else { uri(&["mailto:", email.address.trim()].concat()) }
}

/// A URI on one line: what cannot stand in one is left out.
pub(super) fn uri(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && !character.is_whitespace()).collect()
}
