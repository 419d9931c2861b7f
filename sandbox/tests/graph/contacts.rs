//! Contacts and their folders.

use serde_json::{Value, json};

use crate::{Graph, Session};

async fn names(session: &Session, path: &str) -> Vec<String> {
    session.all(path, &[]).await.iter().map(|item| item["displayName"].as_str().unwrap().to_owned()).collect()
}

fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap()
}

#[tokio::test]
async fn contacts_lie_in_folders() {
    let adele = Graph::new().session("adelev");
    let default = adele.get("/me/contacts").await["value"][0]["parentFolderId"].as_str().unwrap().to_owned();
    let suppliers = adele.post("/me/contactFolders", &json!({ "displayName": "Suppliers" })).await;
    assert_eq!((suppliers.status, &suppliers.body["parentFolderId"]), (201, &json!(default)));
    adele.post("/me/contactFolders", &json!({ "displayName": "suppliers" })).await.refused(409, "ErrorFolderExists");
    let path = format!("/me/contactFolders/{}", id(&suppliers.body));
    let made = adele.post(&format!("{path}/contacts"), &json!({ "displayName": "Kim Akers", "companyName": "Wide World" })).await;
    assert_eq!((made.status, &made.body["parentFolderId"]), (201, &suppliers.body["id"]));
    assert_eq!(names(&adele, &format!("{path}/contacts")).await, ["Kim Akers"]);
    assert_eq!(names(&adele, "/me/contacts").await.len(), 3, "the default folder's alone");
    // By its id a contact is found anywhere, and not in a folder where it is not.
    assert_eq!(adele.get(&format!("/me/contacts/{}", id(&made.body))).await["displayName"], "Kim Akers");
    let elsewhere = format!("/me/contactFolders/{default}/contacts/{}", id(&made.body));
    adele.send("GET", &elsewhere, &[], None).await.refused(404, "ErrorItemNotFound");
    assert_eq!(names(&adele, "/me/contacts?$search=\"dubois north\"").await, ["Marie Dubois"]);

    let inner = adele.post(&format!("{path}/childFolders"), &json!({ "displayName": "Paper" })).await.body;
    assert_eq!(names(&adele, &format!("{path}/childFolders")).await, ["Paper"]);
    assert_eq!(names(&adele, "/me/contactFolders").await, ["Suppliers"]);
    adele.patch(&path, &json!({ "parentFolderId": inner["id"] })).await.refused(400, "ErrorInvalidRequest");
    let moved =
        adele.patch(&format!("/me/contactFolders/{}", id(&inner)), &json!({ "parentFolderId": default, "displayName": "Pulp" })).await;
    assert_eq!((moved.status, &moved.body["displayName"]), (200, &json!("Pulp")));
    adele
        .patch(&format!("/me/contactFolders/{default}"), &json!({ "displayName": "Mine" }))
        .await
        .refused(400, "ErrorDeleteDistinguishedFolder");
    assert_eq!(adele.delete(&path).await.status, 204);
    adele.send("GET", &format!("/me/contacts/{}", id(&made.body)), &[], None).await.refused(404, "ErrorItemNotFound");
    assert_eq!(names(&adele, "/me/contactFolders").await, ["Pulp"]);
}

#[tokio::test]
async fn folders_tell_what_has_changed() {
    let adele = Graph::new().session("adelev");
    let first = adele.get("/me/contactFolders/delta").await;
    let made = adele.post("/me/contactFolders", &json!({ "displayName": "New" })).await.body;
    let second = adele.get(first["@odata.deltaLink"].as_str().unwrap()).await;
    assert_eq!(second["value"][0]["displayName"], "New");
    adele.delete(&format!("/me/contactFolders/{}", id(&made))).await;
    let third = adele.get(second["@odata.deltaLink"].as_str().unwrap()).await;
    assert_eq!((&third["value"][0]["id"], &third["value"][0]["@removed"]["reason"]), (&made["id"], &json!("deleted")));
}

#[tokio::test]
async fn contacts_change_only_as_they_were_seen() {
    let adele = Graph::new().session("adelev");
    let contact = adele.get("/me/contacts").await["value"][0].clone();
    let path = format!("/me/contacts/{}", id(&contact));
    let seen = format!("If-Match: {}", contact["@odata.etag"].as_str().unwrap());
    let change = |text: &str| Some(json!({ "personalNotes": text }).to_string().into_bytes());
    let json_body = "Content-Type: application/json";
    assert_eq!(adele.send("PATCH", &path, &[json_body, &seen], change("first")).await.status, 200);
    adele.send("PATCH", &path, &[json_body, &seen], change("second")).await.refused(412, "ErrorIrresolvableConflict");
    adele.send("DELETE", &path, &[&seen], None).await.refused(412, "ErrorIrresolvableConflict");
    assert_eq!(adele.post(&format!("{path}/permanentDelete"), &json!({})).await.status, 204);
    adele.send("GET", &path, &[], None).await.refused(404, "ErrorItemNotFound");
}
