//! Where nothing fits: why, and what one change would open up. Owns the changes and their order; leaves the search under each to `search`.

use super::{
    Almost, Change, EmptyReason, HoursPolicy, Reason, ReasonCode, Role,
    explain::{blockers, suggestion},
    field::{Field, Planes},
    later::{Later, later_starts},
    prepare::{Prepared, Rules},
    search::{pick, search},
    tally::Tally,
};
use crate::{Error, sort::sort_by};

/// Why there is no slot under the request's own rules.
///
/// # Errors
/// As [`search`].
pub(super) fn empty_reason(prepared: &Prepared<'_>, rules: &Rules) -> Result<EmptyReason, Error> {
    let field = Field::candidates(prepared, rules.duration);
    if !field.all.any() {
        return Ok(EmptyReason::Unknown);
    }
    let would_do = |rules: Rules| search(prepared, &rules, 1).map(|picks| !picks.is_empty());
    if rules.needs_room && would_do(Rules { needs_room: false, ..*rules })? {
        return Ok(EmptyReason::LocationsUnavailable);
    }
    let organizer = prepared.people.iter().any(|person| person.role == Role::Organizer);
    if organizer && would_do(Rules { needs_organizer: false, ..*rules })? {
        return Ok(EmptyReason::OrganizerUnavailable);
    }
    let mut planes = Planes::new(field.starts.len());
    let unknown = prepared.people.iter().filter(|person| person.role != Role::Organizer).any(|person| {
        field.read(&person.timeline, &mut planes);
        planes.unknown.any()
    });
    Ok(if unknown { EmptyReason::AttendeesUnavailableOrUnknown } else { EmptyReason::AttendeesUnavailable })
}

/// The best slot under each single change that yields one, in the contract's order.
///
/// # Errors
/// As [`search`].
pub(super) fn almost(prepared: &Prepared<'_>, rules: &Rules) -> Result<Vec<Almost>, Error> {
    let mut changes = Vec::new();
    if !rules.allow_tentative {
        changes.push((Change::Tentative, Rules { allow_tentative: true, ..*rules }));
    }
    if rules.hours == HoursPolicy::Require {
        changes.push((Change::OutsideHours, Rules { hours: HoursPolicy::Prefer, ..*rules }));
    }
    for minutes in [15, 30] {
        let duration = rules.duration - i64::from(minutes);
        if duration >= 15 {
            changes.push((Change::Shorter { minutes }, Rules { duration, ..*rules }));
        }
    }
    if prepared.series.is_some() {
        changes.push((Change::Occurrences, Rules { whole_series: false, ..*rules }));
    }
    if rules.needs_room {
        changes.push((Change::NoRoom, Rules { needs_room: false, ..*rules }));
    }
    let mut found = Vec::new();
    for (change, rules) in changes {
        if let Some(pick) = search(prepared, &rules, 1)?.first() {
            let mut suggestion = suggestion(prepared, &rules, *pick);
            if change == Change::Occurrences {
                let conflict = conflict(prepared, &rules, pick.start);
                suggestion.reasons.retain(|reason| reason.code != ReasonCode::AllFree);
                suggestion.reasons.push(conflict);
            }
            found.push(Almost { change, suggestion });
        }
    }
    without(prepared, rules, &mut found)?;
    Ok(found)
}

/// Who cannot come to some later occurrence.
fn conflict(prepared: &Prepared<'_>, rules: &Rules, start: i64) -> Reason {
    let starts = later_starts(prepared, start, rules.duration, prepared.horizon(rules));
    let mut indices: Vec<usize> = starts.flat_map(|start| blockers(prepared, rules, start)).collect();
    sort_by(&mut indices, Ord::cmp);
    indices.dedup();
    let attendees = indices.into_iter().map(|index| prepared.ids[index].clone()).collect();
    Reason { code: ReasonCode::OccurrenceConflict, attendees }
}

/// The best slot without each of those who have to come. Everybody is merged once; then each in turn is taken out of the sums again.
fn without(prepared: &Prepared<'_>, rules: &Rules, found: &mut Vec<Almost>) -> Result<(), Error> {
    let needed = |role: Role| matches!(role, Role::Organizer | Role::Required);
    let needed: Vec<usize> = prepared.listed(rules).filter(|(_, person)| needed(person.role)).map(|(number, _)| number).collect();
    let &[first, _, ..] = needed.as_slice() else { return Ok(()) };
    let field = Field::candidates(prepared, rules.duration);
    let tally = Tally::new(&field, rules, true);
    let mut open = Later::fitting(&field);
    tally.drop_hopeless(&mut open);
    if rules.needs_room {
        // Whoever it is that stays away, the seats are the same.
        open.and(&field.rooms(prepared.seats(&Rules { without: Some(first), ..*rules })));
    }
    // Somebody whose availability ends early takes that end with them.
    let horizon = needed.iter().map(|number| prepared.horizon(&Rules { without: Some(*number), ..*rules })).max();
    let horizon = horizon.filter(|_| prepared.series.is_some());
    let later = horizon.map(|horizon| Later::new(&field, &open, rules, horizon)).transpose()?;
    let mut planes = Planes::new(field.starts.len());
    let mut later_planes = later.as_ref().map(Later::planes);
    for number in needed {
        let rules = Rules { without: Some(number), ..*rules };
        let person = &prepared.people[number];
        field.read_person(person, &rules, prepared.quorum(&rules).is_some(), &mut planes);
        let mut passing = tally.passing(&field, &rules, Some(&planes));
        passing.and(&open);
        if let Some(later) = later.as_ref().filter(|_| passing.any()) {
            later.keep(&mut passing, &rules, later_planes.as_mut());
        }
        if let Some(pick) = pick(&field, &tally, &passing, &rules, Some(&planes), 1).first() {
            let change = Change::Without { attendee: prepared.request.attendees[person.index].id.clone() };
            found.push(Almost { change, suggestion: suggestion(prepared, &rules, *pick) });
        }
    }
    Ok(())
}
