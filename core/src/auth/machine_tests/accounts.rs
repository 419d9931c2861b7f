//! Tests of several accounts in one session, and of the same accounts in several tabs.

use super::*;

/// Tokens of another person.
fn of(number: u8, access: &str) -> Tokens {
    let mut tokens = tokens(&signed_in(), None).unwrap().clone();
    tokens.account.id = ["person ", &number.to_string()].concat();
    tokens.account.username = ["person", &number.to_string(), "@contoso.com"].concat();
    tokens.access.as_mut().unwrap().token = secret(access);
    tokens
}

fn two() -> State {
    State { flow: Flow::Idle, seats: vec![Seat::new(of(1, "one")), Seat::new(of(2, "two"))], active: Some("person 1".into()), serial: 0 }
}

fn token_of(state: &State, account: Option<&str>) -> Option<String> {
    let want = Want { account: account.map(str::to_owned), ..Want::default() };
    if let Lookup::Token(token) = lookup(state, &want, now()) { Some(token.expose().to_owned()) } else { None }
}

fn act(state: State, event: Event) -> (State, Vec<Effect>) {
    step(&fixture::config(), state, event)
}

fn hand(tokens: Vec<Tokens>, join: bool) -> Event {
    Event::Handed { tokens, join, now: now() }
}

#[test]
fn each_account_has_its_own_tokens_and_one_is_meant() {
    let (state, _) = act(two(), Event::Activate("person 2".into()));
    assert_eq!(account(&state).unwrap().id, "person 2");
    assert_eq!((token_of(&state, None), token_of(&state, Some("person 1"))), (Some("two".into()), Some("one".into())));
    assert_eq!(token_of(&state, Some("nobody")), None);
    assert!(act(state, Event::Activate("nobody".into())).1.is_empty());
}

#[test]
fn a_further_account_is_added_and_the_same_one_is_replaced() {
    let config = fixture::config();
    for (start, expected) in [(two(), 3), (signed_in(), 1)] {
        let departure = fixture::departure(&config);
        let pending = departure.pending.clone();
        // The page went and came back: the accounts of before were in storage.
        let seats = start.seats.clone();
        let event = Event::Opened {
            answer: Some(answer(&pending, code())),
            pending: Some(Box::new(pending.clone())),
            seats,
            active: start.active.clone(),
            now: now(),
        };
        let (state, _) = act(State::default(), event);
        let (state, effects) = redeem(state, Ok(fixture::grant(&body(&pending))), now());
        assert!(matches!(&effects[..], [Effect::Keep, Effect::Hand(_)]));
        assert_eq!((accounts(&state).count(), access_of(&state)), (expected, Some("access")), "who signed in last is meant");
    }
}

#[test]
fn signing_out_of_one_leaves_the_others() {
    let redirect_uri = fixture::PAGE.to_owned();
    let (state, effects) = act(two(), Event::SignOut { account: Some("person 1".into()), redirect_uri: redirect_uri.clone() });
    let [Effect::Forget, Effect::ForgetPending, Effect::Keep, Effect::TellGone(gone), Effect::Exit(_)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((gone.as_str(), token_of(&state, None)), ("person 1", Some("two".into())));
    let (state, effects) = act(two(), Event::SignOut { account: None, redirect_uri });
    assert!(state.seats.is_empty() && effects.iter().filter(|effect| matches!(effect, Effect::TellGone(_))).count() == 2);
}

#[test]
fn what_another_tab_signed_out_leaves_this_one() {
    let (state, effects) = act(two(), Event::Gone("person 1".into()));
    assert!(matches!(&effects[..], [Effect::Forget, Effect::Keep]), "nothing is told again: {effects:?}");
    assert_eq!(account(&state).unwrap().id, "person 2");
    let (state, _) = act(state, Event::Gone("person 2".into()));
    assert!(is_signed_out(&state));
    assert!(act(state, Event::Gone("person 2".into())).1.is_empty());
}

#[test]
fn the_end_of_one_session_is_not_the_end_of_the_others() {
    let rejected = Want { rejected: Some(secret("one")), ..Want::default() };
    let (state, _) = act(two(), Event::Wanted(rejected, now()));
    let (state, effects) = refresh(state, Err(failure(ErrorCode::SessionExpired)), now());
    assert!(matches!(&effects[..], [Effect::Forget, Effect::Keep, Effect::Report(_)]));
    assert!(has_ended(&state, None) && !has_ended(&state, Some("person 2")));
    assert_eq!(seats(&state).0.count(), 1, "only what is of use is kept");
    assert_eq!(token_of(&state, Some("person 2")), Some("two".into()));
}

#[test]
fn a_tab_that_has_nobody_is_joined_by_whom_it_asked_for() {
    let (nobody, _) = open(None, None, None);
    let (state, effects) = act(nobody.clone(), hand(vec![of(1, "one"), of(2, "two")], true));
    assert!(matches!(&effects[..], [Effect::Keep]));
    assert_eq!((accounts(&state).count(), token_of(&state, None)), (2, Some("one".into())));
    let (state, effects) = act(nobody, hand(vec![of(1, "one")], false));
    assert!(is_signed_out(&state) && effects.is_empty(), "nobody comes in unasked");
    let (state, _) = act(signed_in(), hand(vec![of(1, "one")], true));
    assert_eq!(accounts(&state).count(), 1, "nor where there is somebody already");
}

#[test]
fn a_renewal_of_another_tab_saves_this_one_the_request() {
    let (renewing, _) = open(None, None, Some(saved()));
    let serial = renewing.serial;
    let fresh = Tokens { refresh: Some(secret("rotated")), ..tokens(&signed_in(), None).unwrap().clone() };
    let (state, effects) = act(renewing, hand(vec![fresh], false));
    assert!(matches!(&effects[..], [Effect::Keep]));
    assert!(errand_tokens(&state, serial).is_none(), "the request is no longer wanted");
    assert_eq!(tokens(&state, None).unwrap().refresh.as_ref().unwrap().expose(), "rotated");
    let late = json!({ "token_type": "Bearer", "access_token": "late" });
    let (state, effects) = step(&fixture::config(), state, Event::Refreshed(serial, Ok(fixture::grant(&late)), now()));
    assert!(effects.is_empty() && access_of(&state) == Some("access"));
}

#[test]
fn what_another_tab_has_is_taken_only_where_it_is_newer() {
    let aged = |seconds: f64| {
        let mut tokens = tokens(&signed_in(), None).unwrap().clone();
        let access = tokens.access.as_mut().unwrap();
        (access.token, access.received) = (secret("theirs"), at(seconds));
        Event::Handed { tokens: vec![tokens], join: false, now: at(0.0) }
    };
    for (seconds, expected) in [(-600.0, "access"), (-1.0, "access"), (0.0, "access")] {
        assert_eq!(access_of(&act(signed_in(), aged(seconds)).0), Some(expected), "{seconds}");
    }
    let mut old = signed_in();
    old.seats[0].tokens.access.as_mut().unwrap().received = at(-1800.0);
    assert_eq!(access_of(&act(old.clone(), aged(0.0)).0), Some("theirs"));
    old.seats[0].tokens.access.as_mut().unwrap().received = at(-2.0);
    assert_eq!(access_of(&act(old, aged(0.0)).0), Some("theirs"), "with it comes the refresh token that is good now");
}

#[test]
fn row_24_a_session_that_ended_here_is_revived_by_a_tab_that_has_it() {
    let (state, _) = open(None, None, Some(saved()));
    let (state, _) = refresh(state, Err(failure(ErrorCode::SessionExpired)), now());
    assert!(has_ended(&state, None));
    let (state, _) = act(state, hand(vec![tokens(&signed_in(), None).unwrap().clone()], false));
    assert!(!has_ended(&state, None) && access_of(&state) == Some("access"));
}

#[test]
fn what_is_handed_over_keeps_its_age() {
    let config = fixture::config();
    let tokens = tokens(&signed_in(), None).unwrap().clone();
    let handed = tokens.to_hand(&config, at(1000.0)).unwrap();
    // The other tab's page began at another time, and its clock counts from there.
    let there = Moment { wall_ms: at(1000.0).wall_ms, mono_ms: 5.0 };
    let taken = Tokens::from_hand(&handed, &config, there).unwrap();
    let access = taken.access.unwrap();
    assert!((there.seconds_since(access.received) - 1000.0).abs() < 0.01 && access.token == secret("access"));
    let other = fixture::config_of(&json!({ "clientId": "99999999-2222-3333-4444-555555555555" }));
    assert_eq!(Tokens::from_hand(&handed, &other, now()), None);
}

#[test]
fn what_was_declined_for_an_account_is_not_asked_again_after_a_reload() {
    let config = fixture::config();
    let start = signed_in();
    let request =
        SignIn { scopes: vec!["Mail.Send".into()], account: account(&start).map(|account| account.id.clone()), ..SignIn::default() };
    let departure = protocol::depart(&config, &fixture::metadata(&config), fixture::PAGE, request, &fixture::start()).unwrap();
    let stored = departure.pending.to_json(&config);
    let pending = Pending::from_json(&stored, &config).unwrap();
    let (state, effects) = open(Some(answer(&pending, refused("access_denied"))), Some(pending), Some(saved()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Keep)));
    let kept = seats(&state).0.next().unwrap().to_json(&config).unwrap();
    let seat = Seat::from_json(&kept, &config).unwrap();
    let again = Event::Opened { answer: None, pending: None, seats: vec![seat], active: None, now: now() };
    let (state, _) = act(State::default(), again);
    let (state, _) = refresh(state, Ok(fixture::grant(&fixture::token_body("second", "n"))), now());
    let Lookup::Fail(error) = lookup(&state, &want(&["Mail.Send"]), now()) else { panic!("asked again unbidden") };
    assert_eq!((error.code(), &error.details().scopes[..]), (ErrorCode::ConsentRequired, &["Mail.Send".to_owned()][..]));
    assert_eq!(token_of(&state, None), Some("second".into()), "everything else goes on");
}

#[test]
fn who_watches_is_told_what_happened() {
    let told = |before: &State, event: Event| {
        let snapshot = Snapshot::of(before);
        let (after, effects) = act(before.clone(), event);
        (snapshot.changes(&after, &effects), after)
    };
    let who = |number: u8| of(number, "any").account;
    let (changes, _) = told(&two(), Event::Activate("person 2".into()));
    assert_eq!(changes, [Change::Switched(who(2))]);
    let (changes, _) = told(&two(), Event::Gone("person 1".into()));
    assert_eq!(changes, [Change::SignedOut(who(1)), Change::Switched(who(2))]);
    let (changes, after) = told(&open(None, None, None).0, hand(vec![of(1, "one")], true));
    assert_eq!(changes, [Change::SignedIn(who(1))]);
    assert_eq!(told(&after, hand(vec![of(1, "one")], true)).0, []);

    let (changes, restored) = told(&State::default(), opened(None, None, Some(saved()), now()));
    assert_eq!(changes, [], "whom a reload restores does not sign in");
    let (serial, adele) = (restored.serial, saved().account);
    let (changes, ended) = told(&restored, Event::Refreshed(serial, Err(failure(ErrorCode::SessionExpired)), now()));
    assert_eq!(changes, [Change::Expired(adele.clone())]);
    let (changes, _) = told(&ended, hand(vec![tokens(&signed_in(), None).unwrap().clone()], false));
    assert_eq!(changes, [Change::SignedIn(adele.clone())]);

    // The same person, once more: to prove who they are, or for another permission.
    let departure = fixture::departure(&fixture::config());
    let pending = departure.pending.clone();
    let redeeming = State { flow: Flow::Redeeming(Box::new(pending.clone()), 9), serial: 9, ..signed_in() };
    let (changes, _) = told(&redeeming, Event::Redeemed(9, Ok(fixture::grant(&body(&pending))), now()));
    assert_eq!(changes, [Change::SignedIn(adele)]);
}

#[test]
fn row_14_a_narrower_grant_is_no_failure_and_is_not_asked_again_unbidden() {
    let config = fixture::config();
    let departure = fixture::departure(&config);
    let pending = departure.pending.clone();
    let mut narrow = body(&pending);
    narrow["scope"] = json!("openid profile User.Read");
    let (state, _) = redeemed(&pending, Ok(fixture::grant(&narrow)));
    assert!(matches!(lookup(&state, &want(&["User.Read"]), now()), Lookup::Token(_)));
    let Lookup::Fail(error) = lookup(&state, &want(&["Calendars.Read"]), now()) else { panic!("it was not granted") };
    assert_eq!((error.code(), &error.details().scopes[..]), (ErrorCode::ConsentRequired, &["Calendars.Read".to_owned()][..]));
}

#[test]
fn row_10_consent_that_was_withdrawn_names_the_permissions() {
    let (state, _) = open(None, None, Some(saved()));
    let (state, effects) = refresh(state, Err(failure(ErrorCode::ConsentRequired)), now());
    assert_eq!(report(&effects), Some(ErrorCode::ConsentRequired));
    let Lookup::Fail(error) = lookup(&state, &want(&[]), now()) else { panic!("only the person can help") };
    assert_eq!(error.details().scopes, ["User.Read", "Calendars.Read"]);
}
