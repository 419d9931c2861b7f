//! Free/busy of one mailbox. Owns what counts and the view's digits; leaves who may see what to `graph::schedule`.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    mailbox::Mailbox,
    occurrences::{self, Instance},
    wire::ShowAs,
    zones::Zone,
};

impl Mailbox {
    /// What the default calendar holds in `from..to`, cancelled meetings left out, by start.
    pub(crate) fn items(&self, from: DateTime<Utc>, to: DateTime<Utc>, asking: &Zone) -> Vec<Instance<'_>> {
        let mut items = occurrences::between(self.default_events(), from, to, asking);
        items.retain(|instance| !instance.event.cancelled);
        items
    }

    /// The worst status in `from..to`.
    pub(crate) fn status(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> ShowAs {
        let items = self.items(from, to, &self.settings.zone);
        items.iter().map(|instance| instance.event.show_as).max_by_key(|status| weight(*status)).unwrap_or(ShowAs::Free)
    }
}

/// How strongly a status keeps its owner from meeting.
const fn weight(status: ShowAs) -> u8 {
    match status {
        ShowAs::Free | ShowAs::Unknown => 0,
        ShowAs::WorkingElsewhere => 1,
        ShowAs::Tentative => 2,
        ShowAs::Busy => 3,
        ShowAs::Oof => 4,
    }
}

/// The digit of a status in an availability view. Working elsewhere is 0, not 4, since 2024.
const fn digit(status: ShowAs) -> u8 {
    match status {
        ShowAs::Free | ShowAs::WorkingElsewhere | ShowAs::Unknown => 0,
        ShowAs::Tentative => 1,
        ShowAs::Busy => 2,
        ShowAs::Oof => 3,
    }
}

/// One digit for each `interval` from `from`: the greatest of all items that overlap it at all.
pub(crate) fn view(
    items: impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, ShowAs)>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    interval: TimeDelta,
) -> String {
    let step = interval.num_seconds().max(1);
    let length = (to - from).num_seconds().max(0);
    let slots = usize::try_from((length + step - 1) / step).unwrap_or_default();
    let mut digits = vec![0_u8; slots];
    for (start, end, status) in items {
        let first = ((start - from).num_seconds().max(0)) / step;
        let past = ((end - from).num_seconds().clamp(0, length) + step - 1) / step;
        let range = usize::try_from(first).unwrap_or_default()..usize::try_from(past).unwrap_or_default().min(slots);
        for slot in digits.get_mut(range).into_iter().flatten() {
            *slot = (*slot).max(digit(status));
        }
    }
    digits.into_iter().map(|digit| char::from(b'0' + digit)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn check(span: (&str, &str), minutes: i64, items: &[(&str, &str, ShowAs)], expected: &str) {
        let at = |time: &str| -> DateTime<Utc> { format!("2019-03-15T{time}:00Z").parse().unwrap() };
        let items = items.iter().map(|(start, end, status)| (at(start), at(end), *status));
        assert_eq!(view(items, at(span.0), at(span.1), TimeDelta::minutes(minutes)), expected);
    }

    #[test]
    fn a_slot_takes_the_greatest_digit_that_touches_it() {
        use ShowAs::{Busy, Free, Oof, Tentative, WorkingElsewhere};
        let lunch = [("12:00", "14:00", Busy)];
        check(("09:00", "18:00"), 60, &lunch, "000220000");
        let megan = [
            ("08:30", "09:30", Busy),
            ("12:00", "14:00", Busy),
            ("12:00", "13:00", Tentative),
            ("13:00", "14:00", Busy),
            ("16:00", "17:00", Tentative),
        ];
        check(("09:00", "18:00"), 60, &megan, "200220010");
        check(("09:00", "10:15"), 30, &[("09:10", "09:20", Oof), ("10:00", "10:05", Free)], "300");
        check(("09:00", "11:00"), 60, &[("09:00", "11:00", WorkingElsewhere), ("10:00", "10:30", Tentative)], "01");
        check(("09:00", "10:00"), 30, &[("08:00", "09:00", Busy), ("10:00", "11:00", Busy)], "00");
    }
}
