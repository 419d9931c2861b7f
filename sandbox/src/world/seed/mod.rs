//! The seeded world: deterministic from a number and a Monday. Owns the order of building; leaves people, rooms, calendars and the rest to the
//! modules below.

mod calendars;
mod guarded;
mod items;
mod named;
mod names;
mod people;
mod places;
mod random;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use self::random::Random;
use super::{Tenant, World, ids};

/// Contoso's domain.
pub(crate) const CONTOSO: &str = "contoso.onmicrosoft.com";
/// The second tenant's domain.
pub(crate) const FABRIKAM: &str = "fabrikam.onmicrosoft.com";
/// A third one, whose people cannot consent for themselves.
pub(crate) const LITWARE: &str = "litware.onmicrosoft.com";
/// The tenant id that Microsoft's own directory of personal accounts really has.
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What a world is made from.
#[derive(Debug, Clone)]
pub struct SeedConfig {
    /// The Monday of the week that calendars are filled around; of another day, that week's Monday is taken.
    pub date: NaiveDate,
    /// Worlds with the same number and date are equal.
    pub seed: u64,
    /// Multiplies the number of people; at least 1. From 2 on there are also a group of a thousand and a calendar of Adele's with a thousand
    /// events for each step, up to a hundred thousand; at most 2400 people have mailboxes.
    pub scale: u32,
}

/// What the builders share.
struct Builder {
    world: World,
    random: Random,
    monday: NaiveDate,
    scale: u32,
}

/// Builds the world.
pub(crate) fn build(config: &SeedConfig) -> World {
    let monday = config.date.week(chrono::Weekday::Mon).first_day();
    let world = World { seed: config.seed, ..World::default() };
    let mut builder = Builder { world, random: Random::new(config.seed), monday, scale: config.scale.max(1) };
    builder.tenants();
    builder.people();
    builder.rooms();
    builder.groups();
    builder.named_calendars();
    builder.team_calendars();
    builder.mail_contacts_and_files();
    builder.guarded_accounts();
    builder.load();
    builder.world.order_users();
    builder.world
}

impl Builder {
    /// Three weeks before the Monday, at eight: when most of what is in the calendars was put there.
    fn long_ago(&self) -> DateTime<Utc> {
        (self.monday - Days::new(21)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8)
    }

    /// The Friday before the Monday: when what is still unanswered was sent.
    fn lately(&self) -> DateTime<Utc> {
        (self.monday - Days::new(3)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(13)
    }

    fn tenants(&mut self) {
        let tenant = |domain: &str, name: &str| Tenant {
            id: ids::guid(domain),
            domain: domain.to_owned(),
            display_name: name.to_owned(),
            consumer: false,
            user_consent: true,
        };
        self.world.tenants = vec![
            tenant(CONTOSO, "Contoso"),
            tenant(FABRIKAM, "Fabrikam"),
            Tenant { id: CONSUMERS.to_owned(), consumer: true, ..tenant("outlook.com", "Microsoft account") },
            Tenant { user_consent: false, ..tenant(LITWARE, "Litware") },
        ];
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_world() {
        let config = SeedConfig { date: "2026-11-16".parse().unwrap(), seed: 7, scale: 1 };
        let shown = |world: &World| format!("{:?} {:?} {:?} {:?}", world.users, world.groups, world.rooms, world.mailboxes);
        let (one, other) = (build(&config), build(&config));
        assert_eq!(shown(&one), shown(&other));
        let different = build(&SeedConfig { seed: 8, ..config });
        assert_ne!(shown(&one), shown(&different));
    }

    #[test]
    fn contoso_is_as_large_as_promised() {
        let config = SeedConfig { date: "2026-11-16".parse().unwrap(), seed: 1, scale: 1 };
        let world = build(&config);
        let contoso = ids::guid(CONTOSO);
        let people = world.users.iter().filter(|user| user.tenant_id == contoso && !user.room && user.guest_of.is_none());
        assert_eq!(people.clone().count(), 240);
        let zones: std::collections::BTreeSet<_> =
            people.map(|user| world.mailboxes.get(&user.id).unwrap().settings.zone.tz.name().replace("Calcutta", "Kolkata")).collect();
        assert_eq!(zones.len(), 9, "{zones:?}");
        assert_eq!(world.rooms.len(), 18);
        assert_eq!(world.groups.len(), 12);
        assert!(world.groups.iter().any(|group| group.members.len() == 150));
        assert!(world.mailboxes.values().all(|mailbox| mailbox.default_calendar().is_some()));
    }

    #[test]
    fn a_larger_world_has_more_of_everything() {
        let world = build(&SeedConfig { date: "2026-11-16".parse().unwrap(), seed: 1, scale: 11 });
        let contoso = ids::guid(CONTOSO);
        let people = world.users.iter().filter(|user| user.tenant_id == contoso && !user.room && user.guest_of.is_none());
        assert_eq!(people.clone().count(), 2640);
        assert_eq!(people.filter(|user| world.mailboxes.contains_key(&user.id)).count(), 2400);
        assert_eq!(world.group("allcompany@contoso.onmicrosoft.com").unwrap().members.len(), 1000);
        let adele = &world.mailboxes[world.mailbox_at("adelev@contoso.onmicrosoft.com").unwrap()];
        let load = adele.calendars.iter().find(|calendar| calendar.name == "Load").unwrap();
        assert_eq!(adele.events.iter().filter(|event| event.calendar_id == load.id).count(), 11_000);
        let names: std::collections::BTreeSet<_> = world.users.iter().map(|user| &user.user_principal_name).collect();
        assert_eq!(names.len(), world.users.len(), "every account is one of its own");
    }
}
