//! Actions on events: answers, cancelling, forwarding, reminders. Owns their rules; leaves effects in other mailboxes to `world`.

use super::{Scope, read, store};
use crate::{
    graph::{
        access::{self, Need},
        error::{Error, Result},
        input::Input,
        reply::Reply,
        request::Call,
        scopes,
    },
    world::{
        World,
        event::{Attendee, Event},
        mailbox::Found,
        responses::Answer,
        wire::{AttendeeKind, Response},
    },
};

/// `POST …/events/{id}/{action}`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str, action: &str) -> Result {
    match action {
        "accept" => respond(world, call, scope, id, Response::Accepted),
        "tentativelyAccept" => respond(world, call, scope, id, Response::TentativelyAccepted),
        "decline" => respond(world, call, scope, id, Response::Declined),
        "cancel" => cancel(world, call, scope, id),
        "forward" => forward(world, call, scope, id),
        "dismissReminder" | "snoozeReminder" => reminder(world, call, scope, id, action == "snoozeReminder"),
        "permanentDelete" => {
            let (found, _) = target(world, call, scope, id)?;
            store::remove(world, call, scope, found, "")?;
            // No page gives the status; 204 is what the call descriptions of the metadata suggest.
            Ok(Reply::empty(204))
        }
        _ => Err(crate::graph::routes::unknown(call)),
    }
}

/// The event of a writing action.
fn target(world: &World, call: &Call<'_>, scope: &Scope, id: &str) -> Result<(Found, Event)> {
    scope.allow(world, call, Need::Write)?;
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let event = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    Ok((found, event))
}

fn respond(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str, response: Response) -> Result {
    if scope.owner.group {
        return Err(Error::not_modelled("answers for group events: Graph does not support them"));
    }
    let (found, event) = target(world, call, scope, id)?;
    let input = call.json()?;
    if event.is_organizer {
        let message = "Your request can't be completed. You can't respond to this meeting because you're the meeting organizer.";
        return Err(Error::invalid(message));
    }
    let send = input.boolean("sendResponse")?.unwrap_or(true);
    let proposal = if response == Response::Accepted { None } else { read::proposal(&input)? };
    if proposal.is_some() && !event.allow_new_time_proposals {
        return Err(Error::invalid("Your request can't be completed. The meeting organizer doesn't allow new time proposals."));
    }
    if proposal.is_some() && !send {
        return Err(Error::parameter("A new time can only be proposed if the response is sent."));
    }
    let comment = input.text("comment")?.unwrap_or_default();
    world.respond(&scope.owner.id, found, Answer { response, comment, send, proposal }, call.now);
    Ok(Reply::empty(202))
}

fn cancel(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    let (found, event) = target(world, call, scope, id)?;
    if !event.is_organizer {
        return Err(Error::invalid("Your request can't be completed. You need to be an organizer to cancel a meeting."));
    }
    let comment = call.json()?.text("comment")?.unwrap_or_default();
    store::remove(world, call, scope, found, &comment)?;
    Ok(Reply::empty(202))
}

/// Sends the invitation to more people; they join the organizer's list.
fn forward(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str) -> Result {
    if scope.owner.own {
        scopes::outlook(call, scopes::CALENDARS_READ)?;
    } else {
        scope.allow(world, call, Need::Read)?;
    }
    let mailbox = access::mailbox(world, &scope.owner)?;
    let found = scope.find(mailbox, id)?;
    let event = mailbox.instance(found).ok_or_else(Error::item_not_found)?.event.into_owned();
    let recipients = recipients(&call.json()?)?;
    let Some(organizer) = world.mailbox_at(&event.organizer.address).map(str::to_owned) else {
        // The organizer is elsewhere: nobody here hears of it, and the recipients' invitation is not the sandbox's to make.
        return Ok(Reply::empty(202));
    };
    let change = world.next_change();
    let Some(mailbox) = world.mailboxes.get_mut(&organizer) else { return Ok(Reply::empty(202)) };
    let Some(index) = mailbox.events.iter().position(|original| original.ical_uid == event.ical_uid && original.is_organizer) else {
        return Ok(Reply::empty(202));
    };
    let original = Found { index, date: found.date };
    let Some(stored) = mailbox.events.get_mut(index) else { return Ok(Reply::empty(202)) };
    stored.touch(change, call.now);
    let record = match found.date {
        Some(date) => stored.exception_mut(date),
        None => stored,
    };
    for email in recipients {
        if record.attendee_mut(&email.address).is_none() && !record.organizer.address.eq_ignore_ascii_case(&email.address) {
            let kind = AttendeeKind::Required;
            record.attendees.push(Attendee { kind, email, response: Response::None, response_time: None, proposal: None });
        }
    }
    world.send_invitations(&organizer, original, &[], false, call.now);
    Ok(Reply::empty(202))
}

fn recipients(input: &Input) -> Result<Vec<crate::world::event::Address>> {
    let missing = || Error::new(400, "ErrorInvalidRecipients", "At least one recipient is not valid: 'toRecipients' is needed.");
    input.recipients("toRecipients")?.filter(|recipients| !recipients.is_empty()).ok_or_else(missing)
}

fn reminder(world: &mut World, call: &Call<'_>, scope: &Scope, id: &str, snooze: bool) -> Result {
    let (found, _) = target(world, call, scope, id)?;
    let until = if snooze {
        let missing = || Error::parameter("'newReminderTime' is needed.");
        Some(call.json()?.time("newReminderTime")?.ok_or_else(missing)?.instant())
    } else {
        None
    };
    let change = world.next_change();
    let stored = access::mailbox_mut(world, &scope.owner)?.events.get_mut(found.index).ok_or_else(Error::item_not_found)?;
    stored.touch(change, call.now);
    let record = match found.date {
        Some(date) => stored.exception_mut(date),
        None => stored,
    };
    record.snoozed_until = until;
    record.reminder_on = snooze;
    record.touch(change, call.now);
    Ok(Reply::empty(200))
}
