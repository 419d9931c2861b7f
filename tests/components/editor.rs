//! The dialog for a new event, and the search for people in it.

use convoke_core::{
    ErrorCode,
    store::{EditorAction, EditorField, PickerAction, PickerOwner, View},
};

use crate::world::{World, error, person};

fn open() -> World {
    let mut world = World::with_events(Vec::new());
    world.act(EditorAction::Open(None));
    world
}

#[test]
fn every_field_has_its_label() {
    let page = open().draw();
    let dialog = page.one("dialog", "New event");
    assert_eq!(dialog.names("textbox"), ["Title", "Start date", "Start time", "End date", "End time", "Location", "Description"]);
    assert_eq!(dialog.names("combobox"), ["Attendees"]);
    assert_eq!(dialog.names("button"), ["Close", "Save", "Find a time", "Discard"]);
    let value = |name: &str| dialog.one("textbox", name).get("value").map(str::to_owned);
    let times = ["Start date", "Start time", "End date", "End time"].map(|name| value(name).unwrap());
    assert_eq!(times, ["2026-03-17", "09:30", "2026-03-17", "10:00"]);
    assert!(dialog.text().contains("Times in Europe/Berlin"));
    assert!(dialog.all("textbox").iter().all(|field| field.get("aria-invalid").is_none()));
}

#[test]
fn problems_are_said_at_their_fields() {
    let mut world = open();
    for (field, text) in [(EditorField::StartTime, "noon"), (EditorField::EndDate, "")] {
        world.act(EditorAction::Set(field, text.into()));
    }
    world.act(EditorAction::Send);
    let page = world.draw();
    for (name, problem) in [
        ("Title", "Give it a title, so that people know what they are invited to."),
        ("Start time", "Enter a time of day, such as 10:30."),
        ("End date", "Enter a date, such as 2026-03-17."),
    ] {
        let field = page.one("textbox", name);
        assert_eq!((field.get("aria-invalid"), field.description()), (Some("true"), problem), "{name}");
    }
    assert_eq!(page.one("textbox", "Start time").get("value"), Some("noon"), "what is typed stays");
    assert_eq!(page.one("textbox", "Start date").get("aria-invalid"), None);

    let mut world = open();
    world.act(EditorAction::Set(EditorField::Title, "x".repeat(256)));
    world.act(EditorAction::Set(EditorField::StartDate, "2026-03-29".into()));
    world.act(EditorAction::Set(EditorField::StartTime, "02:30".into()));
    world.act(EditorAction::Send);
    let page = world.draw();
    assert_eq!(page.one("textbox", "Title").description(), "Shorten it to 255 characters.");
    assert!(page.one("textbox", "Start time").description().starts_with("This hour does not exist on that day"));
}

#[test]
fn people_are_sent_an_invitation_and_without_them_it_is_saved() {
    let mut world = open();
    world.act(PickerAction::Paste(PickerOwner::Editor, "Adele Vance <adele@contoso.com>; lee@contoso.com".into()));
    let page = world.draw();
    let dialog = page.one("dialog", "New event");
    let buttons = dialog.names("button");
    assert!(buttons.contains(&"Send") && !buttons.contains(&"Save"), "{buttons:?}");
    dialog.one("button", "Remove Adele Vance");
    assert_eq!(dialog.one("list", "Attendees").all("listitem").len(), 2);
}

#[test]
fn sending_is_shown_and_a_failure_keeps_everything() {
    let mut world = open();
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Set(EditorField::Description, "<script>".into()));
    world.act(EditorAction::Send);
    assert_eq!(world.draw().one("button", "Sending …").get("aria-disabled"), Some("true"));
    let id = world.state.editor.as_ref().unwrap().transaction_id.clone();
    world.act(EditorAction::Sent(id, Box::new(Err(error(ErrorCode::Timeout)))));
    let page = world.draw();
    let alert = page.one("dialog", "New event").all("alert")[0];
    assert!(alert.text().contains("Microsoft 365 took too long to answer."));
    alert.one("button", "Try again");
    assert_eq!(page.one("textbox", "Title").get("value"), Some("Offsite"));
    page.one("button", "Save");
}

#[test]
fn the_search_is_a_combobox_with_its_list() {
    let mut world = open();
    let page = world.draw();
    let field = page.one("combobox", "Attendees");
    assert_eq!(
        (field.get("aria-expanded"), field.get("aria-autocomplete"), field.get("aria-activedescendant")),
        (Some("false"), Some("list"), None)
    );
    assert!(page.all("listbox").is_empty());
    world.act(PickerAction::Type(PickerOwner::Editor, "le".into()));
    assert!(world.draw().text().contains("Searching …"));
    let generation = world.state.picker.found.generation;
    world.act(PickerAction::Found(generation, Ok(vec![person("Lee Gu", "lee@contoso.com"), person("Lena", "lena@contoso.com")])));
    world.act(PickerAction::Move(1));
    let page = world.draw();
    let field = page.one("combobox", "Attendees");
    let list = page.one("listbox", "Attendees");
    assert_eq!((field.get("aria-expanded"), field.get("aria-controls")), (Some("true"), list.get("id")));
    assert_eq!(list.names("option"), ["Lee Gu lee@contoso.com", "Lena lena@contoso.com"]);
    let selected: Vec<_> = list.all("option").into_iter().filter(|option| option.get("aria-selected") == Some("true")).collect();
    assert_eq!((selected.len(), selected[0].get("id")), (1, field.get("aria-activedescendant")));
}

#[test]
fn a_typed_address_can_be_used_and_an_unknown_name_is_said() {
    let mut world = open();
    world.act(PickerAction::Type(PickerOwner::Editor, "guest@example.com".into()));
    assert_eq!(world.draw().one("listbox", "Attendees").names("option"), ["Use guest@example.com"]);
    world.act(PickerAction::Type(PickerOwner::Editor, "Zzz".into()));
    let generation = world.state.picker.found.generation;
    world.act(PickerAction::Found(generation, Ok(Vec::new())));
    world.act(PickerAction::Enter(PickerOwner::Editor));
    let page = world.draw();
    assert!(page.one("combobox", "Attendees").description().starts_with("Nobody is found for “Zzz”."));
    assert_eq!(page.one("combobox", "Attendees").get("value"), Some("Zzz"));
}

#[test]
fn a_kept_draft_is_said() {
    let mut world = open();
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Close);
    let page = world.draw();
    assert!(page.all("dialog").is_empty());
    assert_eq!(page.names("status"), ["Your draft is kept. “New event” opens it again."]);
    assert_eq!(world.state.route.view, View::Calendar);
}
