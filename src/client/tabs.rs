//! One mailbox, several tabs: Outlook counts requests per mailbox, not per tab. Owns the places that all tabs share and the passing on of
//! pauses; leaves the order within a tab to `queue`.

use std::{future::poll_fn, rc::Rc, task::Poll, time::Duration};

use convoke_core::graph::{Lane, Mailbox};

use super::{
    LocalBoxFuture,
    io::{Held, Io, Talk},
    queue::Queue,
};

/// Where tabs tell each other of pauses.
const CHANNEL: &str = "convoke-pause";

/// What this tab shares with the others.
pub(super) struct Tabs {
    /// Whose mailbox `me` is, and which service: other accounts' limits are their own.
    realm: String,
    talk: Option<Talk>,
}

impl Tabs {
    /// `owner`: whose mailbox `me` is, where that is known.
    pub(super) fn new(service: &str, owner: Option<&str>, queue: &Queue, io: &Io) -> Self {
        let realm = [service, " ", owner.unwrap_or_default()].concat();
        let (queue, clock, own) = (queue.clone(), io.clone(), realm.clone());
        let talk = (io.talk)(
            CHANNEL,
            Box::new(move |text| {
                if let Some((realm, lane, pause)) = read(&text)
                    && realm == own
                {
                    queue.pause(&lane, pause, &clock);
                }
            }),
        );
        Self { realm, talk }
    }

    /// Which service, and whose.
    pub(super) fn realm(&self) -> &str {
        &self.realm
    }

    /// Tells the others that a lane has to be silent for so long.
    pub(super) fn tell(&self, lane: &Lane, pause: Duration) {
        if let Some(talk) = &self.talk {
            (talk.say)(&[&self.realm, "\n", &name(lane), "\n", &pause.as_millis().to_string()].concat());
        }
    }

    /// Waits for `weight` of the `width` places that all tabs have in a lane. Whoever waits first is served first, also one who needs all
    /// places: the others wait at the gate meanwhile.
    pub(super) async fn enter(&self, lane: &Lane, weight: usize, width: usize, io: &Io) -> Vec<Held> {
        let place = |suffix: &str| (io.lock)(&["convoke ", &self.realm, " ", &name(lane), " ", suffix].concat());
        let gate = place("gate").await;
        let mut free: Vec<LocalBoxFuture<Held>> = (0..width).map(|number| place(&number.to_string())).collect();
        let mut held = Vec::with_capacity(weight);
        poll_fn(|context| {
            let mut index = 0;
            while index < free.len() && held.len() < weight {
                match free[index].as_mut().poll(context) {
                    Poll::Ready(place) => {
                        held.push(place);
                        drop(free.remove(index));
                    }
                    Poll::Pending => index += 1,
                }
            }
            if held.len() < weight { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        drop(gate);
        held
    }
}

/// A lane as one word.
fn name(lane: &Lane) -> Rc<str> {
    match lane {
        Lane::Mailbox(Mailbox::Me) => "me".into(),
        Lane::Mailbox(Mailbox::User(id)) => ["user:", id].concat().into(),
        Lane::Directory => "directory".into(),
    }
}

fn read(text: &str) -> Option<(&str, Lane, Duration)> {
    let mut lines = text.split('\n');
    let (realm, lane, pause) = (lines.next()?, lines.next()?, lines.next()?.parse().ok()?);
    let lane = match lane {
        "me" => Lane::Mailbox(Mailbox::Me),
        "directory" => Lane::Directory,
        user => Lane::Mailbox(Mailbox::User(user.strip_prefix("user:")?.into())),
    };
    Some((realm, lane, Duration::from_millis(pause)))
}
