//! The README's recipes: each is installed as it stands there, and what a client then sees is what its name says. Owns reading them.

mod answers;
mod batches;
mod pages;
mod sign_in;

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::{documented::table, harness::*};

/// A person who is signed in, and can install what goes wrong.
struct Kitchen {
    running: convoke_sandbox::Running,
    browser: Browser,
    token: String,
}

const SCOPE: &str = "openid profile offline_access User.Read User.ReadBasic.All Calendars.ReadWrite People.Read";
/// Three of the week's events.
const VIEW: &str = "/me/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z&$top=3";

/// The rule of this name in the README.
pub(crate) fn recipe(name: &str) -> Value {
    let rows = table("## Recipes");
    let row = rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no recipe {name:?}"));
    serde_json::from_str(row[1].trim_matches('`')).unwrap()
}

async fn install(browser: &Browser, running: &convoke_sandbox::Running, name: &str) {
    Client::new().delete(format!("{}/sandbox/faults", running.base_url)).send().await.unwrap();
    assert_eq!(browser.control("/faults", recipe(name)).await.status(), 201, "{name}");
}

impl Kitchen {
    async fn new() -> Self {
        let running = start();
        let browser = Browser::new(&running);
        let token = browser.sign_in(ADELE, SCOPE).await["access_token"].as_str().unwrap().to_owned();
        Self { running, browser, token }
    }

    /// Installs the recipe in the place of others.
    async fn cook(&self, name: &str) {
        install(&self.browser, &self.running, name).await;
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Response, reqwest::Error> {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.running.graph_url) };
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut request = client.request(method, url).header("Origin", ORIGIN).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await
    }

    async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None).await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }
}

/// The ids of a page's items.
fn ids(page: &Value) -> Vec<String> {
    page["value"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn lunch(subject: &str) -> Value {
    let time = |hour: &str| json!({ "dateTime": format!("2026-11-19T{hour}:00:00"), "timeZone": "UTC" });
    json!({ "subject": subject, "start": time("10"), "end": time("11") })
}
