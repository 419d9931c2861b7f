//! The banner's menus, the settings, and what is said while things go on.

use std::rc::Rc;

use convoke_core::{
    auth::Account,
    config::Theme,
    store::{Action, EditorAction, Menu, SessionAction},
};
use serde_json::json;

use crate::{
    page::Page,
    world::{CLIENT, World},
};

/// What is chosen in a list.
#[track_caller]
fn chosen(page: &Page, list: &str) -> String {
    let options = page.one("combobox", list).all("option");
    let chosen: Vec<_> = options.into_iter().filter(|option| option.get("selected").is_some()).collect();
    assert_eq!(chosen.len(), 1, "{list}");
    chosen[0].name().to_owned()
}

#[test]
fn the_settings_offer_theme_language_and_time_zone() {
    let mut world = World::signed_out(&json!({ "clientId": CLIENT }));
    world.act(Action::Menu(Some(Menu::Settings)));
    let page = world.draw();
    assert_eq!(page.one("button", "Settings").get("aria-expanded"), Some("true"));
    assert_eq!((chosen(&page, "Theme").as_str(), chosen(&page, "Time zone").as_str()), ("As the system", "As the system"));
    world.act(Action::Theme(Theme::Dark));
    world.act(Action::TimeZone("Asia/Tokyo".into()));
    world.act(Action::Locale("en-GB".into()));
    let page = world.draw();
    assert_eq!((chosen(&page, "Theme").as_str(), chosen(&page, "Time zone").as_str()), ("Dark", "Asia/Tokyo"));
    assert_eq!(chosen(&page, "Language"), "English (United Kingdom)");
    world.act(Action::TimeZone(String::new()));
    assert_eq!(chosen(&world.draw(), "Time zone"), "As the system", "which is a choice of its own");
    world.act(Action::Menu(None));
    assert!(world.draw().all("combobox").is_empty());

    let mut world = World::signed_out(&json!({ "clientId": CLIENT, "timeZone": "W. Europe Standard Time" }));
    world.act(Action::Menu(Some(Menu::Settings)));
    assert_eq!(chosen(&world.draw(), "Time zone"), "Europe/Berlin", "as the deployer says");
}

fn account(id: &str, name: &str) -> Account {
    Account { id: id.into(), username: [name, "@contoso.com"].concat(), name: Some(name.into()), tenant_id: None, object_id: None }
}

#[test]
fn the_account_menu_lists_everybody_and_what_can_be_done() {
    let mut world = World::with_events(Vec::new());
    world.act(Action::Menu(Some(Menu::Account)));
    let buttons = |page: &Page| page.all("banner")[0].names("button").into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(buttons(&world.draw()), ["Settings", "Megan Bowen", "Add account", "Sign out"]);
    world.act(SessionAction::Accounts(Rc::new(vec![account("1", "Megan Bowen"), account("2", "Adele")])));
    let all = ["Settings", "Megan Bowen", "Use Adele", "Sign out Adele", "Add account", "Sign out", "Sign out everywhere"];
    assert_eq!(buttons(&world.draw()), all);
}

#[test]
fn a_pause_is_shown_as_it_runs_down() {
    let mut world = World::with_events(Vec::new());
    world.act(Action::Paused("2026-03-17T08:10:42Z".parse().unwrap()));
    let page = world.draw();
    assert_eq!(page.names("status"), ["Microsoft 365 asks to slow down. It goes on in 42 s."]);
    assert!(page.text().contains("It goes on in 42 s."), "{}", page.text());
}

#[test]
fn a_dialog_speaks_through_a_live_region_of_its_own() {
    let mut world = World::with_events(Vec::new());
    world.act(EditorAction::Open(None));
    world.act(Action::Copied);
    let page = world.draw();
    assert_eq!(page.all("dialog")[0].names("status"), ["Copied."]);
}
