//! Several clients of one origin, as several tabs are; and running things side by side.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{future::poll_fn, pin::Pin, task::Poll, time::Duration};

use convoke::{
    browser::{fetch::sleep, lock::lock},
    client::Abort,
};
use convoke_core::graph::me;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use super::sandbox::{Sandbox, fortnight, times};

/// Runs all side by side.
pub(super) async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<(Pin<Box<_>>, Option<T>)> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        let mut done = true;
        for (future, result) in &mut running {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *result = Some(value),
                    Poll::Pending => done = false,
                }
            }
        }
        if done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().map(|(_, result)| result.unwrap()).collect()
}

/// Runs two of a kind side by side.
pub(super) async fn both<T>(futures: [impl Future<Output = T>; 2]) -> [T; 2] {
    all(Vec::from(futures)).await.try_into().unwrap_or_else(|_| panic!("there were two"))
}

/// Runs two side by side.
pub(super) async fn pair<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (Box::pin(a), Box::pin(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(context)
        {
            first = Some(value);
        }
        if second.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(context)
        {
            second = Some(value);
        }
        if first.is_some() && second.is_some() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    (first.unwrap(), second.unwrap())
}

#[wasm_bindgen_test]
async fn a_pause_is_heard_in_all_tabs() {
    let sandbox = Sandbox::with(times(1, "/v1.0/me/calendarView", json!({"throttle": {"retryAfter": 2}}))).await;
    let (one, two) = (sandbox.client(), sandbox.client());
    let abort = Abort::new();
    let later = async {
        sleep(Duration::from_millis(400)).await;
        two.run(me(), &abort).await.unwrap();
    };
    let (first, ()) = pair(one.run(fortnight(), &abort), later).await;
    first.unwrap();
    let log = sandbox.log().await;
    assert!(log[1..].iter().all(|entry| entry.at_ms >= log[0].at_ms + 2000), "{log:?}");
}

#[wasm_bindgen_test]
async fn whoever_gives_up_a_lock_leaves_it_to_the_next() {
    let first = lock("tests client").await;
    // Asked for, and given up before it was had.
    let mut impatient = Box::pin(lock("tests client"));
    poll_fn(|context| {
        drop(impatient.as_mut().poll(context));
        Poll::Ready(())
    })
    .await;
    let (_, ()) = pair(lock("tests client"), async {
        sleep(Duration::from_millis(50)).await;
        drop(impatient);
        drop(first);
    })
    .await;
}
