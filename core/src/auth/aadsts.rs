//! Entra's error numbers. Owns which help a number leads to and what can be done; leaves the sentences to the interface, one for each
//! [`Topic`]. Nothing else branches on a number: Microsoft changes them ("Microsoft Entra authentication and authorization error codes":
//! handle `error`, not the code).

/// What to tell and offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Help {
    /// What happened.
    pub topic: Topic,
    /// What can be done.
    pub action: Action,
}

/// What happened, as far as it makes a difference to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Nothing: there was simply no session.
    NoSession,
    /// A further step of verification is asked for.
    Verification,
    /// The person has not agreed to a permission yet.
    Consent,
    /// Only an administrator can agree.
    AdminConsent,
    /// The person declined.
    Declined,
    /// The session is over.
    Ended,
    /// The person is not assigned to the application.
    Unassigned,
    /// The account is of the wrong kind or directory.
    OtherAccount,
    /// One directory's application was asked for through the door for all.
    SingleTenant,
    /// Nobody knows the application here.
    UnknownClient,
    /// Nobody knows the directory.
    UnknownTenant,
    /// The redirect URI is not registered.
    RedirectUri,
    /// The redirect URI is registered for another platform.
    Platform,
    /// A permission does not exist or is not registered.
    Permissions,
    /// The organization's rules forbid this device or place.
    Blocked,
    /// The sign-in page had something to say about the password or the account.
    Unfinished,
    /// Too many tries.
    TooMany,
    /// Microsoft's sign-in is not well.
    Busy,
    /// The answer was used before or came too late.
    Used,
    /// The network or the organization lets nobody into this directory.
    TenantRestricted,
    /// A number that the table does not have.
    Unknown,
}

/// What can be done, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing went wrong: show "Sign in".
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

/// Sources: Microsoft's published list of error codes; 90094, 90095, 700016, 7000218 and 9002326 besides from public reports.
static TABLE: [(&[u32], Topic, Action); 20] = [
    (&[50058, 50059, 160_021], Topic::NoSession, Action::SignIn),
    (&[50072, 50074, 50076, 50078, 50079], Topic::Verification, Action::Continue),
    (&[65001], Topic::Consent, Action::Consent),
    (&[90094, 90095], Topic::AdminConsent, Action::AdminConsent),
    (&[65004], Topic::Declined, Action::TryAgain),
    (&[50089, 50132, 50133, 50173, 70008, 70043, 700_082, 700_084], Topic::Ended, Action::SignInAgain),
    (&[50105], Topic::Unassigned, Action::AskAdministrator),
    (&[16000, 50014, 50020, 50034, 51004, 500_208], Topic::OtherAccount, Action::OtherAccount),
    (&[50194], Topic::SingleTenant, Action::Mend(Setting::AccountType)),
    (&[90002, 900_023], Topic::UnknownTenant, Action::Mend(Setting::AccountType)),
    (&[700_011, 700_016], Topic::UnknownClient, Action::Mend(Setting::ClientId)),
    (&[50011, 900_971], Topic::RedirectUri, Action::Mend(Setting::RedirectUri)),
    (&[700_054, 7_000_218, 9_002_326, 9_002_327], Topic::Platform, Action::Mend(Setting::Platform)),
    (&[65005, 70011, 500_011, 650_053, 650_057], Topic::Permissions, Action::Mend(Setting::Permissions)),
    (&[50005, 50097, 50131, 53000, 53001, 53002, 53003, 530_035], Topic::Blocked, Action::CopyDetails),
    (&[50053, 50055, 50057, 50126], Topic::Unfinished, Action::TryAgain),
    (&[50196], Topic::TooMany, Action::Wait),
    (&[40010, 50033, 50087, 90033], Topic::Busy, Action::TryAgain),
    (&[54005, 70000, 501_481], Topic::Used, Action::TryAgain),
    (&[500_021, 500_022, 500_212, 500_213], Topic::TenantRestricted, Action::AskAdministrator),
];

/// What a number means for a person. One that is not known leads to a general sentence and to copying the details.
#[must_use]
pub fn help(number: u32) -> Help {
    match TABLE.iter().find(|(numbers, _, _)| numbers.contains(&number)) {
        Some((_, topic, action)) => Help { topic: *topic, action: *action },
        None => Help { topic: Topic::Unknown, action: Action::CopyDetails },
    }
}

/// Every number of the table, for the interface's texts to be checked against.
pub fn numbers() -> impl Iterator<Item = u32> {
    TABLE.iter().flat_map(|(numbers, _, _)| numbers.iter().copied())
}

/// More of what somebody pastes is not looked through.
const LONGEST_PASTE: usize = 20_000;

/// The first number in a text of Entra's, such as `AADSTS50011: The redirect URI …`, or in what a person pastes: the number alone, or a
/// whole page of text that holds it somewhere.
#[must_use]
pub fn find_number(text: &str) -> Option<u32> {
    let text = text.get(..text.floor_char_boundary(LONGEST_PASTE)).unwrap_or_default();
    // `AADSTS` is ASCII, so its place is the same in both cases.
    let upper = text.to_ascii_uppercase();
    let after = match upper.split_once("AADSTS") {
        Some((_, after)) => after.trim_start_matches([' ', ':', '-', '#']),
        None => upper.trim(),
    };
    let end = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
    after.get(..end).filter(|digits| (5..=9).contains(&digits.len()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the security requirements, row by row.
    #[test]
    fn every_number_of_the_requirements_has_its_help() {
        let rows: [(&[u32], Topic, Action); 18] = [
            (&[50058, 50059, 160_021], Topic::NoSession, Action::SignIn),
            (&[50076, 50078, 50079, 50072, 50074], Topic::Verification, Action::Continue),
            (&[65001], Topic::Consent, Action::Consent),
            (&[90094], Topic::AdminConsent, Action::AdminConsent),
            (&[65004], Topic::Declined, Action::TryAgain),
            (&[700_082, 700_084, 70008, 50173, 50132, 50133, 50089, 70043], Topic::Ended, Action::SignInAgain),
            (&[50105], Topic::Unassigned, Action::AskAdministrator),
            (&[50020, 50034, 16000, 50014, 51004, 500_208], Topic::OtherAccount, Action::OtherAccount),
            (&[50194], Topic::SingleTenant, Action::Mend(Setting::AccountType)),
            (&[50011], Topic::RedirectUri, Action::Mend(Setting::RedirectUri)),
            (&[9_002_326, 700_054, 7_000_218], Topic::Platform, Action::Mend(Setting::Platform)),
            (&[70011, 650_057, 65005], Topic::Permissions, Action::Mend(Setting::Permissions)),
            (&[700_011, 700_016], Topic::UnknownClient, Action::Mend(Setting::ClientId)),
            (&[53000, 53001, 53003, 53002, 50005, 50097, 50131, 530_035], Topic::Blocked, Action::CopyDetails),
            (&[50053, 50126, 50055, 50057], Topic::Unfinished, Action::TryAgain),
            (&[50196], Topic::TooMany, Action::Wait),
            (&[50033, 50087, 40010], Topic::Busy, Action::TryAgain),
            (&[501_481, 54005], Topic::Used, Action::TryAgain),
        ];
        for (numbers, topic, action) in rows {
            for number in numbers {
                assert_eq!(help(*number), Help { topic, action }, "{number}");
            }
        }
        for number in [500_021, 500_022, 500_212, 500_213] {
            assert_eq!(help(number), Help { topic: Topic::TenantRestricted, action: Action::AskAdministrator }, "{number}");
        }
        assert_eq!(help(1), Help { topic: Topic::Unknown, action: Action::CopyDetails });
    }

    #[test]
    fn no_number_stands_in_two_rows() {
        let mut all: Vec<u32> = numbers().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn numbers_are_found_in_what_people_paste() {
        let page = ["Sign in\nSorry, but we’re having trouble signing you in.\n\nAADSTS50105: Your administrator …\n", &"x".repeat(99_999)]
            .concat();
        for (text, expected) in [
            ("AADSTS50011: The redirect URI 'x' specified…", Some(50011)),
            ("Sorry, but we're having trouble. AADSTS700016", Some(700_016)),
            ("aadsts 50011", Some(50011)),
            ("AADSTS: 90094", Some(90094)),
            (" 90094 ", Some(90094)),
            ("90094: Need admin approval", Some(90094)),
            (page.as_str(), Some(50105)),
            ("ſAADSTS50011", Some(50011)),
            ("AADSTS", None),
            ("12", None),
            ("99999999999999", None),
            ("Need admin approval", None),
            ("", None),
        ] {
            assert_eq!(find_number(text), expected, "{}", &text[..text.len().min(40)]);
        }
        let far = [" ".repeat(LONGEST_PASTE).as_str(), "AADSTS50011"].concat();
        assert_eq!(find_number(&far), None, "what is too long is not searched to its end");
    }
}
