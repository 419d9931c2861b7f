//! The session that this program records itself: a server's, which signs in with a secret. It makes sure that something is checked, also
//! where no other test has run.

use std::fs;

use convoke_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

use crate::records;

const SERVER: &str = "00000000-0000-0000-0000-00000000c0d3";
const ADELE: &str = "users/adelev@contoso.onmicrosoft.com";

/// Asks for what a server may see, and books a meeting.
pub(crate) async fn record() {
    let file = records::directory().join("server-application.jsonl");
    // There is none at first.
    let _ = fs::remove_file(&file);
    let config = Config { date: "2026-11-16".parse().ok(), record: Some(file), ..Config::default() };
    let running = Sandbox::start(config).unwrap();
    let http = reqwest::Client::new();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", SERVER),
        ("client_secret", "sandbox-secret"),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let token = format!("{}/contoso.onmicrosoft.com/oauth2/v2.0/token", running.login_url);
    let token: Value = http.post(token).form(&form).send().await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let window = "startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z";
    for path in [
        ADELE,
        "users?$top=5&$select=id,displayName",
        &format!("{ADELE}/calendars"),
        &format!("{ADELE}/events?$top=50"),
        &format!("{ADELE}/calendarView?{window}&$top=50"),
        &format!("{ADELE}/mailboxSettings"),
        &format!("{ADELE}/events/nothing"),
    ] {
        http.get(format!("{}/{path}", running.graph_url)).bearer_auth(token).send().await.unwrap();
    }
    let event = json!({
        "subject": "Booked by a server",
        "start": { "dateTime": "2026-11-19T10:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-11-19T11:00:00", "timeZone": "UTC" },
        "attendees": [{ "type": "required", "emailAddress": { "address": "meganb@contoso.onmicrosoft.com" } }],
    });
    let made = http.post(format!("{}/{ADELE}/events", running.graph_url)).bearer_auth(token).json(&event).send().await.unwrap();
    assert_eq!(made.status(), 201);
    running.stop().await;
}
