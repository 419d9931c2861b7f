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

    /// Whether the account may sign in here, to an application for this audience.
    pub(crate) fn takes(&self, user: &User, world: &World, audience: Audience) -> bool {
        let consumer = is_consumer(user, world);
        if user.room || (consumer && audience == Audience::WorkAndSchool) {
            return false;
        }
        match self {
            Self::Common => true,
            Self::Organizations => !consumer,
            Self::Tenant(id) => home(user, world).eq_ignore_ascii_case(id),
        }
    }
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
