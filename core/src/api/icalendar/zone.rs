//! `VTIMEZONE` (RFC 5545, section 3.6.5). Owns saying a zone's table of changes: as a yearly rule where they follow one, else date by
//! date; leaves tables to `time`.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};

use super::{
    lines::{Lines, parameter, utc, wall},
    rule::code,
};
use crate::time::{Transition, Zone};

/// A rule that still holds in this year is written without an end: the tables end some years later, and no law says what comes then.
const HORIZON: i32 = 2037;

/// `;TZID="…"`.
pub(super) fn tzid(zone: &Zone) -> String {
    parameter("TZID", zone.name())
}

/// The zone from an instant on.
pub(super) fn write(zone: &Zone, since: DateTime<Utc>, lines: &mut Lines) {
    let earlier = zone.transitions_between(DateTime::<Utc>::MIN_UTC, since + TimeDelta::seconds(1)).last();
    let later = zone.transitions_between(since + TimeDelta::seconds(1), DateTime::<Utc>::MAX_UTC);
    lines.begin("VTIMEZONE");
    lines.raw("TZID", zone.name());
    if earlier.is_none() {
        let offset = offset(zone.offset_at(since));
        observance("STANDARD", "19700101T000000", &offset, &offset, None, &[], lines);
    }
    let changes: Vec<Transition> = earlier.into_iter().chain(later).copied().collect();
    // Those of one kind make one observance.
    let mut rest = changes;
    while let Some(&Transition { before, after, .. }) = rest.first() {
        let (kind, others): (Vec<_>, Vec<_>) = rest.iter().partition(|change| change.before == before && change.after == after);
        rest = others;
        let starts: Vec<NaiveDateTime> = kind.iter().map(shown_before).collect();
        let rule = yearly(&starts);
        let rule = rule.map(|rule| match kind.last() {
            Some(last) if last.instant().year() < HORIZON => [&rule, ";UNTIL=", &utc(last.instant())].concat(),
            _ => rule,
        });
        let listed = if rule.is_some() { &[] } else { starts.get(1..).unwrap_or_default() };
        let name = if after > before { "DAYLIGHT" } else { "STANDARD" };
        let first = starts.first().map(|first| wall(*first)).unwrap_or_default();
        observance(name, &first, &offset(before), &offset(after), rule.as_deref(), listed, lines);
    }
    lines.end("VTIMEZONE");
}

fn observance(name: &str, start: &str, from: &str, to: &str, rule: Option<&str>, listed: &[NaiveDateTime], lines: &mut Lines) {
    lines.begin(name);
    lines.raw("DTSTART", start);
    lines.raw("TZOFFSETFROM", from);
    lines.raw("TZOFFSETTO", to);
    if let Some(rule) = rule {
        lines.raw("RRULE", rule);
    }
    for start in listed {
        lines.raw("RDATE", &wall(*start));
    }
    lines.end(name);
}

/// What the clock shows at a change, by the time before it.
fn shown_before(change: &Transition) -> NaiveDateTime {
    let local = change.instant().naive_utc();
    local.checked_add_signed(TimeDelta::seconds(change.before.into())).unwrap_or(local)
}

/// The yearly rule that gives exactly these wall times, three at least: the nth, or the last, of a weekday in a month.
fn yearly(starts: &[NaiveDateTime]) -> Option<String> {
    let [first, _, _, ..] = starts else { return None };
    let next_year = |pair: &[NaiveDateTime]| pair[1].year() == pair[0].year() + 1;
    let alike = |start: &NaiveDateTime| (start.month(), start.weekday(), start.time()) == (first.month(), first.weekday(), first.time());
    if !starts.windows(2).all(next_year) || !starts.iter().all(alike) {
        return None;
    }
    let nth = |start: &NaiveDateTime| (start.day() - 1) / 7 + 1;
    let is_last = |start: &NaiveDateTime| (*start + TimeDelta::days(7)).month() != start.month();
    let position = if starts.iter().all(is_last) {
        "-1".to_owned()
    } else if starts.iter().all(|start| nth(start) == nth(first)) {
        nth(first).to_string()
    } else {
        return None;
    };
    Some(["FREQ=YEARLY;BYMONTH=", &first.month().to_string(), ";BYDAY=", &position, code(first.weekday())].concat())
}

/// `+0530`, with seconds where there are some.
fn offset(seconds: i32) -> String {
    let mut text = String::from(if seconds < 0 { '-' } else { '+' });
    let seconds = seconds.unsigned_abs();
    let parts = if seconds.is_multiple_of(60) { 2 } else { 3 };
    for part in [seconds / 3600, seconds / 60 % 60, seconds % 60].into_iter().take(parts) {
        text.extend([(part / 10), part % 10].map(|digit| char::from(b'0' + digit as u8)));
    }
    text
}
