//! `…/outlook`: time zones that may be named, and the list of categories. Owns both; leaves which category an item has to the items.

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::{self, Owner},
    error::{Error, Result},
    input::Input,
    odata,
    reply::Reply,
    request::Call,
    routes::unknown,
    scopes,
};
use crate::world::{World, mailbox::Category, zones};

/// Graph's categoryColor: `none` and 25 numbered ones.
const LAST_PRESET: u8 = 24;

/// Everything below `…/outlook`.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    let iana = || chrono_tz::TZ_VARIANTS.iter().map(|tz| (tz.name(), tz.name().to_owned()));
    let listed: Vec<(&str, String)> = match rest {
        ["masterCategories", rest @ ..] => return categories(world, call, owner, rest),
        ["supportedTimeZones"] => zones::windows_names(call.now).collect(),
        [function] if function.to_ascii_lowercase().starts_with("supportedtimezones(") => {
            let arguments = function.to_ascii_lowercase();
            match arguments.rsplit('\'').nth(1) {
                Some("iana") => iana().collect(),
                Some("windows") => zones::windows_names(call.now).collect(),
                _ => return Err(Error::parameter("'TimeZoneStandard' must be 'Windows' or 'Iana'.")),
            }
        }
        _ => return Err(unknown(call)),
    };
    if call.method != Method::GET {
        return Err(Error::method_not_allowed());
    }
    scopes::outlook(call, scopes::USER_READ)?;
    let items = listed.into_iter().map(|(alias, name)| json!({ "alias": alias, "displayName": name })).collect();
    Ok(odata::plain(call, "Collection(microsoft.graph.timeZoneInformation)", items))
}

/// Everything below `…/outlook/masterCategories`.
fn categories(world: &mut World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    scopes::outlook(call, if call.method == Method::GET { scopes::SETTINGS_READ } else { scopes::SETTINGS_WRITE })?;
    if !owner.own && call.caller.user_id.is_some() {
        return Err(Error::access_denied());
    }
    let context = format!("users('{}')/outlook/masterCategories", owner.id);
    let known = &access::mailbox(world, owner)?.categories;
    match (&call.method, rest) {
        (&Method::GET, []) => Ok(odata::plain(call, &context, known.iter().map(render).collect())),
        (&Method::POST, []) => {
            let input = call.json()?;
            let name = input.text("displayName")?.filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| Error::invalid("The category needs 'displayName'."))?;
            if known.iter().any(|category| category.display_name.eq_ignore_ascii_case(&name)) {
                return Err(Error::new(409, "ErrorCategoryExists", "A category with the specified name already exists."));
            }
            let number = world.next_change();
            let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, format!("{} {number}", owner.id).as_bytes()).to_string();
            let category = Category { id, display_name: name, color: color(&input)?.unwrap_or_else(|| "none".to_owned()) };
            access::mailbox_mut(world, owner)?.categories.push(category.clone());
            Ok(Reply::json(201, odata::with_context(call, &format!("{context}/$entity"), render(&category))))
        }
        (method, [id]) => {
            let position = known.iter().position(|category| category.id.eq_ignore_ascii_case(id)).ok_or_else(Error::item_not_found)?;
            let categories = &mut access::mailbox_mut(world, owner)?.categories;
            match *method {
                Method::DELETE => {
                    categories.remove(position);
                    return Ok(Reply::empty(204));
                }
                // Documented: the colour can be changed, the name cannot.
                Method::PATCH => {
                    if let (Some(category), Some(color)) = (categories.get_mut(position), color(&call.json()?)?) {
                        category.color = color;
                    }
                }
                Method::GET => {}
                _ => return Err(Error::method_not_allowed()),
            }
            let category = categories.get(position).ok_or_else(Error::item_not_found)?;
            Ok(odata::entity(call, &context, render(category)))
        }
        _ => Err(unknown(call)),
    }
}

fn render(category: &Category) -> Value {
    json!({ "id": category.id, "displayName": category.display_name, "color": category.color })
}

fn color(input: &Input) -> Result<Option<String>> {
    input.choice("color", |name| {
        let name = name.to_lowercase();
        let preset = name.strip_prefix("preset").and_then(|number| number.parse::<u8>().ok());
        (name == "none" || preset.is_some_and(|preset| preset <= LAST_PRESET)).then_some(name)
    })
}
