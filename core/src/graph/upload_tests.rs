//! Tests of `upload`: parts, and every way in which a session can go wrong.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::error::Details;

const ADDRESS: &str = "https://up.example/session?secret=1";

fn hosts() -> HostList {
    HostList::new("https://graph.example", &[]).unwrap()
}

fn begun(size: u64) -> Upload {
    let mut upload = Upload::new(size);
    assert_eq!(upload.step(), UploadStep::Begin);
    upload.begin(&json!({"uploadUrl": ADDRESS}), &hosts()).unwrap();
    upload
}

fn expects(next: u64) -> Result<(u16, Value), Error> {
    Ok((202, json!({"nextExpectedRanges": [format!("{next}-")]})))
}

fn refusal(status: Option<u16>) -> Error {
    Error::new(ErrorCode::Network, "m").with(Details { status, ..Details::default() })
}

fn send(upload: &mut Upload, outcome: Result<(u16, Value), Error>) -> Result<(), Error> {
    let UploadStep::Send(range) = upload.step() else { panic!("{:?}", upload.step()) };
    upload.sent(Some(&range), outcome)
}

#[test]
fn parts_are_multiples_and_say_where_they_belong() {
    let size = 2 * PART + 5;
    let mut upload = begun(size);
    assert_eq!(upload.step(), UploadStep::Send(0..PART));
    assert_eq!(PART % GRAIN, 0);
    let part = upload.part(&(0..PART), vec![0; 3]).unwrap();
    assert_eq!(part.headers()["content-range"].to_str().unwrap(), format!("bytes 0-{}/{size}", PART - 1));
    assert_eq!((part.uri().to_string().as_str(), part.headers().get("authorization")), (ADDRESS, None));
    send(&mut upload, expects(PART)).unwrap();
    send(&mut upload, expects(2 * PART)).unwrap();
    assert_eq!((upload.step(), upload.arrived()), (UploadStep::Send(2 * PART..size), 2 * PART));
    send(&mut upload, Ok((201, json!({"id": "f"})))).unwrap();
    assert_eq!((upload.step(), upload.arrived()), (UploadStep::Done(json!({"id": "f"})), size));
}

#[test]
fn after_a_failure_the_service_says_how_far_it_is() {
    for status in [None, Some(408), Some(416), Some(429), Some(500), Some(503), Some(504)] {
        let mut upload = begun(3 * PART);
        send(&mut upload, Err(refusal(status))).unwrap();
        assert_eq!(upload.step(), UploadStep::Ask, "{status:?}");
        upload.sent(None, Ok((200, json!({"nextExpectedRanges": [format!("{}", GRAIN), "9-"]})))).unwrap();
        assert_eq!(upload.step(), UploadStep::Send(GRAIN..GRAIN + PART));
    }
    let mut upload = begun(PART);
    assert!(send(&mut upload, Err(refusal(Some(403)))).is_err());
    let mut upload = begun(PART);
    assert!(send(&mut upload, Err(Error::new(ErrorCode::Offline, "m"))).is_err());
}

#[test]
fn a_session_that_is_gone_is_begun_anew_but_not_for_ever() {
    let mut upload = begun(2 * PART);
    send(&mut upload, expects(PART)).unwrap();
    upload.at = PART / 2;
    for _ in 1..MOST_SESSIONS {
        upload.all_sent = false;
        upload.sent(None, Err(refusal(Some(404)))).unwrap();
        assert_eq!(upload.step(), UploadStep::Begin);
        upload.begin(&json!({"uploadUrl": ADDRESS}), &hosts()).unwrap();
        assert_eq!(upload.step(), UploadStep::Send(0..PART));
    }
    assert!(upload.sent(None, Err(refusal(Some(404)))).is_err());
}

#[test]
fn a_lost_last_answer_is_looked_for() {
    let mut upload = begun(10);
    send(&mut upload, Err(refusal(None))).unwrap();
    assert_eq!(upload.step(), UploadStep::Ask);
    upload.sent(None, Err(refusal(Some(404)))).unwrap();
    assert_eq!(upload.step(), UploadStep::Look);
    let mut other = upload.clone();
    upload.looked(Some(json!({"id": "f", "size": 10}))).unwrap();
    assert_eq!(upload.step(), UploadStep::Done(json!({"id": "f", "size": 10})));
    other.looked(Some(json!({"id": "old", "size": 3}))).unwrap();
    assert_eq!(other.step(), UploadStep::Begin);
}

#[test]
fn secrets_go_to_https_alone_and_show_nowhere() {
    for address in ["http://up.example/x", "https://user@up.example/x", "ftp://up.example/", "", "/relative", "http://127.0.0.1:1/x"] {
        let error = Upload::new(1).begin(&json!({"uploadUrl": address}), &hosts()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::HostNotAllowed);
        assert!(address.is_empty() || !error.message().contains(address));
    }
    let local = HostList::new("http://127.0.0.1:9", &[]).unwrap();
    assert!(open_address("http://127.0.0.1:9/files/x", &local).is_ok());
    assert!(open_address("http://127.0.0.1:10/files/x", &local).is_err());
}

proptest! {
    /// Whatever befalls the parts, in the end the service has every byte once and in order, or there is an error: never a hole.
    #[test]
    fn no_byte_is_left_out(size in 1_u64..(4 * PART), faults in proptest::collection::vec(0_u8..8, 0..30)) {
        let mut faults = faults.into_iter();
        let mut upload = Upload::new(size);
        let (mut have, mut complete) = (0_u64, false);
        for _ in 0..200 {
            let fault = faults.next().unwrap_or(9);
            let progress = |have: u64| Ok((200, json!({"nextExpectedRanges": [format!("{have}-{}", size - 1)]})));
            let outcome = match upload.step() {
                UploadStep::Begin => {
                    (have, complete) = (0, false);
                    upload.begin(&json!({"uploadUrl": ADDRESS}), &hosts())
                }
                UploadStep::Send(range) => {
                    prop_assert!(range.start < range.end && range.end <= size);
                    prop_assert!(range.end == size || (range.end - range.start) % GRAIN == 0);
                    let outcome = match fault {
                        // Lost before or after it arrived.
                        0 => Err(refusal(None)),
                        1 => { if range.start == have && !complete { have = range.end; complete = have == size; } Err(refusal(None)) }
                        2 => { have = 0; complete = false; Err(refusal(Some(404))) }
                        3 => Err(refusal(Some(503))),
                        _ if complete => Err(refusal(Some(404))),
                        _ if range.start != have => Err(refusal(Some(416))),
                        _ => {
                            have = range.end;
                            complete = have == size;
                            if complete { Ok((201, json!({"size": size}))) } else { progress(have) }
                        }
                    };
                    upload.sent(Some(&range), outcome)
                }
                UploadStep::Ask => upload.sent(None, if complete { Err(refusal(Some(404))) } else if fault == 0 { Err(refusal(None)) } else { progress(have) }),
                UploadStep::Look => upload.looked(complete.then(|| json!({"size": size}))),
                UploadStep::Done(_) => { prop_assert!(complete); return Ok(()); }
            };
            if outcome.is_err() { return Ok(()); }
        }
        prop_assert!(false, "it never ends");
    }
}
