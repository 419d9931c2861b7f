//! The npm package. Owns `cargo xtask build npm`: which files `dist/npm` has, where they come from, and cutting the module into the part
//! that is loaded at once and those that are loaded when they are needed; compiling is `bundle`'s, trying the package out is the tests'.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{
    bundle::{self, Options},
    glue,
    site::Site,
    split,
    workspace::{relative, root, scratch},
};

/// The hand-written half of the package.
const SOURCE: &str = "www/npm";
/// The binary.
pub(crate) const PROGRAM: &str = "headless";
/// What the package calls the module; its glue is beside it.
const NAME: &str = "convoke";
/// The part that is loaded at once, before it has its glue.
const MAIN: &str = "main.wasm";
/// Where the glue finds the functions that load the other parts.
const LINK: &str = "./parts.js";
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
    let parts = cut(&bundle::compile_with(PROGRAM, options, &split::FLAGS, &[])?)?;
    let directory = scratch("npm-glue")?;
    bundle::generate_glue(&parts.join(MAIN), NAME, &directory, !options.release, &split::GLUE)?;
    let (wasm, script) = (directory.join(format!("{NAME}_bg.wasm")), directory.join(format!("{NAME}.js")));
    if options.release {
        glue::shrink_files(&wasm, &script)?;
    }
    let mut site = Site::default();
    site.insert(&format!("{NAME}.wasm"), fs::read(wasm)?);
    let mut scripts = vec![(format!("{NAME}.js"), fs::read_to_string(script)?)];
    for (name, contents) in Site::read(&parts)?.iter().filter(|(name, _)| *name != MAIN) {
        match name.ends_with(".wasm") {
            true if options.release => site.insert(&part_name(name), glue::without_names(contents)?),
            true => site.insert(&part_name(name), contents.to_vec()),
            false => scripts.push((name.to_owned(), link(std::str::from_utf8(contents)?)?)),
        }
    }
    site.insert("LICENSE", fs::read(root().join("LICENSE")).context("LICENSE cannot be read")?);
    for (name, contents) in Site::read(&root().join(SOURCE))?.iter() {
        match name.ends_with(".js") {
            true => scripts.push((name.to_owned(), String::from_utf8(contents.to_vec())?)),
            false => site.insert(name, contents.to_vec()),
        }
    }
    for (name, script) in scripts {
        site.insert(&name, if options.release { glue::without_comments(&script) } else { script });
    }
    Ok(site)
}

/// `graph.wasm` for `split_graph.wasm`; what several parts share is numbered.
fn part_name(name: &str) -> String {
    name.trim_start_matches("split_").replace("chunk_", "shared-")
}

/// The script that loads the parts, with a loader of our own: one that works in Node too, and says what is wrong.
fn link(script: &str) -> Result<String> {
    const IMPORT: &str = "import { initSync } from \"./convoke.js\";";
    const FETCH: &str = "const src = fetch(new URL(\"./";
    const START: &str = "WebAssembly.instantiateStreaming(src, imports)";
    let parts = script.matches(FETCH).count();
    if parts == 0 || script.matches(START).count() != parts || !script.contains(IMPORT) {
        bail!("The tool that cuts the module writes another script than is known here:\n{script}");
    }
    let names = script.replace("\"./split_", "\"./").replace("\"./chunk_", "\"./shared-");
    let script = names.replace(IMPORT, &[IMPORT, "\nimport { part, start } from \"./load.js\";"].concat());
    Ok(script.replace("const src = fetch(", "const src = part(").replace(START, "start(src, imports)").replace("console.error(e);", ""))
}

/// The parts as they are shipped, but with the names of their functions, each by its name in the package.
pub(crate) fn parts_with_names() -> Result<Vec<(String, PathBuf)>> {
    let parts = cut(&bundle::compile_with(PROGRAM, Options { release: true, wasm_opt: false }, &split::FLAGS, &[])?)?;
    let directory = scratch("names")?;
    bundle::generate_glue(&parts.join(MAIN), NAME, &directory, true, &split::GLUE)?;
    let mut all = vec![(format!("{NAME}.wasm"), directory.join(format!("{NAME}_bg.wasm")))];
    for (file, _) in Site::read(&parts)?.iter().filter(|(file, _)| file.ends_with(".wasm") && *file != MAIN) {
        all.push((part_name(file), parts.join(file)));
    }
    Ok(all)
}

/// Cuts the module at the functions that are marked with `wasm_split`; the directory that is returned holds all parts.
fn cut(wasm: &Path) -> Result<PathBuf> {
    let directory = scratch("npm-parts")?;
    fs::remove_dir_all(&directory)?;
    fs::create_dir_all(&directory)?;
    let module = fs::read(wasm)?;
    let main = directory.join(MAIN);
    let mut options = wasm_split_cli_support::Options::new(&module);
    options.output_dir = &directory;
    options.main_out_path = &main;
    options.link_name = LINK;
    options.main_module = "./convoke.js";
    wasm_split_cli_support::transform(options).map_err(|error| anyhow!("the module cannot be cut: {error:?}"))?;
    Ok(directory)
}
