//! Watching for JavaScript. Owns what is watched where little is said; leaves asking, and which tab asks, to the library, and events to
//! `www/npm/watch.js`.

use std::{rc::Rc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use convoke::{
    browser::page,
    client::{Client, LocalBoxFuture, Report, WatchOptions},
};
use convoke_core::{
    Error,
    graph::{Change, Watched},
    time::parse_instant,
};
use js_sys::Function;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::{
    arguments::{Arguments, invalid},
    boundary::{Crossing, abort, thrown, write},
    graph::{Graph, Opened, doors},
};

/// Between two rounds, where nothing is said.
const INTERVAL_MS: u32 = 30_000;
/// Which events, where nothing is said.
const BEFORE: TimeDelta = TimeDelta::days(7);
const AHEAD: TimeDelta = TimeDelta::days(60);

#[wasm_bindgen]
impl Graph {
    /// Watches until the signal says so; `listener` is told the name of an event and what goes with it. What is wrong with the arguments is
    /// thrown at once.
    pub fn watch(&self, arguments: &JsValue, signal: AbortSignal, listener: Function) -> Crossing {
        let read = || options(&Arguments::read(arguments)?);
        let work = (self.opened(), read().map_err(|error| thrown(&error))?, signal, listener.clone());
        page::spawn(async move {
            let ended = match doors().await {
                Ok(doors) => (doors.watch)(work).await.map_err(|error| thrown(&error)),
                Err(not_loaded) => Err(not_loaded),
            };
            if let Err(error) = ended {
                tell(&listener, "error", &error);
            }
        });
        Ok(JsValue::UNDEFINED)
    }
}

pub(crate) type Work = (Rc<Opened>, WatchOptions, AbortSignal, Function);

pub(crate) fn keep_watching(work: Work) -> LocalBoxFuture<Result<(), Error>> {
    Box::pin(async move {
        let (opened, options, signal, listener) = work;
        let client: Client = opened.client()?;
        let report = move |report| match report {
            Report::Change(Change::Created(item)) => tell(&listener, "created", &write(&item)),
            Report::Change(Change::Updated(item)) => tell(&listener, "updated", &write(&item)),
            Report::Change(Change::Deleted(item)) => tell(&listener, "deleted", &write(&item)),
            Report::Checkpoint(checkpoint) => tell(&listener, "checkpoint", &checkpoint.into()),
            Report::Error(error) => tell(&listener, "error", &thrown(&error)),
        };
        client.watch(options, &abort(Some(signal)), report).await
    })
}

fn tell(listener: &Function, name: &str, detail: &JsValue) {
    // What a host's own listener throws is not ours to handle.
    let _ = listener.call2(&JsValue::UNDEFINED, &name.into(), detail);
}

fn options(given: &Arguments) -> Result<WatchOptions, Error> {
    let resume = given.optional_text("resume")?.map(str::to_owned);
    let watched = match given.text("resource")? {
        "events" => {
            let (start, end) = window(given, resume.as_deref())?;
            if end <= start {
                return Err(invalid("end", "must be after `start`"));
            }
            Watched::Events { start, end }
        }
        "messages" => Watched::Messages { folder: given.optional_text("folder")?.unwrap_or("inbox").to_owned() },
        _ => return Err(invalid("resource", "must be \"events\" or \"messages\"")),
    };
    let interval = given.count("intervalMs", 0, i32::MAX as u32)?.unwrap_or(INTERVAL_MS);
    Ok(WatchOptions { watched, interval: Duration::from_millis(interval.into()), resume })
}

/// What was said; else the window that the checkpoint was made with; else the time around today.
fn window(given: &Arguments, resume: Option<&str>) -> Result<(DateTime<Utc>, DateTime<Utc>), Error> {
    let said = |name: &str| given.get(name).map(|_| given.instant(name)).transpose();
    let (start, end) = (said("start")?, said("end")?);
    let before = resume.and_then(|checkpoint| {
        let checkpoint: Value = serde_json::from_slice(checkpoint.as_bytes()).ok()?;
        let mut words = checkpoint.get("watched")?.as_str()?.split(' ').skip(1).map(parse_instant);
        Some((words.next()?.ok()?, words.next()?.ok()?))
    });
    let today = page::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let (first, last) = before.unwrap_or((today - BEFORE, today + AHEAD));
    Ok((start.unwrap_or(first), end.unwrap_or(last)))
}
