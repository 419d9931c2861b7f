//! What can happen, and what can be asked of the world. Answers carry the generation of the request that they belong to.

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::{EditorField, Menu, PickerOwner, Preferences, Route};
use crate::{
    Error,
    auth::{
        Account, Known,
        machine::{Note, Waiting},
        protocol::Prompt,
    },
    config::{ConnectForm, Found, Theme},
    diagnose::Check,
    model::{Event, EventDraft, EventResponse, MailboxSettings, MeetingTimes, Person, ScheduleInformation},
    schedule::{HoursPolicy, Role},
};

/// Something happened.
#[derive(Debug, Clone)]
pub enum Action {
    /// Signing in and out.
    Session(SessionAction),
    /// The calendar screen.
    Calendar(CalendarAction),
    /// The dialog for a new event.
    Editor(EditorAction),
    /// The search for people.
    Picker(PickerAction),
    /// The scheduling assistant.
    Assistant(AssistantAction),
    /// The address bar changed, or a link was followed.
    Navigated(Route),
    /// The browser lost or found the network.
    Online(bool),
    /// Somebody chose colours.
    Theme(Theme),
    /// Somebody chose a language; empty: as the browser says.
    Locale(String),
    /// Somebody chose a time zone; empty: as the browser says.
    TimeZone(String),
    /// What person, deployer and browser come to together.
    Preferred(Preferences),
    /// Microsoft asks to wait until then.
    Paused(DateTime<Utc>),
    /// A menu of the banner is opened, or all are closed.
    Menu(Option<Menu>),
    /// Something was copied.
    Copied,
    /// A second went by while something counts down.
    Tick,
    /// The page is visible again, or a while went by: what is old is read anew.
    Refresh,
    /// The rest of the program is needed.
    LoadLater,
    /// It came, or did not.
    Later(u32, Result<(), Error>),
}

/// Signing in and out.
#[derive(Debug, Clone)]
pub enum SessionAction {
    /// The configuration was read. One that names no application is completed by the person.
    Configured(Box<Result<Found, Error>>),
    /// "Try again": the configuration is read anew.
    Reconfigure,
    /// Somebody filled in the form.
    Form(ConnectForm),
    /// Somebody wants to send an administrator's link before the form is complete: says what is missing.
    CheckForm,
    /// Somebody typed or pasted what Microsoft's page said.
    Reported(String),
    /// "Look up".
    LookUp,
    /// What else a page should say to whoever is not signed in.
    Noted(Note),
    /// Somebody typed an organization.
    Organization(String),
    /// The redirect was completed, the stored session restored, or there was neither.
    Started(Result<Option<SignedIn>, Error>),
    /// "Sign in with Microsoft", "Sign in again", "Continue".
    SignIn,
    /// "Use another account", "Add account".
    OtherAccount,
    /// "Ask": these permissions, beyond what the configuration asks for.
    Ask(Vec<String>),
    /// The page could not go to the sign-in.
    SignInFailed(Error),
    /// "Sign out".
    SignOut,
    /// "Sign out" beside an account in the list, by id.
    SignOutOf(String),
    /// "Sign out everywhere": of every account, here and at Microsoft's.
    SignOutEverywhere,
    /// Everybody who is signed in here.
    Accounts(Rc<Vec<Account>>),
    /// Another account shall be used, by id.
    Switch(String),
    /// The local session is gone.
    SignedOut,
    /// The sign-in window opened, looks closed, or is awaited no longer.
    Window(Option<Waiting>),
    /// "Open again": the sign-in window.
    OpenAgain,
    /// "Cancel": the sign-in whose window is open.
    CancelSignIn,
    /// "Sign in on this page": without a window.
    SignInHere,
    /// Nobody is signed in in this tab, but somebody was last.
    Known(Known),
    /// This browser keeps nothing for this page.
    NotKept,
    /// Who is signed in, as the directory knows them.
    Profile(u32, Result<Person, Error>),
    /// What their mailbox prefers.
    Settings(u32, Result<MailboxSettings, Error>),
    /// "Check connection".
    Check,
    /// Its outcome.
    Checked(u32, Result<(), Error>),
    /// "Run self-test".
    Test,
    /// One of its checks is through.
    TestFound(u32, Box<Check>),
    /// All of them are.
    Tested(u32),
    /// "Stop".
    StopTest,
    /// The notice about an ended session was closed.
    DismissExpired,
    /// What the last page of this tab left behind.
    Restored(Box<Restored>),
}

/// Who signed in, and what they agreed to.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// The scopes that were granted.
    pub granted: Rc<Vec<String>>,
}

/// What the last page of this tab left behind, as `snapshot` wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored(pub Value);

/// The calendar screen.
#[derive(Debug, Clone)]
pub enum CalendarAction {
    /// "Previous" (−1), "Next" (1).
    Move(i64),
    /// "Today".
    Today,
    /// Shows the week of this date.
    Show(NaiveDate),
    /// "Try again".
    Reload,
    /// Some pages of the week came; the whole list so far.
    Page(u32, Vec<Rc<Event>>),
    /// The week came, or did not; `bool`: reading stopped before the end.
    Loaded(u32, Result<(Vec<Rc<Event>>, bool), Error>),
    /// An event is opened.
    Open(Rc<Event>),
    /// The whole event came.
    Opened(u32, Box<Result<Event, Error>>),
    /// The pane is closed.
    Close,
    /// "Accept", "Tentative", "Decline".
    Respond(EventResponse),
    /// The answer went out, or did not; with the event's id.
    Responded(String, EventResponse, Result<(), Error>),
}

/// The dialog for a new event.
#[derive(Debug, Clone)]
pub enum EditorAction {
    /// "New event", on this date if it is given.
    Open(Option<NaiveDate>),
    /// Somebody typed.
    Set(EditorField, String),
    /// Somebody is not invited after all; by address.
    Remove(String),
    /// "Find a time": the assistant takes over what is typed.
    FindTime,
    /// "Send" or "Save".
    Send,
    /// The event stands, or does not; with the draft's transaction id.
    Sent(String, Box<Result<Event, Error>>),
    /// The dialog is closed; what was typed is kept for the next time.
    Close,
    /// "Discard": what was typed is thrown away.
    Discard,
}

/// The search for people.
#[derive(Debug, Clone)]
pub enum PickerAction {
    /// Somebody typed.
    Type(PickerOwner, String),
    /// The answer came.
    Found(u32, Result<Vec<Person>, Error>),
    /// Arrow keys: by so many options.
    Move(isize),
    /// Enter: the active option, or what was typed.
    Enter(PickerOwner),
    /// A click on an option.
    Choose(PickerOwner, usize),
    /// A list was pasted.
    Paste(PickerOwner, String),
    /// Escape, or the focus went away.
    Close,
}

/// The scheduling assistant.
#[derive(Debug, Clone)]
pub enum AssistantAction {
    /// Required, optional.
    SetRole(String, Role),
    /// "Remove", by address.
    Remove(String),
    /// "Duration", minutes.
    Duration(u32),
    /// "From", as typed.
    From(String),
    /// "To", as typed.
    To(String),
    /// "Working hours".
    Hours(HoursPolicy),
    /// A part of the calendars came.
    SchedulesProgress(u32, usize, usize),
    /// The calendars came, or did not; with the stretch that they cover.
    Schedules(u32, (DateTime<Utc>, DateTime<Utc>), Vec<String>, Result<Vec<ScheduleInformation>, Error>),
    /// Microsoft's opinion came.
    Microsoft(u32, Result<MeetingTimes, Error>),
    /// A time is chosen.
    Choose(DateTime<Utc>, DateTime<Utc>),
    /// The grid's focus moves to this row and column; the sentence says what is there.
    Cell(usize, usize, String),
    /// "Try again": reads what failed.
    Retry,
    /// "Schedule meeting".
    Schedule,
}

/// Something to be done. The runtime does it and answers with an action.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Reads the configuration.
    Configure,
    /// Works out what person, deployer and browser prefer together.
    Prefer,
    /// Completes a redirect or restores a stored session.
    StartSession,
    /// Goes to the sign-in page. Without scopes: what the configuration asks for; with: these as well (incremental consent).
    SignIn {
        /// Further scopes.
        scopes: Vec<String>,
        /// A claims challenge to pass on.
        claims: Option<String>,
        /// The account to offer first.
        login_hint: Option<String>,
        /// What Microsoft's page shall ask even if it need not.
        prompt: Option<Prompt>,
    },
    /// Loads what of the program was left out of the first load.
    LoadLater(u32),
    /// Forgets the account's tokens, then ends its session at Microsoft.
    SignOut,
    /// The same for an account that is not in use; by id.
    SignOutOf(String),
    /// Forgets all tokens, then ends all sessions at Microsoft.
    SignOutEverywhere,
    /// Uses another account, by id.
    Switch(String),
    /// Opens the sign-in window once more.
    OpenWindowAgain,
    /// Gives up the sign-in whose window is open.
    CancelSignIn,
    /// Reads who is signed in.
    LoadProfile(u32),
    /// Reads what the mailbox prefers.
    LoadSettings(u32),
    /// Reads a calendar view to its end.
    LoadWeek {
        /// What the answer must carry.
        generation: u32,
        /// From.
        start: DateTime<Utc>,
        /// Until.
        end: DateTime<Utc>,
    },
    /// Reads one event with its body as text.
    LoadEvent {
        /// What the answer must carry.
        generation: u32,
        /// Which.
        id: String,
    },
    /// Answers an invitation.
    Respond {
        /// Which.
        id: String,
        /// How.
        response: EventResponse,
    },
    /// Books.
    Create(Box<EventDraft>),
    /// Searches people, after the person has stopped typing.
    Search {
        /// What the answer must carry.
        generation: u32,
        /// What was typed.
        text: String,
    },
    /// Reads free/busy.
    LoadSchedules {
        /// What the answer must carry.
        generation: u32,
        /// Whose.
        addresses: Vec<String>,
        /// From.
        start: DateTime<Utc>,
        /// Until.
        end: DateTime<Utc>,
    },
    /// Asks for Microsoft's opinion.
    FindMeetingTimes {
        /// What the answer must carry.
        generation: u32,
        /// The body of the request.
        body: Value,
    },
    /// One cheap call.
    Check(u32),
    /// The self-test.
    Test(u32),
    /// Ends it.
    StopTest,
    /// Writes `snapshot` into the tab's storage.
    Remember,
    /// Erases what `Remember` wrote.
    Forget,
    /// Puts the route into the address bar.
    Navigate(Route),
}

/// So that components can hand in the part that they know.
macro_rules! from_part {
    ($($part:ident => $variant:ident),*) => {
        $(impl From<$part> for Action {
            fn from(part: $part) -> Self {
                Self::$variant(part)
            }
        })*
    };
}
from_part!(SessionAction => Session, CalendarAction => Calendar, EditorAction => Editor, PickerAction => Picker, AssistantAction => Assistant);
