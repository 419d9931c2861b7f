//! The one public error. Owns its codes and what each means for a person; leaves the making of errors to the module where they happen.

use std::{fmt, time::Duration};

/// Why something failed, in the words of the npm module's contract (`ErrorCode` there, in kebab case).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The caller gave up.
    Aborted,
    /// The browser says that there is no network.
    Offline,
    /// The request got no readable answer: no route, no CORS header, a connection cut.
    Network,
    /// No answer in time.
    Timeout,
    /// The token was refused, also a fresh one.
    Unauthorized,
    /// Signed in, but not allowed.
    Forbidden,
    /// The person has to agree to a permission first.
    ConsentRequired,
    /// An administrator has to agree first.
    AdminConsentRequired,
    /// The organization asks for more proof (continuous access evaluation).
    ClaimsChallenge,
    /// No token without the person.
    InteractionRequired,
    /// A sign-in is already under way.
    InteractionInProgress,
    /// The browser did not open the sign-in window.
    PopupBlocked,
    /// The person declined or closed.
    UserCancelled,
    /// An answer that belongs to no request of this tab.
    StateMismatch,
    /// An id token that was made for another request.
    NonceMismatch,
    /// The sign-in has ended, by age or by the organization.
    SessionExpired,
    /// The configuration or the registration is wrong.
    Configuration,
    /// It is not there (any more).
    NotFound,
    /// It exists already, or changed in a way that does not merge.
    Conflict,
    /// It changed since it was read.
    PreconditionFailed,
    /// A link or delta token is too old.
    Gone,
    /// Too many requests.
    Throttled,
    /// The service is down for the moment.
    Unavailable,
    /// What was asked makes no sense; the message names the field.
    InvalidRequest,
    /// What was answered makes no sense.
    InvalidResponse,
    /// Personal accounts lack it.
    UnsupportedAccount,
    /// Over a size limit.
    TooLarge,
    /// A host that must not get the token.
    HostNotAllowed,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 28] = [
        Self::Aborted,
        Self::Offline,
        Self::Network,
        Self::Timeout,
        Self::Unauthorized,
        Self::Forbidden,
        Self::ConsentRequired,
        Self::AdminConsentRequired,
        Self::ClaimsChallenge,
        Self::InteractionRequired,
        Self::InteractionInProgress,
        Self::PopupBlocked,
        Self::UserCancelled,
        Self::StateMismatch,
        Self::NonceMismatch,
        Self::SessionExpired,
        Self::Configuration,
        Self::NotFound,
        Self::Conflict,
        Self::PreconditionFailed,
        Self::Gone,
        Self::Throttled,
        Self::Unavailable,
        Self::InvalidRequest,
        Self::InvalidResponse,
        Self::UnsupportedAccount,
        Self::TooLarge,
        Self::HostNotAllowed,
    ];

    /// Reads a code as JavaScript sees it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// The code as JavaScript sees it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aborted => "aborted",
            Self::Offline => "offline",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::ConsentRequired => "consent-required",
            Self::AdminConsentRequired => "admin-consent-required",
            Self::ClaimsChallenge => "claims-challenge",
            Self::InteractionRequired => "interaction-required",
            Self::InteractionInProgress => "interaction-in-progress",
            Self::PopupBlocked => "popup-blocked",
            Self::UserCancelled => "user-cancelled",
            Self::StateMismatch => "state-mismatch",
            Self::NonceMismatch => "nonce-mismatch",
            Self::SessionExpired => "session-expired",
            Self::Configuration => "configuration",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::PreconditionFailed => "precondition-failed",
            Self::Gone => "gone",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::InvalidRequest => "invalid-request",
            Self::InvalidResponse => "invalid-response",
            Self::UnsupportedAccount => "unsupported-account",
            Self::TooLarge => "too-large",
            Self::HostNotAllowed => "host-not-allowed",
        }
    }
}

/// A failure: what happened, and what the person or the developer can do about it. Never holds a token, code or verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    code: ErrorCode,
    message: String,
    details: Box<Details>,
}

/// What a server said beside its refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Graph's most specific `error.code`, or Entra's `error`.
    pub graph_code: Option<String>,
    /// The number in `AADSTS50011`.
    pub aadsts: Option<u32>,
    /// The `request-id` that Microsoft's support asks for.
    pub request_id: Option<String>,
    /// How long the server asked to wait.
    pub retry_after: Option<Duration>,
    /// Claims to pass on to the next sign-in, decoded JSON.
    pub claims: Option<String>,
    /// Scopes that have to be agreed to first.
    pub scopes: Vec<String>,
    /// The event that a `transactionId` has made before (Graph's `@event.existingEventId`).
    pub existing_id: Option<String>,
    /// Where the server says to start over (`Location` beside 410), unchecked.
    pub location: Option<String>,
    /// What to do, where it is more exact than what the code alone can say.
    pub advice: Option<String>,
}

impl Error {
    /// An error with one sentence that says what happened.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Box::default() }
    }

    /// The same with what the server said.
    #[must_use]
    pub fn with(mut self, details: Details) -> Self {
        *self.details = details;
        self
    }

    /// Why.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// What happened, one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the server said beside it.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Whether the same again, unchanged, may succeed.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(
            self.code,
            ErrorCode::Offline
                | ErrorCode::Network
                | ErrorCode::Timeout
                | ErrorCode::Throttled
                | ErrorCode::Unavailable
                | ErrorCode::InvalidResponse
        )
    }

    /// Whether only a new sign-in helps.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        matches!(
            self.code,
            ErrorCode::SessionExpired
                | ErrorCode::InteractionRequired
                | ErrorCode::Unauthorized
                | ErrorCode::ClaimsChallenge
                | ErrorCode::ConsentRequired
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
