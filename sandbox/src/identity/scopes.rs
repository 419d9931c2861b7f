//! The delegated permissions of Microsoft Graph that the sandbox knows, and how a request names them. Owns what each lets an app do,
//! in the words of the consent page, and which need an administrator (permissions.json of 2026-08); leaves who granted what to `state`.

use super::errors::EntraError;

/// A delegated permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope {
    /// E.g. `Calendars.Read`.
    pub(crate) name: &'static str,
    /// What the consent page says that the app may do.
    pub(crate) means: &'static str,
    /// Whether only an administrator can grant it.
    pub(crate) admin: bool,
}

const fn user(name: &'static str, means: &'static str) -> Scope {
    Scope { name, means, admin: false }
}

const fn admin(name: &'static str, means: &'static str) -> Scope {
    Scope { name, means, admin: true }
}

static SCOPES: &[Scope] = &[
    user("openid", "Sign you in"),
    user("profile", "See your name and picture"),
    user("email", "See your email address"),
    user("offline_access", "Keep the access that you give it while you are away"),
    user("User.Read", "Sign you in and read your profile"),
    user("User.ReadWrite", "Read and change your profile"),
    user("User.ReadBasic.All", "Read the names and addresses of everyone in your organization"),
    admin("User.Read.All", "Read the full profiles of everyone in your organization"),
    admin("User.ReadWrite.All", "Read and change the full profiles of everyone in your organization"),
    admin("Calendars.ReadBasic", "Read your calendars without titles, texts and attachments"),
    user("Calendars.Read", "Read your calendars"),
    user("Calendars.ReadWrite", "Read and change your calendars"),
    user("Calendars.Read.Shared", "Read calendars that you may see"),
    user("Calendars.ReadWrite.Shared", "Read and change calendars that you may change"),
    user("Contacts.Read", "Read your contacts"),
    user("Contacts.ReadWrite", "Read and change your contacts"),
    admin("Directory.Read.All", "Read everything in your organization's directory"),
    admin("Directory.ReadWrite.All", "Read and change your organization's directory"),
    admin("Application.Read.All", "Read the app registrations of your organization"),
    admin("Application.ReadWrite.All", "Read and change the app registrations of your organization"),
    user("Files.Read", "Read your files"),
    user("Files.ReadWrite", "Read and change your files"),
    user("Files.Read.All", "Read all files that you may see"),
    user("Files.ReadWrite.All", "Read and change all files that you may change"),
    admin("Group.Read.All", "Read groups with their calendars and conversations"),
    admin("Group.ReadWrite.All", "Read and change groups with their calendars and conversations"),
    admin("GroupMember.Read.All", "Read who belongs to which group"),
    user("Mail.ReadBasic", "Read your mail without the texts"),
    user("Mail.Read", "Read your mail"),
    user("Mail.ReadWrite", "Read and change your mail"),
    user("Mail.Send", "Send mail as you"),
    user("Mail.Read.Shared", "Read mail that you may see"),
    user("Mail.ReadWrite.Shared", "Read and change mail that you may change"),
    user("MailboxSettings.Read", "Read the settings of your mailbox"),
    user("MailboxSettings.ReadWrite", "Read and change the settings of your mailbox"),
    user("OnlineMeetings.ReadWrite", "Read and set up your online meetings"),
    user("People.Read", "Read whom you work with"),
    admin("People.Read.All", "Read whom everyone in your organization works with"),
    admin("Place.Read.All", "Read the rooms and buildings of your organization"),
    admin("Place.ReadWrite.All", "Read and change the rooms and buildings of your organization"),
    user("Presence.Read", "Read whether you are available"),
    user("Presence.Read.All", "Read whether people in your organization are available"),
    user("Tasks.Read", "Read your tasks"),
    user("Tasks.ReadWrite", "Read and change your tasks"),
];

/// Microsoft Graph's application id: the audience of its access tokens.
pub(crate) const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";

/// What an application asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Each once, in the order asked for.
    pub(crate) scopes: Vec<Scope>,
    /// `.default`: whatever has been granted already.
    pub(crate) default: bool,
}

impl Asked {
    /// Reads the `scope` parameter: names parted by spaces, compared without case, each with or without Graph's address before it.
    /// `base_url` counts as that address too, since the sandbox stands where Graph would.
    pub(crate) fn parse(parameter: &str, base_url: &str, client: &super::clients::Client) -> Result<Self, EntraError> {
        let mut asked = Self::default();
        for word in parameter.split_ascii_whitespace() {
            let name = graph_name(word, base_url)?;
            if name.eq_ignore_ascii_case(".default") {
                asked.default = true;
                continue;
            }
            let scope = find(name).ok_or_else(|| EntraError::no_such_scope(client, name))?;
            if !asked.scopes.contains(&scope) {
                asked.scopes.push(scope);
            }
        }
        if asked.scopes.is_empty() && !asked.default {
            return Err(EntraError::missing_parameter("scope"));
        }
        Ok(asked)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.name == name)
    }

    /// The names as the documentation writes them.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.scopes.iter().map(|scope| scope.name)
    }
}

/// The permission with this name, compared without case.
pub(crate) fn find(name: &str) -> Option<Scope> {
    SCOPES.iter().find(|scope| scope.name.eq_ignore_ascii_case(name)).copied()
}

fn graph_name<'a>(word: &'a str, base_url: &str) -> Result<&'a str, EntraError> {
    let Some((resource, name)) = word.rsplit_once('/') else { return Ok(word) };
    let resource = resource.trim_end_matches('/');
    let graph = ["https://graph.microsoft.com", GRAPH_ID, base_url];
    if graph.iter().any(|address| address.eq_ignore_ascii_case(resource)) { Ok(name) } else { Err(EntraError::no_such_resource(resource)) }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn parse(parameter: &str) -> Result<Asked, EntraError> {
        let client = super::super::clients::find("00000000-0000-0000-0000-00000000c0de").unwrap();
        Asked::parse(parameter, "http://127.0.0.1:1", client)
    }

    #[test]
    fn scopes_are_read_with_and_without_address() {
        let asked = parse("openid calendars.READ https://graph.microsoft.com/User.Read http://127.0.0.1:1/Mail.Read openid").unwrap();
        assert_eq!(asked.names().collect::<Vec<_>>(), ["openid", "Calendars.Read", "User.Read", "Mail.Read"]);
        assert!(parse("https://graph.microsoft.com/.default").unwrap().default);
    }

    #[test]
    fn what_nobody_knows_is_refused_by_number() {
        assert_eq!(parse("Calendar.Read").unwrap_err().number, 650_053);
        assert_eq!(parse("api://mine/access").unwrap_err().number, 500_011);
        assert_eq!(parse("  ").unwrap_err().number, 900_144);
    }
}
