//! `cargo xtask bench engine`: the scheduling engine natively and in Chromium, beside JavaScript that does the same. Owns building both
//! sides, running them and the table; what is measured is in `tests/bench`.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    bundle, process,
    serve::{listen, serve},
    site::Site,
    test::browser::CHROMIUM_FLAGS,
    tools,
    workspace::{WASM, cargo, root, scratch, target_directory},
};

const PACKAGE: &str = "convoke-bench";
const SIZES: [u32; 3] = [20, 200, 2000];

/// Measures and prints the tables. `people`: only these sizes.
#[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
pub(super) fn run(people: &[String]) -> Result<()> {
    let sizes = chosen(people)?;
    let native = native(&sizes)?;
    let browser = in_browser(&sizes)?;
    println!("\nRanking what is in memory (ms): 20 best slots with everybody's state and reasons; the references only count.\n");
    println!("people weeks step | native | Chromium: engine  bit sets  ratio  obvious | with everything: native  Chromium");
    for times in browser.iter().filter(|times| times["people"].is_u64()) {
        let same = |other: &&Value| ["people", "weeks", "step"].iter().all(|name| other[name] == times[name]);
        let of = |everything: bool, name: &str| {
            native.iter().filter(same).find(|other| other["everything"] == everything).map_or(f64::NAN, |other| number(other, name))
        };
        println!(
            "{:>6} {:>5} {:>4} | {:>6.2} | {:>16.2} {:>9.2} {:>6.2} {:>7.0}{} | {:>23.2} {:>9.2}",
            number(times, "people"),
            number(times, "weeks"),
            number(times, "step"),
            of(false, "rank"),
            number(times, "rank"),
            number(times, "counted"),
            number(times, "rankRatio"),
            number(times, "obvious"),
            if times["obviousCut"] == true { "~" } else { " " },
            of(true, "rank"),
            number(times, "everything"),
        );
    }
    println!("~ : over a part of the candidates, scaled up. Goal: ratio at most 1.\n");
    println!("From JSON text to the result as an object (ms): for the references JSON.parse, dates and counting.\n");
    println!("people weeks step |   MB | native | Chromium: engine  of it reading  bit sets  ratio");
    for times in browser.iter().filter(|times| times["people"].is_u64()) {
        let same = |other: &&Value| ["people", "weeks", "step"].iter().all(|name| other[name] == times[name]);
        let whole = native.iter().filter(same).find(|other| other["everything"] == false).map_or(f64::NAN, |other| number(other, "whole"));
        println!(
            "{:>6} {:>5} {:>4} | {:>4.1} | {:>6.1} | {:>16.1} {:>14.1} {:>9.1} {:>6.2}",
            number(times, "people"),
            number(times, "weeks"),
            number(times, "step"),
            number(times, "bytes") / 1e6,
            whole,
            number(times, "whole"),
            number(times, "parsed"),
            number(times, "readAndCounted"),
            number(times, "wholeRatio"),
        );
    }
    println!("Goal: at 200 people, 8 weeks and 15 minutes, ratio at most 1.\n");
    if let Some(times) = browser.iter().find(|times| times["events"].is_u64()) {
        let read = native.iter().find(|other| other["events"].is_u64()).map_or(f64::NAN, |other| number(other, "read"));
        let (model, mapped) = (number(times, "model"), number(times, "mapped"));
        println!(
            "{:.1} MB of events into the model: native {read:.1} ms; Chromium {model:.1} ms, JSON.parse and mapping {mapped:.1} ms, ratio {:.2} (goal at most 1.5)",
            number(times, "events") / 1e6,
            number(times, "ratio")
        );
    }
    Ok(())
}

fn number(times: &Value, name: &str) -> f64 {
    times[name].as_f64().unwrap_or(f64::NAN)
}

fn chosen(people: &[String]) -> Result<Vec<u32>> {
    if people.is_empty() {
        return Ok(SIZES.to_vec());
    }
    people.iter().map(|text| text.parse().with_context(|| format!("--people wants numbers, not \"{text}\""))).collect()
}

fn lines(output: &[u8]) -> Result<Vec<Value>> {
    String::from_utf8_lossy(output)
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("{line} is no measurement")))
        .collect()
}

fn native(sizes: &[u32]) -> Result<Vec<Value>> {
    process::run(&mut cargo(&["build", "--locked", "--profile", "native", "--package", PACKAGE, "--bin", "bench-native"]))?;
    eprintln!("Measuring natively");
    let mut command = Command::new(target_directory()?.join("native").join(format!("bench-native{}", std::env::consts::EXE_SUFFIX)));
    let output = command.args(sizes.iter().map(u32::to_string)).output().context("the measurement did not start")?;
    if !output.status.success() {
        bail!("the native measurement failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    lines(&output.stdout)
}

fn in_browser(sizes: &[u32]) -> Result<Vec<Value>> {
    tools::ensure_wasm_target()?;
    tools::ensure_node_packages()?;
    let browser = tools::ensure_browser(false)?;
    let site = page()?;
    let running = serve(site, listen(0)?)?;
    let mut asked: Vec<Value> = Vec::new();
    for people in sizes {
        for (weeks, step) in [(2, 15), (2, 5), (8, 15), (8, 5)] {
            asked.push(json!([people, weeks, step]));
        }
    }
    asked.push(Value::Null);
    eprintln!("Measuring in Chromium");
    let mut node = Command::new("node");
    node.current_dir(root()).env("CHROMIUM", &browser.chromium).env("CONVOKE_CHROMIUM_FLAGS", CHROMIUM_FLAGS.join(" "));
    node.arg("tests/bench/run.mjs").arg(&running.url).arg(Value::Array(asked).to_string());
    let output = node.output().context("node did not start")?;
    if !output.status.success() {
        bail!("the measurement in Chromium failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    lines(&output.stdout)
}

/// The page that measures, with the engine compiled as it is shipped.
fn page() -> Result<Site> {
    const NAME: &str = "engine";
    process::run(&mut cargo(&["build", "--locked", "--release", "--package", PACKAGE, "--bin", "bench-browser", "--target", WASM]))?;
    let wasm: PathBuf = target_directory()?.join(WASM).join("release").join("bench-browser.wasm");
    let directory = scratch("bench-engine")?;
    bundle::generate_glue(&wasm, NAME, &directory, false)?;
    let mut site = Site::default();
    for name in ["engine.js", "engine_bg.wasm"] {
        site.insert(name, fs::read(directory.join(name))?);
    }
    for name in ["measure.js", "references.js"] {
        site.insert(name, fs::read(root().join("tests/bench/www").join(name))?);
    }
    site.insert("index.html", "<!doctype html><title>Engine</title><script type=\"module\" src=\"measure.js\"></script>");
    Ok(site)
}
