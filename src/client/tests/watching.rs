//! Watching: rounds, tabs, hidden pages, starting over.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use convoke_core::{
    ErrorCode,
    graph::{Change, Watched},
};
use futures::future::{join, join3};
use serde_json::{Value, json};

use super::super::{Abort, Client, Report, WatchOptions};
use super::world::{Reply, World};

/// A mailbox that counts its rounds: the nth question finds n events.
fn counting() -> World {
    let mut round = 0;
    World::new(move |_| {
        round += 1;
        let items: Vec<Value> = (0..round).map(|number| json!({"id": format!("e{number}"), "@odata.etag": "1"})).collect();
        Reply::json(
            200,
            json!({"value": items, "@odata.deltaLink": format!("https://graph.example/v1.0/me/calendarView/delta?$deltatoken={round}")}),
        )
    })
}

fn options(resume: Option<String>) -> WatchOptions {
    let watched = Watched::Events { start: "2026-05-01T00:00:00Z".parse().unwrap(), end: "2026-06-01T00:00:00Z".parse().unwrap() };
    WatchOptions { watched, interval: Duration::from_secs(30), resume }
}

/// What a watch told, as words; checkpoints apart.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<String>>>, Rc<RefCell<Option<String>>>);

impl Told {
    fn listener(&self) -> impl Fn(Report) + 'static {
        let told = self.clone();
        move |report| {
            let word = match report {
                Report::Change(Change::Created(item)) => format!("+{}", item["id"].as_str().unwrap()),
                Report::Change(Change::Updated(item)) => format!("~{}", item["id"].as_str().unwrap()),
                Report::Change(Change::Deleted(item)) => format!("-{}", item["id"].as_str().unwrap()),
                Report::Error(error) => error.code().as_str().to_owned(),
                Report::Checkpoint(checkpoint) => {
                    *told.1.borrow_mut() = Some(checkpoint);
                    return;
                }
            };
            told.0.borrow_mut().push(word);
        }
    }

    fn words(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

async fn watch_for(world: &World, client: &Client, told: &Told, resume: Option<String>, milliseconds: f64) {
    let abort = Abort::new();
    let end = async {
        world.sleep(milliseconds).await;
        abort.abort();
    };
    let (outcome, ()) = join(client.watch(options(resume), &abort, told.listener()), end).await;
    outcome.unwrap();
}

#[test]
fn the_baseline_is_silent_and_news_come_at_the_interval() {
    let world = counting();
    let (client, clock, told) = (world.client(), world.clone(), Told::default());
    let heard = told.clone();
    world.run(async move { watch_for(&clock, &client, &heard, None, 100_000.0).await });
    assert_eq!(told.words(), ["+e1", "+e2", "+e3"]);
    let times: Vec<f64> = world.sent().iter().map(|sent| sent.at_ms).collect();
    assert!(times.windows(2).all(|pair| (27_000.0..34_000.0).contains(&(pair[1] - pair[0]))), "{times:?}");
    assert!(world.paths()[1].ends_with("$deltatoken=1"));
}

#[test]
fn a_watch_goes_on_from_its_checkpoint_at_once() {
    let world = counting();
    let (client, clock, told) = (world.client(), world.clone(), Told::default());
    let heard = told.clone();
    world.run(async move {
        watch_for(&clock, &client, &heard, None, 1_000.0).await;
        clock.sleep(60_000.0).await;
        let checkpoint = heard.1.take();
        watch_for(&clock, &client, &heard, checkpoint, 1_000.0).await;
    });
    assert_eq!(told.words(), ["+e1"]);
    let client = world.client();
    let code = world.run(async move { client.watch(options(Some("nonsense".into())), &Abort::new(), |_| {}).await.unwrap_err().code() });
    assert_eq!((code, world.sent().len()), (ErrorCode::InvalidRequest, 2));
}

#[test]
fn one_of_several_tabs_asks_and_all_hear() {
    let world = counting();
    let (one, two, clock) = (world.client(), world.client(), world.clone());
    let (first, second) = (Told::default(), Told::default());
    let (a, b) = (first.clone(), second.clone());
    world.run(async move {
        let other = async {
            clock.sleep(100.0).await;
            watch_for(&clock, &two, &b, None, 150_000.0).await;
        };
        // The first tab is closed in the middle; the second goes on where it was.
        join(watch_for(&clock, &one, &a, None, 70_000.0), other).await;
    });
    assert_eq!(first.words(), ["+e1", "+e2"]);
    let rounds = second.words().len();
    assert_eq!(second.words(), (1..=rounds).map(|round| format!("+e{round}")).collect::<Vec<_>>());
    assert!((4..=5).contains(&rounds) && world.sent().len() == rounds + 1, "{:?}", world.paths());
}

#[test]
fn a_hidden_page_asks_nothing_and_asks_at_once_when_it_is_shown() {
    let world = counting();
    let (client, clock, browser, told) = (world.client(), world.clone(), world.browser().clone(), Told::default());
    let heard = told.clone();
    world.run(async move {
        let hide = async {
            clock.sleep(10_000.0).await;
            browser.hide(true);
            clock.sleep(3_600_000.0).await;
            assert_eq!(clock.sent().len(), 1);
            browser.hide(false);
        };
        join(watch_for(&clock, &client, &heard, None, 3_620_000.0), hide).await;
    });
    assert_eq!((told.words(), world.sent().len()), (vec!["+e1".to_owned()], 2));
}

#[test]
fn a_forgotten_token_is_a_full_round_and_failures_make_it_patient() {
    let count = Rc::new(Cell::new(0));
    let counted = count.clone();
    let world = World::new(move |sent| {
        count.set(count.get() + 1);
        let link = "https://graph.example/v1.0/me/calendarView/delta?$deltatoken=x";
        let page = |ids: &[&str]| {
            let items: Vec<Value> = ids.iter().map(|id| json!({"id": id, "@odata.etag": "1"})).collect();
            Reply::json(200, json!({"value": items, "@odata.deltaLink": link}))
        };
        match count.get() {
            1 => page(&["a", "b"]),
            2 => Reply::refusal(400, "syncStateNotFound", None),
            3 => {
                assert!(sent.path.contains("startDateTime"), "{}", sent.path);
                page(&["b", "c"])
            }
            _ => Reply::refusal(403, "ErrorAccessDenied", None),
        }
    });
    let (client, clock, told) = (world.client(), world.clone(), Told::default());
    let heard = told.clone();
    world.run(async move { watch_for(&clock, &client, &heard, None, 3_600_000.0).await });
    assert_eq!(told.words()[..3], ["+c", "-a", "forbidden"]);
    assert!(counted.get() < 20, "{}", counted.get());
}

#[test]
fn a_watch_of_another_time_is_another_watch() {
    let world = counting();
    let (client, clock) = (world.client(), world.clone());
    world.run(async move {
        let (one, other) = (Abort::new(), Abort::new());
        let later = WatchOptions {
            watched: Watched::Events { start: "2026-06-01T00:00:00Z".parse().unwrap(), end: "2026-07-01T00:00:00Z".parse().unwrap() },
            ..options(None)
        };
        let end = async {
            clock.sleep(1_000.0).await;
            one.abort();
            other.abort();
        };
        let (a, b, ()) = join3(client.watch(options(None), &one, |_| {}), client.watch(later, &other, |_| {}), end).await;
        assert!(a.is_ok() && b.is_ok());
    });
    assert!(world.paths().iter().all(|path| path.contains("startDateTime")) && world.sent().len() == 2);
}
