//! What a fresh machine lacks: the wasm target, a browser with its driver, the packages of the end-to-end tests, wasm-opt. Each is
//! looked for first, then installed where that needs nobody's leave, else asked for in one line.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    process,
    workspace::{WASM, root, scratch},
};

/// The release of npm's `binaryen` that `--wasm-opt` uses. Debian's own (108) cannot read what this compiler writes.
const BINARYEN: &str = "binaryen@132.0.0";
const BROWSERS: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const MAC_BROWSER: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Makes sure that the compiler can build for wasm.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    eprintln!("Adding the compiler's target {WASM}");
    // The toolchain file names the target, but rustup reads that only when it installs the toolchain.
    let added = Command::new("rustup").current_dir(root()).args(["target", "add", WASM]).status().is_ok_and(|status| status.success());
    if added && has_wasm_target() {
        return Ok(());
    }
    bail!("The compiler lacks the target {WASM}: run `rustup target add {WASM}`, or install your distribution's package for it")
}

/// Makes sure that the compiler's own library can be compiled, as `--small` wants it.
pub(crate) fn ensure_std_source() -> Result<()> {
    if has_std_source() {
        return Ok(());
    }
    eprintln!("Adding the source of the standard library");
    let added =
        Command::new("rustup").current_dir(root()).args(["component", "add", "rust-src"]).status().is_ok_and(|status| status.success());
    if added && has_std_source() {
        return Ok(());
    }
    bail!("--small needs the source of the standard library: run `rustup component add rust-src`, or install your distribution's package")
}

fn has_std_source() -> bool {
    let output = Command::new("rustc").current_dir(root()).args(["--print", "sysroot"]).output();
    output.is_ok_and(|output| {
        Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
    })
}

fn has_wasm_target() -> bool {
    let output = Command::new("rustc").current_dir(root()).args(["--print", "target-libdir", "--target", WASM]).output();
    output.is_ok_and(|output| output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// A Chromium (or Chrome) and, if it is wanted, the driver that belongs to it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: Option<PathBuf>,
}

/// Finds the browser: `CHROMIUM` and `CHROMEDRIVER` in the environment first, then the path, then the package manager.
pub(crate) fn ensure_browser(driver: bool) -> Result<Browser> {
    if let Some(found) = find_browser(driver) {
        return Ok(found);
    }
    install_browser();
    find_browser(driver).context(
        "Chromium or ChromeDriver is missing: install both (on Debian `apt-get install chromium chromium-driver`), \
         or name them in CHROMIUM and CHROMEDRIVER",
    )
}

fn find_browser(driver: bool) -> Option<Browser> {
    let chromium = env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| BROWSERS.iter().find_map(|name| find_program(name)))
        .or_else(|| Some(PathBuf::from(MAC_BROWSER)).filter(|path| path.is_file()))?;
    if !driver {
        return Some(Browser { chromium, driver: None });
    }
    let driver = env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| find_program("chromedriver"))?;
    Some(Browser { chromium, driver: Some(driver) })
}

/// Tries the package manager where that asks no questions; whether it helped is seen by looking again.
fn install_browser() {
    let Some(apt) = find_program("apt-get") else { return };
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    let prefix: &[&str] = match is_root {
        true => &[],
        false if process::succeeds(Command::new("sudo").args(["-n", "true"])) => &["sudo", "-n"],
        false => return,
    };
    eprintln!("Installing Chromium and ChromeDriver");
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]] {
        let mut words = prefix.iter().map(AsRef::as_ref).chain([apt.as_os_str()]);
        let Some(program) = words.next() else { return };
        let mut command = Command::new(program);
        command.args(words).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        // A failed update is no reason not to try: the package lists may be good enough.
        if let Err(error) = process::run(&mut command) {
            eprintln!("{error:#}");
        }
    }
}

/// Installs the packages of `tests/` as its lockfile has them, unless they are there.
pub(crate) fn ensure_node_packages() -> Result<()> {
    if find_program("node").is_none() {
        bail!("Node.js is missing: install version 20 or later with npm")
    }
    let tests = root().join("tests");
    let modified = |path: PathBuf| path.metadata().and_then(|metadata| metadata.modified()).ok();
    // npm writes this copy of the lockfile last.
    let installed = modified(tests.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= modified(tests.join("package-lock.json")) {
        return Ok(());
    }
    eprintln!("Installing the packages of tests/");
    process::run(npm()?.current_dir(&tests).args(["ci", "--no-audit", "--no-fund"]))
}

/// The script of npm's binaryen, to be run with node, installed below the target directory at its first use.
pub(crate) fn ensure_wasm_opt() -> Result<PathBuf> {
    let directory = scratch("binaryen")?;
    let script = directory.join("node_modules/binaryen/bin/wasm-opt");
    if !script.is_file() {
        eprintln!("Installing {BINARYEN}");
        process::run(npm()?.current_dir(&directory).args(["install", "--no-audit", "--no-fund", "--prefix", ".", BINARYEN]))?;
    }
    Ok(script)
}

fn npm() -> Result<Command> {
    let npm = find_program("npm").context("npm is missing: install Node.js 20 or later with npm")?;
    Ok(Command::new(npm))
}

/// Looks for a program on the path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    env::split_paths(&env::var_os("PATH")?)
        .flat_map(|directory| endings.iter().map(move |ending| directory.join(format!("{name}{ending}"))))
        .find(|path| path.is_file())
}
