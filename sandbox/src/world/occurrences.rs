//! What happens in a span of time: single events, and series expanded with their exceptions. Owns that expansion; leaves pattern dates to
//! `recurrence` and paging to `graph`.

use std::borrow::Cow;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::{
    event::Event,
    ids,
    zones::{Zone, ZonedTime},
};

/// Graph's eventType.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Single,
    Occurrence,
    Exception,
    Master,
}

impl Kind {
    /// Graph's spelling.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "singleInstance",
            Self::Occurrence => "occurrence",
            Self::Exception => "exception",
            Self::Master => "seriesMaster",
        }
    }
}

/// An event as it shows: the record with, for occurrences, its own start and end put in.
#[derive(Debug, Clone)]
pub(crate) struct Instance<'a> {
    pub(crate) kind: Kind,
    pub(crate) event: Cow<'a, Event>,
    /// Of occurrences and exceptions: the master's id and the date that the pattern gave.
    pub(crate) series: Option<(&'a str, NaiveDate)>,
    /// Of occurrences and exceptions: when the pattern had put it.
    pub(crate) original_start: Option<DateTime<Utc>>,
}

impl Instance<'_> {
    /// The id by which Graph addresses it.
    pub(crate) fn id(&self) -> String {
        self.series.map_or_else(|| self.event.id.clone(), |(master, date)| ids::occurrence(master, date))
    }

    /// The span for free/busy and windows, in UTC. All-day events are floating: they fill the dates of whatever zone asks.
    pub(crate) fn span(&self, asking: &Zone) -> (DateTime<Utc>, DateTime<Utc>) {
        if self.event.all_day {
            (asking.instant(self.event.start.local), asking.instant(self.event.end.local))
        } else {
            (self.event.start.instant(), self.event.end.instant())
        }
    }
}

/// A single event, or a master as a list of events shows it.
pub(crate) fn unexpanded(event: &Event) -> Instance<'_> {
    let kind = if event.recurrence.is_some() { Kind::Master } else { Kind::Single };
    Instance { kind, event: Cow::Borrowed(event), series: None, original_start: None }
}

/// The occurrence of a series on one of its pattern's dates, cancelled ones excluded.
pub(crate) fn on_date(master: &Event, date: NaiveDate) -> Option<Instance<'_>> {
    let includes = master.recurrence.as_ref().is_some_and(|recurrence| recurrence.includes(date));
    (includes && !master.cancelled_dates.contains(&date)).then(|| occurrence(master, date))
}

fn occurrence(master: &Event, date: NaiveDate) -> Instance<'_> {
    let start = ZonedTime { local: date.and_time(master.start.local.time()), zone: master.start.zone.clone() };
    let original_start = Some(start.instant());
    let series = Some((master.id.as_str(), date));
    if let Some(exception) = master.exceptions.get(&date) {
        return Instance { kind: Kind::Exception, event: Cow::Borrowed(exception), series, original_start };
    }
    Instance { kind: Kind::Occurrence, event: Cow::Owned(occurrence_event(master, date)), series, original_start }
}

/// The record of a plain occurrence: the master's with its own times and without the series.
pub(crate) fn occurrence_event(master: &Event, date: NaiveDate) -> Event {
    let start = date.and_time(master.start.local.time());
    let end = if master.start.zone == master.end.zone {
        ZonedTime { local: start + master.wall_duration(), zone: master.end.zone.clone() }
    } else {
        // Two zones: the length in real time is kept, as there is no one wall clock to keep it on.
        let end = master.start.zone.instant(start) + master.wall_duration();
        ZonedTime { local: master.end.zone.local(end), zone: master.end.zone.clone() }
    };
    let mut event = without_series(master);
    event.start.local = start;
    event.end = end;
    event
}

fn without_series(master: &Event) -> Event {
    let mut event = Event { exceptions: Default::default(), cancelled_dates: Default::default(), recurrence: None, ..master.clone() };
    event.transaction_id = None;
    event
}

/// All that overlaps `from..to`: singles, occurrences and exceptions, by start. All-day events are placed by their dates in `asking`.
pub(crate) fn between<'a>(
    events: impl Iterator<Item = &'a Event>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    asking: &Zone,
) -> Vec<Instance<'a>> {
    let overlaps = |instance: &Instance<'_>| {
        let (start, end) = instance.span(asking);
        // An event without length still shows at its instant.
        start < to && (end > from || (start == end && start >= from))
    };
    let mut found = Vec::new();
    for event in events {
        if event.recurrence.is_none() {
            found.extend(Some(unexpanded(event)).filter(|instance| overlaps(instance)));
            continue;
        }
        found.extend(instances(event, from, to).filter(|instance| overlaps(instance)));
    }
    found.sort_by_cached_key(|instance| (instance.span(asking).0, instance.event.created));
    found
}

/// The series' instances whose dates come near `from..to`: wide enough that no zone's offset and no exception's move misses any.
fn instances<'a>(master: &'a Event, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = Instance<'a>> {
    let reach = Days::new(2 + u64::try_from(master.wall_duration().num_days().max(0)).unwrap_or_default());
    let first = from.date_naive().checked_sub_days(reach).unwrap_or(NaiveDate::MIN);
    let last = to.date_naive().checked_add_days(Days::new(2)).unwrap_or(NaiveDate::MAX);
    let near = move |date: &NaiveDate| *date >= first;
    // Exceptions are few and may have been moved far, so they are looked at all.
    let exceptions = master.exceptions.keys().copied().filter(|date| !master.cancelled_dates.contains(date));
    let plain = master
        .recurrence
        .iter()
        .flat_map(move |recurrence| recurrence.dates(last))
        .filter(near)
        .filter(|date| !master.cancelled_dates.contains(date) && !master.exceptions.contains_key(date));
    plain.chain(exceptions).map(|date| occurrence(master, date))
}

/// The wall times of the pattern's dates just before and after `date`, as they stand (exceptions where moved): an occurrence may not
/// be moved to or past the days of its neighbours.
pub(crate) fn neighbours(master: &Event, date: NaiveDate) -> (Option<NaiveDateTime>, Option<NaiveDateTime>) {
    let Some(recurrence) = &master.recurrence else { return (None, None) };
    let happens = |other: &NaiveDate| *other != date && !master.cancelled_dates.contains(other);
    let at = |other: NaiveDate| occurrence(master, other).event.start.local;
    let before = recurrence.dates(date).filter(happens).last().map(at);
    // The next occurrence is at most a leap cycle of the rarest pattern away.
    let horizon = date + TimeDelta::days(366 * i64::from(recurrence.pattern.interval.min(100)));
    let after = recurrence.dates(horizon).filter(happens).find(|other| *other > date).map(at);
    (before, after)
}
