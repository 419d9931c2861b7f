//! Each pair of state and event. Owns that none is forgotten: a state or an event without its row or column fails. What exactly follows from
//! a pair is tested where it matters, in the files beside this one.

use super::*;
use crate::auth::machine::seat::Phase;
use crate::auth::protocol::depart;

/// What becomes of the sign-in: the flow after the event; `+` where something has to be done; `.` where nothing changes at all. Somebody is
/// signed in meanwhile.
const FLOWS: &str = "
              | Opened | Departing      | Window         | Answered   | Returned | Stayed | Redeemed    | Clock     | Wanted | Refreshed | Handed | SignOut | Gone           | Activate
New           | Idle   | .              | .              | .          | .        | .      | .           | .         | .      | .         | .      | New+    | New+           | .
Idle          | .      | LeavingPage+   | LeavingWindow+ | .          | .        | .      | .           | .         | .      | .         | .      | Idle+   | Idle+          | .
LeavingPage   | .      | .              | .              | .          | Idle+    | Idle+  | .           | .         | .      | .         | .      | Idle+   | LeavingPage+   | .
LeavingWindow | .      | .              | .              | Redeeming+ | Idle+    | Idle+  | .           | .         | .      | .         | .      | Idle+   | LeavingWindow+ | .
Redeeming     | .      | .              | .              | .          | .        | .      | Restarting+ | .         | .      | .         | .      | Idle+   | Redeeming+     | .
Doubting      | .      | .              | .              | .          | .        | .      | .           | Idle+     | .      | .         | .      | Idle+   | Doubting+      | .
Restarting    | .      | LeavingPage+   | LeavingWindow+ | .          | Idle+    | Idle+  | .           | .         | .      | .         | .      | Idle+   | Restarting+    | .
";

/// What becomes of an account: its phase after the event, `gone` where it has left. Nothing else is under way.
const SEATS: &str = "
         | Wanted   | Renewed | Failed    | Busy     | Late | Handed   | SignOut | Gone  | Activate
Resting  | Renewing | .       | .         | .        | .    | Resting+ | gone+   | gone+ | .
Renewing | .        | Resting+| Stuck+    | Renewing+| .    | Resting+ | gone+   | gone+ | .
Paused   | .        | .       | .         | .        | .    | Resting+ | gone+   | gone+ | .
Stuck    | .        | .       | .         | .        | .    | Resting+ | gone+   | gone+ | .
Ended    | .        | .       | .         | .        | .    | Resting+ | gone+   | gone+ | .
";

fn window() -> Departure {
    let config = fixture::config();
    let request = SignIn { popup: true, ..SignIn::default() };
    depart(&config, &fixture::metadata(&config), fixture::PAGE, request, &fixture::start()).unwrap()
}

/// In every flow, with one account signed in.
fn flow(name: &str) -> State {
    let pending = fixture::pending(&fixture::config());
    let flow = match name {
        "New" => Flow::New,
        "Idle" => Flow::Idle,
        "LeavingPage" => Flow::Leaving(Box::new(pending)),
        "LeavingWindow" => Flow::Leaving(Box::new(window().pending)),
        "Redeeming" => Flow::Redeeming(Box::new(pending), 7),
        "Doubting" => {
            let grant = fixture::grant(&body(&pending));
            Flow::Doubting(Box::new(pending), Box::new(grant))
        }
        "Restarting" => Flow::Restarting,
        other => panic!("no flow is called {other}"),
    };
    State { flow, serial: 7, ..signed_in() }
}

fn flow_name(flow: &Flow) -> &'static str {
    // Without a wildcard: another flow has to get its name, and then its row.
    match flow {
        Flow::New => "New",
        Flow::Idle => "Idle",
        Flow::Leaving(pending) if pending.channel().is_some() => "LeavingWindow",
        Flow::Leaving(_) => "LeavingPage",
        Flow::Redeeming(..) => "Redeeming",
        Flow::Doubting(..) => "Doubting",
        Flow::Restarting => "Restarting",
    }
}
const FLOW_NAMES: [&str; 7] = ["New", "Idle", "LeavingPage", "LeavingWindow", "Redeeming", "Doubting", "Restarting"];

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "Opened",
        Event::Departing(departure) if departure.pending.channel().is_some() => "Window",
        Event::Departing(_) => "Departing",
        Event::Answered(..) => "Answered",
        Event::Returned => "Returned",
        Event::Stayed(_) => "Stayed",
        Event::Redeemed(..) => "Redeemed",
        Event::Clock(..) => "Clock",
        Event::Wanted(..) => "Wanted",
        Event::Refreshed(..) => "Refreshed",
        Event::Handed { .. } => "Handed",
        Event::SignOut { .. } => "SignOut",
        Event::Gone(_) => "Gone",
        Event::Activate(_) => "Activate",
    }
}

/// One of each event, as they come in the flow that awaits them.
fn events(state: &State) -> Vec<Event> {
    let id = account(state).unwrap().id.clone();
    let reply = match &state.flow {
        Flow::Leaving(pending) => answer(pending, code()),
        _ => Answer { state: Some(secret("s")), issuer: None, outcome: code() },
    };
    vec![
        opened(None, None, tokens(state, None).cloned(), now()),
        Event::Departing(Box::new(fixture::departure(&fixture::config()))),
        Event::Departing(Box::new(window())),
        Event::Answered(reply, now()),
        Event::Returned,
        Event::Stayed(failure(ErrorCode::Configuration)),
        Event::Redeemed(7, Err(failure(ErrorCode::SessionExpired)), now()),
        Event::Clock(Some(fixture::NOW_S), now()),
        Event::Wanted(want(&[]), now()),
        Event::Refreshed(7, Err(failure(ErrorCode::SessionExpired)), now()),
        Event::Handed { tokens: tokens(state, None).cloned().into_iter().collect(), join: true, now: now() },
        Event::SignOut { account: None, redirect_uri: fixture::PAGE.into() },
        Event::Gone(id.clone()),
        Event::Activate(id),
    ]
}

/// The rows of a table: the name, and what is under each heading.
fn rows(table: &'static str) -> (Vec<&'static str>, Vec<(&'static str, Vec<&'static str>)>) {
    let mut lines = table.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let mut cells = line.split('|').map(str::trim);
        (cells.next().unwrap(), cells.collect::<Vec<_>>())
    });
    (lines.next().unwrap().1, lines.collect())
}

#[test]
fn each_pair_of_flow_and_event_is_in_the_table() {
    let (headings, rows) = rows(FLOWS);
    assert_eq!(rows.iter().map(|(name, _)| *name).collect::<Vec<_>>(), FLOW_NAMES);
    for (name, cells) in rows {
        let all = events(&flow(name));
        assert_eq!(all.iter().map(event_name).collect::<Vec<_>>(), headings, "a column for each event");
        assert_eq!(cells.len(), headings.len(), "{name}");
        for (event, expected) in all.into_iter().zip(cells) {
            let (before, said) = (format!("{:?}", flow_of(name, &event)), event_name(&event));
            let (state, effects) = step(&fixture::config(), flow_of(name, &event), event);
            let unchanged = effects.is_empty() && without_secrets(&state) == before;
            let outcome = if unchanged { ".".into() } else { [flow_name(&state.flow), if effects.is_empty() { "" } else { "+" }].concat() };
            assert_eq!(outcome, expected, "{name} × {said}: {effects:?}");
        }
    }
}

/// The flow, with the very request that the event answers.
fn flow_of(name: &str, event: &Event) -> State {
    let mut state = flow(name);
    if let (Flow::Leaving(pending), Event::Answered(answer, _)) = (&mut state.flow, event)
        && pending.channel().is_some()
    {
        pending.state = answer.state.clone().unwrap();
    }
    state
}

fn without_secrets(state: &State) -> String {
    format!("{state:?}")
}

/// In every phase; the access token has gone, so that whatever may be renewed is.
fn seat(name: &str) -> State {
    let mut state = signed_in();
    state.serial = 7;
    let seat = &mut state.seats[0];
    seat.tokens.access = None;
    seat.phase = match name {
        "Resting" => Phase::Resting,
        "Renewing" => {
            let (mut renewing, _) = open(None, None, Some(saved()));
            let Phase::Renewing(mut renewal) = renewing.seats.remove(0).phase else { panic!("it restores") };
            renewal.serial = 7;
            Phase::Renewing(renewal)
        }
        "Paused" => Phase::Paused(now(), 60.0, failure(ErrorCode::Throttled)),
        "Stuck" => Phase::Stuck(failure(ErrorCode::InteractionRequired)),
        "Ended" => Phase::Ended,
        other => panic!("no phase is called {other}"),
    };
    state
}

fn phase_name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Resting => "Resting",
        Phase::Renewing(_) => "Renewing",
        Phase::Paused(..) => "Paused",
        Phase::Stuck(_) => "Stuck",
        Phase::Ended => "Ended",
    }
}

fn seat_event(name: &str, state: &State) -> Event {
    let fresh = || Ok(fixture::grant(&fixture::token_body("second", "n")));
    let id = account(state).unwrap().id.clone();
    match name {
        "Wanted" => Event::Wanted(want(&[]), now()),
        "Renewed" => Event::Refreshed(7, fresh(), now()),
        "Failed" => Event::Refreshed(7, Err(failure(ErrorCode::InteractionRequired)), now()),
        "Busy" => Event::Refreshed(7, Err(failure(ErrorCode::Unavailable)), now()),
        "Late" => Event::Refreshed(6, fresh(), now()),
        "Handed" => Event::Handed { tokens: vec![tokens(&signed_in(), None).unwrap().clone()], join: false, now: now() },
        "SignOut" => Event::SignOut { account: Some(id), redirect_uri: fixture::PAGE.into() },
        "Gone" => Event::Gone(id),
        "Activate" => Event::Activate(id),
        other => panic!("no event is called {other}"),
    }
}

#[test]
fn each_pair_of_phase_and_event_is_in_the_table() {
    let (headings, rows) = rows(SEATS);
    assert_eq!(rows.len(), 5, "a row for each phase");
    for (name, cells) in rows {
        assert_eq!(cells.len(), headings.len(), "{name}");
        for (heading, expected) in headings.iter().zip(cells) {
            let event = seat_event(heading, &seat(name));
            let before = without_secrets(&seat(name));
            let (state, effects) = step(&fixture::config(), seat(name), event);
            let after = state.seats.first().map_or("gone", |seat| phase_name(&seat.phase));
            let outcome = match effects.is_empty() && without_secrets(&state) == before {
                true => ".".to_owned(),
                false if *heading == "Wanted" => after.to_owned(),
                false => [after, if effects.is_empty() { "" } else { "+" }].concat(),
            };
            assert_eq!(outcome, expected, "{name} × {heading}: {effects:?}");
        }
    }
}
