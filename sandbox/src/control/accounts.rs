//! `/sandbox/accounts/{upn}`: what an organization demands of a person at sign-in. Owns the endpoint; leaves the rules to
//! `world::sign_in`, and what follows from them to `identity`.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    context::Shared,
    world::{SignInRule, User},
};

use super::{BadInput, no_such_account};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    rule: Option<SignInRule>,
}

/// `GET`: `{"userPrincipalName": …, "rule": …}`.
pub(crate) async fn read(State(context): State<Shared>, Path(upn): Path<String>) -> Response {
    context.world().user(&upn).map_or_else(|| no_such_account("upn", &upn), |user| Json(shown(user)).into_response())
}

/// `POST` with `{"rule": "multiFactor"}`, or null for none. It holds for the next sign-in and the next renewal of a token.
pub(crate) async fn change(State(context): State<Shared>, Path(upn): Path<String>, body: Bytes) -> Result<Response, BadInput> {
    let body = super::json_body(&body)?;
    if body.get("rule").is_none() {
        return Err(BadInput::new("rule", "must be a rule's name, or null for none"));
    }
    let change: Change = super::read(&body)?;
    let mut world = context.world();
    let Some(user) = world.user_mut(&upn) else { return Ok(no_such_account("upn", &upn)) };
    user.rule = change.rule;
    Ok(Json(shown(user)).into_response())
}

fn shown(user: &User) -> Value {
    json!({ "userPrincipalName": user.user_principal_name, "rule": user.rule })
}
