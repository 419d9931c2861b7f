//! Tests of `paging`: every way in which a server fails to end a list.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::ErrorCode;

fn hosts() -> HostList {
    HostList::new("https://graph.microsoft.com", &[]).unwrap()
}

fn read(body: Value) -> Result<Page<Value>, Error> {
    page(Answer { status: 200, body, ..Answer::default() }, |item| item.is_object().then_some(item))
}

fn of(ids: &[&str], next: Option<&str>) -> Page<Value> {
    let items: Vec<Value> = ids.iter().map(|id| json!({"id": id, "@odata.etag": "1"})).collect();
    let mut body = json!({"value": items});
    if let Some(next) = next {
        body["@odata.nextLink"] = format!("https://graph.microsoft.com/v1.0/me/events?$skiptoken={next}").into();
    }
    read(body).unwrap()
}

fn ids(page: &Page<Value>) -> Vec<&str> {
    page.items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn a_list_is_followed_over_empty_pages_to_its_end() {
    let mut paging = Paging::new(Limits::default());
    for (mut page, more) in [(of(&["a", "b"], Some("1")), true), (of(&[], Some("2")), true), (of(&["c"], None), false)] {
        let next = paging.accept(&mut page, &hosts()).unwrap();
        assert_eq!(matches!(next, Next::Follow(_)), more);
    }
}

#[test]
fn a_link_seen_before_ends_the_list() {
    let mut paging = Paging::new(Limits::default());
    assert!(matches!(paging.accept(&mut of(&["a"], Some("1")), &hosts()).unwrap(), Next::Follow(_)));
    assert_eq!(paging.accept(&mut of(&["b"], Some("1")), &hosts()).unwrap(), Next::Incomplete(Incomplete::Loop));
}

#[test]
fn a_page_that_repeats_under_new_links_ends_the_list() {
    let mut paging = Paging::new(Limits::default());
    assert!(matches!(paging.accept(&mut of(&["a", "b"], Some("1")), &hosts()).unwrap(), Next::Follow(_)));
    let mut again = of(&["a", "b"], Some("2"));
    assert_eq!(paging.accept(&mut again, &hosts()).unwrap(), Next::Incomplete(Incomplete::Loop));
    assert!(again.items.is_empty());
}

#[test]
fn items_without_an_id_are_told_apart_by_what_they_are() {
    let unnamed = |name: &str, link: &str| {
        read(json!({"value": [{"name": name}], "@odata.nextLink": format!("https://graph.microsoft.com/v1.0/x?{link}")})).unwrap()
    };
    let mut paging = Paging::new(Limits::default());
    assert!(matches!(paging.accept(&mut unnamed("a", "1"), &hosts()).unwrap(), Next::Follow(_)));
    assert!(matches!(paging.accept(&mut unnamed("b", "2"), &hosts()).unwrap(), Next::Follow(_)));
    assert_eq!(paging.accept(&mut unnamed("b", "3"), &hosts()).unwrap(), Next::Incomplete(Incomplete::Loop));
}

#[test]
fn an_item_comes_again_only_at_another_version() {
    let mut paging = Paging::new(Limits::default());
    paging.accept(&mut of(&["a", "b"], Some("1")), &hosts()).unwrap();
    let mut second = of(&["b", "c", "a"], Some("2"));
    second.items[2].etag = "2".into();
    paging.accept(&mut second, &hosts()).unwrap();
    assert_eq!(ids(&second), ["c", "a"]);
}

#[test]
fn foreign_links_are_refused() {
    for link in ["https://evil.example/v1.0", "http://graph.microsoft.com/v1.0", "/v1.0/me", "https://u@graph.microsoft.com/"] {
        let mut page = read(json!({"value": [], "@odata.nextLink": link})).unwrap();
        let error = Paging::new(Limits::default()).accept(&mut page, &hosts()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::HostNotAllowed, "{link}");
    }
}

#[test]
fn limits_end_the_list_and_say_so() {
    let limits = Limits { items: 2, pages: 10 };
    let mut paging = Paging::new(limits);
    let mut page = of(&["a", "b", "c"], None);
    assert_eq!(paging.accept(&mut page, &hosts()).unwrap(), Next::Incomplete(Incomplete::Limit));
    assert_eq!(ids(&page), ["a", "b"]);
    assert_eq!(Paging::new(limits).accept(&mut of(&["a", "b"], None), &hosts()).unwrap(), Next::End);
    let mut paging = Paging::new(Limits { items: 100, pages: 1 });
    assert_eq!(paging.accept(&mut of(&["a"], Some("1")), &hosts()).unwrap(), Next::Incomplete(Incomplete::Limit));
}

#[test]
fn after_a_restart_the_same_pages_are_no_loop_and_show_nothing_twice() {
    let mut paging = Paging::new(Limits::default());
    paging.accept(&mut of(&["a", "b"], Some("1")), &hosts()).unwrap();
    paging.restart();
    let mut first = of(&["a", "b"], Some("1"));
    assert!(matches!(paging.accept(&mut first, &hosts()).unwrap(), Next::Follow(_)));
    assert!(first.items.is_empty());
    let mut second = of(&["c"], None);
    assert_eq!(paging.accept(&mut second, &hosts()).unwrap(), Next::End);
    assert_eq!(ids(&second), ["c"]);
}

#[test]
fn a_list_without_its_list_is_an_error_and_bad_entries_are_counted() {
    for body in [json!({}), json!({"value": null}), json!({"value": {}}), json!([]), json!(null)] {
        assert_eq!(read(body).unwrap_err().code(), ErrorCode::InvalidResponse);
    }
    let page = read(json!({"value": [null, {"id": "a"}, 5]})).unwrap();
    assert_eq!((ids(&page), page.skipped), (vec!["a"], 2));
}

#[test]
fn a_link_of_many_kilobytes_is_followed_as_it_is() {
    let token = "a".repeat(20_000);
    let Next::Follow(url) = Paging::new(Limits::default()).accept(&mut of(&["a"], Some(&token)), &hosts()).unwrap() else {
        panic!("not followed")
    };
    assert!(url.as_str().ends_with(&token));
}

proptest! {
    /// Whatever a server with few items answers, the list ends, and within the pages that its items allow for.
    #[test]
    fn every_list_ends(pages in proptest::collection::vec((proptest::collection::vec(0_u8..20, 0..5), 0_u16..2000), 1..300)) {
        let mut paging = Paging::new(Limits { items: 50, pages: 200 });
        let mut followed = 0;
        let mut shown = std::collections::HashSet::new();
        for (items, link) in pages.iter().cycle() {
            let names: Vec<String> = items.iter().map(ToString::to_string).collect();
            let mut page = of(&names.iter().map(String::as_str).collect::<Vec<_>>(), Some(&(link + followed).to_string()));
            let next = paging.accept(&mut page, &hosts()).unwrap();
            for item in page.items {
                prop_assert!(shown.insert(item.id), "shown twice");
            }
            let Next::Follow(_) = next else { break };
            followed += 1;
            prop_assert!(followed < 200);
        }
    }
}
