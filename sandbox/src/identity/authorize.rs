//! `GET` and `POST /{tenant}/oauth2/v2.0/authorize`: is the request in order? Owns the checks before anybody is asked anything, and how
//! an answer goes back; leaves signing in and consent to `sign_in`.

use std::collections::HashMap;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::context::Context;

use super::{
    claims::ClaimsRequest,
    clients::{self, Client, Platform},
    errors::{EntraError, Incident},
    pages,
    scopes::Asked,
    tenant::Authority,
};

/// An authorization request in which everything has been checked that can be before somebody signs in.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client: &'static Client,
    pub(crate) authority: Authority,
    /// The path segment as it was sent, for the addresses of the pages.
    pub(crate) segment: String,
    pub(crate) return_to: ReturnTo,
    pub(crate) asked: Asked,
    pub(crate) nonce: Option<String>,
    /// RFC 7636's `code_challenge`, of method S256.
    pub(crate) challenge: Option<String>,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain_hint: Option<String>,
    pub(crate) claims: ClaimsRequest,
    /// MSAL's `client_info=1`.
    pub(crate) client_info: bool,
    pub(crate) purpose: Purpose,
}

/// What the person is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    /// `/adminconsent`: approve for the whole organization; no code comes of it.
    AdminConsent,
}

/// OpenID Connect's `prompt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    None,
    Login,
    Consent,
    SelectAccount,
}

/// Where and how an answer is sent.
#[derive(Debug, Clone)]
pub(crate) struct ReturnTo {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) state: Option<String>,
    /// The tenant as the request's path had it, which fault rules match.
    pub(crate) segment: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

/// Why a request goes no further, and who is told.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The person, on a page of Entra's own.
    Page(EntraError),
    /// The application, at its redirect URI.
    Back(Box<ReturnTo>, EntraError),
}

pub(crate) type Parameters = HashMap<String, String>;

impl AuthorizationRequest {
    /// Checks a request's parameters. Until client and redirect URI are known to belong together, errors stay here.
    pub(crate) fn parse(context: &Context, segment: &str, parameters: &Parameters) -> Result<Self, Refusal> {
        let get = |name: &str| parameters.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let need = |name: &str| get(name).ok_or_else(|| Refusal::Page(EntraError::missing_parameter(name)));
        let authority = Authority::parse(segment, &context.world()).map_err(Refusal::Page)?;
        let id = need("client_id")?;
        let client = clients::find(id).ok_or_else(|| Refusal::Page(EntraError::no_such_client(id, segment)))?;
        let redirect_uri = need("redirect_uri")?;
        if !client.may_return_to(redirect_uri, &context.redirect_uris) {
            return Err(Refusal::Page(EntraError::wrong_redirect_uri(redirect_uri, client)));
        }
        let mut return_to = ReturnTo {
            redirect_uri: redirect_uri.to_owned(),
            mode: ResponseMode::Query,
            state: get("state").map(str::to_owned),
            segment: segment.to_owned(),
        };
        return_to.mode = match get("response_mode") {
            None | Some("query") => ResponseMode::Query,
            Some("fragment") => ResponseMode::Fragment,
            Some("form_post") => ResponseMode::FormPost,
            Some(other) => return Err(Refusal::Back(Box::new(return_to), EntraError::response_mode(other))),
        };
        match Self::check_rest(context, &get, client) {
            Ok((asked, challenge, prompt)) => Ok(Self {
                client,
                authority,
                segment: segment.to_owned(),
                return_to,
                asked,
                nonce: get("nonce").map(str::to_owned),
                challenge,
                prompt,
                login_hint: get("login_hint").map(str::to_owned),
                domain_hint: get("domain_hint").map(str::to_owned),
                claims: ClaimsRequest::parse(get("claims")),
                client_info: get("client_info") == Some("1"),
                purpose: Purpose::SignIn,
            }),
            Err(error) => Err(Refusal::Back(Box::new(return_to), error)),
        }
    }

    fn check_rest<'a>(
        context: &Context,
        get: &impl Fn(&str) -> Option<&'a str>,
        client: &Client,
    ) -> Result<(Asked, Option<String>, Option<Prompt>), EntraError> {
        match get("response_type") {
            Some("code") => {}
            Some(other) => return Err(EntraError::response_type(other)),
            None => return Err(EntraError::missing_parameter("response_type")),
        }
        let asked = Asked::parse(get("scope").unwrap_or_default(), &context.base_url, client)?;
        let challenge = get("code_challenge").map(str::to_owned);
        match &challenge {
            None if client.platform == Platform::SinglePage => return Err(EntraError::challenge_missing()),
            None => {}
            Some(_) if get("code_challenge_method") != Some("S256") => {
                // Left out, the method is `plain` (RFC 7636 §4.3), which Entra ID refuses for single-page applications.
                return Err(EntraError::challenge_method(get("code_challenge_method").unwrap_or("plain")));
            }
            // SHA-256 in base64url is 43 characters long, no more and no less.
            Some(challenge) if challenge.len() != 43 => return Err(EntraError::challenge_size()),
            Some(_) => {}
        }
        let prompt = match get("prompt") {
            None => None,
            Some("none") => Some(Prompt::None),
            Some("login") => Some(Prompt::Login),
            Some("consent") => Some(Prompt::Consent),
            Some("select_account") => Some(Prompt::SelectAccount),
            Some(other) => return Err(EntraError::bad_prompt(other)),
        };
        Ok((asked, challenge, prompt))
    }
}

impl ReturnTo {
    /// Sends parameters to the application in the way it asked for; `state` goes with them. `account`: whose sign-in it was, if that came
    /// to be known.
    pub(crate) fn send(&self, context: &Context, account: Option<&str>, parameters: Vec<(&'static str, String)>) -> Response {
        let mut parameters: Vec<(String, String)> = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if let Some(state) = &self.state {
            parameters.push(("state".to_owned(), state.clone()));
        }
        let path = format!("/{}/oauth2/v2.0/authorize", self.segment);
        for (name, value) in context.faults.authorization_answer(&path, account) {
            parameters.retain(|(known, _)| *known != name);
            if let Value::String(value) = value {
                parameters.push((name, value));
            }
        }
        if self.mode == ResponseMode::FormPost {
            return pages::form_post(&self.redirect_uri, &parameters);
        }
        let Ok(mut target) = Url::parse(&self.redirect_uri) else { return StatusCode::BAD_REQUEST.into_response() };
        if self.mode == ResponseMode::Query {
            target.query_pairs_mut().extend_pairs(&parameters);
        } else {
            target.set_fragment(Some(&form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters).finish()));
        }
        let headers = [(header::LOCATION, target.as_str()), (header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "no-referrer")];
        (StatusCode::FOUND, headers).into_response()
    }

    /// Sends an error to the application.
    pub(crate) fn send_error(&self, error: &EntraError, context: &Context, account: Option<&str>) -> Response {
        let incident = Incident::new(context.clock.now(), None);
        let mut parameters = vec![
            ("error", error.error.to_owned()),
            ("error_description", error.description(&incident)),
            ("error_uri", format!("{}/error?code={}", context.base_url, error.number)),
        ];
        if let Some(suberror) = error.suberror {
            parameters.push(("error_subcode", suberror.to_owned()));
        }
        if let Some(claims) = &error.claims {
            parameters.push(("claims", claims.clone()));
        }
        self.send(context, account, parameters)
    }
}

impl Refusal {
    pub(crate) fn into_response(self, context: &Context) -> Response {
        match self {
            Self::Page(error) => pages::error(&error, &Incident::new(context.clock.now(), None)),
            Self::Back(return_to, error) => return_to.send_error(&error, context, None),
        }
    }
}
