//! Outlook's limit of concurrent requests: four of one application to one mailbox. Owns the counting; a batch counts as one request.

use std::time::Duration;

use super::{
    error::{Error, Result},
    request::Call,
};
use crate::{context::Shared, world::World};

/// A request's place among those that a mailbox is serving; given back when dropped.
pub(crate) struct Place {
    context: Shared,
    /// Application and mailbox; `None`: the request is about no mailbox.
    key: Option<(String, String)>,
    /// How long requests to mailboxes take at least.
    pub(crate) latency: Duration,
}

impl Place {
    /// Takes a place, or refuses with 429.
    pub(crate) fn take(context: &Shared, call: &Call<'_>) -> Result<Self> {
        let mut world = context.world();
        let (most, latency) = (world.switches.mailbox_concurrency, world.switches.mailbox_latency);
        let Some(mailbox) = mailbox_of(&world, call) else {
            return Ok(Self { context: context.clone(), key: None, latency: Duration::ZERO });
        };
        let key = (call.caller.app_id.clone(), mailbox);
        let count = world.in_flight.entry(key.clone()).or_default();
        if *count >= most {
            let error = Error::new(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.");
            return Err(error.header("Retry-After", "1"));
        }
        *count += 1;
        drop(world);
        Ok(Self { context: context.clone(), key: Some(key), latency })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(key) = &self.key else { return };
        let mut world = self.context.world();
        if let Some(count) = world.in_flight.get_mut(key) {
            *count = count.saturating_sub(1);
        }
    }
}

/// The mailbox that a request is about. Users themselves, their photos, groups and files are other services' business.
fn mailbox_of(world: &World, call: &Call<'_>) -> Option<String> {
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let (owner, service) = match segments.as_slice() {
        ["me", service, ..] => (call.caller.user_id.clone()?, *service),
        ["users", id, service, ..] => (world.user(id)?.id.clone(), *service),
        _ => return None,
    };
    let directory = ["photo", "photos", "manager", "directReports", "memberOf", "transitiveMemberOf", "drive", "drives"];
    (!directory.contains(&service)).then_some(owner)
}
