//! Choosing among candidates. Owns which ones count, their order and ties; leaves words to `explain` and single changes to `almost`.

use std::cmp::Reverse;

use super::{
    HoursPolicy,
    bits::Bits,
    field::{Field, Planes},
    hours::minutes_outside,
    later::Later,
    prepare::{Prepared, Rules},
    tally::{Tally, least_points, score},
};
use crate::{Error, sort::sort_by};

/// A candidate that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pick {
    /// In minutes since the epoch.
    pub(super) start: i64,
    pub(super) score_tenths: u32,
}

/// The best candidates under these rules (nobody left out), best first, at most `limit`.
///
/// # Errors
/// `invalid-request` where a recurrence goes on for too long.
pub(super) fn search(prepared: &Prepared<'_>, rules: &Rules, limit: usize) -> Result<Vec<Pick>, Error> {
    let field = Field::candidates(prepared, rules.duration);
    let tally = Tally::new(&field, rules, true);
    let mut passing = tally.passing(&field, rules, None);
    passing.and(&Later::fitting(&field));
    if rules.needs_room && passing.any() {
        passing.and(&field.rooms(prepared.seats(rules)));
    }
    if rules.whole_series && prepared.series.is_some() && passing.any() {
        let later = Later::new(&field, &passing, rules, prepared.horizon(rules))?;
        later.keep(&mut passing, rules, None);
    }
    Ok(pick(&field, &tally, &passing, rules, None, limit))
}

/// The best of the candidates that pass, in order: score, then the greatest time that one person is outside their hours, then everybody's,
/// then the start.
pub(super) fn pick(field: &Field<'_>, tally: &Tally, passing: &Bits, rules: &Rules, left_out: Option<&Planes>, limit: usize) -> Vec<Pick> {
    let weight = tally.weight(field, rules);
    let mut found: Vec<(i32, usize)> = passing.ones().map(|index| (tally.points(field, index, rules, left_out), index)).collect();
    // Scores cost divisions, and ties look at hours: both only where a candidate can still come into the list.
    if limit < found.len() {
        let (_, (points, _), _) = found.select_nth_unstable_by_key(limit.saturating_sub(1), |(points, _)| Reverse(*points));
        let least = if weight == 0 { i32::MIN } else { least_points(score(*points, weight), weight) };
        found.retain(|(points, _)| *points >= least);
    }
    let mut ranked: Vec<_> = found
        .into_iter()
        .map(|(points, index)| {
            let (most, sum) = inconvenience(field, index, rules);
            (Reverse(score(points, weight)), most, sum, index)
        })
        .collect();
    sort_by(&mut ranked, Ord::cmp);
    ranked.truncate(limit);
    ranked.into_iter().map(|(Reverse(score_tenths), .., index)| Pick { start: field.starts.at(index), score_tenths }).collect()
}

/// The greatest number of minutes that one person is outside their hours, and everybody's sum.
fn inconvenience(field: &Field<'_>, index: usize, rules: &Rules) -> (i64, i64) {
    if rules.hours == HoursPolicy::Ignore {
        return (0, 0);
    }
    let start = field.starts.at(index);
    let (mut most, mut sum) = (0, 0);
    for ((group, periods), outside) in field.prepared.groups.iter().zip(&field.periods).zip(&field.outside) {
        let Some(periods) = periods.as_ref().filter(|_| outside.get(index)) else { continue };
        let left_out = rules.without.is_some_and(|number| group.members.contains(&number));
        let members = group.members.len() - usize::from(left_out);
        if members > 0 {
            let minutes = minutes_outside(periods, start, start + field.duration);
            most = most.max(minutes);
            sum += minutes * members as i64;
        }
    }
    (most, sum)
}
