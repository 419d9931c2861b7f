//! Where things are: the repository's root, cargo's target directory, cargo itself.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use anyhow::{Context, Result, bail};

/// The target that the app is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The repository's root. `cargo run` names the manifest directory at run time, so a moved checkout needs no rebuild.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        xtask.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    })
}

/// A cargo command in the repository's root: the cargo that runs us, so that all steps use one toolchain.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Cargo's target directory, whether it comes from the environment, a configuration file or nowhere.
pub(crate) fn target_directory() -> Result<&'static Path> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = TARGET.get() {
        return Ok(known);
    }
    let output = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output().context("cargo metadata did not start")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata was not understood")?;
    let directory = metadata["target_directory"].as_str().context("cargo metadata names no target_directory")?;
    Ok(TARGET.get_or_init(|| directory.into()))
}

/// A directory of our own below the target directory, created.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let directory = target_directory()?.join("xtask").join(name);
    std::fs::create_dir_all(&directory).with_context(|| format!("{} cannot be created", directory.display()))?;
    Ok(directory)
}

/// `path` as seen from the root, with forward slashes on every system.
pub(crate) fn relative(path: &Path) -> String {
    let shown = path.strip_prefix(root()).unwrap_or(path);
    shown.to_string_lossy().replace('\\', "/")
}
