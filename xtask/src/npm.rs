//! The npm package. Owns `cargo xtask build npm`: which files `dist/npm` has and where they come from; compiling is `bundle`'s, trying the
//! package out is the tests'.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    bundle::{self, Options},
    glue,
    site::Site,
    workspace::{relative, root},
};

/// The hand-written half of the package.
const SOURCE: &str = "www/npm";
/// The binary.
pub(crate) const PROGRAM: &str = "headless";
/// What the package calls the binary's glue and module.
const GLUE: &str = "convoke.js";
pub(crate) const WASM: &str = "convoke.wasm";

/// Where the package is put together.
pub(crate) fn output_directory() -> PathBuf {
    root().join("dist/npm")
}

/// Builds the package and says where it is.
#[expect(clippy::print_stdout, reason = "says where the result is")]
pub(crate) fn run(options: Options) -> Result<()> {
    build(options)?;
    let place = relative(&output_directory());
    println!("The package is in {place}: `npm pack ./{place}` makes the file that others install.");
    Ok(())
}

/// Builds the package into `dist/npm`.
pub(crate) fn build(options: Options) -> Result<()> {
    package(options)?.write(&output_directory())
}

fn package(options: Options) -> Result<Site> {
    let directory = bundle::generate(PROGRAM, options)?;
    let mut site = Site::default();
    site.insert(GLUE, fs::read(directory.join(format!("{PROGRAM}.js")))?);
    site.insert(WASM, fs::read(directory.join(format!("{PROGRAM}_bg.wasm")))?);
    site.insert("LICENSE", fs::read(root().join("LICENSE")).context("LICENSE cannot be read")?);
    for (name, contents) in Site::read(&root().join(SOURCE))?.iter() {
        match name.strip_suffix(".js") {
            Some(_) if options.release => {
                site.insert(name, glue::without_comments(&String::from_utf8(contents.to_vec())?));
            }
            _ => site.insert(name, contents.to_vec()),
        }
    }
    Ok(site)
}
