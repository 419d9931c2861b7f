//! Every documented pair in scope: its request is accepted, and answered by the documented status and shape.

use std::{fmt::Write, fs};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{address, directory, left_out, say, shape, state::State};

/// The whole collection has about 200; fewer mean that it was not read.
const LEAST: usize = 180;

#[tokio::test]
async fn documented_pairs_are_answered_in_the_documented_shape() {
    if !directory().exists() {
        say("skipped: no ../shared\n");
        return;
    }
    let entries = fs::read_dir(directory().join("examples")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "json") && !file.file_name().unwrap().to_str().unwrap().starts_with('_'));
    files.sort();
    assert!(files.len() >= LEAST, "the collection has {} pairs", files.len());
    let (mut replayed, mut problems, mut left) = (0, Vec::new(), String::new());
    let mut state = State::prepared().await;
    for file in files {
        let pair: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let id = pair["id"].as_str().unwrap();
        if let Some(reason) = left_out::reason(&pair) {
            writeln!(left, "left out: {id}: {reason}").unwrap();
            continue;
        }
        replayed += 1;
        let found = replay(id, &pair, &state).await;
        if State::is_spent(&pair) {
            state = State::prepared().await;
        }
        problems.extend(found.into_iter().map(|problem| format!("{id}: {problem}")));
    }
    say(&format!("{left}{replayed} documented pairs replayed\n"));
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    assert!(replayed >= LEAST, "{replayed}");
}

/// What stands in the place of a body that is not JSON: the bytes of a part, and MIME whose end the pages leave out.
fn raw_body(id: &str, pair: &Value, text: &str) -> Vec<u8> {
    if let Some(length) = pair["requestHeaders"]["Content-Length"].as_str().and_then(|length| length.parse().ok()) {
        return vec![b'x'; length];
    }
    if !id.contains("mime") {
        return text.trim().as_bytes().to_vec();
    }
    let mut encoded: String = text.split_whitespace().collect::<String>().trim_end_matches('.').to_owned();
    encoded.truncate(encoded.len() / 4 * 4);
    let mut mime = STANDARD.decode(encoded).unwrap();
    let whole_lines = mime.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    mime.truncate(whole_lines);
    if !mime.windows(4).any(|window| window == b"\nTo:") {
        mime.extend(b"To: Megan Bowen <meganb@contoso.onmicrosoft.com>\r\n");
    }
    mime.extend(b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHi, Megan.\r\n");
    STANDARD.encode(mime).into_bytes()
}

async fn replay(id: &str, pair: &Value, state: &State) -> Vec<String> {
    let path = address::of(id, pair, state).await;
    let mut headers: Vec<String> = vec!["Content-Type: application/json".to_owned()];
    headers.extend(pair["requestHeaders"].as_object().into_iter().flatten().filter_map(|(name, value)| {
        let shown = ["prefer", "consistencylevel", "content-type", "content-range", "range"].contains(&name.to_lowercase().as_str());
        shown.then(|| format!("{name}: {}", value.as_str().unwrap_or_default()))
    }));
    if headers.iter().skip(1).any(|header| header.to_lowercase().starts_with("content-type")) {
        headers.remove(0);
    }
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let body = match [&pair["requestBodyRepaired"], &pair["requestBody"]].into_iter().find(|body| !body.is_null()).unwrap_or(&Value::Null) {
        Value::Null => pair["requestBodyRaw"].as_str().map(|text| raw_body(id, pair, text)),
        body => Some(state.body(id, body).to_string().into_bytes()),
    };
    let method = pair["method"].as_str().unwrap();
    let answer = state.caller(id).send(method, &path, &headers, body).await;
    let status = left_out::status(id).unwrap_or_else(|| pair["status"].as_u64().unwrap());
    if u64::from(answer.status) != status {
        return vec![format!("{method} {path} answers {} instead of {status}: {}", answer.status, answer.body)];
    }
    let documented = [&pair["responseBody"], &pair["responseBodyRepaired"]].into_iter().find(|body| body.is_object());
    documented.map(|documented| shape::differences(id, documented, &answer.body)).unwrap_or_default()
}
