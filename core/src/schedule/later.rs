//! Later occurrences of candidates. Owns which there are and whether all of them work; leaves dates to `recurrence`.

use std::ops::Range;

use super::{
    availability::{instant, invalid, minute_before},
    bits::Bits,
    field::{Field, Planes, Starts},
    prepare::{Prepared, Rules},
    tally::Tally,
};
use crate::Error;

/// All candidates together may not have more later occurrences.
const MOST_OCCURRENCES: usize = 10_000_000;

/// The later occurrences of some candidates. Different candidates meet at the same instants, so each instant is tested once.
pub(super) struct Later<'p> {
    field: Field<'p>,
    tally: Tally,
    /// For each candidate, which of `indices` are its own.
    owners: Vec<(usize, Range<usize>)>,
    /// Positions among the field's starts.
    indices: Vec<usize>,
}

impl<'p> Later<'p> {
    /// Where a candidate's local date fits the pattern, and the range; everywhere without a recurrence.
    pub(super) fn fitting(field: &Field<'_>) -> Bits {
        let Some(series) = &field.prepared.series else { return field.all.clone() };
        let mut fitting = Bits::new(field.starts.len());
        let mut last = None;
        for index in 0..field.starts.len() {
            let date = field.prepared.zone.local(instant(field.starts.at(index))).date();
            let fits = match last {
                Some((known, fits)) if known == date => fits,
                _ => series.dates(date).next() == Some(date),
            };
            last = Some((date, fits));
            fitting.set_range(index, index + usize::from(fits));
        }
        fitting
    }

    /// The later occurrences of these candidates that end by the horizon.
    ///
    /// # Errors
    /// `invalid-request` that names `recurrence`, where there are too many.
    pub(super) fn new(candidates: &Field<'p>, of: &Bits, rules: &Rules, horizon: i64) -> Result<Self, Error> {
        let mut owners = Vec::new();
        let mut minutes = Vec::new();
        for index in of.ones() {
            let first = minutes.len();
            for start in later_starts(candidates.prepared, candidates.starts.at(index), rules.duration, horizon) {
                minutes.push(start);
                if minutes.len() > MOST_OCCURRENCES {
                    return Err(invalid(
                        &["recurrence"],
                        " has too many occurrences before knownUntil; end it sooner, or raise stepMinutes",
                    ));
                }
            }
            owners.push((index, first..minutes.len()));
        }
        let mut starts = minutes.clone();
        starts.sort_unstable();
        starts.dedup();
        let indices = minutes.iter().map(|minute| starts.partition_point(|start| start < minute)).collect();
        let field = Field::new(candidates.prepared, Starts::Listed(starts), rules.duration);
        let tally = Tally::new(&field, rules, false);
        Ok(Self { field, tally, owners, indices })
    }

    /// Keeps the candidates whose later occurrences all work.
    pub(super) fn keep(&self, passing: &mut Bits, rules: &Rules, scratch: Option<&mut Planes>) {
        if self.indices.is_empty() {
            return;
        }
        let left_out = match (rules.without, scratch) {
            (Some(number), Some(planes)) => {
                let quorum = self.field.prepared.quorum(rules).is_some();
                self.field.read_person(&self.field.prepared.people[number], rules, quorum, planes);
                Some(&*planes)
            }
            _ => None,
        };
        let mut works = self.tally.passing(&self.field, rules, left_out);
        if rules.needs_room {
            works.and(&self.field.rooms(self.field.prepared.seats(rules)));
        }
        let last = self.field.prepared.horizon(rules) - rules.duration;
        for (candidate, range) in &self.owners {
            if self.indices[range.clone()].iter().any(|index| !works.get(*index) && self.field.starts.at(*index) <= last) {
                passing.clear(*candidate);
            }
        }
    }

    /// Planes that fit the later occurrences.
    pub(super) fn planes(&self) -> Planes {
        Planes::new(self.field.starts.len())
    }
}

/// When those of a candidate's later occurrences start that end by the horizon, in order.
pub(super) fn later_starts<'a>(prepared: &'a Prepared<'_>, start: i64, duration: i64, horizon: i64) -> impl Iterator<Item = i64> + 'a {
    let first = prepared.zone.local(instant(start));
    let dates = prepared.series.iter().flat_map(move |series| series.dates(first.date()).skip(1));
    let starts = dates.map(move |date| minute_before(prepared.zone.resolve(date.and_time(first.time())).instant));
    starts.take_while(move |start| start + duration <= horizon)
}
