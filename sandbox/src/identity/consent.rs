//! Consent: what is still to be allowed, by whom, and the answer. Owns the rules of user and administrator consent; leaves the memory of
//! it to `state`.

use std::collections::BTreeSet;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use crate::{
    context::{Context, Shared},
    world::User,
};

use super::{
    authorize::{AuthorizationRequest, Parameters, Purpose, Refusal, ResponseMode, ReturnTo},
    claims::ClaimsRequest,
    clients,
    errors::{EntraError, Incident},
    pages,
    scopes::{self, Asked, Scope},
    sign_in,
    state::Flow,
    tenant::{self, Authority},
};

/// OpenID Connect's own scopes: asked for in each request anew, not remembered as Graph's are.
const PROTOCOL: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What the request asks for and nobody has granted yet.
pub(crate) fn missing(context: &Context, request: &AuthorizationRequest, user: &User) -> Vec<Scope> {
    let tenant_id = tenant::home(user, &context.world()).to_owned();
    let granted = context.identity().consents.granted(&user.id, &tenant_id, request.client);
    let mut missing: Vec<Scope> = request.asked.scopes.iter().filter(|scope| !granted.contains(scope.name)).copied().collect();
    if request.asked.default && granted.is_empty() {
        // `.default` stands for the registration's own list, which here is the least that one can sign in with.
        missing.extend(scopes::find("User.Read").filter(|scope| !missing.contains(scope)));
    }
    missing
}

/// The scopes of a token: what is asked for of OpenID Connect, and all of Graph's that have been granted so far, asked for or not, as
/// Entra ID does.
pub(crate) fn token_scopes(asked: &Asked, granted: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let protocol = PROTOCOL.into_iter().filter(|name| asked.contains(name));
    protocol.chain(granted.iter().copied().filter(|name| !PROTOCOL.contains(name))).collect()
}

/// Shows the consent page, or says that it takes an administrator.
pub(crate) fn ask(context: &Context, flow: Flow, user: &User, missing: &[Scope]) -> Response {
    let request = flow.request.clone();
    let beyond_user = !people_consent(context, user) || missing.iter().any(|scope| scope.admin);
    if beyond_user && !missing.is_empty() && !user.admin {
        let incident = Incident::new(context.clock.now(), None);
        let id = context.identity().begin(flow);
        return pages::admin_needed(&request, &id, user, missing, &EntraError::admin_needed(request.client), &incident);
    }
    // With `prompt=consent` nothing may be missing; then the page repeats what was granted.
    let listed = if missing.is_empty() { request.asked.scopes.clone() } else { missing.to_vec() };
    let id = context.identity().begin(flow);
    pages::consent(&request, &id, user, &listed, user.admin)
}

/// Whether people of the directory may consent for themselves: by its own rule, and by the switch for all.
fn people_consent(context: &Context, user: &User) -> bool {
    context.switches().user_consent && context.world().tenant(&user.tenant_id).is_none_or(|tenant| tenant.user_consent)
}

/// Shows an administrator what to approve for everybody.
pub(crate) fn ask_admin(context: &Context, flow: Flow, user: &User) -> Response {
    let request = flow.request.clone();
    if !user.admin {
        return Refusal::Page(EntraError::admin_needed(request.client)).into_response(context);
    }
    let id = context.identity().begin(flow);
    pages::consent(&request, &id, user, &request.asked.scopes, true)
}

/// What the consent page posts.
#[derive(Deserialize)]
pub(crate) struct ConsentForm {
    flow: String,
    decision: String,
    organization: Option<String>,
}

/// `POST /{tenant}/consent`.
pub(crate) async fn decide(State(context): State<Shared>, headers: HeaderMap, Form(form): Form<ConsentForm>) -> Response {
    let flow = context.identity().finish(&form.flow).filter(|flow| flow.authenticated);
    let Some(flow) = flow else { return pages::flow_gone() };
    let Some((_, user)) = sign_in::principal(&context, &flow) else { return pages::flow_gone() };
    let request = &flow.request;
    if form.decision != "accept" {
        return request.return_to.send_error(&EntraError::declined(), &context, Some(user.mail()));
    }
    let tenant_id = tenant::home(&user, &context.world()).to_owned();
    let missing = missing(&context, request, &user);
    let admin_only = !people_consent(&context, &user) || missing.iter().any(|scope| scope.admin);
    if admin_only && !user.admin {
        return Refusal::Page(EntraError::admin_needed(request.client)).into_response(&context);
    }
    let names: Vec<_> = missing.iter().map(|scope| scope.name).collect();
    let everybody = user.admin && (form.organization.is_some() || request.purpose == Purpose::AdminConsent);
    {
        let mut identity = context.identity();
        if everybody {
            identity.consents.grant_for_tenant(&tenant_id, request.client, names.iter().copied());
        } else {
            identity.consents.grant(&user.id, request.client, names.iter().copied());
        }
    }
    if request.purpose == Purpose::AdminConsent {
        let scope = request.asked.names().collect::<Vec<_>>().join(" ");
        let parameters = vec![("admin_consent", "True".to_owned()), ("tenant", tenant_id), ("scope", scope)];
        return request.return_to.send(&context, Some(user.mail()), parameters);
    }
    sign_in::issue_code(&context, request, &user, &headers)
}

/// `GET /{tenant}/adminconsent` and `/{tenant}/v2.0/adminconsent`: the page that an administrator is sent to by a link.
pub(crate) async fn admin_consent(
    State(context): State<Shared>,
    Path(segment): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    match admin_request(&context, &segment, &parameters) {
        Ok(request) => sign_in::begin(&context, request, &headers),
        Err(refusal) => refusal.into_response(&context),
    }
}

fn admin_request(context: &Context, segment: &str, parameters: &Parameters) -> Result<AuthorizationRequest, Refusal> {
    let get = |name: &str| parameters.get(name).filter(|value| !value.is_empty());
    let need = |name: &str| get(name).ok_or_else(|| Refusal::Page(EntraError::missing_parameter(name)));
    let authority = Authority::parse(segment, &context.world()).map_err(Refusal::Page)?;
    let id = need("client_id")?;
    let client = clients::find(id).ok_or_else(|| Refusal::Page(EntraError::no_such_client(id, segment)))?;
    let redirect_uri = need("redirect_uri")?;
    if !client.may_return_to(redirect_uri, &context.redirect_uris) {
        return Err(Refusal::Page(EntraError::wrong_redirect_uri(redirect_uri, client)));
    }
    let return_to = ReturnTo {
        redirect_uri: redirect_uri.clone(),
        mode: ResponseMode::Query,
        state: get("state").cloned(),
        segment: segment.to_owned(),
    };
    // The older form of the endpoint has no `scope` and means the registration's own list.
    let scope = get("scope").map_or("User.Read", String::as_str);
    match Asked::parse(scope, &context.base_url, client) {
        Ok(asked) => Ok(AuthorizationRequest {
            client,
            authority,
            segment: segment.to_owned(),
            return_to,
            asked,
            nonce: None,
            challenge: None,
            prompt: None,
            login_hint: None,
            domain_hint: None,
            claims: ClaimsRequest::default(),
            client_info: false,
            purpose: Purpose::AdminConsent,
        }),
        Err(error) => Err(Refusal::Back(Box::new(return_to), error)),
    }
}
