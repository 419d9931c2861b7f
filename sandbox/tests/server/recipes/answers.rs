//! What goes wrong with one answer of Graph's.

use std::time::Duration;

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

use super::{Kitchen, VIEW, lunch};
use crate::harness::*;

#[tokio::test]
async fn bodies_are_no_longer_json() {
    let kitchen = Kitchen::new().await;
    let good = kitchen.get(VIEW).await.bytes().await.unwrap();
    let bytes = async |name: &str| {
        kitchen.cook(name).await;
        kitchen.get(VIEW).await.bytes().await
    };
    assert_eq!(bytes("truncated JSON").await.unwrap(), good.slice(..200));
    assert_eq!(bytes("trailing garbage").await.unwrap(), [&good[..], b"}]<!-- cached -->"].concat());
    assert_eq!(bytes("byte order mark").await.unwrap(), [&b"\xef\xbb\xbf"[..], &good].concat());
    let wide = bytes("UTF-16").await.unwrap();
    let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    assert_eq!(units[0], 0xfeff);
    assert_eq!(String::from_utf16(&units[1..]).unwrap().as_bytes(), good);
    assert_eq!(bytes("empty body").await.unwrap().len(), 0);
    assert!(bytes("captive portal").await.unwrap().starts_with(b"<html>"));
    kitchen.cook("UTF-16").await;
    assert!(kitchen.get(VIEW).await.headers()["content-type"].to_str().unwrap().ends_with("charset=utf-16"));

    kitchen.cook("broken gzip").await;
    let response = kitchen.get(VIEW).await;
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let body = response.bytes().await.unwrap();
    // RFC 1952 §2.3.1: the magic numbers, deflate; RFC 1951 §3.2.4: a stored block whose length and complement agree, and that is not all there.
    let promised = u16::from_le_bytes([body[11], body[12]]);
    assert_eq!((&body[..3], promised, body[10]), (&[0x1f, 0x8b, 8][..], !u16::from_le_bytes([body[13], body[14]]), 1));
    assert!(body.len() - 15 < usize::from(promised));
}

#[tokio::test]
async fn statuses_do_not_fit_their_bodies() {
    let kitchen = Kitchen::new().await;
    kitchen.cook("success that is an error").await;
    let response = kitchen.get(VIEW).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], "generalException");
    kitchen.cook("no content where there is some").await;
    assert_eq!(kitchen.get(VIEW).await.status(), 204);
    kitchen.cook("redirect to another host").await;
    let response = kitchen.get(VIEW).await;
    assert_eq!((response.status().as_u16(), response.headers()["location"].to_str().unwrap()), (302, "https://graph.example.org/v1.0/me"));
    assert_eq!(response.headers()["access-control-allow-origin"], "*", "a page that follows does so with its token");
}

#[tokio::test]
async fn headers_are_hidden_doubled_or_wrong() {
    let kitchen = Kitchen::new().await;
    let headers = async |name: &str| -> HeaderMap {
        kitchen.cook(name).await;
        kitchen.get(VIEW).await.headers().clone()
    };
    let hidden = headers("headers hidden from pages").await;
    assert!(hidden.contains_key("request-id") && !hidden.contains_key("access-control-expose-headers"));
    let twice = headers("back-off twice").await;
    assert_eq!(twice.get_all("retry-after").iter().collect::<Vec<_>>(), ["7", "9"]);
    assert_eq!(headers("date hours off").await["date"], "Mon, 16 Nov 2026 01:00:00 GMT");
}

#[tokio::test]
async fn answers_never_end() {
    let kitchen = Kitchen::new().await;
    let patience = Duration::from_millis(600);
    kitchen.cook("never answered").await;
    assert!(tokio::time::timeout(patience, kitchen.send(Method::GET, VIEW, None)).await.is_err());
    assert_eq!(kitchen.browser.requests().await.last().unwrap()["status"], Value::Null);
    kitchen.cook("silence in the middle").await;
    let response = kitchen.get(VIEW).await;
    assert_eq!(response.status(), 200);
    assert!(tokio::time::timeout(patience, response.bytes()).await.is_err());
    kitchen.cook("a byte a second").await;
    let mut response = kitchen.get(VIEW).await;
    let first = tokio::time::timeout(Duration::from_secs(3), response.chunk()).await.unwrap().unwrap().unwrap();
    assert_eq!(first.len(), 1);
    assert!(tokio::time::timeout(patience, response.chunk()).await.is_err());
    kitchen.cook("connection lost in the middle").await;
    assert!(kitchen.get(VIEW).await.bytes().await.is_err());
    // The mailbox is not kept busy by clients that gave up.
    kitchen.cook("never answered").await;
    for _ in 0..5 {
        assert!(tokio::time::timeout(Duration::from_millis(100), kitchen.send(Method::GET, VIEW, None)).await.is_err());
    }
    kitchen.cook("empty body").await;
    assert_eq!(kitchen.get("/me/events").await.status(), 200);
}

#[tokio::test]
async fn what_was_written_is_not_told() {
    let kitchen = Kitchen::new().await;
    let stored = async |subject: &str| {
        let url = format!("{}/sandbox/mailboxes/{ADELE}/events", kitchen.running.base_url);
        let events: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        events["value"].as_array().unwrap().iter().filter(|event| event["subject"] == subject).count()
    };
    kitchen.cook("written, answer lost").await;
    assert!(kitchen.send(Method::POST, "/me/events", Some(&lunch("Lost"))).await.is_err());
    assert_eq!(stored("Lost").await, 1);
    kitchen.cook("written, answered 504").await;
    let response = kitchen.send(Method::POST, "/me/events", Some(&lunch("Late"))).await.unwrap();
    assert_eq!((response.status().as_u16(), stored("Late").await), (504, 1));
}

#[tokio::test]
async fn a_challenge_can_be_had_by_recipe() {
    let kitchen = Kitchen::new().await;
    kitchen.cook("claims challenge").await;
    let response = kitchen.get(VIEW).await;
    assert_eq!(response.status(), 401);
    assert!(!response.headers()["www-authenticate"].to_str().unwrap().contains("claims="), "this client declared no cp1");
    kitchen.cook("sign-in revoked between pages").await;
    assert_eq!(kitchen.get(VIEW).await.status(), 200);
    assert_eq!(kitchen.get(VIEW).await.status(), 401);
}
