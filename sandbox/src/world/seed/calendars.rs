//! How the seed puts events into calendars, and the calendars of people without a part of their own. Owns both; leaves the named people's
//! weeks to `named`.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use serde_json::{Map, Value};

use super::{
    super::{
        event::{Address, Attendee, Body, Event},
        ids,
        mailbox::{Calendar, Found},
        recurrence::{Pattern, Range, Recurrence},
        responses::Answer,
        wire::{AttendeeKind, Importance, PatternKind, RangeKind, Response, Sensitivity, ShowAs, WeekIndex},
        zones::ZonedTime,
    },
    Builder, CONTOSO,
    names::SUBJECTS,
};

/// The most events that `load` makes.
const LOAD: u64 = 100_000;

/// An event to be.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    pub(super) subject: &'a str,
    /// Days after the seed's Monday.
    pub(super) day: i64,
    /// (hour, minute) in the owner's zone.
    pub(super) at: (u32, u32),
    /// Whole days make an all-day event.
    pub(super) minutes: i64,
    pub(super) show_as: ShowAs,
    pub(super) sensitivity: Sensitivity,
    pub(super) location: &'a str,
    /// Accounts at Contoso, or whole addresses.
    pub(super) invited: &'a [&'a str],
    pub(super) rooms: &'a [&'a str],
    pub(super) repeats: Repeats<'a>,
    pub(super) body: &'a str,
    pub(super) online: bool,
    /// Sent so lately that nobody has answered.
    pub(super) unanswered: bool,
}

/// How an event to be repeats.
#[derive(Debug, Clone, Copy)]
pub(super) enum Repeats<'a> {
    Once,
    /// Every so many weeks on these days, since so many weeks before the Monday: far enough to cross both clock changes.
    Weekly {
        every: u32,
        on: &'a [Weekday],
        since_weeks: i64,
    },
    /// On the first (…, last) such weekday of each month, for the last and next year.
    Monthly {
        index: WeekIndex,
        on: Weekday,
    },
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            subject: "",
            day: 0,
            at: (9, 0),
            minutes: 30,
            show_as: ShowAs::Busy,
            sensitivity: Sensitivity::Normal,
            location: "",
            invited: &[],
            rooms: &[],
            repeats: Repeats::Once,
            body: "",
            online: false,
            unanswered: false,
        }
    }
}

impl Builder {
    /// Puts an event into its organizer's calendar and sends the invitations. Those invited have accepted unless `unanswered`.
    pub(super) fn put(&mut self, organizer: &str, plan: &Plan<'_>) {
        let address = full(organizer);
        let Some(owner) = self.world.mailbox_at(&address).map(str::to_owned) else { return };
        let now = if plan.unanswered { self.lately() } else { self.long_ago() };
        let Some(event) = self.event(&owner, plan, now) else { return };
        let uid = event.ical_uid.clone();
        let Some(mailbox) = self.world.mailboxes.get_mut(&owner) else { return };
        mailbox.events.push(event);
        let found = Found { index: mailbox.events.len() - 1, date: None };
        if plan.invited.is_empty() && plan.rooms.is_empty() {
            return;
        }
        self.world.send_invitations(&owner, found, &[], false, now);
        if !plan.unanswered {
            for account in plan.invited {
                self.answer(account, &uid, Response::Accepted);
            }
        }
    }

    /// Lets somebody answer an invitation, an hour after most of the calendar was made.
    fn answer(&mut self, account: &str, uid: &str, response: Response) {
        let now = self.long_ago() + TimeDelta::hours(1);
        let Some(owner) = self.world.mailbox_at(&full(account)).map(str::to_owned) else { return };
        let index = self.world.mailboxes.get(&owner).and_then(|mailbox| mailbox.events.iter().position(|event| event.ical_uid == uid));
        if let Some(index) = index {
            let answer = Answer { response, comment: String::new(), send: true, proposal: None };
            self.world.respond(&owner, Found { index, date: None }, answer, now);
        }
    }

    fn event(&mut self, owner: &str, plan: &Plan<'_>, now: DateTime<Utc>) -> Option<Event> {
        let (id, ical_uid, change) = (self.world.next_id(), self.world.next_ical_uid(), self.world.next_change());
        let attendees = self.attendees(plan);
        let mailbox = self.world.mailboxes.get(owner)?;
        let zone = mailbox.settings.zone.clone();
        let (date, recurrence) = self.dates(plan)?;
        let start = date.and_hms_opt(plan.at.0, plan.at.1, 0)?;
        let all_day = plan.minutes % 1440 == 0 && plan.at == (0, 0);
        let mut locations = Vec::new();
        for name in plan.rooms.iter().map(|room| format!("Conf Room {}", capitalised(room))).chain(some(plan.location)) {
            let mut location = Map::new();
            location.insert("displayName".to_owned(), Value::from(name));
            locations.push(location);
        }
        let online = plan.online.then(|| super::super::event::OnlineMeeting {
            provider: "teamsForBusiness".to_owned(),
            join_url: format!("https://teams.microsoft.com/l/meetup-join/{}", ids::guid(&ical_uid)),
            conference_id: format!("{:09}", change * 7919 % 1_000_000_000),
        });
        let reminder_minutes = if all_day { 1080 } else { 15 };
        Some(Event {
            id,
            calendar_id: mailbox.default_calendar_id(),
            ical_uid,
            created: now,
            modified: now,
            change,
            categories: Vec::new(),
            subject: plan.subject.to_owned(),
            body: Body { html: false, content: plan.body.to_owned() },
            importance: Importance::Normal,
            sensitivity: plan.sensitivity,
            show_as: plan.show_as,
            all_day,
            cancelled: false,
            is_organizer: true,
            start: ZonedTime { local: start, zone: zone.clone() },
            end: ZonedTime { local: start + TimeDelta::minutes(plan.minutes), zone },
            recurrence,
            exceptions: Default::default(),
            cancelled_dates: Default::default(),
            locations,
            response: Response::Organizer,
            response_time: None,
            attendees,
            organizer: mailbox.owner.clone(),
            reminder_minutes,
            reminder_on: !all_day,
            snoozed_until: None,
            allow_new_time_proposals: true,
            response_requested: true,
            hide_attendees: false,
            online,
            transaction_id: None,
            attachments: Vec::new(),
        })
    }

    fn attendees(&self, plan: &Plan<'_>) -> Vec<Attendee> {
        let entry = |account: &&str, kind| {
            let address = full(account);
            let name = self.world.user(&address).map(|user| user.display_name.clone());
            let name =
                name.or_else(|| self.world.group(&address).map(|group| group.display_name.clone())).unwrap_or_else(|| address.clone());
            Attendee { kind, email: Address { name, address }, response: Response::None, response_time: None, proposal: None }
        };
        let people = plan.invited.iter().map(|account| entry(account, AttendeeKind::Required));
        people.chain(plan.rooms.iter().map(|room| entry(room, AttendeeKind::Resource))).collect()
    }

    /// The first date, and the series if it is one.
    fn dates(&self, plan: &Plan<'_>) -> Option<(NaiveDate, Option<Recurrence>)> {
        let date = self.monday.checked_add_signed(TimeDelta::days(plan.day))?;
        let mut pattern = Pattern {
            kind: PatternKind::Weekly,
            interval: 1,
            month: 0,
            day_of_month: 0,
            days_of_week: Vec::new(),
            first_day_of_week: Weekday::Sun,
            index: WeekIndex::First,
        };
        let start = match plan.repeats {
            Repeats::Once => return Some((date, None)),
            Repeats::Weekly { every, on, since_weeks } => {
                pattern.interval = every;
                pattern.days_of_week = on.to_vec();
                date - TimeDelta::weeks(since_weeks)
            }
            Repeats::Monthly { index, on } => {
                pattern.kind = PatternKind::RelativeMonthly;
                pattern.days_of_week = vec![on];
                pattern.index = index;
                date.with_day(1)? - TimeDelta::days(335)
            }
        };
        let range = Range { kind: RangeKind::NoEnd, start, end: None, count: 0, zone: None };
        let recurrence = Recurrence { pattern, range };
        let first = recurrence.first()?;
        Some((first, Some(Recurrence { range: Range { start: first, ..recurrence.range }, ..recurrence })))
    }

    /// The weeks of everybody else: stand-ups and one-to-ones, meetings in the team, focus time, leave.
    pub(super) fn team_calendars(&mut self) {
        let contoso = ids::guid(CONTOSO);
        let people: Vec<(String, String)> = self
            .world
            .users
            .iter()
            .filter(|user| user.tenant_id == contoso && !user.room && self.world.mailboxes.contains_key(&user.id))
            .skip(8)
            .map(|user| (user.user_principal_name.clone(), user.department.clone()))
            .collect();
        let mut teams: std::collections::BTreeMap<&str, Vec<&str>> = Default::default();
        for (principal, department) in &people {
            teams.entry(department).or_default().push(principal);
        }
        for team in teams.values() {
            for squad in team.chunks(6) {
                self.squad(squad);
            }
        }
        for (principal, _) in &people {
            self.own_week(principal);
        }
    }

    /// From a scale of 2 on, a calendar of Adele's that no view of her default one shows: 1000 events for each step, sixteen a day, half of
    /// them before the Monday.
    pub(super) fn load(&mut self) {
        let count = if self.scale > 1 { (u64::from(self.scale) * 1_000).min(LOAD) } else { return };
        let (id, change) = (self.world.next_id(), self.world.next_change());
        let owner = ids::guid(&full("adelev"));
        let Some(mailbox) = self.world.mailboxes.get_mut(&owner) else { return };
        let Some(like) = mailbox.default_calendar().cloned() else { return };
        mailbox.calendars.push(Calendar {
            id: id.clone(),
            name: "Load".to_owned(),
            is_default: false,
            change,
            permissions: Vec::new(),
            ..like
        });
        let now = self.long_ago();
        let mut events = Vec::new();
        for number in 0..count {
            let day = i64::try_from(number / 16).unwrap_or_default() - i64::try_from(count / 32).unwrap_or_default();
            let half_hour = u32::try_from(number % 16).unwrap_or_default();
            let at = (8 + half_hour / 2, 30 * (half_hour % 2));
            let subject = format!("Load {number}");
            let event = self.event(&owner, &Plan { subject: &subject, day, at, ..Plan::default() }, now);
            events.extend(event.map(|event| Event { calendar_id: id.clone(), ..event }));
        }
        self.world.mailboxes.entry(owner).and_modify(|mailbox| mailbox.events.append(&mut events));
    }

    /// What a few people who work together have in common.
    fn squad(&mut self, squad: &[&str]) {
        let Some((lead, others)) = squad.split_first() else { return };
        let daily = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        let repeats = Repeats::Weekly { every: 1, on: &daily, since_weeks: 40 };
        let at = (9, 15 * u32::try_from(self.random.below(4)).unwrap_or_default());
        self.put(lead, &Plan { subject: "Daily stand-up", at, minutes: 15, invited: others, repeats, online: true, ..Plan::default() });
        for (number, other) in others.iter().enumerate() {
            let day = i64::try_from(number % 5).unwrap_or_default();
            let on = [daily[number % 5]];
            let repeats = Repeats::Weekly { every: 2, on: &on, since_weeks: 20 };
            let at = (10 + u32::try_from(number / 5).unwrap_or_default(), 30);
            self.put(lead, &Plan { subject: "One-to-one", day, at, invited: &[other], repeats, ..Plan::default() });
        }
        for _ in 0..2 + self.random.below(3) {
            let subject = self.random.pick(&SUBJECTS).unwrap_or("Planning");
            let day = i64::try_from(self.random.below(19)).unwrap_or_default() - 7;
            let at = (
                10 + u32::try_from(self.random.below(6)).unwrap_or_default(),
                30 * u32::try_from(self.random.below(2)).unwrap_or_default(),
            );
            let weekend = day.rem_euclid(7) > 4;
            let most = 1 + self.random.below(others.len().max(1));
            let invited = others.get(..most).unwrap_or(others);
            let minutes = if self.random.chance(50) { 60 } else { 30 };
            if !weekend {
                self.put(lead, &Plan { subject, day, at, minutes, invited, online: true, ..Plan::default() });
            }
        }
    }

    /// What somebody has for themselves.
    fn own_week(&mut self, account: &str) {
        let day = i64::try_from(self.random.below(5)).unwrap_or_default();
        match self.random.below(100) {
            0..6 => {
                let minutes = 1440 * i64::try_from(1 + self.random.below(5)).unwrap_or(1);
                self.put(account, &Plan { subject: "Annual leave", day, at: (0, 0), minutes, show_as: ShowAs::Oof, ..Plan::default() });
            }
            6..14 => {
                let show_as = ShowAs::WorkingElsewhere;
                self.put(account, &Plan { subject: "Working from home", day: 4, at: (0, 0), minutes: 1440, show_as, ..Plan::default() });
            }
            14..24 => {
                let sensitivity = Sensitivity::Private;
                self.put(account, &Plan { subject: "Doctor", day, at: (8, 0), minutes: 60, sensitivity, ..Plan::default() });
            }
            24..40 => {
                let show_as = ShowAs::Tentative;
                self.put(account, &Plan { subject: "Hold: customer visit", day, at: (15, 0), minutes: 90, show_as, ..Plan::default() });
            }
            _ => {}
        }
        if self.random.chance(60) {
            let on = [[Weekday::Tue], [Weekday::Thu]][self.random.below(2)];
            let repeats = Repeats::Weekly { every: 1, on: &on, since_weeks: 12 };
            let day = i64::from(on[0].num_days_from_monday());
            self.put(account, &Plan { subject: "Focus time", day, at: (13, 0), minutes: 120, repeats, ..Plan::default() });
        }
    }
}

/// The address of an account at Contoso, unless it is an address already.
fn full(account: &str) -> String {
    if account.contains('@') { account.to_owned() } else { format!("{account}@{CONTOSO}") }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
