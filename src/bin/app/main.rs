//! Face 1, the browser app: takes the sign-in's answer out of the address, then joins the program to the page and draws it.

mod parts;

use std::{cell::Cell, rc::Rc};

use convoke::{
    browser::{
        intl::{Parts, Writer, zone_names},
        page,
    },
    client::LocalBoxFuture,
    runtime::{Loaded, Runtime},
    session::Session,
    ui::{
        App, AppProps, Later,
        format::{Form, Formats},
    },
};
use yew::prelude::*;

fn main() {
    // First of all, before anything can read or keep the address.
    let answer = Session::take_answer();
    let later: Rc<Cell<Option<Later>>> = Rc::default();
    let loader = {
        let later = Rc::clone(&later);
        move || -> LocalBoxFuture<_> {
            let later = Rc::clone(&later);
            Box::pin(async move {
                let loaded = parts::later().await?;
                later.set(Some(loaded));
                Ok(Loaded { rank: loaded.rank, test: loaded.test })
            })
        }
    };
    let runtime = Runtime::new(answer, Box::new(loader));
    let props = AppProps {
        state: runtime.state(),
        zones: runtime.zones(),
        dispatch: {
            let runtime = runtime.clone();
            Callback::from(move |action| runtime.dispatch(action))
        },
        listen: {
            let runtime = runtime.clone();
            Callback::from(move |listener: Callback<_>| {
                runtime.listen(move |state| listener.emit(state));
                runtime.begin();
            })
        },
        formats: Callback::from(|locale: AttrValue| formats(&locale)),
        now: Callback::from(|()| page::now()),
        later: Callback::from(move |()| later.get()),
        redirect_uri: Callback::from(move |()| runtime.redirect_uri().into()),
        zone_names: Callback::from(|()| zone_names()),
    };
    yew::Renderer::<App>::with_props(props).render();
}

const SHORT_TIME: Parts = &[("hour", "numeric"), ("minute", "2-digit")];
const PADDED_TIME: Parts = &[("hour", "2-digit"), ("minute", "2-digit")];

/// Dates and times as the browser writes them in this language.
fn formats(locale: &str) -> Formats {
    let writer = Writer::new(locale);
    // `9:00 AM`, but `09:00`: a column of times lines up where no AM or PM follows.
    let afternoon = writer.write(chrono::NaiveDate::default().and_time(chrono::NaiveTime::MIN) + chrono::TimeDelta::hours(13), SHORT_TIME);
    let time = if afternoon.contains("13") { PADDED_TIME } else { SHORT_TIME };
    Formats::new(move |at, form| {
        writer.write(
            at,
            match form {
                Form::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
                Form::ShortDay => &[("weekday", "short"), ("day", "numeric")],
                Form::Weekday => &[("weekday", "short")],
                Form::ShortDate => &[("day", "numeric"), ("month", "long")],
                Form::Date => &[("day", "numeric"), ("month", "long"), ("year", "numeric")],
                Form::Time => time,
            },
        )
    })
}
