//! Writes that meet their own traces. An answer that was lost leaves open whether the write happened; repeated, it is refused because it did.
//! Owns reading back and telling the one from the other; leaves the comparison to `convoke_core::graph`.

use convoke_core::{
    Error, ErrorCode,
    error::Details,
    graph::{Answer, Call, Expect, Request, Safety, Target, event, holds, operations::events::with_ical_uid},
    model::Event,
};
use http::{Method, header};
use serde_json::Value;

use super::{Abort, Client, Progress};

/// How far back a transaction is looked for among the latest changes, where Graph does not say which event it made.
const LATEST: &str = "50";

impl Client {
    /// An event by its id or, where it has moved and got another, by its `iCalUId`. `not-found` where neither leads to one.
    pub async fn event_wherever(&self, id: &str, ical_uid: &str, abort: &Abort) -> Result<Event, Error> {
        match self.run(event(id), abort).await {
            Err(error) if error.code() == ErrorCode::NotFound && !ical_uid.is_empty() => {
                let found = self.run(with_ical_uid(ical_uid), abort).await?;
                let Some(item) = found.items.into_iter().next() else { return Err(error) };
                self.run(event(&item.id), abort).await
            }
            answer => answer,
        }
    }

    /// What an error comes to after looking at what is stored. `doubtful`: an earlier attempt may have been carried out.
    pub(super) async fn recover(&self, request: &Request, error: Error, doubtful: bool) -> Result<Answer, Error> {
        let code = error.details().graph_code.as_deref().unwrap_or_default();
        let found = match (request.safety, error.code()) {
            (Safety::Once, ErrorCode::Conflict) if code == "ErrorDuplicateTransactionId" => self.existing(request, &error).await,
            (Safety::Idempotent, ErrorCode::PreconditionFailed | ErrorCode::Conflict) if doubtful && request.method == Method::PATCH => {
                self.read_back(request, &[]).await.filter(|answer| stores(answer, request))
            }
            _ => None,
        };
        found.ok_or_else(|| if request.safety == Safety::Never && doubtful { unknown(error) } else { error })
    }

    /// The event that this very request made before.
    async fn existing(&self, request: &Request, error: &Error) -> Option<Answer> {
        let answer = match &error.details().existing_id {
            Some(id) => self.read_back(request, &[id]).await,
            None => {
                let sent = request.body.as_ref()?.get("transactionId")?;
                let mut list = reading(request, &[])?;
                list.query = [("$select", "id,transactionId"), ("$orderby", "lastModifiedDateTime desc"), ("$top", LATEST)]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into();
                let page = Call::list(list.clone()).read(self.once(&list).await.ok()?).ok()?;
                let event = page.items.into_iter().find(|item| item.value.get("transactionId") == Some(sent))?;
                self.read_back(request, &[&event.id]).await
            }
        };
        // A transaction that made another event than this one was not ours.
        answer.filter(|answer| stores(answer, request))
    }

    /// What is stored where the request wrote, or below it.
    async fn read_back(&self, request: &Request, below: &[&str]) -> Option<Answer> {
        self.once(&reading(request, below)?).await.ok()
    }

    async fn once(&self, request: &Request) -> Result<Answer, Error> {
        self.repeat(request, &mut Progress::default()).await
    }
}

/// Reading what a write wrote, or what lies below it, in the zone that the write spoke in: only then can the two be compared.
fn reading(request: &Request, below: &[&str]) -> Option<Request> {
    let mut target = request.target.clone();
    match &mut target {
        Target::Mailbox(segments) | Target::Root(segments) => segments.extend(below.iter().map(|&id| id.to_owned())),
        Target::Path(_) | Target::Link(_) if below.is_empty() => {}
        Target::Path(_) | Target::Link(_) => return None,
    }
    let mut reading = request.clone();
    reading.headers.retain(|(name, _)| *name != header::IF_MATCH);
    let zone = request.body.as_ref().and_then(|body| body.get("start")?.get("timeZone")?.as_str());
    if let Some(zone) = zone {
        reading.prefer.time_zone = Some(zone.to_owned());
    }
    Some(Request { method: Method::GET, target, body: None, content: None, safety: Safety::Safe, expect: Expect::Json, ..reading })
}

/// Whether an answer holds what a request sent. Of an event the server completes much by itself, so its title and times decide.
fn stores(answer: &Answer, request: &Request) -> bool {
    let Some(Value::Object(sent)) = &request.body else { return false };
    if request.safety == Safety::Once {
        return ["subject", "start", "end"].iter().all(|name| sent.get(*name).is_none_or(|value| holds(&answer.body[*name], value)));
    }
    holds(&answer.body, &Value::Object(sent.clone()))
}

/// An error that leaves open whether something happened says so.
fn unknown(error: Error) -> Error {
    let advice = Some("It may have happened all the same; look before you try again.".into());
    let details = Details { advice, ..error.details().clone() };
    error.with(details)
}
