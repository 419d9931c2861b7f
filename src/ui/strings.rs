//! Every text that a person reads, in one table. Owns the keys and the English; a host or a language replaces texts by key.
//!
//! `{name}` in a text is a placeholder. A text for a number has a twin for "one": `Key` and `KeyOne`.

use std::{collections::HashMap, rc::Rc};

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

strings! {
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

    ConnectTitle = "Connect to Microsoft 365";
    ConnectLead = "See your calendar, find a time when everyone can, and book it. Convoke talks to Microsoft 365 straight from this page; no server in between sees your data.";
    SignIn = "Sign in with Microsoft";
    SigningIn = "Signing in …";
    ContinueAs = "Continue as {name}";
    WindowOpen = "Sign in in the window that has opened.";
    WindowUnsure = "Still signing in … If the window is gone, open it again.";
    OpenAgain = "Open again";
    Cancel = "Cancel";
    SignInHere = "Sign in on this page";
    ErrorWindow = "The browser did not open the sign-in window. Allow windows for this page, or sign in on this page.";
    NotKept = "This browser keeps no data for this page: you stay signed in until you leave or reload it.";
    Details = "Details";
    DetailsClient = "Application: {id}";
    DetailsAuthority = "Sign-in at {host}";
    DetailsGraph = "Data from {host}";
    DetailsScopes = "Permissions it asks for: {scopes}";
    NoConfigTitle = "This page is not configured yet";
    NoConfig = "There is no config.json beside this page. Enter the application's client ID to try it now, or put a config.json there to set it for everyone.";
    ClientId = "Application (client) ID";
    ClientIdHelp = "A GUID, from the application's overview page in the Entra admin centre.";
    ClientIdMissing = "Enter the application's client ID.";
    ClientIdMalformed = "This is no client ID. It looks like 11111111-2222-3333-4444-555555555555.";
    TenantMissing = "Enter the directory's ID or one of its domains.";
    TenantMalformed = "This is neither a directory ID nor a domain such as contoso.com.";
    FeaturesMissing = "Choose one permission at least.";
    AccountType = "Account type";
    AccountOrganizations = "Any organization";
    AccountCommon = "Any account";
    AccountConsumers = "Personal accounts";
    AccountTenant = "One organization";
    Tenant = "Directory (tenant) ID or domain";
    RedirectUri = "Redirect URI";
    RedirectUriHelp = "Register it under the platform “Single-page application”, letter by letter.";
    HowToRegister = "How to register the application";
    RegisterStep1 = "In the Entra admin centre open App registrations and choose New registration.";
    RegisterStep2 = "Choose who may use it, the same as under Account type here.";
    RegisterStep3 = "Under Redirect URI choose the platform Single-page application and paste the redirect URI from this page.";
    RegisterStep4 = "Copy the Application (client) ID from the overview into the field above. A client secret is neither needed nor accepted.";
    NoSecret = "Convoke runs in the browser, where a secret could not be kept; it proves itself by PKCE instead.";
    OrganizationOptional = "Organization (optional)";
    OrganizationHelp = "Its domain or directory ID, where you want to sign in to a certain one.";
    SignInAgain = "Sign in again";
    Continue = "Continue";
    NeedsConsent = "Convoke needs your permission for this: {scopes}.";

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

    ConnectionTitle = "Connection";
    SignedInAs = "Signed in as {name}";
    Permissions = "Permissions";
    Granted = "granted";
    NotGranted = "not granted";
    Account = "Account";
    Tenancy = "Directory";
    SignInHost = "Sign-in";
    DataHost = "Data";
    CheckConnection = "Check connection";
    Checking = "Checking …";
    ConnectionWorks = "The connection works.";
    SignedOutNotice = "You are signed out.";

    ErrorOffline = "There is no network. Check the connection and try again.";
    ErrorNetwork = "Microsoft 365 did not answer. Check the connection, a VPN or a content blocker, and try again.";
    ErrorTimeout = "Microsoft 365 took too long to answer. Try again.";
    ErrorUnauthorized = "Microsoft 365 does not accept the sign-in any more. Sign in again.";
    ErrorForbidden = "You are not allowed to do this. Ask the owner or your administrator for access.";
    ErrorAdminConsent = "An administrator has to approve this first. Send them the link from the Connection screen.";
    ErrorConsent = "Convoke needs your permission for this. Continue to give it.";
    ErrorClaims = "Your organization asks for an extra verification step. Continue to do it.";
    ErrorInteraction = "You have to sign in for this.";
    ErrorInProgress = "A sign-in is under way in this tab. Finish it, or reload the page.";
    ErrorCancelled = "You declined. Nothing was shared. Sign in whenever you like.";
    ErrorState = "This sign-in was not started in this tab, or was used before. Start it again.";
    ErrorExpired = "Your session has ended. Sign in again; what you typed is kept.";
    ErrorConfiguration = "The configuration or the registration of the application is wrong.";
    ErrorNotFound = "This does not exist any more.";
    ErrorConflict = "It changed in the meantime. Open it again to see how.";
    ErrorThrottled = "Microsoft 365 asks to slow down. Wait a moment and try again.";
    ErrorUnavailable = "Microsoft 365 is not available at the moment. Try again in a while.";
    ErrorInvalidRequest = "Microsoft 365 did not accept this: {message}";
    ErrorInvalidResponse = "The answer was not from Microsoft 365, or was damaged on the way. A network sign-in page may be in between.";
    ErrorUnsupported = "Personal accounts cannot do this. It needs a work or school account.";
    ErrorTooLarge = "It is too large for Microsoft 365.";
    ErrorHost = "The answer pointed to a host that must not see your sign-in. Nothing was sent there.";
    ErrorAborted = "It was stopped.";
    ErrorReference = "Reference: {id}";
}

/// The texts of one language, with a host's own on top.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    replaced: Rc<HashMap<String, String>>,
    pseudo: bool,
}

impl PartialEq for Strings {
    fn eq(&self, other: &Self) -> bool {
        self.pseudo == other.pseudo && Rc::ptr_eq(&self.replaced, &other.replaced)
    }
}

impl Strings {
    /// English, or the pseudo-language for the tag `en-XB`: English in brackets, set from right to left, so that tests find every text
    /// that is not in this table and every layout that knows only one direction.
    #[must_use]
    pub fn for_locale(locale: &str) -> Self {
        Self { pseudo: locale.eq_ignore_ascii_case("en-XB"), ..Self::default() }
    }

    /// The direction in which this language is written, as the `dir` attribute has it.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        if self.pseudo { "rtl" } else { "ltr" }
    }

    /// A text without placeholders.
    #[must_use]
    pub fn get(&self, text: Text) -> String {
        let plain = self.replaced.get(text.name()).map_or_else(|| text.english().to_owned(), Clone::clone);
        if self.pseudo { ["[", &plain, "]"].concat() } else { plain }
    }

    /// A text with its placeholders filled.
    #[must_use]
    pub fn with(&self, text: Text, values: &[(&str, &str)]) -> String {
        let template = self.get(text);
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template.as_str();
        while let Some(open) = rest.find('{') {
            filled.push_str(&rest[..open]);
            rest = &rest[open..];
            let Some(close) = rest.find('}') else { break };
            match values.iter().find(|(name, _)| *name == &rest[1..close]) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// A text for a number, `one` where the number is 1, with `{count}` filled.
    #[must_use]
    pub fn count(&self, one: Text, many: Text, count: usize) -> String {
        self.with(if count == 1 { one } else { many }, &[("count", &count.to_string())])
    }
}

#[cfg(test)]
mod tests {
    use super::{Strings, Text};

    #[test]
    fn placeholders_are_filled_and_values_are_not_read_as_templates() {
        let strings = Strings::default();
        assert_eq!(strings.with(Text::EventsLoaded, &[("count", "3")]), "3 events");
        assert_eq!(strings.with(Text::Added, &[("name", "{count}")]), "{count} is added.");
    }

    #[test]
    fn every_text_is_said_once_and_the_pseudo_language_marks_all() {
        let pseudo = Strings::for_locale("en-XB");
        assert_eq!(pseudo.direction(), "rtl");
        for text in Text::ALL {
            assert!(!text.english().trim().is_empty(), "{} is empty", text.name());
            assert!(pseudo.get(*text).starts_with('['), "{} is not marked", text.name());
        }
    }
}
