//! Comparing exchanges with the description. Owns what JSON Schema alone does not see: which operation and type it is, members that nobody
//! described, parts of a batch; leaves the freedom that requests have to `requests`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    contract::{Contract, only},
    exceptions::{self, Exception},
    records::Exchange,
    requests,
};

/// How much was compared.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) answers: usize,
    pub(crate) requests: usize,
}

/// Something that is not as described.
pub(crate) struct Finding {
    /// The same wherever it is seen.
    pub(crate) what: String,
    /// Where it was seen.
    pub(crate) seen: String,
}

/// Compares one exchange after the other.
pub(crate) struct Checker<'a> {
    contract: &'a Contract,
    pub(crate) counts: Counts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) excused: BTreeMap<&'static Exception, usize>,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(contract: &'a Contract) -> Self {
        Self { contract, counts: Counts::default(), findings: Vec::new(), excused: BTreeMap::new() }
    }

    pub(crate) fn exchange(&mut self, exchange: &Exchange) {
        let Some(target) = exchange.target.strip_prefix("/v1.0") else { return };
        let contract = self.contract;
        let Some((template, operation)) = contract.operation(&exchange.method, target) else {
            // An error answers what does not exist, and an error's form is the same everywhere.
            if exchange.status >= 400 && !exchange.faulty {
                self.counts.answers += 1;
                let schema = contract.component("microsoft.graph.ODataErrors.ODataError").unwrap();
                self.compare("error", "error", schema, &exchange.answer, exchange);
            } else if exchange.status < 400 {
                let place = format!("{} {}", exchange.method, target.split('?').next().unwrap_or_default());
                self.report(&place, "is answered and not described", exchange);
            }
            return;
        };
        let place = format!("{} {template}", exchange.method);
        // Tests, which name themselves, ask wrong things on purpose; clients do not, nor is what the sandbox took meant to be wrong.
        if exchange.status < 400 || exchange.source.is_empty() {
            self.counts.requests += 1;
            for problem in requests::query_problems(contract, template, operation, target) {
                self.report(&place, &problem, exchange);
            }
            self.request_body(&place, operation, exchange);
        }
        if !exchange.faulty {
            self.counts.answers += 1;
            self.answer(&place, operation, exchange);
        }
        if template == "/$batch" && exchange.status == 200 && !exchange.faulty {
            parts(exchange).iter().for_each(|part| self.exchange(part));
        }
    }

    fn request_body(&mut self, place: &str, operation: &Value, exchange: &Exchange) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() || exchange.request.is_null() {
            return;
        }
        let (request, liberties) = requests::normalized(self.contract, schema, &exchange.request);
        for liberty in liberties {
            *self.excused.entry(liberty).or_default() += 1;
        }
        self.compare(place, &format!("{place} request"), schema, &request, exchange);
    }

    fn answer(&mut self, place: &str, operation: &Value, exchange: &Exchange) {
        let status = exchange.status.to_string();
        let responses = &operation["responses"];
        let class = format!("{}XX", exchange.status / 100);
        let Some(response) = responses.get(&status).or_else(|| responses.get(&class)) else {
            let described: Vec<&String> = responses.as_object().unwrap().keys().collect();
            self.report(place, &format!("answers {status}; described: {described:?}"), exchange);
            return;
        };
        let content = &self.contract.follow(response)["content"];
        let schema = &content["application/json"]["schema"];
        if !schema.is_null() {
            self.compare(place, &format!("{place} {status}"), schema, &exchange.answer, exchange);
        } else if content.is_null() && !exchange.answer_type.is_empty() {
            self.report(place, &format!("{status} has a body, of {}", exchange.answer_type), exchange);
        }
    }

    /// By the schema, and by what a schema does not say.
    fn compare(&mut self, place: &str, name: &str, schema: &Value, value: &Value, exchange: &Exchange) {
        let mut problems = self.contract.errors(name, schema, value);
        self.walk(schema, value, "", &mut problems);
        for (pointer, problem) in problems {
            let pointer: String =
                pointer.split('/').map(|part| if part.parse::<usize>().is_ok() { "*" } else { part }).collect::<Vec<_>>().join("/");
            self.report(place, &format!("{pointer}: {problem}"), exchange);
        }
    }

    /// Members that are not described, and types derived from the described one.
    fn walk(&self, schema: &Value, value: &Value, pointer: &str, problems: &mut Vec<(String, String)>) {
        let contract = self.contract;
        match value {
            Value::Array(items) => {
                let schema = schema["anyOf"].as_array().and_then(|choices| only(choices)).unwrap_or(schema);
                let schema = &contract.follow(schema)["items"];
                for (index, item) in items.iter().enumerate() {
                    self.walk(schema, item, &format!("{pointer}/{index}"), problems);
                }
            }
            Value::Object(given) => {
                let mut schema = schema;
                if let Some(said) = given.get("@odata.type").and_then(Value::as_str) {
                    let said = said.trim_start_matches('#');
                    let expected = contract.type_name(schema);
                    match contract.component(said) {
                        Some(component) if expected.is_none_or(|base| contract.derives(said, base)) => {
                            if expected != Some(said) {
                                let found = contract.errors(said, component, value);
                                problems.extend(found.into_iter().map(|(rest, problem)| (format!("{pointer}{rest}"), problem)));
                            }
                            schema = component;
                        }
                        _ => problems.push((pointer.to_owned(), format!("{said} is no {}", expected.unwrap_or("described type")))),
                    }
                }
                let members = contract.members(schema);
                for (name, member) in given {
                    match members.named.get(name.as_str()) {
                        Some(schema) => self.walk(schema, member, &format!("{pointer}/{name}"), problems),
                        None if members.open || name.contains('@') => {}
                        None => problems.push((pointer.to_owned(), format!("{name} is not described"))),
                    }
                }
            }
            _ => {}
        }
    }

    fn report(&mut self, place: &str, problem: &str, exchange: &Exchange) {
        let what = format!("{place}: {problem}");
        if let Some(exception) = exceptions::of(&what) {
            *self.excused.entry(exception).or_default() += 1;
            return;
        }
        let seen = format!("{} {} {} -> {}", exchange.source, exchange.method, exchange.target, exchange.status);
        self.findings.push(Finding { what, seen });
    }
}

/// The requests of a batch with their answers.
fn parts(batch: &Exchange) -> Vec<Exchange> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let responses = list(&batch.answer, "responses");
    let part = |request: &Value| {
        let id = request["id"].as_str()?;
        let response = responses.iter().find(|response| response["id"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(id)))?;
        let headers = response["headers"].as_object();
        let kind = headers.and_then(|headers| headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")));
        Some(Exchange {
            source: batch.source.clone(),
            method: request["method"].as_str()?.to_owned(),
            target: format!("/v1.0/{}", request["url"].as_str()?.trim_start_matches('/')),
            request: request["body"].clone(),
            status: u16::try_from(response["status"].as_u64()?).ok()?,
            answer_type: kind.and_then(|(_, kind)| kind.as_str()).unwrap_or_default().to_owned(),
            answer: response["body"].clone(),
            faulty: false,
        })
    };
    list(&batch.request, "requests").iter().filter_map(part).collect()
}
