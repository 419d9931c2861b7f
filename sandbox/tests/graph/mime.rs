//! Messages in MIME, searches by property, search folders, flags and headers.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{Graph, Session};

const MIME: &str = "From: Somebody <else@example.com>\r\nTo: Megan Bowen <meganb@contoso.onmicrosoft.com>, =?utf-8?q?J=C3=BCrgen?= <j@x.example>\r\n\
    Cc: alexw@contoso.onmicrosoft.com\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\nImportance: high\r\nX-Project: Spring\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Sch\u{f6}n</p>\r\n--b\r\n\
    Content-Type: text/plain; name=menu.txt\r\nContent-Disposition: attachment; filename=menu.txt\r\nContent-Transfer-Encoding: base64\r\n\r\nbGFtYg==\r\n--b--\r\n";

async fn post(session: &Session, path: &str) -> crate::Answer {
    session.send("POST", path, &["Content-Type: text/plain"], Some(STANDARD.encode(MIME).into_bytes())).await
}

fn path(message: &Value) -> String {
    format!("/me/messages/{}", message["id"].as_str().unwrap())
}

async fn subjects(session: &Session, path: &str) -> Vec<String> {
    session.all(path, &[]).await.iter().map(|message| message["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn messages_are_made_and_read_in_mime() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let draft = post(&adele, "/me/messages").await;
    assert_eq!((draft.status, &draft.body["isDraft"], &draft.body["subject"]), (201, &json!(true), &json!("Grüße")));
    assert_eq!(draft.body["from"]["emailAddress"]["address"], "adelev@contoso.onmicrosoft.com", "nobody writes in another's name");
    let names: Vec<&Value> = draft.body["toRecipients"].as_array().unwrap().iter().map(|to| &to["emailAddress"]["name"]).collect();
    assert_eq!(names, ["Megan Bowen", "Jürgen"]);
    assert_eq!((&draft.body["importance"], &draft.body["hasAttachments"]), (&json!("high"), &json!(true)));
    assert!(draft.body["body"]["content"].as_str().unwrap().contains("<p>Schön</p>"));
    let own = adele.get(&format!("{}?$select=internetMessageHeaders", path(&draft.body))).await;
    assert_eq!(own["internetMessageHeaders"], json!([{ "name": "X-Project", "value": "Spring" }]));

    let raw = adele.send("GET", &format!("{}/$value", path(&draft.body)), &[], None).await;
    assert_eq!((raw.status, raw.headers["content-type"].to_str().unwrap()), (200, "text/plain"));
    let text = String::from_utf8(raw.bytes).unwrap();
    assert!(text.contains("Cc: ") && text.contains("X-Project: Spring") && text.contains("menu.txt"), "{text}");
    // What was written is read as the same.
    let again = adele.send("POST", "/me/messages", &["Content-Type: text/plain"], Some(STANDARD.encode(&text).into_bytes())).await.body;
    for name in ["subject", "toRecipients", "ccRecipients", "body", "importance", "hasAttachments"] {
        assert_eq!(again[name], draft.body[name], "{name}");
    }

    assert_eq!(post(&adele, "/me/sendMail").await.status, 202);
    let received = megan.get("/me/mailFolders/inbox/messages?$top=1").await["value"][0].clone();
    assert_eq!((&received["subject"], &received["sender"]["emailAddress"]["name"]), (&json!("Grüße"), &json!("Adele Vance")));
    let reply = post(&megan, &format!("{}/createReply", path(&received))).await;
    assert_eq!((reply.status, &reply.body["conversationId"]), (201, &received["conversationId"]));
    assert_eq!(post(&megan, &format!("{}/forward", path(&received))).await.status, 202);
    let empty = adele.send("POST", "/me/messages", &["Content-Type: text/plain"], Some(Vec::new())).await;
    empty.refused(400, "ErrorMimeContentInvalid");
}

#[tokio::test]
async fn mail_is_searched_by_property() {
    let adele = Graph::new().session("adelev");
    for (subject, to, importance) in [("Vernal plan", "meganb", "high"), ("Autumnal plan", "alexw", "normal")] {
        let message = json!({ "subject": subject, "importance": importance, "body": { "contentType": "text", "content": "About flowers." },
            "toRecipients": [{ "emailAddress": { "address": format!("{to}@contoso.onmicrosoft.com") } }] });
        adele.post("/me/sendMail", &json!({ "message": message })).await;
    }
    for (search, found) in [
        ("about flowers", vec!["Autumnal plan", "Vernal plan"]),
        ("subject:vernal", vec!["Vernal plan"]),
        ("to:alexw", vec!["Autumnal plan"]),
        ("participants:meganb flowers", vec!["Vernal plan"]),
        ("body:flowers AND importance:high", vec!["Vernal plan"]),
        ("body:flowers NOT subject:autumnal", vec!["Vernal plan"]),
        ("subject:vernal OR subject:autumnal", vec!["Autumnal plan", "Vernal plan"]),
        ("body:flowers received:%3E=2026-11-16", vec!["Autumnal plan", "Vernal plan"]),
        ("body:flowers received:%3C2026-11-16", vec![]),
        ("body:flowers hasAttachments:true", vec![]),
    ] {
        assert_eq!(subjects(&adele, &format!("/me/messages?$search=\"{search}\"")).await, found, "{search}");
    }
    adele.send("GET", "/me/messages?$search=\"category:red\"", &[], None).await.refused(501, "NotImplemented");
    let both = "/me/messages?$search=\"plan\"&$filter=isRead eq true";
    adele.send("GET", both, &[], None).await.refused(400, "SearchWithFilter");
}

#[tokio::test]
async fn search_folders_show_what_lies_elsewhere() {
    let adele = Graph::new().session("adelev");
    let inbox = adele.get("/me/mailFolders/inbox").await["id"].clone();
    let search = json!({ "@odata.type": "microsoft.graph.mailSearchFolder", "displayName": "Invitations", "includeNestedFolders": false,
        "sourceFolderIds": [inbox], "filterQuery": "contains(subject, 'kick-off')" });
    let made = adele.post("/me/mailFolders", &search).await;
    assert_eq!((made.status, &made.body["isSupported"]), (201, &json!(true)));
    let messages = format!("/me/mailFolders/{}/messages", made.body["id"].as_str().unwrap());
    assert_eq!(subjects(&adele, &messages).await, ["Spring campaign kick-off"]);
    let folder = format!("/me/mailFolders/{}", made.body["id"].as_str().unwrap());
    assert_eq!(adele.patch(&folder, &json!({ "filterQuery": "contains(subject, 'nothing of the kind')" })).await.status, 200);
    assert!(subjects(&adele, &messages).await.is_empty());
    adele.patch(&folder, &json!({ "filterQuery": "contains(" })).await.refused(400, "BadRequest");
    let nowhere =
        json!({ "@odata.type": "microsoft.graph.mailSearchFolder", "displayName": "X", "sourceFolderIds": ["x"], "filterQuery": "isRead" });
    adele.post("/me/mailFolders", &nowhere).await.refused(404, "ErrorItemNotFound");
}

#[tokio::test]
async fn messages_are_flagged_and_carry_headers_of_their_own() {
    let adele = Graph::new().session("adelev");
    let message = adele.get("/me/messages?$top=1").await["value"][0].clone();
    assert_eq!(message["flag"]["flagStatus"], "notFlagged");
    let flagged = adele.patch(&path(&message), &json!({ "flag": { "flagStatus": "flagged" }, "isRead": true })).await.body;
    assert_eq!((&flagged["flag"]["flagStatus"], &flagged["isRead"]), (&json!("flagged"), &json!(true)));
    adele.patch(&path(&message), &json!({ "flag": { "flagStatus": "waving" } })).await.refused(400, "RequestBodyRead");
    let header = |name: &str| json!({ "subject": "H", "internetMessageHeaders": [{ "name": name, "value": "1" }] });
    adele.post("/me/messages", &header("Received")).await.refused(400, "InvalidInternetMessageHeader");
    let made = adele.post("/me/messages", &header("x-count")).await.body;
    assert!(made.get("internetMessageHeaders").is_none(), "only where it is selected");
}
