//! Delta queries of any resource: what changed since the client last asked. Owns tokens, pages and links; leaves the items to the resources.
//!
//! A token stands for exactly what the client has been given so far, so that the next page, like the next round, is a comparison with it.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    error::{Error, Result},
    reply::Reply,
    request::{Call, spelled},
};
use crate::world::{World, delta::Snapshot, ids};

/// One item of the resource as it is now.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) change: u64,
    pub(crate) value: Value,
}

/// A request with its token's snapshot, or with an empty one.
#[derive(Debug, Clone)]
pub(crate) struct Round(Snapshot);

/// What a token stands for beside the items: no link carries it twice.
const FROZEN: [&str; 4] = ["$skiptoken", "$deltatoken", "startdatetime", "enddatetime"];

/// `changeType`: which kinds of changes are told; without it, all.
struct Kinds(Option<String>);

impl Kinds {
    fn wants(&self, kind: &str) -> bool {
        self.0.as_deref().is_none_or(|wanted| wanted == kind)
    }
}

fn kinds(query: &[(String, String)]) -> Result<Kinds> {
    let asked = query.iter().find(|(name, _)| name == "changetype").map(|(_, value)| value.to_lowercase());
    match asked {
        Some(other) if !["created", "updated", "deleted"].contains(&other.as_str()) => {
            Err(Error::query(format!("'{other}' is no changeType: it is created, updated or deleted.")))
        }
        asked => Ok(Kinds(asked)),
    }
}

/// A token is opaque to clients. It tells by itself what the round's first request asked for, so that one that is no longer known can
/// still say in `Location` how to begin anew.
fn token(number: u64, query: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{}.{}", ids::token(number), URL_SAFE_NO_PAD.encode(query))
}

fn first_query(token: &str) -> Vec<(String, String)> {
    let query = token.split_once('.').and_then(|(_, query)| URL_SAFE_NO_PAD.decode(query).ok()).unwrap_or_default();
    form_urlencoded::parse(&query).into_owned().collect()
}

impl Round {
    /// Looks the token up; one that is not known (any more) is 410.
    pub(crate) fn begin(world: &World, call: &Call<'_>, resource: String) -> Result<Self> {
        let Some(token) = call.option("$deltatoken").or_else(|| call.option("$skiptoken")) else {
            let query = call.query.clone();
            return Ok(Self(Snapshot { token: String::new(), resource, query, items: Default::default() }));
        };
        let known = world.snapshots.get(token).filter(|snapshot| snapshot.resource == resource);
        known.cloned().map(Self).ok_or_else(|| {
            let fresh = call.link(
                &["$skiptoken", "$deltatoken"],
                &first_query(token).iter().map(|(name, value)| (spelled(name), value.as_str())).collect::<Vec<_>>(),
            );
            let message = "The sync state generation is not found; a full synchronization is needed.";
            Error::new(410, "SyncStateNotFound", message).header("Location", fresh)
        })
    }

    /// The options of the round's first request.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.0.query
    }

    /// Answers one page of what differs from what the client has.
    pub(crate) fn answer(
        self,
        world: &mut World,
        call: &Call<'_>,
        context: &str,
        items: Vec<Item>,
        removed: impl Fn(&str) -> Value,
        size: usize,
    ) -> Result {
        let mut known = self.0;
        let present: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
        let vanished: Vec<String> = known.items.keys().filter(|id| !present.contains(id.as_str())).cloned().collect();
        let changed = items.into_iter().filter(|item| known.items.get(&item.id) != Some(&item.change));
        let kinds = kinds(&known.query)?;
        let is_wanted = |item: &Item| kinds.wants(if known.items.contains_key(&item.id) { "updated" } else { "created" });
        let (changed, passed_over): (Vec<Item>, Vec<Item>) = changed.partition(is_wanted);
        known.items.extend(passed_over.into_iter().map(|item| (item.id, item.change)));
        let vanished = if kinds.wants("deleted") {
            vanished
        } else {
            for id in &vanished {
                known.items.remove(id);
            }
            Vec::new()
        };
        let complete = changed.len() + vanished.len() <= size;
        let mut page = Vec::new();
        for item in changed.into_iter().take(size) {
            known.items.insert(item.id, item.change);
            page.push(item.value);
        }
        for id in vanished.into_iter().take(size - page.len()) {
            page.push(removed(&id));
            known.items.remove(&id);
        }
        let token = token(world.next_change(), &known.query);
        let (link, option) = if complete { ("@odata.deltaLink", "$deltatoken") } else { ("@odata.nextLink", "$skiptoken") };
        let mut answer = json!({ "@odata.context": call.context(context) });
        answer[link] = call.link(&FROZEN, &[(option, &token)]).into();
        answer["value"] = page.into();
        known.token = token;
        world.snapshots.keep(known, world.switches.delta_tokens);
        Ok(Reply::ok(answer))
    }
}
