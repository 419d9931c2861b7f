//! A browser that reads forms, and a client that signs in. Owns the plumbing of these tests; leaves what is expected to them.

use std::{
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use convoke_sandbox::{Config, Running, Sandbox};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

pub(crate) const DEMO: &str = "00000000-0000-0000-0000-00000000c0de";
pub(crate) const WORK_ONLY: &str = "00000000-0000-0000-0000-00000000c0d1";
pub(crate) const WEB: &str = "00000000-0000-0000-0000-00000000c0d2";
pub(crate) const BROKER: &str = "00000000-0000-0000-0000-00000000c0d3";
pub(crate) const APP: &str = "http://localhost:8080/";
pub(crate) const ORIGIN: &str = "http://localhost:8080";
pub(crate) const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0";
pub(crate) const ADELE: &str = "adelev@contoso.onmicrosoft.com";
pub(crate) const DIEGO: &str = "diegos@contoso.onmicrosoft.com";
pub(crate) const ADMIN: &str = "meganb@contoso.onmicrosoft.com";
pub(crate) const OUTSIDER: &str = "karinb@fabrikam.onmicrosoft.com";
pub(crate) const CONTOSO: &str = "contoso.onmicrosoft.com";

/// Calendars of one fixed week, so that each run sees the same.
pub(crate) fn start() -> Running {
    start_with(Config::default())
}

pub(crate) fn start_with(config: Config) -> Running {
    Sandbox::start(Config { date: "2026-11-16".parse().ok(), record: Some(RECORD.clone()), ..config }).unwrap()
}

/// What these tests ask of Graph and are answered, for `tests/wire`.
static RECORD: LazyLock<PathBuf> = LazyLock::new(|| {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorded/server.jsonl");
    // There is none at first.
    let _ = std::fs::remove_file(&file);
    file
});

/// The id of Contoso's directory.
pub(crate) fn contoso(running: &Running) -> String {
    let world = running.context().world();
    world.tenants.iter().find(|tenant| tenant.display_name == "Contoso").unwrap().id.clone()
}

pub(crate) fn object_id(running: &Running, account: &str) -> String {
    running.context().world().user(account).unwrap().id.clone()
}

/// A browser with one cookie jar, that follows no redirect by itself.
pub(crate) struct Browser {
    http: Client,
    base: String,
    cookie: Mutex<Option<String>>,
}

/// A page that the browser shows.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) html: String,
    /// Where a redirect leads.
    pub(crate) location: Option<Url>,
}

impl Browser {
    pub(crate) fn new(running: &Running) -> Self {
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, base: running.base_url.clone(), cookie: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        let mut request = self.http.get(format!("{}{path}", self.base));
        if let Some(cookie) = self.cookie.lock().unwrap().clone() {
            request = request.header(header::COOKIE, cookie);
        }
        self.page(request.send().await.unwrap()).await
    }

    /// Presses a button: posts the page's form with its hidden field and these members.
    pub(crate) async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let action = between(&page.html, "<form method=\"post\" action=\"", "\"");
        let flow = between(&page.html, "name=\"flow\" value=\"", "\"");
        let mut form = vec![("flow", flow)];
        form.extend(fields.iter().copied());
        let mut request = self.http.post(format!("{}{action}", self.base)).form(&form);
        if let Some(cookie) = self.cookie.lock().unwrap().clone() {
            request = request.header(header::COOKIE, cookie);
        }
        self.page(request.send().await.unwrap()).await
    }

    async fn page(&self, response: Response) -> Page {
        if let Some(cookie) = response.headers().get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            assert!(response.headers().get_all(header::SET_COOKIE).iter().all(|cookie| cookie.to_str().unwrap().contains("HttpOnly")));
            *self.cookie.lock().unwrap() = Some(cookie.split(';').next().unwrap().to_owned());
        }
        let location = response.headers().get(header::LOCATION).map(|location| Url::parse(location.to_str().unwrap()).unwrap());
        Page { status: response.status(), location, html: response.text().await.unwrap() }
    }

    /// Signs in and consents where it is asked; the code.
    pub(crate) async fn code(&self, client: &str, account: &str, scope: &str) -> String {
        let page = self.get(&authorize(client, scope, &[])).await;
        let page =
            if page.location.is_none() && page.heading() == "Sign in" { self.submit(&page, &[("account", account)]).await } else { page };
        let page = if page.location.is_none() { self.submit(&page, &[("decision", "accept")]).await } else { page };
        page.answer("code")
    }

    /// Signs in to the demo and redeems the code: the token response.
    pub(crate) async fn sign_in(&self, account: &str, scope: &str) -> Value {
        let code = self.code(DEMO, account, scope).await;
        let response = self.redeem(&code, &[]).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    /// Posts to the token endpoint as the demo's page would; `changes` replace or (empty) remove members.
    pub(crate) async fn redeem(&self, code: &str, changes: &[(&str, &str)]) -> Response {
        let usual =
            [("grant_type", "authorization_code"), ("client_id", DEMO), ("code", code), ("redirect_uri", APP), ("code_verifier", VERIFIER)];
        self.token(&usual, changes, Some(ORIGIN)).await
    }

    pub(crate) async fn refresh(&self, token: &str, changes: &[(&str, &str)]) -> Response {
        self.token(&[("grant_type", "refresh_token"), ("client_id", DEMO), ("refresh_token", token)], changes, Some(ORIGIN)).await
    }

    pub(crate) async fn token(&self, usual: &[(&str, &str)], changes: &[(&str, &str)], origin: Option<&str>) -> Response {
        let mut form: Vec<_> = usual.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).collect();
        form.extend(changes.iter().filter(|(name, value)| !value.is_empty() && *name != "tenant"));
        let tenant = changes.iter().find(|(name, _)| *name == "tenant").map_or("common", |(_, tenant)| tenant);
        let mut request = self.http.post(format!("{}/{tenant}/oauth2/v2.0/token", self.base)).form(&form);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        request.send().await.unwrap()
    }

    /// A Graph request with this token.
    pub(crate) async fn graph(&self, path: &str, token: &str) -> Response {
        self.http.get(format!("{}/v1.0{path}", self.base)).header(header::ORIGIN, ORIGIN).bearer_auth(token).send().await.unwrap()
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Response {
        self.http.post(format!("{}/sandbox{path}", self.base)).json(&body).send().await.unwrap()
    }

    /// The log, oldest first.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        self.http.get(format!("{}/sandbox/requests", self.base)).send().await.unwrap().json().await.unwrap()
    }
}

impl Page {
    /// A parameter of the answer that the browser carries to the app.
    pub(crate) fn answer(&self, name: &str) -> String {
        let location = self.location.as_ref().unwrap_or_else(|| panic!("no redirect but {} {}", self.status, self.html));
        let (_, value) = location.query_pairs().find(|(key, _)| key == name).unwrap_or_else(|| panic!("no {name} in {location}"));
        value.into_owned()
    }

    pub(crate) fn heading(&self) -> &str {
        between(&self.html, "<h1>", "</h1>")
    }

    /// The accounts on offer, as a screen reader names them.
    pub(crate) fn accounts(&self) -> Vec<String> {
        self.html
            .split("<span class=\"who\">")
            .skip(1)
            .map(|rest| {
                let markup = rest.split("</button>").next().unwrap();
                let text: String = markup.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }
}

/// An authorization request's path; `changes` replace, add or (empty) remove parameters.
pub(crate) fn authorize(client: &str, scope: &str, changes: &[(&str, &str)]) -> String {
    let challenge = challenge(VERIFIER);
    let usual = [
        ("client_id", client),
        ("redirect_uri", APP),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let mut parameters = url::form_urlencoded::Serializer::new(String::new());
    parameters.extend_pairs(usual.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)));
    parameters.extend_pairs(changes.iter().filter(|(name, value)| !value.is_empty() && *name != "tenant"));
    let tenant = changes.iter().find(|(name, _)| *name == "tenant").map_or("common", |(_, tenant)| tenant);
    format!("/{tenant}/oauth2/v2.0/authorize?{}", parameters.finish())
}

/// RFC 7636's S256.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// The claims of a token, unchecked.
pub(crate) fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap_or_else(|| panic!("no {before:?} in {text}")) + before.len();
    let end = text[start..].find(after).unwrap() + start;
    &text[start..end]
}

/// Asserts an error of the token endpoint by number and OAuth's word.
pub(crate) async fn refused(response: Response, number: u32, error: &str) {
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error_codes"][0], number, "{body}");
    assert_eq!(body["error"], error, "{body}");
    assert!(status.is_client_error());
    let description = body["error_description"].as_str().unwrap();
    assert!(description.starts_with(&format!("AADSTS{number}: ")) && description.contains("Trace ID: "), "{description}");
}
