//! Recordings as they lie in files. Owns which files are read; leaves what they mean to `check`.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use serde_json::Value;

/// One request and its answer, as `convoke_sandbox::recording` writes them.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) source: String,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) request: Value,
    pub(crate) status: u16,
    pub(crate) answer_type: String,
    pub(crate) answer: Value,
    pub(crate) faulty: bool,
}

/// Where the sandbox's tests leave what they record.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("recorded")
}

/// The recordings that tests of this build have made: one from before may show what the sandbox no longer does.
pub(crate) fn fresh() -> Vec<PathBuf> {
    let built = fs::metadata(std::env::current_exe().unwrap()).unwrap().modified().unwrap();
    let mut files: Vec<PathBuf> = fs::read_dir(directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "jsonl") && fs::metadata(file).unwrap().modified().unwrap() >= built);
    files.sort();
    files
}

/// Reads a recording line by line: there may be many, and long ones.
pub(crate) fn read(file: &Path, mut each: impl FnMut(&Exchange)) {
    let open = fs::File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for line in BufReader::new(open).lines() {
        let mut line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        each(&Exchange {
            source: text(&line["source"]),
            method: text(&line["method"]),
            target: text(&line["target"]),
            status: u16::try_from(line["status"].as_u64().unwrap()).unwrap(),
            answer_type: text(&line["answerType"]),
            faulty: line["faulty"].as_bool().unwrap(),
            request: line["request"].take(),
            answer: line["answer"].take(),
        });
    }
}
