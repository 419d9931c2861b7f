//! Theme, language and time zone. "As the system" is a choice like any other and goes before what the deployer says.

use convoke_core::{
    config::Theme,
    store::{Action, State},
};
use yew::prelude::*;

use super::{
    context::Ui,
    strings::{LANGUAGES, Text},
};
use crate::browser::dom;

/// The panel with the settings.
pub(crate) fn settings(ui: &Ui, state: &State) -> Html {
    let preferences = &state.preferences;
    let system = || (AttrValue::default(), AttrValue::from(ui.text(Text::ThemeAuto)));
    let named = |value: &str, name: &str| (AttrValue::from(value.to_owned()), AttrValue::from(name.to_owned()));

    let themes = [(Theme::Auto, Text::ThemeAuto), (Theme::Light, Text::ThemeLight), (Theme::Dark, Text::ThemeDark)];
    let themes = themes.map(|(theme, text)| (AttrValue::from(theme.as_str()), AttrValue::from(ui.text(text)))).to_vec();

    let mut languages: Vec<_> = LANGUAGES.iter().map(|(tag, name)| named(tag, name)).collect();
    let locale = effective(state.chosen.locale.as_deref(), &preferences.locale, &mut languages);
    languages.insert(0, system());

    let mut zones: Vec<_> = ui.zone_names.emit(()).iter().map(|name| named(name, name)).collect();
    let zone = effective(state.chosen.time_zone.as_deref(), &preferences.time_zone, &mut zones);
    zones.insert(0, system());

    html! {
        <>
            { select(ui, Text::Theme, &themes, preferences.theme.as_str(), |name| Action::Theme(Theme::parse(&name).unwrap_or_default())) }
            { select(ui, Text::Language, &languages, &locale, Action::Locale) }
            { select(ui, Text::TimeZone, &zones, &zone, Action::TimeZone) }
        </>
    }
}

/// What is chosen, else what is in force; it is put into the list where the list lacks it.
fn effective(chosen: Option<&str>, in_force: &str, list: &mut Vec<(AttrValue, AttrValue)>) -> String {
    let value = chosen.unwrap_or(in_force).to_owned();
    if !value.is_empty() && !list.iter().any(|(known, _)| *known == value) {
        list.insert(0, (value.clone().into(), value.clone().into()));
    }
    value
}

fn select(ui: &Ui, label: Text, options: &[(AttrValue, AttrValue)], chosen: &str, action: fn(String) -> Action) -> Html {
    let onchange = {
        let ui = ui.clone();
        Callback::from(move |event: Event| ui.send(action(dom::changed_value(&event))))
    };
    html! {
        <label class="select-line" key={label.name()}>
            <span>{ ui.text(label) }</span>
            <select {onchange}>
                { for options.iter().map(|(value, name)| html! {
                    <option key={value.to_string()} value={value.clone()} selected={*value == chosen}>{ name }</option>
                }) }
            </select>
        </label>
    }
}
