//! Files that are shared, followed, copied and replaced.

use serde_json::{Value, json};

use crate::{Graph, Session};

const ALL: &str = "Files.ReadWrite.All Mail.Read";

async fn put(session: &Session, path: &str, kind: &str, bytes: &[u8]) -> Value {
    let header = format!("Content-Type: {kind}");
    session.send("PUT", &format!("/me/drive/root:/{path}:/content"), &[&header], Some(bytes.to_vec())).await.body
}

fn item(item: &Value) -> String {
    format!("/me/drive/items/{}", item["id"].as_str().unwrap())
}

/// The same in the drive of whom it belongs to.
fn remote(item: &Value) -> String {
    format!("/drives/{}/items/{}", item["parentReference"]["driveId"].as_str().unwrap(), item["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_shared_file_opens_for_those_it_was_shared_with() {
    let graph = Graph::new();
    let (adele, megan, alex) = (graph.session_with("adelev", ALL), graph.session_with("meganb", ALL), graph.session_with("alexw", ALL));
    let plan = put(&adele, "plan.txt", "text/plain", b"a plan").await;
    megan.send("GET", &remote(&plan), &[], None).await.refused(403, "accessDenied");
    let invitation = json!({ "recipients": [{ "email": "meganb@contoso.onmicrosoft.com" }], "roles": ["read"], "sendInvitation": true,
        "message": "Have a look." });
    let invited = adele.post(&format!("{}/invite", item(&plan)), &invitation).await;
    assert_eq!(invited.status, 200);
    let permission = &invited.body["value"][0];
    assert_eq!((&permission["roles"], &permission["grantedToV2"]["user"]["displayName"]), (&json!(["read"]), &json!("Megan Bowen")));
    let mail = megan.get("/me/messages?$top=1").await["value"][0].clone();
    assert_eq!((&mail["subject"], &mail["bodyPreview"]), (&json!("\"plan.txt\" was shared with you"), &json!("Have a look.")));
    assert_eq!(megan.get(&remote(&plan)).await["name"], "plan.txt");
    megan.patch(&remote(&plan), &json!({ "name": "mine.txt" })).await.refused(403, "accessDenied");
    alex.send("GET", &remote(&plan), &[], None).await.refused(403, "accessDenied");
    // The scope for one's own files is not enough for others'.
    graph.session_with("meganb", "Files.ReadWrite").send("GET", &remote(&plan), &[], None).await.refused(403, "accessDenied");
    let shared = megan.get("/me/drive/sharedWithMe").await;
    assert_eq!(shared["value"][0]["remoteItem"]["id"], plan["id"]);
    assert!(megan.get("/me/drive/recent").await["value"].as_array().unwrap().iter().any(|row| row["remoteItem"]["id"] == plan["id"]));

    let one = format!("{}/permissions/{}", item(&plan), permission["id"].as_str().unwrap());
    assert_eq!(adele.patch(&one, &json!({ "roles": ["write"] })).await.body["roles"], json!(["write"]));
    assert_eq!(megan.patch(&remote(&plan), &json!({ "name": "ours.txt" })).await.status, 200);
    assert_eq!(adele.delete(&one).await.status, 204);
    megan.send("GET", &remote(&plan), &[], None).await.refused(403, "accessDenied");
    adele.post(&format!("{}/invite", item(&plan)), &json!({ "recipients": [], "roles": ["read"] })).await.refused(400, "invalidRequest");
}

#[tokio::test]
async fn permissions_of_a_folder_hold_below_it() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session_with("adelev", ALL), graph.session_with("meganb", ALL));
    let documents = adele.get("/me/drive/root:/Documents").await;
    let agenda = adele.get("/me/drive/root:/Documents/Agenda.txt").await;
    let group = json!({ "recipients": [{ "email": "leadership@contoso.onmicrosoft.com" }], "roles": ["write"] });
    adele.post(&format!("{}/invite", item(&documents)), &group).await;
    assert_eq!(megan.get(&remote(&agenda)).await["name"], "Agenda.txt", "Megan is in the group");
    let listed = adele.get(&format!("{}/permissions", item(&agenda))).await;
    assert_eq!(listed["value"][0]["roles"], json!(["owner"]));
    assert_eq!(listed["value"][1]["inheritedFrom"]["path"], "/drive/root:/Documents");

    let link = json!({ "type": "view", "scope": "organization" });
    let first = adele.post(&format!("{}/createLink", item(&agenda)), &link).await;
    assert_eq!((first.status, &first.body["link"]["type"], &first.body["link"]["scope"]), (201, &json!("view"), &json!("organization")));
    let again = adele.post(&format!("{}/createLink", item(&agenda)), &link).await;
    assert_eq!((again.status, &again.body["id"]), (200, &first.body["id"]));
    adele.post(&format!("{}/createLink", item(&agenda)), &json!({ "type": "gift" })).await.refused(400, "invalidRequest");
    assert_eq!(adele.get(&item(&agenda)).await["shared"]["scope"], "organization");
}

#[tokio::test]
async fn files_have_a_past_and_copies() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let note = put(&adele, "note.txt", "text/plain", b"one").await;
    put(&adele, "note.txt", "text/plain", b"two!").await;
    let versions = adele.get(&format!("{}/versions", item(&note))).await;
    let shown: Vec<(&str, u64)> =
        versions["value"].as_array().unwrap().iter().map(|one| (one["id"].as_str().unwrap(), one["size"].as_u64().unwrap())).collect();
    assert_eq!(shown, [("2.0", 4), ("1.0", 3)]);
    let content = adele.send("GET", &format!("{}/versions/1.0/content", item(&note)), &[], None).await;
    let address = content.headers["location"].to_str().unwrap().to_owned();
    assert_eq!((content.status, adele.send("GET", &address, &[], None).await.bytes), (302, b"one".to_vec()));
    assert_eq!(adele.post(&format!("{}/versions/1.0/restoreVersion", item(&note)), &json!({})).await.status, 204);
    assert_eq!(adele.get(&item(&note)).await["size"], 3);
    adele.send("GET", &format!("{}/versions/9.0", item(&note)), &[], None).await.refused(404, "itemNotFound");

    let documents = adele.get("/me/drive/root:/Documents").await;
    let copied = adele.post(&format!("{}/copy", item(&documents)), &json!({ "name": "Documents, again" })).await;
    assert_eq!((copied.status, copied.bytes.len()), (202, 0));
    let monitor = adele.get(copied.headers["location"].to_str().unwrap()).await;
    assert_eq!((&monitor["status"], &monitor["percentageComplete"]), (&json!("completed"), &json!(100.0)));
    assert_eq!(adele.get(&format!("/me/drive/items/{}", monitor["resourceId"].as_str().unwrap())).await["folder"]["childCount"], 2);
    adele.post(&format!("{}/copy", item(&documents)), &json!({ "name": "Notes.txt" })).await.refused(409, "nameAlreadyExists");
    let into_itself = json!({ "name": "x", "parentReference": { "id": documents["id"] } });
    adele.post(&format!("{}/copy", item(&documents)), &into_itself).await.refused(400, "invalidRequest");
}

#[tokio::test]
async fn pictures_special_folders_and_what_is_followed() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let picture = put(&adele, "flower.jpg", "image/jpeg", b"\xff\xd8").await;
    let sets = adele.get(&format!("{}/thumbnails", item(&picture))).await;
    assert_eq!((&sets["value"][0]["large"]["width"], &sets["value"][0]["small"]["height"]), (&json!(800), &json!(64)));
    let one = adele.get(&format!("{}/thumbnails/0/medium", item(&picture))).await;
    assert_eq!(adele.send("GET", one["url"].as_str().unwrap(), &[], None).await.bytes, b"\xff\xd8");
    let cropped = adele.get(&format!("{}/thumbnails?$select=c300x400_crop", item(&picture))).await;
    assert_eq!(cropped["value"][0]["c300x400_crop"]["height"], 400);
    let notes = adele.get("/me/drive/root:/Notes.txt").await;
    assert_eq!(adele.get(&format!("{}/thumbnails", item(&notes))).await["value"], json!([]));

    assert_eq!(adele.get("/me/drive/special/documents").await["name"], "Documents");
    assert_eq!(adele.get("/me/drive/special/documents/children").await["value"][0]["name"], "Agenda.txt");
    assert_eq!(adele.get("/me/drive/special/music").await["name"], "Music", "made when it is first asked for");
    adele.send("GET", "/me/drive/special/nothing", &[], None).await.refused(404, "itemNotFound");
    assert_eq!(adele.post(&format!("{}/follow", item(&notes)), &json!({})).await.status, 200);
    assert_eq!(adele.get("/me/drive/following").await["value"][0]["name"], "Notes.txt");
    assert_eq!(adele.post(&format!("{}/unfollow", item(&notes)), &json!({})).await.status, 204);
    assert_eq!(adele.get("/me/drive/following").await["value"], json!([]));
}

#[tokio::test]
async fn a_groups_files_are_its_members() {
    let graph = Graph::new();
    let (adele, outsider) = (graph.session_with("adelev", "Files.ReadWrite.All Group.Read.All"), graph.session_with("nestorw", ALL));
    let groups = adele.get("/groups?$filter=displayName eq 'Leadership'").await;
    let path = format!("/groups/{}/drive", groups["value"][0]["id"].as_str().unwrap());
    let drive = adele.get(&path).await;
    assert_eq!(drive["owner"]["user"]["displayName"], "Leadership");
    let made = adele.send("PUT", &format!("{path}/root:/Goals.txt:/content"), &["Content-Type: text/plain"], Some(b"Grow".to_vec())).await;
    assert_eq!(made.status, 201);
    assert_eq!(adele.get(&format!("{path}/root/children")).await["value"][0]["name"], "Goals.txt");
    let by_id = format!("/drives/{}/items/{}", drive["id"].as_str().unwrap(), made.body["id"].as_str().unwrap());
    assert_eq!(adele.get(&by_id).await["size"], 4);
    outsider.send("GET", &by_id, &[], None).await.refused(403, "accessDenied");
}
