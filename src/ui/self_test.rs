//! The self-test: its buttons, its table, its report.

use convoke_core::{
    config::AppConfig,
    diagnose::{Check, Line, Outcome, plan, report},
    store::{SelfTest, SessionAction},
    time::iso_utc,
};
use yew::prelude::*;

use super::{
    context::Ui,
    controls::progress,
    icons::{Icon, picture},
    sign_in_words,
    strings::Text,
};

/// The card with the self-test.
pub(crate) fn self_test_card(ui: &Ui, test: &SelfTest, config: &AppConfig) -> Html {
    let lines: Vec<Line> = test.checks.iter().map(|check| sign_in_words::line(ui, check)).collect();
    let total = plan(&config.session.features).len();
    let part = || ui.with(Text::SelfTestPart, &[("done", &test.checks.len().to_string()), ("total", &total.to_string())]);
    html! {
        <section class="card" aria-labelledby="self-test-title">
            <h2 id="self-test-title">{ ui.text(Text::SelfTest) }</h2>
            <p class="help">{ ui.text(Text::SelfTestLead) }</p>
            <div class="buttons">
                <button type="button" class="button" aria-disabled={test.running.then_some("true")} onclick={ui.on(SessionAction::Test)}>{ ui.text(Text::RunSelfTest) }</button>
                if test.running {
                    <button type="button" class="button" onclick={ui.on(SessionAction::StopTest)}>{ ui.text(Text::StopSelfTest) }</button>
                    { progress(&part(), Some((test.checks.len(), total))) }
                } else if !lines.is_empty() {
                    <button type="button" class="button" onclick={copy_report(ui, &lines, config)}>{ ui.text(Text::CopyReport) }</button>
                }
            </div>
            if !lines.is_empty() { { table(ui, &test.checks, &lines) } }
        </section>
    }
}

fn copy_report(ui: &Ui, lines: &[Line], config: &AppConfig) -> Callback<MouseEvent> {
    let heading = ui.with(Text::ReportHeading, &[("time", &iso_utc(ui.now)), ("host", &config.session.authority.key())]);
    ui.copying(report(&heading, lines))
}

fn table(ui: &Ui, checks: &[Check], lines: &[Line]) -> Html {
    html! {
        <table class="checks" aria-labelledby="self-test-title">
            <thead><tr>{ for [Text::Check, Text::Outcome, Text::Found].map(|text| html! { <th scope="col">{ ui.text(text) }</th> }) }</tr></thead>
            <tbody>{ for checks.iter().zip(lines).map(|(check, line)| row(check, line)) }</tbody>
        </table>
    }
}

fn row(check: &Check, line: &Line) -> Html {
    let (class, icon) = match check.finding.outcome() {
        Outcome::Pass => ("badge-yes", Icon::Check),
        Outcome::Fail => ("badge-no", Icon::Cross),
        Outcome::Skipped => ("badge-open", Icon::After),
    };
    html! {
        <tr key={check.probe.id()}>
            <th scope="row">{ &line.title }</th>
            <td><span class={classes!("badge", class)}>{ picture(icon) }{ &line.outcome }</span></td>
            <td>
                <p>{ &line.detail }</p>
                if let Some(advice) = &line.advice { <p class="help">{ advice }</p> }
            </td>
        </tr>
    }
}
