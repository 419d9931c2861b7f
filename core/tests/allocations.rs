//! Memory: ranking allocates for people, items and suggestions, never for a candidate.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails loudly, and reports with --nocapture")]

use std::alloc::System;

use chrono::{DateTime, TimeDelta, Utc};
use convoke_core::{
    model::FreeBusy,
    schedule::{BusyItem, HoursPolicy, Quorum, RankAttendee, RankRequest, Role, rank},
    time::{Span, Zones},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static GLOBAL: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Fifty people over eight weeks, each with an hour a day.
fn request(step_minutes: u32) -> RankRequest {
    let start: DateTime<Utc> = "2026-05-04T00:00:00Z".parse().unwrap();
    let attendee = |number: i64| {
        let busy = (0..56).map(|day| {
            let from = start + TimeDelta::minutes(day * 1440 + 480 + number * 7);
            BusyItem { start: from, end: from + TimeDelta::hours(1), status: FreeBusy::Busy }
        });
        RankAttendee { busy: Some(busy.collect()), ..RankAttendee::new(number.to_string(), Role::Required) }
    };
    RankRequest {
        step_minutes,
        attendees: (0..50).map(attendee).collect(),
        working_hours: HoursPolicy::Ignore,
        quorum: Quorum { min_percentage: Some(50), ..Quorum::default() },
        ..RankRequest::new(Span::new(start, start + TimeDelta::weeks(8)), 60)
    }
}

#[test]
fn no_candidate_allocates() {
    let zones = Zones::utc_only();
    let counts: Vec<(usize, usize)> = [60, 15, 5, 1]
        .into_iter()
        .map(|step| {
            let request = request(step);
            let region = Region::new(GLOBAL);
            let found = rank(&request, &zones).unwrap();
            let change = region.change();
            assert_eq!(found.suggestions.len(), 20);
            let candidates = (8 * 7 * 1440 - 60) / step as usize + 1;
            println!("{candidates} candidates: {} allocations, {} kB", change.allocations, change.bytes_allocated / 1000);
            (candidates, change.allocations + change.reallocations)
        })
        .collect();
    let (fewest, most) = (counts[0], counts[3]);
    assert!(most.0 > 50 * fewest.0);
    // Lists of candidates grow by doubling, which is a step more for each doubling of their number; nothing else may depend on it.
    assert!(most.1 <= fewest.1 + 40, "{} allocations for {} candidates, {} for {}", most.1, most.0, fewest.1, fewest.0);
}
