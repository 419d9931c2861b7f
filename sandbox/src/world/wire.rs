//! Enumerations with their names on the wire. Owns the spelling; requests may use any case (contract: docs themselves mix it).

/// Declares an enumeration with `as_str` (Graph's camelCase) and `parse` (any case).
macro_rules! wire_enum {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// Graph's spelling.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads any case.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case($text) { return Some(Self::$variant); })+
                None
            }
        }
    };
}

wire_enum!(
    /// What an event does to its owner's free/busy.
    ShowAs {
        Free = "free",
        Tentative = "tentative",
        Busy = "busy",
        Oof = "oof",
        WorkingElsewhere = "workingElsewhere",
        Unknown = "unknown",
    }
);

wire_enum!(
    /// How private an event is.
    Sensitivity { Normal = "normal", Personal = "personal", Private = "private", Confidential = "confidential" }
);

wire_enum!(
    /// An item's importance.
    Importance { Low = "low", Normal = "normal", High = "high" }
);

/// Somebody's answer to an invitation. Requests never name one: each answer is an action of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    None,
    Organizer,
    TentativelyAccepted,
    Accepted,
    Declined,
    NotResponded,
}

wire_enum!(
    /// How an attendee takes part.
    AttendeeKind { Required = "required", Optional = "optional", Resource = "resource" }
);

wire_enum!(
    /// What a calendar's permission lets somebody do, from least to most.
    Role {
        None = "none",
        FreeBusyRead = "freeBusyRead",
        LimitedRead = "limitedRead",
        Read = "read",
        Write = "write",
        DelegateWithoutPrivate = "delegateWithoutPrivateEventAccess",
        DelegateWithPrivate = "delegateWithPrivateEventAccess",
        Custom = "custom",
    }
);

wire_enum!(
    /// Graph's recurrencePatternType.
    PatternKind {
        Daily = "daily",
        Weekly = "weekly",
        AbsoluteMonthly = "absoluteMonthly",
        RelativeMonthly = "relativeMonthly",
        AbsoluteYearly = "absoluteYearly",
        RelativeYearly = "relativeYearly",
    }
);

wire_enum!(
    /// Graph's weekIndex.
    WeekIndex { First = "first", Second = "second", Third = "third", Fourth = "fourth", Last = "last" }
);

wire_enum!(
    /// Graph's recurrenceRangeType.
    RangeKind { EndDate = "endDate", NoEnd = "noEnd", Numbered = "numbered" }
);

impl Response {
    /// Graph's spelling.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Organizer => "organizer",
            Self::TentativelyAccepted => "tentativelyAccepted",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::NotResponded => "notResponded",
        }
    }

    /// Whether no answer was given.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::None | Self::NotResponded)
    }
}
