//! What of the program is loaded after the first screen.

use super::*;

fn generation(effects: &[Effect]) -> Option<u32> {
    effects.iter().find_map(|effect| if let Effect::LoadLater(generation) = effect { Some(*generation) } else { None })
}

#[test]
fn it_is_loaded_once_and_behind_what_the_first_screen_needs() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    let effects = world.start("1");
    assert!(matches!(effects.last(), Some(Effect::LoadLater(_))), "{effects:?}");
    assert_eq!(generation(&world.act(Action::Refresh)), None, "it is on its way");
    world.act(Action::Later(generation(&effects).unwrap(), Ok(())));
    assert_eq!(generation(&world.act(Action::Refresh)), None, "it is there");
    world.act(SessionAction::SignOut);
    world.act(SessionAction::SignedOut);
    assert_eq!(generation(&world.start("2")), None, "it stays when the person goes");
}

#[test]
fn a_failure_is_kept_and_another_try_is_free() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    let first = generation(&world.start("1")).unwrap();
    world.act(Action::Later(first, Err(error(ErrorCode::Network))));
    assert_eq!(world.state.later.error.as_ref().map(Error::code), Some(ErrorCode::Network));
    let second = generation(&world.act(Action::LoadLater)).unwrap();
    assert!(world.state.later.error.is_none());
    world.act(Action::Later(first, Err(error(ErrorCode::Network))));
    assert!(world.state.later.loading, "a late failure of the first try does not end the second");
    world.act(Action::Later(second, Ok(())));
    assert!(world.state.later.value.is_some());
}

#[test]
fn times_that_came_before_the_engine_are_ranked_when_it_comes() {
    let mut world = World { rank: None, ..World::new() }.sign_in(View::Assistant);
    let window = world.state.assistant.window(&world.zones.get("Europe/Berlin").unwrap(), world.now).unwrap();
    let asked = vec![ME.to_owned()];
    let times = vec![schedule(ME, &[])];
    let generation = world.state.assistant.generation;
    world.act(AssistantAction::Schedules(generation, window, asked, Ok(times)));
    assert!(world.state.assistant.result.suggestions.is_empty());
    assert!(!matches!(world.state.notice, Some(Notice::Suggested(_))), "nothing was suggested yet: {:?}", world.state.notice);
    world.rank = Some(crate::schedule::rank);
    let later = world.state.later.generation;
    world.act(Action::Later(later, Ok(())));
    assert!(!world.state.assistant.result.suggestions.is_empty());
}
