//! `cargo xtask bench sandbox`: how fast the sandbox starts and answers, and whether its memory grows. Owns what is asked and the verdict.

use std::{
    ffi::OsStr,
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::http::Connection;
use crate::{
    process,
    sandbox::{self, Build, Running},
};

/// How many of each request are sent unless `--requests` says otherwise.
const REQUESTS: usize = 10_000;
/// As many as a mailbox serves at a time, so that no request is refused.
const CONNECTIONS: usize = 4;
/// The log of requests is emptied that often: what it keeps (up to 20 000 entries) is no leak.
const ROUND: usize = 1_000;
/// Starts of which the median is taken.
const STARTS: usize = 5;
/// What memory may grow by during all requests, in KiB: allocators keep some pages that are in use at that moment only.
const GROWTH_LIMIT: u64 = 4_096;
const SCALES: [(&str, Duration); 3] = [("1", Duration::from_millis(500)), ("10", Duration::from_secs(2)), ("100", Duration::from_secs(10))];
const DATE: &str = "2026-11-16";
const PEOPLE: [&str; 8] = ["adelev", "meganb", "alexw", "diegos", "leeg", "johannal", "isaiahl", "nestorw"];

/// Measures and prints a table; an error if memory grew.
#[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
pub(super) fn run(requests: Option<&str>) -> Result<()> {
    let requests = match requests {
        None => REQUESTS,
        Some(text) => {
            text.parse().ok().filter(|number| *number > 0).with_context(|| format!("--requests wants a number, not \"{text}\""))?
        }
    };
    let program = sandbox::build(Build::Native)?;
    for (scale, goal) in SCALES {
        let (median, memory) = start_up(&program, scale)?;
        println!(
            "start-up, --scale {scale:<3}    {:>8.0} ms   median of {STARTS}, goal {} ms; {}",
            milliseconds(median),
            goal.as_millis(),
            mebibytes(memory)
        );
    }
    let server = Running::start(&program, 0, &["--date", DATE].map(OsStr::new))?;
    let load = Load { url: server.url.clone(), authorization: authorization(&server.url)? };
    // What is made once (lookups, threads, the allocator's arenas) must not count as growth.
    for operation in OPERATIONS {
        load.run(operation, ROUND)?;
    }
    load.empty_log()?;
    let before = resident(server.process_id())?;
    for operation in OPERATIONS {
        let mut times = Vec::new();
        let mut took = Duration::ZERO;
        while times.len() < requests {
            let began = Instant::now();
            times.extend(load.run(operation, ROUND.min(requests - times.len()))?);
            took += began.elapsed();
            load.empty_log()?;
        }
        times.sort_unstable();
        let share = |percent: usize| milliseconds(times[(times.len() - 1) * percent / 100]);
        println!(
            "{:<22} {:>9.0} /s   {requests} requests on {CONNECTIONS} connections; half within {:.2} ms, 99 % within {:.2} ms",
            operation.name,
            requests as f64 / took.as_secs_f64(),
            share(50),
            share(99)
        );
    }
    let after = resident(server.process_id())?;
    let grown = after.saturating_sub(before);
    println!(
        "memory before          {:>12}\nmemory after           {:>12}   limit: {} more",
        mebibytes(before),
        mebibytes(after),
        mebibytes(GROWTH_LIMIT)
    );
    if grown > GROWTH_LIMIT {
        bail!("Memory grew by {}: something is kept for each request", mebibytes(grown));
    }
    Ok(())
}

/// The median time from the start of the process to its being ready, and the memory that it then has in KiB.
fn start_up(program: &PathBuf, scale: &str) -> Result<(Duration, u64)> {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..STARTS {
        let began = Instant::now();
        let server = Running::start(program, 0, &["--date", DATE, "--scale", scale].map(OsStr::new))?;
        times.push(began.elapsed());
        memory = resident(server.process_id())?;
    }
    times.sort_unstable();
    Ok((times[STARTS / 2], memory))
}

/// A request that is measured, for the `n`th time.
struct Operation {
    name: &'static str,
    method: &'static str,
    target: fn(usize) -> String,
    body: fn(usize) -> String,
}

const OPERATIONS: &[Operation] = &[
    Operation {
        name: "calendarView, a week",
        method: "GET",
        target: |n| {
            let person = PEOPLE[n % PEOPLE.len()];
            format!(
                "/v1.0/users/{person}@contoso.onmicrosoft.com/calendarView?startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z&$top=100"
            )
        },
        body: |_| String::new(),
    },
    Operation {
        name: "getSchedule, 8 people",
        method: "POST",
        target: |n| format!("/v1.0/users/{}@contoso.onmicrosoft.com/calendar/getSchedule", PEOPLE[n % PEOPLE.len()]),
        body: |_| {
            let time = |day: &str| json!({ "dateTime": format!("2026-11-{day}T00:00:00"), "timeZone": "UTC" });
            let schedules = PEOPLE.map(|person| format!("{person}@contoso.onmicrosoft.com"));
            json!({ "schedules": schedules, "startTime": time("16"), "endTime": time("21"), "availabilityViewInterval": 15 }).to_string()
        },
    },
];

/// An application's own token, since no person is there to sign in.
fn authorization(url: &str) -> Result<String> {
    let form = "grant_type=client_credentials&client_id=00000000-0000-0000-0000-00000000c0d3&client_secret=sandbox-secret\
                &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default";
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = Connection::open(url)?.send("POST", "/contoso.onmicrosoft.com/oauth2/v2.0/token", &kind, form)?;
    let body: Value = serde_json::from_slice(&answer.body).context("the token endpoint's answer is not JSON")?;
    let token = body["access_token"].as_str().with_context(|| format!("no token was issued ({})", answer.status))?;
    Ok(format!("Bearer {token}"))
}

/// Requests from several connections at once.
struct Load {
    url: String,
    authorization: String,
}

impl Load {
    /// Sends `count` requests; how long each took. Any answer but 200 ends the measurement.
    fn run(&self, operation: &Operation, count: usize) -> Result<Vec<Duration>> {
        let next = AtomicUsize::new(0);
        let worker = || -> Result<Vec<Duration>> {
            let mut connection = Connection::open(&self.url)?;
            let headers = [("Authorization", self.authorization.as_str()), ("Content-Type", "application/json")];
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(times);
                }
                if process::interrupted() {
                    bail!("interrupted");
                }
                let (target, body) = ((operation.target)(number), (operation.body)(number));
                let began = Instant::now();
                let answer = connection.send(operation.method, &target, &headers, &body)?;
                times.push(began.elapsed());
                if answer.status != 200 {
                    bail!("{} was answered {}: {}", operation.name, answer.status, String::from_utf8_lossy(&answer.body));
                }
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(worker)).collect();
            let mut all = Vec::new();
            for worker in workers {
                all.extend(worker.join().map_err(|_| anyhow::anyhow!("a connection's thread panicked"))??);
            }
            Ok(all)
        })
    }

    fn empty_log(&self) -> Result<()> {
        let answer = Connection::open(&self.url)?.send("DELETE", "/sandbox/requests", &[], "")?;
        if answer.status != 204 {
            bail!("the log cannot be emptied ({})", answer.status);
        }
        Ok(())
    }
}

/// The resident memory of a process in KiB: from `/proc` where there is one, else from `ps`.
fn resident(process: u32) -> Result<u64> {
    let figure = match fs::read_to_string(format!("/proc/{process}/status")) {
        Ok(status) => status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default().trim_end_matches("kB").to_owned(),
        Err(_) => {
            let output = Command::new("ps").args(["-o", "rss=", "-p", &process.to_string()]).output().context("ps did not start")?;
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
    };
    figure.trim().parse().with_context(|| format!("the memory of process {process} is not known"))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn mebibytes(kibibytes: u64) -> String {
    format!("{:.1} MiB", kibibytes as f64 / 1024.0)
}
