//! `POST /{tenant}/oauth2/v2.0/token`: codes, refresh tokens and client credentials against tokens. Owns who may redeem what; leaves the
//! claims to `tokens`.

use axum::{
    Json,
    extract::{Path, RawForm, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::{
    context::{Context, Shared},
    world::User,
};

use super::{
    authorize::Parameters,
    claims::ClaimsRequest,
    clients::{self, Client, Platform},
    consent::token_scopes,
    errors::{EntraError, Incident},
    rules,
    scopes::Asked,
    state::{CODE_LIFETIME, Code, Grant, RefreshToken, WEB_REFRESH_LIFETIME, secret},
    tenant::{self, Authority},
    tokens::{Issue, client_info},
};

/// A token request, read but not yet judged.
struct TokenRequest<'a> {
    context: &'a Context,
    segment: &'a str,
    form: Parameters,
    client: &'static Client,
    /// The page that asks, where it is a page.
    origin: Option<&'a str>,
}

/// The endpoint. Answers are JSON, never cached.
pub(crate) async fn token(
    State(context): State<Shared>,
    Path(segment): Path<String>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Response {
    let form: Parameters = form_urlencoded::parse(&body).into_owned().collect();
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let form = with_basic_credentials(form, &headers);
    // A page may read the answer where codes are redeemed. Application credentials do not belong into a page, and get no CORS header.
    let readable = origin.is_some() && form.get("grant_type").is_none_or(|grant| grant != "client_credentials");
    let (status, body) = match answer(&context, &segment, form, origin) {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => {
            let correlation = headers.get("client-request-id").and_then(|id| id.to_str().ok());
            let incident = Incident::new(context.clock.now(), correlation);
            let status = if error.error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
            (status, error.to_json(&incident, &context.base_url))
        }
    };
    let caching = [(header::CACHE_CONTROL, "no-store, no-cache"), (header::PRAGMA, "no-cache")];
    let mut response = (status, caching, Json(body)).into_response();
    if readable {
        super::discovery::allow_any_origin(&mut response);
    }
    response
}

fn answer(context: &Context, segment: &str, form: Parameters, origin: Option<&str>) -> Result<Value, EntraError> {
    Authority::parse(segment, &context.world())?;
    let grant_type = parameter(&form, "grant_type")?.to_owned();
    let id = parameter(&form, "client_id")?;
    let client = clients::find(id).ok_or_else(|| EntraError::no_such_client(id, segment))?;
    let request = TokenRequest { context, segment, form, client, origin };
    if let Some(number) = context.faults.entra_error(&Method::POST, &format!("/{segment}/oauth2/v2.0/token"), &request.account()) {
        return Err(EntraError::on_demand(number, client, &request.account(), true, context.clock.now()));
    }
    match grant_type.as_str() {
        "authorization_code" => request.redeem_code(),
        "refresh_token" => request.refresh(),
        "client_credentials" => request.client_credentials(),
        other => Err(EntraError::grant_type(other)),
    }
}

fn parameter<'a>(form: &'a Parameters, name: &str) -> Result<&'a str, EntraError> {
    form.get(name).map(String::as_str).filter(|value| !value.is_empty()).ok_or_else(|| EntraError::missing_parameter(name))
}

impl TokenRequest<'_> {
    fn account(&self) -> String {
        account_of(self.context, &self.form).unwrap_or_default()
    }

    fn redeem_code(&self) -> Result<Value, EntraError> {
        self.check_client()?;
        let code = self.take_code()?;
        let user = self.user(&code.grant)?;
        self.answer_with(&user, code.grant, code.platform, code.nonce.as_deref(), None)
    }

    /// Everything that must hold before a code is used up; then it is.
    fn take_code(&self) -> Result<Code, EntraError> {
        let value = parameter(&self.form, "code")?;
        let redirect_uri = parameter(&self.form, "redirect_uri")?;
        let verifier = self.form.get("code_verifier").map(String::as_str).unwrap_or_default();
        let mut identity = self.context.identity();
        let code = identity.codes.get_mut(value).ok_or_else(|| EntraError::bad_grant("code"))?;
        if code.grant.client.id != self.client.id {
            return Err(EntraError::bad_grant("code"));
        }
        if code.redeemed {
            return Err(EntraError::code_redeemed());
        }
        if self.context.clock.now() - code.issued > CODE_LIFETIME {
            return Err(EntraError::code_expired());
        }
        if code.redirect_uri != redirect_uri {
            return Err(EntraError::other_redirect_uri());
        }
        if let Some(challenge) = &code.challenge {
            if verifier.is_empty() {
                return Err(EntraError::missing_parameter("code_verifier"));
            }
            // RFC 7636 §4.1 and §4.6.
            let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
            let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(unreserved);
            if !well_formed || URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
                return Err(EntraError::verifier_mismatch());
            }
        }
        code.redeemed = true;
        Ok(code.clone())
    }

    fn refresh(&self) -> Result<Value, EntraError> {
        self.check_client()?;
        let value = parameter(&self.form, "refresh_token")?;
        let now = self.context.clock.now();
        let (token, generation, revoked_at) = {
            let identity = self.context.identity();
            let token = identity.refresh_tokens.get(value).cloned().ok_or_else(|| EntraError::bad_grant("refresh_token"))?;
            let (generation, revoked_at) = (identity.generation(&token.grant.user_id), identity.revoked_at(&token.grant.user_id));
            (token, generation, revoked_at)
        };
        if token.grant.client.id != self.client.id || token.used {
            return Err(EntraError::bad_grant("refresh_token"));
        }
        if token.grant.generation < generation {
            return Err(EntraError::revoked(token.first_issued, revoked_at.unwrap_or(now)));
        }
        if now >= token.expires {
            return Err(match token.platform {
                Platform::SinglePage => EntraError::spa_refresh_expired(token.first_issued),
                Platform::Web => EntraError::refresh_inactive(token.first_issued),
            });
        }
        let user = self.user(&token.grant)?;
        let mut grant = token.grant.clone();
        grant.scopes = self.refreshed_scopes(&user, &grant)?;
        if let Some(claims) = self.form.get("claims") {
            // A context that was proved once stays proved for the session.
            let asked = ClaimsRequest::parse(Some(claims));
            grant.claims.cp1 = asked.cp1;
            grant.claims.contexts.extend(asked.contexts);
        }
        if self.context.switches().strict_rotation
            && let Some(used) = self.context.identity().refresh_tokens.get_mut(value)
        {
            used.used = true;
        }
        self.answer_with(&user, grant, token.platform, None, Some(&token))
    }

    /// A refresh may ask for other scopes than before, as long as somebody has granted them.
    fn refreshed_scopes(&self, user: &User, grant: &Grant) -> Result<Vec<&'static str>, EntraError> {
        let tenant_id = tenant::home(user, &self.context.world()).to_owned();
        let granted = self.context.identity().consents.granted(&user.id, &tenant_id, self.client);
        let asked = match self.form.get("scope").filter(|scope| !scope.trim().is_empty()) {
            Some(scope) => Asked::parse(scope, &self.context.base_url, self.client)?,
            None => Asked { scopes: grant.scopes.iter().filter_map(|name| super::scopes::find(name)).collect(), default: false },
        };
        if granted.is_empty() || asked.names().any(|name| !granted.contains(name)) {
            return Err(EntraError::consent_needed(self.client, "invalid_grant"));
        }
        Ok(token_scopes(&asked, &granted))
    }

    fn client_credentials(&self) -> Result<Value, EntraError> {
        if let Some(origin) = self.origin {
            return Err(EntraError::origin_forbidden(origin));
        }
        let wanted = self.client.secret.ok_or_else(EntraError::secret_missing)?;
        self.check_secret(wanted)?;
        let Authority::Tenant(tenant_id) = Authority::parse(self.segment, &self.context.world())? else {
            return Err(EntraError::tenant_needed());
        };
        let scope = parameter(&self.form, "scope")?;
        let asked = Asked::parse(scope, &self.context.base_url, self.client)?;
        if !asked.default || !asked.scopes.is_empty() {
            return Err(EntraError::default_scope_needed(scope));
        }
        let (issue, seconds) = self.issue(&tenant_id);
        let token = issue.app_token(self.client).map_err(|_| EntraError::malformed())?;
        Ok(json!({ "token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token }))
    }

    /// Who redeems: a page for single-page applications, and nobody but a server that knows the secret for others.
    fn check_client(&self) -> Result<(), EntraError> {
        let secret_sent = self.form.contains_key("client_secret") || self.form.contains_key("client_assertion");
        match (self.client.platform, self.origin) {
            (Platform::SinglePage, None) => Err(EntraError::origin_needed()),
            (Platform::SinglePage, Some(_)) if secret_sent => Err(EntraError::secret_unexpected()),
            (Platform::SinglePage, Some(_)) => Ok(()),
            (Platform::Web, Some(origin)) => Err(EntraError::origin_forbidden(origin)),
            (Platform::Web, None) => self.client.secret.map_or(Ok(()), |wanted| self.check_secret(wanted)),
        }
    }

    fn check_secret(&self, wanted: &str) -> Result<(), EntraError> {
        match self.form.get("client_secret") {
            None => Err(EntraError::secret_missing()),
            Some(sent) if sent != wanted => Err(EntraError::secret_wrong(self.client)),
            Some(_) => Ok(()),
        }
    }

    /// The account of a grant, if it still exists and belongs to the tenant of the path.
    fn user(&self, grant: &Grant) -> Result<User, EntraError> {
        let world = self.context.world();
        let user = world.user(&grant.user_id).ok_or_else(|| EntraError::no_such_account(&grant.user_id, self.segment))?;
        if !Authority::parse(self.segment, &world)?.takes_token_of(user, &world, self.client.audience) {
            let home = tenant::display_name(user, &world);
            return Err(EntraError::wrong_tenant(user.mail(), home, self.segment, self.client, "invalid_grant"));
        }
        let account = tenant::account_of(user, &world).unwrap_or(user);
        match rules::refusal(account, self.client, grant.proved, "invalid_grant") {
            Some(error) => Err(error),
            None => Ok(user.clone()),
        }
    }

    fn issue<'a>(&'a self, tenant_id: &'a str) -> (Issue<'a>, u32) {
        let seconds = self.context.switches().access_token_seconds;
        let lifetime = TimeDelta::seconds(i64::from(seconds));
        (Issue { base_url: &self.context.base_url, tenant_id, now: self.context.clock.now(), lifetime }, seconds)
    }

    fn answer_with(
        &self,
        user: &User,
        grant: Grant,
        platform: Platform,
        nonce: Option<&str>,
        previous: Option<&RefreshToken>,
    ) -> Result<Value, EntraError> {
        let tenant_id = tenant::home(user, &self.context.world()).to_owned();
        let (issue, seconds) = self.issue(&tenant_id);
        let failed = |_| EntraError::malformed();
        // As Entra ID does, `offline_access` is left out: it shows in the refresh token's being there.
        let listed: Vec<_> = grant.scopes.iter().copied().filter(|scope| *scope != "offline_access").collect();
        let mut body = json!({
            "token_type": "Bearer",
            "scope": listed.join(" "),
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": issue.access_token(user, &grant).map_err(failed)?,
        });
        if grant.scopes.contains(&"offline_access") {
            let token = self.next_refresh_token(grant.clone(), platform, previous);
            if platform == Platform::SinglePage {
                body["refresh_token_expires_in"] = json!((token.expires - issue.now).num_seconds().max(0));
            }
            let value = secret();
            body["refresh_token"] = json!(value);
            self.context.identity().refresh_tokens.insert(value, token);
        }
        if grant.scopes.contains(&"openid") {
            let home = self.home_of_guest(user);
            body["id_token"] = json!(issue.id_token(user, home.as_deref(), &grant, nonce).map_err(failed)?);
        }
        if self.form.get("client_info").is_some_and(|wanted| wanted == "1") {
            let world = self.context.world();
            let account = tenant::account_of(user, &world).unwrap_or(user);
            body["client_info"] = json!(client_info(&account.id, tenant::home(account, &world)));
        }
        Ok(body)
    }

    fn home_of_guest(&self, user: &User) -> Option<String> {
        let world = self.context.world();
        let account = tenant::account_of(user, &world).filter(|account| account.id != user.id)?;
        Some(tenant::home(account, &world).to_owned())
    }

    /// A page's refresh tokens all end when the first one does; a server's live on with each use.
    fn next_refresh_token(&self, grant: Grant, platform: Platform, previous: Option<&RefreshToken>) -> RefreshToken {
        let now = self.context.clock.now();
        let lifetime = match platform {
            Platform::SinglePage => TimeDelta::seconds(i64::from(self.context.switches().refresh_token_seconds)),
            Platform::Web => WEB_REFRESH_LIFETIME,
        };
        let first_issued = previous.map_or(now, |token| token.first_issued);
        let expires = previous.filter(|_| platform == Platform::SinglePage).map_or(now + lifetime, |token| token.expires);
        RefreshToken { grant, platform, first_issued, expires, used: false }
    }
}

/// Whose code or refresh token a request presents, by principal name; for the log and for faults. Uses nothing up.
pub(crate) fn account_of(context: &Context, form: &Parameters) -> Option<String> {
    let user_id = {
        let identity = context.identity();
        let by_code = form.get("code").and_then(|code| identity.codes.get(code)).map(|code| code.grant.user_id.clone());
        by_code.or_else(|| {
            form.get("refresh_token").and_then(|token| identity.refresh_tokens.get(token)).map(|token| token.grant.user_id.clone())
        })
    };
    context.world().user(&user_id?).map(|user| user.mail().to_owned())
}

/// RFC 6749 §2.3.1: credentials may come by HTTP Basic, each part form-encoded.
fn with_basic_credentials(mut form: Parameters, headers: &HeaderMap) -> Parameters {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic "))
        .and_then(|encoded| String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok());
    if let Some((id, secret)) = sent.as_deref().and_then(|pair| pair.split_once(':')) {
        let decode = |text: &str| form_urlencoded::parse(format!("v={text}").as_bytes()).next().map(|(_, value)| value.into_owned());
        if let (Some(id), Some(secret)) = (decode(id), decode(secret)) {
            form.entry("client_id".to_owned()).or_insert(id);
            form.entry("client_secret".to_owned()).or_insert(secret);
        }
    }
    form
}
