//! Attachments of events and messages, small and large.

use serde_json::{Value, json};

use crate::{Answer, Graph, Session, event_path, meeting};

const LARGE: usize = 3_483_322;
const PART: usize = 2_097_152;

async fn session(adele: &Session, path: &str, size: usize) -> Answer {
    let item = json!({ "attachmentType": "file", "name": "flower", "size": size, "contentType": "image/jpeg" });
    adele.post(&format!("{path}/attachments/createUploadSession"), &json!({ "AttachmentItem": item })).await
}

async fn part(adele: &Session, url: &str, from: usize, to: usize) -> Answer {
    let range = format!("Content-Range: bytes {from}-{}/{LARGE}", to - 1);
    adele.send("PUT", url, &[&range], Some(vec![b'x'; to - from])).await
}

async fn attach_large(adele: &Session, path: &str) -> Value {
    let made = session(adele, path, LARGE).await;
    assert_eq!((made.status, &made.body["nextExpectedRanges"]), (201, &json!(["0-"])));
    let url = made.body["uploadUrl"].as_str().unwrap();
    let first = part(adele, url, 0, PART).await;
    assert_eq!((first.status, &first.body["nextExpectedRanges"]), (200, &json!([PART.to_string()])));
    assert_eq!(part(adele, url, 0, PART).await.status, 416, "not twice");
    assert_eq!(adele.send("GET", url, &[], None).await.body["nextExpectedRanges"], json!([PART.to_string()]));
    let last = part(adele, url, PART, LARGE).await;
    assert_eq!((last.status, last.bytes.len()), (201, 0));
    let location = last.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(part(adele, url, 0, PART).await.status, 404, "the session is over");
    let attachment = adele.get(&location).await;
    let raw = adele.send("GET", &format!("{location}/$value"), &[], None).await;
    assert_eq!((raw.bytes.len(), raw.headers["content-type"].to_str().unwrap()), (LARGE, "image/jpeg"));
    attachment
}

#[tokio::test]
async fn large_files_arrive_in_parts() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let event = adele.create(&meeting("With a flower", "10:00", "11:00", &[])).await;
    let attachment = attach_large(&adele, &event_path(&event)).await;
    assert_eq!((&attachment["name"], &attachment["size"]), (&json!("flower"), &json!(LARGE)));
    assert_eq!(adele.get(&event_path(&event)).await["hasAttachments"], true);
    let draft = adele.post("/me/messages", &json!({ "subject": "Flowers" })).await.body;
    let path = format!("/me/messages/{}", draft["id"].as_str().unwrap());
    attach_large(&adele, &path).await;
    assert_eq!(adele.get(&path).await["hasAttachments"], true);

    session(&adele, &path, 1000).await.refused(400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize");
    session(&adele, &path, 151 << 20).await.refused(413, "ErrorMessageSizeExceeded");
    let abandoned = session(&adele, &path, LARGE).await.body["uploadUrl"].as_str().unwrap().to_owned();
    let too_long = adele.send("PUT", &abandoned, &["Content-Range: bytes 0-9/10"], Some(vec![0; 10])).await;
    too_long.refused(400, "ErrorInvalidParameter");
    assert_eq!(adele.delete(&abandoned).await.status, 204);
    assert_eq!(part(&adele, &abandoned, 0, PART).await.status, 404);
    let late = session(&adele, &path, LARGE).await.body["uploadUrl"].as_str().unwrap().to_owned();
    graph.context.clock.advance(chrono::TimeDelta::hours(3));
    assert_eq!(part(&adele, &late, 0, PART).await.status, 404, "the session has expired");
}

#[tokio::test]
async fn small_files_and_items_are_attached_at_once() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let event = adele.create(&meeting("With a menu", "10:00", "11:00", &["meganb"])).await;
    let path = format!("{}/attachments", event_path(&event));
    let file = json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "menu.txt", "contentType": "text/plain", "contentBytes": "bGFtYg==" });
    let made = adele.post(&path, &file).await;
    assert_eq!(made.status, 201);
    let one = format!("{path}/{}", made.body["id"].as_str().unwrap());
    assert_eq!(adele.send("GET", &format!("{one}/$value"), &[], None).await.bytes, b"lamb");
    let item = json!({ "@odata.type": "#microsoft.graph.itemAttachment", "name": "A contact",
        "item": { "@odata.type": "#microsoft.graph.contact", "displayName": "Kim" } });
    let item = adele.post(&path, &item).await.body;
    let item = format!("{path}/{}", item["id"].as_str().unwrap());
    assert_eq!(adele.get(&format!("{item}?$expand=microsoft.graph.itemattachment/item")).await["item"]["displayName"], "Kim");
    adele.send("GET", &format!("{item}/$value"), &[], None).await.refused(501, "NotImplemented");
    assert_eq!(adele.delete(&one).await.status, 204);
    assert_eq!(adele.get(&path).await["value"].as_array().unwrap().len(), 1);
    // In a calendar that is shared, large ones are refused (known issues).
    let hers = megan.create(&meeting("Hers", "12:00", "13:00", &[])).await;
    let path = format!("/users/meganb@contoso.onmicrosoft.com/events/{}", hers["id"].as_str().unwrap());
    session(&adele, &path, LARGE).await.refused(403, "ErrorAccessDenied");
}
