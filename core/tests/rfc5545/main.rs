//! iCalendar and recurrence against other people's implementations of RFC 5545: `icalendar` reads what is written, `rrule` expands it.
//! `CONVOKE_CASES` sets the number of random cases.

#[path = "../shared/cases.rs"]
mod cases;
mod event;
mod reader;
mod recurrence;
#[path = "../shared/zones.rs"]
mod tables;
mod zone;
