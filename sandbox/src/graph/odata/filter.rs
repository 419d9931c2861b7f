//! `$filter` expressions. Owns their grammar (comparison, `and or not`, `in`, `startsWith endsWith contains`, `any all`) and evaluation on JSON.

use std::cmp::Ordering;

use serde_json::Value;

use crate::graph::{
    error::{Error, Result},
    input::instant,
};

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
        let mut parser = Parser { tokens: tokens(text)?, position: 0 };
        let expression = parser.or()?;
        match parser.peek() {
            None => Ok(Self(expression)),
            Some(token) => Err(syntax(&format!("unexpected '{}'", token.text()))),
        }
    }

    /// Whether an item satisfies it.
    pub(crate) fn holds(&self, item: &Value) -> Result<bool> {
        self.0.holds(item, &[])
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

    fn is_advanced(&self) -> bool {
        match self {
            Self::And(one, other) | Self::Or(one, other) => one.is_advanced() || other.is_advanced(),
            Self::Not(_) | Self::Compare(_, Operator::Ne, _) | Self::Function(Function::EndsWith | Function::Contains, ..) => true,
            _ => false,
        }
    }
}

impl Operand {
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
    let step = |value: &Value, name: &str| {
        value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    path.split('/').try_fold(item.clone(), |value, name| step(&value, name)).unwrap_or(Value::Null)
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

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, a path, a number, a date: whatever has no quotes.
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Text(text) => text,
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::Colon => ":",
        }
    }
}

fn syntax(what: &str) -> Error {
    Error::query(format!("Invalid filter clause: {what}."))
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            ':' => tokens.push(Token::Colon),
            '\'' => {
                let mut content = String::new();
                loop {
                    match letters.next() {
                        // A doubled quote stands for itself.
                        Some('\'') if letters.peek() == Some(&'\'') => {
                            letters.next();
                            content.push('\'');
                        }
                        Some('\'') => break,
                        Some(letter) => content.push(letter),
                        None => return Err(syntax("a text is not closed")),
                    }
                }
                tokens.push(Token::Text(content));
            }
            letter if letter.is_whitespace() => {}
            letter => {
                let mut word = String::from(letter);
                while let Some(next) = letters.peek() {
                    // A colon belongs to a time, but not to a lambda's variable.
                    let inside_time = *next == ':' && word.starts_with(|first: char| first.is_ascii_digit());
                    if next.is_whitespace() || (matches!(next, '(' | ')' | ',' | '\'' | ':') && !inside_time) {
                        break;
                    }
                    word.push(*next);
                    letters.next();
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    position: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.position)
    }

    fn next(&mut self) -> Result<Token> {
        let token = self.tokens.get(self.position).cloned().ok_or_else(|| syntax("it ends too early"))?;
        self.position += 1;
        Ok(token)
    }

    fn expect(&mut self, token: &Token) -> Result<()> {
        let next = self.next()?;
        if next == *token { Ok(()) } else { Err(syntax(&format!("'{}' where '{}' is expected", next.text(), token.text()))) }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(text)) if text.eq_ignore_ascii_case(word));
        self.position += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Expression> {
        let mut expression = self.and()?;
        while self.word("or") {
            expression = Expression::Or(Box::new(expression), Box::new(self.and()?));
        }
        Ok(expression)
    }

    fn and(&mut self) -> Result<Expression> {
        let mut expression = self.not()?;
        while self.word("and") {
            expression = Expression::And(Box::new(expression), Box::new(self.not()?));
        }
        Ok(expression)
    }

    fn not(&mut self) -> Result<Expression> {
        if self.word("not") {
            return Ok(Expression::Not(Box::new(self.not()?)));
        }
        if self.peek() == Some(&Token::Open) {
            self.next()?;
            let inner = self.or()?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression> {
        if let (Some(Token::Word(name)), Some(Token::Open)) = (self.peek().cloned(), self.tokens.get(self.position + 1)) {
            let function = match name.to_ascii_lowercase().as_str() {
                "startswith" => Some(Function::StartsWith),
                "endswith" => Some(Function::EndsWith),
                "contains" => Some(Function::Contains),
                _ => None,
            };
            if let Some(function) = function {
                self.position += 2;
                let one = self.operand()?;
                self.expect(&Token::Comma)?;
                let other = self.operand()?;
                self.expect(&Token::Close)?;
                // `contains(…) eq true` is the same condition.
                if self.word("eq") && !self.word("true") {
                    return Err(syntax("a function's result is compared with something else than true"));
                }
                return Ok(Expression::Function(function, one, other));
            }
            for (suffix, all) in [("/any", false), ("/all", true)] {
                if let Some(path) = strip_suffix_any_case(&name, suffix) {
                    self.position += 2;
                    return self.lambda(path, all);
                }
            }
        }
        let one = self.operand()?;
        if self.word("in") {
            self.expect(&Token::Open)?;
            let mut list = vec![self.operand()?];
            while self.peek() == Some(&Token::Comma) {
                self.next()?;
                list.push(self.operand()?);
            }
            self.expect(&Token::Close)?;
            return Ok(Expression::In(one, list));
        }
        for (name, operator) in [
            ("eq", Operator::Eq),
            ("ne", Operator::Ne),
            ("gt", Operator::Gt),
            ("ge", Operator::Ge),
            ("lt", Operator::Lt),
            ("le", Operator::Le),
        ] {
            if self.word(name) {
                return Ok(Expression::Compare(one, operator, self.operand()?));
            }
        }
        match one {
            Operand::Path(_) => Ok(Expression::Truth(one)),
            _ => Err(syntax("a value stands where a condition is expected")),
        }
    }

    fn lambda(&mut self, path: String, all: bool) -> Result<Expression> {
        if self.peek() == Some(&Token::Close) {
            self.next()?;
            return Ok(Expression::Lambda { path, all, variable: String::new(), body: None });
        }
        let variable = self.next()?.text().to_owned();
        self.expect(&Token::Colon)?;
        let body = Some(Box::new(self.or()?));
        self.expect(&Token::Close)?;
        Ok(Expression::Lambda { path, all, variable, body })
    }

    fn operand(&mut self) -> Result<Operand> {
        Ok(match self.next()? {
            Token::Text(text) => Operand::Literal(Value::String(text)),
            Token::Word(word) if word.eq_ignore_ascii_case("tolower") && self.peek() == Some(&Token::Open) => {
                self.next()?;
                let inner = self.operand()?;
                self.expect(&Token::Close)?;
                Operand::Lowered(Box::new(inner))
            }
            Token::Word(word) if self.peek() == Some(&Token::Open) => {
                return Err(Error::not_modelled(&format!("the filter function '{word}'")));
            }
            Token::Word(word) => match word.as_str() {
                "true" => Operand::Literal(Value::Bool(true)),
                "false" => Operand::Literal(Value::Bool(false)),
                "null" => Operand::Literal(Value::Null),
                number if number.parse::<f64>().is_ok() => {
                    Operand::Literal(number.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map_or(Value::Null, Value::Number))
                }
                // Dates, times and GUIDs come without quotes.
                literal if literal.starts_with(|first: char| first.is_ascii_digit()) => Operand::Literal(Value::String(word)),
                _ => Operand::Path(word),
            },
            other => return Err(syntax(&format!("'{}' where a value is expected", other.text()))),
        })
    }
}

fn strip_suffix_any_case(text: &str, suffix: &str) -> Option<String> {
    let start = text.len().checked_sub(suffix.len())?;
    let (path, end) = (text.get(..start)?, text.get(start..)?);
    end.eq_ignore_ascii_case(suffix).then(|| path.to_owned())
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
