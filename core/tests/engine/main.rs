//! The engine against brute force, on arbitrary requests. `CONVOKE_CASES` raises the number of cases.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod cases;
mod distribution;
#[path = "../shared/cases.rs"]
mod number;
mod reference;
mod requests;
#[path = "../shared/zones.rs"]
mod tables;
mod zones;

use std::{cell::RefCell, num::NonZero, thread};

use chrono::{DateTime, Duration, Utc};
use convoke_core::{
    model::DateTimeTimeZone,
    schedule::*,
    time::{LocalTime, Zones, iso_local},
};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use distribution::Distribution;
use number::config;
use reference::Reference;
use tables::zones;

thread_local! {
    static ZONES: Zones = zones();
}

/// Everything that the engine answers, on at least twenty thousand requests a run. They must have met everything that can happen, or
/// else the generator has lost its teeth.
#[test]
fn the_engine_agrees_with_brute_force() {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let all = config(20_000);
    let share = all.cases.div_ceil(u32::try_from(threads).unwrap());
    let mut seen = Distribution::default();
    thread::scope(|scope| {
        let runs: Vec<_> = (0..threads).map(|_| scope.spawn(|| compare(share))).collect();
        for run in runs {
            seen.add(&run.join().unwrap());
        }
    });
    seen.check(share as usize * threads);
}

fn compare(cases: u32) -> Distribution {
    let zones = zones();
    let seen = RefCell::new(Distribution::default());
    let mut runner = TestRunner::new(proptest::test_runner::Config { cases, ..config(cases) });
    let outcome = runner.run(&requests::request(), |request| {
        let found = rank(&request, &zones).unwrap();
        let reference = Reference::new(&request);
        prop_assert_eq!(&found, &reference.result());
        let recurs = found.suggestions.first().is_some_and(|best| reference.recurs(best.start));
        seen.borrow_mut().note(&request, &found, recurs);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    seen.into_inner()
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn the_order_of_attendees_changes_nothing(request in requests::request(), turn in 0_usize..6) {
        let mut turned = request.clone();
        let by = turn.min(turned.attendees.len());
        turned.attendees.rotate_left(by);
        let slots = |request: &RankRequest| {
            let found = ZONES.with(|zones| rank(request, zones)).unwrap();
            found.suggestions.iter().map(|slot| (slot.start, slot.score_tenths, slot.confidence_hundredths)).collect::<Vec<_>>()
        };
        prop_assert_eq!(slots(&request), slots(&turned));
    }

    #[test]
    fn recurrences_agree_with_brute_force(
        recurrence in requests::recurrence(),
        day in 0_i64..800,
        clock in 0_i64..24 * 12,
        length in 0_i64..40 * 12,
        from in -100_i64..400,
        span in 0_i64..900,
    ) {
        let tz = chrono_tz::Europe::Berlin;
        let midnight: DateTime<Utc> = "2025-06-01T00:00:00Z".parse().unwrap();
        let wall = (midnight + Duration::days(day) + Duration::minutes(clock * 5)).naive_utc();
        let value = |wall| DateTimeTimeZone { date_time: iso_local(wall), time_zone: "Europe/Berlin".into() };
        let mut recurrence = recurrence;
        recurrence.range.start_date = Some(wall.date());
        let window = (midnight + Duration::days(day + from), midnight + Duration::days(day + from + span));
        let found = ZONES.with(|zones| {
            expand_recurrence(&recurrence, &value(wall), &value(wall + Duration::minutes(length * 5)), window.0, window.1, zones)
        });
        // A wall time in the gap has already been shifted once where the series was given.
        let given = reference::shown(tz, wall);
        let until = reference::shown(tz, wall + Duration::minutes(length * 5));
        let expected: Vec<(DateTime<Utc>, LocalTime)> = reference::dates(&recurrence, wall.date(), window.1.date_naive() + Duration::days(2))
            .into_iter()
            .map(|date| reference::instant(tz, date.and_time(given.time()), false))
            .filter(|start| window.0 <= *start && *start < window.1)
            .map(|start| (start, reference::local(tz, start)))
            .collect();
        let found = found.unwrap();
        prop_assert_eq!(found.iter().map(|found| (found.start.instant(), found.start)).collect::<Vec<_>>(), expected);
        for occurrence in found {
            prop_assert!(occurrence.end.instant() >= occurrence.start.instant());
            let wall_length = occurrence.end.wall - occurrence.start.wall;
            // Only next to a gap may the end's wall time differ, by as much as the gap.
            prop_assert!((wall_length - (until - given)).abs() <= Duration::hours(1));
        }
    }

    #[test]
    fn views_agree_with_brute_force(
        items in vec((-200_i64..800, -5_i64..300, 0_usize..6), 0..8),
        length in 0_i64..700,
        interval in 5_u32..90,
    ) {
        let start: DateTime<Utc> = "2026-05-04T09:00:00Z".parse().unwrap();
        let minutes = |minutes: i64| start + Duration::minutes(minutes);
        let items: Vec<BusyItem> = items
            .into_iter()
            .map(|(from, length, status)| BusyItem { start: minutes(from), end: minutes(from + length), status: reference::ORDER[status] })
            .collect();
        let view = availability_view(start, minutes(length), interval, &items).unwrap();
        let slots = (0..).map(|slot| minutes(slot * i64::from(interval))).take_while(|slot| *slot < minutes(length));
        let expected: String = slots
            .map(|slot| {
                let end = slot + Duration::minutes(interval.into());
                let overlapping = items.iter().filter(|item| item.end > item.start && item.start < end && item.end > slot);
                overlapping.map(|item| ['0', '0', '1', '0', '2', '3'][reference::rank_of(item.status)]).max().unwrap_or('0')
            })
            .collect();
        prop_assert_eq!(view, expected);
    }
}
