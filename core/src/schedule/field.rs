//! Somebody's state at every start at once. Owns starts and the planes of bits over them; leaves merging people to `tally`.

use super::{
    HoursPolicy,
    availability::{BUSY, FOREVER, TENTATIVE, Timeline, UNKNOWN},
    bits::Bits,
    hours::periods,
    prepare::{Person, Prepared, Rules},
};

/// Starts in minutes since the epoch, in order.
pub(super) enum Starts {
    /// Evenly apart.
    Even { first: i64, step: i64, count: usize },
    /// Wherever they are.
    Listed(Vec<i64>),
}

impl Starts {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Even { count, .. } => *count,
            Self::Listed(starts) => starts.len(),
        }
    }

    pub(super) fn at(&self, index: usize) -> i64 {
        match self {
            Self::Even { first, step, .. } => first + step * index as i64,
            Self::Listed(starts) => starts.get(index).copied().unwrap_or(FOREVER),
        }
    }

    /// How many lie before a minute.
    fn before(&self, minute: i64) -> usize {
        match self {
            Self::Even { first, step, count } => {
                if minute <= *first {
                    return 0;
                }
                let (past, step) = (minute - first - 1, *step);
                // Division of 32 bits is several times faster, and is all that windows of less than eight thousand years need.
                let steps = match (u32::try_from(past), u32::try_from(step)) {
                    (Ok(past), Ok(step)) => i64::from(past / step),
                    _ => past / step,
                };
                usize::try_from(steps + 1).map_or(*count, |steps| steps.min(*count))
            }
            Self::Listed(starts) => starts.partition_point(|start| *start < minute),
        }
    }
}

/// Starts, and what is the same for everybody.
pub(super) struct Field<'p> {
    pub(super) prepared: &'p Prepared<'p>,
    pub(super) starts: Starts,
    pub(super) duration: i64,
    /// For each group, where a meeting would lie outside its hours.
    pub(super) outside: Vec<Bits>,
    /// For each group, when it works; `None` where nobody is ever outside.
    pub(super) periods: Vec<Option<Vec<(i64, i64)>>>,
    /// Every start.
    pub(super) all: Bits,
}

/// One person's planes, reused from person to person. At each start at most one of the first three is set: the worst.
#[derive(Default)]
pub(super) struct Planes {
    pub(super) blocked: Bits,
    pub(super) unknown: Bits,
    pub(super) tentative: Bits,
    /// Where they do not attend, where that is not just `blocked`.
    more: Bits,
    just_blocked: bool,
}

impl Planes {
    pub(super) fn new(len: usize) -> Self {
        Self { blocked: Bits::new(len), unknown: Bits::new(len), tentative: Bits::new(len), more: Bits::new(len), just_blocked: true }
    }

    /// Where they do not attend: without a quorum where they rule a start out. After [`Field::read_person`].
    pub(super) fn absent(&self) -> &Bits {
        if self.just_blocked { &self.blocked } else { &self.more }
    }
}

impl<'p> Field<'p> {
    pub(super) fn new(prepared: &'p Prepared<'p>, starts: Starts, duration: i64) -> Self {
        let count = starts.len();
        let all = Bits::full(count);
        let (from, to) = if count == 0 { (0, 0) } else { (starts.at(0), starts.at(count - 1) + duration) };
        let mut field = Self { prepared, starts, duration, outside: Vec::new(), periods: Vec::new(), all };
        for group in &prepared.groups {
            let periods = group.shifts().map(|shifts| periods(shifts, from, to));
            let mut outside = Bits::new(count);
            if let Some(periods) = &periods {
                let mut inside = Bits::new(count);
                for (start, end) in periods {
                    inside.set_range(field.starts.before(*start), field.starts.before(end - duration + 1));
                }
                outside = field.all.clone();
                outside.and_not(&inside);
            }
            field.outside.push(outside);
            field.periods.push(periods);
        }
        field
    }

    /// The grid of candidates: every start whose meeting lies inside the window.
    pub(super) fn candidates(prepared: &'p Prepared<'p>, duration: i64) -> Self {
        let (from, to) = prepared.window;
        let step = i64::from(prepared.request.step_minutes);
        let slack = to - duration - from;
        let count = if slack < 0 { 0 } else { usize::try_from(slack / step + 1).unwrap_or_default() };
        Self::new(prepared, Starts::Even { first: from, step, count }, duration)
    }

    /// Fills the first three planes.
    pub(super) fn read(&self, timeline: &Timeline, planes: &mut Planes) {
        planes.blocked.clear_all();
        planes.unknown.clear_all();
        planes.tentative.clear_all();
        let count = self.starts.len();
        if count == 0 {
            return;
        }
        let before = i64::from(self.prepared.request.buffer_before_minutes);
        let after = self.duration + i64::from(self.prepared.request.buffer_after_minutes);
        let (from, to) = (self.starts.at(0) - before, self.starts.at(count - 1) + after);
        let first = timeline.runs.partition_point(|run| run.end <= from);
        for run in timeline.runs[first..].iter().take_while(|run| run.start < to) {
            let plane = match run.severity {
                BUSY.. => &mut planes.blocked,
                UNKNOWN => &mut planes.unknown,
                TENTATIVE => &mut planes.tentative,
                _ => continue,
            };
            // A meeting from s overlaps the run where s − before < run.end and s + after > run.start.
            plane.set_range(self.starts.before(run.start - after + 1), self.starts.before(run.end + before));
        }
        planes.unknown.and_not(&planes.blocked);
        planes.tentative.and_not(&planes.blocked);
        planes.tentative.and_not(&planes.unknown);
    }

    /// Fills all planes. Unknown counts as absent only where the caller says so: under a quorum.
    pub(super) fn read_person(&self, person: &Person, rules: &Rules, unknown_is_absent: bool, planes: &mut Planes) {
        self.read(&person.timeline, planes);
        let outside = &self.outside[person.group];
        let counts = [
            (&planes.unknown, unknown_is_absent),
            (&planes.tentative, !rules.allow_tentative),
            (outside, rules.hours == HoursPolicy::Require),
        ];
        planes.just_blocked = !counts.iter().any(|(plane, counts)| *counts && plane.is_used());
        if !planes.just_blocked {
            planes.more.clone_from(&planes.blocked);
            for (plane, _) in counts.iter().filter(|(_, counts)| *counts) {
                planes.more.or(plane);
            }
        }
    }

    /// Where some room is free that has so many seats.
    pub(super) fn rooms(&self, seats: usize) -> Bits {
        let mut free = Bits::new(self.starts.len());
        let mut planes = Planes::new(self.starts.len());
        for room in &self.prepared.rooms {
            if room.fits(seats) {
                self.read(&room.timeline, &mut planes);
                let words = planes.blocked.words().iter().zip(planes.unknown.words()).zip(planes.tentative.words());
                for (free, ((blocked, unknown), tentative)) in free.words_mut().iter_mut().zip(words) {
                    *free |= !(blocked | unknown | tentative);
                }
            }
        }
        // The complement has set what lies beyond the last start.
        free.and(&self.all);
        free
    }
}
