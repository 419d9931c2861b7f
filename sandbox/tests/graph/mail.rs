//! Mail, and meetings as mail.

use serde_json::{Value, json};

use crate::{Graph, event_path, meeting};

fn mail(subject: &str, to: &str) -> Value {
    json!({ "subject": subject, "body": { "contentType": "Text", "content": "Hello" }, "toRecipients": [{ "emailAddress": { "address": to } }] })
}

fn path(message: &Value) -> String {
    format!("/me/messages/{}", message["id"].as_str().unwrap())
}

#[tokio::test]
async fn mail_is_sent_answered_and_moved() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let sent = adele.post("/me/sendMail", &json!({ "Message": mail("Plans", "meganb@contoso.onmicrosoft.com") })).await;
    assert_eq!((sent.status, sent.bytes.len()), (202, 0));
    let plans = |list: Value| list["value"].as_array().unwrap().iter().find(|message| message["subject"] == "Plans").cloned();
    let received = plans(megan.get("/me/mailFolders/Inbox/messages").await).unwrap();
    assert_eq!((&received["from"]["emailAddress"]["name"], &received["isRead"]), (&json!("Adele Vance"), &json!(false)));
    assert!(plans(adele.get("/me/mailFolders/SentItems/messages").await).is_some());
    assert!(plans(adele.get("/me/messages?$search=\"plans\"").await).is_some());
    let reply = json!({ "comment": "Yes", "message": { "body": { "contentType": "text", "content": "No" } } });
    megan.post(&format!("{}/reply", path(&received)), &reply).await.refused(400, "ErrorInvalidRequest");
    assert_eq!(megan.post(&format!("{}/reply", path(&received)), &json!({ "comment": "Yes" })).await.status, 202);
    let answer = adele.get("/me/messages?$top=1").await["value"][0].clone();
    assert_eq!((&answer["subject"], &answer["conversationId"]), (&json!("RE: Plans"), &received["conversationId"]));
    let immutable = megan.send("GET", &path(&received), &["Prefer: IdType=\"ImmutableId\""], None).await.body;
    let moved = megan.post(&format!("{}/move", path(&received)), &json!({ "destinationId": "archive" })).await;
    assert_eq!(moved.status, 201);
    assert_ne!(moved.body["id"], received["id"]);
    megan.send("GET", &path(&received), &[], None).await.refused(404, "ErrorItemNotFound");
    assert_eq!(megan.get(&path(&immutable)).await["id"], moved.body["id"], "the immutable id has not changed");
    let ids = json!({ "inputIds": [moved.body["id"]], "sourceIdType": "restId", "targetIdType": "restImmutableEntryId" });
    let translated = megan.post("/me/translateExchangeIds", &ids).await;
    assert_eq!(translated.body["value"][0]["targetId"], immutable["id"]);
    let text = adele.send("GET", &path(&answer), &["Prefer: outlook.body-content-type=\"text\""], None).await;
    assert!(text.body["body"]["content"].as_str().unwrap().starts_with("Yes"));
    let bad = adele.send("POST", "/me/sendMail", &["Content-Type: text/plain"], Some(b"!!".to_vec())).await;
    bad.refused(400, "ErrorMimeContentInvalidBase64String");
    let complex = "/me/messages?$filter=isRead eq false&$orderby=receivedDateTime desc";
    adele.send("GET", complex, &[], None).await.refused(400, "InefficientFilter");
    let simple = "/me/messages?$filter=receivedDateTime ge 2026-01-01T00:00:00Z and isRead eq false&$orderby=receivedDateTime desc";
    assert!(!adele.get(simple).await["value"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn drafts_are_written_then_sent() {
    let graph = Graph::new();
    let (adele, alex) = (graph.session("adelev"), graph.session("alexw"));
    let draft = adele.post("/me/messages", &mail("Draft", "alexw@contoso.onmicrosoft.com")).await;
    assert_eq!((draft.status, &draft.body["isDraft"]), (201, &json!(true)));
    let file =
        json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentType": "text/plain", "contentBytes": "aGk=" });
    assert_eq!(adele.post(&format!("{}/attachments", path(&draft.body)), &file).await.status, 201);
    assert_eq!(adele.patch(&path(&draft.body), &json!({ "subject": "Ready" })).await.status, 200);
    assert_eq!(adele.post(&format!("{}/send", path(&draft.body)), &json!({})).await.status, 202);
    let received = alex.get("/me/messages?$top=1&$expand=attachments").await["value"][0].clone();
    assert_eq!((&received["subject"], &received["hasAttachments"]), (&json!("Ready"), &json!(true)));
    assert_eq!(received["attachments"][0]["contentBytes"], "aGk=");
    alex.patch(&path(&received), &json!({ "subject": "Mine" })).await.refused(400, "ErrorInvalidPropertySet");
    assert_eq!(alex.patch(&path(&received), &json!({ "isRead": true })).await.body["isRead"], true);
    assert_eq!(alex.delete(&path(&received)).await.status, 204);
    let deleted = alex.get("/me/mailFolders/deleteditems/messages").await;
    assert_eq!(deleted["value"][0]["subject"], "Ready");
}

#[tokio::test]
async fn meetings_come_as_mail() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let made = adele.create(&meeting("Mailed", "10:00", "11:00", &["meganb"])).await;
    let request = megan.get("/me/messages?$top=1&$expand=microsoft.graph.eventMessage/event").await["value"][0].clone();
    assert_eq!(request["@odata.type"], "#microsoft.graph.eventMessageRequest");
    assert_eq!((&request["meetingMessageType"], &request["meetingRequestType"]), (&json!("meetingRequest"), &json!("newMeetingRequest")));
    assert_eq!(request["event"]["iCalUId"], made["iCalUId"]);
    let slot = json!({ "start": { "dateTime": "2026-11-20T10:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-11-20T11:00:00", "timeZone": "UTC" } });
    let answer = json!({ "comment": "Later?", "proposedNewTime": slot });
    let answered = megan.post(&format!("{}/tentativelyAccept", event_path(&request["event"])), &answer).await;
    assert_eq!(answered.status, 202);
    let mail = adele.get("/me/messages?$top=1").await["value"][0].clone();
    assert_eq!(mail["subject"], "New Time Proposed: Mailed");
    assert_eq!((&mail["meetingMessageType"], &mail["responseType"]), (&json!("meetingTenativelyAccepted"), &json!("tentativelyAccepted")));
    assert_eq!(mail["proposedNewTime"]["start"]["dateTime"], "2026-11-20T10:00:00.0000000");
    adele.post(&format!("{}/cancel", event_path(&made)), &json!({})).await;
    let cancelled = megan.get("/me/messages?$top=1").await["value"][0].clone();
    assert_eq!((&cancelled["subject"], &cancelled["meetingMessageType"]), (&json!("Canceled: Mailed"), &json!("meetingCancelled")));
}

#[tokio::test]
async fn changes_of_mail_are_told_by_kind_and_date() {
    let adele = Graph::new().session("adelev");
    let path = "/me/mailFolders/inbox/messages/delta";
    let round = async |start: &str| {
        let mut page = adele.get(start).await;
        let mut subjects = Vec::new();
        loop {
            subjects.extend(page["value"].as_array().unwrap().iter().map(|message| message["subject"].as_str().unwrap_or("-").to_owned()));
            match page["@odata.nextLink"].as_str() {
                Some(next) => {
                    let next = next.to_owned();
                    page = adele.get(&next).await;
                }
                None => break (subjects, page["@odata.deltaLink"].as_str().unwrap().to_owned()),
            }
        }
    };
    let (all, _) = round(path).await;
    let (some, _) = round(&format!("{path}?$filter=receivedDateTime ge 2026-11-13T00:00:00Z&$orderby=receivedDateTime desc")).await;
    assert!(!some.is_empty() && some.len() < all.len(), "{} of {}", some.len(), all.len());
    for wrong in ["$filter=isRead eq true", "$orderby=subject", "changeType=moved", "$search=x"] {
        assert_eq!(adele.send("GET", &format!("{path}?{wrong}"), &[], None).await.status, 400, "{wrong}");
    }
    let mut links = Vec::new();
    for kind in ["created", "updated", "deleted"] {
        links.push(round(&format!("{path}?changeType={kind}")).await.1);
    }
    let inbox = adele.get("/me/mailFolders/inbox/messages?$top=3").await["value"].as_array().unwrap().clone();
    adele.patch(&self::path(&inbox[0]), &json!({ "isRead": true })).await;
    adele.post(&format!("{}/permanentDelete", self::path(&inbox[1])), &json!({})).await;
    adele.post("/me/sendMail", &json!({ "message": mail("To myself", "adelev@contoso.onmicrosoft.com") })).await;
    let changes = [round(&links[0]).await.0, round(&links[1]).await.0, round(&links[2]).await.0];
    let read = inbox[0]["subject"].as_str().unwrap().to_owned();
    assert_eq!(changes, [vec!["To myself".to_owned()], vec![read], vec!["-".to_owned()]]);
}
