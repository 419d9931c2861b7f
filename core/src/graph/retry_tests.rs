//! Tests of `retry`: what Retry-After means, and what is repeated.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;

use super::*;
use crate::error::Details;

/// 2026-10-21T07:28:00Z.
const NOW: i64 = 1_792_567_680;

fn seconds_of(value: &str) -> Option<u64> {
    retry_after(value, NOW).map(|wait| wait.as_secs())
}

#[test]
fn retry_after_is_read_in_all_its_forms() {
    assert_eq!(seconds_of("7"), Some(7));
    assert_eq!(seconds_of("600"), Some(600));
    assert_eq!(seconds_of("0"), Some(0));
    assert_eq!(seconds_of("1.5"), Some(2));
    assert_eq!(seconds_of("7, 600"), Some(600));
    assert_eq!(seconds_of("Wed, 21 Oct 2026 07:28:30 GMT"), Some(30));
    assert_eq!(seconds_of("7, Wed, 21 Oct 2026 07:29:00 GMT"), Some(60));
    assert_eq!(seconds_of("99999999999999999999999"), Some(1_000_000_000));
    for nothing in [
        "",
        "-5",
        "soon",
        "1e12",
        "NaN",
        "inf",
        ".",
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "Tue, 20 Oct 2026 07:28:00 GMT",
        "Wed, 31 Feb 2027 07:28:00 GMT",
        "21 Oct 2026 25:00:00 GMT",
    ] {
        assert_eq!(seconds_of(nothing), None, "{nothing}");
    }
}

fn answered(status: u16, code: ErrorCode, retry_after: Option<u64>) -> Error {
    Error::new(code, "m").with(Details { status: Some(status), retry_after: retry_after.map(Duration::from_secs), ..Details::default() })
}

fn step(safety: Safety, error: &Error) -> Step {
    next_step(&Policy::default(), &Attempts::default(), safety, error, 0.0).step
}

#[test]
fn what_is_repeated_depends_on_what_a_repetition_would_do() {
    use ErrorCode as E;
    use Safety::{Idempotent, Never, Once, Safe};
    let waits = |safety, error: &Error| matches!(step(safety, error), Step::Wait(_));
    for status in [408, 500, 502, 503, 504] {
        let error = answered(status, E::Unavailable, None);
        assert!(waits(Safe, &error) && waits(Idempotent, &error) && waits(Once, &error), "{status}");
        assert_eq!(step(Never, &error), Step::GiveUp, "{status}");
        assert!(may_have_happened(Never, &error) && !may_have_happened(Safe, &error));
    }
    for code in [E::Network, E::Timeout] {
        let error = Error::new(code, "m");
        assert!(waits(Safe, &error) && waits(Once, &error) && !waits(Never, &error) && may_have_happened(Never, &error));
    }
    for error in [answered(429, E::Throttled, None), answered(423, E::Unavailable, None)] {
        assert!(waits(Never, &error) && !may_have_happened(Never, &error));
    }
    for (status, code) in [
        (400, E::InvalidRequest),
        (403, E::Forbidden),
        (404, E::NotFound),
        (405, E::InvalidRequest),
        (409, E::Conflict),
        (412, E::PreconditionFailed),
        (413, E::TooLarge),
        (501, E::InvalidRequest),
        (507, E::TooLarge),
        (509, E::TooLarge),
    ] {
        assert_eq!(step(Safe, &answered(status, code, None)), Step::GiveUp, "{status}");
    }
    assert_eq!(step(Safe, &Error::new(E::Offline, "m")), Step::GiveUp);
    assert_eq!(step(Safe, &Error::new(E::InvalidResponse, "m")), Step::GiveUp);
}

#[test]
fn a_refused_token_is_renewed_once() {
    for code in [ErrorCode::Unauthorized, ErrorCode::ClaimsChallenge] {
        let error = Error::new(code, "m").with(Details { status: Some(401), claims: Some("{}".into()), ..Details::default() });
        assert_eq!(step(Safety::Never, &error), Step::Renew { claims: Some("{}".into()) });
        let renewed = Attempts { renewed: true, retries: 0 };
        assert_eq!(next_step(&Policy::default(), &renewed, Safety::Safe, &error, 0.5).step, Step::GiveUp);
    }
}

#[test]
fn throttling_pauses_the_lane_also_when_this_request_gives_up() {
    let spent = Attempts { retries: 3, renewed: false };
    let outcome = next_step(&Policy::default(), &spent, Safety::Safe, &answered(429, ErrorCode::Throttled, Some(600)), 0.5);
    assert_eq!(outcome, Outcome { step: Step::GiveUp, pause: Some(Duration::from_secs(600)) });
    assert!(next_step(&Policy::default(), &spent, Safety::Safe, &answered(500, ErrorCode::Unavailable, None), 0.5).pause.is_none());
}

proptest! {
    #[test]
    fn never_sooner_than_asked_and_never_at_once(asked in proptest::option::of(0_u64..100_000), retries in 0_u32..3, random in 0.0..1.0) {
        let policy = Policy::default();
        let error = answered(429, ErrorCode::Throttled, asked);
        let outcome = next_step(&policy, &Attempts { retries, renewed: false }, Safety::Safe, &error, random);
        let Step::Wait(delay) = outcome.step else { return Err(TestCaseError::fail("gave up")) };
        prop_assert!(delay >= Duration::from_secs(asked.unwrap_or(0)));
        prop_assert!(delay >= policy.base / 2);
        prop_assert!(delay <= policy.cap.max(Duration::from_secs(asked.unwrap_or(0))));
        prop_assert_eq!(outcome.pause, Some(delay));
    }

    #[test]
    fn any_header_is_read_without_panic(value in "\\PC*", now in any::<i64>()) {
        let _ = retry_after(&value, now);
    }

    #[test]
    fn every_date_to_come_is_waited_for(ahead in 1_i64..1_000_000_000) {
        let date = chrono::DateTime::from_timestamp(NOW + ahead, 0).unwrap().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        prop_assert_eq!(retry_after(&date, NOW), Some(Duration::from_secs(ahead.unsigned_abs())));
    }
}
