//! The answer that a provider leaves in the page's address. Owns recognising it, taking it apart and what the address is without it;
//! leaves whether it answers a request of ours to the state machine.

use super::Secret;
use oauth2::url::{Url, form_urlencoded};

/// An authorization response (RFC 6749 §4.1.2), not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which request it claims to answer.
    pub state: Option<Secret>,
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
        /// `error_subcode`, with which Entra tells "Cancel" from other refusals.
        subcode: Option<String>,
    },
}

/// An address that holds something of a provider's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// What may be an answer to a request of ours. None where there is nothing to answer with: a token in the address (the implicit
    /// grant, which is never used) or a code without a state.
    pub answer: Option<Answer>,
    /// The address without it.
    pub clean: String,
}

/// The parameters that an authorization response may carry: RFC 6749 §4.1.2 and §4.2.2, OpenID Connect Core 1.0 §3.2.2.5, OpenID Connect
/// Session Management 1.0 §3, RFC 9207 §2, and Entra's own.
const PARAMETERS: [&str; 17] = [
    "code",
    "state",
    "session_state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "error_subcode",
    "client_info",
    "cloud_instance_host_name",
    "access_token",
    "id_token",
    "token_type",
    "expires_in",
    "scope",
    "admin_consent",
    "tenant",
];

/// Looks for an answer in the page's whole address. None where there is nothing of a provider's in it.
///
/// A fragment that holds a code, a token or an error is a provider's as a whole. In a query, which the page may use for itself, only a code
/// or error together with a state is, and of it only the parameters that providers send.
#[must_use]
pub fn find(address: &str) -> Option<Landing> {
    let mut url = Url::parse(address).ok()?;
    let fragment = url.fragment().and_then(|fragment| Parameters::read(fragment).filter(Parameters::is_from_provider));
    let query = url.query().and_then(|query| Parameters::read(query).filter(|query| query.is_answer() || query.is_consent()));
    if fragment.is_none() && query.is_none() {
        return None;
    }
    if fragment.is_some() {
        url.set_fragment(None);
    }
    if query.is_some() {
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !PARAMETERS.contains(&name.as_ref()))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    Some(Landing { answer: fragment.and_then(Parameters::answer).or_else(|| query.and_then(Parameters::answer)), clean: url.into() })
}

impl Answer {
    /// The channel on which the page that opened this window awaits the answer; none where this page is to take it itself.
    #[must_use]
    pub fn channel(&self) -> Option<&str> {
        self.state.as_ref().and_then(channel)
    }

    /// The answer as the fragment that it came in, to be handed to the page that awaits it.
    #[must_use]
    pub fn to_fragment(&self) -> String {
        let mut fragment = form_urlencoded::Serializer::new(String::from("#"));
        let mut put = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                fragment.append_pair(name, value);
            }
        };
        put("state", self.state.as_ref().map(Secret::expose));
        put("iss", self.issuer.as_deref());
        match &self.outcome {
            Outcome::Code(code) => put("code", Some(code.expose())),
            Outcome::Refused { error, description, subcode } => {
                put("error", Some(error));
                put("error_description", Some(description));
                put("error_subcode", subcode.as_deref());
            }
        }
        fragment.finish()
    }

    /// Reads what a sign-in window handed over: the fragment or query that the provider sent it.
    #[must_use]
    pub fn from_window(text: &str) -> Option<Self> {
        let text = text.strip_prefix(['#', '?'])?;
        Parameters::read(text).and_then(Parameters::answer)
    }
}

/// The part of a window's state that names its channel. Both parts are 256 bits in base64url, so nothing else is taken for one.
pub(crate) fn channel(state: &Secret) -> Option<&str> {
    let is_secret = |part: &str| part.len() == 43 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let (proof, channel) = state.expose().split_once('.')?;
    (is_secret(proof) && is_secret(channel)).then_some(channel)
}

/// The parameters of one answer. Of one that is there twice neither counts (RFC 6749 §3.1).
struct Parameters(Vec<(String, Option<String>)>);

impl Parameters {
    fn read(text: &str) -> Option<Self> {
        let mut parameters: Vec<(String, Option<String>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match parameters.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = None,
                None => parameters.push((name.into(), Some(value.into()))),
            }
        }
        (!parameters.is_empty()).then_some(Self(parameters))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        self.0.iter_mut().find(|(known, _)| known == name).and_then(|(_, value)| value.take()).filter(|value| !value.is_empty())
    }

    /// What comes back from an administrator's consent says nothing that the next token does not say better.
    fn is_consent(&self) -> bool {
        self.has("admin_consent") && self.has("tenant")
    }

    fn is_answer(&self) -> bool {
        self.has("state") && (self.has("code") || self.has("error"))
    }

    fn is_from_provider(&self) -> bool {
        self.is_answer() || ["code", "access_token", "id_token"].iter().any(|name| self.has(name))
    }

    fn answer(mut self) -> Option<Answer> {
        // A code without a state answers nobody's request, and whoever awaits an answer is told so.
        if !self.is_answer() && !self.has("code") {
            return None;
        }
        let outcome = match (self.take("error"), self.take("code")) {
            (None, Some(code)) => Outcome::Code(Secret::new(code)),
            // Both at once, or one of them twice: refused, whatever else it says.
            (error, _) => Outcome::Refused {
                error: error.unwrap_or_else(|| "invalid_response".to_owned()),
                description: self.take("error_description").unwrap_or_default(),
                subcode: self.take("error_subcode"),
            },
        };
        Some(Answer { state: self.take("state").map(Secret::new), issuer: self.take("iss"), outcome })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    const PAGE: &str = "https://app.example/plan";

    fn answered(rest: &str) -> (Option<Answer>, String) {
        let landing = find(&[PAGE, rest].concat()).unwrap();
        (landing.answer, landing.clean)
    }

    fn code(code: &str) -> Outcome {
        Outcome::Code(Secret::new(code))
    }

    #[test]
    fn a_code_is_found_in_fragment_and_query_and_leaves_no_trace() {
        let (answer, clean) = answered("?view=week#code=a%2Bb&state=s&session_state=x");
        assert_eq!(answer.unwrap(), Answer { state: Some(Secret::new("s")), issuer: None, outcome: code("a+b") });
        assert_eq!(clean, "https://app.example/plan?view=week");

        let (answer, clean) = answered("?view=week&code=c&state=s&iss=https%3A%2F%2Fid.example#/calendar");
        assert_eq!(
            answer.unwrap(),
            Answer { state: Some(Secret::new("s")), issuer: Some("https://id.example".into()), outcome: code("c") }
        );
        assert_eq!(clean, "https://app.example/plan?view=week#/calendar");

        assert_eq!(answered("?code=c&state=s").1, PAGE);
    }

    #[test]
    fn a_refusal_keeps_its_words() {
        let (answer, _) = answered("#error=access_denied&error_subcode=cancel&error_description=%3Cb%3ENo%3C%2Fb%3E&state=s");
        let expected = Outcome::Refused { error: "access_denied".into(), description: "<b>No</b>".into(), subcode: Some("cancel".into()) };
        assert_eq!(answer.unwrap().outcome, expected);
    }

    #[test]
    fn tokens_and_codes_without_state_are_cleaned_and_not_believed() {
        for rest in ["#access_token=t&state=s&token_type=bearer", "#id_token=t"] {
            assert_eq!(answered(rest), (None, PAGE.to_owned()), "{rest}");
        }
        let (answer, clean) = answered("#code=c");
        assert_eq!((answer.unwrap().state, clean), (None, PAGE.to_owned()));
    }

    #[test]
    fn an_administrators_consent_is_cleaned_and_answers_nothing() {
        assert_eq!(answered("?a=1&admin_consent=True&tenant=t&scope=s#/connection"), (None, [PAGE, "?a=1#/connection"].concat()));
    }

    #[test]
    fn doubled_parameters_make_no_code_and_no_state() {
        let (answer, _) = answered("#code=a&code=b&state=s");
        assert!(matches!(answer.unwrap().outcome, Outcome::Refused { .. }));
        let (answer, _) = answered("#code=a&state=s&state=t");
        assert_eq!(answer.unwrap().state, None);
        let (answer, _) = answered("#code=a&error=access_denied&state=s");
        assert!(matches!(answer.unwrap().outcome, Outcome::Refused { .. }));
    }

    #[test]
    fn the_pages_own_addresses_are_left_alone() {
        for rest in ["", "#/calendar?date=2026-03-01", "?code=voucher", "?error=1", "?state=open", "#state=open", "#code"] {
            let found = find(&[PAGE, rest].concat());
            if rest == "#code" {
                // A parameter without value: a provider's, cleaned, and no code.
                let landing = found.unwrap();
                assert!(matches!(landing.answer.unwrap().outcome, Outcome::Refused { .. }) && landing.clean == PAGE);
            } else {
                assert_eq!(found, None, "{rest}");
            }
        }
    }

    #[test]
    fn a_windows_answer_names_its_channel_and_survives_the_way_to_its_page() {
        let (proof, name) = ("p".repeat(43), "c".repeat(43));
        let state = [proof.as_str(), ".", &name].concat();
        let (answer, _) = answered(&["#code=a%2Bb&iss=https%3A%2F%2Fid.example&state=", &state].concat());
        let answer = answer.unwrap();
        assert_eq!(answer.channel(), Some(name.as_str()));
        assert_eq!(Answer::from_window(&answer.to_fragment()), Some(answer));
        let (refusal, _) = answered(&["?error=access_denied&error_subcode=cancel&error_description=%3Cb%3E&state=", &state].concat());
        let refusal = refusal.unwrap();
        assert_eq!(Answer::from_window(&refusal.to_fragment()), Some(refusal));
        for other in ["s", "a.b", &[proof.as_str(), "."].concat(), &[&state, "c"].concat(), &["!", &state[1..]].concat()] {
            assert_eq!(answered(&["#code=c&state=", other].concat()).0.unwrap().channel(), None, "{other}");
        }
        for text in ["", "#", "code=a&state=b", "#access_token=t&state=s", "{}"] {
            assert_eq!(Answer::from_window(text), None, "{text}");
        }
    }

    #[test]
    fn no_debug_shows_the_code() {
        assert!(!format!("{:?}", find("https://a.example/#code=geheim&state=s")).contains("geheim"));
    }
}
