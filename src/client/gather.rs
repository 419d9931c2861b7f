//! Small questions that come together go out together: thirty profiles or photos that a list of people asks for in one breath are two
//! `$batch` calls instead of thirty requests. Owns the waiting for others; leaves sending to `batch`.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

use convoke_core::{
    Error,
    graph::{Answer, Call, Request, Safety},
};

use super::{Abort, Client};

/// How long is waited for others.
const BREATH: Duration = Duration::from_millis(10);

/// Those who wait.
#[derive(Default)]
pub(super) struct Gather {
    waiting: RefCell<Vec<Rc<Entry>>>,
    led: Cell<bool>,
}

/// One question.
struct Entry {
    request: Request,
    answer: RefCell<Option<Result<Answer, Error>>>,
    waker: RefCell<Option<Waker>>,
    given_up: Cell<bool>,
}

/// Whoever carries the questions of all. Where they give up, what is not answered goes back, and somebody else leads.
struct Lead<'a> {
    gather: &'a Gather,
    taken: Vec<Rc<Entry>>,
}

/// Somebody who waits; when they give up, nobody asks for them.
struct Place(Rc<Entry>);

impl Client {
    /// Carries out a call that only reads, together with others that come within a moment.
    pub async fn gathered<T>(&self, call: Call<T>, abort: &Abort) -> Result<T, Error> {
        if call.request.safety != Safety::Safe || call.request.content.is_some() {
            return self.run(call, abort).await;
        }
        let entry = Rc::new(Entry {
            request: call.request.clone(),
            answer: RefCell::default(),
            waker: RefCell::default(),
            given_up: Cell::new(false),
        });
        let place = Place(entry);
        self.inner.gather.waiting.borrow_mut().push(Rc::clone(&place.0));
        let answer = self.guarded(abort, async {
            loop {
                if self.inner.gather.led.get() {
                    place.0.changed(&self.inner.gather).await;
                } else {
                    self.lead().await;
                }
                if let Some(answer) = place.0.answer.take() {
                    return answer;
                }
            }
        });
        call.read(answer.await?)
    }

    async fn lead(&self) {
        let gather = &self.inner.gather;
        gather.led.set(true);
        let mut lead = Lead { gather, taken: Vec::new() };
        (self.inner.io.sleep)(BREATH).await;
        lead.taken = gather.waiting.take();
        lead.taken.retain(|entry| !entry.given_up.get());
        // The first one's giving up must not end the others' questions: it drops all this, and another one leads.
        let abort = Abort::new();
        let answers = if let [only] = lead.taken.as_slice() {
            vec![self.carry(&only.request, &abort).await]
        } else {
            let requests: Vec<Request> = lead.taken.iter().map(|entry| entry.request.clone()).collect();
            self.batch(&requests, &abort).await
        };
        for (entry, answer) in lead.taken.iter().zip(answers) {
            entry.answer.replace(Some(answer));
        }
    }
}

impl Entry {
    /// Waits for an answer, or for nobody leading any more.
    async fn changed(&self, gather: &Gather) {
        poll_fn(|context| {
            if self.answer.borrow().is_some() || !gather.led.get() {
                return Poll::Ready(());
            }
            self.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.gather.led.set(false);
        for entry in self.taken.drain(..) {
            if entry.answer.borrow().is_some() {
                entry.wake();
            } else {
                self.gather.waiting.borrow_mut().push(entry);
            }
        }
        // One of those who came meanwhile leads next.
        self.gather.waiting.borrow().iter().for_each(|entry| entry.wake());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.given_up.set(true);
    }
}
