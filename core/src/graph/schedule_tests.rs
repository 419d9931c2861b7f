//! Tests of `schedule`: splitting within Graph's limits, and one answer out of many.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn people(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number}@contoso.com")).collect()
}

fn plan(count: usize, days: i64, interval: u16) -> SchedulePlan {
    let start = DateTime::UNIX_EPOCH;
    SchedulePlan::new(&people(count), start, start + TimeDelta::days(days), interval).unwrap()
}

fn digits(minutes: i64, interval: i64) -> usize {
    usize::try_from((minutes + interval - 1) / interval).unwrap()
}

/// What a server that knows everybody answers to a part: a view of one digit, and an item over its whole window.
fn answer(plan: &SchedulePlan, part: &SchedulePart, digit: &str) -> Vec<ScheduleInformation> {
    let slots = digits((part.end - part.start).num_minutes(), plan.interval.num_minutes());
    let body = plan.call(part).request.body.unwrap();
    let of = |address: &Value| {
        json!({"scheduleId": address.as_str().unwrap().to_uppercase(),
        "availabilityView": digit.repeat(slots),
        "scheduleItems": [{"status": "busy", "start": body["startTime"], "end": body["endTime"]}]})
    };
    // In another order than asked for.
    body["schedules"].as_array().unwrap().iter().rev().map(|address| ScheduleInformation::from_json(&of(address)).unwrap()).collect()
}

#[test]
fn calls_stay_within_the_limits() {
    let calls = |count, days| plan(count, days, 30).parts().len();
    assert_eq!((calls(20, 62), calls(21, 62), calls(20, 63), calls(40, 14), calls(41, 130), calls(0, 7)), (1, 2, 2, 2, 9, 0));
}

#[test]
fn the_body_is_graph_s() {
    let plan =
        SchedulePlan::new(&["a@b.c".into()], "2026-05-04T00:00:00Z".parse().unwrap(), "2026-05-05T00:00:00Z".parse().unwrap(), 15).unwrap();
    let request = plan.call(&plan.parts()[0]).request;
    assert_eq!(
        request.body.unwrap(),
        json!({"schedules": ["a@b.c"], "startTime": {"dateTime": "2026-05-04T00:00:00", "timeZone": "UTC"}, "endTime": {"dateTime": "2026-05-05T00:00:00", "timeZone": "UTC"}, "availabilityViewInterval": 15})
    );
    assert_eq!(request.safety, Safety::Safe);
}

#[test]
fn nonsense_is_named() {
    let now = DateTime::UNIX_EPOCH;
    let error = |end, interval| SchedulePlan::new(&people(1), now, end, interval).unwrap_err().message().to_owned();
    assert!(error(now, 30).contains("`end`"));
    assert!(error(now + TimeDelta::days(1), 4).contains("intervalMinutes"));
    assert!(error(now + TimeDelta::days(1), 1441).contains("intervalMinutes"));
}

#[test]
fn somebody_named_twice_is_asked_for_once_and_answered_twice() {
    let start = DateTime::UNIX_EPOCH;
    let plan = SchedulePlan::new(&["A@b.c".into(), "x@b.c".into(), "a@B.C".into()], start, start + TimeDelta::days(1), 60).unwrap();
    let part = plan.parts()[0].clone();
    let answers = answer(&plan, &part, "2");
    assert_eq!(answers.len(), 2);
    let merged = plan.merge(vec![(part, Ok(answers))]).unwrap();
    let ids: Vec<_> = merged.iter().map(|schedule| schedule.schedule_id.as_str()).collect();
    assert_eq!(ids, ["A@b.c", "x@b.c", "a@B.C"]);
    assert!(merged.iter().all(|schedule| schedule.availability_view.as_deref() == Some("222222222222222222222222")));
}

#[test]
fn a_part_that_fails_costs_its_people_and_nobody_else() {
    let plan = plan(21, 63, 1440);
    let failure = Error::new(ErrorCode::Unavailable, "down");
    let answers: Vec<_> = plan
        .parts()
        .iter()
        .enumerate()
        .map(|(index, part)| (part.clone(), if index == 3 { Err(failure.clone()) } else { Ok(answer(&plan, part, "0")) }))
        .collect();
    let merged = plan.merge(answers).unwrap();
    assert_eq!(merged[20].error.as_deref(), Some("down"));
    assert!(merged[20].items.is_none() && merged[20].availability_view.is_none());
    assert!(merged[..20].iter().all(|schedule| schedule.error.is_none() && schedule.availability_view.as_ref().unwrap().len() == 63));
}

#[test]
fn it_fails_only_where_everything_failed() {
    let plan = plan(21, 1, 30);
    let failure = |message: &str| Err(Error::new(ErrorCode::Forbidden, message));
    let all = plan.parts().iter().map(|part| (part.clone(), failure("no"))).collect();
    assert_eq!(plan.merge(all).unwrap_err().code(), ErrorCode::Forbidden);
}

#[test]
fn an_address_that_graph_leaves_out_has_an_error() {
    let plan = plan(2, 1, 30);
    let part = plan.parts()[0].clone();
    let mut answers = answer(&plan, &part, "0");
    answers.pop();
    let merged = plan.merge(vec![(part, Ok(answers))]).unwrap();
    assert!(merged[0].error.is_some() && merged[1].error.is_none());
}

#[test]
fn a_refused_part_is_halved_down_to_one_address() {
    let plan = plan(3, 1, 30);
    let part = plan.parts()[0].clone();
    let refusal = Error::new(ErrorCode::InvalidRequest, "m");
    let [first, second] = plan.halves(&part, &refusal).unwrap();
    assert_eq!((first.people.clone(), second.people.clone()), (0..1, 1..3));
    assert!(plan.halves(&first, &refusal).is_none());
    assert!(plan.halves(&part, &Error::new(ErrorCode::Throttled, "m")).is_none());
}

#[test]
fn a_view_of_the_wrong_length_is_dropped_rather_than_shifted() {
    let plan = plan(1, 63, 1440);
    let answers = plan.parts().iter().enumerate().map(|(index, part)| {
        let mut schedules = answer(&plan, part, "1");
        if index == 0 {
            schedules[0].availability_view = Some("1".into());
        }
        (part.clone(), Ok(schedules))
    });
    let merged = plan.merge(answers.collect()).unwrap();
    assert_eq!(merged[0].availability_view, None);
    assert_eq!(merged[0].items.as_ref().unwrap().len(), 2);
}

proptest! {
    /// Merging gives the view that one call without limits would give, whatever the order in which the parts come back.
    #[test]
    fn parts_join_without_gap_or_overlap(count in 1_usize..50, hours in 1_i64..4000, interval in 5_u16..=1440, turn in 0_usize..20) {
        let start = DateTime::UNIX_EPOCH;
        let end = start + TimeDelta::hours(hours);
        let plan = SchedulePlan::new(&people(count), start, end, interval).unwrap();
        let mut answers: Vec<_> = plan.parts().iter().map(|part| (part.clone(), Ok(answer(&plan, part, "3")))).collect();
        for (part, _) in &answers {
            prop_assert!(part.people.len() <= SCHEDULES_PER_CALL && part.end - part.start <= TimeDelta::days(WINDOW_DAYS));
        }
        let turn = turn % answers.len();
        answers.rotate_left(turn);
        let merged = plan.merge(answers).unwrap();
        prop_assert_eq!(merged.len(), count);
        let digits = digits(hours * 60, interval.into());
        for (schedule, address) in merged.iter().zip(people(count)) {
            prop_assert_eq!(&schedule.schedule_id, &address);
            prop_assert_eq!(schedule.availability_view.as_ref().unwrap().len(), digits);
        }
    }
}
