//! What the server of static files promises, asked over a socket.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use super::*;
use crate::{config::Hosts, policy};

fn start() -> Running {
    let mut site = Site::default();
    site.insert("index.html", "<!doctype html>");
    site.insert("assets/app-1.wasm", vec![0; 100_000]);
    site.insert("assets/app-1.js", "export default 1");
    site.insert("with space.txt", "text");
    site.insert(policy::FILE_NAME, policy::rule_file(&Hosts::from_json("{}").unwrap()));
    serve(site, listen(0).unwrap()).unwrap()
}

/// Sends a request as it stands; status line and headers in lower case, and the body.
fn ask(server: &Running, method: &str, target: &str, header: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    write!(stream, "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    (String::from_utf8_lossy(&answer[..end]).to_lowercase(), answer[end + 4..].to_vec())
}

#[test]
fn files_come_with_type_length_policy_and_caching() {
    let server = start();
    let (head, body) = ask(&server, "GET", "/", "");
    assert!(head.starts_with("http/1.1 200 "), "{head}");
    assert_eq!(body, b"<!doctype html>");
    for part in ["content-type: text/html; charset=utf-8", "cache-control: no-cache", "content-security-policy: default-src 'none';"] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    let (head, body) = ask(&server, "GET", "/assets/app-1.wasm?query", "");
    assert_eq!(body.len(), 100_000);
    for part in ["content-type: application/wasm", "content-length: 100000", "immutable", "x-content-type-options: nosniff"] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    assert!(ask(&server, "GET", "/assets/app-1.js", "").0.contains("content-type: text/javascript"));
    assert!(ask(&server, "GET", "/with%20space.txt", "").0.starts_with("http/1.1 200 "));
}

#[test]
fn head_answers_without_a_body() {
    let (head, body) = ask(&start(), "HEAD", "/assets/app-1.js", "");
    assert!(head.starts_with("http/1.1 200 ") && head.contains("content-length: 16"), "{head}");
    assert!(body.is_empty());
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let server = start();
    let (head, _) = ask(&server, "GET", "/", "");
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let (head, body) = ask(&server, "GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert!(head.starts_with("http/1.1 304 ") && body.is_empty(), "{head}");
    assert!(ask(&server, "GET", "/", "If-None-Match: \"other\"\r\n").0.starts_with("http/1.1 200 "));
}

#[test]
fn what_is_not_there_is_not_found_and_nothing_leads_out() {
    let server = start();
    for target in [
        "/nothing",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "//etc/passwd",
        "/assets",
        "/_headers",
        "/%5fheaders",
        "/%",
        "/%ff",
    ] {
        let (head, _) = ask(&server, "GET", target, "");
        assert!(head.starts_with("http/1.1 404 "), "{target}: {head}");
        assert!(!head.contains("immutable"), "{target}: {head}");
    }
    assert!(ask(&server, "GET", "/assets/app-2.js", "").0.contains("cache-control: no-store"), "a missing file must not be cached");
}

#[test]
fn other_methods_are_refused() {
    let (head, _) = ask(&start(), "POST", "/", "Content-Length: 0\r\n");
    assert!(head.starts_with("http/1.1 405 ") && head.contains("allow: get, head"), "{head}");
}

#[test]
fn idle_connections_do_not_keep_others_waiting() {
    let server = start();
    let idle: Vec<_> = (0..12).map(|_| TcpStream::connect(server.url.trim_start_matches("http://")).unwrap()).collect();
    assert!(ask(&server, "GET", "/", "").0.starts_with("http/1.1 200 "));
    drop(idle);
}

#[test]
fn one_connection_serves_for_several_requests() {
    let server = start();
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let mut reader = BufReader::new(&stream);
    for _ in 0..2 {
        write!(&stream, "GET /assets/app-1.js HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        while !reader.by_ref().lines().next().unwrap().unwrap().is_empty() {}
        let mut body = [0; 16];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"export default 1");
    }
}

#[test]
fn what_is_no_request_ends_the_connection() {
    let server = start();
    for bytes in [&b"\r\n\r\n"[..], b"GET /\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x", &[b'a'; 100_000]] {
        let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
        // The server may hang up before it has read all of it.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn a_stopped_server_lets_its_port_go() {
    let server = start();
    let port: u16 = server.url.rsplit(':').next().unwrap().parse().unwrap();
    drop(server);
    let freed = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(20));
        listen(port).is_ok()
    });
    assert!(freed);
}

#[test]
fn a_taken_port_is_seen() {
    let taken = listen(0).unwrap();
    let port = taken[0].local_addr().unwrap().port();
    let error = listen(port).unwrap_err();
    assert_eq!(port_taken(port, "--port", &error).to_string(), format!("Port {port} is in use; choose another with --port"));
    assert_ne!(free_port(port, None).unwrap(), port);
}
