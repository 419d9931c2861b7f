//! Tests of the self-test's pure half.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::{error::Details, time::fixtures::utc};

const NOW: &str = "2026-03-17T08:10:00Z";

fn subject(granted: &[&str]) -> Subject {
    let granted = granted.iter().map(|scope| (*scope).to_owned()).collect();
    Subject { granted: Some(granted), personal: false, address: Some("megan@contoso.com".into()) }
}

#[test]
fn every_feature_is_looked_at_once_after_what_it_rests_on() {
    let ids: Vec<&str> = plan(&[Feature::Profile, Feature::CalendarRead, Feature::Rooms]).iter().map(|probe| probe.id()).collect();
    assert_eq!(ids, ["wasm", "browser", "storage", "clock", "sign-in", "registration", "consent", "graph", "calendar-read", "rooms"]);
}

#[test]
fn the_program_computes_right() {
    assert_eq!(program(), Finding::Works);
}

#[test]
fn a_clock_may_be_five_minutes_off() {
    for (local, other, outcome) in [
        (1000.0, Some(1000.4), Outcome::Pass),
        (1300.0, Some(1000.0), Outcome::Pass),
        (1301.0, Some(1000.0), Outcome::Fail),
        (1000.0, Some(8200.0), Outcome::Fail),
        (1000.0, None, Outcome::Skipped),
        (f64::MAX, Some(0.0), Outcome::Fail),
    ] {
        assert_eq!(clock(local, other).outcome(), outcome, "{local} {other:?}");
    }
    let told = |seconds| english::line(&Check { probe: Probe::Clock, finding: Finding::Skew(seconds), duration_ms: 0 });
    assert_eq!(told(-7200).detail, "This machine's clock is 120 minutes behind.");
    assert!(told(-7200).advice.is_some() && told(20).advice.is_none());
}

#[test]
fn consent_names_what_is_missing_and_who_can_give_it() {
    let features = [Feature::CalendarRead, Feature::Rooms];
    let granted = ["User.Read", "Calendars.ReadWrite", "Place.Read.All"].map(str::to_owned);
    assert_eq!(consent(&features, None, &granted).outcome(), Outcome::Pass);
    let finding = consent(&features, None, &granted[..2]);
    assert_eq!(finding, Finding::Missing(vec!["Place.Read.All".into()]));
    assert!(finding.needs_admin() && finding.outcome() == Outcome::Fail);
    let given = ["Tasks.Read".to_owned()];
    assert_eq!(consent(&features, Some(&given), &granted), Finding::Missing(given.to_vec()));
}

#[test]
fn first_calls_only_read_and_only_what_is_granted() {
    let everything: Vec<&str> = scopes_for(&Feature::ALL)
        .iter()
        .map(|need| need.scope)
        .chain(["Calendars.Read", "Calendars.Read.Shared", "Mail.Read.Shared"])
        .collect();
    let all = subject(&everything);
    for feature in Feature::ALL {
        match first_call(feature, &all, utc(NOW)) {
            Ok(call) if feature == Feature::Scheduling => {
                let body = call.request.body.unwrap();
                assert_eq!(
                    (body["schedules"][0].as_str(), body["endTime"]["dateTime"].as_str()),
                    (Some("megan@contoso.com"), Some("2026-03-17T09:10:00"))
                );
            }
            Ok(call) => assert_eq!((call.request.method, call.request.body), (Method::GET, None), "{feature:?}"),
            Err(finding) => assert!(matches!(finding, Finding::WouldWrite | Finding::NeedsAnother), "{feature:?}: {finding:?}"),
        }
        let refused = first_call(feature, &subject(&[]), utc(NOW)).unwrap_err();
        assert!(matches!(refused, Finding::Missing(_)), "{feature:?}");
    }
    let unknown = Subject { address: None, ..all.clone() };
    assert_eq!(first_call(Feature::Scheduling, &unknown, utc(NOW)).unwrap_err(), Finding::NotReached);
    let personal = Subject { personal: true, ..all };
    for feature in [Feature::Scheduling, Feature::Users, Feature::Rooms, Feature::Groups] {
        assert_eq!(first_call(feature, &personal, utc(NOW)).unwrap_err(), Finding::NotForPersonal);
    }
    assert!(first_call(Feature::CalendarRead, &personal, utc(NOW)).is_ok());
    assert!(first_call(Feature::Rooms, &Subject::default(), utc(NOW)).is_ok(), "a host's token may hold anything");
}

#[test]
fn the_own_address_is_the_mailboxs_or_the_name_to_sign_in_with() {
    for (profile, expected) in [
        (json!({ "mail": "a@x.example", "userPrincipalName": "b@x.example" }), Some("a@x.example")),
        (json!({ "mail": null, "userPrincipalName": "b@x.example" }), Some("b@x.example")),
        (json!([]), None),
    ] {
        assert_eq!(own_address(&profile).as_deref(), expected);
    }
}

#[test]
fn the_modules_report_has_the_contracts_shape() {
    let details =
        Details { status: Some(403), graph_code: Some("ErrorAccessDenied".into()), request_id: Some("abc".into()), ..Details::default() };
    let checks = [
        Check { probe: Probe::Program, finding: program(), duration_ms: 1 },
        Check {
            probe: Probe::Feature(Feature::Rooms),
            finding: Finding::of::<()>(Err(Error::new(ErrorCode::Forbidden, "No.").with(details))),
            duration_ms: 20,
        },
        Check { probe: Probe::Feature(Feature::MailSend), finding: Finding::WouldWrite, duration_ms: 0 },
    ];
    let diagnosis = english::to_json("Convoke", &checks);
    let outcomes: Vec<&str> = diagnosis["checks"].as_array().unwrap().iter().map(|check| check["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["pass", "fail", "skipped"]);
    let failed = &diagnosis["checks"][1];
    assert_eq!((failed["id"].as_str(), failed["durationMs"].as_u64()), (Some("rooms"), Some(20)));
    assert_eq!(failed["detail"], "No. [code forbidden] [status 403] [error ErrorAccessDenied] [request-id abc]");
    assert!(failed["advice"].is_string() && diagnosis["checks"][0].get("advice").is_none());
    let text = diagnosis["text"].as_str().unwrap();
    assert!(text.starts_with("Convoke\npass – The program runs (1 ms): ") && text.contains("\n    Ask the administrator"), "{text}");
}

#[test]
fn every_finding_and_probe_has_its_words() {
    let error = || Error::new(ErrorCode::Network, "Nothing came.");
    let stopped = Finding::of::<()>(Err(Error::new(ErrorCode::Aborted, "x")));
    assert_eq!(stopped, Finding::Stopped);
    let findings = [
        Finding::Works,
        Finding::Damaged,
        Finding::MemoryOnly,
        Finding::Skew(400),
        Finding::NoClock,
        Finding::Granted(3),
        Finding::Missing(vec!["People.Read".into()]),
        Finding::Missing(vec!["Place.Read.All".into()]),
        Finding::WouldWrite,
        Finding::NeedsAnother,
        Finding::NotForPersonal,
        Finding::HostProvides,
        Finding::NotReached,
        stopped,
        Finding::Failed(error()),
    ];
    for probe in plan(&Feature::ALL) {
        for finding in &findings {
            let line = english::line(&Check { probe, finding: finding.clone(), duration_ms: 0 });
            assert!(line.detail.ends_with(['.', ']']) && !line.title.is_empty());
            assert_eq!(line.advice.is_some(), finding.outcome() == Outcome::Fail, "{finding:?}");
        }
    }
}
