//! The copy of the tree that mutants live in. Owns making it, changing a file and putting it back; nothing here touches the checkout.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::workspace::root;

/// A copy of everything that git knows, or would add, in its state of this moment.
pub(super) struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

/// A file that was changed, and what it held.
pub(super) struct Changed {
    path: PathBuf,
    text: String,
}

impl Copy {
    /// Makes it below `directory`. What is there from before is replaced, but for the compiler's results.
    pub(super) fn make(directory: &Path) -> Result<Self> {
        let (tree, target) = (directory.join("tree"), directory.join("target"));
        if tree.exists() {
            fs::remove_dir_all(&tree).with_context(|| format!("{} cannot be removed", tree.display()))?;
        }
        let listed =
            Command::new("git").current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).output();
        let listed = listed.context("git did not start")?;
        if !listed.status.success() {
            bail!("git cannot list the tree: {}", String::from_utf8_lossy(&listed.stderr).trim());
        }
        for name in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (root().join(name), tree.join(name));
            // A file that was deleted but not yet committed is listed all the same.
            if from.is_file() {
                to.parent().map(fs::create_dir_all).transpose()?;
                fs::copy(&from, &to).with_context(|| format!("{name} cannot be copied"))?;
            }
        }
        Ok(Self { tree, target })
    }

    /// Changes the only place in `file` that reads `from`.
    pub(super) fn replace(&self, file: &str, from: &str, to: &str) -> Result<Changed> {
        let path = self.tree.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("{file} cannot be read"))?;
        if text.matches(from).count() != 1 {
            bail!("{file} does not hold exactly one \"{from}\"");
        }
        fs::write(&path, text.replace(from, to)).with_context(|| format!("{file} cannot be written"))?;
        Ok(Changed { path, text })
    }

    pub(super) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.tree).args(arguments).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// This very program, working on the copy.
    pub(super) fn xtask(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(env::current_exe().context("this program does not know its own path")?);
        command.current_dir(&self.tree).args(arguments);
        command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_MANIFEST_DIR", self.tree.join("xtask"));
        Ok(command)
    }
}

impl Changed {
    /// Puts the file back as it was.
    pub(super) fn restore(self) -> Result<()> {
        fs::write(&self.path, self.text).with_context(|| format!("{} cannot be written", self.path.display()))
    }
}
