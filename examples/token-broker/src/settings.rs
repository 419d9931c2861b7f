//! What the broker is told. Owns names, defaults and refusals; the values come from the environment, so that no secret stands in a command
//! line or a file of the repository.

use std::{fmt, path::PathBuf};

use anyhow::{Context, Result, bail};
use oauth2::ClientSecret;
use url::Url;

const ENTRA: &str = "https://login.microsoftonline.com";
const GRAPH: &str = "https://graph.microsoft.com";

/// The settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `BROKER_LISTEN`: where to listen; behind a proxy that speaks TLS, usually on loopback. Default: `127.0.0.1:8090`.
    pub listen: String,
    /// `BROKER_ORIGIN`: the origin under which browsers see the broker. Default: `http://localhost` with the port that it listens on.
    pub origin: Origin,
    /// `BROKER_TENANT`: the directory's id or a domain of it.
    pub tenant: String,
    /// `BROKER_CLIENT_ID`: the application's id.
    pub client_id: String,
    /// `BROKER_CLIENT_SECRET`: its secret.
    pub client_secret: ClientSecret,
    /// `BROKER_PASSWORD`: what people type to be let in, at least 12 characters.
    pub password: ClientSecret,
    /// `BROKER_MAILBOX`: the mailbox that the page shows.
    pub mailbox: String,
    /// `BROKER_AUTHORITY`: where Entra ID is; another cloud's, or a sandbox on loopback.
    pub authority: Url,
    /// `BROKER_GRAPH`: where Graph is, likewise.
    pub graph: Url,
    /// `BROKER_PACKAGE`: the directory of the npm package `convoke`. Default: `dist/npm`.
    pub package: PathBuf,
}

/// An origin, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Settings {
    /// Reads all of them.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong. No value is repeated.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let given = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let needed = |name: &str| given(name).with_context(|| format!("{name} is not set; see the README"));
        let listen = given("BROKER_LISTEN").unwrap_or_else(|| "127.0.0.1:8090".to_owned());
        let port = listen.rsplit_once(':').map_or("", |(_, port)| port);
        let password = needed("BROKER_PASSWORD")?;
        if password.chars().count() < 12 {
            bail!("BROKER_PASSWORD has fewer than 12 characters");
        }
        let tenant = needed("BROKER_TENANT")?;
        if !tenant.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter))
            || matches!(tenant.as_str(), "common" | "organizations")
        {
            bail!("BROKER_TENANT must be one directory's id or domain: an application signs in to one directory");
        }
        Ok(Self {
            origin: match given("BROKER_ORIGIN") {
                Some(origin) => Origin::parse(&origin)?,
                None => Origin(format!("http://localhost:{port}")),
            },
            listen,
            tenant,
            client_id: needed("BROKER_CLIENT_ID")?,
            client_secret: ClientSecret::new(needed("BROKER_CLIENT_SECRET")?),
            password: ClientSecret::new(password),
            mailbox: needed("BROKER_MAILBOX")?,
            authority: service("BROKER_AUTHORITY", given("BROKER_AUTHORITY"), ENTRA)?,
            graph: service("BROKER_GRAPH", given("BROKER_GRAPH"), GRAPH)?,
            package: given("BROKER_PACKAGE").map_or_else(|| PathBuf::from("dist/npm"), PathBuf::from),
        })
    }

    /// Replaces port 0 in the default origin by the one that the system chose.
    pub fn settle_port(&mut self, port: u16) {
        if self.origin.0.ends_with(":0") {
            self.origin.0 = format!("http://localhost:{port}");
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Result<Self> {
        let url = secure("BROKER_ORIGIN", text)?;
        let origin = url.origin().ascii_serialization();
        if url.path() != "/" || url.query().is_some() {
            bail!("BROKER_ORIGIN must end after host and port");
        }
        Ok(Self(origin))
    }

    /// Whether browsers reach it by TLS, so that its cookie may insist on that.
    pub(crate) fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// As browsers write it into the header `Origin`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn service(name: &str, given: Option<String>, default: &str) -> Result<Url> {
    let mut url = secure(name, given.as_deref().unwrap_or(default))?;
    url.set_path("/");
    Ok(url)
}

/// https, or http on this machine: a secret must not travel in clear.
fn secure(name: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{name} is not a URL"))?;
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        _ => bail!("{name} must start with https:// (http:// is for this machine only)"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    const GOOD: [(&str, &str); 5] = [
        ("BROKER_TENANT", "contoso.onmicrosoft.com"),
        ("BROKER_CLIENT_ID", "00000000-0000-0000-0000-00000000c0d3"),
        ("BROKER_CLIENT_SECRET", "very-secret"),
        ("BROKER_PASSWORD", "let me in, please"),
        ("BROKER_MAILBOX", "adelev@contoso.onmicrosoft.com"),
    ];

    fn read(changes: &[(&str, &str)]) -> Result<Settings> {
        Settings::from_environment(|name| {
            changes.iter().chain(&GOOD).find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn secrets_do_not_show() {
        let shown = format!("{:?}", read(&[]).unwrap());
        assert!(!shown.contains("very-secret") && !shown.contains("let me in"), "{shown}");
    }

    #[test]
    fn what_is_wrong_is_named_and_not_repeated() {
        for (name, value) in [
            ("BROKER_PASSWORD", "short"),
            ("BROKER_PASSWORD", ""),
            ("BROKER_TENANT", "common"),
            ("BROKER_TENANT", "a/../b"),
            ("BROKER_ORIGIN", "http://broker.example"),
            ("BROKER_ORIGIN", "https://broker.example/path"),
            ("BROKER_AUTHORITY", "http://login.example"),
            ("BROKER_GRAPH", "graph.example"),
            ("BROKER_CLIENT_SECRET", " "),
        ] {
            let error = format!("{:#}", read(&[(name, value)]).unwrap_err());
            assert!(error.contains(name), "{error}");
            assert!(value.trim().len() < 5 || !error.contains(value), "{error}");
        }
    }

    #[test]
    fn port_0_becomes_the_one_that_was_chosen() {
        let mut settings = read(&[("BROKER_LISTEN", "127.0.0.1:0")]).unwrap();
        settings.settle_port(4711);
        assert_eq!(settings.origin.as_str(), "http://localhost:4711");
        let mut settings = read(&[("BROKER_ORIGIN", "https://broker.example")]).unwrap();
        settings.settle_port(4711);
        assert_eq!((settings.origin.as_str(), settings.origin.is_https()), ("https://broker.example", true));
    }
}
