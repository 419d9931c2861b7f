//! Many requests in few: `$batch`. Owns which requests go out together, and what becomes of each; leaves building and reading a batch to
//! `convoke_core::graph`.

use std::time::Duration;

use convoke_core::{
    Error, ErrorCode,
    graph::{Answer, BATCH_SIZE, Call, Lane, Request, Safety, Step, batch_request, next_step_in_batch, not_tried, read_batch},
};

use super::{Abort, Client, Progress};

/// How many items of a batch Graph runs at once against a mailbox ("Outlook service limits").
const RUN_AT_ONCE: usize = 4;

/// One request of a batch on its way.
struct Slot<'a> {
    request: &'a Request,
    /// Those that have to succeed first.
    after: &'a [usize],
    lane: Lane,
    progress: Progress,
    /// By the monotonic clock, in milliseconds.
    not_before: f64,
    answer: Option<Result<Answer, Error>>,
}

impl Client {
    /// Any number of requests, in `$batch` calls of at most 20; answers in the order given. Read each with its call's `read`.
    ///
    /// An item that failed is repeated by itself where that is safe; a batch that is refused as a whole is halved, so that a permission
    /// which one item lacks costs that item alone.
    pub async fn batch(&self, requests: &[Request], abort: &Abort) -> Vec<Result<Answer, Error>> {
        self.batch_in_order(requests, &[], abort).await
    }

    /// The same for calls of one kind, read: e.g. the sources of a search, which then cost one request.
    pub async fn batch_of<T>(&self, calls: &[Call<T>], abort: &Abort) -> Vec<Result<T, Error>> {
        let requests: Vec<Request> = calls.iter().map(|call| call.request.clone()).collect();
        let answers = self.batch(&requests, abort).await;
        calls.iter().zip(answers).map(|(call, answer)| call.read(answer?)).collect()
    }

    /// [`Self::batch`], some of which wait for others: `after` holds for each request the positions of earlier ones that have to succeed
    /// before it is tried. It may be shorter than the list.
    pub async fn batch_in_order(&self, requests: &[Request], after: &[Vec<usize>], abort: &Abort) -> Vec<Result<Answer, Error>> {
        let misplaced = |(index, before): (usize, &Vec<usize>)| before.iter().any(|&other| other >= index);
        if after.len() > requests.len() || after.iter().enumerate().any(misplaced) {
            let error = Error::new(ErrorCode::InvalidRequest, "`dependsOn` must name requests that stand earlier in the list.");
            return requests.iter().map(|_| Err(error.clone())).collect();
        }
        let own = &self.inner.context.mailbox;
        let mut slots: Vec<Slot<'_>> = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            slots.push(Slot {
                request,
                after: after.get(index).map_or(&[], Vec::as_slice),
                lane: request.lane(own),
                progress: Progress::default(),
                not_before: 0.0,
                answer: None,
            });
        }
        let ended = self.guarded(abort, self.empty(&mut slots)).await.err();
        let missing = || ended.clone().unwrap_or_else(|| Error::new(ErrorCode::InvalidResponse, "Graph did not answer this request."));
        slots.into_iter().map(|slot| slot.answer.unwrap_or_else(|| Err(missing()))).collect()
    }

    /// Sends until every slot has its answer.
    async fn empty(&self, slots: &mut [Slot<'_>]) -> Result<(), Error> {
        let largest = if self.inner.width < RUN_AT_ONCE { self.inner.width } else { BATCH_SIZE };
        let mut size = largest;
        loop {
            drop_hopeless(slots);
            let now = (self.inner.io.now)().mono_ms;
            let chunk = choose(slots, size, now);
            if chunk.is_empty() {
                // Those that wait for another are not due before that one.
                let due = slots.iter().filter(|slot| slot.answer.is_none() && slot.not_before > now).map(|slot| slot.not_before);
                let next = due.reduce(f64::min);
                let Some(next) = next else { return Ok(()) };
                (self.inner.io.sleep)(Duration::try_from_secs_f64((next - now).max(1.0) / 1000.0).unwrap_or(Duration::MAX)).await;
                continue;
            }
            match self.one_batch(&chunk, slots).await {
                Err(error) if chunk.len() > 1 && is_about_some(&error) => size = chunk.len() / 2,
                Err(error) => {
                    for &index in &chunk {
                        slots[index].answer = Some(Err(error.clone()));
                    }
                    // Whatever it was about is found; the rest need not suffer for it.
                    size = if is_about_some(&error) { largest } else { size };
                }
                Ok(answers) => {
                    for (&index, answer) in chunk.iter().zip(answers) {
                        self.file(&mut slots[index], answer).await;
                    }
                }
            }
        }
    }

    /// Sends one batch; an answer for each of its items, in order.
    async fn one_batch(&self, chunk: &[usize], slots: &mut [Slot<'_>]) -> Result<Vec<Result<Answer, Error>>, Error> {
        let items: Vec<&Request> = chunk.iter().map(|&index| slots[index].request).collect();
        let place = |other: &usize| chunk.iter().position(|index| index == other);
        let after: Vec<Vec<usize>> = chunk.iter().map(|&index| slots[index].after.iter().filter_map(place).collect()).collect();
        let mut progress = chunk.iter().map(|&index| &slots[index].progress).find(|one| one.attempts.renewed).cloned().unwrap_or_default();
        progress.attempts.retries = 0;
        let request = batch_request(&items, &after, &self.inner.context)?;
        let in_mailbox = |lane: &&Lane| matches!(lane, Lane::Mailbox(_));
        let lanes = || chunk.iter().map(|&index| &slots[index].lane);
        let lane = lanes().find(in_mailbox).cloned().unwrap_or(Lane::Directory);
        let weight = lanes().filter(in_mailbox).count().clamp(1, RUN_AT_ONCE);
        let answer = self.repeat_in(&lane, weight, &request, &mut progress).await?;
        for &index in chunk {
            slots[index].progress.rejected.clone_from(&progress.rejected);
        }
        Ok(read_batch(&answer, &items, self.now_s()))
    }

    /// Takes in what became of one item.
    async fn file(&self, slot: &mut Slot<'_>, answer: Result<Answer, Error>) {
        let error = match answer {
            Ok(answer) => {
                slot.answer = Some(Ok(answer));
                return;
            }
            Err(error) => error,
        };
        let waited = error.details().status == Some(424) && !slot.after.is_empty();
        // A throttled item of a batch may have been carried out all the same.
        slot.progress.doubtful |= slot.request.safety != Safety::Safe && error.code() == ErrorCode::Throttled;
        slot.progress.note(slot.request.safety, &error);
        let outcome =
            next_step_in_batch(&self.inner.policy, &slot.progress.attempts, slot.request.safety, &error, (self.inner.io.random)());
        self.pause(&slot.lane, outcome.pause);
        match outcome.step {
            // What it waited for is tried again, or has its own error by now, which says more.
            Step::GiveUp if waited && slot.progress.attempts.retries <= self.inner.policy.max_retries => {
                slot.progress.attempts.retries += 1
            }
            Step::GiveUp => slot.answer = Some(self.recover(slot.request, error, slot.progress.doubtful).await),
            Step::Wait(delay) => {
                slot.progress.attempts.retries += 1;
                slot.not_before = (self.inner.io.now)().mono_ms + delay.as_secs_f64() * 1000.0;
            }
            Step::Renew { claims } => {
                slot.progress.attempts.renewed = true;
                slot.progress.claims = claims;
            }
        }
    }
}

/// Answers those that wait for one that has failed.
fn drop_hopeless(slots: &mut [Slot<'_>]) {
    for index in 0..slots.len() {
        let failed = |&other: &usize| slots[other].answer.as_ref().and_then(|answer| answer.as_ref().err());
        let because = slots[index].after.iter().find_map(failed).map(not_tried);
        if let (Some(error), None) = (because, &slots[index].answer) {
            slots[index].answer = Some(Err(error));
        }
    }
}

/// What goes out together next: what is due, waits for nobody outside, and counts against one mailbox only.
fn choose(slots: &[Slot<'_>], size: usize, now: f64) -> Vec<usize> {
    let mut chunk: Vec<usize> = Vec::new();
    let mut mailbox: Option<&Lane> = None;
    for (index, slot) in slots.iter().enumerate() {
        if chunk.len() == size {
            break;
        }
        let ready = |other: &usize| slots[*other].answer.is_some() || chunk.contains(other);
        let together = slot.lane == Lane::Directory || mailbox.is_none_or(|lane| *lane == slot.lane);
        if slot.answer.is_none() && slot.not_before <= now && together && slot.after.iter().all(ready) {
            if slot.lane != Lane::Directory {
                mailbox = Some(&slot.lane);
            }
            chunk.push(index);
        }
    }
    chunk
}

/// Whether a batch was refused for what only some of its items may be: malformed, too large, or in need of a permission that the others
/// can do without.
fn is_about_some(error: &Error) -> bool {
    use ErrorCode::{AdminConsentRequired, ConsentRequired, InvalidRequest, TooLarge};
    matches!(error.code(), InvalidRequest | TooLarge | ConsentRequired | AdminConsentRequired)
}
