//! `/sandbox/switches`: behaviours that can be chosen while the sandbox runs. Owns the endpoint; leaves the lists to `server::switches`
//! (identity and the server) and `world::switches` (Graph).

use axum::{Json, body::Bytes, extract::State};
use serde_json::{Map, Value, json};

use crate::{
    context::{Context, Shared},
    server, world,
};

use super::BadInput;

/// `GET`: all of them, in one object.
pub(crate) async fn read(State(context): State<Shared>) -> Json<Value> {
    Json(all(&context))
}

/// `POST` with the members to change. All are changed, or none.
pub(crate) async fn change(State(context): State<Shared>, body: Bytes) -> Result<Json<Value>, BadInput> {
    let Value::Object(changes) = super::json_body(&body)? else { return Err(BadInput::new("", "the body must be an object")) };
    let (mut servers, mut graphs) = (members(&context.switches()), members(&context.world().switches));
    for (name, value) in changes {
        let Some(member) = servers.get_mut(&name).or_else(|| graphs.get_mut(&name)) else {
            let problem =
                format!("is no switch; there are {}", servers.keys().chain(graphs.keys()).cloned().collect::<Vec<_>>().join(", "));
            return Err(BadInput::new(name, problem));
        };
        *member = value;
    }
    let servers: server::switches::Switches = super::read(&Value::Object(servers))?;
    let graphs: world::Switches = super::read(&Value::Object(graphs))?;
    for (name, status) in
        [("duplicateTransactionStatus", graphs.duplicate_transaction_status), ("staleEtagStatus", graphs.stale_etag_status)]
    {
        if !(400..=599).contains(&status) {
            return Err(BadInput::new(name, "must be between 400 and 599"));
        }
    }
    context.set_switches(servers);
    context.world().switches = graphs;
    Ok(Json(all(&context)))
}

fn all(context: &Context) -> Value {
    let mut all = members(&context.switches());
    all.extend(members(&context.world().switches));
    Value::Object(all)
}

fn members(switches: &impl serde::Serialize) -> Map<String, Value> {
    match json!(switches) {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
