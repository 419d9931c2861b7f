//! Entra's error numbers. Owns which help a number leads to and what can be done; leaves the sentences to the interface, which finds them
//! by [`Help::key`]. Nothing else branches on a number: Microsoft changes them ("Microsoft Entra authentication and authorization error
//! codes": handle `error`, not the code).

/// What to tell and offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    /// The key of the sentences in the table of strings.
    pub key: &'static str,
    /// What can be done.
    pub action: Action,
}

/// What can be done, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing went wrong: there was simply no session. Show "Sign in".
    SignIn,
    /// Go on to the sign-in page, with the claims that were asked for.
    Continue,
    /// Ask for the missing permissions again.
    Consent,
    /// Copy the link for an administrator.
    AdminConsent,
    /// Try again.
    TryAgain,
    /// Sign in again; what was typed is kept.
    SignInAgain,
    /// Choose another account.
    OtherAccount,
    /// Ask the organization's administrator.
    AskAdministrator,
    /// Copy the details for the organization's IT.
    CopyDetails,
    /// Wait some minutes; nothing is tried automatically.
    Wait,
    /// The developer has to correct the registration or the configuration.
    Mend(Setting),
}

/// What a developer has to correct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The application (client) ID, or the tenant that it is looked for in.
    ClientId,
    /// The redirect URI, which must be registered letter by letter.
    RedirectUri,
    /// The redirect URI's platform, which must be "Single-page application".
    Platform,
    /// The account type here, or the supported account types of the registration.
    AccountType,
    /// The permissions of the registration.
    Permissions,
}

impl Setting {
    /// Its name for the table of strings.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ClientId => "setting.client-id",
            Self::RedirectUri => "setting.redirect-uri",
            Self::Platform => "setting.platform",
            Self::AccountType => "setting.account-type",
            Self::Permissions => "setting.permissions",
        }
    }
}

const TABLE: [(&[u32], &str, Action); 18] = [
    (&[50058, 50059, 160_021], "aadsts.no-session", Action::SignIn),
    (&[50072, 50074, 50076, 50078, 50079], "aadsts.verification", Action::Continue),
    (&[65001], "aadsts.consent", Action::Consent),
    (&[90094], "aadsts.admin-consent", Action::AdminConsent),
    (&[65004], "aadsts.declined", Action::TryAgain),
    (&[50089, 50132, 50133, 50173, 70008, 70043, 700_082, 700_084], "aadsts.ended", Action::SignInAgain),
    (&[50105], "aadsts.unassigned", Action::AskAdministrator),
    (&[16000, 50014, 50020, 50034, 51004, 500_208], "aadsts.other-account", Action::OtherAccount),
    (&[50194], "aadsts.single-tenant", Action::Mend(Setting::AccountType)),
    (&[700_016], "aadsts.unknown-client", Action::Mend(Setting::ClientId)),
    (&[50011], "aadsts.redirect-uri", Action::Mend(Setting::RedirectUri)),
    (&[700_054, 7_000_218, 9_002_326, 9_002_327], "aadsts.platform", Action::Mend(Setting::Platform)),
    (&[65005, 70011, 650_057, 700_011], "aadsts.permissions", Action::Mend(Setting::Permissions)),
    (&[50005, 50097, 50131, 53000, 53001, 53002, 53003, 530_035], "aadsts.blocked", Action::CopyDetails),
    (&[50053, 50055, 50057, 50126], "aadsts.unfinished", Action::TryAgain),
    (&[50196], "aadsts.too-many", Action::Wait),
    (&[40010, 50033, 50087], "aadsts.busy", Action::TryAgain),
    (&[54005, 70000, 501_481], "aadsts.used", Action::TryAgain),
];

const TENANT_RESTRICTIONS: (&[u32], &str, Action) =
    (&[500_021, 500_022, 500_212, 500_213], "aadsts.tenant-restricted", Action::AskAdministrator);

/// What a number means for a person. One that is not known leads to a general sentence and to copying the details.
#[must_use]
pub fn help(number: u32) -> Help {
    let known = TABLE.iter().chain([&TENANT_RESTRICTIONS]).find(|(numbers, _, _)| numbers.contains(&number));
    match known {
        Some((_, key, action)) => Help { key, action: *action },
        None => Help { key: "aadsts.unknown", action: Action::CopyDetails },
    }
}

/// Every key that [`help`] can give, for the tables of strings to be checked against.
pub fn keys() -> impl Iterator<Item = &'static str> {
    TABLE.iter().chain([&TENANT_RESTRICTIONS]).map(|(_, key, _)| *key).chain(["aadsts.unknown"])
}

/// The first number in a text of Entra's, such as `AADSTS50011: The redirect URI …`, or in what a person pastes: with or without the word.
#[must_use]
pub fn find_number(text: &str) -> Option<u32> {
    let after = match text.split_once("AADSTS") {
        Some((_, after)) => after,
        None => text.trim(),
    };
    let end = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
    after.get(..end).filter(|digits| (5..=9).contains(&digits.len()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_to_help() {
        for (number, key, action) in [
            (50058, "aadsts.no-session", Action::SignIn),
            (50076, "aadsts.verification", Action::Continue),
            (65001, "aadsts.consent", Action::Consent),
            (90094, "aadsts.admin-consent", Action::AdminConsent),
            (700_084, "aadsts.ended", Action::SignInAgain),
            (50020, "aadsts.other-account", Action::OtherAccount),
            (50011, "aadsts.redirect-uri", Action::Mend(Setting::RedirectUri)),
            (9_002_326, "aadsts.platform", Action::Mend(Setting::Platform)),
            (500_213, "aadsts.tenant-restricted", Action::AskAdministrator),
            (1, "aadsts.unknown", Action::CopyDetails),
        ] {
            assert_eq!(help(number), Help { key, action }, "{number}");
        }
    }

    #[test]
    fn no_number_stands_in_two_rows() {
        let mut numbers: Vec<u32> =
            TABLE.iter().chain([&TENANT_RESTRICTIONS]).flat_map(|(numbers, _, _)| numbers.iter().copied()).collect();
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), count);
    }

    #[test]
    fn numbers_are_found_in_what_people_paste() {
        for (text, expected) in [
            ("AADSTS50011: The redirect URI 'x' specified…", Some(50011)),
            ("Sorry, but we're having trouble. AADSTS700016", Some(700_016)),
            (" 90094 ", Some(90094)),
            ("AADSTS", None),
            ("12", None),
            ("99999999999999", None),
            ("", None),
        ] {
            assert_eq!(find_number(text), expected, "{text}");
        }
    }
}
