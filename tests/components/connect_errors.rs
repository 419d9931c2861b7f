//! What the Connect screen says of failures, and the box that takes what Microsoft's own page said.

use convoke_core::{
    Error, ErrorCode,
    auth::{aadsts, machine::Note},
    error::Details,
    store::SessionAction,
};
use serde_json::json;

use crate::world::{ADDRESS, CLIENT, World};

const BOX: &str = "Did Microsoft show an error?";

fn look_up(world: &mut World, text: &str) {
    world.act(SessionAction::Reported(text.into()));
    world.act(SessionAction::LookUp);
}

#[test]
fn every_number_has_a_sentence_of_its_own_and_unknown_ones_say_so() {
    let mut world = World::signed_out(&json!({}));
    for number in aadsts::numbers() {
        look_up(&mut world, &format!("AADSTS{number}: some text"));
        let text = world.draw().one("group", BOX).text();
        assert!(text.starts_with(&format!("Error {number}: ")) && !text.contains("Nothing is known"), "{text}");
    }
    look_up(&mut world, "AADSTS1234567");
    assert!(world.draw().one("group", BOX).text().contains("Nothing is known here about this number."));
    look_up(&mut world, "Need admin approval");
    let page = world.draw();
    let field = page.one("textbox", BOX);
    assert!(field.get("aria-invalid") == Some("true") && field.description().starts_with("There is no error number in this."));
}

#[test]
fn what_mends_an_error_can_be_copied_or_done_right_there() {
    // Where the deployer has filled the form in, the box appears once it can be of use.
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    assert_eq!(world.draw().names("textbox"), ["Organization (optional)"]);
    world.act(SessionAction::Noted(Note::Unanswered));
    assert!(world.draw().text().contains("You came back without being signed in."));
    for (number, label, value) in [
        (50011, "Redirect URI", ADDRESS),
        (9_002_326, "Redirect URI", ADDRESS),
        (700_016, "Application (client) ID", CLIENT),
        (650_053, "Permissions", "openid profile offline_access User.Read Calendars.Read"),
    ] {
        look_up(&mut world, &number.to_string());
        let page = world.draw();
        let answer = page.one("group", BOX);
        assert_eq!(answer.one("textbox", label).get("value"), Some(value), "{number}");
        answer.one("button", "Copy value");
    }
    for (number, button) in [(50020, "Use another account"), (65001, "Continue"), (50173, "Sign in again"), (90094, "Copy link")] {
        look_up(&mut world, &number.to_string());
        world.draw().one("group", BOX).one("button", button);
    }
    let link = world.draw().one("textbox", "Link for your administrator").get("value").unwrap().to_owned();
    assert!(link.contains("/organizations/v2.0/adminconsent?"), "{link}");
}

#[test]
fn a_failed_configuration_offers_to_be_read_again_and_nothing_else() {
    let mut world = World::new();
    let failed = Error::new(ErrorCode::Unavailable, "config.json could not be read: status 503.");
    world.act(SessionAction::Configured(Box::new(Err(failed))));
    let page = world.draw();
    assert_eq!(page.all("alert")[0].names("button"), ["Try again", "Copy details"]);
    assert!(page.all("form").is_empty());
    world.act(SessionAction::Reconfigure);
    world.draw().one("progressbar", "Loading …");
}

#[test]
fn microsofts_errors_are_said_with_number_reference_and_what_helps() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    let failed = |code, number, message: &str| {
        let details = Details { aadsts: Some(number), request_id: Some("c-1".into()), ..Details::default() };
        SessionAction::SignInFailed(Error::new(code, message).with(details))
    };
    world.act(failed(ErrorCode::InvalidRequest, 50020, "x"));
    let page = world.draw();
    let alert = page.all("alert")[0];
    for sentence in ["This account cannot be used here. Use another account.", "Microsoft's number: AADSTS50020", "Reference: c-1"] {
        assert!(alert.text().contains(sentence), "{}", alert.text());
    }
    assert_eq!(alert.names("button"), ["Use another account", "Copy details"]);

    world.act(failed(ErrorCode::AdminConsentRequired, 90094, "x"));
    let page = world.draw();
    assert!(page.all("alert")[0].one("textbox", "Link for your administrator").get("value").unwrap().contains("adminconsent"));

    world.act(failed(ErrorCode::InvalidRequest, 7_654_321, "AADSTS7654321: <b>Something new.</b>"));
    let page = world.draw();
    assert!(page.all("alert")[0].text().contains("Microsoft refused the sign-in: AADSTS7654321: <b>Something new.</b>"), "as text");
    page.one("textbox", BOX);
}

#[test]
fn a_refused_permission_names_what_is_missing() {
    let mut world = World::signed_in(convoke_core::store::View::Calendar);
    let details = Details { aadsts: Some(65001), scopes: vec!["People.Read".into()], ..Details::default() };
    world.act(SessionAction::SignInFailed(Error::new(ErrorCode::ConsentRequired, "x").with(details)));
    let page = world.draw();
    let alert = page.all("alert")[0];
    assert!(alert.text().contains("Convoke needs your permission for this: People.Read."), "{}", alert.text());
    assert_eq!(alert.names("button"), ["Continue", "Copy details"]);
}
