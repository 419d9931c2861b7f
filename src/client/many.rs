//! Many requests for one intention: batches, and free/busy in parts. Owns splitting, repeating single items and running side by side;
//! leaves building and merging to `convoke_core::graph`.

use std::{future::poll_fn, task::Poll, time::Duration};

use convoke_core::{
    Error, ErrorCode,
    graph::{Answer, BATCH_SIZE, Call, Request, SchedulePart, SchedulePlan, Step, batch_request, next_step_in_batch, read_batch},
    model::ScheduleInformation,
};

use super::{Abort, Client, LocalBoxFuture, Progress};

type PartAnswer = Result<Vec<ScheduleInformation>, Error>;

/// One request of a batch on its way.
struct Slot<'a> {
    request: &'a Request,
    progress: Progress,
    answer: Option<Result<Answer, Error>>,
}

impl Client {
    /// Free/busy of any number of people over any window, merged in the order given. `on_progress(done, total)` counts calls.
    ///
    /// A part that fails gives its people an `error`; it fails as a whole only where every part did, or with `aborted`.
    pub async fn schedules(
        &self,
        plan: &SchedulePlan,
        abort: &Abort,
        mut on_progress: impl FnMut(usize, usize),
    ) -> Result<Vec<ScheduleInformation>, Error> {
        let start = |part: SchedulePart| -> (SchedulePart, LocalBoxFuture<PartAnswer>) {
            let (client, call, abort) = (self.clone(), plan.call(&part), abort.clone());
            (part, Box::pin(async move { client.run(call, &abort).await }))
        };
        let mut running: Vec<_> = plan.parts().iter().cloned().map(start).collect();
        let (mut done, mut total) = (Vec::new(), running.len());
        while let Some((part, answer)) = first_done(&mut running).await {
            match answer {
                Err(error) if error.code() == ErrorCode::Aborted => return Err(error),
                Err(error) => match plan.halves(&part, &error) {
                    Some(halves) => {
                        running.extend(halves.map(start));
                        total += 1;
                    }
                    None => done.push((part, Err(error))),
                },
                answer => done.push((part, answer)),
            }
            on_progress(done.len(), total);
        }
        plan.merge(done)
    }

    /// Any number of requests, in `$batch` calls of at most 20; answers in the order given. Read each with its call's `read`.
    ///
    /// An item that failed is repeated by itself where that is safe; a batch that is refused as a whole is halved, so that a permission
    /// which one item lacks costs that item alone.
    pub async fn batch(&self, requests: &[Request], abort: &Abort) -> Vec<Result<Answer, Error>> {
        let mut slots: Vec<Slot<'_>> =
            requests.iter().map(|request| Slot { request, progress: Progress::default(), answer: None }).collect();
        let outcome = self.guarded(abort, async {
            let mut work: Vec<Vec<usize>> = (0..slots.len()).collect::<Vec<_>>().chunks(BATCH_SIZE).map(<[usize]>::to_vec).collect();
            work.reverse();
            while let Some(chunk) = work.pop() {
                work.extend(self.one_batch(&chunk, &mut slots).await);
            }
            Ok(())
        });
        let ended = outcome.await.err();
        let missing = || ended.clone().unwrap_or_else(|| Error::new(ErrorCode::InvalidResponse, "Graph did not answer this request."));
        slots.into_iter().map(|slot| slot.answer.unwrap_or_else(|| Err(missing()))).collect()
    }

    /// The same for calls of one kind, read: e.g. the sources of a search, which then cost one request.
    pub async fn batch_of<T>(&self, calls: &[Call<T>], abort: &Abort) -> Vec<Result<T, Error>> {
        let requests: Vec<Request> = calls.iter().map(|call| call.request.clone()).collect();
        let answers = self.batch(&requests, abort).await;
        calls.iter().zip(answers).map(|(call, answer)| call.read(answer?)).collect()
    }

    /// Sends one batch and files its answers. What has to be sent again comes back.
    async fn one_batch(&self, chunk: &[usize], slots: &mut [Slot<'_>]) -> Vec<Vec<usize>> {
        let items: Vec<&Request> = chunk.iter().map(|&index| slots[index].request).collect();
        let renewal = chunk.iter().map(|&index| &slots[index].progress).find(|progress| progress.attempts.renewed);
        let mut progress = match renewal {
            Some(item) => Progress { attempts: item.attempts, claims: item.claims.clone(), rejected: item.rejected.clone() },
            None => Progress::default(),
        };
        progress.attempts.retries = 0;
        let whole = match batch_request(&items, &self.0.context) {
            // Graph runs several items of a batch at once, and each of them counts.
            Ok(request) => self.repeat(&request, items.len().min(self.0.width), &mut progress).await,
            Err(error) => Err(error),
        };
        let answers = match whole {
            Ok(answer) => read_batch(&answer, &items, ((self.0.io.now)().wall_ms / 1000.0) as i64),
            Err(error) if chunk.len() > 1 && is_about_some(&error) => {
                let (first, second) = chunk.split_at(chunk.len() / 2);
                return vec![second.to_vec(), first.to_vec()];
            }
            Err(error) => vec![Err(error); items.len()],
        };
        let mut again = Vec::new();
        let mut wait = Duration::ZERO;
        for (&index, answer) in chunk.iter().zip(answers) {
            let slot = &mut slots[index];
            if let Err(error) = &answer
                && let Some(delay) = self.again(slot, error, &progress)
            {
                again.push(index);
                wait = wait.max(delay);
            } else {
                slot.answer = Some(answer);
            }
        }
        if again.is_empty() {
            return Vec::new();
        }
        (self.0.io.sleep)(wait).await;
        vec![again]
    }

    /// Whether an item of a batch is to be sent again, and after how long.
    fn again(&self, slot: &mut Slot<'_>, error: &Error, sent: &Progress) -> Option<Duration> {
        let outcome = next_step_in_batch(&self.0.policy, &slot.progress.attempts, slot.request.safety, error, (self.0.io.random)());
        self.pause(&slot.request.lane(&self.0.context.mailbox), outcome.pause);
        match outcome.step {
            Step::GiveUp => None,
            Step::Wait(delay) => {
                slot.progress.attempts.retries += 1;
                Some(delay)
            }
            Step::Renew { claims } => {
                slot.progress.attempts.renewed = true;
                slot.progress.claims = claims;
                slot.progress.rejected.clone_from(&sent.rejected);
                Some(Duration::ZERO)
            }
        }
    }
}

/// Whether a batch was refused for what only some of its items may be: malformed, too large, or in need of a permission that the others
/// can do without.
fn is_about_some(error: &Error) -> bool {
    use ErrorCode::{AdminConsentRequired, ConsentRequired, InvalidRequest, TooLarge};
    matches!(error.code(), InvalidRequest | TooLarge | ConsentRequired | AdminConsentRequired)
}

/// Runs all side by side until one of them is done, and takes it out; `None` where none is left.
async fn first_done<K, T>(running: &mut Vec<(K, LocalBoxFuture<T>)>) -> Option<(K, T)> {
    poll_fn(|context| {
        if running.is_empty() {
            return Poll::Ready(None);
        }
        for index in 0..running.len() {
            if let Poll::Ready(answer) = running[index].1.as_mut().poll(context) {
                return Poll::Ready(Some((running.swap_remove(index).0, answer)));
            }
        }
        Poll::Pending
    })
    .await
}
