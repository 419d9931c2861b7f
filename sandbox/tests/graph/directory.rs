//! Groups, places, contacts, calendars and their permissions.

use serde_json::{Value, json};

use crate::{Graph, meeting};

#[tokio::test]
async fn groups_have_members_and_calendars() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    let unified = adele.get("/groups?$filter=groupTypes/any(c:c eq 'Unified')").await;
    assert_eq!(unified["value"].as_array().unwrap().len(), 6);
    let town_hall = adele.get("/groups?$filter=displayName eq 'Contoso Town Hall'").await["value"][0].clone();
    let path = format!("/groups/{}", town_hall["id"].as_str().unwrap());
    assert_eq!(adele.all(&format!("{path}/members?$select=displayName"), &[]).await.len(), 150);
    let count = adele.send("GET", &format!("{path}/members/$count"), &["ConsistencyLevel: eventual"], None).await;
    assert_eq!(count.bytes, b"150");
    adele.post("/me/events", &meeting("Town hall", "10:00", "11:00", &["townhall"])).await;
    let view = adele.get(&format!("{path}/calendarView?startDateTime=2026-11-19&endDateTime=2026-11-20")).await;
    assert_eq!(view["value"][0]["responseStatus"]["response"], "accepted", "a group accepts by itself");
    assert_eq!(graph.session("leeg").event("Town hall").await["organizer"]["emailAddress"]["name"], "Adele Vance");
    let mine = adele.get("/me/memberOf").await;
    assert!(mine["value"].as_array().unwrap().iter().any(|group| group["displayName"] == "Sales and Marketing"));
    graph.session_with("adelev", "User.Read").send("GET", "/groups", &[], None).await.refused(403, "Authorization_RequestDenied");
    adele.post("/groups", &json!({})).await.refused(501, "NotImplemented");
    let karin = graph.session_with("karinb@fabrikam.onmicrosoft.com", "Group.Read.All User.ReadBasic.All");
    karin.send("GET", &path, &[], None).await.refused(404, "Request_ResourceNotFound");
    let colleagues = karin.all("/users", &[]).await;
    let strangers = colleagues.iter().filter(|user| !user["userPrincipalName"].as_str().unwrap().ends_with("@fabrikam.onmicrosoft.com"));
    assert_eq!((colleagues.len(), strangers.count()), (12, 0), "tenants do not see each other");
}

#[tokio::test]
async fn places_answer_to_both_spellings() {
    let graph = Graph::new();
    let adele = graph.session("adelev");
    assert_eq!(adele.all("/places/microsoft.graph.room?$top=5", &[]).await.len(), 18);
    assert_eq!(adele.get("/places/graph.room").await["value"].as_array().unwrap().len(), 18);
    let lists = adele.get("/places/microsoft.graph.roomlist").await;
    let list = lists["value"][0]["emailAddress"].as_str().unwrap();
    let rooms = adele.get(&format!("/places/{list}/microsoft.graph.roomlist/rooms?$filter=capacity ge 12")).await;
    assert_eq!(rooms["value"].as_array().unwrap().len(), 3);
    let room = adele.get("/places/adams@contoso.onmicrosoft.com").await;
    assert_eq!((&room["displayName"], &room["bookingType"]), (&json!("Conf Room Adams"), &json!("standard")));
    adele.send("GET", "/places/nowhere@contoso.onmicrosoft.com", &[], None).await.refused(404, "ErrorItemNotFound");
    graph
        .session_with("adelev", "Calendars.Read")
        .send("GET", "/places/microsoft.graph.room", &[], None)
        .await
        .refused(403, "ErrorAccessDenied");
}

#[tokio::test]
async fn contacts_are_kept() {
    let adele = Graph::new().session("adelev");
    let filter = "/me/contacts?$filter=emailAddresses/any(a:a/address eq 'marie@northwind.example')";
    assert_eq!(adele.get(filter).await["value"][0]["displayName"], "Marie Dubois");
    let contact = json!({ "givenName": "Nia", "surname": "Okoye", "emailAddresses": [{ "address": "nia@x.example", "name": "Nia" }] });
    let made = adele.post("/me/contacts", &contact).await;
    assert_eq!((made.status, &made.body["displayName"]), (201, &json!("Nia Okoye")));
    let path = format!("/me/contacts/{}", made.body["id"].as_str().unwrap());
    let delta = adele.get("/me/contacts/delta").await;
    let link = delta["@odata.deltaLink"].as_str().unwrap();
    let changed = adele.patch(&path, &json!({ "JobTitle": "Buyer" })).await;
    assert_eq!((changed.status, &changed.body["jobTitle"], &changed.body["givenName"]), (200, &json!("Buyer"), &json!("Nia")));
    assert_eq!(adele.get(link).await["value"].as_array().unwrap().len(), 1);
    assert_eq!(adele.delete(&path).await.status, 204);
    adele.send("GET", &path, &[], None).await.refused(404, "ErrorItemNotFound");
    assert_eq!(adele.get(link).await["value"][0]["@removed"]["reason"], "deleted");
}

#[tokio::test]
async fn calendars_and_shares_are_managed() {
    let graph = Graph::new();
    let (adele, diego) = (graph.session("adelev"), graph.session("diegos"));
    let made = adele.post("/me/calendars", &json!({ "name": "Volunteer", "color": "LightTeal" })).await;
    assert_eq!((made.status, &made.body["color"]), (201, &json!("lightTeal")));
    adele.post("/me/calendars", &json!({ "name": "volunteer" })).await.refused(409, "ErrorFolderExists");
    let path = format!("/me/calendars/{}", made.body["id"].as_str().unwrap());
    let event = adele.post(&format!("{path}/events"), &meeting("Shift", "10:00", "11:00", &[])).await;
    assert_eq!(event.status, 201);
    assert!(adele.events("Shift").await.is_empty(), "the default calendar's view has it not");
    let view = adele.get(&format!("{path}/calendarView?startDateTime=2026-11-19&endDateTime=2026-11-20")).await;
    assert_eq!(view["value"][0]["subject"], "Shift");
    assert_eq!(adele.get(&format!("/me/events/{}/calendar", event.body["id"].as_str().unwrap())).await["name"], "Volunteer");
    assert_eq!(adele.patch(&path, &json!({ "name": "Helping" })).await.body["name"], "Helping");
    assert_eq!(adele.delete(&path).await.status, 204);
    let default = adele.get("/me/calendar").await;
    adele.delete(&format!("/me/calendars/{}", default["id"].as_str().unwrap())).await.refused(400, "ErrorDeleteDistinguishedFolder");
    // Diego sees nothing until Adele shares.
    let hers = "/users/adelev@contoso.onmicrosoft.com/calendarView?startDateTime=2026-11-16&endDateTime=2026-11-23&$top=100";
    diego.send("GET", hers, &[], None).await.refused(403, "ErrorAccessDenied");
    let share = json!({ "emailAddress": { "name": "Diego", "address": "diegos@contoso.onmicrosoft.com" }, "role": "read" });
    let shared = adele.post("/me/calendar/calendarPermissions", &share).await;
    assert_eq!((shared.status, &shared.body["role"]), (200, &json!("read")));
    let seen = diego.get(hers).await;
    let subjects: Vec<&str> = seen["value"].as_array().unwrap().iter().map(|event| event["subject"].as_str().unwrap()).collect();
    assert!(subjects.contains(&"Store layout review") && !subjects.contains(&"Dentist"), "private entries stay so: {subjects:?}");
    diego
        .post("/users/adelev@contoso.onmicrosoft.com/events", &meeting("x", "10:00", "11:00", &[]))
        .await
        .refused(403, "ErrorAccessDenied");
    let permission = format!("/me/calendar/calendarPermissions/{}", shared.body["id"].as_str().unwrap());
    assert_eq!(adele.patch(&permission, &json!({ "role": "write" })).await.status, 200);
    let made = diego.post("/users/adelev@contoso.onmicrosoft.com/events", &meeting("For Adele", "10:00", "11:00", &["alexw"])).await;
    assert_eq!((made.status, &made.body["organizer"]["emailAddress"]["name"]), (201, &json!("Adele Vance")));
    assert_eq!(graph.session("alexw").event("For Adele").await["organizer"]["emailAddress"]["name"], "Adele Vance");
    assert_eq!(adele.delete(&permission).await.status, 204);
    let list: Value = adele.get("/me/calendar/calendarPermissions").await;
    assert_eq!((&list["value"][0]["role"], &list["value"][0]["isRemovable"]), (&json!("freeBusyRead"), &json!(false)));
    adele.delete("/me/calendar/calendarPermissions/RGVmYXVsdA%3D%3D").await.refused(400, "ErrorInvalidRequest");
}

#[tokio::test]
async fn people_and_places_are_changed() {
    let graph = Graph::new();
    let (adele, editor) = (graph.session("adelev"), graph.session_with("adelev", "User.ReadWrite User.ReadWrite.All Place.ReadWrite.All"));
    let start = adele.all("/users/delta?$select=officeLocation", &[]).await.len();
    assert_eq!(start, 259);
    let change = json!({ "officeLocation": "7/1", "businessPhones": ["+49 1"], "jobTitle": "Head of Retail" });
    adele.patch("/me", &change).await.refused(403, "Authorization_RequestDenied");
    let answer = editor.patch("/me", &change).await;
    assert_eq!((answer.status, answer.bytes.len()), (204, 0));
    let me = adele.get("/me?$select=officeLocation,jobTitle,businessPhones,displayName").await;
    assert_eq!(
        (&me["officeLocation"], &me["businessPhones"], &me["displayName"]),
        (&json!("7/1"), &json!(["+49 1"]), &json!("Adele Vance"))
    );
    let other = "/users/meganb@contoso.onmicrosoft.com";
    graph.session_with("adelev", "User.ReadWrite").patch(other, &change).await.refused(403, "Authorization_RequestDenied");
    assert_eq!(editor.patch(other, &json!({ "displayName": "Megan B." })).await.status, 204);
    assert_eq!(adele.get(other).await["displayName"], "Megan B.");
    editor.patch("/me", &json!({ "favouriteColour": "red" })).await.refused(400, "Request_BadRequest");
    editor.patch("/me", &json!({ "id": "x" })).await.refused(400, "Request_BadRequest");

    let room = adele.get("/places/adams@contoso.onmicrosoft.com").await;
    let change = json!({ "@odata.type": "microsoft.graph.room", "nickname": "The blue one", "capacity": 50, "tags": ["blue"] });
    adele.patch("/places/adams@contoso.onmicrosoft.com", &change).await.refused(403, "ErrorAccessDenied");
    let changed = editor.patch("/places/adams@contoso.onmicrosoft.com", &change).await.body;
    assert_eq!((&changed["nickname"], &changed["capacity"], &changed["id"]), (&json!("The blue one"), &json!(50), &room["id"]));
    assert_eq!(adele.get("/places/adams@contoso.onmicrosoft.com").await["tags"], json!(["blue"]));
    let list = adele.get("/places/microsoft.graph.roomlist").await["value"][0].clone();
    let path = format!("/places/{}", list["emailAddress"].as_str().unwrap());
    assert_eq!(editor.patch(&path, &json!({ "displayName": "Headquarters" })).await.body["displayName"], "Headquarters");
    editor.patch("/places/nothing", &json!({})).await.refused(404, "ErrorItemNotFound");
}

#[tokio::test]
async fn shared_calendars_stand_in_the_list_of_those_they_are_shared_with() {
    let graph = Graph::new();
    let (adele, megan) = (graph.session("adelev"), graph.session("meganb"));
    let list = adele.all("/me/calendars", &[]).await;
    let named = |name: &str| list.iter().find(|calendar| calendar["name"] == name).unwrap().clone();
    let (hers, his) = (named("Megan Bowen"), named("Alex Wilber"));
    assert_eq!((&hers["canEdit"], &his["canEdit"], &hers["canShare"]), (&json!(true), &json!(false), &json!(false)));
    assert_eq!(hers["owner"]["address"], "meganb@contoso.onmicrosoft.com");
    let path = format!("/me/calendars/{}", hers["id"].as_str().unwrap());
    assert_ne!(megan.get("/me/calendar").await["id"], hers["id"], "it has an id of its own there");
    assert_eq!(adele.get(&path).await["name"], "Megan Bowen");
    let made = adele.post(&format!("{path}/events"), &meeting("For Megan", "10:00", "11:00", &["alexw"])).await;
    assert_eq!((made.status, &made.body["organizer"]["emailAddress"]["name"]), (201, &json!("Megan Bowen")));
    assert_eq!(megan.event("For Megan").await["isOrganizer"], true);
    let view = adele.all(&format!("{path}/calendarView?startDateTime=2026-11-19&endDateTime=2026-11-20"), &[]).await;
    assert!(view.iter().any(|event| event["subject"] == "For Megan"));
    let read_only = format!("/me/calendars/{}/events", his["id"].as_str().unwrap());
    adele.post(&read_only, &meeting("x", "10:00", "11:00", &[])).await.refused(403, "ErrorAccessDenied");
    graph.session_with("adelev", "Calendars.ReadWrite").send("GET", &read_only, &[], None).await.refused(403, "ErrorAccessDenied");
    adele.patch(&path, &json!({ "name": "Mine" })).await.refused(403, "ErrorAccessDenied");
    assert_eq!(adele.delete(&path).await.status, 204);
    assert_eq!(adele.all("/me/calendars", &[]).await.len(), list.len() - 1);
    assert_eq!(megan.get("/me/calendar").await["name"], "Calendar", "hers is still there");
    adele.send("GET", &path, &[], None).await.refused(404, "ErrorItemNotFound");
}
