//! What the sandbox does not model: refused with 501 and its name, never answered with something made up.

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::harness::*;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE];

#[tokio::test]
async fn outside_of_graph_it_is_refused_by_name() {
    let running = start();
    for path in ["/beta/me", "/favicon.ico", "/common/oauth2/v2.0/devicecode", "/sandbox/nothing", "/files/nothing", "/v2.0/me"] {
        for method in METHODS {
            let response = Client::new().request(method.clone(), format!("{}{path}", running.base_url)).send().await.unwrap();
            assert_eq!(response.status(), 501, "{method} {path}");
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["error"]["code"], "NotImplemented");
            assert_eq!(body["error"]["message"], format!("The sandbox does not model {method} {path}."));
        }
    }
}

/// Parts of Graph that are left out altogether, and unknown names at every place where a name can stand. `{event}` and the like are ids
/// of things that are there.
const NOWHERE: [&str; 24] = [
    "/$metadata",
    "/communications/calls",
    "/me/onenote/notebooks",
    "/me/presence",
    "/me/todo/lists",
    "/me/joinedTeams",
    "/search/query",
    "/subscriptions",
    "/teams/1/channels",
    "/nothing",
    "/me/nothing",
    "/me/calendar/nothing",
    "/me/calendar/events/{event}/nothing",
    "/me/calendars/{calendar}/nothing",
    "/me/calendarView/nothing",
    "/me/events/{event}/nothing",
    "/me/events/{event}/attachments/nothing/nothing",
    "/me/messages/{message}/nothing",
    "/me/mailFolders/inbox/nothing",
    "/me/contacts/{contact}/nothing",
    "/me/outlook/nothing",
    "/me/drive/root/nothing",
    "/users/adelev@contoso.onmicrosoft.com/nothing",
    "/users/adelev@contoso.onmicrosoft.com/events/{event}/nothing",
];

/// Where the sandbox has a more particular answer for some methods: that a thing is missing, that a permission is, or that it does not
/// model any change to things of this kind.
const REFUSED: [&str; 7] = [
    "/groups/{group}/nothing",
    "/me/calendarGroups/nothing/nothing",
    "/me/drive/nothing",
    "/me/mailboxSettings/nothing",
    "/me/people/nothing/nothing",
    "/me/photo/nothing",
    "/places/nothing/nothing/nothing",
];

#[tokio::test]
async fn inside_of_graph_it_is_refused_by_name() {
    let running = start();
    let browser = Browser::new(&running);
    let scope =
        "openid Calendars.ReadWrite Mail.ReadWrite Contacts.ReadWrite Files.ReadWrite User.Read People.Read MailboxSettings.ReadWrite";
    let token = browser.sign_in(ADELE, scope).await["access_token"].as_str().unwrap().to_owned();
    let first = async |path: &str| {
        let list: Value = browser.graph(path, &token).await.json().await.unwrap();
        list["value"][0]["id"].as_str().unwrap_or_else(|| panic!("{path}: {list}")).to_owned()
    };
    let mut ids = Vec::new();
    for (name, list) in [
        ("{event}", "/me/events"),
        ("{calendar}", "/me/calendars"),
        ("{message}", "/me/messages"),
        ("{contact}", "/me/contacts"),
        ("{group}", "/me/memberOf"),
    ] {
        ids.push((name, first(list).await));
    }
    for template in NOWHERE.iter().chain(&REFUSED) {
        let path = ids.iter().fold((*template).to_owned(), |path, (name, id)| path.replace(name, id));
        for method in METHODS {
            let request = Client::new().request(method.clone(), format!("{}{path}", running.graph_url)).bearer_auth(&token);
            let response = request.json(&json!({})).send().await.unwrap();
            let status = response.status().as_u16();
            let body: Value = response.json().await.unwrap_or_else(|_| panic!("{method} {template}: {status} without JSON"));
            let message = body["error"]["message"].as_str().unwrap_or_else(|| panic!("{method} {template}: {status} {body}"));
            if NOWHERE.contains(template) {
                assert_eq!((status, message), (501, format!("The sandbox does not model {method} {path}.").as_str()), "{template}");
            } else {
                assert!([403, 404, 405, 501].contains(&status), "{method} {template}: {status} {message}");
            }
        }
    }
}
