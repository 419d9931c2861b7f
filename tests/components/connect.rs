//! The Connect screen.

use convoke_core::{
    ErrorCode,
    config::{AccountType, ConnectForm},
    store::SessionAction,
};
use serde_json::json;

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
    assert_eq!(page.names("textbox"), ["Application (client) ID", "Redirect URI"]);
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
