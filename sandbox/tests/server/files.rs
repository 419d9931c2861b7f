//! Uploads and downloads over HTTP: addresses that stand for a token, and what pages of other origins may do with them.

use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use crate::harness::*;

async fn put(url: &str, range: &str, bytes: &'static [u8]) -> Response {
    Client::new().put(url).header("Origin", ORIGIN).header("Content-Range", range).body(bytes).send().await.unwrap()
}

#[tokio::test]
async fn a_file_goes_up_in_parts_and_comes_down_without_a_token() {
    let running = start();
    let browser = Browser::new(&running);
    let token = browser.sign_in(ADELE, "openid Files.ReadWrite").await["access_token"].as_str().unwrap().to_owned();
    let root = format!("{}/me/drive/root:/parts.txt:", running.graph_url);
    let session = Client::new().post(format!("{root}/createUploadSession")).bearer_auth(&token).json(&json!({})).send().await.unwrap();
    let session: Value = session.json().await.unwrap();
    let upload = session["uploadUrl"].as_str().unwrap();
    assert!(upload.starts_with(&format!("{}/files/", running.base_url)), "{upload}");

    let first = put(upload, "bytes 0-3/9", b"four").await;
    assert_eq!((first.status().as_u16(), &first.headers()["access-control-allow-origin"]), (202, &"*".parse().unwrap()));
    assert_eq!(first.json::<Value>().await.unwrap()["nextExpectedRanges"], json!(["4-"]));
    let again = put(upload, "bytes 0-3/9", b"four").await;
    assert_eq!((again.status().as_u16(), &again.headers()["access-control-allow-origin"]), (416, &"*".parse().unwrap()));
    let last = put(upload, "bytes 4-8/9", b" more").await;
    assert_eq!(last.status(), 201);
    assert_eq!(last.json::<Value>().await.unwrap()["name"], "parts.txt");
    assert_eq!(put(upload, "bytes 0-3/9", b"four").await.status(), 404, "the session is over");

    let item: Value = Client::new().get(root.trim_end_matches(':')).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    let download = item["@microsoft.graph.downloadUrl"].as_str().unwrap();
    let part = Client::new().get(download).header("Origin", ORIGIN).header("Range", "bytes=5-8").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.headers()["content-range"].to_str().unwrap()), (206, "bytes 5-8/9"));
    assert!(part.headers()["access-control-expose-headers"].to_str().unwrap().contains("Content-Range"));
    assert_eq!(part.text().await.unwrap(), "more");
    assert!(browser.requests().await.iter().any(|entry| entry["headers"]["content-range"] == "bytes 4-8/9" && entry["status"] == 201));
}

#[tokio::test]
async fn pages_may_ask_for_parts() {
    let running = start();
    let preflight = Client::new()
        .request(Method::OPTIONS, format!("{}/files/upload/any", running.base_url))
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "content-range,range")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "content-range,range");
    for method in ["GET", "PUT", "DELETE"] {
        assert!(preflight.headers()["access-control-allow-methods"].to_str().unwrap().contains(method), "{method}");
    }
}

#[tokio::test]
async fn these_addresses_fail_on_demand_too() {
    let running = start();
    let browser = Browser::new(&running);
    let rule = json!({ "match": { "path": "/files/**", "times": 1 }, "act": { "status": 503, "headers": { "Retry-After": "2" } } });
    assert_eq!(browser.control("/faults", rule).await.status(), 201);
    let url = format!("{}/files/upload/any", running.base_url);
    let failed = put(&url, "bytes 0-3/9", b"four").await;
    assert_eq!((failed.status().as_u16(), failed.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    assert_eq!(failed.headers()["access-control-allow-origin"], "*");
    assert_eq!(put(&url, "bytes 0-3/9", b"four").await.status(), 404, "no such session");
}
