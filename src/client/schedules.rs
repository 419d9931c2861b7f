//! Free/busy in parts. Owns running the parts side by side; leaves cutting and merging to `convoke_core::graph`.

use std::{collections::VecDeque, future::poll_fn, task::Poll};

use convoke_core::{
    Error, ErrorCode,
    graph::{SchedulePart, SchedulePlan},
    model::ScheduleInformation,
};

use super::{Abort, Client, LocalBoxFuture};

type PartAnswer = Result<Vec<ScheduleInformation>, Error>;

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
        // No more than can run at once, so that whoever asks for something else meanwhile has a turn between them.
        let mut waiting: VecDeque<SchedulePart> = plan.parts().iter().cloned().collect();
        let (mut running, mut done, mut total) = (Vec::new(), Vec::new(), waiting.len());
        loop {
            while running.len() < self.inner.width
                && let Some(part) = waiting.pop_front()
            {
                running.push(start(part));
            }
            let Some((part, answer)) = first_done(&mut running).await else { break };
            match answer {
                Err(error) if error.code() == ErrorCode::Aborted => return Err(error),
                Err(error) => match plan.halves(&part, &error) {
                    Some([first, second]) => {
                        waiting.push_front(second);
                        waiting.push_front(first);
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
