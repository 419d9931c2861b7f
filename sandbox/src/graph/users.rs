//! Users of the directory. Owns their JSON, lists, search and the ties among them; leaves mailboxes to the other modules.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    access::Owner,
    delta::{Item, Round},
    error::{Error, Result},
    odata::{self, Paging, Row, Select},
    reply::Reply,
    request::Call,
    scopes, settings,
};
use crate::world::{SignInRule, User, World};

/// What a user has without `$select`.
const DEFAULT: [&str; 11] = [
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
];

/// What lies outside the directory, in the user's profile: not to be had for many users at once (delta query: known limitations).
const PROFILE: [&str; 9] =
    ["aboutMe", "birthday", "hireDate", "interests", "mySite", "pastProjects", "responsibilities", "schools", "skills"];

/// A user as the directory's options see it: everything for filters, defaults for the eye. JSON is made of those alone that are looked at.
pub(crate) struct UserRow<'a> {
    user: &'a User,
    select_all: bool,
    manager: Option<Value>,
}

impl Row for UserRow<'_> {
    fn probe(&self) -> Value {
        full(self.user)
    }

    fn probe_of(&self, names: &[&str]) -> Value {
        let user = self.user;
        let known = |name: &&str| {
            Some(match name.to_ascii_lowercase().as_str() {
                "displayname" => ("displayName", &user.display_name),
                "givenname" => ("givenName", &user.given_name),
                "surname" => ("surname", &user.surname),
                "jobtitle" => ("jobTitle", &user.job_title),
                "department" => ("department", &user.department),
                "userprincipalname" => ("userPrincipalName", &user.user_principal_name),
                "id" => ("id", &user.id),
                _ => return None,
            })
        };
        let members: Option<Map<String, Value>> = names
            .iter()
            .map(|name| known(name).map(|(name, text)| (name.to_owned(), if text.is_empty() { Value::Null } else { text.as_str().into() })))
            .collect();
        members.filter(|_| user.profile.is_empty()).map_or_else(|| self.probe(), Value::Object)
    }

    fn show(&self) -> Value {
        let all = full(self.user);
        let mut shown = if self.select_all { defaults(&all) } else { all };
        if let (Some(manager), Some(members)) = (&self.manager, shown.as_object_mut()) {
            members.insert("manager".to_owned(), manager.clone());
        }
        shown
    }
}

/// `GET /users`, `GET /users/$count`.
pub(crate) fn list(world: &World, call: &Call<'_>, count: bool) -> Result {
    scopes::directory(call, scopes::USERS_READ)?;
    let select = Select::read(call);
    if PROFILE.iter().any(|name| select.names(name)) {
        return Err(Error::new(501, "NotImplemented", "This operation target is not yet supported."));
    }
    let search = call.option("$search").map(|text| Search::read(call, text)).transpose()?;
    // The directory lists by name unless asked otherwise.
    let users = world.users_by_name().filter(|user| user.tenant_id == call.caller.tenant_id);
    let found = users.filter(|user| search.as_ref().is_none_or(|search| search.holds_for(user)));
    let (select_all, expand) = (select.is_all(), call.option("$expand"));
    let rows = found.map(|user| UserRow { user, select_all, manager: expand.and_then(|list| expanded_manager(world, user, list)) });
    let rows: Vec<UserRow<'_>> = rows.collect();
    if count { odata::count(call, rows, Paging::DIRECTORY) } else { odata::collection(call, "users", rows, Paging::DIRECTORY) }
}

/// `GET /users/delta`.
pub(crate) fn delta(world: &mut World, call: &Call<'_>) -> Result {
    scopes::directory(call, scopes::USERS_READ_ALL)?;
    let round = Round::begin(world, call, "users".to_owned())?;
    let select = Select::read(call);
    let users = world.users.iter().filter(|user| user.tenant_id == call.caller.tenant_id);
    let items =
        users.map(|user| Item { id: user.id.clone(), change: user.change, value: select.apply(row(world, call, user).show()) }).collect();
    let size = odata::page_size(call, Paging::DIRECTORY)?;
    round.answer(world, call, "users", items, |id| json!({ "id": id, "@removed": { "reason": "changed" } }), size)
}

/// `/me` and `/users/{id}` themselves.
pub(crate) fn route(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    match call.method {
        Method::GET => get(world, call, owner),
        Method::PATCH => update(world, call, owner),
        Method::DELETE => Err(Error::not_modelled("deleting users")),
        _ => Err(Error::method_not_allowed()),
    }
}

/// What a request cannot set.
const FIXED: [&str; 6] = ["id", "mail", "identities", "proxyAddresses", "assignedLicenses", "userType"];

/// `PATCH`: 204, without the user (user: update).
fn update(world: &mut World, call: &Call<'_>, owner: &Owner) -> Result {
    let needed: &[&str] = &["User.ReadWrite", "User.ReadWrite.All", "Directory.ReadWrite.All"];
    scopes::directory(call, if owner.own { needed } else { &needed[1..] })?;
    let input = call.json()?;
    let user = world.user(&owner.id).ok_or_else(|| Error::resource_not_found(&owner.id))?;
    let known = full(user);
    let mut changes = Vec::new();
    for (name, value) in input.members().iter().filter(|(name, _)| !name.contains('@')) {
        let names = known.as_object().into_iter().flat_map(Map::keys).map(String::as_str).chain(PROFILE);
        let known = names.into_iter().find(|known| known.eq_ignore_ascii_case(name) && !FIXED.contains(known));
        let known = known.ok_or_else(|| Error::new(400, "Request_BadRequest", format!("Invalid property '{name}'.")))?;
        changes.push((known.to_owned(), value.clone()));
    }
    let principal = changes.iter().any(|(name, _)| name == "userPrincipalName");
    if principal {
        return Err(Error::not_modelled("other principal names for users"));
    }
    let change = world.next_change();
    let user = world.user_mut(&owner.id).ok_or_else(|| Error::resource_not_found(&owner.id))?;
    if let Some((_, Value::String(name))) = changes.iter().find(|(name, _)| name == "displayName") {
        user.display_name.clone_from(name);
    }
    user.change = change;
    user.profile.extend(changes);
    world.order_users();
    Ok(Reply::empty(204))
}

/// `GET /me`, `GET /users/{id}`.
fn get(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::directory(call, if owner.own { scopes::USER_READ } else { scopes::USERS_READ })?;
    let user = world.user(&owner.id).ok_or_else(|| Error::resource_not_found(&owner.id))?;
    let mut shown = row(world, call, user).show();
    if Select::read(call).names("mailboxSettings") {
        scopes::outlook(call, scopes::SETTINGS_READ)?;
        if let (Some(mailbox), Some(members)) = (world.mailboxes.get(&user.id), shown.as_object_mut()) {
            members.insert("mailboxSettings".to_owned(), settings::render(&mailbox.settings));
        }
    }
    Ok(odata::entity(call, "users", shown))
}

/// `…/manager`.
pub(crate) fn manager(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::directory(call, scopes::USERS_READ_ALL)?;
    let user = world.user(&owner.id).ok_or_else(|| Error::resource_not_found(&owner.id))?;
    let manager = user.manager.as_deref().and_then(|id| world.user(id)).ok_or_else(|| Error::resource_not_found("manager"))?;
    Ok(odata::entity(call, "directoryObjects", typed(row(world, call, manager).show())))
}

/// `…/directReports`.
pub(crate) fn direct_reports(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    scopes::directory(call, scopes::USERS_READ_ALL)?;
    let reports = world.users.iter().filter(|user| user.manager.as_ref() == Some(&owner.id));
    let rows: Vec<Value> = reports.map(|user| typed(row(world, call, user).show())).collect();
    odata::collection(call, "directoryObjects", rows, Paging::DIRECTORY)
}

/// A user among other directory objects says what it is.
pub(crate) fn typed(user: Value) -> Value {
    let mut out = Map::new();
    out.insert("@odata.type".to_owned(), "#microsoft.graph.user".into());
    if let Value::Object(members) = user {
        out.extend(members);
    }
    Value::Object(out)
}

/// A user's row for collections.
pub(crate) fn row<'a>(world: &World, call: &Call<'_>, user: &'a User) -> UserRow<'a> {
    let manager = call.option("$expand").and_then(|list| expanded_manager(world, user, list));
    UserRow { user, select_all: Select::read(call).is_all(), manager }
}

/// The manager for `$expand=manager`, with theirs in turn for `$levels`, whose members `$select` may name (user: list manager).
fn expanded_manager(world: &World, user: &User, list: &str) -> Option<Value> {
    let (name, options) = list.split_once('(').unwrap_or((list, ""));
    name.split(',').any(|name| name.trim().eq_ignore_ascii_case("manager")).then_some(())?;
    let option = |wanted: &str| {
        let options = options.trim_end_matches(')').split(';').filter_map(|option| option.split_once('='));
        options.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    };
    let levels = match option("$levels") {
        Some(text) if text.eq_ignore_ascii_case("max") => usize::MAX,
        Some(text) => text.parse().unwrap_or(1),
        None => 1,
    };
    let names: Vec<&str> = option("$select").map(|names| names.split(',').map(str::trim).collect()).unwrap_or_default();
    chain_of_managers(world, user, &Select::of(&names), levels)
}

fn chain_of_managers(world: &World, user: &User, select: &Select, levels: usize) -> Option<Value> {
    let manager = user.manager.as_deref().filter(|_| levels > 0).and_then(|id| world.user(id))?;
    let shown = if select.is_all() { defaults(&full(manager)) } else { select.apply(full(manager)) };
    let mut shown = typed(shown);
    if let Some(next) = chain_of_managers(world, manager, select, levels - 1) {
        shown["manager"] = next;
    }
    Some(shown)
}

fn defaults(user: &Value) -> Value {
    Value::Object(DEFAULT.iter().filter_map(|name| Some(((*name).to_owned(), user.get(*name)?.clone()))).collect())
}

fn full(user: &User) -> Value {
    let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let mut out = json!({
        "businessPhones": if user.mobile_phone.is_empty() { json!([]) } else { json!([user.mobile_phone]) },
        "displayName": user.display_name,
        "givenName": text(&user.given_name),
        "jobTitle": text(&user.job_title),
        "mail": user.mail(),
        "mobilePhone": text(&user.mobile_phone),
        "officeLocation": text(&user.office_location),
        "preferredLanguage": text(&user.preferred_language),
        "surname": text(&user.surname),
        "userPrincipalName": user.user_principal_name,
        "id": user.id,
        "department": text(&user.department),
        "companyName": null,
        "city": null,
        "country": null,
        "postalCode": null,
        "state": null,
        "streetAddress": null,
        "assignedLicenses": [],
        "identities": [{
            "signInType": "userPrincipalName",
            "issuer": user.user_principal_name.split('@').nth(1),
            "issuerAssignedId": user.user_principal_name,
        }],
        "mailNickname": user.user_principal_name.split('@').next(),
        "userType": if user.guest_of.is_some() { "Guest" } else { "Member" },
        "accountEnabled": !user.room && user.rule != Some(SignInRule::Disabled),
        "proxyAddresses": [format!("SMTP:{}", user.mail())],
    });
    if let Some(members) = out.as_object_mut() {
        members.extend(user.profile.clone());
    }
    out
}

/// The directory's `$search`: `"property:words"` clauses with AND and OR. A clause holds if the property has words that begin so.
pub(crate) struct Search(Vec<Vec<(String, String)>>);

impl Search {
    pub(crate) fn read(call: &Call<'_>, text: &str) -> Result<Self> {
        if !call.eventual() {
            let message = "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'";
            return Err(Error::new(400, "Request_UnsupportedQuery", message));
        }
        let wrong = || Error::new(400, "Request_BadRequest", "Syntax error: the $search clause must be of the form \"property:value\".");
        let mut any_of = vec![Vec::new()];
        for (index, part) in text.split('"').enumerate() {
            // Odd parts stand between quotes, even ones between clauses.
            if index % 2 == 1 {
                let (property, words) = part.split_once(':').ok_or_else(wrong)?;
                any_of.last_mut().into_iter().for_each(|all: &mut Vec<_>| all.push((property.to_owned(), words.to_lowercase())));
            } else if part.trim().eq_ignore_ascii_case("or") {
                any_of.push(Vec::new());
            } else if !part.trim().is_empty() && !part.trim().eq_ignore_ascii_case("and") {
                return Err(wrong());
            }
        }
        if any_of.iter().any(Vec::is_empty) { Err(wrong()) } else { Ok(Self(any_of)) }
    }

    /// The same for a user, whose whole JSON is made only if a clause is about more than names.
    fn holds_for(&self, user: &User) -> bool {
        let has = |(property, words): &(String, String)| {
            let text = match property.to_ascii_lowercase().as_str() {
                "displayname" => &user.display_name,
                "givenname" => &user.given_name,
                "surname" => &user.surname,
                "userprincipalname" => &user.user_principal_name,
                "mail" => user.mail(),
                _ => return None,
            };
            Some(has_words(text, words))
        };
        let known = user.profile.is_empty() && self.0.iter().flatten().all(|clause| has(clause).is_some());
        if known { self.0.iter().any(|all| all.iter().all(|clause| has(clause) == Some(true))) } else { self.holds(&full(user)) }
    }

    pub(crate) fn holds(&self, item: &Value) -> bool {
        let has = |(property, words): &(String, String)| {
            let value = item.as_object().and_then(|members| members.iter().find(|(name, _)| name.eq_ignore_ascii_case(property)));
            has_words(value.and_then(|(_, value)| value.as_str()).unwrap_or_default(), words)
        };
        self.0.iter().any(|all| all.iter().all(has))
    }
}

/// Whether each of the words (in lower case) begins a word of the text.
fn has_words(text: &str, words: &str) -> bool {
    let letters = |letter: char| !letter.is_alphanumeric();
    let text = text.to_lowercase();
    let mut wanted = words.split(letters).filter(|word| !word.is_empty());
    wanted.all(|word| text.split(letters).any(|known| known.starts_with(word)))
}
