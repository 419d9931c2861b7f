//! `/sandbox/faults`: rules by which requests go wrong on purpose. Owns rules, matching and counting; leaves what a rule does to `act`
//! (its form) and `apply` (its effect).
//!
//! A rule, or an array of them, or `{"rules": […]}`:
//!
//! ```json
//! {
//!   "match": { "method": "GET", "path": "/v1.0/me/events*", "account": "adelev@contoso.onmicrosoft.com",
//!              "nth": 2, "probability": 0.5, "times": 3 },
//!   "act": { "status": 503, "headers": { "Retry-After": "2" }, "delayMs": 100 }
//! }
//! ```
//!
//! Every member of `match` may be left out. In `path`, `*` stands for any run of characters but `/`, `**` for any run at all; the query
//! takes part only if the pattern has a `?`. `nth` counts the requests that match otherwise, from 1; `times` ends the rule after so many
//! effects. Of several rules that match, the one installed first acts.

mod act;
pub(crate) mod apply;
pub(crate) mod batch;
mod glob;
mod rewrite;
pub(crate) mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::context::Shared;

use super::BadInput;

pub(crate) use act::{Act, Place, Signature};

/// What goes wrong, and when.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rule {
    /// For people; it means nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(rename = "match", default)]
    matching: Matching,
    act: Act,
}

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Matching {
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
}

/// A request as rules see it.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) account: Option<&'a str>,
}

/// The rules in force.
#[derive(Debug)]
pub(crate) struct Faults {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    rules: Vec<Counted>,
    random: StdRng,
}

#[derive(Debug)]
struct Counted {
    rule: Rule,
    matched: u32,
    fired: u32,
}

impl Default for Faults {
    fn default() -> Self {
        Self { inner: Mutex::new(Inner { rules: Vec::new(), random: StdRng::seed_from_u64(0) }) }
    }
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `probability` draw the same numbers in each run.
    pub(crate) fn reseed(&self, seed: u64) {
        self.lock().random = StdRng::seed_from_u64(seed);
    }

    pub(crate) fn install(&self, rules: Vec<Rule>) {
        self.lock().rules.extend(rules.into_iter().map(|rule| Counted { rule, matched: 0, fired: 0 }));
    }

    pub(crate) fn clear(&self) {
        self.lock().rules.clear();
    }

    /// What is to go wrong with this request, if anything.
    pub(crate) fn fire(&self, call: &Call<'_>) -> Option<Act> {
        self.first(|rule| !rule.act.belongs_to_sign_in() && rule.matching.fits(call))
    }

    /// What is to go wrong with a part of a batch. Rules for the batch itself do not count its parts.
    pub(crate) fn fire_in_batch(&self, batch: &Call<'_>, part: &Call<'_>) -> Option<Act> {
        self.first(|rule| rule.act.suits_parts() && rule.matching.fits(part) && !rule.matching.fits(batch))
    }

    /// Parameters to change in the answer to an authorization request, asked when the browser is sent back.
    pub(crate) fn authorization_answer(&self, path: &str, account: Option<&str>) -> Map<String, Value> {
        let Ok(uri) = path.parse() else { return Map::new() };
        let call = Call { method: &Method::GET, uri: &uri, account };
        self.first(|rule| !rule.act.answer.is_empty() && rule.matching.fits(&call)).map(|act| act.answer).unwrap_or_default()
    }

    /// The number of the error that Entra ID is to answer, asked at the point where the account is known.
    pub(crate) fn entra_error(&self, method: &Method, path: &str, account: &str) -> Option<u32> {
        let uri = path.parse().ok()?;
        let call = Call { method, uri: &uri, account: Some(account) };
        self.first(|rule| rule.act.entra_error.is_some() && rule.matching.fits(&call)).and_then(|act| act.entra_error)
    }

    fn first(&self, fits: impl Fn(&Rule) -> bool) -> Option<Act> {
        let mut inner = self.lock();
        let Inner { rules, random } = &mut *inner;
        let mut chosen = None;
        for counted in rules.iter_mut().filter(|counted| fits(&counted.rule)) {
            // All matching rules count the request, so that `nth` does not depend on the rules before it.
            counted.matched += 1;
            if chosen.is_none() && counted.is_due(random) {
                counted.fired += 1;
                chosen = Some(counted.rule.act.numbered(counted.fired));
            }
        }
        chosen
    }
}

impl Counted {
    fn is_due(&self, random: &mut StdRng) -> bool {
        let matching = &self.rule.matching;
        matching.nth.is_none_or(|nth| self.matched == nth)
            && matching.times.is_none_or(|times| self.fired < times)
            && matching.probability.is_none_or(|probability| random.random::<f64>() < probability)
    }
}

impl Matching {
    fn fits(&self, call: &Call<'_>) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(call.method.as_str()))
            && self.account.as_ref().is_none_or(|account| call.account.is_some_and(|own| own.eq_ignore_ascii_case(account)))
            && self.path.as_ref().is_none_or(|pattern| {
                let whole = call.uri.path_and_query().map_or("", |whole| whole.as_str());
                glob::matches(pattern, if pattern.contains('?') { whole } else { call.uri.path() })
            })
    }

    fn check(&self) -> Result<(), BadInput> {
        let known = |method: &String| ["GET", "POST", "PUT", "PATCH", "DELETE"].iter().any(|name| name.eq_ignore_ascii_case(method));
        if !self.method.as_ref().is_none_or(known) {
            return Err(BadInput::new("match.method", "must be GET, POST, PUT, PATCH or DELETE"));
        }
        if !self.path.as_ref().is_none_or(|path| path.starts_with('/') || path.starts_with('*')) {
            return Err(BadInput::new("match.path", "must begin with / or *"));
        }
        if self.nth == Some(0) {
            return Err(BadInput::new("match.nth", "counts from 1"));
        }
        if !self.probability.is_none_or(|probability| (0.0..=1.0).contains(&probability)) {
            return Err(BadInput::new("match.probability", "must be between 0 and 1"));
        }
        Ok(())
    }
}

impl Rule {
    /// Reads one rule, an array of them, or `{"rules": […]}`.
    pub(crate) fn parse_all(value: &Value) -> Result<Vec<Self>, BadInput> {
        match value.get("rules").unwrap_or(value) {
            Value::Array(rules) => {
                let numbered = rules.iter().enumerate();
                numbered.map(|(index, rule)| Self::read(rule).map_err(|error| error.within(&format!("rules[{index}]")))).collect()
            }
            rule => Ok(vec![Self::read(rule)?]),
        }
    }

    fn read(value: &Value) -> Result<Self, BadInput> {
        let rule: Self = crate::control::read(value)?;
        rule.matching.check()?;
        rule.act.check()?;
        Ok(rule)
    }
}

/// `GET`: the rules with how often each matched and acted.
pub(crate) async fn list(State(context): State<Shared>) -> Json<Value> {
    let inner = context.faults.lock();
    let rules: Vec<_> = inner
        .rules
        .iter()
        .map(|counted| {
            let mut shown = json!(counted.rule);
            shown["matched"] = json!(counted.matched);
            shown["fired"] = json!(counted.fired);
            shown
        })
        .collect();
    Json(json!({ "rules": rules }))
}

/// `POST`: adds rules.
pub(crate) async fn install(State(context): State<Shared>, body: Bytes) -> Result<impl IntoResponse, BadInput> {
    let rules = Rule::parse_all(&super::json_body(&body)?)?;
    let installed = rules.len();
    context.faults.install(rules);
    Ok((StatusCode::CREATED, Json(json!({ "installed": installed }))))
}

/// `DELETE`: removes all rules.
pub(crate) async fn clear(State(context): State<Shared>) -> Response {
    context.faults.clear();
    StatusCode::NO_CONTENT.into_response()
}
