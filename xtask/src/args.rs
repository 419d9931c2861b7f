//! Options of a command line. Owns how an option is taken from what was typed; what an option means stays with its command.

use std::{ffi::OsString, path::PathBuf};

use anyhow::{Context, Result, bail};

/// What was typed behind the command, from which each option is taken; what nobody took is an error of [`Args::finish`].
pub(crate) struct Args {
    words: Vec<String>,
}

impl Args {
    /// Splits `--name=value` into two words, so that both spellings are one.
    pub(crate) fn new(words: Vec<OsString>) -> Result<Self> {
        let mut parser = lexopt::Parser::from_args(words);
        let mut words = Vec::new();
        while let Some(word) = parser.next()? {
            words.push(match word {
                lexopt::Arg::Long(name) => format!("--{name}"),
                lexopt::Arg::Short(name) => format!("-{name}"),
                lexopt::Arg::Value(value) => text(value)?,
            });
            if let Some(value) = parser.optional_value() {
                words.push(text(value)?);
            }
        }
        Ok(Self { words })
    }

    /// Whether the switch `name` (such as `--debug`) was given.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// The value of the option `name`, if it was given.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(at) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        match self.words.get(at + 1) {
            Some(value) if !value.starts_with("--") => {
                let value = value.clone();
                self.words.drain(at..at + 2);
                Ok(Some(value))
            }
            _ => bail!("{name} wants a value"),
        }
    }

    /// All values of an option that may be repeated and may hold several, separated by commas.
    pub(crate) fn list(&mut self, name: &str) -> Result<Vec<String>> {
        let mut all = Vec::new();
        while let Some(value) = self.value(name)? {
            all.extend(value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
        }
        Ok(all)
    }

    /// A port number; 0 lets the system choose a free one.
    pub(crate) fn port(&mut self, name: &str) -> Result<Option<u16>> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        let port = value.parse().with_context(|| format!("{name} wants a number from 0 to 65535, not \"{value}\""))?;
        Ok(Some(port))
    }

    /// A path, as typed.
    pub(crate) fn path(&mut self, name: &str) -> Result<Option<PathBuf>> {
        Ok(self.value(name)?.map(PathBuf::from))
    }

    /// Names what nobody took: a misspelt option must not be ignored.
    pub(crate) fn finish(self, synopsis: &str) -> Result<()> {
        match self.words.first() {
            None => Ok(()),
            Some(word) if synopsis.is_empty() => bail!("\"{word}\" is not understood; this command takes no options"),
            Some(word) => bail!("\"{word}\" is not understood; there are {synopsis}"),
        }
    }
}

fn text(value: OsString) -> Result<String> {
    value.into_string().map_err(|value| anyhow::anyhow!("{} is not readable as text", value.display()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(OsString::from).collect()).unwrap()
    }

    #[test]
    fn options_are_read_in_both_spellings() {
        let mut args = args("--port 8080 --sandbox-port=0 --debug --only a,b --only c");
        assert_eq!(args.port("--port").unwrap(), Some(8080));
        assert_eq!(args.port("--sandbox-port").unwrap(), Some(0));
        assert!(args.switch("--debug"));
        assert!(!args.switch("--release"));
        assert_eq!(args.list("--only").unwrap(), ["a", "b", "c"]);
        args.finish("").unwrap();
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert_eq!(args("--prot 1").finish("--port N").unwrap_err().to_string(), "\"--prot\" is not understood; there are --port N");
        assert_eq!(args("--port").port("--port").unwrap_err().to_string(), "--port wants a value");
        assert_eq!(args("--port --debug").port("--port").unwrap_err().to_string(), "--port wants a value");
        assert!(args("--port 65536").port("--port").unwrap_err().to_string().contains("\"65536\""));
    }
}
