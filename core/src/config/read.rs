//! Reading single members of a configuration. Owns what a text, list, URL, host or id must look like and the words of the refusal;
//! leaves which members there are to the parser.

use crate::error::{Error, ErrorCode};
use oauth2::url::{Host, Url};
use serde_json::{Map, Value};

/// The members of a configuration object.
pub(super) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Error> {
        value.as_object().map(Self).ok_or_else(|| Error::new(ErrorCode::Configuration, "The configuration must be a JSON object: { … }."))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The member, where it is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that says something.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim())),
            Some(Value::String(_)) => Err(error(name, "is empty. Give it a value or leave it out")),
            Some(_) => Err(error(name, "must be text")),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(error(name, "must be true or false")),
        }
    }

    pub(super) fn owned(&self, name: &str) -> Result<Option<String>, Error> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    /// As [`Self::text`], but an empty one counts as absent: a template that is to be filled in ships like that.
    pub(super) fn blank_or_text(&self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.get(name) {
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            _ => self.text(name),
        }
    }

    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let texts: Option<Vec<&str>> = value.as_array().and_then(|items| items.iter().map(Value::as_str).collect());
        texts.map(Some).ok_or_else(|| error(name, "must be a list of texts"))
    }

    pub(super) fn choice<T: Copy, const N: usize>(&self, name: &str, choices: [(&str, T); N]) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if let Some((_, value)) = choices.iter().find(|(choice, _)| *choice == text) {
            return Ok(Some(*value));
        }
        let names = choices.map(|(choice, _)| choice).join(", ");
        Err(error(name, &["is \"", text, "\" but must be one of: ", &names].concat()))
    }
}

/// The error for a member: its name, then what is wrong and what to do.
pub(crate) fn error(name: &str, problem: &str) -> Error {
    Error::new(ErrorCode::Configuration, ["Configuration: \"", name, "\" ", problem, "."].concat())
}

/// An absolute URL over https, or over http on this machine, without credentials.
pub(super) fn secure_url(name: &str, text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|_| error(name, "must be a whole URL, such as https://login.example.com"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(error(name, "must not hold a user name or password"));
    }
    if is_secure(&url) {
        return Ok(url);
    }
    Err(error(name, "must start with https:// (http:// is for this machine only: localhost, 127.0.0.1, [::1])"))
}

/// Whether nobody on the way can read or change what goes to that address.
pub(crate) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && is_loopback(url)
}

/// Whether the URL's host is this machine (RFC 8252 §7.3, RFC 6761 §6.3).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The origin of a service that is addressed by paths of ours.
pub(super) fn origin(name: &str, text: &str) -> Result<String, Error> {
    let url = secure_url(name, text)?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(error(name, "must end after the host: no path, no version, no query"));
    }
    Ok(url.origin().ascii_serialization())
}

/// An address of the deployment's own that is registered with the provider.
pub(super) fn address(members: &Members<'_>, name: &str) -> Result<Option<String>, Error> {
    let Some(text) = members.text(name)? else { return Ok(None) };
    let url = secure_url(name, text)?;
    if url.fragment().is_some() {
        return Err(error(name, "must not hold a \"#\" (RFC 6749 section 3.1.2)"));
    }
    // As it was written: providers compare redirect URIs letter by letter.
    Ok(Some(text.to_owned()))
}

/// The GUID of an application, in lower case.
pub(super) fn app_id(name: &str, text: &str) -> Result<String, Error> {
    if is_guid(text) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(error(
        name,
        "must be the application (client) ID from the registration's overview page: 32 hexadecimal digits in five groups, such as \
         00000000-0000-0000-0000-000000000000",
    ))
}

/// A directory's GUID or a domain of it, in lower case.
pub(super) fn domain_or_guid(name: &str, text: &str) -> Result<String, Error> {
    let text = text.trim().to_ascii_lowercase();
    let domain = text.contains('.')
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !label.starts_with('-')
        });
    if domain || is_guid(&text) {
        return Ok(text);
    }
    Err(error(name, "must be a directory (tenant) ID or a domain, such as contoso.onmicrosoft.com"))
}

/// Five groups of hexadecimal digits: 8-4-4-4-12.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

pub(super) fn scopes(members: &Members<'_>) -> Result<Option<Vec<String>>, Error> {
    let Some(names) = members.texts("scopes")? else { return Ok(None) };
    // RFC 6749 §3.3: printable ASCII without space, quote and backslash.
    let allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    if names.iter().any(|name| name.is_empty() || !name.bytes().all(allowed)) {
        return Err(error("scopes", "must hold one permission per text, such as [\"User.Read\", \"Calendars.Read\"]"));
    }
    Ok(Some(names.into_iter().map(str::to_owned).collect()))
}

/// Hosts that are named beside the ones that follow from everything else.
pub(super) fn hosts(members: &Members<'_>, name: &str) -> Result<Vec<String>, Error> {
    let mut hosts = Vec::new();
    for text in members.texts(name)?.unwrap_or_default() {
        let host = text.to_ascii_lowercase();
        let whole = Url::parse(&["https://", host.as_str(), "/"].concat()).ok().filter(|url| {
            let bare = url.host_str() == Some(host.as_str());
            let with_port =
                is_loopback(url) && url.port().is_some_and(|port| [url.host_str().unwrap_or(""), ":", &port.to_string()].concat() == host);
            bare || with_port
        });
        if whole.is_none() {
            return Err(error(name, &["holds \"", text, "\", but a host is a name alone, such as graph.example.com"].concat()));
        }
        hosts.push(host);
    }
    Ok(hosts)
}
