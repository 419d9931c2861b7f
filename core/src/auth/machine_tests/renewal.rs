//! Tests of renewing tokens: when it is due, what a failure costs, and that nothing is asked again unbidden.

use super::*;

#[test]
fn a_session_that_cannot_be_renewed_ends_with_its_token() {
    let pending = fixture::pending(&fixture::config());
    let mut body = body(&pending);
    body["refresh_token"] = json!(null);
    let (state, _) = redeemed(&pending, Ok(fixture::grant(&body)));
    assert!(matches!(lookup(&state, &want(&[]), at(3599.0)), Lookup::Token(_)));
    assert!(matches!(lookup(&state, &want(&[]), at(3601.0)), Lookup::Fail(error) if error.code() == ErrorCode::InteractionRequired));
    assert!(matches!(lookup(&state, &want(&["Mail.Send"]), now()), Lookup::Fail(error) if error.code() == ErrorCode::ConsentRequired));
}

#[test]
fn a_reload_restores_by_one_refresh() {
    let (state, effects) = open(None, None, Some(saved()));
    let [Effect::Refresh(errand)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(errand.scopes, ["openid", "profile", "offline_access", "User.Read", "Calendars.Read"]);
    assert_eq!(errand.after_ms, 0);
    assert_eq!(errand_tokens(&state, errand.serial).unwrap().refresh.as_ref().unwrap().expose(), "refresh of access");
    assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Busy));

    let answer = json!({ "token_type": "Bearer", "access_token": "second", "expires_in": 3600 });
    let (state, effects) = refresh(state, Ok(fixture::grant(&answer)), now());
    assert!(matches!(&effects[..], [Effect::Keep, Effect::Hand(_)]), "{effects:?}");
    assert_eq!(
        tokens(&state, None).unwrap().refresh.as_ref().unwrap().expose(),
        "refresh of access",
        "the old one stays where no new one came"
    );
    assert!(matches!(lookup(&state, &want(&["Calendars.Read"]), now()), Lookup::Token(token) if token.expose() == "second"));
}

#[test]
fn row_23_a_renewal_without_a_refresh_token_keeps_the_old_one() {
    for (sent, expected) in [(json!(null), "refresh of access"), (json!(""), "refresh of access"), (json!("rotated"), "rotated")] {
        let (state, _) = open(None, None, Some(saved()));
        let answer = json!({ "token_type": "Bearer", "access_token": "second", "refresh_token": sent });
        let (state, _) = refresh(state, Ok(fixture::grant(&answer)), now());
        assert_eq!(tokens(&state, None).unwrap().refresh.as_ref().unwrap().expose(), expected);
        let kept = seats(&state).0.next().unwrap().to_json(&fixture::config()).unwrap();
        assert_eq!(kept["refresh"], expected, "and for the next reload");
    }
}

#[test]
fn the_end_of_a_session_is_final() {
    let (state, _) = open(None, None, Some(saved()));
    let (state, effects) = refresh(state, Err(failure(ErrorCode::SessionExpired)), now());
    assert!(matches!(&effects[..], [Effect::Forget, Effect::Keep, Effect::Report(_)]));
    assert_eq!(account(&state).unwrap().name.as_deref(), Some("Adele Vance"), "to offer the same account");
    let (state, effects) = step(&fixture::config(), state, Event::Wanted(want(&[]), now()));
    assert!(effects.is_empty(), "no refresh loop");
    assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Fail(error) if error.code() == ErrorCode::SessionExpired));
}

#[test]
fn a_failing_network_keeps_the_session_and_waits() {
    let (state, _) = open(None, None, Some(saved()));
    let (state, effects) = refresh(state, Err(failure(ErrorCode::Unavailable)), now());
    assert!(matches!(&effects[..], [Effect::Refresh(errand)] if errand.after_ms == rules::BUSY_MS));
    let (state, effects) = refresh(state, Err(failure(ErrorCode::Unavailable)), now());
    assert!(matches!(&effects[..], [Effect::Report(_)]), "no third try");
    assert!(matches!(lookup(&state, &want(&[]), at(1.0)), Lookup::Fail(error) if error.code() == ErrorCode::Unavailable));
    assert!(matches!(lookup(&state, &want(&[]), at(6.0)), Lookup::Renew));

    let (state, _) = open(None, None, Some(saved()));
    let (state, effects) = refresh(state, Err(slow(ErrorCode::Throttled, 120)), now());
    assert_eq!(report(&effects), Some(ErrorCode::Throttled), "too long to wait for unasked");
    let Lookup::Fail(error) = lookup(&state, &want(&[]), at(20.0)) else { panic!("no request before its time") };
    assert_eq!(error.details().retry_after, Some(Duration::from_secs(100)));
    assert!(matches!(lookup(&state, &want(&[]), at(121.0)), Lookup::Renew));
}

#[test]
fn a_token_is_renewed_before_it_ends_and_used_while_that_fails() {
    let config = fixture::config();
    let state = signed_in();
    assert!(matches!(lookup(&state, &want(&[]), at(3299.0)), Lookup::Token(_)));
    assert!(matches!(lookup(&state, &want(&[]), at(3301.0)), Lookup::Renew));
    let (state, effects) = step(&config, state, Event::Wanted(want(&[]), at(3301.0)));
    assert_eq!(effects.len(), 1);
    assert!(matches!(lookup(&state, &want(&[]), at(3302.0)), Lookup::Token(_)), "nobody waits for an early renewal");
    let (state, _) = refresh(state, Err(slow(ErrorCode::Unavailable, 60)), at(3303.0));
    assert!(matches!(lookup(&state, &want(&[]), at(3304.0)), Lookup::Token(_)), "one 503 locks nobody out");
    assert!(matches!(lookup(&state, &want(&[]), at(3700.0)), Lookup::Renew));
}

#[test]
fn sleep_and_a_clock_set_back_age_a_token_alike() {
    let state = signed_in();
    let slept = Moment { mono_ms: 1000.0, ..at(9.0 * 3600.0) };
    let set_back = Moment { wall_ms: at(-7200.0).wall_ms, ..at(3500.0) };
    for moment in [slept, set_back] {
        assert!(matches!(lookup(&state, &want(&[]), moment), Lookup::Renew), "{moment:?}");
    }
    let short = Access { token: secret("a"), received: now(), lifetime_s: 60.0 };
    assert!(short.is_fresh(at(29.0)) && !short.is_fresh(at(31.0)) && short.is_alive(at(59.0)) && !short.is_alive(at(61.0)));
}

#[test]
fn a_rejected_token_is_renewed_once_for_all_who_held_it() {
    let config = fixture::config();
    let rejected = Want { rejected: Some(secret("access")), ..Want::default() };
    let state = signed_in();
    assert!(matches!(lookup(&state, &rejected, now()), Lookup::Renew));
    let (state, _) = step(&config, state, Event::Wanted(rejected.clone(), now()));
    assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Busy), "nobody is given the rejected one");
    let answer = json!({ "token_type": "Bearer", "access_token": "second" });
    let (state, _) = refresh(state, Ok(fixture::grant(&answer)), now());
    assert!(matches!(lookup(&state, &rejected, now()), Lookup::Token(token) if token.expose() == "second"));
}

#[test]
fn a_challenge_is_passed_on_and_what_it_asks_of_the_person_is_kept() {
    let config = fixture::config();
    let challenge = Want { claims: Some("{\"a\":1}".into()), rejected: Some(secret("access")), ..Want::default() };
    let (state, effects) = step(&config, signed_in(), Event::Wanted(challenge.clone(), now()));
    let [Effect::Refresh(errand)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(errand.claims.as_deref(), Some("{\"a\":1}"));

    let error = failure(ErrorCode::InteractionRequired).with(Details { claims: Some("{\"b\":2}".into()), ..Details::default() });
    let (state, effects) = refresh(state, Err(error), now());
    assert!(matches!(&effects[..], [Effect::Report(_)]), "the session is kept: {effects:?}");
    let Lookup::Fail(error) = lookup(&state, &challenge, at(60.0)) else { panic!("nothing is asked again unbidden") };
    assert_eq!(error.details().claims.as_deref(), Some("{\"b\":2}"));
}

#[test]
fn a_missing_scope_is_asked_for_once() {
    let config = fixture::config();
    let rooms = want(&["Place.Read.All"]);
    for result in [Err(failure(ErrorCode::ConsentRequired)), Ok(fixture::grant(&fixture::token_body("second", "n")))] {
        let (state, effects) = step(&config, signed_in(), Event::Wanted(rooms.clone(), now()));
        let [Effect::Refresh(errand)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(errand.scopes.last().map(String::as_str), Some("Place.Read.All"));
        let (state, _) = refresh(state, result, now());
        let Lookup::Fail(error) = lookup(&state, &rooms, now()) else { panic!("asked again unbidden") };
        assert_eq!(error.code(), ErrorCode::AdminConsentRequired);
        assert!(error.message().contains("Place.Read.All"), "{error}");
        assert_eq!(error.details().scopes, ["Place.Read.All"], "so that a button can ask for it");
        assert!(matches!(lookup(&state, &want(&["Calendars.Read"]), now()), Lookup::Token(_)), "the others go on");
    }
    let (state, _) = step(&config, signed_in(), Event::Wanted(want(&["Mail.Send"]), now()));
    let (state, _) = refresh(state, Err(failure(ErrorCode::ConsentRequired)), now());
    assert!(matches!(lookup(&state, &want(&["Mail.Send"]), now()), Lookup::Fail(error) if error.code() == ErrorCode::ConsentRequired));
}

#[test]
fn a_renewal_for_somebody_else_is_refused() {
    let (state, _) = open(None, None, Some(saved()));
    let mut claims = fixture::claims("n");
    claims["oid"] = json!("00000000-0000-0000-0000-000000000002");
    let answer = json!({ "token_type": "Bearer", "access_token": "theirs", "id_token": fixture::id_token(&claims) });
    let (state, _) = refresh(state, Ok(fixture::grant(&answer)), now());
    assert!(matches!(lookup(&state, &want(&[]), now()), Lookup::Fail(_)));
}
