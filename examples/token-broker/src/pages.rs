//! The files that the broker serves: its page, and the npm package. Owns reading them once; what is not among them is not found, so no path
//! leads elsewhere on the disk.

use std::{collections::HashMap, fs};

use anyhow::{Context, Result};

use crate::Settings;

/// Contents and content types by path.
pub(crate) struct Pages(HashMap<String, (&'static str, Vec<u8>)>);

impl Pages {
    /// The page without the package's files is of no use: without them it is an error.
    pub(crate) fn read(settings: &Settings) -> Result<Self> {
        let mut files: HashMap<String, (&'static str, Vec<u8>)> = HashMap::new();
        let own: [(&str, &'static str, &str); 3] = [
            ("/", "text/html; charset=utf-8", include_str!("../page/index.html")),
            ("/page.js", "text/javascript", include_str!("../page/page.js")),
            ("/page.css", "text/css", include_str!("../page/page.css")),
        ];
        for (path, kind, text) in own {
            files.insert(path.to_owned(), (kind, text.as_bytes().to_vec()));
        }
        let place = settings.package.display().to_string();
        let listing = fs::read_dir(&settings.package)
            .with_context(|| format!("BROKER_PACKAGE: {place} cannot be read; `cargo xtask build npm` makes dist/npm"))?;
        for entry in listing {
            let path = entry?.path();
            let kind = match path.extension().and_then(|ending| ending.to_str()) {
                Some("js") => "text/javascript",
                Some("wasm") => "application/wasm",
                _ => continue,
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(format!("/convoke/{name}"), (kind, fs::read(&path)?));
        }
        Ok(Self(files))
    }

    /// Content type and contents.
    pub(crate) fn get(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        self.0.get(path).cloned()
    }
}
