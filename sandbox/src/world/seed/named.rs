//! The weeks of the people who are known by name, Adele's above all: what documents, demonstrations and checks look at. Owns these alone.

use chrono::Weekday;

use super::{
    super::wire::{Sensitivity, ShowAs, WeekIndex},
    Builder,
    calendars::{Plan, Repeats},
};

const DAY: i64 = 1440;
const WORKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

impl Builder {
    /// Adele's, Megan's, Alex's and the others' calendars. Times are in each organizer's own zone.
    pub(super) fn named_calendars(&mut self) {
        self.adeles_own();
        self.adeles_meetings();
        self.unanswered();
        self.others();
    }

    fn adeles_own(&mut self) {
        let plan = Plan::default();
        let weekly = |on| Repeats::Weekly { every: 1, on, since_weeks: 30 };
        let private = Sensitivity::Private;
        self.put(
            "adelev",
            &Plan { subject: "Focus time", day: 1, at: (9, 0), minutes: 120, repeats: weekly(&[Weekday::Tue]), ..plan.clone() },
        );
        self.put(
            "adelev",
            &Plan { subject: "Lunch", at: (12, 0), minutes: 60, repeats: weekly(&WORKDAYS), show_as: ShowAs::Free, ..plan.clone() },
        );
        self.put(
            "adelev",
            &Plan { subject: "Dentist", day: 3, at: (8, 0), minutes: 60, sensitivity: private, location: "Dr. Braun", ..plan.clone() },
        );
        let home = ShowAs::WorkingElsewhere;
        self.put("adelev", &Plan { subject: "Working from home", day: 4, at: (0, 0), minutes: DAY, show_as: home, ..plan.clone() });
        self.put("adelev", &Plan { subject: "Father's birthday", day: 2, at: (0, 0), minutes: DAY, show_as: ShowAs::Free, ..plan.clone() });
        self.put(
            "adelev",
            &Plan { subject: "Winter holiday", day: 14, at: (0, 0), minutes: 5 * DAY, show_as: ShowAs::Oof, ..plan.clone() },
        );
        let hold = ShowAs::Tentative;
        self.put("adelev", &Plan { subject: "Hold: supplier visit", day: 3, at: (15, 0), minutes: 90, show_as: hold, ..plan.clone() });
        self.put("adelev", &Plan { subject: "Flight to London", day: 8, at: (18, 30), minutes: 120, show_as: ShowAs::Oof, ..plan.clone() });
    }

    fn adeles_meetings(&mut self) {
        let plan = Plan { body: "Agenda follows.", ..Plan::default() };
        let weekly = |on| Repeats::Weekly { every: 1, on, since_weeks: 40 };
        let team = ["meganb", "alexw", "isaiahl"];
        self.put(
            "adelev",
            &Plan {
                subject: "Retail stand-up",
                at: (9, 30),
                minutes: 15,
                invited: &["alexw", "johannal"],
                repeats: weekly(&[Weekday::Mon, Weekday::Wed, Weekday::Fri]),
                online: true,
                ..plan.clone()
            },
        );
        // Organized in London at a fixed London time: it crosses both clock changes for everybody.
        self.put(
            "meganb",
            &Plan {
                subject: "Marketing weekly",
                day: 1,
                at: (13, 0),
                minutes: 60,
                invited: &["adelev", "alexw", "isaiahl"],
                repeats: weekly(&[Weekday::Tue]),
                online: true,
                ..plan.clone()
            },
        );
        // From New York: the clocks there change on other dates than Adele's, so that it moves by an hour for some weeks.
        self.put(
            "diegos",
            &Plan {
                subject: "People partners",
                day: 2,
                at: (9, 0),
                minutes: 45,
                invited: &["adelev", "nestorw"],
                repeats: weekly(&[Weekday::Wed]),
                ..plan.clone()
            },
        );
        self.put(
            "meganb",
            &Plan {
                subject: "Adele / Megan one-to-one",
                day: 3,
                at: (10, 0),
                invited: &["adelev"],
                repeats: Repeats::Weekly { every: 2, on: &[Weekday::Thu], since_weeks: 40 },
                ..plan.clone()
            },
        );
        self.put(
            "adelev",
            &Plan { subject: "Store layout review", day: 2, at: (14, 0), minutes: 60, invited: &team, rooms: &["adams"], ..plan.clone() },
        );
        self.put(
            "alexw",
            &Plan {
                subject: "Campaign numbers",
                day: 3,
                at: (12, 30),
                invited: &["adelev", "meganb"],
                location: "Alex's desk",
                ..plan.clone()
            },
        );
        self.put(
            "adelev",
            &Plan {
                subject: "Quarterly review with Fabrikam",
                day: 4,
                at: (10, 0),
                minutes: 60,
                invited: &["meganb", "renev@fabrikam.onmicrosoft.com"],
                rooms: &["baker"],
                online: true,
                ..plan.clone()
            },
        );
        self.put(
            "adelev",
            &Plan {
                subject: "Monthly budget",
                at: (11, 0),
                minutes: 60,
                invited: &["meganb"],
                repeats: Repeats::Monthly { index: WeekIndex::First, on: Weekday::Mon },
                ..plan.clone()
            },
        );
        self.put(
            "leeg",
            &Plan { subject: "Product demo", day: 4, at: (18, 30), minutes: 60, invited: &["adelev", "johannal"], ..plan.clone() },
        );
    }

    /// Invitations of this week that Adele has not answered.
    fn unanswered(&mut self) {
        let plan = Plan { unanswered: true, ..Plan::default() };
        self.put(
            "meganb",
            &Plan {
                subject: "Spring campaign kick-off",
                day: 2,
                at: (9, 30),
                minutes: 60,
                invited: &["adelev", "alexw", "isaiahl"],
                body: "Please bring your ideas for the spring campaign.",
                online: true,
                ..plan.clone()
            },
        );
        self.put(
            "johannal",
            &Plan {
                subject: "Checkout prototype",
                day: 3,
                at: (13, 30),
                minutes: 45,
                invited: &["adelev", "leeg"],
                rooms: &["hood"],
                body: "A first look at the new checkout.",
                ..plan.clone()
            },
        );
        self.put(
            "alexw",
            &Plan {
                subject: "Photo selection",
                day: 4,
                at: (15, 0),
                invited: &["adelev"],
                body: "Which of the shots go into the catalogue?",
                ..plan.clone()
            },
        );
        self.put(
            "nestorw",
            &Plan {
                subject: "Warehouse tour planning",
                day: 1,
                at: (8, 30),
                invited: &["adelev", "diegos"],
                body: "When would the tour suit you?",
                ..plan
            },
        );
    }

    fn others(&mut self) {
        let plan = Plan::default();
        let weekly = |on| Repeats::Weekly { every: 1, on, since_weeks: 30 };
        let private = Sensitivity::Private;
        self.put(
            "meganb",
            &Plan { subject: "Board preparation", at: (9, 0), minutes: 90, repeats: weekly(&[Weekday::Mon]), ..plan.clone() },
        );
        self.put("meganb", &Plan { subject: "School play", day: 3, at: (15, 0), minutes: 120, sensitivity: private, ..plan.clone() });
        self.put(
            "alexw",
            &Plan { subject: "Focus time", day: 2, at: (9, 0), minutes: 90, repeats: weekly(&[Weekday::Wed]), ..plan.clone() },
        );
        self.put("alexw", &Plan { subject: "Annual leave", day: 7, at: (0, 0), minutes: 2 * DAY, show_as: ShowAs::Oof, ..plan.clone() });
        self.put(
            "isaiahl",
            &Plan { subject: "Customer call: Northwind", day: 1, at: (10, 0), minutes: 60, location: "Phone", ..plan.clone() },
        );
        self.put("nestorw", &Plan { subject: "Operations review", at: (10, 0), minutes: 60, invited: &["diegos", "leeg"], ..plan.clone() });
        self.put("leeg", &Plan { subject: "Architecture hour", day: 1, at: (11, 0), minutes: 60, invited: &["johannal"], ..plan.clone() });
        let hold = ShowAs::Tentative;
        self.put("diegos", &Plan { subject: "Hold: interviews", day: 3, at: (13, 0), minutes: 180, show_as: hold, ..plan.clone() });
        let home = ShowAs::WorkingElsewhere;
        self.put("johannal", &Plan { subject: "Working from home", at: (0, 0), minutes: DAY, show_as: home, ..plan.clone() });
        self.put(
            "sandy.lane@outlook.com",
            &Plan { subject: "Yoga", day: 2, at: (18, 0), minutes: 60, repeats: weekly(&[Weekday::Wed]), ..plan.clone() },
        );
    }
}
