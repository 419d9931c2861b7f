//! Files: paths, contents, uploads in parts, downloads without a token.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use convoke_sandbox::graph;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{BASE, Graph};

/// A request without a token.
async fn bare(sandbox: &Graph, method: &str, url: &str, range: Option<(&str, &str)>, body: Vec<u8>) -> (u16, Vec<u8>) {
    let router = Router::new().nest("/files", graph::file_router()).with_state(sandbox.context.clone());
    let mut request = Request::builder().method(method).uri(url.strip_prefix(BASE).unwrap());
    if let Some((name, value)) = range {
        request = request.header(name, value);
    }
    let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let status = response.status().as_u16();
    (status, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn files_are_found_by_path_and_read_without_a_token() {
    let sandbox = Graph::new();
    let adele = sandbox.session("adelev");
    let drive = adele.get("/me/drive").await;
    assert_eq!(drive["driveType"], "business");
    let children = adele.get("/me/drive/root/children").await;
    let names: Vec<&str> = children["value"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Attachments", "Documents", "Notes.txt"]);
    let agenda = adele.get("/me/drive/root:/documents/Agenda.txt").await;
    assert_eq!(agenda["parentReference"]["path"], "/drive/root:/Documents");
    let same = adele.get(&format!("/drives/{}/items/{}", drive["id"].as_str().unwrap(), agenda["id"].as_str().unwrap())).await;
    assert_eq!(same["eTag"], agenda["eTag"]);
    let found = adele.get("/me/drive/root/search(q='agenda')").await;
    assert_eq!(found["value"][0]["id"], agenda["id"]);
    let url = agenda["@microsoft.graph.downloadUrl"].as_str().unwrap();
    assert_eq!(bare(&sandbox, "GET", url, None, Vec::new()).await, (200, b"1. Welcome\n2. Numbers\n3. Next steps\n".to_vec()));
    assert_eq!(bare(&sandbox, "GET", url, Some(("Range", "bytes=3-9")), Vec::new()).await, (206, b"Welcome".to_vec()));
    assert_eq!(bare(&sandbox, "GET", &format!("{url}x"), None, Vec::new()).await.0, 401);
    let content = adele.send("GET", "/me/drive/root:/Documents/Agenda.txt:/content", &[], None).await;
    assert_eq!((content.status, content.headers["location"].to_str().unwrap().starts_with(BASE)), (302, true));
    let etag = format!("If-None-Match: {}", agenda["eTag"].as_str().unwrap());
    assert_eq!(adele.send("GET", "/me/drive/root:/Documents/Agenda.txt", &[&etag], None).await.status, 304);
    adele.send("GET", "/me/drive/root:/Documents/None.txt", &[], None).await.refused(404, "itemNotFound");
    let later = "2026-11-17T06:00:00Z".parse().unwrap();
    sandbox.context.clock.set(later);
    assert_eq!(bare(&sandbox, "GET", url, None, Vec::new()).await.0, 401, "the address expires");
}

#[tokio::test]
async fn files_are_written_whole_and_in_parts() {
    let sandbox = Graph::new();
    let adele = sandbox.session("adelev");
    let put = |path: &'static str, bytes: &'static [u8]| {
        let adele = adele.clone();
        async move { adele.send("PUT", path, &["Content-Type: text/plain"], Some(bytes.to_vec())).await }
    };
    let made = put("/me/drive/root:/Documents/New%20note.txt:/content", b"one").await;
    assert_eq!((made.status, &made.body["name"], &made.body["size"]), (201, &json!("New note.txt"), &json!(3)));
    let again = put("/me/drive/root:/Documents/New%20note.txt:/content", b"three").await;
    assert_eq!((again.status, &again.body["id"], &again.body["size"]), (200, &made.body["id"], &json!(5)));
    let stale = format!("If-Match: {}", made.body["eTag"].as_str().unwrap());
    let path = format!("/me/drive/items/{}", made.body["id"].as_str().unwrap());
    adele.send("DELETE", &path, &[&stale], None).await.refused(412, "resourceModified");
    let folder = json!({ "name": "Documents", "folder": {}, "@microsoft.graph.conflictBehavior": "rename" });
    assert_eq!(adele.post("/me/drive/root/children", &folder).await.body["name"], "Documents 1");
    let session = json!({ "item": { "@microsoft.graph.conflictBehavior": "fail" } });
    adele.post("/me/drive/root:/Documents/Agenda.txt:/createUploadSession", &session).await.refused(409, "nameAlreadyExists");
    let session = adele.post("/me/drive/root:/big.bin:/createUploadSession", &session).await;
    assert_eq!((session.status, &session.body["nextExpectedRanges"]), (200, &json!(["0-"])));
    let url = session.body["uploadUrl"].as_str().unwrap();
    let part = |range: &'static str, bytes: &'static [u8]| bare(&sandbox, "PUT", url, Some(("Content-Range", range)), bytes.to_vec());
    let (status, body) = part("bytes 0-3/7", b"abcd").await;
    assert_eq!((status, serde_json::from_slice::<Value>(&body).unwrap()["nextExpectedRanges"].clone()), (202, json!(["4-"])));
    assert_eq!(part("bytes 0-3/7", b"abcd").await.0, 416, "a part that is there already");
    assert_eq!(part("bytes 4-7/7", b"efg").await.0, 400);
    let (status, body) = part("bytes 4-6/7", b"efg").await;
    let file: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &file["name"], &file["size"]), (201, &json!("big.bin"), &json!(7)));
    assert_eq!(bare(&sandbox, "GET", url, None, Vec::new()).await.0, 404, "the session is over");
    let read = sandbox.session_with("adelev", "Files.Read");
    read.send("DELETE", &path, &[], None).await.refused(403, "accessDenied");
    assert_eq!(adele.delete(&path).await.status, 204);
    let delta = adele.get("/me/drive/root/delta").await;
    let found = delta["value"].as_array().unwrap().iter().find(|item| item["name"] == "big.bin");
    assert!(found.is_some() && delta["@odata.deltaLink"].is_string());
}
