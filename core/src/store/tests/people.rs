//! The search for people, and how typed text becomes people.

use super::*;
use crate::schedule::Role;

const HERE: PickerOwner = PickerOwner::Assistant;

fn names(text: &str) -> Vec<(String, String)> {
    pasted_addresses(text).into_iter().map(|person| (person.name, person.address)).collect()
}

fn searched(effects: &[Effect]) -> Option<(u32, &str)> {
    effects
        .iter()
        .find_map(|effect| if let Effect::Search { generation, text } = effect { Some((*generation, text.as_str())) } else { None })
}

fn invited(world: &World) -> Vec<&str> {
    world.state.assistant.invitees.iter().map(|invitee| invitee.person.address.as_str()).collect()
}

/// Types a text and gives the search this answer.
fn search(world: &mut World, text: &str, found: Vec<Person>) {
    world.act(PickerAction::Type(HERE, text.into()));
    let generation = world.state.picker.found.generation;
    world.act(PickerAction::Found(generation, Ok(found)));
}

#[test]
fn addresses_are_read_in_the_forms_that_people_write() {
    for (text, name) in [
        ("adele@contoso.com", "adele@contoso.com"),
        (" adele@contoso.com; ", "adele@contoso.com"),
        ("<adele@contoso.com>", "adele@contoso.com"),
        ("Adele Vance <adele@contoso.com>", "Adele Vance"),
        ("\"Vance, Adele\" <adele@contoso.com>", "Vance, Adele"),
        ("'Adele Vance' <adele@contoso.com>,", "Adele Vance"),
        ("Adele Vance (adele@contoso.com)", "Adele Vance"),
        ("Adele Vance (Sales) <adele@contoso.com>", "Adele Vance (Sales)"),
        ("mailto:adele@contoso.com", "adele@contoso.com"),
        ("MailTo:adele@contoso.com?subject=Hello", "adele@contoso.com"),
        ("Adele <mailto:adele@contoso.com>", "Adele"),
    ] {
        let found = typed_address(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found.name.as_str(), found.address.as_str()), (name, "adele@contoso.com"), "{text}");
    }
    assert_eq!(typed_address("käthe@büro.de").unwrap().address, "käthe@büro.de");
    assert_eq!(typed_address("o'brien+a=b@sub.contoso.co.uk").unwrap().address, "o'brien+a=b@sub.contoso.co.uk");
}

#[test]
fn what_is_no_address_is_not_taken_for_one() {
    for text in [
        "",
        " ",
        "Adele",
        "@",
        "a@",
        "@b.c",
        "a@b",
        "a@b.",
        "a@.b",
        "a@b..c",
        "a@b@c.de",
        "a b@c.de",
        "<>",
        "Adele <>",
        "a@b.c d@e.f",
        "mailto:",
        "mailto:?subject=x@y.z",
        "http://a@b.c",
        "a@b.c\u{0}",
        "<script>@b.c",
        "\u{20ac}mailto:",
        "a,b@c.de",
        "Adele (Sales)",
    ] {
        assert_eq!(typed_address(text), None, "{text}");
    }
}

#[test]
fn pasted_lists_are_read_whatever_separates_them() {
    let three = ["a@x.com", "b@x.com", "c@x.com"].map(|address| (address.to_owned(), address.to_owned()));
    for text in [
        "a@x.com,b@x.com,c@x.com",
        "a@x.com; b@x.com;c@x.com;",
        "a@x.com\r\nb@x.com\r\n\r\nc@x.com\n",
        "a@x.com\tb@x.com\tc@x.com",
        "a@x.com b@x.com c@x.com",
        "a@x.com, A@X.com; b@x.com c@x.com",
    ] {
        assert_eq!(names(text), three, "{text}");
    }
    let named = [("Vance, Adele".to_owned(), "a@x.com".to_owned()), ("Gu, Lee".to_owned(), "b@x.com".to_owned())];
    for text in [
        "Vance, Adele <a@x.com>; Gu, Lee <b@x.com>",
        "\"Vance, Adele\" <a@x.com>, \"Gu, Lee\" <b@x.com>",
        "Vance, Adele <a@x.com>, Gu, Lee <b@x.com>",
    ] {
        assert_eq!(names(text), named, "{text}");
    }
    assert_eq!(names("\"never closed <a@x.com>\nb@x.com").last().unwrap().1, "b@x.com");
    assert_eq!(names("no address, here"), []);
}

#[test]
fn what_is_pasted_and_is_no_address_stays_to_be_mended() {
    let mut world = World::signed_in(View::Assistant);
    world.act(PickerAction::Paste(HERE, "a@x.com; Lee Gu; b@x.com, b@x; c@x.com".into()));
    assert_eq!(invited(&world), ["a@x.com", "b@x.com", "c@x.com"]);
    assert_eq!((world.state.picker.text.as_str(), world.state.picker.unknown.as_deref()), ("Lee Gu; b@x", Some("Lee Gu; b@x")));
    world.act(PickerAction::Type(HERE, "Lee".into()));
    assert_eq!(world.state.picker.unknown, None);
}

#[test]
fn a_search_starts_when_the_text_changes_and_only_then() {
    let mut world = World::signed_in(View::Assistant);
    let effects = world.act(PickerAction::Type(HERE, " ad ".into()));
    let (first, text) = searched(&effects).unwrap();
    assert_eq!(text, "ad");
    assert_eq!(searched(&world.act(PickerAction::Type(HERE, "ad".into()))), None);
    let (second, _) = searched(&world.act(PickerAction::Type(HERE, "ade".into()))).unwrap();
    world.act(PickerAction::Found(first, Ok(vec![person("Adam", "adam@x.com")])));
    assert_eq!(world.state.picker.found.value, None, "the answer to an older text is not taken");
    world.act(PickerAction::Found(second, Err(error(ErrorCode::Network))));
    assert!(world.state.picker.found.error.is_some());
    assert!(searched(&world.act(PickerAction::Type(HERE, "ade".into()))).is_some(), "after a failure the same text is tried again");
    world.act(PickerAction::Type(HERE, String::new()));
    assert!(!world.state.picker.open && !world.state.picker.found.loading);
    world.act(PickerAction::Found(second + 1, Ok(vec![person("Adele", "adele@x.com")])));
    assert_eq!(world.state.picker.found.value, None);
}

#[test]
fn the_arrows_go_round_and_enter_takes_the_option() {
    let mut world = World::signed_in(View::Assistant);
    world.act(PickerAction::Move(1));
    search(&mut world, "a", vec![person("Adele", "adele@x.com"), person("Alex", "alex@x.com"), person("Anna", "anna@x.com")]);
    for (by, active) in [(1, 1), (-2, 2), (1, 0), (-1, 2), (4, 0)] {
        world.act(PickerAction::Move(by));
        assert_eq!(world.state.picker.active, active, "{by}");
    }
    for by in [isize::MAX, isize::MIN] {
        world.act(PickerAction::Move(by));
        assert!(world.state.picker.active < 3);
    }
    world.state.picker.active = 1;
    let effects = world.act(PickerAction::Enter(HERE));
    assert_eq!(invited(&world), ["alex@x.com"]);
    assert_eq!(world.state.picker.text, "");
    assert_eq!(world.state.notice, Some(Notice::Added("Alex".into())));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadSchedules { .. })));
}

#[test]
fn a_shorter_list_does_not_leave_the_arrows_outside() {
    let mut world = World::signed_in(View::Assistant);
    search(&mut world, "a", vec![person("Adele", "adele@x.com"), person("Ada", "ada@x.com")]);
    world.act(PickerAction::Type(HERE, "ad".into()));
    world.act(PickerAction::Move(1));
    let generation = world.state.picker.found.generation;
    world.act(PickerAction::Found(generation, Ok(vec![person("Ada", "ada@x.com")])));
    world.act(PickerAction::Enter(HERE));
    assert_eq!(invited(&world), ["ada@x.com"]);
}

#[test]
fn a_whole_address_means_nobody_else() {
    let mut world = World::signed_in(View::Assistant);
    // The directory finds by prefixes of names as well.
    search(&mut world, "lee@x.com", vec![person("Lee-Ann", "leeann@x.com"), person("Lee Gu", "Lee@x.com")]);
    world.act(PickerAction::Enter(HERE));
    assert_eq!(world.state.assistant.invitees[0].person.name, "Lee Gu");
    search(&mut world, "guest@y.com", vec![person("Lee-Ann", "leeann@x.com")]);
    world.act(PickerAction::Enter(HERE));
    assert_eq!(invited(&world), ["Lee@x.com", "guest@y.com"]);
}

#[test]
fn an_unknown_name_is_said_and_its_text_stays() {
    let mut world = World::signed_in(View::Assistant);
    world.act(PickerAction::Type(HERE, "Zzz".into()));
    world.act(PickerAction::Enter(HERE));
    assert_eq!(world.state.picker.unknown, None, "nobody knows yet");
    search(&mut world, "Zzzz", Vec::new());
    world.act(PickerAction::Enter(HERE));
    assert_eq!((world.state.picker.unknown.as_deref(), world.state.picker.text.as_str()), (Some("Zzzz"), "Zzzz"));
    assert_eq!(invited(&world), Vec::<&str>::new());
    world.act(PickerAction::Type(HERE, "   ".into()));
    world.act(PickerAction::Enter(HERE));
    assert_eq!(world.state.picker.unknown, None);
}

#[test]
fn nobody_is_invited_twice_and_the_organizer_never() {
    let mut world = World::signed_in(View::Assistant);
    for text in ["adele@x.com", "ADELE@X.COM", "Megan@Contoso.com"] {
        world.act(PickerAction::Type(HERE, text.into()));
        world.act(PickerAction::Enter(HERE));
    }
    assert_eq!(invited(&world), ["adele@x.com"]);
    search(&mut world, "room", vec![Person { kind: crate::model::PersonKind::Room, ..person("Room", "room@x.com") }, person("Nobody", "")]);
    world.act(PickerAction::Choose(HERE, 1));
    world.act(PickerAction::Choose(HERE, 7));
    assert_eq!(invited(&world), ["adele@x.com"]);
    search(&mut world, "room", vec![Person { kind: crate::model::PersonKind::Room, ..person("Room", "room@x.com") }]);
    world.act(PickerAction::Choose(HERE, 0));
    assert_eq!(world.state.assistant.invitees[1].role, Role::Resource);
}

#[test]
fn the_organizer_may_turn_out_later() {
    let mut world = World::new();
    world.state.route.view = View::Assistant;
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.start("1");
    world.act(PickerAction::Paste(HERE, "megan.bowen@contoso.com; adele@x.com; MEGAN@contoso.com".into()));
    let generation = world.state.me.generation;
    world.act(SessionAction::Profile(generation, Ok(person("Megan Bowen", "Megan.Bowen@contoso.com"))));
    assert_eq!(invited(&world), ["adele@x.com"]);
}

#[test]
fn what_was_typed_in_one_search_is_not_taken_into_the_other_list() {
    let mut world = World::signed_in(View::Assistant);
    world.act(EditorAction::Open(None));
    search(&mut world, "a", vec![person("Adele", "adele@x.com")]);
    world.act(PickerAction::Enter(PickerOwner::Editor));
    world.act(PickerAction::Choose(PickerOwner::Editor, 0));
    assert_eq!(world.editor().attendees, []);
    assert!(searched(&world.act(PickerAction::Type(PickerOwner::Editor, "a".into()))).is_some(), "the same text there is another search");
}

#[test]
fn closing_the_list_keeps_the_text() {
    let mut world = World::signed_in(View::Assistant);
    search(&mut world, "adele", vec![person("Adele", "adele@x.com")]);
    world.act(PickerAction::Close);
    assert_eq!((world.state.picker.text.as_str(), world.state.picker.open), ("adele", false));
    world.act(PickerAction::Enter(HERE));
    assert_eq!(invited(&world), Vec::<&str>::new(), "an option that is not seen is not chosen");
}
