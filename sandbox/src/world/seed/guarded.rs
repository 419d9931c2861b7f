//! Accounts whose organizations make conditions: people with a rule, a guest, and a directory in which only administrators consent. Owns these;
//! they are built last, so that nobody else's ids and calendars depend on them.

use super::{
    super::{User, ids, sign_in::SignInRule},
    Builder, CONTOSO, FABRIKAM, LITWARE,
};

/// Fabrikam's Conditional Access, person by person: (name, account, rule).
const RULES: [(&str, &str, SignInRule); 8] = [
    ("Patti Fernandez", "pattif", SignInRule::NotAssigned),
    ("Enrico Cattaneo", "enricoc", SignInRule::Disabled),
    ("Pradeep Gupta", "pradeepg", SignInRule::MultiFactor),
    ("Lidia Holloway", "lidiah", SignInRule::ExternalChallenge),
    ("Joni Sherman", "jonis", SignInRule::NonCompliantDevice),
    ("Grady Archie", "gradya", SignInRule::NotJoinedDevice),
    ("Henrietta Mueller", "henriettam", SignInRule::UnapprovedApp),
    ("Miriam Graham", "miriamg", SignInRule::Blocked),
];
/// Fabrikam's partner manager who is a guest at Contoso.
const GUEST: &str = "lynner@fabrikam.onmicrosoft.com";

impl Builder {
    pub(super) fn guarded_accounts(&mut self) {
        for (name, account, rule) in RULES {
            self.person(name, account, FABRIKAM, "Partner Manager", "Partners", "Romance Standard Time");
            if let Some(user) = self.world.user_mut(&format!("{account}@{FABRIKAM}")) {
                user.rule = Some(rule);
            }
        }
        for (name, account, admin) in [("Cameron White", "cameronw", true), ("Ben Walters", "benw", false)] {
            self.person(name, account, LITWARE, "Consultant", "Consulting", "Romance Standard Time");
            if let Some(user) = self.world.user_mut(&format!("{account}@{LITWARE}")) {
                user.admin = admin;
            }
        }
        let Some(home) = self.world.user(GUEST).cloned() else { return };
        // The form of a guest's principal name; there is no mailbox behind it.
        let principal = format!("{}#EXT#@{CONTOSO}", GUEST.replace('@', "_"));
        self.world.add_user(User {
            id: ids::guid(&principal),
            tenant_id: ids::guid(CONTOSO),
            user_principal_name: principal,
            guest_of: Some(home.user_principal_name.clone()),
            admin: false,
            manager: None,
            ..home
        });
    }
}
