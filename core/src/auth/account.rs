//! Who is signed in. Owns what an id token says of a person; leaves its checks to `id_token`.

use serde_json::{Value, json};

/// The directory that all personal Microsoft accounts share.
pub(crate) const CONSUMER_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// A signed-in account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Stable and unique: object id and tenant id at Entra, else the provider's subject.
    pub id: String,
    /// The name to sign in with, such as `adelev@contoso.onmicrosoft.com`; may change, so never a key.
    pub username: String,
    /// The name to show.
    pub name: Option<String>,
    /// The directory's GUID.
    pub tenant_id: Option<String>,
    /// The person's GUID in that directory.
    pub object_id: Option<String>,
}

/// Who signed in on this browser last, to be offered again in a tab that has nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The name to sign in with.
    pub username: String,
    /// The name to show.
    pub name: Option<String>,
}

impl Account {
    /// Whether this is a personal account (outlook.com): Graph then lacks getSchedule, findMeetingTimes, rooms and users.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.tenant_id.as_deref() == Some(CONSUMER_TENANT)
    }

    /// Reads the claims of an id token that has been checked (learn.microsoft.com, "ID token claims reference").
    pub(crate) fn from_claims(claims: &Value) -> Option<Self> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let (tenant_id, object_id, subject) = (text("tid"), text("oid"), text("sub")?);
        let id = match (&object_id, &tenant_id) {
            (Some(object), Some(tenant)) => [object.as_str(), ".", tenant.as_str()].concat(),
            _ => subject,
        };
        let username = text("preferred_username").or_else(|| text("email")).or_else(|| text("upn")).unwrap_or_else(|| id.clone());
        Some(Self { id, username, name: text("name"), tenant_id, object_id })
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "id": self.id, "username": self.username, "name": self.name, "tenantId": self.tenant_id, "objectId": self.object_id })
    }

    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            id: text("id")?,
            username: text("username")?,
            name: text("name"),
            tenant_id: text("tenantId"),
            object_id: text("objectId"),
        })
    }
}
