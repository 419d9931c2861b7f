//! Who may allow what: people, administrators, organizations.

use serde_json::json;

use crate::harness::*;

const ROOMS: &str = "openid User.Read Place.Read.All";

#[tokio::test]
async fn some_permissions_take_an_administrator() {
    let running = start();
    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, ROOMS, &[])).await;
    let page = browser.submit(&page, &[("account", ADELE)]).await;
    assert_eq!((page.status.as_u16(), page.heading()), (403, "Need admin approval"));
    assert!(page.html.contains("AADSTS90094") && page.location.is_none());
    // Accepting all the same changes nothing.
    let forced = browser.submit(&page, &[("decision", "accept")]).await;
    assert!(forced.location.is_none() && forced.html.contains("AADSTS90094"));

    let office = Browser::new(&running);
    let page = office.get(&authorize(DEMO, ROOMS, &[])).await;
    let page = office.submit(&page, &[("account", ADMIN)]).await;
    assert!(page.html.contains("Consent on behalf of your organization"));
    let page = office.submit(&page, &[("decision", "accept"), ("organization", "1")]).await;
    assert!(!page.answer("code").is_empty());

    // What the administrator allowed for everybody, Adele is not asked about; Fabrikam's people still are.
    assert!(!browser.get(&authorize(DEMO, ROOMS, &[])).await.answer("code").is_empty());
    let fabrikam = Browser::new(&running);
    let page = fabrikam.get(&authorize(DEMO, ROOMS, &[])).await;
    assert_eq!(fabrikam.submit(&page, &[("account", OUTSIDER)]).await.heading(), "Need admin approval");
}

#[tokio::test]
async fn returning_without_approval_is_declining() {
    let running = start();
    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, ROOMS, &[])).await;
    let page = browser.submit(&page, &[("account", ADELE)]).await;
    let page = browser.submit(&page, &[("decision", "cancel")]).await;
    assert_eq!(page.answer("error"), "access_denied");
}

#[tokio::test]
async fn an_organization_can_forbid_that_people_consent() {
    let running = start();
    let browser = Browser::new(&running);
    assert_eq!(browser.control("/switches", json!({ "userConsent": false })).await.status(), 200);
    let page = browser.get(&authorize(DEMO, "openid User.Read", &[])).await;
    assert_eq!(browser.submit(&page, &[("account", ADELE)]).await.heading(), "Need admin approval");
}

#[tokio::test]
async fn consent_is_incremental_and_tokens_carry_all_of_it() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, "openid User.Read").await;
    let page = browser.get(&authorize(DEMO, "openid Calendars.Read", &[])).await;
    assert_eq!(page.heading(), "Permissions requested");
    assert!(page.html.contains("Calendars.Read") && !page.html.contains("User.Read"), "only what is new is listed");
    let page = browser.submit(&page, &[("decision", "accept")]).await;
    let body: serde_json::Value = browser.redeem(&page.answer("code"), &[]).await.json().await.unwrap();
    assert_eq!(body["scope"], "openid Calendars.Read User.Read");
    assert_eq!(claims(&body["access_token"])["scp"], body["scope"]);
}

#[tokio::test]
async fn administrators_can_be_sent_a_link() {
    let running = start();
    let link = |account: &'static str, decision: &'static str| {
        let browser = Browser::new(&running);
        async move {
            let path = format!(
                "/organizations/v2.0/adminconsent?client_id={DEMO}&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F&state=s&scope=Place.Read.All"
            );
            let page = browser.get(&path).await;
            let page = browser.submit(&page, &[("account", account)]).await;
            if page.html.contains("name=\"flow\"") { browser.submit(&page, &[("decision", decision)]).await } else { page }
        }
    };
    assert!(link(ADELE, "accept").await.html.contains("AADSTS90094"));
    assert_eq!(link(ADMIN, "cancel").await.answer("error"), "access_denied");
    let page = link(ADMIN, "accept").await;
    assert_eq!((page.answer("admin_consent"), page.answer("tenant"), page.answer("state")), ("True".into(), contoso(&running), "s".into()));

    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, "Place.Read.All", &[])).await;
    assert!(!browser.submit(&page, &[("account", ADELE)]).await.answer("code").is_empty());
}
