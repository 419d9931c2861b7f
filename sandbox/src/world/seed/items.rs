//! The seed's mail, contacts and files. Owns these; meeting messages came with the invitations.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::{
    super::{
        drive::{DriveItem, FileContent},
        event::{Address, Body},
        ids,
        mail::Message,
        mailbox::Contact,
        wire::Importance,
    },
    Builder, CONTOSO,
};

/// (from, subject, text)
const MAIL: [(&str, &str, &str); 14] = [
    ("meganb", "Welcome to the spring planning", "Hello Adele, here is how we plan the spring. Megan"),
    ("alexw", "Photos", "The photos are in the shared folder now."),
    ("isaiahl", "Northwind asks for samples", "They would like five of each colour. Can we?"),
    ("diegos", "Your new team member", "She starts on the first. Shall we meet before?"),
    ("leeg", "Demo on Friday", "I will show the new checkout. Bring questions."),
    ("johannal", "Re: Checkout prototype", "The link works again, sorry."),
    ("nestorw", "Warehouse opening hours", "From next month on we open at seven."),
    ("meganb", "Budget", "The numbers look good; two questions inside."),
    ("alexw", "Catalogue, second proof", "Please look at pages 12 to 18."),
    ("isaiahl", "Customer feedback", "Collected on Monday in three stores."),
    ("diegos", "Training days", "Choose two of the four dates, please."),
    ("leeg", "Road map", "Attached as promised."),
    ("meganb", "Fabrikam's visit", "They arrive at ten. Conf Room Baker is ours."),
    ("nestorw", "Returns in October", "Fewer than last year."),
];

impl Builder {
    /// What is in the named people's mailboxes beside calendars.
    pub(super) fn mail_contacts_and_files(&mut self) {
        for account in ["adelev", "meganb", "alexw", "diegos", "leeg", "johannal", "isaiahl", "nestorw"] {
            let owner = ids::guid(&format!("{account}@{CONTOSO}"));
            self.inbox(&owner, account);
            self.contacts(&owner);
            self.files(&owner, account);
        }
    }

    fn inbox(&mut self, owner: &str, account: &str) {
        for (number, (from, subject, text)) in (0_i64..).zip(MAIL.iter().filter(|(from, ..)| *from != account)) {
            let (id, change, sent) = (self.world.next_id(), self.world.next_change(), self.long_ago() + TimeDelta::hours(26 * number));
            let Some(from) = self.world.user(&format!("{from}@{CONTOSO}")) else { continue };
            let from = Address { name: from.display_name.clone(), address: from.user_principal_name.clone() };
            let Some(mailbox) = self.world.mailboxes.get_mut(owner) else { continue };
            let folder_id = mailbox.mail.folder("inbox").map(|folder| folder.id.clone()).unwrap_or_default();
            mailbox.mail.messages.push(Message {
                folder_id,
                change,
                moves: 0,
                created: sent,
                modified: sent,
                received: sent,
                sent,
                subject: (*subject).to_owned(),
                body: Body { html: true, content: format!("<html><head></head><body><p>{text}</p></body></html>") },
                from,
                to: vec![mailbox.owner.clone()],
                cc: Vec::new(),
                bcc: Vec::new(),
                reply_to: Vec::new(),
                is_read: number < 9,
                is_draft: false,
                importance: if number == 3 { Importance::High } else { Importance::Normal },
                categories: Vec::new(),
                conversation: id.clone(),
                internet_message_id: format!("<{change:012x}@{CONTOSO}>"),
                attachments: Vec::new(),
                meeting: None,
                headers: Vec::new(),
                flag: None,
                id,
            });
        }
    }

    fn contacts(&mut self, owner: &str) {
        let people = [
            ("Pavel", "Bansky", "Fabrikam", "pavelb@fabrikam.example"),
            ("Marie", "Dubois", "Northwind", "marie@northwind.example"),
            ("Jordan", "Miller", "Tailspin Toys", "jordan@tailspin.example"),
        ];
        for (given, family, company, address) in people {
            let (id, change, now) = (self.world.next_id(), self.world.next_change(), self.long_ago());
            let Some(mailbox) = self.world.mailboxes.get_mut(owner) else { continue };
            let name = format!("{given} {family}");
            let fields = json!({
                "createdDateTime": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                "lastModifiedDateTime": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                "givenName": given, "surname": family, "displayName": name, "fileAs": format!("{family}, {given}"), "companyName": company,
                "emailAddresses": [{ "name": name, "address": address }],
            });
            let fields: Map<String, Value> = fields.as_object().cloned().unwrap_or_default();
            let folder_id = mailbox.contact_folder_id.clone();
            mailbox.contacts.push(Contact { id, change, folder_id, fields });
        }
    }

    fn files(&mut self, owner: &str, account: &str) {
        let now = self.long_ago();
        let mut number = 0;
        let mut item = |change: u64, parent: Option<String>, name: &str, text: Option<&str>| {
            number += 1;
            DriveItem {
                id: format!("01{}", ids::guid(&format!("file {account} {number}")).replace('-', "").to_uppercase()),
                parent,
                name: name.to_owned(),
                file: text.map(|text| FileContent { mime_type: "text/plain".to_owned(), bytes: text.as_bytes().to_vec() }),
                created: now,
                modified: now,
                change,
                ..DriveItem::default()
            }
        };
        let changes = [(); 5].map(|()| self.world.next_change());
        let Some(mailbox) = self.world.mailboxes.get_mut(owner) else { return };
        let root = mailbox.drive.root().map(|root| root.id.clone());
        let documents = item(changes[0], root.clone(), "Documents", None);
        let inside = Some(documents.id.clone());
        let items = [
            item(changes[1], root.clone(), "Attachments", None),
            item(changes[2], inside.clone(), "Agenda.txt", Some("1. Welcome\n2. Numbers\n3. Next steps\n")),
            item(changes[3], inside, "Spring campaign.txt", Some("Ideas for spring.\n")),
            item(changes[4], root, "Notes.txt", Some("Nothing yet.\n")),
        ];
        mailbox.drive.items.push(documents);
        mailbox.drive.items.extend(items);
    }
}
