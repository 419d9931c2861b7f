//! Microsoft Graph's operations as data. Owns what is sent, how an answer is read, and the rules between the two: which host may see the
//! token, when a request may be repeated and after how long, how pages and batches hang together. Leaves sending, waiting and tokens to
//! whoever carries a [`Request`] out; nothing here performs I/O, so every rule is tested natively.

mod answer;
mod batch;
mod calendar;
mod call;
mod challenge;
mod compare;
mod delta;
mod errors;
mod hosts;
mod input;
pub mod operations;
mod paging;
mod people;
mod retry;
mod schedule;
mod upload;
mod wire;

pub use answer::{Answer, Expect};
pub use batch::{BATCH_SIZE, batch_request, next_step_in_batch, not_tried, read_batch};
pub use calendar::{Proposal, calendar_view, calendars, cancel_event, create_event, delete_event, event, respond, update_event};
pub use call::{Call, Content, Context, Lane, Mailbox, Prefer, Request, Safety, Target, Version};
pub use challenge::claims_challenge;
pub use compare::holds;
pub use delta::{Change, Delta, Progress as DeltaProgress, Watched};
pub use hosts::HostList;
pub use oauth2::url::Url;
pub use paging::{Incomplete, Item, Limits, Next, Page, Paging};
pub use people::{mailbox_settings, me, search_people, search_users, user};
pub use retry::{Attempts, Outcome, Policy, Step, may_have_happened, next_step, retry_after};
pub use schedule::{SCHEDULES_PER_CALL, SchedulePart, SchedulePlan, WINDOW_DAYS, find_meeting_times, get_schedule};
pub use upload::{SMALL_FILE, Upload, UploadStep, open_address};
