//! The files that the rules look at. Owns which files those are; a rule sees paths and text, never the file system.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::code;
use crate::site::files_below;

/// Directories that hold nothing of ours, looked past where git cannot be asked.
const FOREIGN: [&str; 4] = [".git", "target", "dist", "node_modules"];
/// Built files are checked too where they are there.
const BUILT: &str = "dist";

/// Paths (with forward slashes, from the root) and text of all files.
pub(super) struct Tree {
    files: Vec<File>,
}

/// One file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    /// As `text`, but for Rust with comments and the insides of strings blanked; lines stay where they are.
    pub(super) code: String,
}

impl Tree {
    /// A tree of the given paths and texts.
    pub(super) fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = files.into_iter().map(|(path, text)| {
            let code = if path.ends_with(".rs") { code::blanked(&text) } else { text.clone() };
            File { path, text, code }
        });
        Self { files: files.collect() }
    }

    /// The repository's own files, with new ones that git does not know yet, and what was built from them. Files that are not text are
    /// left out.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut paths = own_files(root)?;
        if root.join(BUILT).is_dir() {
            paths.extend(files_below(&root.join(BUILT))?);
        }
        let files = paths.into_iter().filter_map(|path| {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            Some((name, fs::read_to_string(&path).ok()?))
        });
        Ok(Self::new(files))
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether `path` is a file, or a directory of some.
    pub(super) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.iter().any(|file| file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// All files but the built ones.
    pub(super) fn sources(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| !file.is_below(BUILT))
    }

    /// The built files.
    pub(super) fn built(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_below(BUILT))
    }

    /// All Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.sources().filter(|file| file.path.ends_with(".rs"))
    }

    /// The Rust files below `directory`.
    pub(super) fn rust_below<'tree>(&'tree self, directory: &str) -> impl Iterator<Item = &'tree File> {
        self.rust().filter(move |file| file.is_below(directory))
    }
}

impl File {
    /// Whether this file lies below `directory`.
    pub(super) fn is_below(&self, directory: &str) -> bool {
        self.path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The lines of `code`, counted from 1.
    pub(super) fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.code.lines())
    }
}

fn own_files(root: &Path) -> Result<Vec<PathBuf>> {
    let listed = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let Some(output) = listed else { return walk(root) };
    let names = String::from_utf8(output.stdout).context("git lists a name that is not text")?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(|name| root.join(name)).collect())
}

/// All files, for a copy of the repository without its history.
fn walk(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        let foreign = path.file_name().is_some_and(|name| FOREIGN.iter().any(|known| name == *known));
        if path.is_dir() && !foreign {
            files.extend(walk(&path)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
