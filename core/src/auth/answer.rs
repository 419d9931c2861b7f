//! The answer that a provider leaves in the page's address. Owns recognising it, taking it apart and what the address is without it;
//! leaves whether it answers a request of ours to the state machine.

use super::Secret;

/// An authorization response (RFC 6749 §4.1.2), not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which request it claims to answer.
    pub state: Option<String>,
    /// Who claims to have sent it (RFC 9207).
    pub issuer: Option<String>,
    /// What it says.
    pub outcome: Outcome,
}

/// What an authorization response says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A code, to be redeemed once.
    Code(Secret),
    /// A refusal.
    Refused {
        /// `error`.
        error: String,
        /// `error_description`, as sent: foreign text.
        description: String,
    },
    /// Neither.
    Nothing,
}
