//! `VTIMEZONE`s against chrono-tz: read by another program, expanded by `rrule`, compared over decades.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{DateTime, Days, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use convoke_core::api::to_icalendar;
use rrule::RRuleSet;
use serde_json::json;

use crate::{
    reader::{Part, read},
    tables::zones,
};

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text.trim_end_matches('Z'), "%Y%m%dT%H%M%S").unwrap()
}

fn offset(text: &str) -> TimeDelta {
    let number = |range: std::ops::Range<usize>| text.get(range).map_or(0, |digits| digits.parse::<i64>().unwrap());
    let length = TimeDelta::seconds(number(1..3) * 3600 + number(3..5) * 60 + number(5..7));
    if text.starts_with('-') { -length } else { length }
}

/// From when on which offset holds.
fn changes(observance: &Part) -> Vec<(DateTime<Utc>, TimeDelta)> {
    let (from, to) = (offset(observance.get("TZOFFSETFROM").unwrap()), offset(observance.get("TZOFFSETTO").unwrap()));
    let mut walls = vec![wall(observance.get("DTSTART").unwrap())];
    walls.extend(observance.all("RDATE").into_iter().map(wall));
    if let Some(rule) = observance.get("RRULE") {
        // rrule wants DTSTART and UNTIL of one kind: both as the wall shows them.
        let (rule, until) = rule.split_once(";UNTIL=").map_or((rule, None), |(rule, until)| (rule, Some(wall(until) + from)));
        let until = until.map(|until| until.format(";UNTIL=%Y%m%dT%H%M%SZ").to_string()).unwrap_or_default();
        let lines = format!("DTSTART:{}\nRRULE:{rule}{until}", walls[0].format("%Y%m%dT%H%M%SZ"));
        let set: RRuleSet = lines.parse().unwrap();
        walls = set.into_iter().map(|found| found.naive_utc()).take_while(|found| found.and_utc().timestamp() < 2_400_000_000).collect();
    }
    walls.into_iter().map(|wall| ((wall - from).and_utc(), to)).collect()
}

#[test]
fn zones_are_written_as_they_are() {
    let mut rules = 0;
    let zones = zones();
    let names = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        "Europe/Istanbul",
        "Asia/Jerusalem",
        "Pacific/Apia",
        "Asia/Tehran",
        "Europe/Moscow",
        "America/St_Johns",
        "Pacific/Chatham",
        "Europe/Dublin",
        "Africa/Cairo",
        "Antarctica/Troll",
        "America/Santiago",
        "Asia/Pyongyang",
    ];
    for (name, start) in names.into_iter().flat_map(|name| ["1991-02-03", "2010-07-04", "2026-05-04"].map(|start| (name, start))) {
        let at = json!({ "dateTime": format!("{start}T09:00:00"), "timeZone": name });
        let recurrence = json!({ "pattern": { "type": "daily", "interval": 1 }, "range": { "type": "noEnd", "startDate": start } });
        let text = to_icalendar(&json!({ "start": at, "end": at, "recurrence": recurrence }), &zones).unwrap();
        let calendar = read(&text);
        let zone = calendar.parts("VTIMEZONE")[0];
        assert_eq!(zone.get("TZID"), Some(name));
        rules += zone.parts.iter().filter(|part| part.get("RRULE").is_some()).count();
        let mut changes: Vec<_> = zone.parts.iter().flat_map(changes).collect();
        changes.sort();
        let tz: Tz = name.parse().unwrap();
        let first = tz.from_local_datetime(&wall(&[&start.replace('-', ""), "T090000"].concat())).earliest().unwrap().to_utc();
        for hour in 0.. {
            // Steps that meet every hour of the day.
            let at = first + TimeDelta::hours(hour * 11);
            if at > (DateTime::<Utc>::UNIX_EPOCH + Days::new(70 * 365)) {
                break;
            }
            let written = changes.iter().rev().find(|change| change.0 <= at).unwrap().1;
            let real = i64::from(tz.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc());
            assert_eq!(written.num_seconds(), real, "{name} at {at}, from {start}");
        }
    }
    assert!(rules > 30, "only {rules} observances are rules");
}
