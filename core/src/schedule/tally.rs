//! Everybody merged, for every start at once. Owns who rules a start out, quorums and scores; leaves choosing among starts to `search`.

use super::{
    HoursPolicy, Role,
    bits::Bits,
    field::{Field, Planes},
    prepare::Rules,
};

/// What the people say of every start. Somebody who is left out by the rules is counted all the same: `passing` and `score` take them out.
pub(super) struct Tally {
    /// Where the organizer rules it out.
    organizer: Bits,
    /// Without a quorum: where at least one required person rules it out, and where at least two do.
    one: Bits,
    two: Bits,
    /// Under a quorum: how many required people attend.
    attending: Vec<i32>,
    /// Σ weight · chance · hours of everybody; empty where nobody asked for scores.
    points: Vec<i32>,
    /// Σ weight of everybody.
    weight: i64,
}

impl Tally {
    /// Merges everybody. What somebody costs is noted where it begins and ends, so that no work is done for a person at a start.
    pub(super) fn new(field: &Field<'_>, rules: &Rules, scored: bool) -> Self {
        let prepared = field.prepared;
        let count = field.starts.len();
        let quorum = prepared.quorum(rules).is_some();
        let mut tally = Self {
            organizer: Bits::new(count),
            one: Bits::new(count),
            two: Bits::new(count),
            attending: Vec::new(),
            points: Vec::new(),
            weight: prepared.people.iter().map(|person| i64::from(person.weight())).sum(),
        };
        let mut noted = vec![0; if scored || quorum { count + 1 } else { 0 }];
        let mut planes = Planes::new(count);
        for (number, group) in prepared.groups.iter().enumerate() {
            let outside = &field.outside[number];
            let hours_count = rules.hours != HoursPolicy::Ignore && outside.is_used();
            let mut weight = 0;
            for member in &group.members {
                let person = &prepared.people[*member];
                let counted = quorum && person.role == Role::Required;
                field.read_person(person, rules, counted, &mut planes);
                let mut absence = if counted { ABSENCE } else { 0 };
                if scored {
                    weight += i64::from(person.weight());
                    for (plane, chance) in [(&planes.blocked, 0), (&planes.unknown, 49), (&planes.tentative, 50)] {
                        let loss = (100 - chance) * i64::from(person.weight());
                        // Where being blocked is all that keeps them away, both are noted at once.
                        let absence = if std::ptr::eq(plane, planes.absent()) { std::mem::take(&mut absence) } else { 0 };
                        plane.add_runs(INSIDE * loss + absence, &mut noted);
                        if hours_count {
                            plane.add_common_runs(outside, (OUTSIDE - INSIDE) * loss, &mut noted);
                        }
                    }
                }
                if absence > 0 {
                    planes.absent().add_runs(absence, &mut noted);
                }
                match person.role {
                    Role::Organizer => tally.organizer.clone_from(planes.absent()),
                    Role::Required if !quorum => tally.rule_out(planes.absent()),
                    Role::Required | Role::Optional | Role::Resource => {}
                }
            }
            if hours_count {
                outside.add_runs((INSIDE - OUTSIDE) * 100 * weight, &mut noted);
            }
        }
        // What was noted becomes what is left; the last entry notes what ends behind the last start.
        noted.pop();
        let mut lost = 0;
        for start in &mut noted {
            lost += *start;
            *start = lost;
        }
        if scored {
            let all = INSIDE * 100 * tally.weight;
            tally.points = noted.iter().map(|lost| (all - lost % ABSENCE) as i32).collect();
        }
        if quorum {
            let required = prepared.people.iter().filter(|person| person.role == Role::Required).count() as i64;
            tally.attending = noted.iter().map(|lost| (required - lost / ABSENCE) as i32).collect();
        }
        tally
    }

    fn rule_out(&mut self, absent: &Bits) {
        let words = self.one.words_mut().iter_mut().zip(self.two.words_mut()).zip(absent.words());
        for ((one, two), absent) in words {
            *two |= *one & absent;
            *one |= absent;
        }
    }

    /// Where the people can meet. `left_out` are the planes of whoever the rules leave out.
    pub(super) fn passing(&self, field: &Field<'_>, rules: &Rules, left_out: Option<&Planes>) -> Bits {
        let prepared = field.prepared;
        let mut passing = field.all.clone();
        let role = rules.without.map(|number| prepared.people[number].role);
        if rules.needs_organizer && role != Some(Role::Organizer) {
            passing.and_not(&self.organizer);
        }
        let absent = left_out.filter(|_| role == Some(Role::Required)).map(Planes::absent);
        if let Some(needed) = prepared.quorum(rules) {
            let needed = i32::try_from(needed).unwrap_or(i32::MAX);
            for (number, (word, attending)) in passing.words_mut().iter_mut().zip(self.attending.chunks(64)).enumerate() {
                let theirs = absent.map_or(u64::MAX, |absent| absent.words()[number]);
                let mut enough = 0;
                for (bit, attending) in attending.iter().enumerate() {
                    let attending = attending - i32::from((theirs >> bit) & 1 == 0);
                    enough |= u64::from(attending >= needed) << bit;
                }
                *word &= enough;
            }
            return passing;
        }
        match absent {
            None => passing.and_not(&self.one),
            // Where they are absent, only a second one rules the start out.
            Some(absent) => {
                let mut others = self.one.clone();
                others.and_not(absent);
                passing.and_not(&others);
                passing.and_not(&self.two);
            }
        }
        passing
    }

    /// Drops the starts that fail whichever one person is left out.
    pub(super) fn drop_hopeless(&self, starts: &mut Bits) {
        starts.and_not(&self.two);
    }

    /// Σ weight · chance · hours at a start. `left_out` as above.
    pub(super) fn points(&self, field: &Field<'_>, start: usize, rules: &Rules, left_out: Option<&Planes>) -> i32 {
        let points = self.points.get(start).copied().unwrap_or_default();
        let (Some(number), Some(planes)) = (rules.without, left_out) else { return points };
        let person = &field.prepared.people[number];
        let chance = if planes.blocked.get(start) {
            0
        } else if planes.unknown.get(start) {
            49
        } else if planes.tentative.get(start) {
            50
        } else {
            100
        };
        let outside = rules.hours != HoursPolicy::Ignore && field.outside[person.group].get(start);
        points - person.weight() * chance * (if outside { OUTSIDE } else { INSIDE }) as i32
    }

    /// Σ weight of whoever counts.
    pub(super) fn weight(&self, field: &Field<'_>, rules: &Rules) -> i64 {
        self.weight - rules.without.map_or(0, |number| i64::from(field.prepared.people[number].weight()))
    }
}

/// The factors of hours.
const INSIDE: i64 = 10;
const OUTSIDE: i64 = 6;

/// One absence, noted in the same number as lost points, of which there are always fewer: 100 000 people have 4 · 10⁸.
const ABSENCE: i64 = 1 << 32;

/// The score in tenths of so many points, rounded half up; 100 where nobody has a weight.
pub(super) fn score(points: i32, weight: i64) -> u32 {
    if weight == 0 {
        return 1000;
    }
    // points / (10 · weight) with one decimal is points / weight in tenths.
    u32::try_from((2 * i64::from(points) + weight) / (2 * weight)).unwrap_or_default()
}

/// The least number of points that has a score.
pub(super) fn least_points(score: u32, weight: i64) -> i32 {
    // (2 · points + weight) / (2 · weight) ≥ score, solved for points.
    i32::try_from(i64::from(score) * weight - weight / 2).unwrap_or(i32::MAX)
}
