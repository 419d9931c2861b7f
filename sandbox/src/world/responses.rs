//! Answers to invitations: what they change in the attendee's own mailbox and in the organizer's. Owns that, and the messages about
//! meetings; leaves validation to `graph::events`.

use chrono::{DateTime, Utc};

use super::{
    World,
    event::{Address, Attendee, Body, Event, Proposal},
    ids,
    mail::{MeetingInfo, MeetingKind, Message},
    mailbox::Found,
    meetings::{meeting_info, same_address},
    wire::{AttendeeKind, Importance, Response, ShowAs},
};

/// An attendee's answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) comment: String,
    /// Whether the organizer is told.
    pub(crate) send: bool,
    pub(crate) proposal: Option<Proposal>,
}

impl World {
    /// Records an attendee's answer: in the own copy (declined ones leave the calendar), and, if it is sent, in the organizer's.
    pub(crate) fn respond(&mut self, owner: &str, found: Found, answer: Answer, now: DateTime<Utc>) {
        let change = self.next_change();
        let Some(series) = self.mailboxes.get(owner).and_then(|mailbox| mailbox.events.get(found.index)).cloned() else { return };
        let intended = self.intended_status(&series);
        let Some(mailbox) = self.mailboxes.get_mut(owner) else { return };
        let me = mailbox.owner.clone();
        let Some(copy) = mailbox.events.get_mut(found.index) else { return };
        copy.touch(change, now);
        let answered = match (found.date, answer.response) {
            (Some(date), Response::Declined) => {
                copy.exceptions.remove(&date);
                copy.cancelled_dates.insert(date);
                None
            }
            (None, Response::Declined) => {
                mailbox.events.remove(found.index);
                None
            }
            (Some(date), _) => Some(copy.exception_mut(date)),
            (None, _) => Some(copy),
        };
        let shown = answered.as_deref().cloned().unwrap_or_else(|| match found.date {
            Some(date) => super::occurrences::occurrence_event(&series, date),
            None => series.clone(),
        });
        if let Some(event) = answered {
            settle(event, &me.address, &answer, intended, now);
            // An answer to the series holds for its exceptions too.
            event.exceptions.values_mut().for_each(|exception| settle(exception, &me.address, &answer, intended, now));
            event.touch(change, now);
        }
        if answer.send {
            self.tell_organizer(&me, &series, &shown, found, &answer, now);
        }
    }

    /// What the organizer wants attendees' calendars to show once they accept.
    fn intended_status(&self, copy: &Event) -> ShowAs {
        let organizer = self.mailbox_at(&copy.organizer.address).and_then(|id| self.mailboxes.get(id));
        let original = organizer.and_then(|mailbox| mailbox.events.iter().find(|event| event.ical_uid == copy.ical_uid));
        original.map_or(ShowAs::Busy, |event| event.show_as)
    }

    /// Notes the answer in the organizer's copy and puts the answer's message into the organizer's inbox.
    fn tell_organizer(&mut self, me: &Address, series: &Event, shown: &Event, found: Found, answer: &Answer, now: DateTime<Utc>) {
        let change = self.next_change();
        let Some(organizer) = self.mailbox_at(&series.organizer.address).map(str::to_owned) else { return };
        let Some(mailbox) = self.mailboxes.get_mut(&organizer) else { return };
        let original = mailbox.events.iter_mut().find(|event| event.is_organizer && is_copy_of(series, event));
        if let Some(original) = original {
            // Invited to one occurrence alone, the attendee's copy is a single event: its uid names the date.
            let date = found.date.or_else(|| uid_date(series, original));
            original.touch(change, now);
            match date {
                Some(date) if original.recurrence.is_some() => {
                    let exception = original.exception_mut(date);
                    note(exception, me, answer, now);
                    exception.touch(change, now);
                }
                _ => {
                    note(original, me, answer, now);
                    original.exceptions.values_mut().for_each(|exception| note(exception, me, answer, now));
                }
            }
        }
        let kind = MeetingKind::Answer { response: answer.response, proposal: answer.proposal.clone() };
        let mut info = meeting_info(kind, series, shown, found.date);
        info.date = found.date;
        let verb = match (&answer.proposal, answer.response) {
            (Some(_), _) => "New Time Proposed",
            (None, Response::Accepted) => "Accepted",
            (None, Response::Declined) => "Declined",
            _ => "Tentative",
        };
        let subject = format!("{verb}: {}", shown.subject);
        let to = [series.organizer.clone()];
        self.post_meeting_message(&organizer, me, &to, &subject, &Body { html: false, content: answer.comment.clone() }, info, now);
    }

    /// Puts a message about a meeting into somebody's inbox.
    #[expect(clippy::too_many_arguments, reason = "a message has this many parts, and a struct for them would be built in one place each")]
    pub(crate) fn post_meeting_message(
        &mut self,
        recipient: &str,
        from: &Address,
        to: &[Address],
        subject: &str,
        body: &Body,
        info: MeetingInfo,
        now: DateTime<Utc>,
    ) {
        let (change, id) = (self.next_change(), self.next_id());
        let conversation = info.ical_uid.clone();
        let Some(mailbox) = self.mailboxes.get_mut(recipient) else { return };
        let Some(inbox) = mailbox.mail.folder("inbox").map(|folder| folder.id.clone()) else { return };
        let internet_message_id = format!("<{change:012x}@contoso.onmicrosoft.com>");
        mailbox.mail.messages.push(Message {
            id,
            folder_id: inbox,
            change,
            moves: 0,
            created: now,
            modified: now,
            received: now,
            sent: now,
            subject: subject.to_owned(),
            body: body.clone(),
            from: from.clone(),
            to: to.to_vec(),
            cc: Vec::new(),
            bcc: Vec::new(),
            reply_to: Vec::new(),
            is_read: false,
            is_draft: false,
            importance: Importance::Normal,
            categories: Vec::new(),
            conversation,
            internet_message_id,
            attachments: Vec::new(),
            meeting: Some(info),
            headers: Vec::new(),
            flag: None,
        });
    }
}

/// Puts an answer into the attendee's own copy.
fn settle(event: &mut Event, me: &str, answer: &Answer, intended: ShowAs, now: DateTime<Utc>) {
    event.response = answer.response;
    event.response_time = Some(now);
    event.show_as = match answer.response {
        Response::Accepted => intended,
        _ if intended == ShowAs::Free => ShowAs::Free,
        _ => ShowAs::Tentative,
    };
    if let Some(entry) = event.attendee_mut(me) {
        entry.response = answer.response;
        entry.response_time = Some(now);
    }
}

/// Puts an answer into the organizer's list; somebody who was reached through a list or a forward is added to it.
fn note(event: &mut Event, me: &Address, answer: &Answer, now: DateTime<Utc>) {
    if !event.attendees.iter().any(|attendee| same_address(&attendee.email, &me.address)) {
        let kind = AttendeeKind::Required;
        event.attendees.push(Attendee { kind, email: me.clone(), response: Response::None, response_time: None, proposal: None });
    }
    if let Some(entry) = event.attendee_mut(&me.address) {
        entry.response = answer.response;
        entry.response_time = Some(now);
        entry.proposal = answer.proposal.clone();
    }
}

/// Whether `copy` is an attendee's copy of this event or of one occurrence of it.
fn is_copy_of(copy: &Event, original: &Event) -> bool {
    copy.ical_uid == original.ical_uid || uid_date(copy, original).is_some()
}

fn uid_date(copy: &Event, original: &Event) -> Option<chrono::NaiveDate> {
    original.exceptions.keys().copied().find(|date| ids::occurrence_ical_uid(&original.ical_uid, *date) == copy.ical_uid)
}
