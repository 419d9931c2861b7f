//! The whole state, and the parts of it that belong to no single screen.

use std::rc::Rc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};

use super::{Assistant, Calendar, Editor, Load, Picker, SelfTest};
use crate::{
    Error,
    auth::{
        Account, Feature, Known, granted_by,
        machine::{Note, Waiting},
        merge, missing, request_scopes,
    },
    config::{AppConfig, ConnectForm, Draft, Field, FieldError, Theme},
    model::{MailboxSettings, Person},
    time,
};

/// Everything that is drawn. Cheap to compare part by part; large parts are behind `Rc`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The configuration, once it is known and complete.
    pub config: Option<Rc<AppConfig>>,
    /// What is asked for where the configuration names no application, or leaves the organization open.
    pub connect: Connect,
    /// Where the sign-in stands.
    pub session: SessionPhase,
    /// What the person should know about signing in, shown where they sign in.
    pub session_problem: Option<Error>,
    /// The session ended while the page was in use: everything stays on screen, and this asks to sign in again.
    pub expired: Option<Error>,
    /// The window in which somebody signs in.
    pub sign_in_window: Option<Waiting>,
    /// Windows do not open, or do not answer: the page itself goes to the sign-in.
    pub sign_in_here: bool,
    /// Who was signed in on this browser last: "Continue as Adele".
    pub known: Option<Known>,
    /// The screen, and the date that it shows.
    pub route: Route,
    /// Zone, formats, colours.
    pub preferences: Preferences,
    /// What the person chose of them.
    pub chosen: Chosen,
    /// The menu that is open.
    pub menu: Option<Menu>,
    /// Everybody who is signed in here, whoever is in use.
    pub accounts: Rc<Vec<Account>>,
    /// Who is signed in, as the directory knows them.
    pub me: Load<Person>,
    /// What their mailbox prefers.
    pub settings: Load<MailboxSettings>,
    /// The scopes that were granted.
    pub granted: Rc<Vec<String>>,
    /// The calendar screen.
    pub calendar: Calendar,
    /// The scheduling assistant.
    pub assistant: Assistant,
    /// The dialog for a new event, where it is open.
    pub editor: Option<Editor>,
    /// The search for people that has the focus.
    pub picker: Picker,
    /// The last thing to say in the polite live region.
    pub notice: Option<Notice>,
    /// When that was said.
    pub notice_at: Option<DateTime<Utc>>,
    /// What of the program is loaded after the first screen: assistant, engine, dialogs.
    pub later: Load<()>,
    /// The check on the connection screen.
    pub check: Load<()>,
    /// The self-test on the connection screen.
    pub test: SelfTest,
    /// Microsoft asked to wait until then.
    pub paused_until: Option<DateTime<Utc>>,
    /// The field that needs the person's attention. The number rises with each call for it, so that the same field can be meant twice.
    pub attention: (u32, Option<Field>),
    /// The browser says that there is no network.
    pub offline: bool,
    /// An unfinished new event, kept while its dialog is closed.
    pub kept_draft: Option<Editor>,
    /// The account that what is typed belongs to. Another one that signs in does not get to see it.
    pub owner: Option<String>,
    /// Permissions that the last sign-in asked for beyond the configuration's.
    pub asked: Vec<String>,
    /// Permissions that were refused in this tab: nobody is asked again unbidden.
    pub refused: Rc<Vec<String>>,
    /// Why somebody was last sent to the sign-in: what was asked for then is asked for again where that failed.
    pub sign_in_reason: Option<Error>,
}

impl State {
    /// Says something in the live region. What comes of itself waits until what the person did has been heard.
    pub(super) fn say(&mut self, notice: Notice, now: DateTime<Utc>) {
        let just_said = self.notice_at.is_some_and(|at| now - at < TimeDelta::seconds(6));
        if notice.comes_of_itself() && just_said && self.notice.as_ref().is_some_and(|last| !last.comes_of_itself()) {
            return;
        }
        self.notice = Some(notice);
        self.notice_at = Some(now);
    }

    /// The permissions for want of which a feature is off: asked for, and not given. One that was never asked for is none of them: it is
    /// asked for when it is first needed.
    #[must_use]
    pub fn denied(&self, feature: Feature) -> Vec<String> {
        let (Some(config), Some(_)) = (&self.config, self.session.account()) else { return Vec::new() };
        if self.granted.is_empty() {
            // The host's own tokens: it knows what they are good for.
            return Vec::new();
        }
        let session = &config.session;
        let asked = merge(&request_scopes(&session.features, session.scopes.as_deref()), &self.refused);
        let wanted: Vec<String> = feature.scopes(&session.features).iter().map(|scope| (*scope).to_owned()).collect();
        missing(&wanted, &self.granted).into_iter().filter(|scope| granted_by(&asked, scope)).collect()
    }

    /// Leads the person to a field.
    pub(super) fn point_to(&mut self, field: Field) {
        self.attention = (self.attention.0.wrapping_add(1), Some(field));
    }
}

/// What the Connect screen asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Connect {
    /// The complete configuration as it was read, before an organization was typed.
    pub configured: Option<Rc<AppConfig>>,
    /// The configuration that lacks an application; the form is shown where there is one.
    pub draft: Option<Rc<Draft>>,
    /// What is filled in.
    pub form: ConnectForm,
    /// What is wrong with it.
    pub problems: Vec<FieldError>,
    /// "Organization (optional)", as typed.
    pub organization: String,
    /// The form was sent: after the redirect it counts as the configuration.
    pub sent: bool,
    /// "Did Microsoft show an error?", as typed or pasted.
    pub reported: String,
    /// What it came to when it was looked up.
    pub looked_up: Option<LookedUp>,
    /// What somebody should know who came back without being signed in.
    pub note: Option<Note>,
}

/// What a report of Microsoft's error came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookedUp {
    /// It holds this AADSTS number.
    Number(u32),
    /// It holds none.
    Nothing,
}

/// Where the sign-in stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SessionPhase {
    /// Not known yet: configuration and stored session are being read. Also while the session is being ended.
    #[default]
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// The page is about to go to the sign-in, or has just come back.
    SigningIn,
    /// Somebody is signed in.
    SignedIn(Account),
    /// The sign-in failed; `State::session_problem` says why.
    Failed,
}

impl SessionPhase {
    /// The value of the root element's `data-session`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Starting | Self::SigningIn => "signing-in",
            Self::SignedOut => "signed-out",
            Self::SignedIn(_) => "signed-in",
            Self::Failed => "error",
        }
    }

    /// Who is signed in.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        if let Self::SignedIn(account) = self { Some(account) } else { None }
    }
}

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// `#/calendar`
    #[default]
    Calendar,
    /// `#/assistant`
    Assistant,
    /// `#/connection`
    Connection,
}

/// A screen and the date that it shows, as the address bar holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// The screen.
    pub view: View,
    /// The calendar's date; today where the address names none.
    pub date: Option<NaiveDate>,
}

impl Route {
    /// Reads `#/calendar?date=2026-03-17`. What is not understood leads to the calendar.
    #[must_use]
    pub fn parse(hash: &str) -> Self {
        let path = hash.trim_start_matches('#').trim_start_matches('/');
        let (name, query) = path.split_once('?').unwrap_or((path, ""));
        let view = match name {
            "assistant" => View::Assistant,
            "connection" => View::Connection,
            _ => View::Calendar,
        };
        let date = query.split('&').find_map(|pair| pair.strip_prefix("date=")).and_then(parse_date);
        Self { view, date }
    }

    /// The hash that `parse` reads back.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = String::from(match self.view {
            View::Calendar => "#/calendar",
            View::Assistant => "#/assistant",
            View::Connection => "#/connection",
        });
        if let Some(date) = self.date {
            hash.push_str("?date=");
            hash.push_str(&date.to_string());
        }
        hash
    }
}

/// A date that somebody may mean.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    time::parse_date(text).filter(is_meant)
}

/// Whether somebody may mean this date. A date field passes through the years 2, 20 and 202 while 2026 is typed, and Graph's calendar ends
/// in 9999.
pub(super) fn is_meant(date: &NaiveDate) -> bool {
    (1900..=9998).contains(&date.year())
}

/// What the browser or the deployer says about the person's habits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// The zone that times are shown in, an IANA name.
    pub time_zone: String,
    /// A BCP 47 tag.
    pub locale: String,
    /// The first day of the week.
    pub first_day: Weekday,
    /// Colours.
    pub theme: Theme,
}

/// A menu of the banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Who is signed in.
    Account,
    /// Theme, language, time zone.
    Settings,
}

/// What the person chose in the settings; nothing where the deployer's word stands. An empty text is "As the system".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The colours. [`Theme::Auto`] is a choice too: it goes before the deployer's.
    pub theme: Option<Theme>,
    /// The language, a BCP 47 tag.
    pub locale: Option<String>,
    /// The zone, an IANA name.
    pub time_zone: Option<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { time_zone: "UTC".into(), locale: "en".into(), first_day: Weekday::Mon, theme: Theme::Auto }
    }
}

/// Something to say in the live region, as a fact; the interface has the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The week was read: so many events.
    EventsLoaded(usize),
    /// An answer went out: to the event of this subject.
    Responded(crate::model::EventResponse, String),
    /// The invitation went out.
    Booked {
        /// The title.
        subject: String,
        /// How many people it went to.
        invited: usize,
    },
    /// Somebody was added to the assistant.
    Added(String),
    /// Somebody was removed from the assistant.
    Removed(String),
    /// So many people were found.
    Found(usize),
    /// So many times were found.
    Suggested(usize),
    /// Something that the interface says itself: what the grid's focus is on.
    Said(String),
    /// The connection works.
    ConnectionWorks,
    /// Something was copied.
    Copied,
    /// A number was looked up.
    LookedUp(u32),
    /// The self-test is through: so many checks passed of so many.
    Tested(usize, usize),
    /// Microsoft asks to wait for so many seconds.
    Paused(u64),
    /// Somebody else is in use now.
    Switched(String),
    /// Somebody signed out.
    SignedOut,
    /// This browser keeps nothing for this page: a reload will need a new sign-in.
    NotKept,
    /// What was typed is kept.
    DraftKept,
}

impl Notice {
    /// Whether it reports an answer that arrived, and not what the person just did.
    fn comes_of_itself(&self) -> bool {
        matches!(self, Self::EventsLoaded(_) | Self::Found(_) | Self::Suggested(_))
    }
}
