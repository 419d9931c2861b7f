//! The applications registered with the sandbox. Owns their redirect URIs, platforms and secrets; leaves what they may ask for to
//! `scopes`.

use url::Url;

/// An app registration.
#[derive(Debug)]
pub(crate) struct Client {
    /// The application (client) id.
    pub(crate) id: &'static str,
    /// What the consent page calls it.
    pub(crate) name: &'static str,
    pub(crate) publisher: &'static str,
    pub(crate) audience: Audience,
    /// One platform per registration, though Entra allows several: more is not needed to show how they differ.
    pub(crate) platform: Platform,
    pub(crate) redirect_uris: &'static [&'static str],
    pub(crate) secret: Option<&'static str>,
    /// Application permissions that an administrator has granted, for `client_credentials`.
    pub(crate) roles: &'static [&'static str],
}

/// The platform that a redirect URI is registered for; it decides who may redeem the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    /// Codes and refresh tokens are redeemed from a browser, with an `Origin`, without a secret.
    SinglePage,
    /// Codes are redeemed by a server, with a secret, never with an `Origin`.
    Web,
}

/// Whose accounts an application takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Any directory, and personal accounts.
    Everyone,
    /// Any directory.
    WorkAndSchool,
}

/// Loopback paths as the documentation's examples have them: the app's own page, and the one that pop-ups return to.
const LOCAL: &[&str] = &["http://localhost/", "http://localhost/redirect.html"];

static CLIENTS: [Client; 4] = [
    Client {
        id: "00000000-0000-0000-0000-00000000c0de",
        name: "Convoke demo",
        publisher: "Contoso",
        audience: Audience::Everyone,
        platform: Platform::SinglePage,
        redirect_uris: LOCAL,
        secret: None,
        roles: &[],
    },
    Client {
        id: "00000000-0000-0000-0000-00000000c0d1",
        name: "Convoke for every organization",
        publisher: "Fabrikam",
        audience: Audience::WorkAndSchool,
        platform: Platform::SinglePage,
        redirect_uris: LOCAL,
        secret: None,
        roles: &[],
    },
    Client {
        id: "00000000-0000-0000-0000-00000000c0d2",
        name: "Convoke on a server",
        publisher: "Contoso",
        audience: Audience::Everyone,
        platform: Platform::Web,
        redirect_uris: LOCAL,
        secret: Some("sandbox-web-secret"),
        roles: &[],
    },
    Client {
        id: "00000000-0000-0000-0000-00000000c0d3",
        name: "Convoke token broker",
        publisher: "Contoso",
        audience: Audience::WorkAndSchool,
        platform: Platform::Web,
        redirect_uris: LOCAL,
        secret: Some("sandbox-secret"),
        roles: &[
            "Calendars.ReadWrite",
            "Contacts.ReadWrite",
            "Files.ReadWrite.All",
            "Group.Read.All",
            "Mail.ReadWrite",
            "Mail.Send",
            "MailboxSettings.Read",
            "People.Read.All",
            "Place.Read.All",
            "User.Read.All",
        ],
    },
];

/// The registration with this id.
pub(crate) fn find(id: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.id.eq_ignore_ascii_case(id))
}

/// Every registration, for the home page and for the address to return to after signing out.
pub(crate) fn all() -> &'static [Client] {
    &CLIENTS
}

impl Client {
    /// Whether an answer may be sent to this address. `more` are addresses from the sandbox's configuration.
    pub(crate) fn may_return_to(&self, redirect_uri: &str, more: &[String]) -> bool {
        let registered = self.redirect_uris.iter().copied().chain(more.iter().map(String::as_str));
        Url::parse(redirect_uri).is_ok_and(|asked| registered.filter_map(|uri| Url::parse(uri).ok()).any(|uri| same_place(&uri, &asked)))
    }
}

/// Equal to the letter, except for the port of a loopback host, which Entra ID ignores (RFC 8252 §7.3 asks for that).
fn same_place(registered: &Url, asked: &Url) -> bool {
    let loopback = matches!(registered.host_str(), Some("localhost" | "127.0.0.1"));
    registered.scheme() == asked.scheme()
        && registered.host_str() == asked.host_str()
        && (loopback || registered.port_or_known_default() == asked.port_or_known_default())
        && registered.path() == asked.path()
        && registered.query() == asked.query()
        && asked.fragment().is_none()
        && asked.username().is_empty()
        && asked.password().is_none()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_ignore_only_the_port_of_localhost() {
        let client = find("00000000-0000-0000-0000-00000000C0DE").unwrap();
        let check =
            |uri: &str, expected: bool| assert_eq!(client.may_return_to(uri, &["https://app.example/cb".to_owned()]), expected, "{uri}");
        check("http://localhost:8080/", true);
        check("http://localhost:8080", true);
        check("http://localhost:1/redirect.html", true);
        check("https://app.example/cb", true);
        check("https://app.example:8443/cb", false);
        check("http://localhost:8080/Redirect.html", false);
        check("http://localhost:8080/?next=1", false);
        check("http://localhost:8080/#x", false);
        check("https://localhost:8080/", false);
        check("http://127.0.0.1:8080/", false);
        check("http://localhost@evil.example/", false);
        check("http://user@localhost/", false);
        check("/redirect.html", false);
    }
}
