//! What Graph's clients sent and what they were answered, as lines of JSON in a file, for checks against Graph's description. Owns the
//! file and the form of a line; leaves checking to whoever reads it.

use std::{
    fs::{File, OpenOptions, create_dir_all},
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use serde_json::{Value, json};

/// A file that exchanges are added to. Several recordings, also of several processes, may share one file.
#[derive(Debug)]
pub struct Recording {
    file: Mutex<File>,
}

/// One request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// Who tells of it, e.g. a test's name; may be empty.
    pub source: &'a str,
    /// In capitals.
    pub method: &'a str,
    /// Path and query, from `/v1.0` on, as they came.
    pub target: &'a str,
    /// The request's content type; empty where there was none.
    pub content_type: &'a str,
    /// The request's body. Only JSON is recorded.
    pub request: &'a [u8],
    /// The answer's status.
    pub status: u16,
    /// The answer's content type; empty where there was none.
    pub answer_type: &'a str,
    /// The answer's body. Only JSON is recorded.
    pub answer: &'a [u8],
    /// A fault rule acted, so that the answer is not what the sandbox means by itself.
    pub faulty: bool,
}

impl Recording {
    /// Opens the file to add to it; makes it, and its directories, where they are missing.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Some(directory) = path.parent() {
            create_dir_all(directory)?;
        }
        Ok(Self { file: Mutex::new(OpenOptions::new().create(true).append(true).open(path)?) })
    }

    /// Adds one line.
    pub fn add(&self, exchange: &Exchange<'_>) -> io::Result<()> {
        let line = json!({
            "source": exchange.source,
            "method": exchange.method,
            "target": exchange.target,
            "contentType": exchange.content_type,
            "request": json_of(exchange.content_type, exchange.request),
            "status": exchange.status,
            "answerType": exchange.answer_type,
            "answer": json_of(exchange.answer_type, exchange.answer),
            "faulty": exchange.faulty,
        });
        // In one write, so that lines of others who add to the same file do not come between.
        self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(format!("{line}\n").as_bytes())
    }
}

fn json_of(content_type: &str, body: &[u8]) -> Value {
    if content_type.starts_with("application/json") { serde_json::from_slice(body).unwrap_or(Value::Null) } else { Value::Null }
}
