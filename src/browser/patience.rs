//! Waiting no longer than it is worth.

use super::fetch;
use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

/// What the work comes to; none where it has not come to an end in time, and then it is dropped where it stands.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut timer) = (pin!(work), pin!(fetch::sleep(limit)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
