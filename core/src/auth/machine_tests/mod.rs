//! Tests of the state machine, step by step: signing in and out here, renewal in `renewal`, several accounts and tabs in `accounts`, windows
//! in `windows`, each pair of state and event in `table`, every order of events in `orders`.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod accounts;
mod orders;
mod renewal;
mod table;
mod windows;

use super::*;
use crate::{
    auth::{
        Access,
        answer::Outcome,
        fixture::{self, TENANT, at, now, secret},
    },
    error::{Details, ErrorCode},
};
use serde_json::{Value, json};
use std::time::Duration;

fn answer(pending: &Pending, outcome: Outcome) -> Answer {
    Answer { state: Some(pending.state.clone()), issuer: None, outcome }
}

fn code() -> Outcome {
    Outcome::Code(secret("the-code"))
}

fn refused(error: &str) -> Outcome {
    Outcome::Refused { error: error.into(), description: String::new(), subcode: None }
}

fn body(pending: &Pending) -> Value {
    fixture::token_body("access", pending.nonce.expose())
}

/// The session of before a reload.
fn saved() -> Tokens {
    let config = fixture::config();
    let pending = fixture::pending(&config);
    let (state, _) = redeemed(&pending, Ok(fixture::grant(&body(&pending))));
    Tokens { access: None, skew_s: None, ..tokens(&state, None).unwrap().clone() }
}

fn opened(answer: Option<Answer>, pending: Option<Pending>, saved: Option<Tokens>, now: Moment) -> Event {
    Event::Opened { answer, pending: pending.map(Box::new), seats: saved.map(Seat::new).into_iter().collect(), active: None, now }
}

fn open(answer: Option<Answer>, pending: Option<Pending>, saved: Option<Tokens>) -> (State, Vec<Effect>) {
    step(&fixture::config(), State::default(), opened(answer, pending, saved, now()))
}

/// The answer to the exchange that is under way.
fn redeem(state: State, result: Result<Grant, Error>, now: Moment) -> (State, Vec<Effect>) {
    let serial = state.serial;
    step(&fixture::config(), state, Event::Redeemed(serial, result, now))
}

/// The answer to the refresh that is under way.
fn refresh(state: State, result: Result<Grant, Error>, now: Moment) -> (State, Vec<Effect>) {
    let serial = state.serial;
    step(&fixture::config(), state, Event::Refreshed(serial, result, now))
}

fn access_of(state: &State) -> Option<&str> {
    tokens(state, None).and_then(|tokens| tokens.access.as_ref()).map(|access| access.token.expose())
}

fn redeemed(pending: &Pending, result: Result<Grant, Error>) -> (State, Vec<Effect>) {
    let (state, effects) = open(Some(answer(pending, code())), Some(pending.clone()), None);
    assert!(matches!(&effects[..], [Effect::ForgetPending, Effect::Redeem(..)]));
    redeem(state, result, now())
}

fn signed_in() -> State {
    let pending = fixture::pending(&fixture::config());
    redeemed(&pending, Ok(fixture::grant(&body(&pending)))).0
}

fn want(scopes: &[&str]) -> Want {
    Want { scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), ..Want::default() }
}

fn failure(code: ErrorCode) -> Error {
    Error::new(code, "it failed")
}

fn slow(code: ErrorCode, seconds: u64) -> Error {
    failure(code).with(Details { retry_after: Some(Duration::from_secs(seconds)), ..Details::default() })
}

fn report(effects: &[Effect]) -> Option<ErrorCode> {
    effects.iter().find_map(|effect| if let Effect::Report(error) = effect { Some(error.code()) } else { None })
}

fn says(effects: &[Effect], wanted: Note) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Say(note) if *note == wanted))
}

fn is_signed_out(state: &State) -> bool {
    matches!(state.flow, Flow::Idle) && state.seats.is_empty()
}

#[test]
fn a_good_answer_signs_in() {
    let pending = fixture::pending(&fixture::config());
    let (state, effects) = redeemed(&pending, Ok(fixture::grant(&body(&pending))));
    assert!(matches!(&effects[..], [Effect::Keep, Effect::Hand(_)]));
    let tokens = tokens(&state, None).unwrap();
    assert_eq!(tokens.account.username, "adelev@contoso.onmicrosoft.com");
    assert_eq!(tokens.account.tenant_id.as_deref(), Some(TENANT));
    assert_eq!(tokens.granted, ["openid", "profile", "User.Read", "Calendars.Read"]);
    assert!(matches!(lookup(&state, &want(&["Calendars.Read"]), now()), Lookup::Token(token) if token.expose() == "access"));
}

#[test]
fn an_answer_that_is_not_ours_redeems_nothing() {
    let pending = fixture::pending(&fixture::config());
    let wrong = |state: Option<&str>, outcome| Answer { state: state.map(Secret::new), issuer: None, outcome };
    for answer in [wrong(Some("another"), code()), wrong(None, code()), wrong(Some("another"), refused("access_denied"))] {
        let (state, effects) = open(Some(answer), Some(pending.clone()), None);
        assert!(is_signed_out(&state) && matches!(&effects[..], [Effect::ForgetPending, Effect::Report(_)]));
        assert_eq!(report(&effects), Some(ErrorCode::StateMismatch), "state comes before error");
    }
    let (state, effects) = open(Some(answer(&pending, code())), None, None);
    assert!(is_signed_out(&state) && says(&effects, Note::Stray) && effects.len() == 1);
}

#[test]
fn row_02_an_answer_from_elsewhere_redeems_nothing() {
    let mut pending = fixture::pending(&fixture::config());
    let from = |pending: &Pending, issuer: Option<&str>| Answer { issuer: issuer.map(str::to_owned), ..answer(pending, code()) };
    let ours = ["https://login.microsoftonline.com/", TENANT, "/v2.0"].concat();
    for (promised, issuer, expected) in [
        (false, None, None),
        (false, Some(ours.as_str()), None),
        (true, Some(ours.as_str()), None),
        (true, None, Some(ErrorCode::StateMismatch)),
        (false, Some("https://login.evil.example/v2.0"), Some(ErrorCode::StateMismatch)),
        (true, Some("https://login.microsoftonline.com/x/v2.0"), Some(ErrorCode::StateMismatch)),
    ] {
        pending.metadata.answers_with_issuer = promised;
        let (_, effects) = open(Some(from(&pending, issuer)), Some(pending.clone()), None);
        assert_eq!(report(&effects), expected, "{issuer:?}");
    }
}

#[test]
fn a_request_ends_after_ten_minutes() {
    let pending = fixture::pending(&fixture::config());
    let event = |answer| opened(answer, Some(pending.clone()), None, at(601.0));
    let (_, effects) = step(&fixture::config(), State::default(), event(Some(answer(&pending, code()))));
    assert_eq!(report(&effects), Some(ErrorCode::StateMismatch));
    let (_, effects) = step(&fixture::config(), State::default(), event(None));
    assert!(matches!(&effects[..], [Effect::ForgetPending]));
}

#[test]
fn a_page_is_opened_once() {
    let pending = fixture::pending(&fixture::config());
    for state in [signed_in(), open(None, None, None).0] {
        let event = opened(Some(answer(&pending, code())), Some(pending.clone()), None, now());
        assert!(step(&fixture::config(), state, event).1.is_empty());
    }
}

#[test]
fn coming_back_without_an_answer_is_said() {
    let pending = fixture::pending(&fixture::config());
    let (state, effects) = open(None, Some(pending), None);
    assert!(is_signed_out(&state) && says(&effects, Note::Unanswered));
}

#[test]
fn a_refusal_keeps_the_session_of_before() {
    let pending = fixture::pending(&fixture::config());
    let (state, effects) = open(Some(answer(&pending, refused("access_denied"))), Some(pending), Some(saved()));
    assert_eq!(report(&effects), Some(ErrorCode::UserCancelled));
    assert!(matches!(effects.last(), Some(Effect::Refresh(_))));
    assert_eq!(account(&state).unwrap().name.as_deref(), Some("Adele Vance"));
}

#[test]
fn row_22_an_id_token_that_fails_a_check_signs_nobody_in() {
    let pending = fixture::pending(&fixture::config());
    let mut without = body(&pending);
    without["id_token"] = json!(null);
    let mut wrong_audience = fixture::claims(pending.nonce.expose());
    wrong_audience["aud"] = json!("another");
    let mut foreign = body(&pending);
    foreign["id_token"] = json!(fixture::id_token(&wrong_audience));
    for (body, expected) in [
        (without, ErrorCode::InvalidRequest),
        (foreign, ErrorCode::InvalidRequest),
        (fixture::token_body("access", "another nonce"), ErrorCode::NonceMismatch),
    ] {
        let (state, effects) = redeemed(&pending, Ok(fixture::grant(&body)));
        assert!(is_signed_out(&state));
        assert_eq!(report(&effects), Some(expected));
    }
}

#[test]
fn an_expired_id_token_is_judged_by_another_clock() {
    let config = fixture::config();
    let pending = fixture::pending(&config);
    let doubting = || {
        let (state, _) = open(Some(answer(&pending, code())), Some(pending.clone()), None);
        // This machine's clock is two hours fast.
        let (state, effects) = redeem(state, Ok(fixture::grant(&body(&pending))), at(7200.0));
        assert!(matches!(&effects[..], [Effect::AskClock]));
        state
    };
    let (state, _) = step(&config, doubting(), Event::Clock(Some(fixture::NOW_S), at(7201.0)));
    assert!(matches!(lookup(&state, &want(&[]), at(7202.0)), Lookup::Token(_)), "its life is counted from its receipt");
    for clock in [Some(fixture::NOW_S + 7200.0), None] {
        let (state, effects) = step(&config, doubting(), Event::Clock(clock, at(7201.0)));
        assert!(is_signed_out(&state) && report(&effects) == Some(ErrorCode::InvalidRequest));
    }
}

#[test]
fn a_code_that_failed_restarts_the_sign_in_once() {
    let config = fixture::config();
    for error in [failure(ErrorCode::SessionExpired), failure(ErrorCode::Network), failure(ErrorCode::InvalidResponse)] {
        let pending = fixture::pending(&config);
        let (state, effects) = redeemed(&pending, Err(error.clone()));
        let [Effect::Restart(request, _)] = &effects[..] else { panic!("{error}: {effects:?}") };
        assert_eq!(request.state.as_deref(), Some("#/calendar"), "where the person was is kept");
        let (_, effects) = step(&config, state, Event::Departing(Box::new(fixture::departure(&config))));
        let [Effect::KeepPending(second), Effect::Navigate(_)] = &effects[..] else { panic!("{effects:?}") };
        let (state, effects) = redeemed(second, Err(error.clone()));
        // Twice unreadable is most likely the registration's platform (row 20).
        let expected = if error.code() == ErrorCode::Network { ErrorCode::Configuration } else { error.code() };
        assert!(is_signed_out(&state) && report(&effects) == Some(expected));
    }
    for error in [failure(ErrorCode::Offline), failure(ErrorCode::Configuration), slow(ErrorCode::Throttled, 120)] {
        let (state, effects) = redeemed(&fixture::pending(&config), Err(error.clone()));
        assert!(is_signed_out(&state) && report(&effects) == Some(error.code()));
    }
}

#[test]
fn a_busy_provider_is_asked_once_more() {
    let pending = fixture::pending(&fixture::config());
    let again = |pending: &Pending| open(Some(answer(pending, refused("temporarily_unavailable"))), Some(pending.clone()), None).1;
    assert!(matches!(&again(&pending)[..], [Effect::ForgetPending, Effect::Restart(_, rules::BUSY_MS)]));
    assert_eq!(report(&again(&Pending { attempt: 2, ..pending })), Some(ErrorCode::Unavailable));
}

#[test]
fn signing_out_forgets_first_and_late_answers_change_nothing() {
    let config = fixture::config();
    let out = || Event::SignOut { account: None, redirect_uri: fixture::PAGE.into() };
    let (state, effects) = step(&config, signed_in(), out());
    let [Effect::Forget, Effect::ForgetPending, Effect::TellGone(_), Effect::Exit(url)] = &effects[..] else { panic!("{effects:?}") };
    assert!(url.contains("logout_hint=opaque-hint"));
    assert!(account(&state).is_none());

    let (refreshing, _) = open(None, None, Some(saved()));
    let (state, _) = step(&config, refreshing, out());
    let late = json!({ "token_type": "Bearer", "access_token": "late" });
    let (state, effects) = refresh(state, Ok(fixture::grant(&late)), now());
    assert!(is_signed_out(&state) && effects.is_empty());
    let (_, effects) = step(&config, state, out());
    assert!(matches!(&effects[..], [Effect::Forget, Effect::ForgetPending]), "nobody to sign out at the provider");
}

#[test]
fn a_sign_in_that_cannot_leave_or_comes_back_ends_where_it_began() {
    let config = fixture::config();
    for (event, expected) in
        [(Event::Returned, ErrorCode::UserCancelled), (Event::Stayed(failure(ErrorCode::Configuration)), ErrorCode::Configuration)]
    {
        let (state, effects) = step(&config, signed_in(), Event::Departing(Box::new(fixture::departure(&config))));
        assert!(matches!(&effects[..], [Effect::KeepPending(_), Effect::Navigate(_)]));
        assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Token(_)), "who is signed in goes on until the page has gone");
        let (state, effects) = step(&config, state, event);
        assert_eq!(report(&effects), Some(expected));
        assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Token(_)));
    }
}

#[test]
fn what_is_kept_for_a_reload_holds_no_access_token() {
    let config = fixture::config();
    let state = signed_in();
    let tokens = tokens(&state, None).unwrap();
    let stored = tokens.to_json(&config).unwrap();
    assert!(!stored.to_string().contains("\"access\""));
    assert_eq!(Tokens::from_json(&stored, &config).unwrap(), Tokens { access: None, skew_s: None, ..tokens.clone() });
    let other = fixture::config_of(&json!({ "clientId": "99999999-2222-3333-4444-555555555555" }));
    assert_eq!(Tokens::from_json(&stored, &other), None);
    assert_eq!(Tokens { refresh: None, ..tokens.clone() }.to_json(&config), None);
    assert!(!format!("{state:?}").contains("refresh of access"));
}
