//! The three invariants of the client, under random faults over scripted time: no request leaves before its Retry-After, never more than
//! four at once against a mailbox, and a token goes to no host but Graph's.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use convoke_core::{
    ErrorCode,
    graph::{Call, Mailbox, Request, create_event, delete_event, event, me, respond, search_users},
    model::{EventDraft, EventResponse},
};
use futures::future::join_all;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{Abort, Client, LocalBoxFuture};
use super::world::{Reply, Sent, World};

/// One thing that may happen to a request.
#[derive(Debug, Clone)]
enum Fault {
    None,
    Status(u16, Option<u16>),
    Failure(ErrorCode),
    Challenge,
    ForeignLink,
    Loop,
}

/// One thing that somebody wants, when, and when they give up.
#[derive(Debug, Clone)]
struct Wish {
    kind: u8,
    mailbox: u8,
    at_ms: u32,
    give_up_ms: Option<u32>,
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => Just(Fault::None),
        3 => (prop_oneof![Just(429_u16), Just(503), Just(500), Just(504), Just(423), Just(403), Just(404)], proptest::option::of(0_u16..900))
            .prop_map(|(status, wait)| Fault::Status(status, wait)),
        1 => prop_oneof![Just(ErrorCode::Network), Just(ErrorCode::Timeout), Just(ErrorCode::Offline)].prop_map(Fault::Failure),
        1 => Just(Fault::Challenge),
        1 => Just(Fault::ForeignLink),
        1 => Just(Fault::Loop),
    ]
}

fn any_wish() -> impl Strategy<Value = Wish> {
    (0_u8..8, 0_u8..3, 0_u32..60_000, proptest::option::weighted(0.2, 0_u32..30_000)).prop_map(|(kind, mailbox, at_ms, give_up_ms)| Wish {
        kind,
        mailbox,
        at_ms,
        give_up_ms,
    })
}

fn answer(fault: &Fault, sent: &Sent, after_ms: u32) -> Reply {
    let batch = sent.body["requests"].as_array();
    let good = match batch {
        Some(items) => {
            let each = |item: &Value| json!({"id": item["id"], "status": 200, "body": {"id": "1"}});
            json!({"responses": items.iter().map(each).collect::<Vec<_>>()})
        }
        None => json!({"id": "1", "value": [{"id": sent.path}]}),
    };
    let link = |link: &str| {
        let mut body = good.clone();
        body["@odata.nextLink"] = link.into();
        Reply::json(200, body)
    };
    let mut reply = match fault {
        Fault::None => Reply::json(200, good),
        // Half of the refusals of a batch are those of one item.
        Fault::Status(status, wait) if batch.is_some_and(|items| items.len() > 1) && status % 2 == 1 => {
            let mut body = good;
            body["responses"][0] = json!({"id": "0", "status": status, "headers": {"Retry-After": wait.map(|wait| wait.to_string())}, "body": {"error": {"code": "x"}}});
            Reply::json(200, body)
        }
        Fault::Status(status, wait) => Reply::refusal(*status, "x", wait.map(|wait| wait.to_string()).as_deref()),
        Fault::Failure(code) => Reply::failure(*code),
        Fault::Challenge => Reply::refusal(401, "InvalidAuthenticationToken", None),
        Fault::ForeignLink => link("https://evil.example/v1.0/users?$skiptoken=1"),
        Fault::Loop => link("https://graph.example/v1.0/users?$skiptoken=again"),
    };
    reply.after_ms = after_ms;
    reply
}

fn fulfil(client: Client, wish: &Wish, abort: Abort) -> LocalBoxFuture<()> {
    let mailbox = ["", "megan", "lee"][usize::from(wish.mailbox)];
    let mailbox = if mailbox.is_empty() { Mailbox::Me } else { Mailbox::User(mailbox.into()) };
    let draft = EventDraft { transaction_id: "t".into(), ..EventDraft::default() };
    match wish.kind {
        0 => run(client, create_event(&draft, None).in_mailbox(mailbox), abort),
        1 => run(client, respond("x", EventResponse::Accept, "", true, None).in_mailbox(mailbox), abort),
        2 => run(client, delete_event("x", None).unwrap().in_mailbox(mailbox), abort),
        3 => Box::pin(async move { drop(client.pages(search_users("x"), &abort).collect(50, |_| {}).await) }),
        4 => Box::pin(async move {
            let requests: Vec<Request> = vec![me().request, event("x").request, event("y").request, event("z").request, event("u").request];
            drop(client.batch(&requests, &abort).await);
        }),
        5 => run(client, Call::request(Method::POST, "/me/x", None).in_mailbox(mailbox), abort),
        _ => run(client, event("x").in_mailbox(mailbox), abort),
    }
}

fn run<T: 'static>(client: Client, call: Call<T>, abort: Abort) -> LocalBoxFuture<()> {
    Box::pin(async move { drop(client.run(call, &abort).await) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn hold(seed in any::<u64>(), token_ms in 0_u32..3000, faults in proptest::collection::vec((any_fault(), 0_u32..8000), 1..40), wishes in proptest::collection::vec(any_wish(), 1..40)) {
        // Until when each lane was told to be silent, as the service sees it.
        let silent: Rc<RefCell<HashMap<String, f64>>> = Rc::default();
        let early: Rc<RefCell<Vec<Sent>>> = Rc::default();
        let (told, broken) = (silent.clone(), early.clone());
        let mut count = 0;
        let world = World::new(move |sent| {
            if told.borrow().get(&sent.lane).is_some_and(|until| sent.at_ms < *until) {
                broken.borrow_mut().push(sent.clone());
            }
            let (fault, after_ms) = &faults[count % faults.len()];
            // Faults thin out, so that in the end most wishes come true.
            count += 1;
            answer(if count > 60 { &Fault::None } else { fault }, sent, *after_ms)
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
        let (client, clock) = (world.client(), world.clone());
        world.run(async move {
            join_all(wishes.iter().map(|wish| {
                let (client, clock) = (client.clone(), clock.clone());
                async move {
                    clock.sleep(wish.at_ms.into()).await;
                    let abort = Abort::new();
                    let work = fulfil(client, wish, abort.clone());
                    match wish.give_up_ms {
                        Some(patience) => {
                            let end = async { clock.sleep(patience.into()).await; abort.abort() };
                            futures::future::join(work, end).await.0
                        }
                        None => work.await,
                    }
                }
            })).await;
        });
        prop_assert!(early.borrow().is_empty(), "left too early: {:?}", early.borrow());
        for sent in world.sent() {
            prop_assert_eq!(sent.host.as_str(), "graph.example");
            prop_assert!(sent.bearer.expose().starts_with("Bearer token-"));
        }
        for lane in ["me", "megan", "lee"] {
            prop_assert!(world.most(lane) <= 4, "{} at once in {}", world.most(lane), lane);
        }
    }
}
