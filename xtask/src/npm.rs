//! The npm package. Owns `cargo xtask build npm`: which files `dist/npm` has, where they come from and what they are called; compiling is
//! `bundle`'s, cutting the module `split`'s, and trying the package out the tests'.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::{
    bundle::{self, Options},
    glue,
    site::Site,
    split::{self, Pieces},
    workspace::{relative, root, scratch},
};

/// The hand-written half of the package.
const SOURCE: &str = "www/npm";
/// The binary.
const PROGRAM: &str = "headless";
/// What the package calls the module; its glue is beside it.
const NAME: &str = "convoke";
/// The part that `init` loads.
pub(crate) const FIRST: &str = "convoke.wasm";
/// How the tool that cuts the module loads the parts, and what the package has in place of it: loading that works in Node too, and knows why
/// it fails.
const LOADING: [(&str, &str); 3] = [
    ("const src = fetch(", "const src = part("),
    ("WebAssembly.instantiateStreaming(src, imports)", "start(src, imports)"),
    ("console.error(e);", "failed(e);"),
];
const LOADER: &str = "import { failed, part, start } from \"./load.js\";\n";

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
    let pieces = cut(options)?;
    let directory = scratch("npm-glue")?;
    bundle::generate_glue(&pieces.main, NAME, &directory, !options.release)?;
    let (wasm, script) = (directory.join(format!("{NAME}_bg.wasm")), directory.join(format!("{NAME}.js")));
    if options.release {
        glue::shrink_files(&wasm, &script)?;
    }
    if options.wasm_opt {
        bundle::optimise(&wasm)?;
    }
    let joined = split::join(&fs::read_to_string(script)?, &pieces, |name| Ok(format!("./{}", part_name(name))))?;
    let mut site = Site::default();
    site.insert("LICENSE", fs::read(root().join("LICENSE")).context("LICENSE cannot be read")?);
    site.insert(&format!("{NAME}.wasm"), fs::read(wasm)?);
    site.insert(&format!("{NAME}.js"), with_own_loading(&joined)?);
    for (name, module) in &pieces.later {
        site.insert(&part_name(name), module.clone());
    }
    for (name, contents) in Site::read(&root().join(SOURCE))?.iter() {
        match name.ends_with(".js") && options.release {
            true => site.insert(name, glue::without_comments(std::str::from_utf8(contents)?)),
            false => site.insert(name, contents.to_vec()),
        }
    }
    Ok(site)
}

fn cut(options: Options) -> Result<Pieces> {
    split::cut(&bundle::compile(PROGRAM, options, true)?, NAME, &scratch("npm-parts")?)
}

/// `graph.wasm` for `split_graph.wasm`; what several parts share is numbered.
fn part_name(name: &str) -> String {
    name.trim_start_matches("split_").replace("chunk_", "shared-")
}

fn with_own_loading(script: &str) -> Result<String> {
    let mut script = script.to_owned();
    for (theirs, ours) in LOADING {
        if !script.contains(theirs) {
            bail!("The tool that cuts the module loads its parts in another way than is known here: there is no {theirs}");
        }
        script = script.replace(theirs, ours);
    }
    Ok([LOADER, &script].concat())
}

/// The parts as they are shipped, but with the names of their functions, each by its name in the package.
pub(crate) fn parts_with_names() -> Result<Vec<(String, PathBuf)>> {
    let pieces = cut(Options { release: true, wasm_opt: false, small: false })?;
    let directory = scratch("names")?;
    bundle::generate_glue(&pieces.main, NAME, &directory, true)?;
    let mut parts = vec![(format!("{NAME}.wasm"), directory.join(format!("{NAME}_bg.wasm")))];
    // The tool leaves the names in its own files.
    let place = pieces.main.parent().context("the parts are nowhere")?;
    parts.extend(pieces.later.iter().map(|(name, _)| (part_name(name), place.join(name))));
    Ok(parts)
}
