//! The seed's people and groups with their mailboxes' settings. Owns who exists; leaves what is in the mailboxes to the others.

use chrono::{NaiveTime, Weekday};
use serde_json::json;

use super::{
    super::{
        User,
        directory::Group,
        drive::{Drive, DriveItem},
        event::Address,
        ids,
        mail::{Folder, MailStore},
        mailbox::{Calendar, CalendarGroup, Category, MY_ORGANIZATION, Mailbox, Permission},
        settings::{CustomZone, HoursZone, Purpose, Settings, Transition, WorkingHours},
        wire::Role,
        zones::Zone,
    },
    Builder, CONTOSO, FABRIKAM,
    names::{DEPARTMENTS, FAMILY, GIVEN},
};

/// How many people work at Contoso, before scaling.
const PEOPLE: usize = 240;
/// Beyond so many people, nobody gets a mailbox: they are in the directory alone, which is what a million of them is for.
const MAILBOXES: usize = 2_400;
/// The group that is there from a scale of 2 on.
const ALL_COMPANY: usize = 1_000;

/// The zones of Contoso's offices: half-hour and 45-minute offsets, one without daylight saving time and one south of the equator.
pub(super) const ZONES: [&str; 9] = [
    "W. Europe Standard Time",
    "GMT Standard Time",
    "FLE Standard Time",
    "Eastern Standard Time",
    "Pacific Standard Time",
    "US Mountain Standard Time",
    "India Standard Time",
    "Nepal Standard Time",
    "AUS Eastern Standard Time",
];

/// (name, account, title, department, office, zone as set in the mailbox)
const NAMED: [(&str, &str, &str, &str, &str, &str); 8] = [
    ("Adele Vance", "adelev", "Retail Manager", "Marketing", "18/2111", "W. Europe Standard Time"),
    ("Megan Bowen", "meganb", "Marketing Director", "Marketing", "12/1110", "GMT Standard Time"),
    ("Alex Wilber", "alexw", "Marketing Assistant", "Marketing", "131/1104", "FLE Standard Time"),
    ("Diego Siciliani", "diegos", "HR Manager", "Human Resources", "14/1108", "Eastern Standard Time"),
    ("Lee Gu", "leeg", "Director", "Engineering", "23/3101", "Asia/Kolkata"),
    ("Johanna Lorenz", "johannal", "Senior Engineer", "Engineering", "23/2102", "W. Europe Standard Time"),
    ("Isaiah Langer", "isaiahl", "Sales Representative", "Sales", "20/1101", "Pacific Standard Time"),
    ("Nestor Wilke", "nestorw", "Director", "Operations", "36/2121", "US Mountain Standard Time"),
];

impl Builder {
    /// Contoso's people, Fabrikam's and the one personal account.
    pub(super) fn people(&mut self) {
        for (name, account, title, department, office, zone) in NAMED {
            let id = self.person(name, account, CONTOSO, title, department, zone);
            let Some(user) = self.world.users.iter_mut().find(|user| user.id == id) else { continue };
            user.office_location = office.to_owned();
            user.admin = account == "meganb";
            user.password = (account == "diegos").then(|| "Contoso-2026".to_owned());
        }
        for number in 0..PEOPLE * self.scale as usize - NAMED.len() {
            let (given, family) = (GIVEN[number % GIVEN.len()], FAMILY[(number + number / GIVEN.len()) % FAMILY.len()]);
            // The pairs repeat after the product of both lists' lengths; a number keeps accounts apart beyond.
            let round = number / (GIVEN.len() * FAMILY.len());
            let suffix = if round == 0 { String::new() } else { round.to_string() };
            let account = format!("{}.{}{suffix}", given.to_lowercase(), family.to_lowercase());
            let (department, titles) = DEPARTMENTS[number % DEPARTMENTS.len()];
            let title = if number < DEPARTMENTS.len() { titles[0] } else { titles[1 + self.random.below(titles.len() - 1)] };
            let zone = ZONES[self.random.below(ZONES.len())];
            let name = format!("{given} {family}");
            if NAMED.len() + number < MAILBOXES {
                self.person(&name, &account, CONTOSO, title, department, zone);
            } else {
                self.entry(&name, &account, CONTOSO, title, department);
            }
        }
        for (name, account) in [("Rene Valdes", "renev"), ("Karin Blair", "karinb"), ("Lynne Robbins", "lynner"), ("Tony Krijnen", "tonyk")]
        {
            let id = self.person(name, account, FABRIKAM, "Partner Manager", "Partners", "Romance Standard Time");
            let is_admin = account == "renev";
            if let Some(user) = self.world.users.iter_mut().find(|user| user.id == id) {
                user.admin = is_admin;
            }
        }
        let id = self.person("Sandy Lane", "sandy.lane", "outlook.com", "", "", "GMT Standard Time");
        if let Some(user) = self.world.users.iter_mut().find(|user| user.id == id) {
            user.password = Some("Personal-2026".to_owned());
        }
        self.managers();
        self.special_settings();
    }

    /// Everybody reports to the head of the department, those to Megan.
    fn managers(&mut self) {
        let chief = ids::guid(&format!("meganb@{CONTOSO}"));
        let contoso = ids::guid(CONTOSO);
        let heads: Vec<(String, String)> = DEPARTMENTS
            .iter()
            .filter_map(|(department, titles)| {
                let title = if *department == "Marketing" { "Marketing Director" } else { titles[0] };
                let head = self.world.users.iter().find(|user| user.department == *department && user.job_title == title)?;
                Some(((*department).to_owned(), head.id.clone()))
            })
            .collect();
        for user in self.world.users.iter_mut().filter(|user| user.tenant_id == contoso && user.id != chief) {
            let head = heads.iter().find(|(department, _)| *department == user.department).map(|(_, id)| id);
            user.manager = Some(head.filter(|head| **head != user.id).unwrap_or(&chief).clone());
        }
    }

    /// What differs from the rule: shorter days, a weekend worker, a custom zone, calendars whose subjects everybody may see.
    fn special_settings(&mut self) {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        let custom = CustomZone {
            bias: -60,
            daylight_bias: -60,
            to_standard: Transition { time: at(3, 0), occurrence: 5, weekday: Weekday::Sun, month: 10 },
            to_daylight: Transition { time: at(2, 0), occurrence: 5, weekday: Weekday::Sun, month: 3 },
        };
        self.settings("johannal", |mailbox| mailbox.settings.hours.zone = HoursZone::Custom(custom));
        self.settings("nestorw", |mailbox| mailbox.settings.hours.days.retain(|day| *day != Weekday::Fri));
        self.settings("isaiahl", |mailbox| {
            mailbox.settings.hours.start = at(9, 0);
            mailbox.settings.hours.end = at(18, 0);
        });
        // Megan and Lee let the organization see subjects and places; Alex shares his calendar with Adele, Megan lets her write in hers.
        for account in ["meganb", "leeg"] {
            self.share(account, "", Role::LimitedRead);
        }
        self.share("alexw", "adelev", Role::Read);
        self.share("meganb", "adelev", Role::Write);
    }

    fn settings(&mut self, account: &str, change: impl FnOnce(&mut Mailbox)) {
        let owner = ids::guid(&format!("{account}@{CONTOSO}"));
        if let Some(mailbox) = self.world.mailboxes.get_mut(&owner) {
            change(mailbox);
        }
    }

    fn share(&mut self, account: &str, with: &str, role: Role) {
        let grantee = self
            .world
            .user(&format!("{with}@{CONTOSO}"))
            .map(|user| Address { name: user.display_name.clone(), address: user.user_principal_name.clone() });
        let id = self.world.next_id();
        self.settings(account, |mailbox| {
            let Some(calendar) = mailbox.calendars.first_mut() else { return };
            match grantee {
                Some(grantee) => calendar.permissions.push(Permission { id, grantee, role }),
                None => calendar.permissions.iter_mut().for_each(|permission| permission.role = role),
            }
        });
    }

    /// Somebody with a mailbox.
    pub(super) fn person(&mut self, name: &str, account: &str, domain: &str, title: &str, department: &str, zone: &str) -> String {
        let (id, owner) = self.entry(name, account, domain, title, department);
        self.mailbox(&id, owner, zone, Purpose::User);
        id
    }

    /// An entry in the directory: its id, and the address.
    fn entry(&mut self, name: &str, account: &str, domain: &str, title: &str, department: &str) -> (String, Address) {
        let principal = format!("{account}@{domain}");
        let tenant = self.world.tenants.iter().find(|tenant| tenant.domain == domain).map(|tenant| tenant.id.clone()).unwrap_or_default();
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        let number = self.world.users.len();
        let user = User {
            id: ids::guid(&principal),
            tenant_id: tenant,
            user_principal_name: principal,
            display_name: name.to_owned(),
            given_name: given.to_owned(),
            surname: family.to_owned(),
            job_title: title.to_owned(),
            department: department.to_owned(),
            office_location: format!("{}/{}", 10 + number % 30, 1101 + number % 900),
            mobile_phone: format!("+1 425 555 {:04}", number % 10_000),
            preferred_language: "en-US".to_owned(),
            ..User::default()
        };
        let id = user.id.clone();
        let owner = Address { name: user.display_name.clone(), address: user.user_principal_name.clone() };
        self.world.add_user(user);
        (id, owner)
    }

    /// An empty mailbox with what every new one has.
    pub(super) fn mailbox(&mut self, owner_id: &str, owner: Address, zone: &str, purpose: Purpose) {
        let mut id = || self.world.next_id();
        let (group_id, root) = (id(), id());
        let permission = Permission {
            id: "RGVmYXVsdA==".to_owned(),
            grantee: Address { name: MY_ORGANIZATION.to_owned(), address: String::new() },
            role: Role::FreeBusyRead,
        };
        let calendar = |id, name: &str, is_default, permissions| Calendar {
            id,
            group_id: group_id.clone(),
            name: name.to_owned(),
            color: "auto".to_owned(),
            is_default,
            change: 1,
            permissions,
        };
        let mut calendars = vec![calendar(id(), "Calendar", true, vec![permission])];
        if purpose == Purpose::User {
            calendars.push(calendar(id(), "Birthdays", false, Vec::new()));
        }
        let well_known = ["inbox", "drafts", "sentitems", "deleteditems", "archive", "junkemail", "outbox"];
        let names = ["Inbox", "Drafts", "Sent Items", "Deleted Items", "Archive", "Junk Email", "Outbox"];
        let folders = well_known.iter().zip(names).map(|(well_known, name)| Folder {
            id: id(),
            parent_id: root.clone(),
            display_name: name.to_owned(),
            well_known: (*well_known).to_owned(),
            search: None,
        });
        let folders = folders.collect();
        let categories = [("Red category", "preset0"), ("Green category", "preset4"), ("Blue category", "preset7")];
        let zone = Zone::named(zone).unwrap_or_else(Zone::utc);
        let mailbox = Mailbox {
            settings: settings(zone, purpose),
            calendar_groups: vec![CalendarGroup {
                id: group_id.clone(),
                name: "My Calendars".to_owned(),
                class_id: "0006f0b7-0000-0000-c000-000000000046".to_owned(),
                change: 1,
            }],
            calendars,
            events: Vec::new(),
            mail: MailStore { folders, messages: Vec::new() },
            contacts: Vec::new(),
            contact_folder_id: id(),
            contact_folders: Vec::new(),
            attachment_uploads: Default::default(),
            categories: categories
                .iter()
                .map(|(name, color)| Category {
                    id: ids::guid(&format!("{name}{owner_id}")),
                    display_name: (*name).to_owned(),
                    color: (*color).to_owned(),
                })
                .collect(),
            drive: Drive { id: format!("b!{}", ids::guid(&format!("drive {owner_id}")).replace('-', "")), ..Drive::default() },
            owner,
        };
        self.world.mailboxes.insert(owner_id.to_owned(), mailbox);
        let (root_id, created) = (format!("01{}", ids::guid(&format!("root {owner_id}")).replace('-', "").to_uppercase()), self.long_ago());
        if let Some(mailbox) = self.world.mailboxes.get_mut(owner_id) {
            let root = DriveItem { id: root_id, name: "root".to_owned(), created, modified: created, change: 1, ..DriveItem::default() };
            mailbox.drive.items.push(root);
        }
    }

    /// Twelve groups: half of them Microsoft 365 groups with a mailbox, one of 150 people.
    pub(super) fn groups(&mut self) {
        let contoso = ids::guid(CONTOSO);
        let people: Vec<(String, String)> = self
            .world
            .users
            .iter()
            .filter(|user| user.tenant_id == contoso && !user.room)
            .map(|user| (user.id.clone(), user.department.clone()))
            .collect();
        let owner = ids::guid(&format!("meganb@{CONTOSO}"));
        let of = |departments: &[&str], most: usize| -> Vec<String> {
            people
                .iter()
                .filter(|(_, department)| departments.contains(&department.as_str()))
                .map(|(id, _)| id.clone())
                .take(most)
                .collect()
        };
        let named: Vec<String> = people.iter().take(8).map(|(id, _)| id.clone()).collect();
        let groups: [(&str, &str, bool, Vec<String>); 12] = [
            ("Sales and Marketing", "salesandmarketing", true, of(&["Sales", "Marketing"], 12)),
            ("Contoso Town Hall", "townhall", true, people.iter().map(|(id, _)| id.clone()).take(150).collect()),
            ("Mark 8 Project Team", "mark8project", true, named.clone()),
            ("Engineering", "engineering", true, of(&["Engineering"], 40)),
            ("Design", "design", true, of(&["Design"], 30)),
            ("Leadership", "leadership", true, named.iter().take(4).cloned().collect()),
            ("Finance Team", "finance", false, of(&["Finance"], 30)),
            ("Operations", "operations", false, of(&["Operations"], 30)),
            ("People Team", "people", false, of(&["Human Resources"], 30)),
            ("Legal Team", "legal", false, of(&["Legal"], 30)),
            ("Three at Retail", "retail", false, named.iter().take(3).cloned().collect()),
            ("Everyone in Support", "support", false, people.iter().map(|(id, _)| id.clone()).skip(60).take(25).collect()),
        ];
        let everybody = people.iter().map(|(id, _)| id.clone()).take(ALL_COMPANY).collect();
        let larger = (self.scale > 1).then_some(("All Company", "allcompany", false, everybody));
        for (name, alias, unified, members) in groups.into_iter().chain(larger) {
            let mail = format!("{alias}@{CONTOSO}");
            let id = ids::guid(&mail);
            if unified {
                let address = Address { name: name.to_owned(), address: mail.clone() };
                self.mailbox(&id, address, ZONES[0], Purpose::Others);
            }
            self.world.groups.push(Group {
                id,
                tenant_id: contoso.clone(),
                display_name: name.to_owned(),
                description: format!("{name} at Contoso"),
                mail,
                unified,
                owners: vec![owner.clone()],
                members,
            });
        }
    }
}

fn settings(zone: Zone, purpose: Purpose) -> Settings {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let nowhere = json!({ "dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC" });
    Settings {
        hours: WorkingHours {
            days: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
            start: at(8),
            end: at(17),
            zone: HoursZone::Named(zone.clone()),
        },
        zone,
        locale: "en-US".to_owned(),
        date_format: "M/d/yyyy".to_owned(),
        time_format: "h:mm tt".to_owned(),
        delivery: "sendToDelegateOnly".to_owned(),
        automatic_replies: json!({
            "status": "disabled", "externalAudience": "all", "internalReplyMessage": "", "externalReplyMessage": "",
            "scheduledStartDateTime": nowhere, "scheduledEndDateTime": nowhere,
        }),
        purpose,
    }
}
