//! The claims challenge of continuous access evaluation: from a `WWW-Authenticate` header to the claims that the next sign-in must carry.
//! Source: "Claims challenges, claims requests, and client capabilities" of the Microsoft identity platform; RFC 9110 §11.6.1.

use base64::{Engine, alphabet, engine};
use serde_json::Value;

/// The standard alphabet, padded or not: both are seen.
const BASE64: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &alphabet::STANDARD,
    engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The decoded claims (a JSON object as text) of a header's values, which may be several, joined by commas, their parameters in any order.
/// `None` where nothing asks for claims, or where they are not a JSON object.
#[must_use]
pub fn claims_challenge(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((name, value, after)) = parameter(rest) {
        rest = after;
        if name.eq_ignore_ascii_case("claims")
            && let Some(claims) = decode(&value)
        {
            return Some(claims);
        }
    }
    None
}

/// The next `name=value` or `name="value"`, and what follows it. Scheme names and commas between are passed over.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let equals = text.find('=')?;
    let before = text.get(..equals)?.trim_end();
    let name = before.rsplit([' ', ',', '\t']).next().unwrap_or(before);
    let value = text.get(equals + 1..)?.trim_start();
    let Some(quoted) = value.strip_prefix('"') else {
        // Padding is part of an unquoted base64 value, so only a separator ends it.
        let end = value.find([',', ' ', ';']).unwrap_or(value.len());
        return Some((name, value.get(..end)?.into(), value.get(end..)?));
    };
    let mut content = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((name, content, quoted.get(at + 1..)?)),
            '\\' => content.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => content.push(character),
        }
    }
    Some((name, content, ""))
}

fn decode(value: &str) -> Option<String> {
    let text = String::from_utf8(decode_base64(value)?).ok()?;
    serde_json::from_str::<Value>(&text).ok()?.is_object().then_some(text)
}

/// Bytes from base64 in either alphabet, with or without padding and line ends.
pub(super) fn decode_base64(value: &str) -> Option<Vec<u8>> {
    let standard: String = value
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    BASE64.decode(standard).ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;

    const CLAIMS: &str = r#"{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}"#;
    const ENCODED: &str = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiY3AxIn19fQ==";

    #[test]
    fn claims_are_found_wherever_they_stand() {
        let headers = [
            ["Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"", ENCODED, "\""].concat(),
            ["Bearer claims=\"", ENCODED, "\", error=\"insufficient_claims\""].concat(),
            ["Bearer realm=\"a, claims=b\", PoP nonce=\"x\", Bearer error=insufficient_claims , Claims = ", ENCODED].concat(),
            ["Bearer claims=\"", ENCODED.trim_end_matches('='), "\""].concat(),
        ];
        for header in headers {
            assert_eq!(claims_challenge(&header).as_deref(), Some(CLAIMS), "{header}");
        }
    }

    #[test]
    fn what_is_no_claims_challenge_gives_none() {
        for header in
            ["", "Bearer", "Bearer error=\"invalid_token\"", "Bearer claims=\"%%%\"", "Bearer claims=\"bm8=\"", "claims=\"", "=,=\"\\"]
        {
            assert_eq!(claims_challenge(header), None, "{header}");
        }
    }

    #[test]
    fn the_sample_decodes() {
        assert_eq!(decode(ENCODED).unwrap(), CLAIMS);
    }
}
