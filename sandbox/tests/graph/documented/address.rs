//! A documented address with the ids of what is really there. Owns their replacement by what they name.

use serde_json::Value;

use super::state::State;

/// The path and query to send, below `/v1.0`.
pub(super) async fn of(id: &str, pair: &Value, state: &State) -> String {
    if let Some(address) = state.given_address(id).await {
        return address;
    }
    let url = pair["url"].as_str().unwrap();
    let path = url.trim_start_matches("https://graph.microsoft.com").trim_start_matches("/v1.0");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = path
        .trim_end_matches('/')
        .replace("root:/{item-path}", "root:/Documents/New.bin")
        .replace("{path-relative-to-root}", "Documents")
        .replace("{thumb-id}/{size}", "0/medium")
        .replace(' ', "%20");
    let mut segments: Vec<String> = Vec::new();
    let mut before = String::new();
    for segment in path.split('/') {
        let replaced = if before.is_empty() || segment.starts_with('$') || segment == "delta" { None } else { state.id(id, &before) };
        segments.push(match replaced {
            Some(known) if !segment.starts_with("microsoft.graph.") => known.replace('=', "%3D"),
            _ if segment.starts_with("users('") => "users('meganb@contoso.onmicrosoft.com')".to_owned(),
            _ => segment.to_owned(),
        });
        before = segment.to_lowercase();
    }
    let path = segments.join("/");
    if query.starts_with("$skiptoken") || query.starts_with("$deltatoken") {
        return continued(&path, query.starts_with("$deltatoken"), state).await;
    }
    let query = query
        .replace("{start_datetime}", "2026-11-16T00:00:00Z")
        .replace("{end_datetime}", "2026-11-23T00:00:00Z")
        .replace("Lorrie Frye", "Megan Bowen")
        .replace("Irene McGowen", "Megan Bowen")
        .replace("displayName:Video", "displayName:Sales")
        .replace("displayName:tier", "displayName:Sales")
        .replace("displayName:Pr", "displayName:Me")
        .replace("startswith(displayName, 'A')", "startswith(displayName, 'S')")
        // Nobody is in a group whose name begins so; people's names do.
        .replace("$orderby=displayName&$filter=startswith(displayName, 'a')", "$orderby=displayName&$filter=startswith(displayName, 's')")
        .replace("$filter=startswith(displayName, 'a')", "$filter=startswith(displayName, 's')")
        .replace('#', "%23");
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// A token as the sandbox gives it: after the first page, or after the last one.
async fn continued(path: &str, to_the_end: bool, state: &State) -> String {
    let mut next = path.to_owned();
    loop {
        let answer = state.adele.send("GET", &next, &["Prefer: odata.maxpagesize=2"], None).await;
        assert_eq!(answer.status, 200, "{next}: {}", answer.body);
        let link = answer.body["@odata.nextLink"].as_str().or_else(|| answer.body["@odata.deltaLink"].as_str()).unwrap().to_owned();
        if !to_the_end || answer.body["@odata.deltaLink"].is_string() {
            return link;
        }
        next = link;
    }
}
