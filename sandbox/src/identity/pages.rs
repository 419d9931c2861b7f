//! The pages that a person sees while signing in: plain HTML from the server, no script (but for `form_post`, which is one). Owns markup
//! and wording; leaves every decision to `sign_in` and `consent`. Style sheet: `pages.css`.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::world::{User, World};

use super::{
    authorize::{AuthorizationRequest, Purpose},
    clients,
    errors::{EntraError, Incident},
    scopes::Scope,
    state::secret,
    tenant,
};

const STYLE: &str = include_str!("pages.css");

/// An account on offer.
pub(crate) struct Account {
    name: String,
    address: String,
    signed_in: bool,
}

impl Account {
    /// How many accounts of the first directory are offered, and of each other one. The rest sign in by address.
    const OFFERED_AT_HOME: usize = 8;
    const OFFERED_ELSEWHERE: usize = 2;

    /// The accounts to offer: in life those that the browser remembers; here also the first few of each directory and every
    /// administrator, since nobody could know their names. Those that come with conditions are left to whoever looks for them.
    pub(crate) fn offered(world: &World, request: &AuthorizationRequest, signed_in: &[String]) -> Vec<Self> {
        let mut offered = Vec::new();
        for (position, tenant) in world.tenants.iter().enumerate() {
            let limit = if position == 0 { Self::OFFERED_AT_HOME } else { Self::OFFERED_ELSEWHERE };
            let people = world.users.iter().filter(|user| user.tenant_id == tenant.id);
            let fitting = people.filter(|user| {
                let member = request.authority.member(user, world, request.client.audience);
                user.rule.is_none() && tenant.user_consent && member.is_some() && matches_hints(user, request, world)
            });
            offered.extend(fitting.enumerate().filter(|(place, user)| *place < limit || user.admin || signed_in.contains(&user.id)).map(
                |(_, user)| Self {
                    name: user.display_name.clone(),
                    address: user.user_principal_name.clone(),
                    signed_in: signed_in.contains(&user.id),
                },
            ));
        }
        offered
    }
}

/// Whether the account is the one of `login_hint`, or of the kind of `domain_hint`; without hints each is.
pub(crate) fn matches_hints(user: &User, request: &AuthorizationRequest, world: &World) -> bool {
    let login = request.login_hint.as_deref().is_none_or(|hint| user.user_principal_name.eq_ignore_ascii_case(hint.trim()));
    let consumer = tenant::home(user, world) == tenant::CONSUMERS;
    let domain = request.domain_hint.as_deref().is_none_or(|hint| match hint {
        "consumers" => consumer,
        "organizations" => !consumer,
        domain => user.user_principal_name.rsplit('@').next().is_some_and(|own| own.eq_ignore_ascii_case(domain)),
    });
    login && domain
}

/// "Sign in": a button for each account.
pub(crate) fn pick_account(request: &AuthorizationRequest, flow: &str, accounts: &[Account]) -> Response {
    let body = html! {
        h1 { "Sign in" }
        p.purpose { "to continue to " strong { (request.client.name) } }
        form method="post" action=(action(request, "login")) {
            input type="hidden" name="flow" value=(flow);
            ul.accounts {
                @for account in accounts {
                    li {
                        button.account name="account" value=(account.address) {
                            span.avatar aria-hidden="true" { (initials(&account.name)) }
                            span.who {
                                span.name { (account.name) } " "
                                span.address { (account.address) }
                            }
                        }
                        @if account.signed_in { span.state { "Signed in" } }
                    }
                }
                li { button.account.other name="other" value="1" { "Use another account" } }
            }
        }
    };
    page("Sign in", &body)
}

/// "Sign in" with an address of one's own.
pub(crate) fn ask_email(request: &AuthorizationRequest, flow: &str, typed: &str, error: Option<&EntraError>) -> Response {
    let typed = if typed.is_empty() { request.login_hint.as_deref().unwrap_or("") } else { typed };
    let field = html! { input #email name="email" type="email" autocomplete="username" required autofocus value=(typed)
    aria-describedby=[error.map(|_| "problem")] aria-invalid=[error.map(|_| "true")]; };
    let body = html! {
        h1 { "Sign in" }
        p.purpose { "to continue to " strong { (request.client.name) } }
        (field_form(request, flow, "email", "Email", &field, error))
    };
    page("Sign in", &body)
}

/// "Enter password", for the accounts that want one.
pub(crate) fn ask_password(request: &AuthorizationRequest, flow: &str, user: &User, error: Option<&EntraError>) -> Response {
    let field = html! { input #password name="password" type="password" autocomplete="current-password" required autofocus
    aria-describedby=[error.map(|_| "problem")] aria-invalid=[error.map(|_| "true")]; };
    let body = html! {
        p.identity { (user.mail()) }
        h1 { "Enter password" }
        (field_form(request, flow, "password", "Password", &field, error))
    };
    page("Enter password", &body)
}

fn field_form(request: &AuthorizationRequest, flow: &str, id: &str, label: &str, field: &Markup, error: Option<&EntraError>) -> Markup {
    html! {
        form method="post" action=(action(request, "login")) {
            input type="hidden" name="flow" value=(flow);
            @if let Some(error) = error {
                p #problem .problem role="alert" { (error.message) " (AADSTS" (error.number) ")" }
            }
            label for=(id) { (label) }
            (field)
            div.actions { button.primary type="submit" { "Next" } }
        }
    }
}

/// What a rule of the organization demands, which is met by a button.
pub(crate) fn prove(request: &AuthorizationRequest, flow: &str, user: &User, error: &EntraError) -> Response {
    let body = html! {
        p.identity { (user.mail()) }
        h1 { "Verify your identity" }
        p { (error.message) }
        form method="post" action=(action(request, "login")) {
            input type="hidden" name="flow" value=(flow);
            div.actions { button.primary name="proof" value="1" { "Approve" } }
        }
    };
    page("Verify your identity", &body)
}

/// "Permissions requested".
pub(crate) fn consent(request: &AuthorizationRequest, flow: &str, user: &User, listed: &[Scope], admin: bool) -> Response {
    let everybody = request.purpose == Purpose::AdminConsent;
    let body = html! {
        p.identity { (user.mail()) }
        h1 { "Permissions requested" }
        p.purpose { strong { (request.client.name) } " by " (request.client.publisher) @if everybody { " asks on behalf of your organization" } }
        p { "This app would like to:" }
        (scope_list(listed))
        p.note { "Accept, and the app may do this " @if everybody { "for everyone in your organization" } @else { "as you" } ", until it is withdrawn." }
        form method="post" action=(action(request, "consent")) {
            input type="hidden" name="flow" value=(flow);
            @if admin && !everybody {
                label.check { input type="checkbox" name="organization" value="1"; " Consent on behalf of your organization" }
            }
            div.actions {
                button name="decision" value="cancel" { "Cancel" }
                button.primary name="decision" value="accept" { "Accept" }
            }
        }
    };
    page("Permissions requested", &body)
}

/// "Need admin approval": Entra's own page for 90094, with the way back to the application that it offers.
pub(crate) fn admin_needed(
    request: &AuthorizationRequest,
    flow: &str,
    user: &User,
    missing: &[Scope],
    error: &EntraError,
    incident: &Incident,
) -> Response {
    let body = html! {
        p.identity { (user.mail()) }
        h1 { "Need admin approval" }
        p { (error.message) }
        (scope_list(missing))
        form method="post" action=(action(request, "consent")) {
            input type="hidden" name="flow" value=(flow);
            div.actions { button name="decision" value="cancel" { "Return to the application without granting consent" } }
        }
        (details(error, incident))
    };
    with_status(StatusCode::FORBIDDEN, page("Need admin approval", &body))
}

fn scope_list(scopes: &[Scope]) -> Markup {
    html! {
        ul.scopes { @for scope in scopes {
            li { span { (scope.means) } " " code { (scope.name) } @if scope.admin { " " span.badge { "administrator" } } }
        } }
    }
}

/// An error that stays here.
pub(crate) fn error(error: &EntraError, incident: &Incident) -> Response {
    let body = html! {
        h1 { "Sign in" }
        p.purpose { "Sorry, but we’re having trouble signing you in." }
        p.problem role="alert" { "AADSTS" (error.number) ": " (error.message) }
        (details(error, incident))
    };
    with_status(StatusCode::BAD_REQUEST, page("Sign in", &body))
}

fn details(error: &EntraError, incident: &Incident) -> Markup {
    html! {
        h2 { "Troubleshooting details" }
        dl {
            dt { "Error code" } dd { "AADSTS" (error.number) }
            dt { "Trace ID" } dd { (incident.trace_id) }
            dt { "Correlation ID" } dd { (incident.correlation_id) }
            dt { "Timestamp" } dd { (incident.timestamp()) }
        }
    }
}

/// The page's form belongs to a sign-in that has ended, or that another sandbox began.
pub(crate) fn flow_gone() -> Response {
    let body = html! {
        h1 { "Sign in" }
        p.problem role="alert" { "This sign-in has ended or was started before the sandbox was. Go back to the application and begin again." }
    };
    with_status(StatusCode::BAD_REQUEST, page("Sign in", &body))
}

/// What `error_uri` leads to.
pub(crate) fn explain(number: &str, incident: &Incident) -> Response {
    let number: String = number.chars().filter(char::is_ascii_digit).take(9).collect();
    let body = html! {
        h1 { "AADSTS" (number) }
        p { "Entra ID explains this number in its list “Microsoft Entra authentication and authorization error codes”." }
        p.note { (incident.timestamp()) }
    };
    page(&format!("AADSTS{number}"), &body)
}

/// After `/logout` without an address to return to.
pub(crate) fn signed_out() -> Response {
    page("Signed out", &html! { h1 { "You signed out of your account" } p { "It’s a good idea to close all browser windows." } })
}

/// The sandbox's front page.
pub(crate) fn home(world: &World, base_url: &str) -> Response {
    let people = world.users.iter().filter(|user| !user.room && user.guest_of.is_none()).count();
    let body = html! {
        h1 { "Entra ID and Graph, on this machine" }
        p { (people) " people and " (world.rooms.len()) " rooms in " (world.tenants.len()) " directories. What is signed here means nothing elsewhere." }
        dl {
            dt { "Authority" } dd { code { (base_url) "/common" } }
            dt { "Graph" } dd { code { (base_url) "/v1.0" } }
            dt { "Control" } dd { code { "/sandbox/requests" } ", " code { "/sandbox/faults" } ", " code { "/sandbox/clock" } ", " code { "/sandbox/switches" } ", " code { "/sandbox/reset" } }
        }
        h2 { "Applications" }
        dl { @for client in clients::all() { dt { (client.name) } dd { code { (client.id) } } } }
    };
    page("Sandbox", &body)
}

/// OAuth 2.0 Form Post Response Mode: a form that sends itself, and has a button where scripts are off.
pub(crate) fn form_post(redirect_uri: &str, parameters: &[(String, String)]) -> Response {
    let nonce = secret();
    let body = html! {
        h1 { "Back to the application" }
        form method="post" action=(redirect_uri) {
            @for (name, value) in parameters { input type="hidden" name=(name) value=(value); }
            div.actions { button.primary type="submit" { "Continue" } }
        }
        script nonce=(nonce) { "document.forms[0].submit()" }
    };
    let mut response = page("Working…", &body);
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-{nonce}'; base-uri 'none'");
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// The frame of every page. There is no `form-action` in its policy: browsers apply that to the redirect after a post too, and it leads to
/// the application.
fn page(title: &str, body: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – sandbox" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                main { (body) }
                footer { strong { "Sandbox" } " – not Microsoft. Nothing here leaves this machine." }
            }
        }
    };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(document.into_string())).into_response()
}

fn with_status(status: StatusCode, mut response: Response) -> Response {
    *response.status_mut() = status;
    response
}

fn action(request: &AuthorizationRequest, step: &str) -> String {
    let segment: String = url::form_urlencoded::byte_serialize(request.segment.as_bytes()).collect();
    format!("/{segment}/{step}")
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect()
}
