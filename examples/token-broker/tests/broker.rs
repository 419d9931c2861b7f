//! The broker between a page and the sandbox: who gets a token, how often Entra is asked, and that the token opens one mailbox.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::PathBuf;

use convoke_sandbox::{Config, Running, Sandbox};
use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use serde_json::{Value, json};
use token_broker::{Settings, app};
use tokio::net::TcpListener;

const PASSWORD: &str = "let me in, please";
const SECRET: &str = "sandbox-secret";
const MAILBOX: &str = "adelev@contoso.onmicrosoft.com";

/// A broker on a free port, and a browser's cookie, if it has been let in.
struct Broker {
    url: String,
    http: Client,
    cookie: Option<String>,
    sandbox: Running,
}

impl Broker {
    async fn start(changes: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::start(Config { date: "2026-11-16".parse().ok(), ..Config::default() }).unwrap();
        let package = package();
        let base = sandbox.base_url.clone();
        let given = [
            ("BROKER_LISTEN", "127.0.0.1:0"),
            ("BROKER_TENANT", "contoso.onmicrosoft.com"),
            ("BROKER_CLIENT_ID", "00000000-0000-0000-0000-00000000c0d3"),
            ("BROKER_CLIENT_SECRET", SECRET),
            ("BROKER_PASSWORD", PASSWORD),
            ("BROKER_MAILBOX", MAILBOX),
            ("BROKER_AUTHORITY", base.as_str()),
            ("BROKER_GRAPH", base.as_str()),
            ("BROKER_PACKAGE", package.to_str().unwrap()),
        ];
        let find = |name: &str| changes.iter().chain(&given).find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let mut settings = Settings::from_environment(find).unwrap();
        let listener = TcpListener::bind(&settings.listen).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        settings.settle_port(port);
        let service = app(settings).unwrap();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { url: format!("http://localhost:{port}"), http, cookie: None, sandbox }
    }

    /// A request as the broker's own page sends it.
    fn post(&self, path: &str) -> RequestBuilder {
        let request =
            self.http.post(format!("{}{path}", self.url)).header(header::ORIGIN, &self.url).header("sec-fetch-site", "same-origin");
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    async fn enter(&mut self, password: &str) -> Response {
        let body = format!("password={}", password.replace(' ', "+").replace(',', "%2C"));
        let form = self.post("/login").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        let answer = form.send().await.unwrap();
        if let Some(cookie) = answer.headers().get(header::SET_COOKIE) {
            self.cookie = Some(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
        }
        answer
    }

    fn ask(&self, reason: &str) -> RequestBuilder {
        let body = json!({ "reason": reason }).to_string();
        self.post("/token").header("x-token-broker", "1").header(header::CONTENT_TYPE, "application/json").body(body)
    }

    async fn token(&self, reason: &str) -> String {
        let answer = self.ask(reason).send().await.unwrap();
        assert_eq!((answer.status(), &answer.headers()[header::CACHE_CONTROL]), (StatusCode::OK, &"no-store".parse().unwrap()));
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        body["accessToken"].as_str().unwrap().to_owned()
    }

    /// How often Entra was asked for a token.
    async fn grants(&self) -> usize {
        let log = self.http.get(format!("{}/sandbox/requests", self.sandbox.base_url)).send().await.unwrap().text().await.unwrap();
        let log: Value = serde_json::from_str(&log).unwrap();
        log.as_array().unwrap().iter().filter(|request| request["path"].as_str().unwrap().ends_with("/token")).count()
    }

    async fn control(&self, path: &str, body: Value) {
        let request = self.http.post(format!("{}/sandbox/{path}", self.sandbox.base_url)).header(header::CONTENT_TYPE, "application/json");
        assert!(request.body(body.to_string()).send().await.unwrap().status().is_success(), "{path}");
    }
}

/// A package with one file: what is in it does not matter here.
fn package() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("package");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("index.js"), "export {};").unwrap();
    std::fs::write(directory.join("README.md"), "not served").unwrap();
    directory
}

#[tokio::test]
async fn whoever_is_let_in_gets_a_token_that_opens_the_mailbox() {
    let mut broker = Broker::start(&[]).await;
    let answer = broker.enter(PASSWORD).await;
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = broker.token("needed").await;
    let events = format!("{}/v1.0/users/{MAILBOX}/events?$top=1", broker.sandbox.base_url);
    let answer = broker.http.get(events).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn nobody_else_gets_one() {
    let mut broker = Broker::start(&[]).await;
    assert_eq!(broker.ask("needed").send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(broker.enter("something else").await.headers()[header::LOCATION], "/?wrong");
    broker.enter(PASSWORD).await;
    let (own, cookie) = (broker.url.clone(), broker.cookie.clone().unwrap());
    let plain = || {
        broker
            .http
            .post(format!("{own}/token"))
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .body(r#"{"reason":"needed"}"#)
    };
    for (name, request) in [
        ("without an origin", plain().header("x-token-broker", "1")),
        ("from another origin", plain().header("x-token-broker", "1").header(header::ORIGIN, "https://evil.example")),
        ("from another port", plain().header("x-token-broker", "1").header(header::ORIGIN, "http://localhost:1")),
        ("from a sandboxed frame", plain().header("x-token-broker", "1").header(header::ORIGIN, "null")),
        ("from another site", plain().header("x-token-broker", "1").header(header::ORIGIN, &own).header("sec-fetch-site", "cross-site")),
        ("by a form", plain().header(header::ORIGIN, &own)),
    ] {
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}");
    }
    for (cookie, name) in [("token-broker=AAAA", "a made-up cookie"), ("token-broker=", "an empty cookie"), ("other=1", "another cookie")] {
        let request = broker.http.post(format!("{own}/token")).header(header::ORIGIN, &own).header("x-token-broker", "1");
        let answer = request.header(header::COOKIE, cookie).header(header::CONTENT_TYPE, "application/json").body(r#"{"reason":"needed"}"#);
        assert_eq!(answer.send().await.unwrap().status(), StatusCode::UNAUTHORIZED, "{name}");
    }
    assert_eq!(broker.http.get(format!("{own}/token")).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(broker.grants().await, 0);
    // Who leaves is out, with the old cookie too.
    assert_eq!(broker.ask("needed").send().await.unwrap().status(), StatusCode::OK);
    broker.post("/logout").send().await.unwrap();
    assert_eq!(broker.ask("needed").send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_grant_serves_all_until_it_is_nearly_over() {
    let mut broker = Broker::start(&[]).await;
    broker.enter(PASSWORD).await;
    let (first, second, third) = tokio::join!(broker.token("needed"), broker.token("needed"), broker.token("rejected"));
    assert!(first == second && second == third, "a token that is seconds old is not asked for anew");
    assert_eq!(broker.grants().await, 1);
    // One that lasts less than five minutes is given once and not kept.
    let mut short = Broker::start(&[]).await;
    short.control("switches", json!({ "accessTokenSeconds": 299 })).await;
    short.enter(PASSWORD).await;
    short.token("needed").await;
    short.token("needed").await;
    assert_eq!(short.grants().await, 2);
}

#[tokio::test]
async fn a_refusal_tells_the_page_nothing_and_guessing_is_slow() {
    let mut broker = Broker::start(&[("BROKER_CLIENT_SECRET", "not the secret")]).await;
    broker.enter(PASSWORD).await;
    let answer = broker.ask("needed").send().await.unwrap();
    assert_eq!((answer.status(), answer.text().await.unwrap().as_str()), (StatusCode::BAD_GATEWAY, ""));
    for _ in 0..10 {
        broker.enter("wrong, and again").await;
    }
    assert_eq!(broker.enter(PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn only_the_page_and_the_package_are_served_and_under_a_policy() {
    let broker = Broker::start(&[]).await;
    let get = async |path: &str| broker.http.get(format!("{}{path}", broker.url)).send().await.unwrap();
    for (path, status) in [
        ("/", StatusCode::OK),
        ("/page.js", StatusCode::OK),
        ("/convoke/index.js", StatusCode::OK),
        ("/convoke/README.md", StatusCode::NOT_FOUND),
        ("/convoke/../../Cargo.toml", StatusCode::NOT_FOUND),
        ("/convoke/%2e%2e/%2e%2e/Cargo.toml", StatusCode::NOT_FOUND),
        ("/settings", StatusCode::UNAUTHORIZED),
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains(&broker.sandbox.base_url), "{policy}");
    }
}
