//! Entra ID's errors: number, OAuth code and wording. Owns the table; leaves where an error is shown to `authorize` and `token`.
//! Numbers and wordings are those of Microsoft's published list of AADSTS error codes and of answers quoted in public reports.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{clients::Client, rules::POLICY};

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntraError {
    /// The digits after `AADSTS`.
    pub(crate) number: u32,
    /// OAuth's `error`.
    pub(crate) error: &'static str,
    pub(crate) suberror: Option<&'static str>,
    /// The sentence after the number.
    pub(crate) message: String,
    /// A claims challenge that a new sign-in must carry, as JSON.
    pub(crate) claims: Option<String>,
}

/// When and in which exchange an error happened, as Entra's support asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Incident {
    pub(crate) at: DateTime<Utc>,
    pub(crate) trace_id: Uuid,
    pub(crate) correlation_id: Uuid,
}

impl Incident {
    /// `correlation` is the client's `client-request-id`, which Entra repeats where it is a GUID.
    pub(crate) fn new(at: DateTime<Utc>, correlation: Option<&str>) -> Self {
        let correlation_id = correlation.and_then(|id| id.parse().ok()).unwrap_or_else(Uuid::new_v4);
        Self { at, trace_id: Uuid::new_v4(), correlation_id }
    }

    pub(crate) fn timestamp(&self) -> String {
        self.at.format("%Y-%m-%d %H:%M:%SZ").to_string()
    }
}

impl EntraError {
    fn new(number: u32, error: &'static str, message: impl Into<String>) -> Self {
        Self { number, error, suberror: None, message: message.into(), claims: None }
    }

    fn with_suberror(mut self, suberror: &'static str) -> Self {
        self.suberror = Some(suberror);
        self
    }

    /// `error_description`: one line, with the three ids that support asks for.
    pub(crate) fn description(&self, incident: &Incident) -> String {
        format!(
            "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
            self.number,
            self.message,
            incident.trace_id,
            incident.correlation_id,
            incident.timestamp()
        )
    }

    /// The body of a refusal at the token endpoint.
    pub(crate) fn to_json(&self, incident: &Incident, base_url: &str) -> Value {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(incident),
            "error_codes": [self.number],
            "timestamp": incident.timestamp(),
            "trace_id": incident.trace_id.to_string(),
            "correlation_id": incident.correlation_id.to_string(),
            "error_uri": format!("{base_url}/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        if let Some(claims) = &self.claims {
            body["claims"] = json!(claims);
        }
        body
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(900_144, "invalid_request", format!("The request body must contain the following parameter: '{name}'."))
    }

    pub(crate) fn malformed() -> Self {
        Self::new(9_002_313, "invalid_request", "Invalid request. Request is malformed or invalid.")
    }

    pub(crate) fn no_such_tenant(tenant: &str) -> Self {
        let message = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        );
        Self::new(90_002, "invalid_tenant", message)
    }

    pub(crate) fn no_such_client(id: &str, tenant: &str) -> Self {
        let message = format!(
            "Application with identifier '{id}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        );
        Self::new(700_016, "unauthorized_client", message)
    }

    pub(crate) fn wrong_redirect_uri(uri: &str, client: &Client) -> Self {
        let message = format!(
            "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.",
            client.id
        );
        Self::new(50_011, "invalid_request", message)
    }

    pub(crate) fn response_type(asked: &str) -> Self {
        Self::new(700_051, "unsupported_response_type", format!("response_type '{asked}' is not enabled for the application."))
    }

    pub(crate) fn response_mode(asked: &str) -> Self {
        let message = format!("'{asked}' is not a supported value of 'response_mode'; it is query, fragment or form_post.");
        Self::new(70_007, "invalid_request", message)
    }

    pub(crate) fn bad_prompt(asked: &str) -> Self {
        Self::new(90_023, "invalid_request", format!("Unsupported 'prompt' value '{asked}'."))
    }

    pub(crate) fn challenge_missing() -> Self {
        Self::new(9_002_325, "invalid_request", "Proof Key for Code Exchange is required for cross-origin authorization code redemption.")
    }

    pub(crate) fn challenge_method(asked: &str) -> Self {
        let message = format!("'{asked}' is not a supported value of 'code_challenge_method'; it must be 'S256'.");
        Self::new(50_147, "invalid_request", message)
    }

    pub(crate) fn challenge_size() -> Self {
        Self::new(501_491, "invalid_request", "Invalid size of Code_Challenge parameter.")
    }

    pub(crate) fn verifier_mismatch() -> Self {
        let message = "The Code_Verifier does not match the code_challenge supplied in the authorization request.";
        Self::new(501_481, "invalid_grant", message)
    }

    pub(crate) fn no_such_scope(client: &Client, scope: &str) -> Self {
        let message = format!(
            "The application '{}' asked for scope '{scope}' that doesn't exist on the resource '{}'. Contact the app vendor.",
            client.name,
            super::scopes::GRAPH_ID
        );
        Self::new(650_053, "invalid_client", message)
    }

    pub(crate) fn no_such_resource(resource: &str) -> Self {
        let message =
            format!("The resource principal named {resource} was not found in the tenant. The sandbox has Microsoft Graph alone.");
        Self::new(500_011, "invalid_resource", message)
    }

    pub(crate) fn nobody_signed_in() -> Self {
        Self::new(50_058, "login_required", "A silent sign-in request was sent but no user is signed in.")
    }

    pub(crate) fn several_signed_in(client: &Client) -> Self {
        let message = format!(
            "Either multiple user identities are available for the current request or selected account is not supported for the scenario. Request application: '{}'.",
            client.id
        );
        Self::new(16_000, "interaction_required", message)
    }

    pub(crate) fn consent_needed(client: &Client, error: &'static str) -> Self {
        let message = format!(
            "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an interactive authorization request for this user and resource.",
            client.id, client.name
        );
        Self::new(65_001, error, message).with_suberror("consent_required")
    }

    pub(crate) fn declined() -> Self {
        Self::new(65_004, "access_denied", "User declined to consent to access the app.")
    }

    pub(crate) fn admin_needed(client: &Client) -> Self {
        let message = format!(
            "The application '{}' needs permission to access resources in your organization that only an administrator can grant. Ask an administrator to grant permission to this app before you can use it.",
            client.name
        );
        Self::new(90_094, "access_denied", message)
    }

    pub(crate) fn not_assigned(client: &Client, account: &str) -> Self {
        let message = format!(
            "Your administrator has configured the application {} ('{}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{account}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.",
            client.name, client.id
        );
        Self::new(50_105, "access_denied", message)
    }

    pub(crate) fn wrong_tenant(account: &str, home: &str, tenant: &str, client: &Client, error: &'static str) -> Self {
        let message = format!(
            "User account '{account}' from identity provider '{home}' does not exist in tenant '{tenant}' and cannot access the application '{}'({}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.",
            client.id, client.name
        );
        Self::new(50_020, error, message)
    }

    pub(crate) fn no_such_account(account: &str, tenant: &str) -> Self {
        let message = format!(
            "The user account {account} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory."
        );
        Self::new(50_034, "invalid_grant", message)
    }

    pub(crate) fn wrong_password() -> Self {
        Self::new(50_126, "invalid_grant", "Error validating credentials due to invalid username or password.")
    }

    pub(crate) fn grant_type(asked: &str) -> Self {
        Self::new(70_003, "unsupported_grant_type", format!("The app requested an unsupported grant type '{asked}'."))
    }

    pub(crate) fn code_redeemed() -> Self {
        let message =
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.";
        Self::new(54_005, "invalid_grant", message)
    }

    pub(crate) fn code_expired() -> Self {
        let message = "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.";
        Self::new(70_008, "invalid_grant", message)
    }

    pub(crate) fn bad_grant(parameter: &str) -> Self {
        Self::new(70_000, "invalid_grant", format!("The provided value for the input parameter '{parameter}' is not valid."))
    }

    pub(crate) fn other_redirect_uri() -> Self {
        let message = "The reply address of the token request does not match the one of the authorization request, or of this authorization code's client.";
        Self::new(500_112, "invalid_grant", message)
    }

    pub(crate) fn origin_needed() -> Self {
        let message = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
        Self::new(9_002_327, "invalid_request", message)
    }

    pub(crate) fn origin_forbidden(origin: &str) -> Self {
        let message = format!(
            "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{origin}'."
        );
        Self::new(9_002_326, "invalid_request", message)
    }

    pub(crate) fn secret_missing() -> Self {
        let message = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
        Self::new(7_000_218, "invalid_client", message)
    }

    pub(crate) fn secret_wrong(client: &Client) -> Self {
        let message = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{}'.",
            client.id
        );
        Self::new(7_000_215, "invalid_client", message)
    }

    pub(crate) fn secret_unexpected() -> Self {
        let message = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
        Self::new(700_025, "invalid_client", message)
    }

    pub(crate) fn tenant_needed() -> Self {
        let message = "No tenant-identifying information found in either the request or implied by any provided credentials.";
        Self::new(50_059, "invalid_request", message)
    }

    pub(crate) fn default_scope_needed(scope: &str) -> Self {
        let message = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
        );
        Self::new(1_002_012, "invalid_scope", message)
    }

    pub(crate) fn spa_refresh_expired(issued: DateTime<Utc>) -> Self {
        let message = format!(
            "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {}.",
            issued.format("%Y-%m-%dT%H:%M:%S%.6f0Z")
        );
        Self::new(700_084, "invalid_grant", message)
    }

    pub(crate) fn refresh_inactive(issued: DateTime<Utc>) -> Self {
        let message = format!(
            "The refresh token has expired due to inactivity. The token was issued on {} and was inactive for 90.00:00:00.",
            issued.format("%Y-%m-%dT%H:%M:%S%.6f0Z")
        );
        Self::new(700_082, "invalid_grant", message)
    }

    pub(crate) fn revoked(issued: DateTime<Utc>, valid_from: DateTime<Utc>) -> Self {
        let form = "%Y-%m-%dT%H:%M:%S%.6f0Z";
        let message = format!(
            "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '{}' and the TokensValidFrom date (before which tokens are not valid) for this user is '{}'.",
            issued.format(form),
            valid_from.format(form)
        );
        Self::new(50_173, "invalid_grant", message).with_suberror("bad_token")
    }

    pub(crate) fn multi_factor(claims: Option<String>, error: &'static str) -> Self {
        let message = format!(
            "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{}'.",
            super::scopes::GRAPH_ID
        );
        Self { claims, ..Self::new(50_076, error, message).with_suberror("basic_action") }
    }

    pub(crate) fn external_challenge(claims: Option<String>, error: &'static str) -> Self {
        let message = "External security challenge was not satisfied.";
        Self { claims, ..Self::new(50_158, error, message).with_suberror("basic_action") }
    }

    pub(crate) fn disabled(error: &'static str) -> Self {
        Self::new(50_057, error, "The user account is disabled.")
    }

    /// 53000 to 53003.
    pub(crate) fn conditional_access(number: u32, error: &'static str) -> Self {
        let message = match number {
            53_000 => {
                "Your device is required to be managed to access this resource. Conditional Access policy requires a compliant device, and the device is not compliant."
            }
            53_001 => {
                "Device is not in required device state. Conditional Access policy requires a domain joined device, and the device is not domain joined."
            }
            53_002 => "The app used is not an approved app for Conditional Access.",
            _ => "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
        };
        Self::new(number, error, message).with_suberror("message_only")
    }

    pub(crate) fn unavailable() -> Self {
        Self::new(90_033, "temporarily_unavailable", "A transient error has occurred. Please try again.")
    }

    /// Any published error, for a rule that asks for it by number (`entraError`). Numbers that the sandbox has no wording for are served
    /// too: a client must stand a number that it does not know. `at_token` chooses between OAuth's words for the two endpoints.
    pub(crate) fn on_demand(number: u32, client: &Client, account: &str, at_token: bool, now: DateTime<Utc>) -> Self {
        let interaction = if at_token { "invalid_grant" } else { "interaction_required" };
        match number {
            16_000 => Self::several_signed_in(client),
            50_020 => Self::wrong_tenant(account, "another directory", "this directory", client, interaction),
            50_058 => Self::nobody_signed_in(),
            50_057 => Self::disabled(interaction),
            50_076 | 50_079 => Self { number, ..Self::multi_factor(Some(POLICY.to_owned()), interaction) },
            50_158 => Self::external_challenge(Some(POLICY.to_owned()), interaction),
            50_105 => Self::not_assigned(client, account),
            50_173 => Self::revoked(now, now),
            53_000..=53_003 => Self::conditional_access(number, interaction),
            54_005 => Self::code_redeemed(),
            65_001 => Self::consent_needed(client, interaction),
            65_004 => Self::declined(),
            70_008 => Self::code_expired(),
            70_043 | 700_082 => Self { number, ..Self::refresh_inactive(now) },
            90_033 => Self::unavailable(),
            90_094 => Self::admin_needed(client),
            700_084 => Self::spa_refresh_expired(now),
            _ => Self::new(number, interaction, "The sandbox was told to refuse this request."),
        }
    }

    /// Whether the sign-in page keeps this error to itself. RFC 6749 §4.1.2.1 forbids to send a browser to an address that is not known
    /// to be the client's; assignment and an administrator's approval are matters between the person and the organization.
    pub(crate) fn stays_on_page(&self) -> bool {
        matches!(self.number, 50_011 | 700_016 | 50_057 | 50_105 | 90_094 | 90_002 | 53_000..=53_003)
    }
}
