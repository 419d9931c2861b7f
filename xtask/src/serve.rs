//! The server of static files for demo and tests. Owns requests and responses; which files there are is `site`'s, and the headers
//! come from the rule file that ships with them. It listens on loopback only.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};

use crate::{
    policy::Rules,
    site::{Site, content_type, hash},
};

/// How long a connection may be silent. Browsers open some ahead of need; each costs no more than a sleeping thread.
const SILENCE: Duration = Duration::from_secs(60);
/// What a request may measure, up to the empty line; more is refused.
const HEAD_LIMIT: u64 = 64 * 1024;

/// A server that answers until this value goes.
pub(crate) struct Running {
    /// `http://localhost:<port>`, without a slash at the end.
    pub(crate) url: String,
    stopped: Arc<AtomicBool>,
    addresses: Vec<SocketAddr>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        for address in &self.addresses {
            // Wakes the thread that waits for connections, so that it sees the flag and lets the port go.
            let _ = TcpStream::connect(address);
        }
    }
}

/// Takes `port` of `localhost`, on IPv6 too where there is any: a browser may try either, and must not find somebody else there.
/// The error is of the kind `AddrInUse` where either is taken. Port 0 takes any free one.
pub(crate) fn listen(port: u16) -> io::Result<Vec<TcpListener>> {
    const TRIES: usize = 10;
    // A port that is free on IPv4 may be taken on IPv6; where any will do, the next one is tried.
    let mut tries = if port == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        match listen_once(port) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => {}
            result => return result,
        }
    }
}

fn listen_once(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = TcpListener::bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))?;
    let port = first.local_addr()?.port();
    match TcpListener::bind(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port)) {
        Ok(second) => Ok(vec![first, second]),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(vec![first]),
    }
}

/// Serves `site` on `listeners`, with a thread for each connection.
pub(crate) fn serve(site: Site, listeners: Vec<TcpListener>) -> Result<Running> {
    let addresses = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<_>>>()?;
    let port = addresses.first().context("no listener")?.port();
    let rules = site.rules();
    let shared = Arc::new((site, rules));
    let stopped = Arc::new(AtomicBool::new(false));
    for listener in listeners {
        let (shared, stopped) = (Arc::clone(&shared), Arc::clone(&stopped));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (shared, stopped) = (Arc::clone(&shared), Arc::clone(&stopped));
                // The browser may go at any time; that is its right.
                thread::spawn(move || converse(&stream, &shared.0, &shared.1, &stopped));
            }
        });
    }
    Ok(Running { url: format!("http://localhost:{port}"), stopped, addresses })
}

/// Answers the requests of one connection, one after the other, until one side has enough.
fn converse(stream: &TcpStream, site: &Site, rules: &Rules, stopped: &AtomicBool) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        let reply = answer(site, rules, &request);
        let keep = request.keep && !stopped.load(Ordering::SeqCst);
        let mut bytes = head(&reply, keep).into_bytes();
        if request.method != "HEAD" {
            bytes.extend_from_slice(reply.body);
        }
        (&mut &*stream).write_all(&bytes)?;
        if !keep {
            break;
        }
    }
    Ok(())
}

/// Reads up to the empty line (RFC 9112, section 2); nothing where the other side has ended, or what it sent is no request.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut reader = reader.take(HEAD_LIMIT);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else { return Ok(None) };
    let mut request = Request { method: method.to_owned(), target: target.to_owned(), if_none_match: None, keep: version == "HTTP/1.1" };
    loop {
        line.clear();
        // Without the empty line the head was cut off, or too long.
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.split_once(':') else { break };
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("if-none-match", value) => request.if_none_match = Some(value.to_owned()),
            ("connection", value) if value.eq_ignore_ascii_case("close") => request.keep = false,
            // A body is not read, so that what follows it could not be told from it.
            ("content-length" | "transfer-encoding", _) => request.keep = false,
            _ => {}
        }
    }
    Ok(Some(request))
}

fn head(reply: &Reply<'_>, keep: bool) -> String {
    let reason = match reply.status {
        200 => "OK",
        304 => "Not Modified",
        404 => "Not Found",
        _ => "Method Not Allowed",
    };
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if reply.status != 304 {
        head.push_str(&format!("Content-Length: {}\r\n", reply.body.len()));
    }
    head.push_str(if keep { "\r\n" } else { "Connection: close\r\n\r\n" });
    head
}

/// As much of a request as an answer depends on.
struct Request {
    method: String,
    /// Path and query, as sent.
    target: String,
    if_none_match: Option<String>,
    /// Whether the connection serves for another request.
    keep: bool,
}

/// An answer before it meets the socket.
struct Reply<'site> {
    status: u16,
    headers: Vec<(String, String)>,
    body: &'site [u8],
}

fn answer<'site>(site: &'site Site, rules: &Rules, request: &Request) -> Reply<'site> {
    let path = request.target.split(['?', '#']).next().unwrap_or_default();
    // What cannot be decoded names no file of ours, and is looked for as it stands.
    let path = percent_decoded(path).unwrap_or_else(|| path.to_owned());
    let mut headers: Vec<(String, String)> = rules.headers(&path).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        headers.push(("Allow".to_owned(), "GET, HEAD".to_owned()));
        return plain(405, headers, b"Only GET and HEAD are answered here.\n");
    }
    let name = path.strip_prefix('/').unwrap_or_default();
    let name = if name.is_empty() || name.ends_with('/') { format!("{name}index.html") } else { name.to_owned() };
    // The rule file is for the server, not for the public; static hosts hide it too.
    let Some(contents) = site.get(&name).filter(|_| !name.starts_with('_')) else {
        return plain(404, headers, b"There is no such file.\n");
    };
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Cache-Control")) {
        headers.push(("Cache-Control".to_owned(), "no-cache".to_owned()));
    }
    let tag = format!("\"{}\"", hash(contents));
    let unchanged = request.if_none_match.as_deref().is_some_and(|known| known.split(',').any(|known| known.trim() == tag));
    headers.push(("ETag".to_owned(), tag));
    if unchanged {
        return Reply { status: 304, headers, body: b"" };
    }
    headers.push(("Content-Type".to_owned(), content_type(&name).to_owned()));
    Reply { status: 200, headers, body: contents }
}

fn plain(status: u16, mut headers: Vec<(String, String)>, body: &'static [u8]) -> Reply<'static> {
    headers.retain(|(name, _)| !name.eq_ignore_ascii_case("Cache-Control"));
    headers.push(("Cache-Control".to_owned(), "no-store".to_owned()));
    headers.push(("Content-Type".to_owned(), content_type("plain.txt").to_owned()));
    Reply { status, headers, body }
}

/// A path with `%20` and the like decoded; nothing if it is not text then.
fn percent_decoded(path: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        decoded.push(digit()? << 4 | digit()?);
    }
    String::from_utf8(decoded).ok()
}

/// Why a port could not be had, in one line that names the option.
pub(crate) fn port_taken(port: u16, option: &str, error: &io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow!("Port {port} is in use; choose another with {option}"),
        _ => anyhow!("Port {port} cannot be used ({error}); choose another with {option}"),
    }
}

/// The first port from `start` on that is free on loopback, and not `other`.
pub(crate) fn free_port(start: u16, other: Option<u16>) -> Result<u16> {
    const TRIES: u16 = 100;
    let free = |port: &u16| Some(*port) != other && listen(*port).is_ok();
    match (start..start.saturating_add(TRIES)).find(free) {
        Some(port) => Ok(port),
        None => bail!("No port from {start} on is free"),
    }
}

#[cfg(test)]
#[path = "serve_tests.rs"]
mod tests;
