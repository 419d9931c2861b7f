//! Whether a failed request may be sent again, and when. Owns the reading of Retry-After, back-off, and the one renewal of a refused
//! token; leaves clocks, random numbers and waiting to the caller. Sources: RFC 9110 §10.2.3, "Microsoft Graph throttling guidance".

use std::time::Duration;

use chrono::NaiveDate;

use super::Safety;
use crate::{Error, ErrorCode, number::decimal};

/// How patient a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How often one request is sent again, renewals of the token not counted.
    pub max_retries: u32,
    /// The wait before the first repetition; doubled for each further one.
    pub base: Duration,
    /// The longest wait of our own. What the server asks for is never shortened.
    pub cap: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { max_retries: 3, base: Duration::from_secs(1), cap: Duration::from_secs(30) }
    }
}

/// What has been tried so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Repetitions so far.
    pub retries: u32,
    /// The token has been renewed once already.
    pub renewed: bool,
}

/// What to do about a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Hand the error on.
    GiveUp,
    /// Wait, then send the same again.
    Wait(Duration),
    /// Get another token, with these claims if the server named some, then send the same again at once.
    Renew {
        /// Decoded JSON.
        claims: Option<String>,
    },
}

/// What to do, and whether others have to wait too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For this request.
    pub step: Step,
    /// How long no request of the same lane may leave, where the server throttles or named a time.
    pub pause: Option<Duration>,
}

/// The rule. `random` lies in 0..1.
///
/// A refusal that says that nothing was done (429, 423) may be repeated whatever the request; a failure that leaves it open only where a
/// repetition cannot act twice.
#[must_use]
pub fn next_step(policy: &Policy, attempts: &Attempts, safety: Safety, error: &Error, random: f64) -> Outcome {
    let details = error.details();
    let asked = details.retry_after;
    let delay = backoff(policy, attempts.retries, random).max(asked.unwrap_or_default());
    let throttled = error.code() == ErrorCode::Throttled;
    let pause = (throttled || asked.is_some()).then_some(delay);
    if matches!(error.code(), ErrorCode::Unauthorized | ErrorCode::ClaimsChallenge) {
        let step = if attempts.renewed { Step::GiveUp } else { Step::Renew { claims: details.claims.clone() } };
        return Outcome { step, pause };
    }
    let refused = throttled || details.status == Some(423);
    let open = match details.status {
        Some(status) => matches!(status, 408 | 500 | 502 | 503 | 504) || error.code() == ErrorCode::Unavailable,
        None => matches!(error.code(), ErrorCode::Network | ErrorCode::Timeout),
    };
    let may = refused || (open && safety != Safety::Never);
    let step = if may && attempts.retries < policy.max_retries { Step::Wait(delay) } else { Step::GiveUp };
    Outcome { step, pause }
}

/// Whether a write that failed like this may have been carried out all the same: read back before offering to repeat it.
#[must_use]
pub fn may_have_happened(safety: Safety, error: &Error) -> bool {
    safety != Safety::Safe
        && match error.details().status {
            Some(status) => matches!(status, 200..=299 | 408 | 500..=506),
            None => matches!(error.code(), ErrorCode::Network | ErrorCode::Timeout | ErrorCode::Aborted | ErrorCode::InvalidResponse),
        }
}

/// What `Retry-After` asks for: seconds, or a date judged by `now` (seconds since the epoch). Of several values the longest. `None` for a
/// negative number, a past date or anything else that names no time to come.
#[must_use]
pub fn retry_after(value: &str, now: i64) -> Option<Duration> {
    // A date has a comma of its own, after the weekday: the weekday reads as nothing, the rest as the date.
    value.split(',').filter_map(|part| seconds(part.trim()).or_else(|| date(part.trim(), now))).max()
}

fn seconds(text: &str) -> Option<Duration> {
    let number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.').then(|| decimal(text)).flatten()?;
    // Rounded up: never a moment early. Thirty years stand for all that is longer.
    Duration::try_from_secs_f64(number.ceil().min(1e9)).ok()
}

/// `21 Oct 2026 07:28:00 GMT`, what is left of an HTTP date (RFC 9110 §5.6.7) without its weekday.
fn date(text: &str, now: i64) -> Option<Duration> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_ascii_whitespace();
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().zip(1u32..).find_map(|(known, number)| known.eq_ignore_ascii_case(name).then_some(number))?;
    let year = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if words.next() != Some("GMT") || clock.next().is_some() {
        return None;
    }
    let instant = NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second.min(59))?.and_utc().timestamp();
    u64::try_from(instant.checked_sub(now)?).ok().filter(|&wait| wait > 0).map(Duration::from_secs)
}

/// Half of it certain, half of it by chance, so that clients which failed together do not return together.
fn backoff(policy: &Policy, retries: u32, random: f64) -> Duration {
    let whole = policy.base.saturating_mul(1 << retries.min(16)).min(policy.cap);
    let random = if random.is_finite() { random.clamp(0.0, 1.0) } else { 0.5 };
    whole / 2 + (whole / 2).mul_f64(random)
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
