//! From source to the files that a browser loads. Owns `cargo xtask build` and what becomes of each `data-trunk` link of
//! `index.html`; serving them is `serve`'s, the headers are `policy`'s.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    args::Args,
    config::Hosts,
    glue, html, npm, policy, process,
    site::Site,
    split::{self, Pieces},
    tools,
    workspace::{WASM, cargo, relative, root, scratch, target_directory},
};

/// The options of `cargo xtask build`.
pub(crate) const SYNOPSIS: &str = "[npm] [--config FILE] [--small] [--wasm-opt] [--debug]";
/// The module that loads the glue. Trunk writes an inline script in its place, which our policy would refuse.
const LOADER: &str = "www/start.js";

/// Builds the app for deployment into `dist/app`.
#[expect(clippy::print_stdout, reason = "says where the result is")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let options = Options { release: !args.switch("--debug"), wasm_opt: args.switch("--wasm-opt"), small: args.switch("--small") };
    let config = args.path("--config")?;
    if args.switch("npm") {
        args.finish("[--small] [--wasm-opt] [--debug]")?;
        if config.is_some() {
            bail!("--config is the app's; whoever uses the npm package passes its configuration in code");
        }
        return npm::run(options);
    }
    args.finish(SYNOPSIS)?;
    build_for_deployment(options, config.as_deref())?;
    println!("The app is in {}; any server of static files can serve it.", relative(&output_directory()));
    if config.is_none() {
        println!("Put a config.json beside its index.html (see config.example.json there), or let people fill in the Connect form.");
    }
    Ok(())
}

/// How the app is compiled.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) release: bool,
    pub(crate) wasm_opt: bool,
    /// With a standard library that is compiled for this program, without the words and places of panics. It takes the library's source, and
    /// switches of the compiler that are not stable yet.
    pub(crate) small: bool,
}

/// Where `cargo xtask build` puts the app.
pub(crate) fn output_directory() -> PathBuf {
    root().join("dist/app")
}

/// As [`run`], for steps that need the result.
pub(crate) fn build_for_deployment(options: Options, config: Option<&Path>) -> Result<()> {
    // Read before the long part: a mistake in it should not cost a build.
    let hosts = Hosts::from_file(config)?;
    let mut site = build(options)?;
    if let Some(config) = config {
        site.insert("config.json", fs::read(config)?);
    }
    site.insert(policy::FILE_NAME, policy::rule_file(&hosts));
    site.write(&output_directory())
}

/// Builds the app's files, without configuration and headers.
pub(crate) fn build(options: Options) -> Result<Site> {
    let mut site = Site::default();
    let page = fs::read_to_string(root().join("index.html")).context("index.html cannot be read")?;
    let page = html::rewrite(&page, |link| {
        let kind = link.need("rel")?;
        if kind == "rust" {
            return add_program(&mut site, link.need("data-bin")?, options);
        }
        let source = link.need("href")?;
        let path = root().join(source);
        let name = Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or(source);
        let read = || fs::read(&path).with_context(|| format!("index.html names {source}, which cannot be read"));
        let (stem, ending) = name.split_at(name.rfind('.').unwrap_or(name.len()));
        match kind {
            "css" => Ok(format!("<link rel=\"stylesheet\" href=\"{}\">", site.insert_hashed(stem, ending, read()?))),
            "icon" => Ok(format!("<link rel=\"icon\" href=\"{}\">", site.insert_hashed(stem, ending, read()?))),
            "copy-file" => {
                site.insert(name, read()?);
                Ok(String::new())
            }
            "copy-dir" => {
                site.insert_directory(name, &path)?;
                Ok(String::new())
            }
            other => bail!("index.html: rel=\"{other}\" is not understood; there are rust, css, icon, copy-file and copy-dir"),
        }
    })?;
    site.insert("index.html", page);
    Ok(site)
}

/// Compiles the binary `name`, generates its glue and adds both. The links returned start both downloads at once, and tell the loader
/// the names.
fn add_program(site: &mut Site, name: &str, options: Options) -> Result<String> {
    let directory = scratch(if options.release { "release" } else { "debug" })?;
    let (wasm, script) = (directory.join(format!("{name}_bg.wasm")), directory.join(format!("{name}.js")));
    let whole = compile(name, options, options.release)?;
    if options.release {
        let pieces = split::cut(&whole, name, &scratch("parts")?)?;
        generate_glue(&pieces.main, name, &directory, false)?;
        glue::shrink_files(&wasm, &script)?;
        add_parts(site, &pieces, &script)?;
    } else {
        generate_glue(&whole, name, &directory, true)?;
    }
    if options.wasm_opt {
        optimise(&wasm)?;
    }
    let snippets = directory.join("snippets");
    if snippets.is_dir() {
        site.insert_directory("assets/snippets", &snippets)?;
    }
    let wasm = site.insert_hashed(name, ".wasm", fs::read(&wasm)?);
    let glue = site.insert_hashed(name, ".js", fs::read(script)?);
    let loader = fs::read(root().join(LOADER)).with_context(|| format!("{LOADER} cannot be read"))?;
    let loader = site.insert_hashed("start", ".js", loader);
    Ok(format!(
        "<link rel=\"modulepreload\" href=\"{glue}\">\n\
         <link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n\
         <script type=\"module\" src=\"{loader}\"></script>"
    ))
}

/// Adds what is loaded later, and tells the glue where it is: beside it.
fn add_parts(site: &mut Site, pieces: &Pieces, script: &Path) -> Result<()> {
    let mut names = BTreeMap::new();
    for (name, module) in &pieces.later {
        let stem = name.strip_prefix("split_").unwrap_or(name).trim_end_matches(".wasm");
        let address = site.insert_hashed(stem, ".wasm", module.clone());
        names.insert(name.as_str(), address.replacen("assets/", "./", 1));
    }
    let address = |name: &str| names.get(name).cloned().with_context(|| format!("{name} is not there"));
    fs::write(script, split::join(&fs::read_to_string(script)?, pieces, address)?)?;
    Ok(())
}

/// Builds the program as it is shipped, but with the names of its functions, and names the file.
pub(crate) fn module_with_names() -> Result<PathBuf> {
    const NAME: &str = "app";
    let directory = scratch("names")?;
    generate_glue(&compile(NAME, Options { release: true, wasm_opt: false, small: false }, true)?, NAME, &directory, true)?;
    Ok(directory.join(format!("{NAME}_bg.wasm")))
}

/// Compiles the binary for wasm and names the file. `borders`: whether it is to be cut afterwards.
pub(crate) fn compile(name: &str, options: Options, borders: bool) -> Result<PathBuf> {
    tools::ensure_wasm_target()?;
    let mut command = cargo(&["rustc", "--locked", "--package", "convoke", "--bin", name, "--target", WASM]);
    if options.release {
        command.arg("--release");
        command.args(["--config", &without_paths(options.small)?]).args(split::SETTINGS);
    }
    if options.release && options.small {
        tools::ensure_std_source()?;
        command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]).env("RUSTC_BOOTSTRAP", "1");
    }
    if borders {
        command.args(["--features", split::FEATURE, "--", split::RUST_FLAG]);
    }
    process::run(&mut command)?;
    let profile = if options.release { "release" } else { "debug" };
    Ok(target_directory()?.join(WASM).join(profile).join(format!("{name}.wasm")))
}

/// A setting of cargo's that keeps this machine's paths out of the program: panics name the files that they come from, and whoever builds
/// the same commit elsewhere gets the same bytes.
fn without_paths(small: bool) -> Result<String> {
    let sysroot = Command::new("rustc").current_dir(root()).args(["--print", "sysroot"]).output().context("rustc did not start")?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim().to_owned());
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let mut places = vec![(root().to_owned(), "convoke"), (sysroot.join("lib/rustlib/src/rust"), "rust")];
    places.extend(home.map(|home| (home.join("registry").join("src"), "crates")));
    // Literal strings of TOML: a path of Windows keeps its backslashes.
    let mut flags: Vec<String> = places.iter().map(|(path, name)| format!("'--remap-path-prefix={}={name}'", path.display())).collect();
    if small {
        flags.extend(["'-Zunstable-options'", "'-Cpanic=immediate-abort'"].map(str::to_owned));
    }
    Ok(format!("target.{WASM}.rustflags=[{}]", flags.join(",")))
}

/// Runs wasm-bindgen, which is linked into this program and so is always of the version that the app was compiled with.
pub(crate) fn generate_glue(wasm: &Path, name: &str, directory: &Path, names: bool) -> Result<()> {
    fs::remove_dir_all(directory)?;
    let mut words: Vec<OsString> = vec!["wasm-bindgen".into(), wasm.into(), "--out-dir".into(), directory.into()];
    // What the part that is loaded later calls is exported.
    words.extend(
        ["--target", "web", "--out-name", name, "--no-typescript", "--omit-default-module-path", "--keep-lld-exports"].map(OsString::from),
    );
    if !names {
        // Names of functions serve debuggers, and are a third of the file.
        words.extend(["--remove-name-section", "--remove-producers-section"].map(OsString::from));
    }
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(words).context("wasm-bindgen failed")
}

pub(crate) fn optimise(wasm: &Path) -> Result<()> {
    let script = tools::ensure_wasm_opt()?;
    process::run(Command::new("node").arg(script).arg("-Oz").arg(wasm).arg("-o").arg(wasm))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    /// What Trunk would refuse, or would do otherwise than we do, must not get into the page unseen.
    #[test]
    fn every_link_of_the_page_names_a_file_and_the_program_stays_without_wasm_opt() {
        let page = fs::read_to_string(root().join("index.html")).unwrap();
        let mut programs = 0;
        html::rewrite(&page, |link| {
            if link.need("rel")? == "rust" {
                programs += 1;
                // Without this attribute Trunk downloads wasm-opt.
                assert_eq!(link.get("data-wasm-opt"), Some("0"));
            } else {
                let source = link.need("href")?;
                assert!(root().join(source).exists(), "{source} does not exist");
            }
            Ok(String::new())
        })
        .unwrap();
        assert_eq!(programs, 1);
        assert!(!page.contains("<script>") && !page.contains(" style=") && !page.contains("<style"), "the policy refuses inline code");
    }
}
