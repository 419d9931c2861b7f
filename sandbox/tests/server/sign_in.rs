//! Signing in by the pages, as a person would.

use serde_json::json;

use crate::harness::*;

const SCOPE: &str = "openid profile offline_access User.Read Calendars.Read";

#[tokio::test]
async fn a_person_signs_in_consents_and_returns() {
    let running = start();
    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    assert_eq!((page.status.as_u16(), page.heading()), (200, "Sign in"));
    assert_eq!(page.accounts()[0], "Adele Vance adelev@contoso.onmicrosoft.com");
    assert_eq!(page.accounts().len(), 11, "eight of Contoso, two of Fabrikam, the personal one");
    assert!(page.html.contains(">Use another account</button>"));

    let page = browser.submit(&page, &[("account", ADELE)]).await;
    assert_eq!(page.heading(), "Permissions requested");
    for text in ["Convoke demo", "Read your calendars", "Calendars.Read", ">Cancel</button>", ">Accept</button>"] {
        assert!(page.html.contains(text), "{text} in {}", page.html);
    }
    assert!(!page.html.contains("on behalf of your organization"), "Adele is no administrator");

    let page = browser.submit(&page, &[("decision", "accept")]).await;
    assert_eq!(page.status, 302);
    assert!(page.location.as_ref().unwrap().as_str().starts_with("http://localhost:8080/?"));
    assert_eq!(page.answer("state"), "the state");

    // The session and the consent are remembered: nobody is asked a second time.
    let again = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    assert_ne!(again.answer("code"), page.answer("code"));
    // Not by another browser, though there the consent holds.
    let other = Browser::new(&running);
    let page = other.get(&authorize(DEMO, SCOPE, &[])).await;
    assert_eq!(other.submit(&page, &[("account", ADELE)]).await.status, 302);
}

#[tokio::test]
async fn a_password_is_asked_of_those_who_have_one() {
    let running = start();
    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    let page = browser.submit(&page, &[("other", "1")]).await;
    assert!(page.html.contains("<label for=\"email\">Email</label>") && page.html.contains(">Next</button>"));
    let unknown = browser.submit(&page, &[("email", "nobody@contoso.onmicrosoft.com")]).await;
    assert!(unknown.html.contains("AADSTS50034"), "{}", unknown.html);

    let page = browser.submit(&unknown, &[("email", " DiegoS@contoso.onmicrosoft.com ")]).await;
    assert_eq!(page.heading(), "Enter password");
    assert!(page.html.contains("<label for=\"password\">Password</label>"));
    let wrong = browser.submit(&page, &[("password", "wrong")]).await;
    assert_eq!(wrong.heading(), "Enter password");
    assert!(wrong.html.contains("AADSTS50126"));
    let page = browser.submit(&wrong, &[("password", "Contoso-2026")]).await;
    assert_eq!(page.heading(), "Permissions requested");

    // Consent cannot be given in the place of the password.
    let stranger = Browser::new(&running);
    let page = stranger.get(&authorize(DEMO, SCOPE, &[])).await;
    let page = stranger.submit(&page, &[("account", DIEGO)]).await;
    let flow = between(&page.html, "name=\"flow\" value=\"", "\"").to_owned();
    let forged = Page {
        status: page.status,
        html: format!("<form method=\"post\" action=\"/common/consent\"><input name=\"flow\" value=\"{flow}\">"),
        location: None,
    };
    let answer = stranger.submit(&forged, &[("decision", "accept")]).await;
    assert_eq!((answer.status.as_u16(), answer.location), (400, None));
}

#[tokio::test]
async fn declining_is_told_to_the_app() {
    let running = start();
    let browser = Browser::new(&running);
    let page = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    let page = browser.submit(&page, &[("account", ADELE)]).await;
    let page = browser.submit(&page, &[("decision", "cancel")]).await;
    assert_eq!(page.answer("error"), "access_denied");
    assert!(page.answer("error_description").starts_with("AADSTS65004: "));
    assert_eq!(page.answer("state"), "the state");
    // Nothing was granted by it.
    let page = browser.get(&authorize(DEMO, SCOPE, &[])).await;
    assert_eq!(page.heading(), "Permissions requested");
}

#[tokio::test]
async fn prompts_decide_whether_somebody_is_asked() {
    let running = start();
    let browser = Browser::new(&running);
    let silent = [("prompt", "none")];
    let page = browser.get(&authorize(DEMO, SCOPE, &silent)).await;
    assert_eq!(page.answer("error"), "login_required");
    assert!(page.answer("error_description").starts_with("AADSTS50058: "));

    browser.code(DEMO, ADELE, "openid User.Read").await;
    assert!(!browser.get(&authorize(DEMO, "openid User.Read", &silent)).await.answer("code").is_empty());
    let page = browser.get(&authorize(DEMO, "openid Mail.Read", &silent)).await;
    assert_eq!(page.answer("error"), "consent_required");
    assert!(page.answer("error_description").starts_with("AADSTS65001: "));

    assert_eq!(browser.get(&authorize(DEMO, "openid", &[("prompt", "login")])).await.heading(), "Sign in");
    let picker = browser.get(&authorize(DEMO, "openid", &[("prompt", "select_account")])).await;
    assert_eq!(picker.heading(), "Sign in");
    assert_eq!(picker.html.matches(">Signed in</span>").count(), 1);
    assert_eq!(browser.get(&authorize(DEMO, "openid", &[("prompt", "consent")])).await.heading(), "Permissions requested");

    // With a second account signed in, silence is ambiguous unless a hint decides.
    browser.submit(&picker, &[("account", ADMIN)]).await;
    let page = browser.get(&authorize(DEMO, "openid User.Read", &silent)).await;
    assert!(page.answer("error_description").starts_with("AADSTS16000: "));
    let hinted = [("prompt", "none"), ("login_hint", ADELE)];
    assert!(!browser.get(&authorize(DEMO, "openid User.Read", &hinted)).await.answer("code").is_empty());
}

#[tokio::test]
async fn hints_and_tenants_narrow_the_accounts() {
    let running = start();
    let browser = Browser::new(&running);
    let offered = |tenant: &'static str, client: &'static str, hint: (&'static str, &'static str)| {
        let browser = &browser;
        async move { browser.get(&authorize(client, "openid", &[("tenant", tenant), hint])).await.accounts() }
    };
    assert_eq!(offered("organizations", DEMO, ("x", "")).await.len(), 10);
    assert_eq!(offered("common", WORK_ONLY, ("x", "")).await.len(), 10);
    assert_eq!(offered("consumers", DEMO, ("x", "")).await, ["Sandy Lane sandy.lane@outlook.com"]);
    let two = ["Rene Valdes renev@fabrikam.onmicrosoft.com", "Karin Blair karinb@fabrikam.onmicrosoft.com"];
    assert_eq!(offered("fabrikam.onmicrosoft.com", DEMO, ("x", "")).await, two);
    assert_eq!(offered(CONTOSO, DEMO, ("x", "")).await.len(), 9, "eight of its own, and a guest");
    assert_eq!(offered("common", DEMO, ("login_hint", ADMIN)).await, ["Megan Bowen meganb@contoso.onmicrosoft.com"]);
    assert_eq!(offered("common", DEMO, ("domain_hint", "consumers")).await, ["Sandy Lane sandy.lane@outlook.com"]);

    // An account of elsewhere that types its address all the same is sent back with 50020.
    let page = browser.get(&authorize(DEMO, "openid", &[("tenant", CONTOSO)])).await;
    let page = browser.submit(&page, &[("other", "1")]).await;
    let page = browser.submit(&page, &[("email", OUTSIDER)]).await;
    assert!(page.answer("error_description").starts_with("AADSTS50020: User account 'karinb@fabrikam"));
}

#[tokio::test]
async fn errors_about_the_client_stay_on_the_page() {
    let running = start();
    let browser = Browser::new(&running);
    let check = |changes: Vec<(&'static str, &'static str)>, text: &'static str| {
        let browser = &browser;
        async move {
            let page = browser.get(&authorize(DEMO, "openid", &changes)).await;
            assert!(page.location.is_none() && page.status == 400 && page.html.contains(text), "{text}: {} {}", page.status, page.html);
        }
    };
    check(vec![("redirect_uri", "http://localhost:8080/elsewhere")], "AADSTS50011").await;
    check(vec![("redirect_uri", "https://evil.example/")], "AADSTS50011").await;
    check(vec![("redirect_uri", "")], "AADSTS900144").await;
    check(vec![("client_id", "00000000-0000-0000-0000-000000000000")], "AADSTS700016").await;
    check(vec![("tenant", "nowhere.example")], "AADSTS90002").await;
    // Markup in a parameter stays text.
    check(vec![("redirect_uri", "http://x/<script>")], "&lt;script&gt;").await;
}

#[tokio::test]
async fn errors_about_the_request_are_sent_back() {
    let running = start();
    let browser = Browser::new(&running);
    let check = |changes: Vec<(&'static str, &'static str)>, error: &'static str, number: u32| {
        let browser = &browser;
        async move {
            let page = browser.get(&authorize(DEMO, "openid", &changes)).await;
            assert_eq!(page.answer("error"), error);
            assert!(page.answer("error_description").starts_with(&format!("AADSTS{number}: ")), "{number}");
        }
    };
    check(vec![("response_type", "token")], "unsupported_response_type", 700_051).await;
    check(vec![("response_type", "id_token")], "unsupported_response_type", 700_051).await;
    check(vec![("code_challenge", "")], "invalid_request", 9_002_325).await;
    check(vec![("code_challenge_method", "plain")], "invalid_request", 50_147).await;
    check(vec![("code_challenge_method", "")], "invalid_request", 50_147).await;
    check(vec![("code_challenge", "short")], "invalid_request", 501_491).await;
    check(vec![("scope", "openid Calender.Read")], "invalid_client", 650_053).await;
    check(vec![("scope", "")], "invalid_request", 900_144).await;
    check(vec![("scope", "api://mine/access")], "invalid_resource", 500_011).await;
    check(vec![("response_mode", "web_message")], "invalid_request", 70_007).await;
    check(vec![("prompt", "nun")], "invalid_request", 90_023).await;
}

#[tokio::test]
async fn answers_come_in_the_mode_asked_for() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, "openid").await;
    let page = browser.get(&authorize(DEMO, "openid", &[("response_mode", "fragment")])).await;
    let location = page.location.unwrap();
    assert!(location.query().is_none() && location.fragment().unwrap().starts_with("code="), "{location}");
    assert!(location.fragment().unwrap().contains("&state=the+state"));

    let page = browser.get(&authorize(DEMO, "openid", &[("response_mode", "form_post"), ("state", "\"><script>")])).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("<form method=\"post\" action=\"http://localhost:8080/\">"));
    assert!(page.html.contains("name=\"code\" value=\"") && page.html.contains("name=\"state\" value=\"&quot;&gt;&lt;script&gt;\""));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let running = start();
    let browser = Browser::new(&running);
    let tokens = browser.sign_in(ADELE, "openid").await;
    let picker = browser.get(&authorize(DEMO, "openid", &[("prompt", "select_account")])).await;
    let consent = browser.submit(&picker, &[("account", ADMIN)]).await;
    browser.submit(&consent, &[("decision", "accept")]).await;

    // With a hint, one account goes and the other stays.
    let hint = tokens["id_token"].as_str().unwrap();
    let page = browser
        .get(&format!("/common/oauth2/v2.0/logout?id_token_hint={hint}&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8080%2F&state=s"))
        .await;
    assert_eq!(page.location.unwrap().as_str(), "http://localhost:8080/?state=s");
    let silent = |account: &'static str| authorize(DEMO, "openid", &[("prompt", "none"), ("login_hint", account)]);
    assert_eq!(browser.get(&silent(ADELE)).await.answer("error"), "login_required");
    assert!(!browser.get(&silent(ADMIN)).await.answer("code").is_empty());

    let page = browser.get("/common/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F").await;
    assert_eq!((page.status.as_u16(), page.location.as_ref()), (200, None));
    assert_eq!(browser.get(&silent(ADMIN)).await.answer("error"), "login_required");
}

#[tokio::test]
async fn errors_can_be_had_on_demand() {
    let running = start();
    let browser = Browser::new(&running);
    browser.code(DEMO, ADELE, "openid").await;
    let rule = |number: u32| json!({ "match": { "path": "/*/oauth2/v2.0/authorize", "account": ADELE, "times": 1 }, "act": { "entraError": number } });
    for (number, error) in [(50_076, "interaction_required"), (53_004, "interaction_required"), (65_001, "interaction_required")] {
        assert_eq!(browser.control("/faults", rule(number)).await.status(), 201);
        let page = browser.get(&authorize(DEMO, "openid", &[])).await;
        assert_eq!(page.answer("error"), error);
        assert!(page.answer("error_description").starts_with(&format!("AADSTS{number}: ")));
    }
    for number in [50_105, 53_003, 90_094] {
        browser.control("/faults", rule(number)).await;
        let page = browser.get(&authorize(DEMO, "openid", &[])).await;
        assert!(page.location.is_none() && page.html.contains(&format!("AADSTS{number}: ")), "{number}");
    }
    // Each rule acted once, so now all is well.
    assert!(!browser.get(&authorize(DEMO, "openid", &[])).await.answer("code").is_empty());
}
