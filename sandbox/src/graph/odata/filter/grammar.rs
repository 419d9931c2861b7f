//! The grammar of `$filter`: comparisons, `and or not`, `in`, `startsWith endsWith contains`, `any all`. Owns reading; evaluation is next door.

use serde_json::Value;

use super::{Expression, Function, Operand, Operator};
use crate::graph::error::{Error, Result};

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Result<Expression> {
    let mut parser = Parser { tokens: tokens(text)?, position: 0 };
    let expression = parser.or()?;
    match parser.peek() {
        None => Ok(expression),
        Some(token) => Err(syntax(&format!("unexpected '{}'", token.text()))),
    }
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
