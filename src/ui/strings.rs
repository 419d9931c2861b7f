//! Every text that a person reads, in one table. Owns the keys and the English; a host or a language replaces texts by key.
//! What belongs to signing in stands in `sign_in`, how a text is found in `language`.
//!
//! `{name}` in a text is a placeholder. A text for a number has a twin for "one": `Key` and `KeyOne`.

mod language;
#[macro_use]
mod sign_in;

pub use language::{LANGUAGES, Strings};

/// Declares the table: the enum of keys, their names and their English.
macro_rules! strings {
    ($($(#[$group:meta])* $key:ident = $english:literal;)*) => {
        /// A text, by key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each key stands beside its English text, which says more than a comment could")]
        pub enum Text { $($key,)* }

        impl Text {
            /// All keys, for translators and tests.
            pub const ALL: &'static [Self] = &[$(Self::$key,)*];

            /// The name of the key, as language files use it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$key => stringify!($key),)* }
            }

            /// The English text.
            #[must_use]
            pub fn english(self) -> &'static str {
                match self { $(Self::$key => $english,)* }
            }
        }
    };
}

sign_in_texts! {
    strings,
    AppName = "Convoke";
    SkipToContent = "Skip to content";
    Views = "Views";
    ViewCalendar = "Calendar";
    ViewAssistant = "Scheduling assistant";
    ViewConnection = "Connection";
    SignOut = "Sign out";
    Theme = "Theme";
    ThemeAuto = "As the system";
    ThemeLight = "Light";
    ThemeDark = "Dark";
    TimesIn = "Times in {zone}";
    TryAgain = "Try again";
    CopyDetails = "Copy details";
    Copy = "Copy";
    Close = "Close";
    Loading = "Loading …";
    LoadingPart = "{done} of {total} calendars";
    OfflineBanner = "You are offline. What you see is what was read last; it is read anew once the connection is back.";

    Today = "Today";
    Previous = "Previous";
    Next = "Next";
    NewEvent = "New event";
    NothingToday = "Nothing planned";
    AllDay = "All day";
    EventName = "{subject}, {time}, {place}, {showAs}, {response}";
    NoSubject = "(No subject)";
    NoPlace = "no place";
    Incomplete = "There are more events than can be shown here.";
    EventsLoaded = "{count} events";
    EventsLoadedOne = "1 event";
    ZoneUnknown = "The time zone of this event is not known: its time is read as UTC.";
    Private = "Private";
    Cancelled = "Cancelled";
    StaleWeek = "This could not be read anew. What you see was read at {time}.";

    ShowFree = "free";
    ShowTentative = "tentative";
    ShowBusy = "busy";
    ShowOof = "out of office";
    ShowElsewhere = "working elsewhere";
    ShowUnknown = "no information";

    ResponseNone = "not answered";
    ResponseOrganizer = "you are the organizer";
    ResponseTentative = "tentatively accepted";
    ResponseAccepted = "accepted";
    ResponseDeclined = "declined";
    PersonNone = "has not answered";
    PersonOrganizer = "organizer";
    PersonTentative = "tentative";
    PersonAccepted = "accepted";
    PersonDeclined = "declined";

    When = "When";
    Where = "Where";
    Organizer = "Organizer";
    Attendees = "Attendees";
    Required = "Required";
    Optional = "Optional";
    Room = "Room";
    Description = "Description";
    NoDescription = "No description";
    YourAnswer = "Your answer";
    Accept = "Accept";
    Tentative = "Tentative";
    Decline = "Decline";
    Answering = "Sending your answer …";
    AnsweredAccept = "You accepted “{subject}”.";
    AnsweredTentative = "You tentatively accepted “{subject}”.";
    AnsweredDecline = "You declined “{subject}”.";
    Join = "Join";

    Title = "Title";
    TitleHint = "What is it about?";
    Location = "Location";
    StartDate = "Start date";
    StartTime = "Start time";
    EndDate = "End date";
    EndTime = "End time";
    TimeZone = "Time zone";
    Send = "Send";
    Save = "Save";
    Sending = "Sending …";
    Discard = "Discard";
    FindATime = "Find a time";
    Booked = "“{subject}” is booked. {count} people are invited.";
    BookedOne = "“{subject}” is booked. 1 person is invited.";
    Saved = "“{subject}” is in your calendar.";
    DraftKept = "Your draft is kept. “New event” opens it again.";
    ProblemMissing = "Give it a title, so that people know what they are invited to.";
    ProblemNotADate = "Enter a date, such as 2026-03-17.";
    ProblemNotATime = "Enter a time of day, such as 10:30.";
    ProblemNotAfterStart = "The end has to be after the start.";
    ProblemTooLong = "Shorten it to 255 characters.";
    ProblemInGap = "This hour does not exist on that day: the clocks go forward. Choose a time an hour later.";
    ChangedSince = "{name} became {status} in the meantime. You can send it all the same, or choose another time.";

    AssistantLead = "Add people; Convoke reads when they are free and says which times are good, and why.";
    AddPeople = "Add people or rooms";
    AddPeopleHint = "Name or address";
    PeopleFound = "{count} people found";
    PeopleFoundOne = "1 person found";
    UsePerson = "Use {address}";
    NobodyFound = "Nobody is found for “{text}”. Check the spelling, or type a whole address such as name@example.com.";
    Searching = "Searching …";
    Added = "{name} is added.";
    Removed = "{name} is removed.";
    Remove = "Remove";
    RemoveName = "Remove {name}";
    RoleOf = "{role}, {name}";
    Duration = "Duration";
    Minutes = "{count} min";
    HoursShort = "{count} h";
    HoursMinutes = "{hours} h {minutes} min";
    From = "From";
    To = "To";
    WorkingHours = "Working hours";
    HoursOnly = "Only";
    HoursPrefer = "Prefer";
    HoursIgnore = "Ignore";
    RangeFrom = "“From” is no date. Enter one such as 2026-03-17.";
    RangeTo = "“To” is no date. Enter one such as 2026-03-20.";
    RangeBackwards = "“To” lies before “From”. Move one of the two.";
    RangeTooLong = "That is more than eight weeks. Choose a shorter range.";
    RangePast = "These days are over. Choose days that are still to come.";
    Availability = "Availability";
    AllAttendees = "All attendees";
    YouOrganizer = "You, organizer";
    NoCommonTime = "no common time";
    OfFree = "{free} of {total} free";
    CellReport = "{time}: {free} of {total} free";
    CellReportBusy = "{time}: {free} of {total} free; {others}";
    PersonStatus = "{name} {status}";
    OutsideHours = "outside working hours";
    FreeAllDay = "{day}: free";
    DaySentence = "{day}: {spans}";
    SpanSentence = "{status} {start}–{end}";
    NotReadYet = "being read";
    RowError = "No calendar data: {reason}";
    GridHelp = "Arrow keys move between times, Enter chooses, N and P go to the next and previous suggestion, T to today, Page Up and Page Down by a day.";
    ClockForward = "Clocks go forward";
    ClockBack = "Clocks go back";
    Legend = "Legend";
    SuggestedTimes = "Suggested times";
    SuggestionName = "{day}, {time}, {score} %, {reason}";
    Suggested = "{count} times found";
    SuggestedOne = "1 time found";
    WhyThisTime = "Why this time";
    ScheduleMeeting = "Schedule meeting";
    Rechecking = "Checking once more that everyone is free …";
    NoTimeChosen = "Choose a suggestion, or a time in the grid.";
    OutsideBy = "{minutes} min outside working hours";

    ReasonAllFree = "everyone is free";
    ReasonTentative = "{names}: tentative";
    ReasonUnknown = "{names}: no information";
    ReasonOutsideHours = "{names}: outside working hours";
    ReasonOptionalBusy = "{names} (optional): not free";
    ReasonRequiredBusy = "{names}: not free";
    ReasonNoRoom = "no room is free";
    ReasonOccurrence = "later meetings of the series clash: {names}";

    NothingFits = "No time fits everyone.";
    EmptyAttendees = "In these days there is no time when all required people are free. Choose more days, a shorter meeting, or make somebody optional.";
    EmptyUnknown = "No time fits, and the calendars of some people cannot be read. Choose more days, or ask those people.";
    EmptyOrganizer = "There is no time when you are free yourself. Choose more days or a shorter meeting.";
    EmptyRoom = "No room is free at a time when the people are. Choose another room or more days.";
    EmptyWindow = "The meeting is longer than the days that are left. Choose more days or a shorter meeting.";
    IgnoreHoursHint = "Look outside working hours too";
    MicrosoftTitle = "Microsoft's suggestions";
    MicrosoftAlso = "also ours, no. {rank}";
    MicrosoftNot = "not among ours: {reason}";
    MicrosoftLower = "ours ranks others higher";
    MicrosoftNone = "Microsoft suggests no time.";
    MicrosoftEmptyOrganizer = "Microsoft suggests no time: it counts you as busy.";
    MicrosoftEmptyAttendees = "Microsoft suggests no time: it counts the attendees as busy.";
    MicrosoftConfidence = "{day}, {time}, {confidence} %";
}
