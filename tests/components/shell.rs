//! The frame around every screen.

use convoke_core::{
    ErrorCode,
    error::Details,
    store::{Action, SessionAction, View},
};
use serde_json::json;

use crate::world::{CLIENT, World, error};

#[test]
fn a_signed_in_page_has_its_landmarks_in_order() {
    let page = World::with_events(Vec::new()).draw();
    let first = page.first_focusable();
    assert_eq!((first.role(), first.name(), first.get("href")), ("link", "Skip to content", Some("#main")));
    assert_eq!(page.all("banner").len(), 1);
    let views = page.one("navigation", "Views");
    assert_eq!(views.names("link"), ["Calendar", "Scheduling assistant", "Connection"]);
    assert_eq!(
        views.all("link").iter().map(|link| link.get("href").unwrap()).collect::<Vec<_>>(),
        ["#/calendar", "#/assistant", "#/connection"]
    );
    assert_eq!(page.all("main").len(), 1);
    assert_eq!(page.all("main")[0].get("id"), Some("main"));
    let status = page.all("status");
    assert_eq!((status.len(), status[0].get("aria-live"), status[0].name()), (1, Some("polite"), "0 events"));
    let account = page.one("button", "Megan Bowen");
    assert_eq!(account.get("aria-expanded"), Some("false"));
    assert_eq!(page.all("heading")[0].tag, "h1");
}

#[test]
fn the_current_view_is_marked() {
    for (view, name, heading) in [
        (View::Calendar, "Calendar", "16 March – 22 March 2026"),
        (View::Assistant, "Scheduling assistant", "Scheduling assistant"),
        (View::Connection, "Connection", "Connection"),
    ] {
        let page = World::signed_in(view).draw();
        let current: Vec<_> = page
            .all("link")
            .into_iter()
            .filter(|link| link.get("aria-current") == Some("page"))
            .map(|link| link.name().to_owned())
            .collect();
        assert_eq!(current, [name]);
        page.one("heading", heading);
    }
}

#[test]
fn a_signed_out_page_has_no_views() {
    let page = World::signed_out(&json!({ "clientId": CLIENT })).draw();
    assert!(page.all("navigation").is_empty());
    assert_eq!((page.all("banner").len(), page.all("main").len(), page.all("status").len()), (1, 1, 1));
    assert_eq!(page.one("button", "Settings").get("aria-expanded"), Some("false"));
    assert!(page.all("combobox").is_empty());
}

#[test]
fn while_it_starts_the_page_says_so() {
    let page = World::new().draw();
    page.one("progressbar", "Loading …");
    assert!(page.all("form").is_empty());
}

#[test]
fn what_is_not_loaded_yet_says_so_and_can_be_asked_for_again() {
    for view in [View::Assistant, View::Connection] {
        let mut world = World::signed_in(view);
        world.later = false;
        world.draw().one("progressbar", "Loading …");
        let generation = world.state.later.generation;
        world.act(Action::Later(generation, Err(error(ErrorCode::Network))));
        assert_eq!(world.draw().all("alert")[0].names("button"), ["Try again", "Copy details"]);
    }
}

#[test]
fn an_ended_session_asks_to_sign_in_above_what_stays_on_screen() {
    let mut world = World::with_events(Vec::new());
    world.act(SessionAction::SignInFailed(error(ErrorCode::SessionExpired)));
    let page = world.draw();
    let alert = page.all("alert")[0];
    assert!(alert.text().contains("Your session has ended."), "{}", alert.text());
    assert_eq!(alert.names("button"), ["Sign in again", "Copy details"]);
    page.one("heading", "16 March – 22 March 2026");

    let scopes = vec!["People.Read".to_owned()];
    world.act(SessionAction::SignInFailed(error(ErrorCode::ConsentRequired).with(Details { scopes, ..Details::default() })));
    let page = world.draw();
    assert_eq!(page.all("alert")[0].names("button"), ["Continue", "Copy details"]);
    assert!(page.text().contains("Convoke needs your permission for this: People.Read."));
}

#[test]
fn a_lost_network_is_said() {
    let mut world = World::with_events(Vec::new());
    world.act(Action::Online(false));
    assert!(world.draw().names("alert")[0].starts_with("You are offline."));
}

#[test]
fn the_connection_screen_says_who_where_and_with_which_permissions() {
    let mut world = World::signed_in(View::Connection);
    let page = world.draw();
    page.one("heading", "Signed in as Megan Bowen");
    let permissions = page.names("listitem");
    assert_eq!(permissions[0], "Megan Bowen megan@contoso.com in use");
    for permission in [
        "See who you are User.Read: you can agree yourself granted",
        "See your calendars Calendars.Read: you can agree yourself refused Ask",
        "Find people you work with People.Read: you can agree yourself not asked Ask",
        "Find rooms Place.Read.All: an administrator has to agree not asked",
    ] {
        assert!(permissions.contains(&permission), "{permission} in {permissions:?}");
    }
    page.one("button", "Ask for: Find people you work with");
    let link = page.one("textbox", "Link for your administrator").get("value").unwrap().to_owned();
    assert!(link.contains("Place.Read.All") && link.contains("GroupMember.Read.All") && !link.contains("People.Read"), "{link}");
    assert_eq!(page.one("link", "Grant admin consent").get("href"), Some(link.as_str()));
    for fact in ["Global", "https://login.microsoftonline.com/organizations", "https://graph.microsoft.com", "Europe/Berlin"] {
        assert!(page.text().contains(fact), "{fact}");
    }
    assert_eq!(page.one("textbox", "Redirect URI").get("value"), Some("https://app.example/"));
    world.act(SessionAction::Check);
    world.act(SessionAction::Checked(world.state.check.generation, Ok(())));
    let page = world.draw();
    assert_eq!(page.names("status"), ["The connection works."]);
    page.one("button", "Check connection");
}

#[test]
fn an_error_names_its_reference_and_never_shows_markup() {
    let mut world = World::signed_in(View::Connection);
    let details = Details { request_id: Some("abc-1".into()), ..Details::default() };
    let failed = convoke_core::Error::new(ErrorCode::InvalidRequest, "<img src=x onerror=alert(1)>").with(details);
    world.act(SessionAction::Check);
    world.act(SessionAction::Checked(world.state.check.generation, Err(failed)));
    let page = world.draw();
    let alert = page.all("alert")[0];
    assert!(alert.text().contains("Reference: abc-1"));
    assert!(alert.text().contains("<img src=x onerror=alert(1)>"), "as text");
    assert_eq!(alert.names("button"), ["Try again", "Copy details"]);
}
