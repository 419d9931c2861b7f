//! The files of a built app, held in memory. Owns reading and writing such a directory, content types and hashes. A server that
//! looks paths up here, and never in the file system, cannot be led out of the directory.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::policy::{self, Rules};

/// Contents by path; a path has forward slashes and none at its beginning.
#[derive(Default)]
pub(crate) struct Site {
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Reads a whole directory.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let mut site = Self::default();
        for path in files_below(directory)? {
            let name = path.strip_prefix(directory).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            site.insert(&name, fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?);
        }
        Ok(site)
    }

    /// Writes all files into `directory`, which then holds nothing else.
    pub(crate) fn write(&self, directory: &Path) -> Result<()> {
        if directory.exists() {
            fs::remove_dir_all(directory).with_context(|| format!("{} cannot be emptied", directory.display()))?;
        }
        for (name, contents) in &self.files {
            let path = directory.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).with_context(|| format!("{} cannot be created", parent.display()))?;
            }
            fs::write(&path, contents).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }

    /// Adds or replaces a file.
    pub(crate) fn insert(&mut self, name: &str, contents: impl Into<Vec<u8>>) {
        self.files.insert(name.to_owned(), contents.into());
    }

    /// Adds a file below `assets/` under a name that holds its hash, so that it may be cached for ever. The name is returned.
    pub(crate) fn insert_hashed(&mut self, stem: &str, ending: &str, contents: impl Into<Vec<u8>>) -> String {
        let contents = contents.into();
        let name = format!("assets/{stem}-{}{ending}", hash(&contents));
        self.insert(&name, contents);
        name
    }

    /// Adds a directory's files below `name`.
    pub(crate) fn insert_directory(&mut self, name: &str, directory: &Path) -> Result<()> {
        for (inner, contents) in Self::read(directory)?.files {
            self.insert(&format!("{name}/{inner}"), contents);
        }
        Ok(())
    }

    /// The contents of one file.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// All files, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, contents)| (name.as_str(), contents.as_slice()))
    }

    /// The rules of the rule file in it; none without that file.
    pub(crate) fn rules(&self) -> Rules {
        self.get(policy::FILE_NAME).map(|text| Rules::parse(&String::from_utf8_lossy(text))).unwrap_or_default()
    }
}

/// All files below a directory, in a fixed order.
pub(crate) fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut pending = vec![directory.to_path_buf()];
    while let Some(current) = pending.pop() {
        for entry in fs::read_dir(&current).with_context(|| format!("{} cannot be read", current.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                pending.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Sixteen hexadecimal digits of the contents' SHA-256: enough that two versions of a file never share a name.
pub(crate) fn hash(contents: &[u8]) -> String {
    Sha256::digest(contents).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The content type of a file name. Browsers compile wasm while it loads only under its own type, and under nosniff a module or a
/// style sheet with a wrong one is refused.
pub(crate) fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
