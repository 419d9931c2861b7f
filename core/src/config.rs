//! The configuration of a deployment. Owns its one parser and what each member may be; leaves where it is read from (`config.json`, a
//! global, attributes) to the browser half, and what is asked of the person when it names no application to [`form`].

mod form;
mod read;

pub use form::{ConnectForm, Field, FieldError, FieldProblem};
pub(crate) use read::{error, is_guid, is_secure};

use crate::{
    auth::{Authority, Feature, Protocol},
    error::Error,
};
use read::{Members, app_id, domain_or_guid, secure_url};
use serde_json::Value;

/// What the browser app is told by whoever deploys it (`AppConfig` of the npm module's contract).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppConfig {
    /// How to sign in.
    pub session: SessionConfig,
    /// Graph's origin without a slash at the end and without a version, such as `https://graph.microsoft.com`.
    pub graph_base_url: String,
    /// Further hosts (`name` or, on loopback, `name:port`) that may get the access token.
    pub graph_hosts: Vec<String>,
    /// Whose mailbox: none for the account's own, else a user id or principal name.
    pub mailbox: Option<String>,
    /// A BCP 47 language tag; none for the browser's.
    pub locale: Option<String>,
    /// An IANA or Windows zone name; none for the browser's.
    pub time_zone: Option<String>,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Whether people sign in through a window, so that the page stays; else the page itself goes to the sign-in and comes back.
    pub popup: bool,
}

/// How to sign in (`SessionConfig` of the npm module's contract).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionConfig {
    /// The application (client) ID, a GUID in lower case at Entra.
    pub client_id: String,
    /// Who may sign in.
    pub account_type: AccountType,
    /// Which of Microsoft's clouds.
    pub cloud: Cloud,
    /// Who issues the tokens, derived from cloud, account type and `authority`.
    pub authority: Authority,
    /// Where the answer goes; none for the page's own address.
    pub redirect_uri: Option<String>,
    /// Where a sign-out ends; none for the same as `redirect_uri`.
    pub post_logout_redirect_uri: Option<String>,
    /// What the person will want to do, which says what to ask for.
    pub features: Vec<Feature>,
    /// Scopes to ask for in place of those that the features need.
    pub scopes: Option<Vec<String>>,
    /// Where refresh tokens live.
    pub cache: Cache,
    /// The account to offer first.
    pub login_hint: Option<String>,
    /// The organization whose sign-in page to go to at once.
    pub domain_hint: Option<String>,
}

/// Who may sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AccountType {
    /// Work, school and personal accounts.
    Common,
    /// Work and school accounts.
    #[default]
    Organizations,
    /// Personal accounts.
    Consumers,
    /// One organization, by the GUID of its directory or by a domain of it.
    Tenant(String),
}

impl AccountType {
    /// The segment of Entra's URLs that says so.
    #[must_use]
    pub fn segment(&self) -> &str {
        match self {
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
            Self::Tenant(tenant) => tenant,
        }
    }

    fn of_segment(segment: &str) -> Self {
        match segment {
            "common" => Self::Common,
            "" | "organizations" => Self::Organizations,
            "consumers" => Self::Consumers,
            tenant => Self::Tenant(tenant.to_owned()),
        }
    }
}

/// Which of Microsoft's clouds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cloud {
    /// The one for everybody.
    #[default]
    Global,
    /// US Government (GCC High).
    UsGovernment,
    /// US Department of Defense.
    UsGovernmentDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    const ALL: [Self; 4] = [Self::Global, Self::UsGovernment, Self::UsGovernmentDod, Self::China];

    /// Its name in a configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernment => "us-government",
            Self::UsGovernmentDod => "us-government-dod",
            Self::China => "china",
        }
    }

    /// Where people sign in (learn.microsoft.com, "National clouds": Microsoft Entra authentication endpoints).
    #[must_use]
    pub fn login_origin(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment | Self::UsGovernmentDod => "https://login.microsoftonline.us",
            Self::China => "https://login.partner.microsoftonline.cn",
        }
    }

    /// Where Graph is (learn.microsoft.com, "Microsoft Graph national cloud deployments").
    #[must_use]
    pub fn graph_origin(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernment => "https://graph.microsoft.us",
            Self::UsGovernmentDod => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }
}

/// Where refresh tokens live. Access tokens are in memory always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cache {
    /// Encrypted in sessionStorage: they outlive a reload, not the tab.
    #[default]
    Session,
    /// In memory: a reload needs a new sign-in.
    Memory,
}

/// The colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system says.
    #[default]
    Auto,
}

impl Theme {
    /// All of them, by the names that a configuration uses.
    pub const ALL: [(&'static str, Self); 3] = [("light", Self::Light), ("dark", Self::Dark), ("auto", Self::Auto)];

    /// The name that a configuration uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, theme)| theme)
    }
}

/// What was found where a configuration is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Everything that a sign-in needs.
    Complete(AppConfig),
    /// All well, but no application is named: the person is asked (heading "Connect to Microsoft 365").
    WithoutClientId(Draft),
}

/// A configuration that lacks its client id. [`Draft::complete`] makes it whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(AppConfig);

impl AppConfig {
    /// Reads a configuration. Unknown members are ignored, `null` is as good as absent, an empty `clientId` too.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Configuration`] at the first member that cannot be used; the message names it and says what it may be.
    pub fn parse(value: &Value) -> Result<Found, Error> {
        let members = Members::of(value)?;
        if members.has("clientSecret") || members.has("client_secret") {
            return Err(error(
                "clientSecret",
                "does not belong in a browser: everybody could read it. Remove it, revoke it, and register the application as a \
                 single-page application, which needs none",
            ));
        }
        let cloud = members.choice("cloud", Cloud::ALL.map(|cloud| (cloud.name(), cloud)))?.unwrap_or_default();
        let given_account_type = account_type(&members)?;
        let protocol = members.choice("protocol", [("entra", Protocol::Entra), ("oidc", Protocol::Oidc)])?;
        let authority = match members.text("authority")? {
            None if protocol == Some(Protocol::Oidc) => {
                return Err(error(
                    "protocol",
                    "is \"oidc\", so \"authority\" has to name the provider. Add \"authority\" or remove \"protocol\"",
                ));
            }
            None => Authority::of_cloud(cloud, given_account_type.clone().unwrap_or_default().segment()),
            Some(text) => {
                let url = secure_url("authority", text)?;
                match protocol.unwrap_or(Protocol::Oidc) {
                    Protocol::Oidc => Authority::oidc(&url, read::hosts(&members, "authorityHosts")?),
                    Protocol::Entra => Authority::entra(&url, given_account_type.as_ref().map(AccountType::segment))?,
                }
            }
        };
        let graph_base_url = match members.text("graphBaseUrl")? {
            None => cloud.graph_origin().to_owned(),
            Some(text) => read::origin("graphBaseUrl", text)?,
        };
        let client_id = match members.blank_or_text("clientId")? {
            None => None,
            Some(text) if authority.protocol() == Protocol::Oidc => Some(text.to_owned()),
            Some(text) => Some(app_id("clientId", text)?),
        };
        let session = SessionConfig {
            client_id: client_id.clone().unwrap_or_default(),
            account_type: given_account_type.unwrap_or_else(|| AccountType::of_segment(authority.tenant())),
            cloud,
            authority,
            redirect_uri: read::address(&members, "redirectUri")?,
            post_logout_redirect_uri: read::address(&members, "postLogoutRedirectUri")?,
            features: features(&members)?,
            scopes: read::scopes(&members)?,
            cache: members.choice("cache", [("session", Cache::Session), ("memory", Cache::Memory)])?.unwrap_or_default(),
            login_hint: members.owned("loginHint")?,
            domain_hint: members.owned("domainHint")?,
        };
        let config = Self {
            session,
            graph_base_url,
            graph_hosts: read::hosts(&members, "graphHosts")?,
            mailbox: members.owned("mailbox")?,
            locale: members.owned("locale")?,
            time_zone: members.owned("timeZone")?,
            theme: members.choice("theme", Theme::ALL)?.unwrap_or_default(),
            popup: members.flag("popup")?,
        };
        Ok(if client_id.is_some() { Found::Complete(config) } else { Found::WithoutClientId(Draft(config)) })
    }
}

fn account_type(members: &Members<'_>) -> Result<Option<AccountType>, Error> {
    read_account_type(members.get("accountType").unwrap_or(&Value::Null))
}

/// Who may sign in, as a configuration says it; none for null.
pub(crate) fn read_account_type(value: &Value) -> Result<Option<AccountType>, Error> {
    const RULE: &str = "must be \"common\", \"organizations\", \"consumers\" or {\"tenant\": \"<directory id or domain>\"}";
    match value {
        Value::Null => Ok(None),
        Value::String(name) => match name.as_str() {
            "common" => Ok(Some(AccountType::Common)),
            "organizations" => Ok(Some(AccountType::Organizations)),
            "consumers" => Ok(Some(AccountType::Consumers)),
            _ => Err(error("accountType", RULE)),
        },
        value => match value.get("tenant") {
            Some(Value::String(tenant)) => Ok(Some(AccountType::Tenant(domain_or_guid("accountType.tenant", tenant)?))),
            _ => Err(error("accountType", RULE)),
        },
    }
}

fn features(members: &Members<'_>) -> Result<Vec<Feature>, Error> {
    let Some(names) = members.texts("features")? else { return Ok(Feature::DEFAULT.to_vec()) };
    let mut features = Vec::new();
    for name in names {
        let Some(feature) = Feature::from_name(name) else {
            let known: Vec<&str> = Feature::ALL.iter().map(|feature| feature.name()).collect();
            return Err(error("features", &["holds \"", name, "\", which is none of: ", &known.join(", ")].concat()));
        };
        if !features.contains(&feature) {
            features.push(feature);
        }
    }
    Ok(features)
}

impl AppConfig {
    /// The same for one organization, or as configured where the text is empty (textbox "Organization (optional)").
    ///
    /// # Errors
    /// Where the text is neither a directory's GUID nor a domain.
    pub fn for_organization(&self, text: &str) -> Result<Self, FieldError> {
        let mut config = self.clone();
        if !text.trim().is_empty() {
            let tenant = form::tenant(text)?;
            config.session.authority = Authority::at(&config.session.authority, &tenant);
            config.session.account_type = AccountType::Tenant(tenant);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
