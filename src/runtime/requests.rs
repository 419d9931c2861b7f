//! The effects that ask Graph. Owns which call each of them is, and that a newer one of its kind ends an older; leaves how calls are carried
//! out to the client.

use std::{cell::RefCell, rc::Rc, time::Duration};

use chrono::{DateTime, Utc};
use convoke_core::{
    Error, graph,
    model::{Event, Person, ScheduleInformation},
    store::{Action, AssistantAction, CalendarAction, EditorAction, Effect, PickerAction, SessionAction, VIEW_MINUTES},
};

use super::Runtime;
use crate::{
    browser::{fetch, fetch::Abort, page},
    client::Client,
};

/// How long somebody has to have stopped typing before people are searched.
const SEARCH_PAUSE: Duration = Duration::from_millis(250);
/// How long the assistant's question has to stand before Microsoft is asked.
const OPINION_PAUSE: Duration = Duration::from_millis(400);
/// More events than this are not shown in a week.
const WEEK_LIMIT: usize = 2_000;

/// Requests that a newer one of their kind supersedes.
#[derive(Default)]
pub(super) struct Running {
    week: RefCell<Abort>,
    event: RefCell<Abort>,
    search: RefCell<Abort>,
    opinion: RefCell<Abort>,
    test: RefCell<Abort>,
}

impl Running {
    /// A handle on a self-test that begins.
    pub(super) fn begin_test(&self) -> Abort {
        let fresh = Abort::new();
        self.test.replace(fresh.clone()).abort();
        fresh
    }

    /// Ends the self-test that is under way.
    pub(super) fn stop_test(&self) {
        self.test.borrow().abort();
    }
}

impl Runtime {
    /// Everything that asks Graph.
    pub(super) fn call(&self, client: Client, effect: Effect) {
        let runtime = self.clone();
        let running = &self.0.running;
        let fresh = Abort::new();
        let Some(owner) = runtime.state().session.account().map(|account| account.id.clone()) else { return };
        match &effect {
            Effect::LoadWeek { .. } => running.week.replace(fresh.clone()).abort(),
            Effect::LoadEvent { .. } => running.event.replace(fresh.clone()).abort(),
            Effect::Search { .. } => running.search.replace(fresh.clone()).abort(),
            Effect::FindMeetingTimes { .. } => running.opinion.replace(fresh.clone()).abort(),
            _ => {}
        }
        page::spawn(async move {
            let action: Action = match effect {
                Effect::LoadProfile(generation) => SessionAction::Profile(generation, client.run(graph::me(), &fresh).await).into(),
                Effect::LoadSettings(generation) => {
                    SessionAction::Settings(generation, client.run(graph::mailbox_settings(), &fresh).await).into()
                }
                Effect::Check(generation) => SessionAction::Checked(generation, client.run(graph::me(), &fresh).await.map(drop)).into(),
                Effect::LoadWeek { generation, start, end } => {
                    let answer = runtime.week(&client, generation, start, end, &fresh).await;
                    CalendarAction::Loaded(generation, answer).into()
                }
                Effect::LoadEvent { generation, id } => {
                    CalendarAction::Opened(generation, Box::new(client.run(graph::event(&id), &fresh).await)).into()
                }
                Effect::Respond { id, response } => {
                    let answer = client.run(graph::respond(&id, response, "", true, None), &fresh).await;
                    CalendarAction::Responded(id, response, answer).into()
                }
                Effect::Create(draft) => {
                    let answer = client.run(graph::create_event(&draft, None), &fresh).await;
                    EditorAction::Sent(draft.transaction_id.clone(), Box::new(answer)).into()
                }
                Effect::Search { generation, text } => {
                    fetch::sleep(SEARCH_PAUSE).await;
                    if fresh.is_aborted() {
                        return;
                    }
                    PickerAction::Found(generation, search(&client, &text, &fresh).await).into()
                }
                Effect::LoadSchedules { generation, addresses, start, end } => {
                    let answer = runtime.schedules(&client, generation, &addresses, start, end, &fresh).await;
                    AssistantAction::Schedules(generation, (start, end), addresses, answer).into()
                }
                Effect::FindMeetingTimes { generation, body } => {
                    fetch::sleep(OPINION_PAUSE).await;
                    if fresh.is_aborted() {
                        return;
                    }
                    AssistantAction::Microsoft(generation, client.run(graph::find_meeting_times(body), &fresh).await).into()
                }
                Effect::Remember
                | Effect::Forget
                | Effect::Navigate(_)
                | Effect::StartSession
                | Effect::LoadLater(_)
                | Effect::SignIn { .. }
                | Effect::SignOut
                | Effect::SignOutOf(_)
                | Effect::SignOutEverywhere
                | Effect::Switch(_)
                | Effect::Configure
                | Effect::Prefer
                | Effect::Test(_)
                | Effect::StopTest
                | Effect::OpenWindowAgain
                | Effect::CancelSignIn => return,
            };
            // Whoever came meanwhile must not see the last person's answers.
            if runtime.state().session.account().is_some_and(|account| account.id == owner) {
                runtime.dispatch(action);
            }
        });
    }

    async fn week(
        &self,
        client: &Client,
        generation: u32,
        start: DateTime<Utc>,
        end: DateTime<Utc>,
        abort: &Abort,
    ) -> Result<(Vec<Rc<Event>>, bool), Error> {
        let pages = client.pages(graph::calendar_view(None, start, end), abort);
        let runtime = self.clone();
        let collected = pages
            .collect(WEEK_LIMIT, move |so_far| {
                let events = so_far.iter().cloned().map(Rc::new).collect();
                runtime.dispatch(CalendarAction::Page(generation, events).into());
            })
            .await?;
        Ok((collected.items.into_iter().map(Rc::new).collect(), collected.incomplete.is_some()))
    }

    async fn schedules(
        &self,
        client: &Client,
        generation: u32,
        addresses: &[String],
        start: DateTime<Utc>,
        end: DateTime<Utc>,
        abort: &Abort,
    ) -> Result<Vec<ScheduleInformation>, Error> {
        let plan = graph::SchedulePlan::new(addresses, start, end, VIEW_MINUTES)?;
        let runtime = self.clone();
        client
            .schedules(&plan, abort, move |done, total| {
                runtime.dispatch(AssistantAction::SchedulesProgress(generation, done, total).into())
            })
            .await
    }
}

/// People whom one works with first, then the directory; each address once. Both are asked in one request; a source that fails does not
/// take away what the other found.
async fn search(client: &Client, text: &str, abort: &Abort) -> Result<Vec<Person>, Error> {
    let mut found: Vec<Person> = Vec::new();
    let mut failed = None;
    for answer in client.batch_of(&[graph::search_people(text), graph::search_users(text)], abort).await {
        match answer {
            Ok(page) => {
                for person in page.items.into_iter().map(|item| item.value) {
                    if !person.address.is_empty() && !found.iter().any(|known| known.address.eq_ignore_ascii_case(&person.address)) {
                        found.push(person);
                    }
                }
            }
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}
