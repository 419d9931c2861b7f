//! The three invariants of the client, under random faults over a scripted hour, with two tabs: each intention happens exactly once or is
//! visibly not done, no request leaves before its Retry-After and never more than four run at once against a mailbox, and a token goes to
//! no host but Graph's.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    rc::Rc,
    time::Duration,
};

use convoke_core::{
    Error, ErrorCode,
    graph::{Call, Change, Mailbox, Request, Watched, create_event, delete_event, event, me, respond, search_users},
    model::{EventDraft, EventResponse},
};
use futures::future::{join, join_all};
use http::Method;
use proptest::prelude::*;

use super::super::{Abort, Client, Report, Source, WatchOptions};
use super::{
    service::{Fault, Service},
    world::{Sent, World},
};

const HOUR_MS: u32 = 3_600_000;
/// The smallest file that goes up in parts.
const FILE: u64 = 5 * 1024 * 1024;

/// One thing that somebody wants: in which tab, when, and when they give up.
#[derive(Debug, Clone)]
struct Wish {
    kind: u8,
    tab: usize,
    mailbox: u8,
    at_ms: u32,
    give_up_ms: Option<u32>,
}

fn any_fault() -> impl Strategy<Value = Fault> {
    let wait = || proptest::option::of(0_u16..900);
    let lost = prop_oneof![Just(ErrorCode::Network), Just(ErrorCode::Timeout)];
    let status = prop_oneof![Just(429_u16), Just(503), Just(500), Just(504), Just(423), Just(403), Just(404)];
    prop_oneof![
        4 => Just(Fault::None),
        3 => (status, wait()).prop_map(|(status, wait)| Fault::Status(status, wait)),
        2 => (lost, any::<bool>()).prop_map(|(code, done)| Fault::Failure(code, done)),
        1 => prop_oneof![Just(500_u16), Just(502), Just(504)].prop_map(Fault::Lie),
        1 => Just(Fault::Failure(ErrorCode::Offline, false)),
        1 => Just(Fault::Challenge),
        1 => Just(Fault::ForeignLink),
        1 => Just(Fault::Loop),
        2 => (prop_oneof![Just(429_u16), Just(503), Just(403)], wait()).prop_map(|(status, wait)| Fault::Part(status, wait)),
    ]
}

/// Wishes come in bursts, as people do.
fn any_wish() -> impl Strategy<Value = Wish> {
    let at = (0_u32..12, 0_u32..20_000).prop_map(|(burst, within)| burst * (HOUR_MS / 12) + within);
    (0_u8..10, 0_usize..2, 0_u8..3, at, proptest::option::weighted(0.2, 0_u32..30_000))
        .prop_map(|(kind, tab, mailbox, at_ms, give_up_ms)| Wish { kind, tab, mailbox, at_ms, give_up_ms })
}

/// What somebody was told.
type Outcome = Result<(), Error>;

async fn fulfil(client: Client, wish: Wish, number: usize, abort: Abort) -> Outcome {
    let mailbox = match wish.mailbox {
        0 => Mailbox::Me,
        1 => Mailbox::User("megan".into()),
        _ => Mailbox::User("lee".into()),
    };
    let draft = EventDraft { transaction_id: number.to_string(), ..EventDraft::default() };
    let invitation = number.to_string();
    let answer = || respond(&invitation, EventResponse::Accept, "", true, None).in_mailbox(mailbox.clone());
    match wish.kind {
        0 | 1 => client.run(create_event(&draft, None).in_mailbox(mailbox), &abort).await.map(drop),
        2 => client.run(answer(), &abort).await,
        3 => client.run(delete_event("x", None).unwrap().in_mailbox(mailbox), &abort).await,
        4 => client.pages(search_users("x"), &abort).collect(50, |_| {}).await.map(drop),
        5 => {
            let requests: Vec<Request> = vec![
                me().request,
                create_event(&draft, None).request,
                event("y").request,
                respond(&invitation, EventResponse::Accept, "", true, None).request,
                event("u").in_mailbox(mailbox).request,
            ];
            let mut answers = client.batch_in_order(&requests, &[vec![], vec![], vec![1]], &abort).await;
            answers.swap_remove(1).map(drop)
        }
        6 => client.run(Call::request(Method::GET, "/me/x", None).in_mailbox(mailbox), &abort).await.map(drop),
        7 => {
            let read = |range: std::ops::Range<u64>| vec![0; usize::try_from(range.end - range.start).unwrap()];
            let source =
                Source { size: FILE, media_type: String::new(), read: Rc::new(move |range| Box::pin(async move { Ok(read(range)) })) };
            client.upload(&format!("file{number}"), &source, &abort, |_, _| {}).await.map(drop)
        }
        8 => client.gathered(event("x"), &abort).await.map(drop),
        _ => client.run(event("x").in_mailbox(mailbox), &abort).await.map(drop),
    }
}

/// What the service has of a wish: nothing, the thing once, or too much.
fn done(wish: &Wish, number: usize, service: &Service) -> Option<u32> {
    let stored = service.0.borrow();
    let answered =
        || stored.answers.iter().find(|(path, _)| path.ends_with(&format!("/events/{number}/accept"))).map_or(0, |(_, count)| *count);
    match wish.kind {
        0 | 1 | 5 => Some(stored.events.get(&number.to_string()).copied().unwrap_or(0)),
        2 => Some(answered()),
        7 => Some(u32::from(stored.files.get(&format!("file{number}")).is_some_and(|size| *size == FILE))),
        _ => None,
    }
}

/// Watches all the time, and keeps what it is told; counts up `ready` when the baseline is made.
async fn watch(client: Client, ready: Rc<Cell<u32>>, abort: Abort) -> BTreeMap<String, u32> {
    let told: Rc<RefCell<BTreeMap<String, u32>>> = Rc::default();
    let heard = told.clone();
    let watched = Watched::Events { start: "2026-05-01T00:00:00Z".parse().unwrap(), end: "2026-06-01T00:00:00Z".parse().unwrap() };
    let options = WatchOptions { watched, interval: Duration::from_secs(60), resume: None };
    let begun = Cell::new(false);
    let report = move |report| {
        let Report::Change(change) = report else {
            if matches!(report, Report::Checkpoint(_)) && !begun.replace(true) {
                ready.set(ready.get() + 1);
            }
            return;
        };
        let mut told = heard.borrow_mut();
        match change {
            Change::Created(item) | Change::Updated(item) => {
                told.insert(item["id"].as_str().unwrap().into(), item["@odata.etag"].as_str().unwrap().parse().unwrap());
            }
            Change::Deleted(item) => assert!(told.remove(item["id"].as_str().unwrap()).is_some()),
        }
    };
    client.watch(options, &abort, report).await.unwrap();
    told.take()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn hold(
        seed in any::<u64>(),
        token_ms in 0_u32..3000,
        faults in proptest::collection::vec((any_fault(), 0_u32..8000), 1..40),
        wishes in proptest::collection::vec(any_wish(), 1..40),
        edits in proptest::collection::vec((0_u8..5, 0_u32..3, 0_u32..HOUR_MS / 2), 0..12),
    ) {
        // Until when each lane was told to be silent, as the service sees it.
        let silent: Rc<RefCell<HashMap<String, f64>>> = Rc::default();
        let early: Rc<RefCell<Vec<Sent>>> = Rc::default();
        let (told, broken) = (silent.clone(), early.clone());
        let service = Service::default();
        let serving = service.clone();
        let mut count = 0;
        let world = World::new(move |sent| {
            if told.borrow().get(&sent.lane).is_some_and(|until| sent.at_ms < *until) {
                broken.borrow_mut().push(sent.clone());
            }
            let (fault, after_ms) = &faults[count % faults.len()];
            // Faults end, so that what is pending comes to its end.
            count += 1;
            let over = count > 80 || sent.at_ms > f64::from(HOUR_MS);
            serving.answer(if over { &Fault::None } else { fault }, sent, *after_ms)
        });
        world.on_answer(move |sent, waits, now| {
            for wait in waits {
                let mut silent = silent.borrow_mut();
                let until = silent.entry(sent.lane.clone()).or_insert(0.0);
                *until = until.max(now + f64::from(wait) * 1000.0);
            }
        });
        world.seed(seed);
        world.token_takes(token_ms);
        let tabs = [world.client(), world.client()];
        let (clock, wanted, editing) = (world.clone(), wishes.clone(), service.clone());
        let (outcomes, watched) = world.run(async move {
            let everything = join_all(wanted.into_iter().enumerate().map(|(number, wish)| {
                let (client, clock) = (tabs[wish.tab].clone(), clock.clone());
                async move {
                    clock.sleep(wish.at_ms.into()).await;
                    let abort = Abort::new();
                    let work = fulfil(client, wish.clone(), number, abort.clone());
                    match wish.give_up_ms {
                        Some(patience) => {
                            let end = async { clock.sleep(patience.into()).await; abort.abort() };
                            join(work, end).await.0
                        }
                        None => work.await,
                    }
                }
            }));
            let ready = Rc::new(Cell::new(0));
            let changes = join_all(edits.into_iter().map(|(id, version, at_ms)| {
                let (clock, editing, ready) = (clock.clone(), editing.clone(), ready.clone());
                async move {
                    clock.sleep(f64::from(HOUR_MS / 2 + at_ms)).await;
                    // What is there before the first round is never told.
                    if ready.get() < 2 {
                        return;
                    }
                    let list = &mut editing.0.borrow_mut().list;
                    if version == 0 { list.remove(&format!("e{id}")); } else { list.insert(format!("e{id}"), version); }
                }
            }));
            let end = Abort::new();
            let stop = async {
                let (outcomes, _) = join(everything, changes).await;
                // Time for what is pending, and for a round after it.
                clock.sleep(f64::from(HOUR_MS)).await;
                end.abort();
                outcomes
            };
            join(stop, join(watch(tabs[0].clone(), ready.clone(), end.clone()), watch(tabs[1].clone(), ready.clone(), end.clone()))).await
        });
        prop_assert!(early.borrow().is_empty(), "left too early: {:?}", early.borrow());
        for sent in world.sent() {
            let graph = sent.host == "graph.example";
            prop_assert!(graph || sent.host == "up.example", "{}", sent.host);
            prop_assert_eq!(sent.bearer.expose().starts_with("Bearer token-"), graph);
            prop_assert_eq!(sent.bearer.expose().is_empty(), !graph);
        }
        for lane in ["me", "megan", "lee"] {
            prop_assert!(world.most(lane) <= 4, "{} at once in {}", world.most(lane), lane);
        }
        for (number, (wish, outcome)) in wishes.iter().zip(&outcomes).enumerate() {
            let Some(count) = done(wish, number, &service) else { continue };
            prop_assert!(count <= 1, "{:?} happened {} times", wish, count);
            // Done if it says so; if not, whoever wished knows.
            prop_assert!(outcome.is_err() || count == 1, "{:?} says that it is done", wish);
        }
        prop_assert_eq!(&watched.0, &service.0.borrow().list);
        prop_assert_eq!(&watched.1, &service.0.borrow().list);
    }
}
