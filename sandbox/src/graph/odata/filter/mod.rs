//! `$filter` expressions. Owns their evaluation on JSON; leaves reading them to `grammar`.

mod grammar;

use std::cmp::Ordering;

use serde_json::Value;

use crate::graph::{error::Result, input::instant};

/// A parsed filter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter(Expression);

#[derive(Debug, Clone, PartialEq)]
enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Compare(Operand, Operator, Operand),
    In(Operand, Vec<Operand>),
    Function(Function, Operand, Operand),
    /// `path/any(x:…)` or `all`; without an expression: not empty.
    Lambda {
        path: String,
        all: bool,
        variable: String,
        body: Option<Box<Expression>>,
    },
    /// A property that is itself a condition.
    Truth(Operand),
}

#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Path(String),
    Literal(Value),
    Lowered(Box<Operand>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

impl Filter {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        grammar::parse(text).map(Self)
    }

    /// Whether an item satisfies it.
    pub(crate) fn holds(&self, item: &Value) -> Result<bool> {
        self.0.holds(item, &[])
    }

    /// The members that it looks at, as it spells them.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.collect_names(&mut names);
        names
    }

    /// Whether the directory calls it an advanced query.
    pub(crate) fn is_advanced(&self) -> bool {
        self.0.is_advanced()
    }
}

impl Expression {
    fn holds(&self, item: &Value, variables: &[(&str, &Value)]) -> Result<bool> {
        Ok(match self {
            Self::And(one, other) => one.holds(item, variables)? && other.holds(item, variables)?,
            Self::Or(one, other) => one.holds(item, variables)? || other.holds(item, variables)?,
            Self::Not(inner) => !inner.holds(item, variables)?,
            Self::Truth(operand) => operand.value(item, variables) == Value::Bool(true),
            Self::In(operand, list) => {
                let value = operand.value(item, variables);
                list.iter().any(|other| compare(&value, &other.value(item, variables)).is_eq())
            }
            Self::Function(function, one, other) => {
                let text = |operand: &Operand| operand.value(item, variables).as_str().map(str::to_lowercase);
                match (text(one), text(other)) {
                    (Some(one), Some(other)) => match function {
                        Function::StartsWith => one.starts_with(&other),
                        Function::EndsWith => one.ends_with(&other),
                        Function::Contains => one.contains(&other),
                    },
                    _ => false,
                }
            }
            Self::Compare(one, operator, other) => {
                let (one, other) = (one.value(item, variables), other.value(item, variables));
                let ordering = compare(&one, &other);
                match operator {
                    Operator::Eq => ordering.is_eq(),
                    Operator::Ne => ordering.is_ne(),
                    // Nothing is greater or less than null.
                    _ if one.is_null() || other.is_null() => false,
                    Operator::Gt => ordering.is_gt(),
                    Operator::Ge => ordering.is_ge(),
                    Operator::Lt => ordering.is_lt(),
                    Operator::Le => ordering.is_le(),
                }
            }
            Self::Lambda { path, all, variable, body } => {
                let list = resolve(path, item, variables);
                let items = list.as_array().map_or(&[][..], Vec::as_slice);
                let Some(body) = body else { return Ok(!items.is_empty()) };
                let mut results = Vec::new();
                for element in items {
                    let mut inner = variables.to_vec();
                    inner.push((variable, element));
                    results.push(body.holds(item, &inner)?);
                }
                if *all { results.iter().all(|result| *result) } else { results.contains(&true) }
            }
        })
    }

    fn collect_names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::And(one, other) | Self::Or(one, other) => {
                one.collect_names(names);
                other.collect_names(names);
            }
            Self::Not(inner) => inner.collect_names(names),
            Self::Compare(one, _, other) | Self::Function(_, one, other) => {
                names.extend([one, other].into_iter().filter_map(Operand::name))
            }
            Self::In(one, list) => names.extend(std::iter::once(one).chain(list).filter_map(Operand::name)),
            Self::Truth(operand) => names.extend(operand.name()),
            Self::Lambda { path, body, .. } => {
                names.push(path.split('/').next().unwrap_or(path));
                body.iter().for_each(|body| body.collect_names(names));
            }
        }
    }

    fn is_advanced(&self) -> bool {
        match self {
            Self::And(one, other) | Self::Or(one, other) => one.is_advanced() || other.is_advanced(),
            Self::Not(_) | Self::Compare(_, Operator::Ne, _) | Self::Function(Function::EndsWith | Function::Contains, ..) => true,
            _ => false,
        }
    }
}

impl Operand {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Path(path) => path.split('/').next(),
            Self::Literal(_) => None,
            Self::Lowered(inner) => inner.name(),
        }
    }

    fn value(&self, item: &Value, variables: &[(&str, &Value)]) -> Value {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Path(path) => resolve(path, item, variables),
            Self::Lowered(inner) => match inner.value(item, variables) {
                Value::String(text) => Value::String(text.to_lowercase()),
                other => other,
            },
        }
    }
}

fn resolve(path: &str, item: &Value, variables: &[(&str, &Value)]) -> Value {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match variables.iter().rev().find(|(name, _)| *name == first) {
        Some((_, value)) if rest.is_empty() => (*value).clone(),
        Some((_, value)) => at(value, rest),
        None => at(item, path),
    }
}

/// The member at a path like `start/dateTime`, names in any case; null if there is none.
pub(crate) fn at(item: &Value, path: &str) -> Value {
    path.split('/').try_fold(item, |value, name| member(value, name)).cloned().unwrap_or(Value::Null)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members.get(name).or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// How two values order: numbers as numbers, times as instants, text without case.
pub(crate) fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Number(one), Value::Number(other)) => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
        (Value::String(one), Value::String(other)) => match (timed(one), timed(other)) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one.to_lowercase().cmp(&other.to_lowercase()),
        },
        (one, other) => one.to_string().cmp(&other.to_string()),
    }
}

fn timed(text: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let looks = text.len() >= 10 && text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.as_bytes().get(4) == Some(&b'-');
    looks.then(|| instant(text)).flatten()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn check(filter: &str, expected: bool) {
        let item = json!({
            "subject": "Let's go", "isAllDay": false, "size": 7, "start": { "dateTime": "2026-11-16T08:00:00.0000000" },
            "categories": ["Red", "Blue"], "received": "2026-11-16T08:00:00Z", "nothing": null,
            "emailAddresses": [{ "address": "a@x.example" }, { "address": "b@x.example" }],
        });
        assert_eq!(Filter::parse(filter).unwrap().holds(&item).unwrap(), expected, "{filter}");
    }

    #[test]
    fn expressions() {
        check("subject eq 'let''s GO'", true);
        check("isAllDay eq false and size gt 6", true);
        check("isAllDay or size lt 7 or not (size eq 7)", false);
        check("not isAllDay", true);
        check("startswith(subject,'LET') and contains(subject, 'go')", true);
        check("endsWith(tolower(subject),'go') eq true", true);
        check("start/dateTime ge '2026-11-16T08:00' and Start/DateTime lt '2026-11-16T09:00:00Z'", true);
        check("received ge 2026-11-16T09:00:00+01:00", true);
        check("received gt 2026-11-16T08:00:00Z", false);
        check("categories/any(c:c eq 'red')", true);
        check("categories/all(c:c eq 'red')", false);
        check("emailAddresses/any(a:a/address eq 'B@x.example' and a/address ne subject)", true);
        check("nothing eq null and absent eq null and size in (1,7)", true);
    }

    #[test]
    fn nonsense_is_refused() {
        for wrong in ["", "subject eq", "subject eq 'x", "(a eq 1", "a eq 1)", "'x'", "a eq 1 b", "cats/any(c c eq 1)"] {
            assert!(Filter::parse(wrong).is_err(), "{wrong}");
        }
    }
}
