//! The liberties that Graph gives to requests, and their query options. Owns putting a body into the spelling of the description, so that a
//! schema can judge it.

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{
    contract::{Contract, only},
    exceptions::{Exception, NAMES_WITHOUT_CASE, SCALARS_AS_TEXT, WORDS_WITHOUT_CASE},
};

/// A body with members and words in the description's case and numbers as numbers, and what liberties it took.
pub(crate) fn normalized(contract: &Contract, schema: &Value, value: &Value) -> (Value, Vec<&'static Exception>) {
    let mut liberties = Vec::new();
    let value = spelled(contract, schema, value, &mut liberties);
    (value, liberties)
}

fn spelled(contract: &Contract, schema: &Value, value: &Value, liberties: &mut Vec<&'static Exception>) -> Value {
    let schema = schema["anyOf"].as_array().and_then(|choices| only(choices)).unwrap_or(schema);
    let schema = contract.follow(schema);
    match value {
        Value::Array(items) => items.iter().map(|item| spelled(contract, &schema["items"], item, liberties)).collect(),
        Value::Object(given) => {
            let said = given.get("@odata.type").and_then(Value::as_str).and_then(|said| contract.component(said.trim_start_matches('#')));
            let members = contract.members(said.unwrap_or(schema)).named;
            let mut object = Map::new();
            for (name, member) in given {
                let known = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                let (name, member) = match known {
                    Some((known, schema)) => {
                        if *known != name {
                            liberties.push(&NAMES_WITHOUT_CASE);
                        }
                        ((*known).to_owned(), spelled(contract, schema, member, liberties))
                    }
                    None => (name.clone(), member.clone()),
                };
                object.insert(name, member);
            }
            object.into()
        }
        Value::String(text) => scalar(schema, text, liberties),
        other => other.clone(),
    }
}

fn scalar(schema: &Value, text: &str, liberties: &mut Vec<&'static Exception>) -> Value {
    if let Some(words) = schema["enum"].as_array() {
        let known = words.iter().find(|word| word.as_str().is_some_and(|word| word.eq_ignore_ascii_case(text)));
        if known.is_some_and(|known| known != text) {
            liberties.push(&WORDS_WITHOUT_CASE);
        }
        return known.cloned().unwrap_or_else(|| text.into());
    }
    let allows = |name: &str| schema["type"] == name || schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == name));
    if !allows("string")
        && (allows("integer") || allows("number") || allows("boolean"))
        && let Ok(value @ (Value::Number(_) | Value::Bool(_))) = serde_json::from_str(&text.to_ascii_lowercase())
    {
        liberties.push(&SCALARS_AS_TEXT);
        return value;
    }
    text.into()
}

/// Query options that the operation does not have, and selected members that its type does not have.
pub(crate) fn query_problems(contract: &Contract, template: &str, operation: &Value, target: &str) -> Vec<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let parameters = [&operation["parameters"], &contract.path(template)["parameters"]];
    let described: Vec<&str> = parameters
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .map(|parameter| contract.follow(parameter))
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| parameter["name"].as_str())
        .collect();
    let mut problems = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        // What a link of Graph's own carries, or of a fault, is the sandbox's business.
        if ["$skiptoken", "$deltatoken", "$skip", "sandbox", "sandboxturn"].iter().any(|own| own.eq_ignore_ascii_case(&name)) {
            continue;
        }
        if !described.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            problems.push(format!("query: {name} is not described"));
        }
        if name.eq_ignore_ascii_case("$select") {
            problems.extend(
                unknown_members(contract, operation, &value).map(|member| format!("query: $select has {member}, which is not described")),
            );
        }
    }
    problems
}

/// The selected names that neither the answer's type nor one derived from it has.
fn unknown_members<'a>(contract: &'a Contract, operation: &'a Value, selected: &'a str) -> impl Iterator<Item = &'a str> {
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let schema = contract.members(answer).named.get("value").map_or(answer, |value| &value["items"]);
    let family: Vec<&Value> = match contract.type_name(schema) {
        Some(base) => contract.family(base).filter_map(|name| contract.component(name)).collect(),
        None => vec![schema],
    };
    let known = move |name: &str| {
        family.iter().any(|schema| {
            let members = contract.members(schema);
            members.open || members.named.keys().any(|known| known.eq_ignore_ascii_case(name))
        })
    };
    selected
        .split(',')
        .map(|path| path.trim().split('/').next().unwrap_or_default())
        .filter(move |name| !name.is_empty() && !name.starts_with('@') && !known(name))
}
