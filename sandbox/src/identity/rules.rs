//! What Entra ID says about the rules of `world::sign_in`, at sign-in and when tokens are renewed. Owns that; leaves the pages to `sign_in`.

use crate::world::{SignInRule, User};

use super::{clients::Client, errors::EntraError};

/// Why this account gets no further, if there is a reason. `proved`: the person has done what can be done at a page; `error`: OAuth's word
/// where the endpoint has no better one.
pub(crate) fn refusal(user: &User, client: &Client, proved: bool, error: &'static str) -> Option<EntraError> {
    let rule = user.rule.filter(|rule| !(proved && rule.can_be_met()))?;
    Some(match rule {
        SignInRule::NotAssigned => EntraError::not_assigned(client, &user.user_principal_name),
        SignInRule::Disabled => EntraError::disabled(error),
        SignInRule::MultiFactor => EntraError::multi_factor(Some(POLICY.to_owned()), error),
        SignInRule::ExternalChallenge => EntraError::external_challenge(Some(POLICY.to_owned()), error),
        SignInRule::NonCompliantDevice => EntraError::conditional_access(53_000, error),
        SignInRule::NotJoinedDevice => EntraError::conditional_access(53_001, error),
        SignInRule::UnapprovedApp => EntraError::conditional_access(53_002, error),
        SignInRule::Blocked => EntraError::conditional_access(53_003, error),
    })
}

/// The claims that a new sign-in must carry: which policies it has to satisfy.
pub(crate) const POLICY: &str = r#"{"access_token":{"capolids":{"essential":true,"values":["sandbox-policy"]}}}"#;
