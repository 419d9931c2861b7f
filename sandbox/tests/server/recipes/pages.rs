//! What goes wrong with lists: pages, links, changes.

use serde_json::Value;

use super::{Kitchen, VIEW, ids};

fn next(page: &Value) -> String {
    page["@odata.nextLink"].as_str().unwrap_or_else(|| panic!("{page}")).to_owned()
}

#[tokio::test]
async fn links_lead_in_circles_or_back() {
    let kitchen = Kitchen::new().await;
    let good = kitchen.json(VIEW).await;
    kitchen.cook("page that leads to itself").await;
    let page = kitchen.json(VIEW).await;
    assert_eq!(ids(&kitchen.json(&next(&page)).await), ids(&good));
    assert_eq!(next(&kitchen.json(&next(&page)).await), next(&page));
    kitchen.cook("page that repeats").await;
    let page = kitchen.json(VIEW).await;
    let again = kitchen.json(&next(&page)).await;
    assert_eq!(ids(&again), ids(&good));
    assert_ne!(next(&again), next(&page));

    kitchen.cook("same item on two pages").await;
    let page = kitchen.json(VIEW).await;
    let second = kitchen.json(&next(&page)).await;
    assert_eq!(ids(&page), ids(&good));
    assert_eq!(ids(&second)[0], ids(&page)[2]);
    assert_ne!(ids(&second)[1], ids(&page)[1]);
}

#[tokio::test]
async fn links_lead_where_no_token_may_go() {
    let kitchen = Kitchen::new().await;
    let right = next(&kitchen.json(VIEW).await);
    let rest = right.strip_prefix(&kitchen.running.base_url).unwrap();
    let link = async |name: &str| {
        kitchen.cook(name).await;
        next(&kitchen.json(VIEW).await)
    };
    assert_eq!(link("next page on another host").await, format!("https://graph.example.org{rest}"));
    assert_eq!(link("next page without encryption").await, format!("http://graph.microsoft.com{rest}"));
    assert_eq!(link("next page relative").await, rest);
    let url = url::Url::parse(&link("next page behind a user name").await).unwrap();
    assert_eq!((url.host_str(), url.username()), (Some("graph.example.org"), "127.0.0.1"));
    let long = link("next page long").await;
    assert!(long.len() > 8192);
    let followed = kitchen.json(&long).await;
    assert_eq!(ids(&followed), ids(&kitchen.json(&right).await), "long, and right");
}

#[tokio::test]
async fn pages_have_odd_items() {
    let kitchen = Kitchen::new().await;
    let good = kitchen.json(VIEW).await;
    kitchen.cook("empty page, more to come").await;
    let empty = kitchen.json(VIEW).await;
    assert!(ids(&empty).is_empty());
    assert_eq!(ids(&kitchen.json(&next(&empty)).await), ids(&good), "nothing is left out");
    kitchen.cook("null among the items").await;
    let page = kitchen.json(VIEW).await;
    assert!(page["value"][0].is_null() && page["value"][1].is_object());
    kitchen.cook("no list").await;
    assert!(kitchen.json(VIEW).await.get("value").is_none());
    kitchen.cook("list is null").await;
    assert!(kitchen.json(VIEW).await["value"].is_null());
}

#[tokio::test]
async fn page_tokens_expire() {
    let kitchen = Kitchen::new().await;
    kitchen.cook("page token expired").await;
    let page = kitchen.json("/users?$top=5").await;
    let response = kitchen.get(&next(&page)).await;
    assert_eq!(response.status(), 400);
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], "Directory_ExpiredPageToken");
    assert_eq!(kitchen.get("/users?$top=5").await.status(), 200, "from the beginning it works");
}

#[tokio::test]
async fn changes_are_forgotten_repeated_or_about_nobody() {
    let kitchen = Kitchen::new().await;
    let start = VIEW.replace("?", "/delta?").replace("&$top=3", "");
    let round = async || {
        let mut page = kitchen.json(&start).await;
        while let Some(next) = page["@odata.nextLink"].as_str() {
            let next = next.to_owned();
            page = kitchen.json(&next).await;
        }
        page["@odata.deltaLink"].as_str().unwrap().to_owned()
    };
    let link = round().await;
    // The recipe acts on the second request.
    for (name, status, code) in [("changes gone", 410, "SyncStateNotFound"), ("sync state not found", 400, "syncStateNotFound")] {
        let link = round().await;
        kitchen.cook(name).await;
        kitchen.get(&start).await;
        let response = kitchen.get(&link).await;
        assert_eq!(response.status(), status);
        if status == 410 {
            let fresh = response.headers()["location"].to_str().unwrap().to_owned();
            assert_eq!(response.headers()["access-control-expose-headers"].to_str().unwrap().matches("Location").count(), 1);
            assert!(!ids(&kitchen.json(&fresh).await).is_empty(), "{fresh}");
        }
        assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], code);
    }
    assert_eq!(kitchen.get(&link).await.status(), 410, "all tokens are gone");

    let link = round().await;
    kitchen.cook("unknown item removed").await;
    let page = kitchen.json(&link).await;
    assert_eq!((ids(&page), &page["value"][0]["@removed"]["reason"]), (vec!["AAMkNobody".to_owned()], &"deleted".into()));
    let made = kitchen.send(reqwest::Method::POST, "/me/events", Some(&super::lunch("New"))).await.unwrap();
    let made: Value = made.json().await.unwrap();
    kitchen.cook("changes again").await;
    for _ in 0..2 {
        let page = kitchen.json(&link).await;
        assert_eq!((ids(&page)[0].as_str(), page["@odata.deltaLink"].as_str()), (made["id"].as_str().unwrap(), Some(link.as_str())));
    }
    kitchen.cook("item twice in a round").await;
    let page = kitchen.json(&link).await;
    assert_eq!(ids(&page), [made["id"].as_str().unwrap(); 2]);
}
