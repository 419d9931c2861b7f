//! Creating, changing and deleting events. Owns the rules of each and when others hear of it; leaves reading bodies to `read` and delivery to
//! `world::meetings`.

use super::{
    Scope,
    read::{self, Touched},
    render,
};
use crate::{
    graph::{
        access::{self, Need},
        error::{Error, Result},
        odata,
        reply::Reply,
        request::Call,
    },
    world::{
        World,
        event::{Attendee, Event},
        mailbox::{Found, Mailbox},
        occurrences,
        settings::Purpose,
        wire::Response,
    },
};

/// The providers of online meetings that a mailbox's calendars have: none for personal accounts.
pub(crate) fn providers(world: &World, owner: &str) -> &'static [&'static str] {
    let personal = world.user(owner).and_then(|user| world.tenant(&user.tenant_id)).is_some_and(|tenant| tenant.consumer);
    if personal { &[] } else { &["teamsForBusiness"] }
}

/// `POST …/events`.
pub(crate) fn create(world: &mut World, call: &Call<'_>, scope: &Scope) -> Result {
    let role = scope.allow(world, call, Need::Write)?;
    let input = call.json()?;
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let calendar_id = match &scope.calendar {
        Some(id) => mailbox.calendar(id).ok_or_else(Error::item_not_found)?.id.clone(),
        None => mailbox.default_calendar_id(),
    };
    let mut event = read::blank(&mailbox.owner, &calendar_id, &mailbox.settings.zone, call.now);
    for name in ["start", "end"] {
        if input.time(name)?.is_none() {
            return Err(Error::invalid(format!("The event needs '{name}'.")));
        }
    }
    read::apply(&input, &mut event)?;
    read::validate(&mut event)?;
    event.transaction_id = input.text("transactionId")?.filter(|id| !id.is_empty());
    if let Some(known) = mailbox.events.iter().find(|known| event.transaction_id.is_some() && known.transaction_id == event.transaction_id)
    {
        return repeated(world, call, scope, known, &event, &view);
    }
    let allowed = providers(world, &scope.owner.id);
    event.id = world.next_id();
    event.ical_uid = world.next_ical_uid();
    event.change = world.next_change();
    read::online(&input, &mut event, allowed, call.now)?;
    if let Some(files) = input.objects("attachments")? {
        for file in files {
            event.attachments.push(super::attach::read(world, call, &file)?);
        }
    }
    let id = event.id.clone();
    let mailbox = access::mailbox_mut(world, &scope.owner)?;
    mailbox.events.push(event);
    let found = Found { index: mailbox.events.len() - 1, date: None };
    world.send_invitations(&scope.owner.id, found, &[], false, call.now);
    let mailbox = access::mailbox(world, &scope.owner)?;
    let instance = mailbox.find(&id).and_then(|found| mailbox.instance(found)).ok_or_else(Error::item_not_found)?;
    let body = odata::with_context(call, &format!("{}/$entity", scope.context()), render::render(&instance, &view));
    Ok(Reply::json(201, body).header("Location", call.url(&format!("users/{}/events/{id}", scope.owner.id))))
}

/// The same `transactionId` again: the same event is answered once more, another one is refused.
fn repeated(world: &World, call: &Call<'_>, scope: &Scope, known: &Event, asked: &Event, view: &render::View) -> Result {
    let addresses = |event: &Event| event.attendees.iter().map(|attendee| attendee.email.address.to_lowercase()).collect::<Vec<_>>();
    let same = known.subject == asked.subject
        && known.start == asked.start
        && known.end == asked.end
        && known.all_day == asked.all_day
        && addresses(known) == addresses(asked);
    if same {
        let value = render::render(&occurrences::unexpanded(known), view);
        return Ok(Reply::json(201, odata::with_context(call, &format!("{}/$entity", scope.context()), value)));
    }
    let message =
        "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event.";
    Err(Error::new(world.switches.duplicate_transaction_status, "ErrorDuplicateTransactionId", message)
        .with("@event.existingEventId", known.id.clone()))
}

/// Refuses if the caller saw another version of the item.
pub(crate) fn check_etag(world: &World, call: &Call<'_>, change: u64) -> Result<()> {
    let current = render::etag(change);
    match call.header("if-match") {
        Some(expected) if expected != "*" && !expected.split(',').any(|etag| etag.trim() == current) => {
            let (status, code) = match world.switches.stale_etag_status {
                409 => (409, "ErrorIrresolvableConflict"),
                status => (status, "ErrorIrresolvableConflict"),
            };
            let message = "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.";
            Err(Error::new(status, code, message))
        }
        _ => Ok(()),
    }
}

/// `PATCH …/events/{id}`: the organizer's change goes to all; an attendee's stays in the own copy.
pub(crate) fn update(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    let role = scope.allow(world, call, Need::Write)?;
    let input = call.json()?;
    let view = scope.view(world, call, role)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let before = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    check_etag(world, call, before.change)?;
    let mut after = before.clone();
    if found.date.is_some() && input.has("recurrence") {
        return Err(Error::invalid("One occurrence of a series has no recurrence of its own."));
    }
    let touched = read::apply(&input, &mut after)?;
    read::validate(&mut after)?;
    keep_order(mailbox, found, &after)?;
    let allowed = providers(world, &scope.owner.id);
    after.change = world.next_change();
    after.modified = call.now;
    read::online(&input, &mut after, allowed, call.now)?;
    let again = touched.time;
    if again && after.is_organizer {
        // A meeting at another time is asked about anew.
        after.attendees.iter_mut().for_each(|attendee| {
            (attendee.response, attendee.response_time, attendee.proposal) = (Response::None, None, None);
        });
    }
    replace(access::mailbox_mut(world, &scope.owner)?, found, &input, touched, after.clone())?;
    if after.is_organizer && (touched != Touched::default() || before.online != after.online) {
        let gone =
            |attendee: &&Attendee| !after.attendees.iter().any(|other| other.email.address.eq_ignore_ascii_case(&attendee.email.address));
        let removed: Vec<Attendee> = before.attendees.iter().filter(gone).cloned().collect();
        world.send_invitations(&scope.owner.id, found, &removed, again, call.now);
    }
    let mailbox = access::mailbox(world, &scope.owner)?;
    let instance = mailbox.instance(found).ok_or_else(Error::item_not_found)?;
    Ok(odata::entity(call, &scope.context(), render::render(&instance, &view)))
}

/// An occurrence stays strictly between the days of its neighbours.
fn keep_order(mailbox: &Mailbox, found: Found, after: &Event) -> Result<()> {
    let (Some(date), Some(series)) = (found.date, mailbox.events.get(found.index)) else { return Ok(()) };
    let (previous, next) = occurrences::neighbours(series, date);
    let start = series.start.zone.local(after.start.instant()).date();
    if previous.is_some_and(|previous| start <= previous.date()) || next.is_some_and(|next| start >= next.date()) {
        let message = "Modified occurrence is crossing or overlapping adjacent occurrence.";
        return Err(Error::new(400, "ErrorOccurrenceCrossingBoundary", message));
    }
    Ok(())
}

/// Puts the changed record in its place. A series at other times has no exceptions left; otherwise they take over what changed.
fn replace(mailbox: &mut Mailbox, found: Found, input: &crate::graph::input::Input, touched: Touched, after: Event) -> Result<()> {
    let stored = mailbox.events.get_mut(found.index).ok_or_else(Error::item_not_found)?;
    let (change, now) = (after.change, after.modified);
    match found.date {
        Some(date) => {
            stored.touch(change, now);
            *stored.exception_mut(date) = after;
        }
        None => {
            *stored = after;
            if touched.time {
                stored.exceptions.clear();
                stored.cancelled_dates.clear();
            }
            for exception in stored.exceptions.values_mut() {
                read::apply(input, exception)?;
                exception.touch(change, now);
            }
        }
    }
    Ok(())
}

/// `DELETE …/events/{id}`: the organizer's deletion cancels the meeting for all.
pub(crate) fn delete(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    scope.allow(world, call, Need::Write)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let event = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    check_etag(world, call, event.change)?;
    remove(world, call, scope, found, "")?;
    Ok(Reply::empty(204))
}

/// Takes an event or an occurrence out of the calendar; if it is the organizer's, everybody invited is told.
pub(crate) fn remove(world: &mut World, call: &Call<'_>, scope: &Scope, found: Found, comment: &str) -> Result<()> {
    let change = world.next_change();
    let mailbox = access::mailbox_mut(world, &scope.owner)?;
    let shown = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    match found.date {
        Some(date) => {
            let series = mailbox.events.get_mut(found.index).ok_or_else(Error::item_not_found)?;
            series.touch(change, call.now);
            series.exceptions.remove(&date);
            series.cancelled_dates.insert(date);
        }
        None => {
            mailbox.events.remove(found.index);
        }
    }
    let is_room = mailbox.settings.purpose == Purpose::Room;
    if shown.is_organizer && shown.is_meeting() && !shown.cancelled && !is_room {
        world.send_cancellations(&shown, found.date, comment, call.now);
    }
    Ok(())
}
