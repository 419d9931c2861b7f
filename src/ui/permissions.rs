//! Permissions as people see them: by what they are for, each with its scopes and who must consent. Owns the group of check boxes on the
//! Connect screen and the table on the Connection screen.

use convoke_core::{
    auth::{BASE_SCOPES, Feature, missing, needs_admin, request_scopes},
    config::{AppConfig, ConnectForm},
    store::{SessionAction, State},
};
use yew::prelude::*;

use super::{context::Ui, controls::admin_link, sign_in_words, strings::Text};

/// What this app has a use for. Whatever else a configuration names is shown as well.
const OFFERED: [Feature; 10] = [
    Feature::CalendarRead,
    Feature::CalendarWrite,
    Feature::Scheduling,
    Feature::SharedCalendars,
    Feature::People,
    Feature::Users,
    Feature::Rooms,
    Feature::Contacts,
    Feature::Groups,
    Feature::Settings,
];

fn shown(chosen: &[Feature]) -> impl Iterator<Item = Feature> {
    Feature::ALL.into_iter().filter(|feature| OFFERED.contains(feature) || (chosen.contains(feature) && *feature != Feature::Profile))
}

/// The check boxes on the Connect screen.
pub(crate) fn permission_boxes(ui: &Ui, form: &ConnectForm, problem: Option<String>) -> Html {
    html! {
        <fieldset id="connect-features" class="choice" tabindex="-1" aria-describedby="connect-features-help">
            <legend>{ ui.text(Text::Permissions) }</legend>
            <p class="help" id="connect-features-help">{ problem.as_ref().unwrap_or(&ui.text(Text::PermissionsHelp)) }</p>
            { for shown(&form.features).filter(|feature| form.offers(*feature)).map(|feature| permission_box(ui, form, feature)) }
        </fieldset>
    }
}

fn permission_box(ui: &Ui, form: &ConnectForm, feature: Feature) -> Html {
    let id = ["feature-", feature.name()].concat();
    let need_id = [&id, "-need"].concat();
    let onchange = {
        let (ui, form) = (ui.clone(), form.clone());
        Callback::from(move |_: Event| {
            let mut form = form.clone();
            match form.features.iter().position(|known| *known == feature) {
                Some(at) => {
                    form.features.remove(at);
                }
                None => form.features.push(feature),
            }
            ui.send(SessionAction::Form(form));
        })
    };
    let scopes = feature.scopes(&form.features);
    html! {
        <div class="permission-box" key={feature.name()}>
            <label class="choice-option">
                <input type="checkbox" checked={form.features.contains(&feature)} aria-describedby={need_id.clone()} {onchange} />
                <span>{ ui.text(sign_in_words::feature(feature)) }</span>
            </label>
            <p class="help" id={need_id}>{ ui.with(Text::PermissionNeed, &[("scopes", &scopes.join(", ")), ("who", &who(ui, scopes.iter().any(|scope| needs_admin(scope))))]) }</p>
        </div>
    }
}

fn who(ui: &Ui, admin: bool) -> String {
    ui.text(if admin { Text::ByAdministrator } else { Text::ByYourself })
}

/// Whether a permission is there.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    Granted,
    Refused,
    NotAsked,
}

/// One line: what it is for, its permissions, whether they are there.
struct Row {
    feature: Option<Feature>,
    scopes: Vec<String>,
    /// Those that are not granted.
    missing: Vec<String>,
    standing: Standing,
}

/// The table on the Connection screen: everything that was or could be asked for.
pub(crate) fn permission_table(ui: &Ui, state: &State, config: &AppConfig) -> Html {
    let rows = rows(state, config);
    let by_admin: Vec<String> = rows
        .iter()
        .filter(|row| row.standing != Standing::Granted)
        .flat_map(|row| row.missing.clone())
        .filter(|scope| needs_admin(scope))
        .collect();
    let link = if by_admin.is_empty() { None } else { ui.admin_link.emit(by_admin) };
    html! {
        <>
            <ul class="permissions">{ for rows.iter().map(|row| permission_row(ui, row)) }</ul>
            if let Some(link) = link {
                { admin_link(ui, "connection-admin-link", &link) }
                <p><a class="button" href={link} target="_blank" rel="noopener">{ ui.text(Text::AdminConsent) }</a></p>
                <p class="help">{ ui.text(Text::AdminConsentHelp) }</p>
            }
        </>
    }
}

fn rows(state: &State, config: &AppConfig) -> Vec<Row> {
    let session = &config.session;
    let asked = request_scopes(&session.features, session.scopes.as_deref());
    let personal = state.session.account().is_some_and(|account| account.is_personal());
    let row = |feature: Option<Feature>, scopes: Vec<String>| {
        let missing = missing(&scopes, &state.granted);
        // What the sign-in asked for and did not bring was refused there.
        let refused = |scope: &String| state.refused.iter().chain(&asked).any(|known| known == scope);
        let standing = match missing.is_empty() {
            true => Standing::Granted,
            false if missing.iter().any(refused) => Standing::Refused,
            false => Standing::NotAsked,
        };
        Row { feature, scopes, missing, standing }
    };
    let features =
        std::iter::once(Feature::Profile).chain(shown(&session.features)).filter(|feature| !personal || feature.is_for_personal());
    let mut rows: Vec<Row> = features
        .map(|feature| row(Some(feature), feature.scopes(&session.features).iter().map(|scope| (*scope).to_owned()).collect()))
        .collect();
    // Permissions by name in the configuration may belong to no feature.
    for scope in asked.iter().filter(|scope| !BASE_SCOPES.contains(&scope.as_str())) {
        if !rows.iter().any(|row| row.scopes.contains(scope)) {
            rows.push(row(None, vec![scope.clone()]));
        }
    }
    rows
}

fn permission_row(ui: &Ui, row: &Row) -> Html {
    let (class, text) = match row.standing {
        Standing::Granted => ("badge-yes", Text::Granted),
        Standing::Refused => ("badge-no", Text::Refused),
        Standing::NotAsked => ("badge-open", Text::NotAsked),
    };
    let scopes = row.scopes.join(", ");
    let name = row.feature.map_or_else(|| scopes.clone(), |feature| ui.text(sign_in_words::feature(feature)));
    let admin = row.scopes.iter().any(|scope| needs_admin(scope));
    html! {
        <li key={scopes.clone()}>
            <div class="permission-name">
                <span>{ &name }</span>
                <p class="help">{ ui.with(Text::PermissionNeed, &[("scopes", &scopes), ("who", &who(ui, admin))]) }</p>
            </div>
            <span class={classes!("badge", class)}>{ ui.text(text) }</span>
            if row.standing != Standing::Granted && !admin {
                <button type="button" class="button button-small" aria-label={ui.with(Text::AskFor, &[("name", &name)])} onclick={ui.on(SessionAction::Ask(row.missing.clone()))}>{ ui.text(Text::Ask) }</button>
            }
        </li>
    }
}
