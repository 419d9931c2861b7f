//! `/me/people`: who somebody works with, by relevance. Owns the ranking (by meetings and mail in common) and the fuzzy search.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};

use super::{
    access::{self, Owner},
    error::{Error, Result},
    odata::{self, Paging},
    request::Call,
    scopes,
};
use crate::world::{User, World, ids, mailbox::Mailbox};

/// Everything below `…/people`.
pub(crate) fn route(world: &World, call: &Call<'_>, owner: &Owner, rest: &[&str]) -> Result {
    scopes::outlook(call, scopes::PEOPLE_READ)?;
    if !owner.own && !scopes::granted(call, &["People.Read.All"]) {
        return Err(Error::access_denied());
    }
    let mailbox = access::mailbox(world, owner)?;
    let people = ranked(world, call, mailbox);
    match (&call.method, rest) {
        (&Method::GET, []) => {}
        (&Method::GET, [id]) => {
            let person = people.into_iter().find(|person| person["id"] == **id).ok_or_else(Error::item_not_found)?;
            return Ok(odata::entity(call, &format!("users('{}')/people", owner.id), person));
        }
        _ => return Err(Error::method_not_allowed()),
    }
    let Some(search) = call.option("$search") else {
        return odata::collection(call, &format!("users('{}')/people", owner.id), people, Paging::OUTLOOK);
    };
    if call.option("$skip").is_some() {
        return Err(Error::query("$skip is not supported together with $search."));
    }
    if !owner.own {
        return Err(Error::query("$search is supported for the signed-in user only."));
    }
    let words = search.replace('"', " ").to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let found: Vec<Value> = people.into_iter().filter(|person| matches(person, &words)).collect();
    odata::collection(call, &format!("users('{}')/people", owner.id), found, Paging::OUTLOOK)
}

/// People of the mailbox by relevance; those of the directory after them if the caller asks for that source.
fn ranked(world: &World, call: &Call<'_>, mailbox: &Mailbox) -> Vec<Value> {
    let mut scores: BTreeMap<String, (String, u32)> = BTreeMap::new();
    let mut meet = |name: &str, address: &str, weight: u32| {
        if !address.eq_ignore_ascii_case(&mailbox.owner.address) {
            scores.entry(address.to_lowercase()).or_insert_with(|| (name.to_owned(), 0)).1 += weight;
        }
    };
    for event in &mailbox.events {
        let weight = if event.recurrence.is_some() { 3 } else { 1 };
        meet(&event.organizer.name, &event.organizer.address, weight);
        event.attendees.iter().for_each(|attendee| meet(&attendee.email.name, &attendee.email.address, weight));
    }
    for message in &mailbox.mail.messages {
        meet(&message.from.name, &message.from.address, 1);
    }
    for contact in &mailbox.contacts {
        let addresses = contact.fields.get("emailAddresses").and_then(Value::as_array).cloned().unwrap_or_default();
        for entry in addresses {
            meet(entry["name"].as_str().unwrap_or_default(), entry["address"].as_str().unwrap_or_default(), 1);
        }
    }
    let mut known: Vec<(String, (String, u32))> = scores.into_iter().collect();
    known.sort_by(|(one, (_, score)), (other, (_, other_score))| other_score.cmp(score).then_with(|| one.cmp(other)));
    let sources = call.header("x-peoplequery-querysources").unwrap_or("Mailbox").to_lowercase();
    let mut people = Vec::new();
    if sources.contains("mailbox") {
        people.extend(known.iter().map(|(address, (name, score))| render(world, address, name, f64::from(*score))));
    }
    if sources.contains("directory") {
        let listed = |user: &&User| !known.iter().any(|(address, _)| address.eq_ignore_ascii_case(&user.user_principal_name));
        let others = world.users.iter().filter(|user| user.tenant_id == call.caller.tenant_id).filter(listed);
        let others = others.filter(|user| !user.user_principal_name.eq_ignore_ascii_case(&mailbox.owner.address));
        people.extend(others.map(|user| render(world, &user.user_principal_name, &user.display_name, 0.0)));
    }
    people
}

fn render(world: &World, address: &str, name: &str, score: f64) -> Value {
    let user = world.user(address);
    let text = |pick: fn(&User) -> &str| user.map(pick).filter(|text| !text.is_empty());
    let (class, subclass) = match user {
        Some(user) if user.room => ("Person", "Room"),
        Some(_) => ("Person", "OrganizationUser"),
        None if world.group(address).is_some() => ("Group", "UnifiedGroup"),
        None => ("Person", "ImplicitContact"),
    };
    let phones = text(|user| &user.mobile_phone).map(|number| json!({ "type": "business", "number": number }));
    json!({
        "id": user.map_or_else(|| ids::guid(address), |user| user.id.clone()),
        "displayName": user.map_or(name, |user| &user.display_name),
        "givenName": text(|user| &user.given_name),
        "surname": text(|user| &user.surname),
        "birthday": "",
        "personNotes": "",
        "isFavorite": false,
        "jobTitle": text(|user| &user.job_title),
        "companyName": null,
        "yomiCompany": "",
        "department": text(|user| &user.department),
        "officeLocation": text(|user| &user.office_location),
        "profession": "",
        "userPrincipalName": user.map_or("", |user| &user.user_principal_name),
        "imAddress": user.map(|user| format!("sip:{}", user.user_principal_name)),
        "scoredEmailAddresses": [{ "address": address, "relevanceScore": score, "selectionLikelihood": "notSpecified" }],
        "phones": phones.into_iter().collect::<Vec<_>>(),
        "postalAddresses": [],
        "websites": [],
        "personType": { "class": class, "subclass": subclass },
    })
}

/// Fuzzy: each word begins some word of name or address, one typing mistake allowed in longer ones.
fn matches(person: &Value, words: &[&str]) -> bool {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    let all = format!("{} {}", text(&person["displayName"]), text(&person["scoredEmailAddresses"][0]["address"]));
    let known: Vec<&str> = all.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.iter().all(|word| known.iter().any(|known| known.starts_with(word) || (word.chars().count() > 3 && nearly(known, word))))
}

/// Whether one edit turns a beginning of `known` into `word`.
fn nearly(known: &str, word: &str) -> bool {
    let known: Vec<char> = known.chars().collect();
    let word: Vec<char> = word.chars().collect();
    let same = known.iter().zip(&word).take_while(|(one, other)| one == other).count();
    let rest = |known_skip: usize, word_skip: usize| {
        let (known, word) = (known.get(same + known_skip..), word.get(same + word_skip..));
        matches!((known, word), (Some(known), Some(word)) if known.starts_with(word))
    };
    rest(1, 1) || rest(1, 0) || rest(0, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_typing_mistake_is_forgiven() {
        for (known, word, expected) in [
            ("langer", "lanher", true),
            ("langer", "laner", true),
            ("langer", "lannger", true),
            ("langer", "lxxger", false),
            ("bowen", "bown", true),
        ] {
            assert_eq!(nearly(known, word), expected, "{known} {word}");
        }
    }
}
