//! The Connect screen.

use convoke_core::{
    ErrorCode,
    auth::{Feature, Known},
    config::{AccountType, ConnectForm, Field},
    store::SessionAction,
};
use serde_json::json;

use crate::page::Page;
use crate::world::{ADDRESS, CLIENT, World, error};

#[test]
fn a_configured_page_only_asks_to_sign_in() {
    let page = World::signed_out(&json!({ "clientId": CLIENT, "graphBaseUrl": "https://graph.example" })).draw();
    page.one("heading", "Connect to Microsoft 365");
    page.one("button", "Sign in with Microsoft");
    assert_eq!(page.names("textbox"), ["Organization (optional)"]);
    assert!(page.all("radiogroup").is_empty());
    let text = page.text();
    for fact in [CLIENT, "https://graph.example", "Calendars.Read"] {
        assert!(text.contains(fact), "{fact} in {text}");
    }
}

#[test]
fn an_organization_that_does_not_fit_is_said_at_its_field() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    world.act(SessionAction::Organization("not a domain".into()));
    world.act(SessionAction::SignIn);
    let page = world.draw();
    let field = page.one("textbox", "Organization (optional)");
    assert_eq!((field.get("value"), field.get("aria-invalid")), (Some("not a domain"), Some("true")));
    assert!(field.description().starts_with("This is neither a directory ID nor a domain"), "{}", field.description());
}

#[test]
fn a_page_without_an_application_asks_for_it() {
    let page = World::signed_out(&json!({})).draw();
    page.one("heading", "Connect to Microsoft 365");
    assert_eq!(page.names("textbox"), ["Application (client) ID", "Redirect URI", "Did Microsoft show an error?"]);
    let types = page.one("radiogroup", "Account type");
    assert_eq!(types.names("radio"), ["Any organization", "Any account", "Personal accounts", "One organization"]);
    let checked: Vec<_> =
        types.all("radio").into_iter().filter(|radio| radio.get("checked").is_some()).map(|radio| radio.name().to_owned()).collect();
    assert_eq!(checked, ["Any organization"]);
    let address = page.one("textbox", "Redirect URI");
    assert_eq!((address.get("value"), address.get("readonly").is_some()), (Some(ADDRESS), true));
    assert!(address.description().contains("Single-page application"));
    page.one("button", "Copy");
    page.one("button", "Sign in with Microsoft");
    assert!(page.text().contains("How to register the application"));
}

#[test]
fn permissions_are_chosen_by_what_they_are_for_and_say_who_must_consent() {
    let page = World::signed_out(&json!({ "features": ["calendar-read", "mail-send"] })).draw();
    let group = page.one("group", "Permissions");
    let checked = |page: &Page| -> Vec<String> {
        let boxes = page.one("group", "Permissions").all("checkbox");
        boxes.into_iter().filter(|element| element.get("checked").is_some()).map(|element| element.name().to_owned()).collect()
    };
    assert_eq!(checked(&page), ["See your calendars", "Send mail for you"], "as the deployer has it");
    assert_eq!(group.one("checkbox", "See your calendars").description(), "Calendars.Read: you can agree yourself");
    assert_eq!(group.one("checkbox", "Find rooms").description(), "Place.Read.All: an administrator has to agree");
    assert!(group.all("checkbox").iter().all(|element| !element.description().is_empty()));

    let mut world = World::signed_out(&json!({}));
    let form = |world: &World, account_type: AccountType, features: &[Feature]| {
        SessionAction::Form(ConnectForm { account_type, features: features.to_vec(), ..world.state.connect.form.clone() })
    };
    world.act(form(&world, AccountType::Consumers, &[Feature::Rooms]));
    let page = world.draw();
    assert!(page.text().contains("Personal accounts have no free/busy of others"));
    assert!(!page.names("checkbox").contains(&"Find rooms") && page.all("link").iter().all(|link| link.name() != "Grant admin consent"));
    world.act(SessionAction::SignIn);
    assert!(world.draw().one("group", "Permissions").text().contains("Choose one permission at least."));
    assert_eq!(world.state.attention.1, Some(Field::ClientId), "the first thing that is wrong");
    world.act(form(&world, AccountType::Organizations, &[Feature::CalendarWrite, Feature::SharedCalendars]));
    let page = world.draw();
    assert_eq!(checked(&page), ["Change your calendars and answer invitations", "See calendars that others share with you"]);
    let shared = page.one("checkbox", "See calendars that others share with you").description().to_owned();
    assert_eq!(shared, "Calendars.ReadWrite.Shared: you can agree yourself", "writing widens sharing");
}

#[test]
fn an_administrators_link_waits_for_a_complete_form() {
    let mut world = World::signed_out(&json!({}));
    let link = |world: &World| world.draw().one("link", "Grant admin consent").get("href").unwrap().to_owned();
    assert_eq!(link(&world), "#");
    world.act(SessionAction::Form(ConnectForm {
        client_id: CLIENT.into(),
        account_type: AccountType::Tenant("contoso.com".into()),
        features: vec![Feature::Rooms],
    }));
    let whole = link(&world);
    assert!(whole.starts_with("https://login.microsoftonline.com/contoso.com/v2.0/adminconsent?"), "{whole}");
    assert!(whole.contains(CLIENT) && whole.contains("Place.Read.All") && whole.contains("app.example"), "{whole}");
    let page = world.draw();
    assert!(page.one("link", "Grant admin consent").description().starts_with("For administrators: "));
}

#[test]
fn whoever_was_here_last_is_offered_and_can_be_passed_over() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    world.act(SessionAction::Known(Known { username: "adele@contoso.com".into(), name: Some("Adele Vance".into()) }));
    let page = world.draw();
    page.one("button", "Continue as Adele Vance");
    page.one("button", "Use another account");
}

#[test]
fn one_organization_asks_which() {
    let mut world = World::signed_out(&json!({}));
    world.act(SessionAction::Form(ConnectForm {
        account_type: AccountType::Tenant("contoso.com".into()),
        ..world.state.connect.form.clone()
    }));
    assert_eq!(world.draw().one("textbox", "Directory (tenant) ID or domain").get("value"), Some("contoso.com"));
}

#[test]
fn problems_stand_at_their_fields() {
    let mut world = World::signed_out(&json!({}));
    let fields = ["Application (client) ID", "Directory (tenant) ID or domain"];
    world.act(SessionAction::Form(ConnectForm {
        client_id: "1234".into(),
        account_type: AccountType::Tenant("no domain".into()),
        ..world.state.connect.form.clone()
    }));
    let page = world.draw();
    assert!(fields.iter().all(|name| page.one("textbox", name).get("aria-invalid").is_none()));
    world.act(SessionAction::SignIn);
    let page = world.draw();
    for name in fields {
        let field = page.one("textbox", name);
        assert_eq!(field.get("aria-invalid"), Some("true"), "{name}");
        assert!(field.description().starts_with("This is n"), "{}", field.description());
    }
}

#[test]
fn going_to_the_sign_in_shows_that_something_happens() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    world.act(SessionAction::SignIn);
    let page = world.draw();
    assert_eq!(page.one("button", "Sign in with Microsoft").get("aria-disabled"), Some("true"));
    page.one("progressbar", "Signing in …");
}

#[test]
fn a_failure_says_what_happened_and_leaves_the_way_open() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    for (code, sentence) in [
        (ErrorCode::UserCancelled, "You declined. Nothing was shared. Sign in whenever you like."),
        (ErrorCode::StateMismatch, "This sign-in was not started in this tab, or was used before. Start it again."),
        (ErrorCode::AdminConsentRequired, "An administrator has to approve this first."),
    ] {
        world.act(SessionAction::SignInFailed(error(code)));
        let page = world.draw();
        assert!(page.all("alert")[0].text().contains(sentence), "{}", page.text());
        page.one("button", "Sign in with Microsoft");
    }
}
