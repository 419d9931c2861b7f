//! Invitations, updates and cancellations as they reach attendees' mailboxes, at once. Owns the copies there; leaves answers to `responses`.
//! Copies of a meeting are linked by their iCalUId.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    World,
    event::{Address, Attendee, Event},
    ids,
    mail::{MeetingInfo, MeetingKind},
    mailbox::Found,
    occurrences,
    responses::Answer,
    wire::{Response, ShowAs},
};

/// What stands before the subject of a meeting that was called off.
const CANCELED: &str = "Canceled: ";

impl World {
    /// Brings the organizer's event, or one occurrence of it, to everybody invited: new invitations, or updates of those that they have.
    /// `removed` are told that the meeting is off. `again`: time or place changed, so that everybody is asked anew.
    pub(crate) fn send_invitations(&mut self, owner: &str, found: Found, removed: &[Attendee], again: bool, now: DateTime<Utc>) {
        let Some(series) = self.mailboxes.get(owner).and_then(|mailbox| mailbox.events.get(found.index)).cloned() else { return };
        let sent = match found.date {
            Some(date) => series.exceptions.get(&date).cloned().unwrap_or_else(|| occurrences::occurrence_event(&series, date)),
            None => series.clone(),
        };
        for attendee in &sent.attendees {
            for recipient in self.recipients(&attendee.email.address) {
                if recipient != owner {
                    self.deliver(&recipient, &series, &sent, found.date, again, now);
                }
            }
        }
        for attendee in removed {
            for recipient in self.recipients(&attendee.email.address) {
                self.cancel_copy(&recipient, &sent, found.date, now);
            }
        }
        self.answer_for_rooms(owner, found, again, now);
    }

    /// Tells everybody invited that the meeting, or one occurrence of it, is off. The organizer's own copy is the caller's business.
    pub(crate) fn send_cancellations(&mut self, meeting: &Event, date: Option<NaiveDate>, comment: &str, now: DateTime<Utc>) {
        let mut meeting = meeting.clone();
        if !comment.is_empty() {
            meeting.body = super::event::Body { html: false, content: comment.to_owned() };
        }
        for attendee in meeting.attendees.clone() {
            for recipient in self.recipients(&attendee.email.address) {
                self.cancel_copy(&recipient, &meeting, date, now);
            }
        }
    }

    /// The mailboxes behind an address: one, or those of a list's members. An address outside has none here.
    pub(crate) fn recipients(&self, address: &str) -> Vec<String> {
        let Some(members) = self.list_members(address) else {
            return self.mailbox_at(address).map(str::to_owned).into_iter().collect();
        };
        let group = self.group(address).filter(|group| group.unified).map(|group| group.id.clone());
        members.iter().filter_map(|member| self.mailbox_at(member).map(str::to_owned)).chain(group).collect()
    }

    /// Puts the invitation into one mailbox, or brings the copy there up to date.
    fn deliver(&mut self, recipient: &str, series: &Event, sent: &Event, date: Option<NaiveDate>, again: bool, now: DateTime<Utc>) {
        let change = self.next_change();
        let id = self.next_id();
        let Some(mailbox) = self.mailboxes.get_mut(recipient) else { return };
        let calendar_id = mailbox.default_calendar_id();
        let me = mailbox.owner.clone();
        let known = mailbox.by_uid(&series.ical_uid).is_some();
        let update = known;
        match (date, mailbox.by_uid(&series.ical_uid)) {
            (Some(date), Some(copy)) if copy.recurrence.is_some() => {
                copy.touch(change, now);
                copy.cancelled_dates.remove(&date);
                let exception = copy.exception_mut(date);
                *exception = updated(exception, sent, again);
                exception.touch(change, now);
            }
            (None, Some(copy)) => {
                let mut fresh = updated(copy, sent, again);
                fresh.exceptions = if again { Default::default() } else { inherit_exceptions(copy, sent) };
                fresh.cancelled_dates = sent.cancelled_dates.clone();
                fresh.touch(change, now);
                *copy = fresh;
            }
            // Invited to the one occurrence alone, or to all: a new copy.
            (date, _) => {
                let mut copy = invitation(sent, id, calendar_id, now, change);
                if let Some(date) = date {
                    copy.ical_uid = ids::occurrence_ical_uid(&series.ical_uid, date);
                }
                mailbox.events.push(copy);
            }
        }
        if self.user(&me.address).is_some_and(|user| user.room) {
            return;
        }
        let info = meeting_info(MeetingKind::Request { update }, series, sent, date);
        self.post_meeting_message(recipient, &sent.organizer, std::slice::from_ref(&me), &sent.subject, &sent.body, info, now);
    }

    /// Marks a copy as cancelled; it stays in the calendar until its owner removes it, free and with "Canceled:" before its subject.
    fn cancel_copy(&mut self, recipient: &str, meeting: &Event, date: Option<NaiveDate>, now: DateTime<Utc>) {
        let change = self.next_change();
        let is_room = self.user(recipient).is_some_and(|user| user.room);
        let Some(mailbox) = self.mailboxes.get_mut(recipient) else { return };
        let me = mailbox.owner.clone();
        let single = date.map(|date| ids::occurrence_ical_uid(&meeting.ical_uid, date));
        let index = mailbox
            .events
            .iter()
            .position(|event| event.ical_uid == meeting.ical_uid || single.as_ref() == Some(&event.ical_uid))
            .filter(|index| mailbox.events.get(*index).is_some_and(|event| !event.is_organizer));
        let Some(index) = index else { return };
        if is_room && date.is_none() {
            mailbox.events.remove(index);
            return;
        }
        let Some(copy) = mailbox.events.get_mut(index) else { return };
        copy.touch(change, now);
        let whole = date.is_none() || copy.recurrence.is_none();
        match date {
            Some(date) if !whole && is_room => {
                copy.exceptions.remove(&date);
                copy.cancelled_dates.insert(date);
            }
            Some(date) if !whole => mark_cancelled(copy.exception_mut(date), change, now),
            _ => {
                mark_cancelled(copy, change, now);
                copy.exceptions.values_mut().for_each(|exception| mark_cancelled(exception, change, now));
            }
        }
        if !is_room {
            let subject = format!("{CANCELED}{}", meeting.subject);
            let info = meeting_info(MeetingKind::Cancellation, meeting, meeting, date);
            self.post_meeting_message(recipient, &meeting.organizer, &[me], &subject, &meeting.body, info, now);
        }
    }

    /// Rooms and groups answer by themselves: a room accepts when it is free at every occurrence of the next half year, else declines. One
    /// that has accepted is asked again only about another time.
    fn answer_for_rooms(&mut self, owner: &str, found: Found, again: bool, now: DateTime<Utc>) {
        let Some(event) = self.mailboxes.get(owner).and_then(|mailbox| mailbox.instance(found)).map(|instance| instance.event.into_owned())
        else {
            return;
        };
        for attendee in event.attendees.iter().filter(|attendee| again || attendee.response != Response::Accepted) {
            let Some(mailbox_id) = self.mailbox_at(&attendee.email.address).map(str::to_owned) else { continue };
            let is_room = self.user(&mailbox_id).is_some_and(|user| user.room);
            if !is_room && self.group(&mailbox_id).is_none() {
                continue;
            }
            let reserved = self.room(&attendee.email.address).is_some_and(|room| room.reserved);
            let taken = is_room && (reserved || self.is_taken(&mailbox_id, &event, now));
            let response = if taken { Response::Declined } else { Response::Accepted };
            let Some(copy) = self.mailboxes.get(&mailbox_id).and_then(|mailbox| {
                let index = mailbox.events.iter().position(|copy| copy.ical_uid == event.ical_uid)?;
                Some(Found { index, date: found.date.filter(|_| mailbox.events.get(index).is_some_and(|copy| copy.recurrence.is_some())) })
            }) else {
                continue;
            };
            if is_room {
                // Exchange's default for rooms: the organizer's name takes the subject's place, and the text is dropped.
                let organizer = event.organizer.name.clone();
                if let Some(copy) = self.mailboxes.get_mut(&mailbox_id).and_then(|mailbox| mailbox.events.get_mut(copy.index)) {
                    copy.subject = organizer;
                    copy.body = Default::default();
                }
            }
            let answer = Answer { response, comment: String::new(), send: true, proposal: None };
            self.respond(&mailbox_id, copy, answer, now);
        }
    }

    /// Whether a room has something else at any time of the event.
    fn is_taken(&self, room: &str, event: &Event, now: DateTime<Utc>) -> bool {
        let Some(mailbox) = self.mailboxes.get(room) else { return true };
        let zone = &mailbox.settings.zone;
        let start = occurrences::unexpanded(event).span(zone).0;
        let until = now.max(start) + chrono::TimeDelta::days(180);
        occurrences::between(std::iter::once(event), start, until, zone).iter().any(|instance| {
            let (from, to) = instance.span(zone);
            let others = mailbox.items(from, to, zone);
            others.iter().any(|other| other.event.ical_uid != event.ical_uid && other.event.show_as != ShowAs::Free)
        })
    }
}

fn mark_cancelled(event: &mut Event, change: u64, now: DateTime<Utc>) {
    if !event.cancelled {
        event.subject = format!("{CANCELED}{}", event.subject);
    }
    event.cancelled = true;
    event.show_as = ShowAs::Free;
    event.reminder_on = false;
    event.touch(change, now);
}

/// A first copy for an attendee.
fn invitation(sent: &Event, id: String, calendar_id: String, now: DateTime<Utc>, change: u64) -> Event {
    let mut copy = Event {
        id,
        calendar_id,
        created: now,
        modified: now,
        change,
        categories: Vec::new(),
        show_as: asked(sent.show_as),
        is_organizer: false,
        response: Response::NotResponded,
        response_time: None,
        reminder_on: true,
        reminder_minutes: 15,
        snoozed_until: None,
        transaction_id: None,
        ..sent.clone()
    };
    copy.attendees.iter_mut().for_each(|attendee| attendee.proposal = None);
    for exception in copy.exceptions.values_mut() {
        exception.is_organizer = false;
        exception.response = Response::NotResponded;
        exception.show_as = asked(exception.show_as);
    }
    copy
}

/// An unanswered invitation is tentative, unless the meeting leaves everybody free anyway.
const fn asked(intended: ShowAs) -> ShowAs {
    if matches!(intended, ShowAs::Free) { ShowAs::Free } else { ShowAs::Tentative }
}

/// A copy brought up to date with what the organizer sent: what belongs to its owner stays, the answer too unless everybody is asked anew.
fn updated(copy: &Event, sent: &Event, again: bool) -> Event {
    let keep_answer = !again && !copy.cancelled;
    Event {
        id: copy.id.clone(),
        calendar_id: copy.calendar_id.clone(),
        ical_uid: copy.ical_uid.clone(),
        created: copy.created,
        categories: copy.categories.clone(),
        reminder_on: copy.reminder_on,
        reminder_minutes: copy.reminder_minutes,
        show_as: if keep_answer { copy.show_as } else { asked(sent.show_as) },
        response: if keep_answer { copy.response } else { Response::NotResponded },
        response_time: copy.response_time.filter(|_| keep_answer),
        is_organizer: false,
        transaction_id: None,
        snoozed_until: None,
        ..sent.clone()
    }
}

/// The exceptions of a copy whose series was updated without moving it: the organizer's, with this attendee's own answers.
fn inherit_exceptions(copy: &Event, sent: &Event) -> std::collections::BTreeMap<NaiveDate, Event> {
    let of_organizer = sent.exceptions.iter().map(|(date, exception)| {
        let base = copy.exceptions.get(date).unwrap_or(copy);
        (*date, updated(base, exception, false))
    });
    let mut exceptions: std::collections::BTreeMap<_, _> = of_organizer.collect();
    for (date, exception) in &copy.exceptions {
        // The attendee answered this one date differently; the rest of it is the series'.
        exceptions.entry(*date).or_insert_with(|| updated(exception, &occurrences::occurrence_event(sent, *date), false));
    }
    exceptions
}

/// What a message about a meeting says of it.
pub(crate) fn meeting_info(kind: MeetingKind, series: &Event, shown: &Event, date: Option<NaiveDate>) -> MeetingInfo {
    MeetingInfo {
        kind,
        ical_uid: series.ical_uid.clone(),
        date,
        start: shown.start.clone(),
        end: shown.end.clone(),
        all_day: shown.all_day,
        location: shown.location_name(),
    }
}

/// Who an event's organizer is, as an attendee entry names people.
pub(crate) fn same_address(one: &Address, other: &str) -> bool {
    one.address.eq_ignore_ascii_case(other)
}
