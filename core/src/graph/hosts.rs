//! Which hosts may see a token, and the only place that attaches one. Owns the host test of configured addresses and of every link that
//! Graph gives; leaves tokens to whoever has them.

use http::{HeaderValue, Request, header};
use oauth2::url::{Host, Url};

use crate::{Error, ErrorCode};

/// The hosts that may see a token: https at its own port, or a loopback address at exactly the port that was configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostList {
    base: Url,
    allowed: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    host: Host<String>,
    /// For loopback: scheme and port. Elsewhere https and its port are the rule.
    loopback: Option<(bool, u16)>,
}

impl HostList {
    /// From Graph's base address and further hosts, each a URL or a bare host name.
    ///
    /// An address that is neither https nor http on loopback, names a user, a query or (off loopback) another port is `configuration`.
    pub fn new(base: &str, further: &[String]) -> Result<Self, Error> {
        let base = configured(base)?;
        let mut allowed = vec![entry(&base)?];
        for host in further {
            let url = if host.contains("://") { configured(host)? } else { configured(&["https://", host].concat())? };
            allowed.push(entry(&url)?);
        }
        Ok(Self { base, allowed })
    }

    /// Graph's base address.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Whether this address may see a token.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        url.username().is_empty() && url.password().is_none() && entry(url).is_ok_and(|entry| self.allowed.contains(&entry))
    }

    /// A link that Graph gave, if it may be followed with a token; else `host-not-allowed`. A relative link is none.
    pub fn check(&self, link: &str) -> Result<Url, Error> {
        match Url::parse(link) {
            Ok(url) if self.allows(&url) => Ok(url),
            _ => Err(refused()),
        }
    }

    /// Attaches the bearer, or refuses with `host-not-allowed`. Whatever bearer was there before goes.
    pub fn authorize(&self, request: &mut Request<Vec<u8>>, token: &str) -> Result<(), Error> {
        request.headers_mut().remove(header::AUTHORIZATION);
        // The very text that will be fetched is judged, by the rules that the browser's own fetch follows.
        self.check(&request.uri().to_string())?;
        let mut value = HeaderValue::from_str(&["Bearer ", token].concat())
            .map_err(|_| Error::new(ErrorCode::InvalidResponse, "The token holds a character that no token has."))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
        Ok(())
    }
}

fn configured(text: &str) -> Result<Url, Error> {
    Url::parse(text)
        .ok()
        .filter(|url| url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none())
        .ok_or_else(|| misconfigured(text))
}

fn entry(url: &Url) -> Result<Entry, Error> {
    let host = url.host().ok_or_else(refused)?.to_owned();
    let loopback = match &host {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    match (url.scheme(), loopback, url.port()) {
        (scheme @ ("http" | "https"), true, _) => {
            Ok(Entry { host, loopback: Some((scheme == "https", url.port_or_known_default().unwrap_or(0))) })
        }
        ("https", false, None) => Ok(Entry { host, loopback: None }),
        _ => Err(misconfigured(url.as_str())),
    }
}

fn misconfigured(address: &str) -> Error {
    // Of an address with a password in it, only the host is repeated.
    let parsed = Url::parse(address).ok();
    let shown = match parsed.as_ref().and_then(Url::host_str) {
        Some(host) => host,
        None if address.contains('@') => "(hidden)",
        None => address,
    };
    Error::new(
        ErrorCode::Configuration,
        ["`graphBaseUrl` and `graphHosts` must be https addresses at the usual port, or loopback addresses; this is not: ", shown].concat(),
    )
}

fn refused() -> Error {
    Error::new(ErrorCode::HostNotAllowed, "The answer points to a host that must not see the token; the link was not followed.")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    fn list() -> HostList {
        HostList::new("https://graph.microsoft.com", &["graph.microsoft.us".into(), "http://127.0.0.1:4000".into()]).unwrap()
    }

    #[test]
    fn allowed_hosts_pass() {
        for link in [
            "https://graph.microsoft.com/v1.0/me/events?$skiptoken=a",
            "https://GRAPH.microsoft.com:443/v1.0/",
            "https://graph.microsoft.us/x",
            "http://127.0.0.1:4000/v1.0/me",
        ] {
            assert!(list().check(link).is_ok(), "{link}");
        }
    }

    #[test]
    fn every_disguise_is_refused() {
        for link in [
            "http://graph.microsoft.com/v1.0/me",
            "https://graph.microsoft.com:x@evil.example/",
            "https://graph.microsoft.com:8443/v1.0/me",
            "https://user@graph.microsoft.com/v1.0/me",
            "https://:secret@graph.microsoft.com/v1.0/me",
            "https://graph.microsoft.com.evil.example/v1.0",
            "https://graph.microsoft.com./v1.0",
            "https://evil.example\\@graph.microsoft.com/",
            "https://evil.example#@graph.microsoft.com/",
            "//graph.microsoft.com/v1.0/me",
            "/v1.0/me/events?$skip=10",
            "http://127.0.0.1:4001/v1.0/me",
            "https://127.0.0.1:4000/v1.0/me",
            "http://localhost:4000/v1.0/me",
            "javascript:alert(1)",
            "ftp://graph.microsoft.com/",
            "",
        ] {
            assert_eq!(list().check(link).unwrap_err().code(), ErrorCode::HostNotAllowed, "{link}");
        }
    }

    #[test]
    fn a_bad_configuration_is_named() {
        for base in [
            "graph.microsoft.com",
            "http://graph.microsoft.com",
            "https://a:b@graph.microsoft.com",
            "https://graph.microsoft.com:444",
            "https://graph.microsoft.com/?x",
        ] {
            let error = HostList::new(base, &[]).unwrap_err();
            assert_eq!(error.code(), ErrorCode::Configuration, "{base}");
            assert!(error.message().contains("graphBaseUrl") && !error.message().contains(":b"), "{error}");
        }
        assert!(HostList::new("https://graph.microsoft.com", &["evil.example:8080".into()]).is_err());
    }

    #[test]
    fn the_bearer_goes_nowhere_else_and_shows_nowhere() {
        let mut request =
            Request::builder().uri("https://evil.example/v1.0/me").header("authorization", "Bearer old").body(Vec::new()).unwrap();
        assert!(list().authorize(&mut request, "token").is_err());
        assert!(request.headers().is_empty());
        let mut request = Request::builder().uri("https://graph.microsoft.com/v1.0/me").body(Vec::new()).unwrap();
        list().authorize(&mut request, "verysecret").unwrap();
        assert_eq!(request.headers()["authorization"], "Bearer verysecret");
        assert!(!format!("{request:?}").contains("verysecret"));
    }
}
