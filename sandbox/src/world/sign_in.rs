//! What an organization demands of somebody who signs in. Owns the rules by name; leaves what Entra ID says about them to `identity`.

use serde::{Deserialize, Serialize};

/// A rule about one account. People without one sign in by name, and by password where they have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignInRule {
    /// The account is not assigned to applications (AADSTS50105).
    NotAssigned,
    /// The account is disabled (AADSTS50057).
    Disabled,
    /// A second factor is demanded, and given on a page of its own (AADSTS50076 where nobody can be asked).
    MultiFactor,
    /// Another provider demands more proof, which is given on a page too (AADSTS50158).
    ExternalChallenge,
    /// The device is not compliant (AADSTS53000).
    NonCompliantDevice,
    /// The device is not joined to the domain (AADSTS53001).
    NotJoinedDevice,
    /// The application is not an approved one (AADSTS53002).
    UnapprovedApp,
    /// Conditional Access blocks the account (AADSTS53003).
    Blocked,
}

impl SignInRule {
    /// Whether the person can do something about it at sign-in.
    #[must_use]
    pub fn can_be_met(self) -> bool {
        matches!(self, Self::MultiFactor | Self::ExternalChallenge)
    }
}
