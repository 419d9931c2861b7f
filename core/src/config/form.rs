//! What the person fills in where the deployment names no application. Owns the checks field by field and the form's short-lived copy
//! as JSON; leaves drawing it to the interface and keeping it to the browser half.

use super::{AccountType, AppConfig, Draft, read};
use crate::auth::{Authority, Feature, Protocol};
use serde_json::{Value, json};

/// The values of the Connect form, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectForm {
    /// Textbox "Application (client) ID".
    pub client_id: String,
    /// Radio group "Account type"; for one organization, whatever was typed as its id or domain.
    pub account_type: AccountType,
    /// Check boxes "Permissions".
    pub features: Vec<Feature>,
}

/// A field of the Connect form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// "Application (client) ID".
    ClientId,
    /// "Directory (tenant) ID or domain".
    Tenant,
    /// "Permissions".
    Features,
    /// "Account type".
    AccountType,
    /// "Redirect URI": to be copied, never wrong.
    RedirectUri,
    /// "Did Microsoft show an error?"
    Reported,
    /// What that came to.
    Answer,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing stands there.
    Missing,
    /// What stands there cannot be used.
    Malformed,
}

/// A field that cannot be used, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldError {
    /// Which one.
    pub field: Field,
    /// Why.
    pub problem: FieldProblem,
}

impl Draft {
    /// The form as it opens: what the deployment has said already.
    #[must_use]
    pub fn form(&self) -> ConnectForm {
        let session = &self.0.session;
        ConnectForm { client_id: String::new(), account_type: session.account_type.clone(), features: session.features.clone() }
    }

    /// What the deployment has said, without a client id: locale, theme and cloud are known before anybody signs in.
    #[must_use]
    pub fn settings(&self) -> &AppConfig {
        &self.0
    }

    /// The whole configuration with the form's values.
    ///
    /// # Errors
    /// Every field that cannot be used, in the order of the form.
    pub fn complete(&self, form: &ConnectForm) -> Result<AppConfig, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut config = self.0.clone();
        let session = &mut config.session;

        let client_id = form.client_id.trim();
        if client_id.is_empty() {
            errors.push(FieldError { field: Field::ClientId, problem: FieldProblem::Missing });
        } else if session.authority.protocol() == Protocol::Oidc {
            session.client_id = client_id.to_owned();
        } else {
            match read::app_id("clientId", client_id) {
                Ok(id) => session.client_id = id,
                Err(_) => errors.push(FieldError { field: Field::ClientId, problem: FieldProblem::Malformed }),
            }
        }

        session.account_type = match &form.account_type {
            AccountType::Tenant(text) => match tenant(text) {
                Ok(tenant) => AccountType::Tenant(tenant),
                Err(error) => {
                    errors.push(error);
                    AccountType::Organizations
                }
            },
            other => other.clone(),
        };
        if session.authority.protocol() == Protocol::Entra && session.account_type != self.0.session.account_type {
            session.authority = Authority::at(&session.authority, session.account_type.segment());
        }

        session.features = form.features.iter().copied().filter(|feature| form.offers(*feature)).collect();
        if session.features.is_empty() {
            errors.push(FieldError { field: Field::Features, problem: FieldProblem::Missing });
        }

        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }
}

impl ConnectForm {
    /// Whether the accounts that may sign in have this feature at all.
    #[must_use]
    pub fn offers(&self, feature: Feature) -> bool {
        self.account_type != AccountType::Consumers || feature.is_for_personal()
    }

    /// The form as JSON, to be kept while the person is away at the sign-in page. It holds no secret.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let account_type = match &self.account_type {
            AccountType::Tenant(tenant) => json!({ "tenant": tenant }),
            other => json!(other.segment()),
        };
        let features: Vec<&str> = self.features.iter().map(|feature| feature.name()).collect();
        json!({ "clientId": self.client_id, "accountType": account_type, "features": features })
    }

    /// The form from [`Self::to_json`]; none where it cannot have come from there.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let account_type = match value.get("accountType")? {
            Value::String(name) if name == "common" => AccountType::Common,
            Value::String(name) if name == "organizations" => AccountType::Organizations,
            Value::String(name) if name == "consumers" => AccountType::Consumers,
            other => AccountType::Tenant(other.get("tenant")?.as_str()?.to_owned()),
        };
        let features = value.get("features")?.as_array()?.iter().filter_map(|name| Feature::from_name(name.as_str()?)).collect();
        Some(Self { client_id: value.get("clientId")?.as_str()?.to_owned(), account_type, features })
    }
}

pub(super) fn tenant(text: &str) -> Result<String, FieldError> {
    let problem = if text.trim().is_empty() { FieldProblem::Missing } else { FieldProblem::Malformed };
    read::domain_or_guid("tenant", text).map_err(|_| FieldError { field: Field::Tenant, problem })
}
