//! Tests of the permissions' linter.

use super::*;

fn lint(scopes: &[&str], features: Option<&[Feature]>, account_type: Option<AccountType>) -> Vec<(String, Problem, Option<&'static str>)> {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let findings = lint_scopes(&scopes, features, account_type.as_ref());
    findings.into_iter().map(|finding| (finding.scope, finding.problem, finding.suggestion)).collect()
}

fn suggestion(scope: &str) -> Option<&'static str> {
    match lint(&[scope], None, None)[..] {
        [(_, Problem::Unknown, suggestion)] => suggestion,
        ref other => panic!("{scope}: {other:?}"),
    }
}

#[test]
fn misspelt_names_lead_to_what_was_meant() {
    for (said, meant) in [
        ("Groups.Read.All", "Group.Read.All"),
        ("File.Read", "Files.Read"),
        ("Calendar.Read", "Calendars.Read"),
        ("calendar.readwrite", "Calendars.ReadWrite"),
        ("Calendars.Write", "Calendars.ReadWrite"),
        ("Calendars.Read.All", "Calendars.Read"),
        ("Calendars.ReadWrite.Share", "Calendars.ReadWrite.Shared"),
        ("Events.Read", "Calendars.Read"),
        ("Rooms.Read.All", "Place.Read.All"),
        ("Places.Read.All", "Place.Read.All"),
        ("User.ReadBasic", "User.ReadBasic.All"),
        ("UserReadAll", "User.Read.All"),
        ("user-read", "User.Read"),
        ("offline-access", "offline_access"),
        ("Mail.Sent", "Mail.Send"),
        ("MailBoxSetting.Read", "MailboxSettings.Read"),
        ("https://graph.microsoft.com/People.Reed", "People.Read"),
        ("Tasks.Reed", "Tasks.Read"),
    ] {
        assert_eq!(suggestion(said), Some(meant), "{said}");
    }
    let long = "Calendars.Read".repeat(50);
    for said in ["Telepathy.Read", "Read", "", ".", "Kalender.Lesen", "Calendars.Delete", "Ünknown.Read", long.as_str()] {
        assert_eq!(suggestion(said), None, "{said}");
    }
}

#[test]
fn what_features_need_is_never_reported_to_them() {
    for feature in Feature::ALL {
        for with in Feature::ALL {
            let features = [feature, with];
            let scopes: Vec<&str> = scopes_for(&features).iter().map(|need| need.scope).collect();
            assert_eq!(lint(&scopes, Some(&features), Some(AccountType::Common)), [], "{features:?}");
            let known = lint(&scopes, None, Some(AccountType::Organizations));
            assert_eq!(known, [], "{features:?}");
        }
    }
    assert_eq!(lint(&["openid", "profile", "offline_access", "email", "User.Read"], Some(&[]), None), []);
    assert_eq!(lint(&["https://graph.microsoft.com/.default", "api://mine/Read.Things", "https://vault.example/x"], None, None), []);
}

#[test]
fn what_goes_beyond_the_features_is_broader_than_needed() {
    use Feature::*;
    for (scope, features, instead) in [
        ("Calendars.ReadWrite", &[CalendarRead][..], Some("Calendars.Read")),
        ("User.ReadWrite.All", &[Users], Some("User.ReadBasic.All")),
        ("User.Read.All", &[Users], Some("User.ReadBasic.All")),
        ("Directory.Read.All", &[Users], Some("User.ReadBasic.All")),
        ("Directory.ReadWrite.All", &[Groups], Some("GroupMember.Read.All")),
        ("Group.ReadWrite.All", &[Groups], Some("GroupMember.Read.All")),
        ("Group.Read.All", &[Groups], Some("GroupMember.Read.All")),
        ("Files.ReadWrite.All", &[Files], Some("Files.Read")),
        ("Tasks.ReadWrite", &[CalendarRead], None),
        ("Application.Read.All", &[Users], None),
    ] {
        let expected = (scope.to_owned(), Problem::BroaderThanNeeded, instead);
        assert_eq!(lint(&[scope], Some(features), Some(AccountType::Organizations)), [expected], "{scope}");
    }
    assert_eq!(lint(&["Group.Read.All"], Some(&[Groups, CalendarRead]), None), [], "group calendars need it");
    assert_eq!(lint(&["Calendars.Read"], Some(&[CalendarWrite]), None), [], "less than needed is not more");
}

#[test]
fn without_features_only_what_none_could_need_is_too_broad() {
    let organizations = Some(AccountType::Organizations);
    for scope in ["User.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Application.ReadWrite.All"]
    {
        let findings = lint(&[scope], None, organizations.clone());
        assert!(matches!(findings[..], [(_, Problem::BroaderThanNeeded, _)]), "{scope}: {findings:?}");
    }
    assert_eq!(lint(&["Tasks.Read", "Tasks.ReadWrite", "Presence.Read.All", "User.Read.All"], None, organizations), []);
}

#[test]
fn what_personal_accounts_lack_is_reported_where_they_may_sign_in() {
    let place = |account_type| lint(&["Place.Read.All"], None, account_type);
    let expected = [("Place.Read.All".to_owned(), Problem::NotForPersonal, None)];
    assert_eq!(place(None), expected);
    assert_eq!(place(Some(AccountType::Common)), expected);
    assert_eq!(place(Some(AccountType::Consumers)), expected);
    assert_eq!(place(Some(AccountType::Organizations)), []);
    assert_eq!(place(Some(AccountType::Tenant("contoso.com".into()))), []);
    assert_eq!(lint(&["Calendars.ReadWrite", "Mail.Send", "Files.Read"], None, None), []);
}

#[test]
fn what_only_applications_have_is_said() {
    assert_eq!(
        lint(&["Calendars.ReadBasic.All", "tasks.read.all", "Group.Create"], None, None),
        [
            ("Calendars.ReadBasic.All".to_owned(), Problem::ApplicationOnly, Some("Calendars.Read")),
            ("tasks.read.all".to_owned(), Problem::ApplicationOnly, Some("Tasks.Read")),
            ("Group.Create".to_owned(), Problem::ApplicationOnly, None),
        ]
    );
}

#[test]
fn the_tables_hold_each_name_once() {
    let mut names: Vec<&str> = delegated().chain(APPLICATION_ONLY.iter().map(|(name, _)| *name)).chain(PROTOCOL).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(ORGANIZATION_WIDE.iter().all(|(broad, instead)| {
        let known = |name: &str| delegated().any(|delegated| delegated == name);
        known(broad) && instead.is_none_or(known)
    }));
    let needed = scopes_for(&Feature::ALL);
    assert!(needed.iter().all(|need| delegated().any(|known| known == need.scope)), "the linter knows what is asked for");
}
