//! Accounts with conditions: organizations' rules, guests, several accounts, directories in which only administrators consent, and what
//! personal accounts lack.

use serde_json::{Value, json};

use crate::harness::*;

const SCOPE: &str = "openid profile offline_access User.Read Calendars.Read";
const SILENT: [(&str, &str); 1] = [("prompt", "none")];

/// Types an address at the sign-in page, as those do who are not offered.
async fn typed(browser: &Browser, address: &str, changes: &[(&str, &str)]) -> Page {
    let page = browser.get(&authorize(DEMO, SCOPE, changes)).await;
    let page = browser.submit(&page, &[("other", "1")]).await;
    browser.submit(&page, &[("email", address)]).await
}

async fn rule(browser: &Browser, account: &str, rule: Value) {
    let answer: Value = browser.control(&format!("/accounts/{account}"), json!({ "rule": rule })).await.json().await.unwrap();
    assert_eq!(answer, json!({ "userPrincipalName": account, "rule": rule }));
}

#[tokio::test]
async fn organizations_keep_people_out() {
    let running = start();
    for (account, number) in
        [("pattif", 50_105), ("enricoc", 50_057), ("jonis", 53_000), ("gradya", 53_001), ("henriettam", 53_002), ("miriamg", 53_003)]
    {
        let browser = Browser::new(&running);
        let page = typed(&browser, &format!("{account}@fabrikam.onmicrosoft.com"), &[]).await;
        assert!(page.location.is_none() && page.html.contains(&format!("AADSTS{number}: ")), "{account}: {}", page.html);
        // In silence nobody would see the page: the app is told.
        let page = browser.get(&authorize(DEMO, SCOPE, &SILENT)).await;
        assert!(page.answer("error_description").starts_with(&format!("AADSTS{number}: ")), "{account}");
    }
}

#[tokio::test]
async fn more_proof_is_given_on_a_page() {
    let running = start();
    for (account, number) in [("pradeepg", 50_076), ("lidiah", 50_158)] {
        let browser = Browser::new(&running);
        let page = typed(&browser, &format!("{account}@fabrikam.onmicrosoft.com"), &[]).await;
        assert_eq!(page.heading(), "Verify your identity");
        let silent = browser.get(&authorize(DEMO, SCOPE, &SILENT)).await;
        assert_eq!(silent.answer("error"), "interaction_required");
        assert!(silent.answer("error_description").starts_with(&format!("AADSTS{number}: ")));
        assert!(serde_json::from_str::<Value>(&silent.answer("claims")).unwrap()["access_token"]["capolids"].is_object());

        let page = browser.submit(&page, &[("proof", "1")]).await;
        assert_eq!(page.heading(), "Permissions requested");
        let page = browser.submit(&page, &[("decision", "accept")]).await;
        let tokens: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
        assert_eq!(browser.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.status(), 200);
        // The session remembers it.
        assert!(!browser.get(&authorize(DEMO, SCOPE, &SILENT)).await.answer("code").is_empty());
    }
}

#[tokio::test]
async fn rules_come_and_go_while_somebody_is_signed_in() {
    let running = start();
    let browser = Browser::new(&running);
    let refresh_token = browser.sign_in(ADELE, SCOPE).await["refresh_token"].as_str().unwrap().to_owned();
    rule(&browser, ADELE, json!("multiFactor")).await;
    let refused = browser.refresh(&refresh_token, &[]).await.json::<Value>().await.unwrap();
    assert_eq!((&refused["error_codes"][0], &refused["suberror"]), (&json!(50_076), &json!("basic_action")));
    assert!(refused["claims"].is_string());
    let page = browser.get(&authorize(DEMO, SCOPE, &[("claims", refused["claims"].as_str().unwrap())])).await;
    assert_eq!(page.heading(), "Verify your identity");
    let page = browser.submit(&page, &[("proof", "1")]).await;
    let renewed: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    assert_eq!(browser.refresh(renewed["refresh_token"].as_str().unwrap(), &[]).await.status(), 200);
    rule(&browser, ADELE, json!("blocked")).await;
    crate::harness::refused(browser.refresh(renewed["refresh_token"].as_str().unwrap(), &[]).await, 53_003, "invalid_grant").await;
    rule(&browser, ADELE, Value::Null).await;
    assert_eq!(browser.refresh(&refresh_token, &[]).await.status(), 200);

    assert_eq!(browser.control("/accounts/nobody@x.example", json!({ "rule": null })).await.status(), 404);
    for wrong in [json!({}), json!({ "rule": "strict" })] {
        let response = browser.control(&format!("/accounts/{ADELE}"), wrong).await;
        assert_eq!((response.status().as_u16(), response.json::<Value>().await.unwrap()["error"]["member"].clone()), (400, json!("rule")));
    }
    let read = reqwest::get(format!("{}/sandbox/accounts/miriamg@fabrikam.onmicrosoft.com", running.base_url)).await.unwrap();
    assert_eq!(read.json::<Value>().await.unwrap()["rule"], "blocked");
}

#[tokio::test]
async fn some_directories_leave_consent_to_administrators() {
    let running = start();
    let browser = Browser::new(&running);
    let page = typed(&browser, "benw@litware.onmicrosoft.com", &[]).await;
    assert_eq!(page.heading(), "Need admin approval");
    assert!(page.html.contains("AADSTS90094"));
    let office = Browser::new(&running);
    let page = typed(&office, "cameronw@litware.onmicrosoft.com", &[]).await;
    office.submit(&page, &[("decision", "accept"), ("organization", "1")]).await;
    assert!(!browser.get(&authorize(DEMO, SCOPE, &[])).await.answer("code").is_empty());
}

#[tokio::test]
async fn a_guest_signs_in_with_the_account_of_another_directory() {
    let running = start();
    let browser = Browser::new(&running);
    let (home, guest) = ("lynner@fabrikam.onmicrosoft.com", "lynner_fabrikam.onmicrosoft.com#EXT#@contoso.onmicrosoft.com");
    let page = typed(&browser, home, &[("tenant", CONTOSO), ("client_info", "1")]).await;
    let page = browser.submit(&page, &[("decision", "accept")]).await;
    let code = page.answer("code");
    let tokens: Value = browser.redeem(&code, &[("tenant", CONTOSO)]).await.json().await.unwrap();
    let id = claims(&tokens["id_token"]);
    assert_eq!((&id["tid"], &id["oid"]), (&json!(contoso(&running)), &json!(object_id(&running, guest))));
    let fabrikam = running.context().world().user(home).unwrap().tenant_id.clone();
    assert_eq!((&id["preferred_username"], &id["idp"]), (&json!(home), &json!(format!("{}/{fabrikam}/v2.0", running.base_url))));
    // MSAL's key of the account is that of its home.
    let info = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, page.answer("client_info")).unwrap();
    let info: Value = serde_json::from_slice(&info).unwrap();
    assert_eq!(info, json!({ "uid": object_id(&running, home), "utid": fabrikam }));

    let token = tokens["access_token"].as_str().unwrap();
    let me: Value = browser.graph("/me?$select=userPrincipalName,mail,userType", token).await.json().await.unwrap();
    assert_eq!((&me["userPrincipalName"], &me["mail"], &me["userType"]), (&json!(guest), &json!(home), &json!("Guest")));
    // A number sign in an address has to be escaped.
    let by_name = browser.graph(&format!("/users/{}", guest.replace('#', "%23")), token).await;
    assert_eq!(by_name.status(), 200);
    let events = browser.graph("/me/events", token).await;
    assert_eq!(events.status(), 404);
    assert_eq!(events.json::<Value>().await.unwrap()["error"]["code"], "MailboxNotEnabledForRESTAPI");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(browser.refresh(refresh, &[("tenant", CONTOSO)]).await.status(), 200);
    refused(browser.refresh(refresh, &[("tenant", "consumers")]).await, 50_020, "invalid_grant").await;
    // At home it is a member, with a mailbox; and the guest's own name is nothing to sign in with.
    let tokens = Browser::new(&running).sign_in(home, SCOPE).await;
    assert_eq!(claims(&tokens["id_token"])["tid"], json!(fabrikam));
    assert_eq!(browser.graph("/me/events", tokens["access_token"].as_str().unwrap()).await.status(), 200);
    assert!(typed(&Browser::new(&running), guest, &[("tenant", CONTOSO)]).await.html.contains("AADSTS50034"));
}

#[tokio::test]
async fn several_accounts_live_side_by_side() {
    let running = start();
    let browser = Browser::new(&running);
    let first = browser.sign_in(ADELE, SCOPE).await;
    let picker = browser.get(&authorize(DEMO, SCOPE, &[("prompt", "select_account")])).await;
    let page = browser.submit(&picker, &[("account", OUTSIDER)]).await;
    let page = browser.submit(&page, &[("decision", "accept")]).await;
    let second: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    assert_ne!(claims(&first["id_token"])["tid"], claims(&second["id_token"])["tid"]);
    for (tokens, name) in [(&first, ADELE), (&second, OUTSIDER)] {
        let renewed: Value = browser.refresh(tokens["refresh_token"].as_str().unwrap(), &[]).await.json().await.unwrap();
        assert_eq!(claims(&renewed["id_token"])["preferred_username"], name);
        let me: Value = browser.graph("/me", renewed["access_token"].as_str().unwrap()).await.json().await.unwrap();
        assert_eq!(me["userPrincipalName"], name);
        // Silence is possible for either, by hint; a hint of the directory decides as well.
        let hinted = browser.get(&authorize(DEMO, SCOPE, &[("prompt", "none"), ("login_hint", name)])).await;
        assert!(!hinted.answer("code").is_empty());
    }
    let directory = [("prompt", "none"), ("domain_hint", "fabrikam.onmicrosoft.com")];
    assert!(!browser.get(&authorize(DEMO, SCOPE, &directory)).await.answer("code").is_empty());
    // Signing one out leaves the other.
    browser.get(&format!("/common/oauth2/v2.0/logout?logout_hint={OUTSIDER}")).await;
    let silent = |name: &'static str| authorize(DEMO, SCOPE, &[("prompt", "none"), ("login_hint", name)]);
    assert_eq!(browser.get(&silent(OUTSIDER)).await.answer("error"), "login_required");
    assert!(!browser.get(&silent(ADELE)).await.answer("code").is_empty());
}

#[tokio::test]
async fn personal_accounts_lack_what_organizations_have() {
    let running = start();
    let browser = Browser::new(&running);
    let page = typed(&browser, "sandy.lane@outlook.com", &[]).await;
    let page = browser.submit(&page, &[("password", "Personal-2026")]).await;
    let page = browser.submit(&page, &[("decision", "accept")]).await;
    let tokens: Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    assert_eq!(claims(&tokens["id_token"])["tid"], "9188040d-6c67-4c5b-b112-36a304b66dad");
    let token = tokens["access_token"].as_str().unwrap();
    for path in ["/me", "/me/events", "/me/calendars"] {
        assert_eq!(browser.graph(path, token).await.status(), 200, "{path}");
    }
    let time = |day: &str| json!({ "dateTime": format!("2026-11-{day}T00:00:00"), "timeZone": "UTC" });
    let schedule = json!({ "schedules": [ADELE], "startTime": time("16"), "endTime": time("17") });
    for (path, body) in [("calendar/getSchedule", schedule), ("findMeetingTimes", json!({}))] {
        let request = reqwest::Client::new().post(format!("{}/me/{path}", running.graph_url)).bearer_auth(token).json(&body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error(), "{path}");
    }
    for path in ["/users", "/me/manager", "/me/memberOf", "/groups", "/places/microsoft.graph.room"] {
        let response = browser.graph(path, token).await;
        assert!([400, 403].contains(&response.status().as_u16()), "{path}: {}", response.status());
    }
    let calendars: Value = browser.graph("/me/calendar", token).await.json().await.unwrap();
    assert_eq!(calendars["allowedOnlineMeetingProviders"], json!([]));
    // Nor may it sign in to an application for work and school accounts.
    let page = Browser::new(&running).get(&authorize(WORK_ONLY, "openid", &[("login_hint", "sandy.lane@outlook.com")])).await;
    assert!(page.accounts().is_empty());
}
