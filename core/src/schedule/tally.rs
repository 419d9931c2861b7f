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
    /// Merges people group by group, so that hours are applied once for each group instead of once for each person.
    pub(super) fn new(field: &Field<'_>, rules: &Rules, scored: bool) -> Self {
        let prepared = field.prepared;
        let count = field.starts.len();
        let quorum = prepared.quorum(rules).is_some();
        let required = prepared.people.iter().filter(|person| person.role == Role::Required).count();
        let mut tally = Self {
            organizer: Bits::new(count),
            one: Bits::new(count),
            two: Bits::new(count),
            attending: if quorum { vec![i32::try_from(required).unwrap_or(i32::MAX); count] } else { Vec::new() },
            points: if scored { vec![0; count] } else { Vec::new() },
            weight: prepared.people.iter().map(|person| i64::from(person.weight())).sum(),
        };
        let mut planes = Planes::new(count);
        let mut absences = vec![0; if quorum { count + 1 } else { 0 }];
        let mut losses = vec![0; if scored { count + 1 } else { 0 }];
        for (number, group) in prepared.groups.iter().enumerate() {
            losses.fill(0);
            let mut weight = 0;
            for member in &group.members {
                let person = &prepared.people[*member];
                let required = person.role == Role::Required;
                field.read_person(person, rules, quorum && required, &mut planes);
                if scored {
                    weight += person.weight();
                    planes.blocked.add_runs(100 * person.weight(), &mut losses);
                    planes.unknown.add_runs(51 * person.weight(), &mut losses);
                    planes.tentative.add_runs(50 * person.weight(), &mut losses);
                }
                match person.role {
                    Role::Organizer => tally.organizer.clone_from(&planes.absent),
                    Role::Required if quorum => planes.absent.add_runs(1, &mut absences),
                    Role::Required => tally.rule_out(&planes.absent),
                    Role::Optional | Role::Resource => {}
                }
            }
            let mut loss = 0;
            for (start, points) in tally.points.iter_mut().enumerate() {
                loss += losses[start];
                *points += (100 * weight - loss) * hours_factor(field.outside[number].get(start), rules);
            }
        }
        let mut absent = 0;
        for (attending, change) in tally.attending.iter_mut().zip(&absences) {
            absent += change;
            *attending -= absent;
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
        let absent = left_out.filter(|_| role == Some(Role::Required)).map(|planes| &planes.absent);
        if let Some(needed) = prepared.quorum(rules) {
            let needed = i32::try_from(needed).unwrap_or(i32::MAX);
            for (start, attending) in self.attending.iter().enumerate() {
                let theirs = absent.map_or(0, |absent| i32::from(!absent.get(start)));
                if attending - theirs < needed {
                    passing.clear(start);
                }
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

    /// The score of a start in tenths, rounded half up. `left_out` as above.
    pub(super) fn score(&self, field: &Field<'_>, start: usize, rules: &Rules, left_out: Option<&Planes>) -> u32 {
        let prepared = field.prepared;
        let mut points = i64::from(self.points.get(start).copied().unwrap_or_default());
        let mut weight = self.weight;
        if let (Some(number), Some(planes)) = (rules.without, left_out) {
            let person = &prepared.people[number];
            let loss = if planes.blocked.get(start) {
                100
            } else if planes.unknown.get(start) {
                51
            } else if planes.tentative.get(start) {
                50
            } else {
                0
            };
            let factor = hours_factor(field.outside[person.group].get(start), rules);
            points -= i64::from(person.weight() * (100 - loss) * factor);
            weight -= i64::from(person.weight());
        }
        if weight == 0 {
            return 1000;
        }
        // points / (10 · weight) with one decimal is points / weight in tenths.
        u32::try_from((2 * points + weight) / (2 * weight)).unwrap_or_default()
    }
}

fn hours_factor(outside: bool, rules: &Rules) -> i32 {
    if outside && rules.hours != HoursPolicy::Ignore { 6 } else { 10 }
}
