//! `cargo xtask size`: what a first visit costs over the wire. Owns the budget's figures and how they are measured; where the bytes come
//! from is `detail`'s.

mod detail;

use std::{
    ffi::OsString,
    io::{self, Write},
};

use anyhow::{Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::{args::Args, bundle, site::Site, workspace::relative};

/// What may not be exceeded, and what is aimed at, in bytes of brotli at its highest level: JavaScript, wasm and CSS of a cold first
/// visit of the whole app (sign-in, five calendar views, editor, assistant).
const LIMIT: usize = 240_000;
const GOAL: usize = 165_000;
/// What the app may weigh until it meets its limit: what it weighs now, rounded up. It only ever goes down, so that no change makes the
/// program heavier unseen while it is being made lighter.
const CEILING: usize = 355_000;
/// What a first visit does not load: the callback page's script.
const LATER: &str = "redirect.js";
/// Measured in the same way, for comparison.
const PEERS: [(&str, usize, &str); 2] = [
    ("MSAL + Graph client + FullCalendar 7 resource timeline", 163_000, "no editor, no picker, no assistant"),
    ("Graph Toolkit agenda + picker + login", 249_000, "no scheduler"),
];

/// The options of `cargo xtask size`.
pub(crate) const SYNOPSIS: &str = "[--detail]";

/// Prints the table for `dist/app`; an error if it grew.
#[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let detail = args.switch("--detail");
    args.finish(SYNOPSIS)?;
    if detail {
        print!("{}", detail::table(&bundle::module_with_names()?)?);
        return Ok(());
    }
    let directory = bundle::output_directory();
    if !directory.join("index.html").is_file() {
        bail!("There is no {}: run `cargo xtask build` first", relative(&directory));
    }
    let weights = weigh(&Site::read(&directory)?)?;
    print!("{}", table(&weights));
    let total = total(&weights).brotli;
    if total > CEILING {
        bail!("The app weighs {} kB and has never weighed more than {} kB", kilobytes(total), kilobytes(CEILING));
    }
    if total > LIMIT {
        println!("Over the limit by {} kB; `cargo xtask size --detail` says where they are", kilobytes(total - LIMIT));
    }
    Ok(())
}

/// The bytes of one file, or of several together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Weight {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs what the budget counts. Each file is compressed by itself, as a server does it.
fn weigh(site: &Site) -> Result<Vec<Weight>> {
    let counted = site.iter().filter(|(name, _)| [".js", ".wasm", ".css"].iter().any(|ending| name.ends_with(ending)) && *name != LATER);
    let mut weights = Vec::new();
    for (name, contents) in counted {
        weights.push(Weight { name: name.to_owned(), raw: contents.len(), gzip: gzip(contents)?, brotli: brotli(contents)? });
    }
    Ok(weights)
}

fn gzip(contents: &[u8]) -> io::Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(contents)?;
    Ok(encoder.finish()?.len())
}

fn brotli(contents: &[u8]) -> io::Result<usize> {
    let mut compressed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    encoder.write_all(contents)?;
    drop(encoder);
    Ok(compressed.len())
}

fn total(weights: &[Weight]) -> Weight {
    let start = Weight { name: "whole app".to_owned(), ..Weight::default() };
    weights.iter().fold(start, |sum, weight| Weight {
        name: sum.name,
        raw: sum.raw + weight.raw,
        gzip: sum.gzip + weight.gzip,
        brotli: sum.brotli + weight.brotli,
    })
}

fn table(weights: &[Weight]) -> String {
    const NAME: usize = 56;
    let mut text = format!("{:NAME$} {:>9} {:>9} {:>9}\n", "kB (1000 bytes)", "raw", "gzip", "brotli");
    let whole = total(weights);
    for weight in weights.iter().chain([&whole]) {
        let [raw, gzip, brotli] = [weight.raw, weight.gzip, weight.brotli].map(kilobytes);
        text.push_str(&format!("{:NAME$} {raw:>9} {gzip:>9} {brotli:>9}\n", weight.name));
    }
    for (name, bytes) in [("  at most", LIMIT), ("  goal", GOAL)] {
        text.push_str(&format!("{name:NAME$} {:>9} {:>9} {:>9}\n", "", "", kilobytes(bytes)));
    }
    for (name, bytes, lacks) in PEERS {
        text.push_str(&format!("{name:NAME$} {:>9} {:>9} {:>9}  ({lacks})\n", "", "", kilobytes(bytes)));
    }
    text
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    #[test]
    fn scripts_styles_and_wasm_count_and_nothing_else() {
        let mut site = Site::default();
        for name in ["assets/app.js", "assets/app.wasm", "assets/app.css", "icon.svg", "index.html", "_headers", LATER] {
            site.insert(name, vec![b'a'; 10_000]);
        }
        let weights = weigh(&site).unwrap();
        assert_eq!(
            weights.iter().map(|weight| weight.name.as_str()).collect::<Vec<_>>(),
            ["assets/app.css", "assets/app.js", "assets/app.wasm"]
        );
        let whole = total(&weights);
        assert_eq!(whole.raw, 30_000);
        assert!(whole.brotli > 0 && whole.brotli < whole.gzip && whole.gzip < 1_000, "{whole:?}");
    }

    #[test]
    fn the_table_shows_budget_and_peers() {
        let text = table(&[Weight { name: "assets/app.wasm".to_owned(), raw: 512_345, gzip: 200_000, brotli: 150_099 }]);
        for part in ["512.3", "150.0", "240.0", "165.0", "163.0", "249.0"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
