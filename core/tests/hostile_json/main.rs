//! Any JSON at all, and valid JSON with a few members spoilt, into everything that reads JSON: nothing panics, nothing hangs, and what is
//! refused is refused by the name of its field. `CONVOKE_CASES` raises the number of cases.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "../shared/cases.rs"]
mod cases;
mod generate;
mod seeds;
#[path = "../shared/zones.rs"]
mod tables;

use std::time::{Duration, Instant};

use chrono::DateTime;
use convoke_core::{
    Error, ErrorCode,
    api::{availability_view, expand_recurrence, rank_slots, rank_slots_text, time_zone, to_icalendar, to_instant},
    graph::{
        Answer, Call, Expect, HostList, Limits, Paging, Request, calendar_view, calendars, event, find_meeting_times, get_schedule,
        mailbox_settings, me, read_batch, search_people, search_users,
    },
    model::{
        Attendee, Calendar, DateTimeTimeZone, EmailAddress, Event, MailboxSettings, MeetingTimeSuggestion, MeetingTimes, Person,
        ScheduleInformation, ScheduleItem, WorkingHours,
    },
    schedule::{Recurrence, working_spans},
    store::place,
    time::{Span, Zone, Zones, instant_of},
};
use http::Response;
use proptest::prelude::*;
use serde_json::{Value, json};

use cases::config;
use generate::{any_json, spoilt};

thread_local! {
    static ZONES: Zones = tables::zones();
}

/// Far more than anything takes, also unoptimised on a busy machine; what hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Calls, and checks what a refusal says: its first word is a path that begins with one of these members.
fn check<T>(input: &Value, members: &[&str], call: impl FnOnce(&Zones) -> Result<T, Error>) -> Result<bool, TestCaseError> {
    let started = Instant::now();
    let outcome = ZONES.with(call);
    prop_assert!(started.elapsed() < PATIENCE, "took {:?}: {}", started.elapsed(), input);
    if let Err(error) = &outcome {
        let path = error.message().split(' ').next().unwrap();
        let member = path.split(['.', '[']).next().unwrap();
        prop_assert_eq!(error.code(), ErrorCode::InvalidRequest);
        prop_assert!(members.contains(&member), "\"{}\" names no field of {}", error.message(), input);
        prop_assert!(error.message().len() > path.len() + 8, "\"{}\" does not say what to do", error.message());
    }
    Ok(outcome.is_ok())
}

const RANK: [&str; 15] = [
    "request",
    "window",
    "durationMinutes",
    "stepMinutes",
    "timeZone",
    "attendees",
    "workingHours",
    "bufferBeforeMinutes",
    "bufferAfterMinutes",
    "quorum",
    "allowTentative",
    "needsResource",
    "maxResults",
    "recurrence",
    "relax",
];

fn functions(input: &Value) -> Result<usize, TestCaseError> {
    let now = DateTime::UNIX_EPOCH;
    let quick = ZONES.with(|zones| rank_slots_text(&input.to_string(), zones)).map(|text| serde_json::from_str::<Value>(&text).unwrap());
    prop_assert_eq!(quick, ZONES.with(|zones| rank_slots(input, zones)), "read in two ways: {}", input);
    let accepted = [
        check(input, &RANK, |zones| rank_slots(input, zones))?,
        check(input, &["request", "start", "end", "intervalMinutes", "items"], |_| availability_view(input))?,
        check(input, &["request", "recurrence", "start", "end", "from", "to"], |zones| expand_recurrence(input, zones))?,
        check(input, &["local", "dateTime", "timeZone"], |zones| to_instant(input, zones))?,
        check(input, &["name"], |zones| time_zone(input, &Value::Null, now, zones))?,
        check(input, &["at"], |zones| time_zone(&"UTC".into(), input, now, zones))?,
        check(input, &["event", "start", "end", "recurrence"], |zones| to_icalendar(input, zones))?,
    ];
    Ok(accepted.into_iter().filter(|accepted| *accepted).count())
}

/// Every decoder of the client. These are tolerant: they refuse nothing but what is no object.
fn decoders(input: &Value) {
    ZONES.with(|zones| {
        let zone = Zone::utc();
        if let Some(event) = Event::from_json(input.clone()) {
            let _ = place(&event.into(), &zone, zones);
        }
        if let Some(hours) = WorkingHours::from_json(input) {
            let _ = working_spans(&[hours], Span::new(DateTime::UNIX_EPOCH, DateTime::from_timestamp(10_000_000, 0).unwrap()), zones);
        }
        let _ = zones.from_json(input);
        let _ = instant_of(&DateTimeTimeZone::from_json(Some(input)), zones);
    });
    let _ = (Attendee::from_json(input.clone()), EmailAddress::from_json(Some(input)), Recurrence::from_json(input, "recurrence"));
    let _ = (Calendar::from_json(input.clone()), Person::from_json(input.clone()), MailboxSettings::from_json(input));
    let _ = (ScheduleInformation::from_json(input), ScheduleItem::from_json(input));
    let _ = (MeetingTimes::from_json(input), MeetingTimeSuggestion::from_json(input));
}

fn answer(input: &Value, status: u16) -> Result<Answer, Error> {
    Answer::from_http(Response::builder().status(status).body(serde_json::to_vec(input).unwrap()).unwrap(), Expect::Json, 0)
}

/// Every operation's own reading, of an answer with this body; pages also by whoever follows them.
fn operations(input: &Value, status: u16) {
    fn read<T>(call: &Call<T>, input: &Value, status: u16) -> Option<T> {
        call.read(answer(input, status).ok()?).ok()
    }
    let time = DateTime::UNIX_EPOCH;
    let hosts = HostList::new("https://graph.microsoft.com", &[]).unwrap();
    if let Some(mut page) = read(&calendar_view(None, time, time), input, status) {
        let mut paging = Paging::new(Limits::default());
        let _ = (paging.accept(&mut page, &hosts), paging.accept(&mut page, &hosts));
    }
    let _ = (read(&calendars(), input, status), read(&event("x"), input, status), read(&me(), input, status));
    let _ = (read(&mailbox_settings(), input, status), read(&search_people("x"), input, status), read(&search_users("x"), input, status));
    let _ = read(&get_schedule(&["a@example.com".into()], time, time, chrono::TimeDelta::minutes(30)), input, status);
    let _ = read(&find_meeting_times(Value::Null), input, status);
    let requests: [Request; 2] = [me().request.clone(), calendars().request.clone()];
    let items: Vec<&Request> = requests.iter().collect();
    if let Ok(answer) = answer(input, status) {
        assert_eq!(read_batch(&answer, &items, 0).len(), items.len());
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn any_json_is_borne(input in any_json(), status in prop::sample::select(vec![200_u16, 207, 400, 401, 404, 429, 500])) {
        functions(&input)?;
        decoders(&input);
        operations(&input, status);
    }

    #[test]
    fn spoilt_resources_are_borne(input in spoilt(seeds::resources()), status in prop::sample::select(vec![200_u16, 404])) {
        decoders(&input);
        operations(&input, status);
    }

    #[test]
    fn spoilt_requests_are_answered_or_refused(input in spoilt(seeds::requests())) {
        functions(&input)?;
    }
}

#[test]
fn the_seeds_are_valid() {
    for seed in seeds::requests() {
        assert!(functions(&seed).unwrap() >= 1, "{seed}");
    }
}

/// Work is bounded by refusing what would take for ever, or by doing it; each of these takes well under the patience of the tests above.
#[test]
fn absurd_requests_end() {
    let seed = seeds::requests().remove(0);
    let outcome = |edit: &dyn Fn(&mut Value)| {
        let mut request = seed.clone();
        edit(&mut request);
        check(&request, &RANK, |zones| rank_slots(&request, zones)).unwrap();
        ZONES.with(|zones| rank_slots(&request, zones)).map_or_else(|error| error.message().to_owned(), |_| "done".to_owned())
    };
    let century = |request: &mut Value| {
        request["window"] = json!({ "start": "2000-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z" });
        request["recurrence"] = Value::Null;
    };
    assert!(
        outcome(&|request| {
            century(request);
            request["stepMinutes"] = json!(1);
        })
        .starts_with("stepMinutes is too small")
    );
    assert_eq!(
        outcome(&|request| {
            century(request);
            request["stepMinutes"] = json!(1440);
        }),
        "done"
    );
    assert_eq!(
        outcome(&|request| {
            request["window"] = json!({ "start": "0001-01-01T00:00:00Z", "end": "9999-12-31T00:00:00Z" });
            request["recurrence"] = Value::Null;
            request["stepMinutes"] = json!(43_200);
        }),
        "done"
    );
    assert!(outcome(&|request| {
        century(request);
        request["stepMinutes"] = json!(43_200);
        let hours = |minute: usize| json!({ "daysOfWeek": ["monday"], "startTime": format!("08:{:02}:00", minute % 60), "endTime": format!("{:02}:00", 9 + minute / 60), "timeZone": "UTC" });
        request["attendees"] = (0..600).map(|minute| json!({ "id": "x", "busy": [], "workingHours": hours(minute) })).collect();
        request["quorum"] = Value::Null;
        request["needsResource"] = json!(false);
    })
    .starts_with("window.end is too late for so many different working hours"));
    assert!(
        outcome(&|request| {
            request["attendees"][1]["knownUntil"] = json!("9999-12-31T00:00:00Z");
            request["attendees"][1]["schedule"]["availabilityView"] = Value::Null;
            request["attendees"][1]["schedule"]["scheduleItems"] = json!([]);
            request["attendees"][3]["capacity"] = Value::Null;
            request["recurrence"] = json!({ "pattern": { "type": "daily", "interval": 1 }, "range": { "type": "noEnd" } });
        })
        .starts_with("recurrence has too many occurrences")
    );
    assert!(
        outcome(&|request| {
            century(request);
            request["stepMinutes"] = json!(10);
            request["maxResults"] = json!(9_007_199_254_740_991_u64);
            request["attendees"] = json!([{ "id": "a", "busy": [] }]);
            request["quorum"] = Value::Null;
            request["needsResource"] = json!(false);
        })
        .starts_with("maxResults asks for more than fits")
    );
}
