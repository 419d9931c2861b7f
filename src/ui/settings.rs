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
    let (preferences, connect) = (&state.preferences, &state.connect);
    let deployed = connect.configured.as_deref().or(connect.draft.as_ref().map(|draft| draft.settings()));
    let system = || (AttrValue::default(), AttrValue::from(ui.text(Text::ThemeAuto)));
    let named = |value: &str, name: &str| (AttrValue::from(value.to_owned()), AttrValue::from(name.to_owned()));

    let themes = [(Theme::Auto, Text::ThemeAuto), (Theme::Light, Text::ThemeLight), (Theme::Dark, Text::ThemeDark)];
    let themes = themes.map(|(theme, text)| (AttrValue::from(theme.as_str()), AttrValue::from(ui.text(text)))).to_vec();

    let mut languages: Vec<_> = LANGUAGES.iter().map(|(tag, name)| named(tag, name)).collect();
    let locale =
        in_force(&state.chosen.locale, deployed.is_some_and(|config| config.locale.is_some()), &preferences.locale, &mut languages);
    languages.insert(0, system());

    let mut zones: Vec<_> = ui.zone_names.emit(()).iter().map(|name| named(name, name)).collect();
    let zone =
        in_force(&state.chosen.time_zone, deployed.is_some_and(|config| config.time_zone.is_some()), &preferences.time_zone, &mut zones);
    zones.insert(0, system());

    html! {
        <>
            { select(ui, Text::Theme, &themes, preferences.theme.as_str(), |name| Action::Theme(Theme::parse(&name).unwrap_or_default())) }
            { select(ui, Text::Language, &languages, &locale, Action::Locale) }
            { select(ui, Text::TimeZone, &zones, &zone, Action::TimeZone) }
        </>
    }
}

/// What is chosen, else what the deployer says, else "As the system"; it is put into the list where the list lacks it.
fn in_force(chosen: &Option<String>, deployed: bool, in_force: &str, list: &mut Vec<(AttrValue, AttrValue)>) -> String {
    let value = chosen.clone().unwrap_or_else(|| if deployed { in_force.to_owned() } else { String::new() });
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
