//! Signing in and consenting: from a checked request to a code. Owns the order of the steps and their form posts; leaves the look of the
//! pages to `pages` and the checks of the request to `authorize`.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    context::{Context, Shared},
    world::{SignInRule, User},
};

use super::{
    authorize::{AuthorizationRequest, Parameters, Prompt, Purpose, Refusal},
    consent,
    errors::{EntraError, Incident},
    pages, rules,
    state::{Code, Flow, Grant, secret},
    tenant,
    tokens::client_info,
};

const COOKIE: &str = "sandbox_session";
const FRAMED_COOKIE: &str = "sandbox_session_framed";

/// `GET /{tenant}/oauth2/v2.0/authorize`.
pub(crate) async fn authorize_by_query(
    State(context): State<Shared>,
    Path(segment): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    authorize(&context, &segment, &parameters, &headers)
}

/// `POST /{tenant}/oauth2/v2.0/authorize`: OpenID Connect Core §3.1.2.1 wants both methods.
pub(crate) async fn authorize_by_form(
    State(context): State<Shared>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    Form(parameters): Form<Parameters>,
) -> Response {
    authorize(&context, &segment, &parameters, &headers)
}

fn authorize(context: &Context, segment: &str, parameters: &Parameters, headers: &HeaderMap) -> Response {
    match AuthorizationRequest::parse(context, segment, parameters) {
        Ok(request) => begin(context, request, headers),
        Err(refusal) => refusal.into_response(context),
    }
}

/// The first step after the checks: is it known who signs in, or must somebody be asked?
pub(crate) fn begin(context: &Context, request: AuthorizationRequest, headers: &HeaderMap) -> Response {
    let silent = request.prompt == Some(Prompt::None);
    let signed_in = signed_in_accounts(context, &request, headers);
    let known = match request.prompt {
        Some(Prompt::Login | Prompt::SelectAccount) => None,
        Some(Prompt::None) if signed_in.is_empty() => {
            return request.return_to.send_error(&EntraError::nobody_signed_in(), context, None);
        }
        Some(Prompt::None) if signed_in.len() > 1 => {
            return request.return_to.send_error(&EntraError::several_signed_in(request.client), context, None);
        }
        _ => (signed_in.len() == 1).then(|| signed_in[0].clone()),
    };
    let mut flow = Flow::new(request, context.clock.now());
    if let Some(user_id) = known {
        flow.account = Some(user_id);
        flow.authenticated = true;
        return proceed(context, flow, headers, silent);
    }
    let accounts = pages::Account::offered(&context.world(), &flow.request, &signed_in);
    let page_of = flow.request.clone();
    let id = context.identity().begin(flow);
    pages::pick_account(&page_of, &id, &accounts)
}

/// Accounts of this browser's session that the request's authority, application and hints allow.
fn signed_in_accounts(context: &Context, request: &AuthorizationRequest, headers: &HeaderMap) -> Vec<String> {
    let session = session_id(headers).and_then(|id| context.identity().sessions.get(&id).cloned()).unwrap_or_default();
    let world = context.world();
    session
        .accounts
        .into_iter()
        .filter_map(|(id, _)| world.user(&id))
        .filter(|user| {
            let member = request.authority.member(user, &world, request.client.audience);
            member.is_some() && pages::matches_hints(user, request, &world)
        })
        .map(|user| user.id.clone())
        .collect()
}

/// What the sign-in pages post.
#[derive(Deserialize)]
pub(crate) struct LoginForm {
    flow: String,
    account: Option<String>,
    other: Option<String>,
    email: Option<String>,
    password: Option<String>,
    proof: Option<String>,
}

/// `POST /{tenant}/login`.
pub(crate) async fn login(State(context): State<Shared>, headers: HeaderMap, Form(form): Form<LoginForm>) -> Response {
    let Some(flow) = context.identity().flow(&form.flow).cloned() else { return pages::flow_gone() };
    let request = &flow.request;
    if form.other.is_some() {
        return pages::ask_email(request, &form.flow, "", None);
    }
    if form.proof.is_some() && flow.authenticated {
        return proved(&context, &form.flow, &headers);
    }
    if let Some(password) = &form.password {
        let user = flow.account.as_deref().and_then(|id| context.world().user(id).cloned());
        let Some(user) = user else { return pages::flow_gone() };
        if user.password.as_deref().is_some_and(|wanted| wanted != password) {
            return pages::ask_password(request, &form.flow, &user, Some(&EntraError::wrong_password()));
        }
        return authenticated(&context, &form.flow, &user, &headers);
    }
    let name = form.account.or(form.email).unwrap_or_default();
    let user = context.world().user(name.trim()).filter(|user| !user.room && user.guest_of.is_none()).cloned();
    let Some(user) = user else {
        let error = EntraError::no_such_account(name.trim(), &request.segment);
        return pages::ask_email(request, &form.flow, &name, Some(&error));
    };
    if let Some(flow) = context.identity().flow(&form.flow) {
        flow.account = Some(user.id.clone());
    }
    let session = session_id(&headers).and_then(|id| context.identity().sessions.get(&id).cloned());
    let still_signed_in = request.prompt != Some(Prompt::Login) && session.is_some_and(|session| session.signed_in_at(&user.id).is_some());
    if user.password.is_some() && !still_signed_in {
        return pages::ask_password(request, &form.flow, &user, None);
    }
    authenticated(&context, &form.flow, &user, &headers)
}

/// The account has proved itself: the session learns of it, and the flow goes on.
fn authenticated(context: &Context, flow_id: &str, user: &User, headers: &HeaderMap) -> Response {
    let id = session_id(headers).unwrap_or_else(secret);
    let now = context.clock.now();
    let flow = {
        let mut identity = context.identity();
        identity.sessions.entry(id.clone()).or_default().sign_in(&user.id, now);
        identity.finish(flow_id)
    };
    let Some(mut flow) = flow else { return pages::flow_gone() };
    flow.account = Some(user.id.clone());
    flow.authenticated = true;
    let mut known = headers.clone();
    let cookie = format!("{COOKIE}={id}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        known.insert(header::COOKIE, value);
    }
    let mut response = proceed(context, flow, &known, false);
    // The second is for `prompt=none` in a frame of another site's. Browsers take its `Secure` from loopback as they do from https; where
    // third-party cookies are blocked it is not sent, and nobody is signed in there.
    let both =
        [format!("{cookie}; Path=/; HttpOnly; SameSite=Lax"), format!("{FRAMED_COOKIE}={id}; Path=/; HttpOnly; SameSite=None; Secure")];
    for value in both.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// The account has proved more than its name: the session remembers it, and the flow goes on.
fn proved(context: &Context, flow_id: &str, headers: &HeaderMap) -> Response {
    let flow = {
        let mut identity = context.identity();
        let flow = identity.finish(flow_id);
        let session = session_id(headers).and_then(|id| identity.sessions.get_mut(&id));
        if let (Some(session), Some(account)) = (session, flow.as_ref().and_then(|flow| flow.account.clone())) {
            session.proved.insert(account);
        }
        flow
    };
    flow.map_or_else(pages::flow_gone, |flow| proceed(context, flow, headers, false))
}

/// After authentication: may this account, and has it consented? `silent` forbids to ask.
pub(crate) fn proceed(context: &Context, flow: Flow, headers: &HeaderMap, silent: bool) -> Response {
    let request = &flow.request;
    let Some((account, user)) = principal(context, &flow) else {
        return flow.account.as_deref().map_or_else(pages::flow_gone, |id| of_another_directory(context, request, id));
    };
    if let Some(error) = refuse_account(context, request, &account, headers) {
        if !silent && account.rule.is_some_and(SignInRule::can_be_met) && !error.stays_on_page() {
            let page_of = request.clone();
            let id = context.identity().begin(flow);
            return pages::prove(&page_of, &id, &account, &error);
        }
        // Where nobody can be asked there is no page to keep it on.
        let stays = error.stays_on_page() && !silent;
        let refusal = if stays { Refusal::Page(error) } else { Refusal::Back(Box::new(request.return_to.clone()), error) };
        return refusal.into_response(context);
    }
    if request.purpose == Purpose::AdminConsent {
        return consent::ask_admin(context, flow, &user);
    }
    let missing = consent::missing(context, request, &user);
    if missing.is_empty() && request.prompt != Some(Prompt::Consent) {
        return issue_code(context, request, &user, headers);
    }
    if silent {
        let error = EntraError::consent_needed(request.client, "consent_required");
        return request.return_to.send_error(&error, context, Some(&account.user_principal_name));
    }
    consent::ask(context, flow, &user, &missing)
}

/// Who signs in: the account, and what it is in the directory of the request, which for guests is somebody else.
pub(crate) fn principal(context: &Context, flow: &Flow) -> Option<(User, User)> {
    let world = context.world();
    let account = world.user(flow.account.as_deref()?)?;
    let member = flow.request.authority.member(account, &world, flow.request.client.audience)?;
    Some((account.clone(), member.clone()))
}

fn of_another_directory(context: &Context, request: &AuthorizationRequest, user_id: &str) -> Response {
    let error = {
        let world = context.world();
        let Some(user) = world.user(user_id) else { return pages::flow_gone() };
        let home = tenant::display_name(user, &world);
        EntraError::wrong_tenant(&user.user_principal_name, home, &request.segment, request.client, "interaction_required")
    };
    Refusal::Back(Box::new(request.return_to.clone()), error).into_response(context)
}

/// A rule of faults, or one of the organization's.
fn refuse_account(context: &Context, request: &AuthorizationRequest, account: &User, headers: &HeaderMap) -> Option<EntraError> {
    let name = &account.user_principal_name;
    let path = format!("/{}/oauth2/v2.0/authorize", request.segment);
    if let Some(number) = context.faults.entra_error(&Method::GET, &path, name) {
        return Some(EntraError::on_demand(number, request.client, name, false, context.clock.now()));
    }
    rules::refusal(account, request.client, has_proved(context, headers, &account.id), "interaction_required")
}

fn has_proved(context: &Context, headers: &HeaderMap, account_id: &str) -> bool {
    let session = session_id(headers);
    session.is_some_and(|id| context.identity().sessions.get(&id).is_some_and(|session| session.proved.contains(account_id)))
}

/// The end of a sign-in: a code goes to the application.
pub(crate) fn issue_code(context: &Context, request: &AuthorizationRequest, user: &User, headers: &HeaderMap) -> Response {
    let now = context.clock.now();
    let (tenant_id, account, account_tenant) = {
        let world = context.world();
        let account = tenant::account_of(user, &world).unwrap_or(user).clone();
        (tenant::home(user, &world).to_owned(), account.clone(), tenant::home(&account, &world).to_owned())
    };
    let session_id = session_id(headers);
    let code = secret();
    {
        let mut identity = context.identity();
        let session = session_id.as_ref().and_then(|id| identity.sessions.get(id));
        let signed_in = session.and_then(|session| session.signed_in_at(&account.id)).unwrap_or(now);
        let proved = session.is_some_and(|session| session.proved.contains(&account.id));
        let granted = identity.consents.granted(&user.id, &tenant_id, request.client);
        let grant = Grant {
            client: request.client,
            user_id: user.id.clone(),
            scopes: consent::token_scopes(&request.asked, &granted),
            claims: request.claims.clone(),
            signed_in,
            proved,
            generation: identity.generation(&user.id),
        };
        let issued = Code {
            grant,
            redirect_uri: request.return_to.redirect_uri.clone(),
            platform: request.client.platform,
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            issued: now,
            redeemed: false,
        };
        identity.codes.insert(code.clone(), issued);
    }
    let mut parameters = vec![("code", code)];
    if request.client_info {
        parameters.push(("client_info", client_info(&account.id, &account_tenant)));
    }
    // OpenID Connect Session Management's `session_state`; Entra sends it, and nobody may read anything out of it.
    parameters.push(("session_state", uuid::Uuid::new_v4().to_string()));
    request.return_to.send(context, Some(&account.user_principal_name), parameters)
}

/// The session that the browser's cookie names.
pub(crate) fn session_id(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| [COOKIE, FRAMED_COOKIE].contains(name))
        .map(|(_, id)| id.to_owned())
}

/// `GET /error?code=…`: what `error_uri` leads to.
pub(crate) async fn explain(State(context): State<Shared>, Query(parameters): Query<Parameters>) -> Response {
    let number = parameters.get("code").map_or("", String::as_str);
    pages::explain(number, &Incident::new(context.clock.now(), None)).into_response()
}
