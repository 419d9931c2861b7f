//! The command as a developer or a build script runs it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

fn sandbox(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_convoke-sandbox")).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn it_says_where_it_is_and_stops_when_told() {
    let mut child = sandbox(&["--port", "0", "--seed", "7", "--date", "2026-11-16"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.strip_prefix("Sandbox: ").unwrap_or_else(|| panic!("{first}")).to_owned();
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    // It answers by the time that the line is printed.
    assert_eq!(reqwest::get(&address).await.unwrap().status(), 200);
    assert!(lines.next().unwrap().unwrap().contains("tokens mean nothing elsewhere"));
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

#[test]
fn bad_arguments_are_named() {
    let check = |arguments: &[&str], code: i32, text: &str| {
        let output = sandbox(arguments).wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(text), "{said}");
    };
    check(&["--port", "many"], 2, "--port: ");
    check(&["--date", "tomorrow"], 2, "--date: ");
    check(&["--faults", "/nowhere/faults.json"], 2, "--faults: /nowhere/faults.json");
    check(&["--listen", "0.0.0.0"], 2, "--listen");
    check(&["--let-other-machines-connect", "everywhere"], 2, "--let-other-machines-connect: ");
    // 192.0.2.1 is set aside for documentation and is no address of this machine.
    check(&["--let-other-machines-connect", "192.0.2.1", "--port", "0"], 1, "cannot listen on 192.0.2.1");
}
