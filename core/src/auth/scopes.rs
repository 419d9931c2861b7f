//! Permissions. Owns which scopes a feature needs at the least, who must consent, and which scope includes which; leaves their names in
//! words to the interface, which looks them up by [`scope_key`].

/// Asked for with every sign-in: who it is, a refresh token, and the own profile.
pub const BASE_SCOPES: [&str; 4] = ["openid", "profile", "offline_access", "User.Read"];

/// Something that the person wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// See the own profile.
    Profile,
    /// See the own calendars.
    CalendarRead,
    /// Change the own calendars and answer invitations.
    CalendarWrite,
    /// See when others are free, and have times proposed.
    Scheduling,
    /// See (with [`Self::CalendarWrite`]: change) calendars that others share.
    SharedCalendars,
    /// Find the people one works with.
    People,
    /// Find anybody in the organization.
    Users,
    /// Find rooms.
    Rooms,
    /// Read the own mail.
    MailRead,
    /// Change the own mail.
    MailWrite,
    /// Send mail.
    MailSend,
    /// Read (with [`Self::MailWrite`]: change) mail in shared mailboxes.
    SharedMail,
    /// Read the own contacts.
    Contacts,
    /// Change the own contacts.
    ContactsWrite,
    /// Read the own files.
    Files,
    /// Change the own files.
    FilesWrite,
    /// Find groups and their members.
    Groups,
    /// Read the own mailbox settings.
    Settings,
}

impl Feature {
    /// Every feature, in the order of the contract.
    pub const ALL: [Self; 18] = [
        Self::Profile,
        Self::CalendarRead,
        Self::CalendarWrite,
        Self::Scheduling,
        Self::SharedCalendars,
        Self::People,
        Self::Users,
        Self::Rooms,
        Self::MailRead,
        Self::MailWrite,
        Self::MailSend,
        Self::SharedMail,
        Self::Contacts,
        Self::ContactsWrite,
        Self::Files,
        Self::FilesWrite,
        Self::Groups,
        Self::Settings,
    ];

    /// What a configuration that names none gets.
    pub const DEFAULT: [Self; 2] = [Self::Profile, Self::CalendarRead];

    /// Its name in a configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::CalendarRead => "calendar-read",
            Self::CalendarWrite => "calendar-write",
            Self::Scheduling => "scheduling",
            Self::SharedCalendars => "shared-calendars",
            Self::People => "people",
            Self::Users => "users",
            Self::Rooms => "rooms",
            Self::MailRead => "mail-read",
            Self::MailWrite => "mail-write",
            Self::MailSend => "mail-send",
            Self::SharedMail => "shared-mail",
            Self::Contacts => "contacts",
            Self::ContactsWrite => "contacts-write",
            Self::Files => "files",
            Self::FilesWrite => "files-write",
            Self::Groups => "groups",
            Self::Settings => "settings",
        }
    }

    /// The feature of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == name)
    }

    /// Whether personal accounts have it: they lack getSchedule, findMeetingTimes, rooms, users and groups.
    #[must_use]
    pub fn is_for_personal(self) -> bool {
        !matches!(self, Self::Scheduling | Self::Users | Self::Rooms | Self::Groups)
    }

    /// The least scopes that do. `with` are the features beside it: writing widens sharing.
    #[must_use]
    pub fn scopes(self, with: &[Self]) -> &'static [&'static str] {
        match self {
            Self::Profile => &["User.Read"],
            // Not Calendars.ReadBasic, which is smaller: it needs an administrator.
            Self::CalendarRead => &["Calendars.Read"],
            Self::CalendarWrite => &["Calendars.ReadWrite"],
            // findMeetingTimes lists the shared permission; getSchedule does not.
            Self::Scheduling => &["Calendars.Read", "Calendars.Read.Shared"],
            Self::SharedCalendars if with.contains(&Self::CalendarWrite) => &["Calendars.ReadWrite.Shared"],
            Self::SharedCalendars => &["Calendars.Read.Shared"],
            Self::People => &["People.Read"],
            Self::Users => &["User.ReadBasic.All"],
            Self::Rooms => &["Place.Read.All"],
            Self::MailRead => &["Mail.Read"],
            Self::MailWrite => &["Mail.ReadWrite"],
            Self::MailSend => &["Mail.Send"],
            Self::SharedMail if with.contains(&Self::MailWrite) => &["Mail.ReadWrite.Shared"],
            Self::SharedMail => &["Mail.Read.Shared"],
            Self::Contacts => &["Contacts.Read"],
            Self::ContactsWrite => &["Contacts.ReadWrite"],
            Self::Files => &["Files.Read"],
            Self::FilesWrite => &["Files.ReadWrite"],
            Self::Groups => &["GroupMember.Read.All"],
            Self::Settings => &["MailboxSettings.Read"],
        }
    }
}

/// A scope that is needed, for what, and who must consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// The scope.
    pub scope: &'static str,
    /// The first feature that needs it.
    pub feature: Feature,
    /// Whether an administrator must consent for everybody.
    pub admin_consent: bool,
}

/// The least scopes that these features need together, each once; one that another includes is left out.
#[must_use]
pub fn scopes_for(features: &[Feature]) -> Vec<Need> {
    let all = || features.iter().flat_map(|feature| feature.scopes(features).iter().map(|scope| (*feature, *scope)));
    let mut needs: Vec<Need> = Vec::new();
    for (feature, scope) in all() {
        let known = needs.iter().any(|need| need.scope == scope);
        let included = all().any(|(_, other)| other != scope && covers(other, scope));
        if !known && !included {
            needs.push(Need { scope, feature, admin_consent: needs_admin(scope) });
        }
    }
    needs
}

/// Everything to ask for at sign-in: what is always asked for, then the scopes of the features or those given in their place.
#[must_use]
pub fn request_scopes(features: &[Feature], scopes: Option<&[String]>) -> Vec<String> {
    let wanted: Vec<String> = match scopes {
        Some(scopes) => scopes.to_vec(),
        None => scopes_for(features).iter().map(|need| need.scope.to_owned()).collect(),
    };
    merge(&BASE_SCOPES.map(str::to_owned), &wanted)
}

/// Both lists, each scope once.
#[must_use]
pub fn merge(first: &[String], second: &[String]) -> Vec<String> {
    let mut merged: Vec<String> = Vec::with_capacity(first.len() + second.len());
    for scope in first.iter().chain(second) {
        if !merged.iter().any(|known| same(known, scope)) {
            merged.push(scope.clone());
        }
    }
    merged
}

/// Those of `wanted` that nothing in `granted` includes.
#[must_use]
pub fn missing(wanted: &[String], granted: &[String]) -> Vec<String> {
    wanted.iter().filter(|scope| !granted_by(granted, scope)).cloned().collect()
}

/// Whether these granted scopes include that one. OpenID Connect's own are never listed back, so they count as granted.
#[must_use]
pub fn granted_by(granted: &[String], scope: &str) -> bool {
    matches!(bare(scope), "openid" | "profile" | "email" | "offline_access") || granted.iter().any(|have| covers(have, scope))
}

/// Whether one Graph scope includes another: `Calendars.ReadWrite` includes `Calendars.Read`, `User.Read.All` includes `User.ReadBasic.All`
/// and `User.Read`. A `.Shared` scope includes no own one, nor the other way round.
#[must_use]
pub fn covers(broad: &str, narrow: &str) -> bool {
    let (broad, narrow) = (bare(broad), bare(narrow));
    if broad.eq_ignore_ascii_case(narrow) {
        return true;
    }
    let (Some(broad), Some(narrow)) = (parts(broad), parts(narrow)) else { return false };
    let members_of_groups = broad.0 == "Group" && narrow.0 == "GroupMember";
    let reach = broad.2 == narrow.2 || (broad.2 == "All" && narrow.2.is_empty());
    (broad.0 == narrow.0 || members_of_groups) && broad.1 >= narrow.1 && reach
}

/// The key under which the interface finds the scope's name in words, such as `scope.Calendars.Read`.
#[must_use]
pub fn scope_key(scope: &str) -> String {
    ["scope.", bare(scope)].concat()
}

/// Whether an administrator must consent (learn.microsoft.com, "Microsoft Graph permissions reference", delegated, AdminConsentRequired).
#[must_use]
pub fn needs_admin(scope: &str) -> bool {
    let scope = bare(scope);
    // Of the permissions that reach over everybody, these are harmless enough for a person to grant.
    let harmless = ["User.ReadBasic.All", "Files.Read.All", "Files.ReadWrite.All", "Presence.Read.All"];
    (scope.ends_with(".All") && !harmless.contains(&scope)) || scope == "Calendars.ReadBasic"
}

/// Resource, rank of the operation, reach: `Calendars.ReadWrite.Shared` is ("Calendars", 3, "Shared").
fn parts(scope: &str) -> Option<(&str, u8, &str)> {
    let mut segments = scope.split('.');
    let (resource, operation, reach) = (segments.next()?, segments.next()?, segments.next().unwrap_or(""));
    let rank = match operation {
        "ReadBasic" => 1,
        "Read" => 2,
        "ReadWrite" => 3,
        _ => return None,
    };
    Some((resource, rank, reach))
}

/// The scope without the resource that Entra may put before it: `https://graph.microsoft.com/User.Read` is `User.Read`.
pub(crate) fn bare(scope: &str) -> &str {
    scope.rsplit('/').next().unwrap_or(scope)
}

fn same(one: &str, other: &str) -> bool {
    bare(one).eq_ignore_ascii_case(bare(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(features: &[Feature]) -> Vec<&'static str> {
        scopes_for(features).iter().map(|need| need.scope).collect()
    }

    #[test]
    fn features_need_the_least_scopes() {
        use Feature::*;
        assert_eq!(scopes(&Feature::DEFAULT), ["User.Read", "Calendars.Read"]);
        assert_eq!(scopes(&[CalendarRead, CalendarWrite]), ["Calendars.ReadWrite"]);
        assert_eq!(scopes(&[Scheduling]), ["Calendars.Read", "Calendars.Read.Shared"]);
        assert_eq!(scopes(&[CalendarWrite, SharedCalendars, Scheduling]), ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared"]);
        assert_eq!(scopes(&[SharedCalendars]), ["Calendars.Read.Shared"]);
        assert_eq!(scopes(&[MailRead, SharedMail]), ["Mail.Read", "Mail.Read.Shared"]);
        assert_eq!(scopes(&[MailWrite, SharedMail, MailRead]), ["Mail.ReadWrite", "Mail.ReadWrite.Shared"]);
        assert_eq!(scopes(&[ContactsWrite, Contacts, FilesWrite, Files]), ["Contacts.ReadWrite", "Files.ReadWrite"]);
        assert!(scopes(&[]).is_empty());
    }

    #[test]
    fn administrators_consent_to_what_reaches_over_everybody() {
        let by_admin: Vec<&str> = scopes_for(&Feature::ALL).iter().filter(|need| need.admin_consent).map(|need| need.scope).collect();
        assert_eq!(by_admin, ["Place.Read.All", "GroupMember.Read.All"]);
        assert!(needs_admin("Calendars.ReadBasic"));
        assert!(!needs_admin("User.ReadBasic.All"));
    }

    #[test]
    fn a_sign_in_asks_for_the_base_and_each_scope_once() {
        assert_eq!(request_scopes(&Feature::DEFAULT, None), ["openid", "profile", "offline_access", "User.Read", "Calendars.Read"]);
        let given = ["user.read".to_owned(), "Mail.Send".to_owned()];
        assert_eq!(request_scopes(&Feature::DEFAULT, Some(&given)), ["openid", "profile", "offline_access", "User.Read", "Mail.Send"]);
    }

    #[test]
    fn broad_scopes_include_narrow_ones_and_no_others() {
        for (broad, narrow, expected) in [
            ("Calendars.ReadWrite", "Calendars.Read", true),
            ("Calendars.Read", "Calendars.ReadWrite", false),
            ("https://graph.microsoft.com/Calendars.Read", "calendars.read", true),
            ("Calendars.ReadWrite.Shared", "Calendars.Read.Shared", true),
            ("Calendars.Read.Shared", "Calendars.Read", false),
            ("Calendars.ReadWrite", "Calendars.Read.Shared", false),
            ("User.Read.All", "User.ReadBasic.All", true),
            ("User.Read.All", "User.Read", true),
            ("User.Read", "User.ReadBasic.All", false),
            ("Group.Read.All", "GroupMember.Read.All", true),
            ("Mail.ReadWrite", "Mail.Send", false),
            ("Mail.Read", "MailboxSettings.Read", false),
        ] {
            assert_eq!(covers(broad, narrow), expected, "{broad} and {narrow}");
        }
    }

    #[test]
    fn missing_names_what_nothing_granted_includes() {
        let granted = ["User.Read".to_owned(), "Calendars.ReadWrite".to_owned()];
        let wanted = ["openid", "Calendars.Read", "Calendars.Read.Shared", "People.Read"].map(str::to_owned);
        assert_eq!(missing(&wanted, &granted), ["Calendars.Read.Shared", "People.Read"]);
    }

    #[test]
    fn names_lead_back_to_their_feature() {
        assert!(Feature::ALL.iter().all(|feature| Feature::from_name(feature.name()) == Some(*feature)));
        assert_eq!(Feature::from_name("calendars"), None);
    }
}
