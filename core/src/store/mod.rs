//! What the program knows and how it changes: `State`, `Action`, `Effect` and the one reducer. Owns every decision that is not a
//! protocol's or the engine's; leaves carrying out effects to the runtime and words to the interface.
//!
//! `reduce` is the only place where state changes. It is called with what happened and answers with what shall be done; it never
//! waits, never fails and never asks for the time.

mod action;
mod addresses;
mod assistant;
mod assistant_reduce;
mod calendar;
mod connect_reduce;
mod editor;
mod editor_reduce;
mod load;
mod people;
mod reduce;
mod self_test;
mod session;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;

pub use action::{Action, AssistantAction, CalendarAction, EditorAction, Effect, PickerAction, Restored, SessionAction, SignedIn};
pub use addresses::{pasted_addresses, typed_address};
pub use assistant::{
    Assistant, ChangedSince, Invitee, PersonTime, RangeProblem, Schedule, VIEW_MINUTES, attendees, people_times, question,
};
pub use calendar::{Answer, Calendar, DayOfEvents, OpenEvent, Placed, days_of_events, place};
pub use editor::{Editor, EditorField, FieldProblem};
pub use load::Load;
pub use people::{Picker, PickerOwner};
pub use reduce::{Env, Rank, reduce, seconds_until};
pub use self_test::SelfTest;
pub use snapshot::{restore, snapshot};
pub use state::{Chosen, Connect, LookedUp, Menu, Notice, Preferences, Route, SessionPhase, State, View};
