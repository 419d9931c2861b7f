//! Tests of signing in through a window: the page stays, and only the window's own answer counts.

use super::*;
use crate::auth::protocol::depart;

fn window() -> Departure {
    let config = fixture::config();
    let request = SignIn { popup: true, ..SignIn::default() };
    depart(&config, &fixture::metadata(&config), fixture::PAGE, request, &fixture::start()).unwrap()
}

fn shown(state: State) -> (State, Pending) {
    let departure = window();
    let pending = departure.pending.clone();
    let (state, effects) = step(&fixture::config(), state, Event::Departing(Box::new(departure)));
    let [Effect::Show { url, channel }] = &effects[..] else { panic!("{effects:?}") };
    assert!(url.contains("response_mode=fragment") && pending.state.expose().ends_with(channel));
    (state, pending)
}

#[test]
fn a_windows_answer_signs_in_beside_whoever_is_signed_in() {
    let config = fixture::config();
    let (state, pending) = shown(signed_in());
    assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Token(_)), "the page goes on meanwhile");
    let (state, effects) = step(&config, state, Event::Answered(answer(&pending, code()), now()));
    assert!(matches!(&effects[..], [Effect::ForgetPending, Effect::Redeem(..)]));
    let (state, effects) = step(&config, state, Event::Answered(answer(&pending, code()), now()));
    assert!(effects.is_empty(), "a second answer is refused");
    let (state, _) = redeem(state, Ok(fixture::grant(&body(&pending))), now());
    assert_eq!((accounts(&state).count(), access_of(&state)), (1, Some("access")));
}

#[test]
fn a_foreign_answer_ends_the_attempt_and_redeems_nothing() {
    let (state, pending) = shown(open(None, None, None).0);
    let foreign = Answer { state: Some(secret("another")), ..answer(&pending, code()) };
    let (state, effects) = step(&fixture::config(), state, Event::Answered(foreign, now()));
    assert!(is_signed_out(&state) && report(&effects) == Some(ErrorCode::StateMismatch));
    let (state, effects) = step(&fixture::config(), state, Event::Answered(answer(&pending, code()), now()));
    assert!(is_signed_out(&state) && effects.is_empty(), "the state is used up");
}

#[test]
fn a_window_is_not_restarted_by_itself() {
    let config = fixture::config();
    for outcome in [refused("temporarily_unavailable"), code()] {
        let (state, pending) = shown(open(None, None, None).0);
        let (mut state, mut effects) = step(&config, state, Event::Answered(answer(&pending, outcome), now()));
        if matches!(state.flow, Flow::Redeeming(..)) {
            (state, effects) = redeem(state, Err(failure(ErrorCode::SessionExpired)), now());
        }
        assert!(is_signed_out(&state) && report(&effects).is_some(), "a window opens at a click alone: {effects:?}");
    }
}

#[test]
fn a_window_that_is_given_up_leaves_everything_as_it_was() {
    let (state, pending) = shown(signed_in());
    let (state, effects) = step(&fixture::config(), state, Event::Stayed(failure(ErrorCode::UserCancelled)));
    assert_eq!(report(&effects), Some(ErrorCode::UserCancelled));
    let (state, effects) = step(&fixture::config(), state, Event::Answered(answer(&pending, code()), now()));
    assert!(effects.is_empty() && access_of(&state) == Some("access"), "nobody listens any more");
}

#[test]
fn a_page_that_awaits_a_redirect_takes_no_windows_answer() {
    let config = fixture::config();
    let pending = fixture::pending(&config);
    let (state, _) = step(&config, open(None, None, None).0, Event::Departing(Box::new(fixture::departure(&config))));
    let (_, effects) = step(&config, state, Event::Answered(answer(&pending, code()), now()));
    assert!(effects.is_empty());
}
