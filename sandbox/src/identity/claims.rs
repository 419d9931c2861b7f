//! The `claims` parameter (OpenID Connect Core §5.5) as far as claims challenges need it. Owns its reading; leaves challenges to the bearer
//! check.

use serde_json::Value;

/// What a client declares and asks for about its access token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClaimsRequest {
    /// The client handles claims challenges: `{"access_token":{"xms_cc":{"values":["cp1"]}}}`, compared without case.
    pub(crate) cp1: bool,
    /// Authentication contexts that a challenge demanded: `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`.
    pub(crate) contexts: Vec<String>,
}

impl ClaimsRequest {
    /// What is not JSON, or says other things, asks for nothing: Entra ID overlooks claims that it does not know.
    pub(crate) fn parse(parameter: Option<&str>) -> Self {
        let claims: Value = parameter.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let capabilities = values(&claims, "xms_cc");
        Self { cp1: capabilities.iter().any(|value| value.eq_ignore_ascii_case("cp1")), contexts: values(&claims, "acrs") }
    }
}

/// The `value` or `values` that are asked for of a claim of the access token.
pub(crate) fn values(claims: &Value, name: &str) -> Vec<String> {
    let claim = &claims["access_token"][name];
    let several = claim["values"].as_array().into_iter().flatten();
    several.chain([&claim["value"]]).filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::ClaimsRequest;

    #[test]
    fn capabilities_and_contexts_are_read_and_all_else_overlooked() {
        let check = |text: &str, cp1: bool, contexts: &[&str]| {
            let read = ClaimsRequest::parse(Some(text));
            assert_eq!((read.cp1, read.contexts), (cp1, contexts.iter().map(|text| (*text).to_owned()).collect()), "{text}");
        };
        check(r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#, true, &[]);
        check(r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1","x"]}}}"#, true, &["c1"]);
        check(r#"{"access_token":{"xms_cc":{"values":"cp1"}}}"#, false, &[]);
        check(r#"{"id_token":{"xms_cc":{"values":["cp1"]}}}"#, false, &[]);
        check("not JSON", false, &[]);
        check("[]", false, &[]);
    }
}
