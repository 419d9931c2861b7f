//! Path patterns. Owns `*` and `**`; everything else stands for itself, compared without case, as Graph compares paths.

/// Whether the whole of `text` is of the form of `pattern`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_ascii_lowercase(), text.to_ascii_lowercase());
    matches_bytes(pattern.as_bytes(), text.as_bytes())
}

fn matches_bytes(pattern: &[u8], text: &[u8]) -> bool {
    // The places to come back to: the last star of either kind, and how far its run had come.
    let (mut at, mut seen) = (0, 0);
    let mut single: Option<(usize, usize)> = None;
    let mut double: Option<(usize, usize)> = None;
    loop {
        if pattern[at..].starts_with(b"**") {
            at += 2;
            (single, double) = (None, Some((at, seen)));
        } else if pattern.get(at) == Some(&b'*') {
            at += 1;
            single = Some((at, seen));
        } else if seen < text.len() && pattern.get(at) == Some(&text[seen]) {
            (at, seen) = (at + 1, seen + 1);
        } else if at == pattern.len() && seen == text.len() {
            return true;
        } else if let Some((resume, upto)) = single.filter(|(_, upto)| *upto < text.len() && text[*upto] != b'/') {
            single = Some((resume, upto + 1));
            (at, seen) = (resume, upto + 1);
        } else if let Some((resume, upto)) = double.filter(|(_, upto)| *upto < text.len()) {
            double = Some((resume, upto + 1));
            single = None;
            (at, seen) = (resume, upto + 1);
        } else {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_match_within_and_across_segments() {
        let check = |pattern: &str, text: &str, expected: bool| assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        check("/v1.0/me/events", "/v1.0/me/events", true);
        check("/v1.0/me/events", "/v1.0/me/events/1", false);
        check("/v1.0/me/events*", "/v1.0/me/events/1", false);
        check("/v1.0/me/events/*", "/v1.0/me/events/1", true);
        check("/v1.0/me/events/*", "/v1.0/me/events/1/accept", false);
        check("/v1.0/**", "/v1.0/me/events/1/accept", true);
        check("/*/oauth2/v2.0/token", "/common/oauth2/v2.0/token", true);
        check("**/token", "/common/oauth2/v2.0/token", true);
        check("/v1.0/**/accept", "/v1.0/me/events/1/accept", true);
        check("/v1.0/**/*cc*t", "/v1.0/me/events/1/accept", true);
        check("/v1.0/**/accept", "/v1.0/me/events/1/decline", false);
        check("/V1.0/ME", "/v1.0/me", true);
        check("**", "", true);
        check("", "", true);
        check("*", "/", false);
        check("/v1.0/me/events?$top=5", "/v1.0/me/events?$top=5", true);
    }
}
