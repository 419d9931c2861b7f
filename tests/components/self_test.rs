//! The self-test on the Connection screen.

use convoke_core::{
    Error, ErrorCode,
    auth::Feature,
    diagnose::{Check, Finding, Probe, plan},
    error::Details,
    store::{SessionAction, View},
};

use crate::world::World;

fn found(world: &mut World, probe: Probe, finding: Finding) {
    let check = Check { probe, finding, duration_ms: 12 };
    world.act(SessionAction::TestFound(world.state.test.generation, Box::new(check)));
}

/// One finding of each kind, the failures first.
fn findings() -> Vec<Finding> {
    let details = Details { aadsts: Some(700_016), request_id: Some("r-1".into()), ..Details::default() };
    vec![
        Finding::Damaged,
        Finding::MemoryOnly,
        Finding::Skew(-7200),
        Finding::Skew(400),
        Finding::Missing(vec!["People.Read".into()]),
        Finding::Missing(vec!["Place.Read.All".into()]),
        Finding::Failed(Error::new(ErrorCode::Configuration, "x").with(details)),
        Finding::Failed(Error::new(ErrorCode::Network, "x")),
        Finding::Skew(3),
        Finding::NoClock,
        Finding::Granted(4),
        Finding::Works,
        Finding::WouldWrite,
        Finding::NeedsAnother,
        Finding::NotForPersonal,
        Finding::NotReached,
        Finding::Stopped,
    ]
}

#[test]
fn checks_stand_in_a_table_as_they_come() {
    let mut world = World::signed_in(View::Connection);
    let page = world.draw();
    page.one("button", "Run self-test");
    assert!(page.all("table").is_empty() && !page.names("button").contains(&"Copy report"));

    world.act(SessionAction::Test);
    found(&mut world, Probe::Program, Finding::Works);
    found(&mut world, Probe::Clock, Finding::Skew(-7200));
    let page = world.draw();
    assert_eq!(page.one("button", "Run self-test").get("aria-disabled"), Some("true"));
    page.one("button", "Stop");
    let progress = page.one("progressbar", "2 of 9 checks");
    assert_eq!((progress.get("value"), progress.get("max")), (Some("2"), Some("9")));
    let table = page.one("table", "Self-test");
    assert_eq!(table.names("columnheader"), ["Check", "Outcome", "What was found"]);
    assert_eq!(table.names("rowheader"), ["The program runs", "The clock is right"]);
    assert_eq!(table.names("cell"), ["Pass", "As it should be.", "Fail", "The clock is 2 h behind. Set it by the network's time."]);

    world.act(SessionAction::Tested(world.state.test.generation));
    let page = world.draw();
    page.one("button", "Copy report");
    assert_eq!(page.names("status"), ["1 of 2 checks passed."]);
}

#[test]
fn every_failure_says_what_to_do() {
    let mut world = World::signed_in(View::Connection);
    world.act(SessionAction::Test);
    for (probe, finding) in plan(&Feature::ALL).into_iter().zip(findings()) {
        found(&mut world, probe, finding);
    }
    let page = world.draw();
    let cells = page.one("table", "Self-test").names("cell");
    let rows: Vec<(&str, &str)> = cells.chunks(2).map(|row| (row[0], row[1])).collect();
    assert_eq!(rows.iter().filter(|(outcome, _)| *outcome == "Fail").count(), 8);
    for sentence in [
        "Not granted: People.Read. Ask for it above, under Permissions.",
        "Not granted: Place.Read.All. An administrator has to approve this first. Send them the link.",
        "The clock is 6 min ahead. Set it by the network's time.",
        "The clock is 3 s ahead.",
        "4 permissions are granted.",
        "The permission is there; trying it would change something.",
        "Personal accounts cannot do this. It needs a work or school account.",
    ] {
        assert!(rows.iter().any(|(_, text)| *text == sentence), "{sentence} in {rows:?}");
    }
    let failed = rows.iter().find(|(_, text)| text.contains("AADSTS700016")).unwrap();
    assert!(failed.1.starts_with("Microsoft does not know this application there.") && failed.1.ends_with("Reference: r-1"), "{failed:?}");
}

#[test]
fn the_table_is_translated_whole() {
    for finding in findings() {
        let mut world = World::signed_in(View::Connection);
        world.act(SessionAction::Test);
        for probe in plan(&Feature::ALL) {
            found(&mut world, probe, finding.clone());
        }
        crate::language::check(&mut world);
    }
}
