//! What stands in the path as `{tenant}`: whose accounts a request is for. Owns the names `common`, `organizations`, `consumers`; leaves
//! the directories to `world`.

use crate::world::{Tenant, User, World};

use super::{clients::Audience, errors::EntraError};

/// The directory of personal Microsoft accounts.
pub(crate) const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Whose accounts an endpoint takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Authority {
    /// Any account.
    Common,
    /// Any directory's account, no personal one.
    Organizations,
    /// One directory's accounts, by its id; `consumers` is such a directory.
    Tenant(String),
}

impl Authority {
    /// Reads the path segment: a well-known name, a tenant's id or its domain.
    pub(crate) fn parse(segment: &str, world: &World) -> Result<Self, EntraError> {
        match segment.to_ascii_lowercase().as_str() {
            "common" => Ok(Self::Common),
            "organizations" => Ok(Self::Organizations),
            "consumers" => Ok(Self::Tenant(CONSUMERS.to_owned())),
            lower => world
                .tenants
                .iter()
                .find(|tenant| tenant.id.eq_ignore_ascii_case(lower) || tenant.domain.eq_ignore_ascii_case(lower))
                .map(|tenant| Self::Tenant(tenant_id(tenant).to_owned()))
                .or_else(|| (lower == CONSUMERS).then(|| Self::Tenant(CONSUMERS.to_owned())))
                .ok_or_else(|| EntraError::no_such_tenant(segment)),
        }
    }

    /// What stands for the tenant in the discovery document: a template where it is open which directory will answer.
    pub(crate) fn in_issuer(&self) -> &str {
        match self {
            Self::Common | Self::Organizations => "{tenantid}",
            Self::Tenant(id) => id,
        }
    }

    /// The segment for links that the document gives.
    pub(crate) fn segment(&self) -> &str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Tenant(id) => id,
        }
    }

    /// As whom the account signs in here, to an application for this audience: as itself, or as the guest that it is in the directory.
    /// A guest's own name is no account.
    pub(crate) fn member<'a>(&self, user: &'a User, world: &'a World, audience: Audience) -> Option<&'a User> {
        let consumer = is_consumer(user, world);
        if user.room || user.guest_of.is_some() || (consumer && audience == Audience::WorkAndSchool) {
            return None;
        }
        match self {
            Self::Common => Some(user),
            Self::Organizations => (!consumer).then_some(user),
            Self::Tenant(id) if home(user, world).eq_ignore_ascii_case(id) => Some(user),
            Self::Tenant(id) => {
                let is_guest = |other: &&User| other.guest_of.as_ref() == Some(&user.user_principal_name);
                world.users.iter().filter(|other| other.guest_of.is_some() && other.tenant_id == *id).find(is_guest)
            }
        }
    }

    /// Whether a token that was issued for an account, or for a guest, can be renewed here.
    pub(crate) fn takes_token_of(&self, user: &User, world: &World, audience: Audience) -> bool {
        match (account_of(user, world), self) {
            (Some(account), Self::Tenant(id)) if user.guest_of.is_some() => user.tenant_id == *id && !account.room,
            (Some(account), _) => self.member(account, world, audience).is_some(),
            (None, _) => false,
        }
    }
}

/// The account that somebody signs in with: a guest's is in another directory.
pub(crate) fn account_of<'a>(user: &'a User, world: &'a World) -> Option<&'a User> {
    user.guest_of.as_deref().map_or(Some(user), |home| world.user(home))
}

/// The id that tokens name: the tenant's own, or for personal accounts the one that all of them share.
pub(crate) fn home<'a>(user: &'a User, world: &'a World) -> &'a str {
    world.tenants.iter().find(|tenant| tenant.id == user.tenant_id).map_or(user.tenant_id.as_str(), tenant_id)
}

fn tenant_id(tenant: &Tenant) -> &str {
    if tenant.consumer { CONSUMERS } else { &tenant.id }
}

fn is_consumer(user: &User, world: &World) -> bool {
    world.tenants.iter().any(|tenant| tenant.consumer && tenant.id == user.tenant_id)
}

/// How a directory is shown to people.
pub(crate) fn display_name<'a>(user: &User, world: &'a World) -> &'a str {
    world.tenants.iter().find(|tenant| tenant.id == user.tenant_id).map_or("", |tenant| tenant.display_name.as_str())
}
