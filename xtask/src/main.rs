//! `cargo xtask`: everything that is done with this repository. Owns the table of commands; leaves each command to its own file.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to the terminal")]

mod args;
mod bench;
mod bundle;
mod config;
mod demo;
mod glue;
mod html;
mod mutants;
mod npm;
mod policy;
mod process;
mod sandbox;
mod screenshots;
mod serve;
mod site;
mod size;
mod split;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::{ffi::OsString, process::ExitCode};

use anyhow::{Result, bail};

use process::Reported;

/// One command: its name, what follows it, what it does, and the code.
struct Command {
    name: &'static str,
    synopsis: &'static str,
    about: &'static str,
    run: fn(Vec<OsString>) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "demo",
        synopsis: demo::SYNOPSIS,
        about: "Build the app, serve it on http://localhost:8080 and start the sandbox beside it (http://127.0.0.1:8081)",
        run: demo::run,
    },
    Command {
        name: "test",
        synopsis: test::SYNOPSIS,
        about: "Set up what is missing and run every check; --only and --skip take names from the summary, separated by commas",
        run: test::run,
    },
    Command {
        name: "build",
        synopsis: bundle::SYNOPSIS,
        about: "Build the app for deployment into dist/app; --config ships that file as config.json and fits the policy to it. With npm: build the \
                package into dist/npm instead, ready for npm pack",
        run: bundle::run,
    },
    Command {
        name: "sandbox",
        synopsis: "[options of the sandbox…]",
        about: "Run Entra ID and Microsoft Graph on loopback; `cargo xtask sandbox --help` lists its options",
        run: sandbox::run,
    },
    Command {
        name: "bench",
        synopsis: bench::SYNOPSIS,
        about: "Measure the sandbox: start-up, requests a second, and whether its memory grows",
        run: bench::run,
    },
    Command {
        name: "size",
        synopsis: size::SYNOPSIS,
        about: "Weigh dist/app as it goes over the wire and hold it to its budget; --detail says where the program's bytes are",
        run: size::run,
    },
    Command { name: "tidy", synopsis: "", about: "Check the rules that ARCHITECTURE.md states and no compiler knows", run: tidy::run },
    Command {
        name: "mutants",
        synopsis: mutants::SYNOPSIS,
        about: "Break each rule of the sign-in on purpose, in a copy of the tree, and show that a test notices",
        run: mutants::run,
    },
    Command {
        name: "policy",
        synopsis: policy::SYNOPSIS,
        about: "Print the response headers (content security policy and others) that a server of the app has to send",
        run: policy::run,
    },
    Command { name: "screenshots", synopsis: "", about: "Picture the demo's screens into the target directory", run: screenshots::run },
    Command { name: "help", synopsis: "", about: "Print this", run: help },
];

/// What cargo calls as the runner of wasm tests. Not in the table: nobody types it.
const TEST_RUNNER: &str = "wbg-test";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let name = words.next().unwrap_or_else(|| "help".into());
    match dispatch(&name.to_string_lossy(), words.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if error.downcast_ref::<Reported>().is_none() {
                eprintln!("{error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(name: &str, rest: Vec<OsString>) -> Result<()> {
    if name == TEST_RUNNER {
        return test::browser::run_wasm_test(rest);
    }
    let name = if matches!(name, "-h" | "--help") { "help" } else { name };
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        let names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        bail!("There is no command \"{name}\"; there are {}", names.join(", "));
    };
    let passes_through = command.name == "sandbox";
    if !passes_through && rest.iter().any(|word| word == "--help" || word == "-h") {
        println!("cargo xtask {} {}\n{}", command.name, command.synopsis, command.about);
        return Ok(());
    }
    process::watch_for_interrupt()?;
    (command.run)(rest)
}

fn help(_: Vec<OsString>) -> Result<()> {
    println!("Usage: cargo xtask <command> [options]\n");
    for Command { name, synopsis, about, .. } in COMMANDS {
        println!("  {name} {synopsis}\n      {about}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_command_is_named() {
        let error = dispatch("tets", Vec::new()).map_err(|error| error.to_string());
        assert!(matches!(&error, Err(text) if text.contains("\"tets\"") && text.contains("test")), "{error:?}");
    }
}
