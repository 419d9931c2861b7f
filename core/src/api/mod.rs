//! The npm module's scheduling functions: JSON in, JSON out, in the shapes of its type declarations. Owns reading what developers write
//! (strictly: errors name the path of the field and say what to do) and writing what they get; leaves the work to `schedule` and `time`.
//!
//! Values cross as `serde_json::Value`s. Nothing here knows the clock or the network. The browser app asks the engine directly and does
//! not link this module.

mod answer;
mod field;
mod icalendar;
mod quick;
mod ranking;
mod recurrence;
mod times;
mod view;

pub use icalendar::to_icalendar;
pub use ranking::{rank_request, rank_request_text, rank_slots, rank_slots_text};
pub use recurrence::expand_recurrence;
pub use times::{time_zone, to_instant};
pub use view::availability_view;

#[cfg(test)]
mod tests;
