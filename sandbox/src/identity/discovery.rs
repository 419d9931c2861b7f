//! What clients read before they begin: the discovery document, the instance's aliases, and who is signed in. Owns these documents;
//! leaves keys to `keys`.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::context::Shared;

use super::{
    authorize::Parameters,
    errors::{EntraError, Incident},
    tenant::Authority,
};

/// `GET /{tenant}/v2.0/.well-known/openid-configuration` (OpenID Connect Discovery 1.0 §4). For `common` and `organizations` the issuer
/// is a template, in which `{tenantid}` stands for the `tid` of the token.
pub(crate) async fn configuration(State(context): State<Shared>, Path(segment): Path<String>) -> Response {
    let authority = match Authority::parse(&segment, &context.world()) {
        Ok(authority) => authority,
        Err(error) => {
            let incident = Incident::new(context.clock.now(), None);
            return readable((StatusCode::BAD_REQUEST, Json(error.to_json(&incident, &context.base_url))).into_response());
        }
    };
    let base = &context.base_url;
    let root = format!("{base}/{}", authority.segment());
    readable(
        Json(json!({
            "token_endpoint": format!("{root}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "jwks_uri": format!("{root}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": format!("{base}/{}/v2.0", authority.in_issuer()),
            "request_uri_parameter_supported": false,
            "authorization_endpoint": format!("{root}/oauth2/v2.0/authorize"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": format!("{root}/oauth2/v2.0/logout"),
            "claims_supported": [
                "sub", "iss", "cloud_instance_name", "aud", "exp", "iat", "auth_time", "nonce",
                "preferred_username", "name", "tid", "ver", "email",
            ],
            "code_challenge_methods_supported": ["S256"],
            "tenant_region_scope": null,
            "cloud_instance_name": "sandbox",
            "msgraph_host": base.split_once("://").map_or(base.as_str(), |(_, host)| host),
        }))
        .into_response(),
    )
}

/// `GET /common/discovery/instance`: which host names are one and the same, and where a tenant's document is.
pub(crate) async fn instance(State(context): State<Shared>, Query(parameters): Query<Parameters>) -> Response {
    let base = &context.base_url;
    let endpoint = parameters.get("authorization_endpoint").map(String::as_str).unwrap_or_default();
    let segment = endpoint.strip_prefix(base.as_str()).and_then(|path| path.trim_start_matches('/').split('/').next()).unwrap_or("common");
    if let Err(error) = Authority::parse(segment, &context.world()) {
        return unknown_instance(&error, &context);
    }
    let host = base.split_once("://").map_or(base.as_str(), |(_, host)| host);
    readable(
        Json(json!({
            "tenant_discovery_endpoint": format!("{base}/{segment}/v2.0/.well-known/openid-configuration"),
            "api-version": "1.1",
            "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
        }))
        .into_response(),
    )
}

fn unknown_instance(error: &EntraError, context: &Shared) -> Response {
    let incident = Incident::new(context.clock.now(), None);
    readable((StatusCode::BAD_REQUEST, Json(error.to_json(&incident, &context.base_url))).into_response())
}

fn readable(mut response: Response) -> Response {
    allow_any_origin(&mut response);
    response
}

/// Lets pages of any origin read the answer, as Entra ID does where no cookie is involved.
pub(crate) fn allow_any_origin(response: &mut Response) {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}
