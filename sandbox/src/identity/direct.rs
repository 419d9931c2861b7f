//! Tokens that nobody signed in for: what `/sandbox/tokens` hands out. Entra ID has nothing like it; the tokens are like those of a sign-in.

use chrono::TimeDelta;

use crate::context::Context;

use super::{claims::ClaimsRequest, clients, scopes, state::Grant, tenant, tokens::Issue};

/// Whose token, and for what.
pub(crate) struct Asking<'a> {
    /// A principal name.
    pub(crate) account: &'a str,
    /// Permissions, parted by spaces.
    pub(crate) scope: &'a str,
    /// The `claims` parameter.
    pub(crate) claims: Option<&'a str>,
}

/// A delegated access token of the demo's client; none where there is no such account. A permission that does not exist is the error.
pub(crate) fn token_without_sign_in(context: &Context, asking: &Asking<'_>) -> Result<Option<String>, String> {
    let find = |word: &str| scopes::find(word).map(|scope| scope.name).ok_or_else(|| word.to_owned());
    let scopes = asking.scope.split_ascii_whitespace().map(find).collect::<Result<Vec<_>, _>>()?;
    let lifetime = TimeDelta::seconds(i64::from(context.switches().access_token_seconds));
    let Some(client) = clients::all().first() else { return Ok(None) };
    let now = context.clock.now();
    let found = {
        let world = context.world();
        world.user(asking.account).map(|user| (user.clone(), tenant::home(user, &world).to_owned()))
    };
    let Some((user, tenant_id)) = found else { return Ok(None) };
    let claims = ClaimsRequest::parse(asking.claims);
    let generation = context.identity().generation(&user.id);
    let grant = Grant { client, user_id: user.id.clone(), scopes, claims, signed_in: now, proved: true, generation };
    let issue = Issue { base_url: &context.base_url, tenant_id: &tenant_id, now, lifetime };
    Ok(issue.access_token(&user, &grant).ok())
}
