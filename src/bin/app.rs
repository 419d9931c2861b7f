//! Face 1, the browser app: takes the sign-in's answer out of the address, then joins the program to the page and draws it.

use convoke::{
    browser::{
        intl::{Parts, Writer, zone_names},
        page,
    },
    runtime::Runtime,
    session::Session,
    ui::{
        App, AppProps,
        format::{Form, Formats},
    },
};
use yew::prelude::*;

fn main() {
    // First of all, before anything can read or keep the address.
    let answer = Session::take_answer();
    let runtime = Runtime::new(answer);
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
