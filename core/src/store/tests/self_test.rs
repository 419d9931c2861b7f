//! The self-test on the Connection screen.

use super::*;
use crate::diagnose::{Check, Finding, Probe};

fn check(probe: Probe, finding: Finding) -> Box<Check> {
    Box::new(Check { probe, finding, duration_ms: 3 })
}

#[test]
fn one_test_runs_at_a_time_and_tells_how_many_passed() {
    let mut world = World::signed_in(View::Connection);
    let effects = world.act(SessionAction::Test);
    let [Effect::Test(generation)] = effects[..] else { panic!("{effects:?}") };
    assert_eq!(world.act(SessionAction::Test), [], "it is under way");
    world.act(SessionAction::TestFound(generation - 1, check(Probe::Clock, Finding::NoClock)));
    assert!(world.state.test.checks.is_empty(), "of an earlier test");
    world.act(SessionAction::TestFound(generation, check(Probe::Program, Finding::Works)));
    world.act(SessionAction::TestFound(generation, check(Probe::Storage, Finding::MemoryOnly)));
    assert_eq!(world.act(SessionAction::StopTest), [Effect::StopTest]);
    world.act(SessionAction::Tested(generation));
    assert_eq!((world.state.test.running, world.state.test.checks.len()), (false, 2));
    assert_eq!(world.state.notice, Some(Notice::Tested(1, 2)));
    assert_eq!(world.act(SessionAction::StopTest), []);
    assert!(matches!(world.act(SessionAction::Test)[..], [Effect::Test(next)] if next > generation));
}

#[test]
fn whoever_signs_out_takes_the_report_along() {
    let mut world = World::signed_in(View::Connection);
    world.act(SessionAction::Test);
    let generation = world.state.test.generation;
    world.act(SessionAction::TestFound(generation, check(Probe::Graph, Finding::Works)));
    world.act(SessionAction::SignOut);
    world.act(SessionAction::TestFound(generation, check(Probe::Graph, Finding::Works)));
    assert!(world.state.test.checks.is_empty() && !world.state.test.running);
    assert_eq!(world.act(SessionAction::Test), [], "nobody is signed in");
}
