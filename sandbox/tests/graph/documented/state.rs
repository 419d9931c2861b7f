//! What the documented requests find: events, mail, contacts and files like those of the pages. Owns making them, and who asks.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{Graph, Session, meeting};

/// A sandbox with something of everything.
pub(super) struct State {
    pub(super) adele: Session,
    alex: Session,
    megan: Session,
    clerk: Session,
    people_reader: Session,
    editor: Session,
    ids: HashMap<&'static str, String>,
}

impl State {
    pub(super) async fn prepared() -> Self {
        let graph = Graph::new();
        let (adele, alex, megan) = (graph.session("adelev"), graph.session("alexw"), graph.session("meganb"));
        let people_reader = graph.session_with("adelev", "People.Read.All");
        let editor = graph.session_with("adelev", "User.ReadWrite.All Place.ReadWrite.All");
        // Somebody whose manager has a manager.
        let people = adele.get("/users?$top=40&$expand=manager($levels=max)").await;
        let clerk = people["value"].as_array().unwrap().iter().find(|person| person["manager"]["manager"].is_object()).unwrap();
        let clerk = graph.session(clerk["userPrincipalName"].as_str().unwrap());
        let mut state = Self { adele, alex, megan: megan.clone(), clerk, people_reader, editor, ids: HashMap::new() };
        state.calendars(&megan).await;
        state.mail_and_contacts(&megan).await;
        state.files_and_directory(&graph).await;
        state.shared_files(&megan).await;
        state
    }

    /// Who sends a pair's request.
    pub(super) fn caller(&self, pair: &str) -> &Session {
        match pair {
            "people-example.get_200-8" => &self.people_reader,
            "place-update.update_room" | "place-update.update_roomlist" | "user-update.update_user" | "user-update.update_other_user" => {
                &self.editor
            }
            // Somebody whom others report to.
            "user-list-manager.get_transitive_managers" => &self.clerk,
            "user-list-directreports.get_directreports" => &self.megan,
            _ => &self.adele,
        }
    }

    /// Whether a pair's request leaves less than other requests need.
    pub(super) fn is_spent(pair: &Value) -> bool {
        let url = pair["url"].as_str().unwrap();
        let takes_away = ["/cancel", "/decline", "/move", "Accept", "/accept"].iter().any(|end| url.ends_with(end));
        takes_away || pair["method"] == "DELETE"
    }

    /// What stands for an id below a collection of this name.
    pub(super) fn id(&self, pair: &str, collection: &str) -> Option<&str> {
        let name = match (collection, pair) {
            ("events", pair) if pair.contains("accept") || pair.starts_with("event-decline") => "invitation",
            ("calendargroups", "calendargroup-delete.delete_calendargroup") => "empty group",
            ("events", "event-list-instances.get_instances") => "series",
            ("events", "group-get-event.get_group_event") => "group event",
            ("messages", pair) if pair.starts_with("eventmessage-") && !pair.contains("attachments") => "request",
            ("places", "place-update.update_roomlist") => "room list",
            ("contactfolders", "contactfolder-update.update_contactfolder") => "contact folder",
            ("items", pair) if pair.contains("thumbnails") => "picture",
            ("items", pair) if pair.contains("permissions") => "shared file",
            ("groups", pair) if pair.starts_with("group-get") || pair.contains("by_group") => "unified group",
            ("mailfolders", "mailfolder-get.get_mailsearchfolder") => "search folder",
            ("mailfolders", "mailfolder-delete.delete_mailfolder" | "mailfolder-move.mailfolder_move") => "folder",
            ("mailfolders", pair) if pair.contains("childfolders") => "the inbox",
            (collection, _) => collection,
        };
        self.ids.get(name).map(String::as_str)
    }

    /// A documented body with its placeholders filled.
    pub(super) fn body(&self, pair: &str, body: &Value) -> Value {
        let mut body = self.filled(body);
        if pair.starts_with("findmeetingtimes-example") {
            // The page's people work by Pacific time.
            body = serde_json::from_str(&body.to_string().replace("Pacific", "GMT")).unwrap();
        }
        if pair.starts_with("calendar-getschedule") {
            // Somebody with a zone of her own.
            body["schedules"][1] = "johannal@contoso.onmicrosoft.com".into();
        }
        if pair.starts_with("driveitem-copy") {
            body["parentReference"] = json!({ "driveId": self.ids["drives"], "id": self.ids["drive folder"] });
        }
        if pair.contains("translateexchangeids") || pair.starts_with("outlook-immutable-id") {
            body["inputIds"] = json!([self.ids["messages"]]);
        }
        body
    }

    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.as_str() {
                "datetime-value" => "2026-11-17T10:00:00Z".into(),
                "destinationId-value" => self.ids["the inbox"].clone().into(),
                "parentFolderId-value" => self.ids["contactfolders"].clone().into(),
                "originalStartTimeZone-value" | "originalEndTimeZone-value" => "Pacific Standard Time".into(),
                "base64-contentBytes-value" | "R0lGODdhEAYEAA7" => "R0lGODdhEAYEAA==".into(),
                "{new-parent-folder-id}" => self.ids["drive folder"].clone().into(),
                _ => text.replace("samanthab@", "meganb@").replace("fannyd@", "alexw@").replace("danas@", "diegos@").into(),
            },
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| {
                    let member = match (name.as_str(), member.as_str()) {
                        ("contentType", Some("")) => "text".into(),
                        ("response", Some("")) => "none".into(),
                        _ => self.filled(member),
                    };
                    (name.clone(), member)
                })
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    /// The whole address of a pair whose page has one that an earlier answer gave, or one with keys in parentheses.
    pub(super) async fn given_address(&self, pair: &str) -> Option<String> {
        let me = &self.ids["users"];
        let large = |path: String| async move {
            let item = json!({ "AttachmentItem": { "attachmentType": "file", "name": "flower", "size": 3_483_322 } });
            let session = self.adele.post(&format!("{path}/attachments/createUploadSession"), &item).await.body;
            session["uploadUrl"].as_str().unwrap().to_owned()
        };
        let event = format!("/me/events/{}", self.ids["events"]);
        let message = format!("/me/messages/{}", self.ids["messages"]);
        Some(match pair {
            "outlook-large-attachments.delete_204" | "outlook-large-attachments.put_200" => large(message).await,
            "outlook-large-attachments.put_200-2" => large(event).await,
            "outlook-large-attachments.put_201-2" => {
                let address = large(event).await;
                let first = ["Content-Range: bytes 0-2097151/3483322"];
                assert_eq!(self.adele.send("PUT", &address, &first, Some(vec![b'x'; 2_097_152])).await.status, 200);
                address
            }
            "outlook-large-attachments.walkthrough_get_attachment_metadata" => format!(
                "/Users('{me}')/Messages('{}')/Attachments('{}')?$select=lastModifiedDateTime,name,contentType,size,isInline",
                self.ids["messages"], self.ids["message's attachment"]
            ),
            "outlook-large-attachments.walkthrough_get_attachment_raw" => {
                format!("/Users('{me}')/Events('{}')/Attachments('{}')/$value", self.ids["events"], self.ids["event's attachment"])
            }
            "driveitem-createuploadsession.upload_fragment_cancel" => self.upload(false).await,
            "driveitem-createuploadsession.commit_upload" => self.upload(true).await,
            "driveitem-get-content.download_item_partial" => {
                let file = self.adele.send("PUT", "/me/drive/root:/long.bin:/content", &[], Some(vec![b'x'; 2048])).await;
                file.body["@microsoft.graph.downloadUrl"].as_str().unwrap().to_owned()
            }
            _ => return None,
        })
    }

    /// An upload session's address; of a whole one, all parts are there and it waits to be finished.
    async fn upload(&self, whole: bool) -> String {
        let asked = json!({ "deferCommit": whole, "item": { "@microsoft.graph.conflictBehavior": "rename" } });
        let session = self.adele.post("/me/drive/root:/largefile.vhd:/createUploadSession", &asked).await.body;
        let address = session["uploadUrl"].as_str().unwrap().to_owned();
        if whole {
            let part = self.adele.send("PUT", &address, &["Content-Range: bytes 0-127/128"], Some(vec![b'x'; 128])).await;
            assert_eq!((part.status, &part.body["nextExpectedRanges"]), (202, &json!([])));
        }
        address
    }

    fn keep(&mut self, name: &'static str, made: &Value) {
        self.ids.insert(name, made["id"].as_str().unwrap_or_else(|| panic!("{name}: {made}")).to_owned());
    }

    async fn calendars(&mut self, megan: &Session) {
        let mut own = meeting("Lunch", "10:00", "11:00", &["alexw", "meganb"]);
        own["location"] = json!({ "displayName": "Harry's Bar" });
        own["isOnlineMeeting"] = true.into();
        own["onlineMeetingProvider"] = "teamsForBusiness".into();
        let own = self.adele.create(&own).await;
        self.keep("events", &own);
        let attachment = json!({ "@odata.type": "#microsoft.graph.fileAttachment", "name": "menu.txt", "contentBytes": "bGFtYg==" });
        let path = format!("/me/events/{}/attachments", self.ids["events"]);
        let attachment = self.adele.post(&path, &attachment).await.body;
        self.keep("event's attachment", &attachment);
        let at_alex = self.alex.event("Lunch").await;
        let proposal = json!({ "sendResponse": true, "proposedNewTime": {
            "start": { "dateTime": "2026-11-20T10:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-11-20T11:00:00", "timeZone": "UTC" } } });
        let path = format!("/me/events/{}/tentativelyAccept", at_alex["id"].as_str().unwrap());
        assert_eq!(self.alex.post(&path, &proposal).await.status, 202);
        megan.create(&meeting("Invitation", "13:00", "14:00", &["adelev"])).await;
        let invitation = self.adele.event("Invitation").await;
        self.keep("invitation", &invitation);
        let mut series = meeting("Daily", "09:00", "10:00", &[]);
        series["start"]["dateTime"] = "2019-04-08T09:00:00".into();
        series["end"]["dateTime"] = "2019-04-08T10:00:00".into();
        series["recurrence"] = json!({ "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "numbered", "startDate": "2019-04-08", "numberOfOccurrences": 5 } });
        let series = self.adele.create(&series).await;
        self.keep("series", &series);
        for (day, subject) in [("2020-01-02", "New year"), ("2017-06-09", "Picnic"), ("2019-03-15", "Far")] {
            let mut event = meeting(subject, "18:00", "19:00", &["alexw"]);
            event["start"]["dateTime"] = format!("{day}T18:00:00").into();
            event["end"]["dateTime"] = format!("{day}T19:00:00").into();
            event["location"] = json!({ "displayName": "Conf Room 3" });
            self.adele.create(&event).await;
        }
        let calendar = self.adele.post("/me/calendars", &json!({ "name": "Second" })).await.body;
        self.keep("calendars", &calendar);
        let group = self.adele.post("/me/calendarGroups", &json!({ "name": "Holidays" })).await.body;
        self.keep("calendargroups", &group);
        let path = format!("/me/calendarGroups/{}/calendars", self.ids["calendargroups"]);
        self.adele.post(&path, &json!({ "name": "Third" })).await;
        let empty = self.adele.post("/me/calendarGroups", &json!({ "name": "Empty" })).await.body;
        self.keep("empty group", &empty);
        let shared = json!({ "emailAddress": { "address": "alexw@contoso.onmicrosoft.com", "name": "Alex" }, "role": "read" });
        let permission = self.adele.post("/me/calendar/calendarPermissions", &shared).await.body;
        self.keep("calendarpermissions", &permission);
    }

    async fn mail_and_contacts(&mut self, megan: &Session) {
        let note = json!({ "message": { "subject": "A note", "body": { "contentType": "html", "content": "<p>Hello</p>" },
            "toRecipients": [{ "emailAddress": { "address": "adelev@contoso.onmicrosoft.com" } }],
            "attachments": [{ "@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentType": "text/plain", "contentBytes": "YQ==" }] } });
        assert_eq!(megan.post("/me/sendMail", &note).await.status, 202);
        let mail = self.adele.get("/me/messages?$top=200").await;
        let with = |subject: &str| mail["value"].as_array().unwrap().iter().find(|message| message["subject"] == subject).cloned().unwrap();
        self.keep("messages", &with("A note"));
        self.keep("request", &with("Invitation"));
        let attachments = self.adele.get(&format!("/me/messages/{}/attachments", self.ids["messages"])).await;
        self.keep("message's attachment", &attachments["value"][0]);
        let folder = self.adele.post("/me/mailFolders", &json!({ "displayName": "Aside" })).await.body;
        self.keep("folder", &folder);
        self.ids.insert("mailfolders", "inbox".to_owned());
        self.ids.insert("the inbox", self.adele.get("/me/mailFolders/inbox").await["id"].as_str().unwrap().to_owned());
        let child = format!("/me/mailFolders/{}/childFolders", self.ids["the inbox"]);
        self.adele.post(&child, &json!({ "displayName": "Inside" })).await;
        let search = json!({ "@odata.type": "microsoft.graph.mailSearchFolder", "displayName": "Get MyAnalytics", "includeNestedFolders": true,
            "sourceFolderIds": [self.ids["the inbox"]], "filterQuery": "contains(subject, 'MyAnalytics')" });
        let made = self.adele.post("/me/mailFolders", &search).await.body;
        self.keep("search folder", &made);
        let contact = json!({ "displayName": "Kim Akers", "imAddresses": ["kim@example.com"], "businessPhones": ["+1 555 0100"],
            "emailAddresses": [{ "name": "Kim", "address": "kim@example.com" }],
            "businessAddress": { "street": "1 High St", "city": "Town", "state": "WA", "countryOrRegion": "US", "postalCode": "1" } });
        let contact = self.adele.post("/me/contacts", &contact).await.body;
        self.keep("contacts", &contact);
        self.ids.insert("contactfolders", contact["parentFolderId"].as_str().unwrap().to_owned());
        let folder = self.adele.post("/me/contactFolders", &json!({ "displayName": "Suppliers" })).await.body;
        self.keep("contact folder", &folder);
        let path = format!("/me/contactFolders/{}/childFolders", contact["parentFolderId"].as_str().unwrap());
        self.adele.post(&path, &json!({ "displayName": "Friends" })).await;
        let categories = self.adele.get("/me/outlook/masterCategories").await;
        self.keep("mastercategories", &categories["value"][0]);
    }

    async fn files_and_directory(&mut self, graph: &Graph) {
        let drive = self.adele.get("/me/drive").await;
        self.keep("drives", &drive);
        let children = self.adele.get("/me/drive/root/children").await;
        let folder = children["value"].as_array().unwrap().iter().find(|item| item["name"] == "Documents").cloned().unwrap();
        self.keep("drive folder", &folder);
        self.adele.post("/me/drive/root/children", &json!({ "name": "FolderA", "folder": {} })).await;
        let inside = format!("/me/drive/items/{}/children", self.ids["drive folder"]);
        self.adele.post(&inside, &json!({ "name": "Contoso Project", "folder": {} })).await;
        let plain = ["Content-Type: text/plain"];
        self.adele.send("PUT", "/me/drive/root:/Contoso%20Project.txt:/content", &plain, Some(b"a plan".to_vec())).await;
        let file =
            self.adele.send("PUT", "/me/drive/root:/note.txt:/content", &["Content-Type: text/plain"], Some(b"a note".to_vec())).await;
        self.keep("items", &file.body);
        let me = self.adele.get("/me").await;
        self.keep("users", &me);
        let groups = self.adele.get("/groups").await;
        let groups = groups["value"].as_array().unwrap();
        self.keep("groups", &groups[0]);
        let unified = groups.iter().find(|group| group["groupTypes"][0] == "Unified").unwrap();
        self.keep("unified group", unified);
        let member = graph.session_with("meganb", "Group.ReadWrite.All Calendars.ReadWrite");
        let path = format!("/groups/{}/events", self.ids["unified group"]);
        let mut event = meeting("Of the group", "15:00", "16:00", &["alexw"]);
        event["recurrence"] = json!({ "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["thursday"] },
            "range": { "type": "noEnd", "startDate": "2026-11-19" } });
        let made = member.post(&path, &event).await;
        self.keep("group event", &made.body);
        let rooms = self.adele.get("/places/microsoft.graph.room").await;
        let equipped = rooms["value"].as_array().unwrap().iter().find(|room| room["tags"][0].is_string());
        self.keep("places", equipped.unwrap());
        let lists = self.adele.get("/places/microsoft.graph.roomlist").await;
        self.ids.insert("room list", lists["value"][0]["emailAddress"].as_str().unwrap().to_owned());
    }

    /// A file with versions, a picture, links and invitations: Adele's, and one of Megan's.
    async fn shared_files(&mut self, megan: &Session) {
        for text in ["one", "two"] {
            self.adele.send("PUT", "/me/drive/root:/note.txt:/content", &["Content-Type: text/plain"], Some(text.into())).await;
        }
        let picture = self.adele.send("PUT", "/me/drive/root:/flower.jpg:/content", &["Content-Type: image/jpeg"], Some(vec![0xff])).await;
        self.keep("picture", &picture.body);
        let plain = ["Content-Type: text/plain"];
        let file = self.adele.send("PUT", "/me/drive/root:/Documents/shared.txt:/content", &plain, Some(b"shared".to_vec())).await.body;
        self.keep("shared file", &file);
        let invitation = json!({ "recipients": [{ "email": "meganb@contoso.onmicrosoft.com" }], "roles": ["write"] });
        let folder = format!("/me/drive/items/{}/invite", self.ids["drive folder"]);
        assert_eq!(self.adele.post(&folder, &invitation).await.status, 200);
        let link = format!("/me/drive/items/{}/createLink", self.ids["shared file"]);
        assert_eq!(self.adele.post(&link, &json!({ "type": "edit" })).await.status, 201);
        let scopes = "Files.ReadWrite".to_owned();
        let session = megan.graph.session_with("meganb", &scopes);
        let hers = session.send("PUT", "/me/drive/root:/March%20Proposal.txt:/content", &plain, Some(b"March".to_vec())).await.body;
        let to_adele = json!({ "recipients": [{ "email": "adelev@contoso.onmicrosoft.com" }], "roles": ["read"], "sendInvitation": true });
        let path = format!("/me/drive/items/{}/invite", hers["id"].as_str().unwrap());
        assert_eq!(session.post(&path, &to_adele).await.status, 200);
    }
}
