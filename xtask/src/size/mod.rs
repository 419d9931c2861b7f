//! `cargo xtask size`: what a first visit costs over the wire. Owns the budget's figures and how they are measured; where the bytes come
//! from is `detail`'s.

mod detail;

use std::{
    ffi::OsString,
    io::{self, Write},
    path::PathBuf,
};

use anyhow::{Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::{args::Args, bundle, npm, site::Site, workspace::relative};

/// Something that ships: what it may weigh, in bytes of brotli at its highest level. A first visit is JavaScript, wasm and CSS of a cold one,
/// without what is loaded later.
struct Product {
    name: &'static str,
    directory: fn() -> PathBuf,
    /// What makes it.
    command: &'static str,
    /// What a first visit may not exceed, and what is aimed at.
    limit: usize,
    goal: usize,
    /// What a first visit may weigh until it meets its limit, and what the whole may weigh: what they weigh now, rounded up. They only go up
    /// together with what the program can do, and never unseen.
    ceiling: usize,
    ceiling_with_later: usize,
    /// Whether a module is loaded at once.
    at_once: fn(&Site, &str) -> bool,
    /// Measured in the same way, for comparison.
    peers: &'static [(&'static str, usize, &'static str)],
}

/// The app's callback page has a script, which no visit loads.
const CALLBACK: &str = "redirect.js";

/// The whole app: sign-in, five calendar views, editor, assistant.
const APP: Product = Product {
    name: "app",
    directory: bundle::output_directory,
    command: "cargo xtask build",
    limit: 240_000,
    goal: 165_000,
    ceiling: 344_000,
    ceiling_with_later: 425_000,
    // The page names the module that it starts with; the glue fetches the others.
    at_once: |site, name| site.get("index.html").map(String::from_utf8_lossy).unwrap_or_default().contains(name),
    peers: &[
        ("MSAL + Graph client + FullCalendar 7 resource timeline", 163_000, "no editor, no picker, no assistant"),
        ("Graph Toolkit agenda + picker + login", 249_000, "no scheduler"),
    ],
};

/// The npm package: what `init` loads; sign-in and Graph follow when they are first used.
const PACKAGE: Product = Product {
    name: "npm package",
    directory: npm::output_directory,
    command: "cargo xtask build npm",
    limit: 130_000,
    goal: 90_000,
    ceiling: 164_000,
    ceiling_with_later: 372_000,
    at_once: |_, name| name == npm::FIRST,
    peers: &[("MSAL + Graph client + a hand-written list", 72_000, "no scheduling, no uploads, no watching")],
};

/// The options of `cargo xtask size`.
pub(crate) const SYNOPSIS: &str = "[npm] [--detail]";

/// Prints the tables for `dist/app` and, where it is there or asked for, `dist/npm`; an error if one of them grew.
#[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
pub(crate) fn run(words: Vec<OsString>) -> Result<()> {
    let mut args = Args::new(words)?;
    let detail = args.switch("--detail");
    let of_package = args.switch("npm");
    args.finish(SYNOPSIS)?;
    match (detail, of_package) {
        (true, true) => {
            for (name, part) in npm::parts_with_names()? {
                print!("{name}\n{}\n", detail::table(&part)?);
            }
            Ok(())
        }
        (true, false) => {
            print!("{}", detail::table(&bundle::module_with_names()?)?);
            Ok(())
        }
        (false, true) => PACKAGE.show(),
        (false, false) => {
            APP.show()?;
            if npm::output_directory().is_dir() { PACKAGE.show() } else { Ok(()) }
        }
    }
}

impl Product {
    #[expect(clippy::print_stdout, reason = "the table is this command's purpose")]
    fn show(&self) -> Result<()> {
        let directory = (self.directory)();
        if !directory.is_dir() {
            bail!("There is no {}: run `{}` first", relative(&directory), self.command);
        }
        let weights = self.weigh(&Site::read(&directory)?)?;
        println!("{}", self.table(&weights));
        let (first, whole) = (total("", weights.iter().filter(|weight| !weight.later)).brotli, total("", &weights).brotli);
        for (what, bytes, ceiling) in [("A first visit of the", first, self.ceiling), ("The whole", whole, self.ceiling_with_later)] {
            if bytes > ceiling {
                let name = self.name;
                bail!("{what} {name} weighs {} kB and has never weighed more than {} kB", kilobytes(bytes), kilobytes(ceiling));
            }
        }
        if first > self.limit {
            println!("Over the limit by {} kB; `cargo xtask size --detail` says where they are\n", kilobytes(first - self.limit));
        }
        Ok(())
    }

    /// Weighs what the budget counts. Each file is compressed by itself, as a server does it.
    fn weigh(&self, site: &Site) -> Result<Vec<Weight>> {
        let counts = |name: &str| [".js", ".wasm", ".css"].iter().any(|ending| name.ends_with(ending)) && name != CALLBACK;
        let counted = site.iter().filter(|(name, _)| counts(name));
        let mut weights = Vec::new();
        for (name, contents) in counted {
            let later = name.ends_with(".wasm") && !(self.at_once)(site, name);
            weights.push(Weight { name: name.to_owned(), later, raw: contents.len(), gzip: gzip(contents)?, brotli: brotli(contents)? });
        }
        weights.sort_by_key(|weight| weight.later);
        Ok(weights)
    }

    fn table(&self, weights: &[Weight]) -> String {
        const NAME: usize = 56;
        let mut text = format!("{:NAME$} {:>9} {:>9} {:>9}\n", "kB (1000 bytes)", "raw", "gzip", "brotli");
        let mut line = |weight: &Weight| {
            let [raw, gzip, brotli] = [weight.raw, weight.gzip, weight.brotli].map(kilobytes);
            text.push_str(&format!("{:NAME$} {raw:>9} {gzip:>9} {brotli:>9}\n", weight.name));
        };
        let (first, later): (Vec<_>, Vec<_>) = weights.iter().partition(|weight| !weight.later);
        first.iter().copied().for_each(&mut line);
        line(&total("first visit", first));
        later.into_iter().for_each(&mut line);
        line(&total(&["whole ", self.name, ", with what is loaded later"].concat(), weights));
        for (name, bytes) in [("first visit: at most", self.limit), ("  goal", self.goal)] {
            text.push_str(&format!("{name:NAME$} {:>9} {:>9} {:>9}\n", "", "", kilobytes(bytes)));
        }
        for (name, bytes, lacks) in self.peers {
            text.push_str(&format!("{name:NAME$} {:>9} {:>9} {:>9}  ({lacks})\n", "", "", kilobytes(*bytes)));
        }
        text
    }
}

/// The bytes of one file, or of several together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Weight {
    name: String,
    /// Loaded once the first screen is drawn.
    later: bool,
    raw: usize,
    gzip: usize,
    brotli: usize,
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

fn total<'a>(name: &str, weights: impl IntoIterator<Item = &'a Weight>) -> Weight {
    let start = Weight { name: name.to_owned(), ..Weight::default() };
    weights.into_iter().fold(start, |sum, weight| Weight {
        raw: sum.raw + weight.raw,
        gzip: sum.gzip + weight.gzip,
        brotli: sum.brotli + weight.brotli,
        ..sum
    })
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
        for name in ["assets/later.wasm", "assets/app.js", "assets/app.wasm", "assets/app.css", "icon.svg", "_headers", CALLBACK] {
            site.insert(name, vec![b'a'; 10_000]);
        }
        site.insert("index.html", "<link rel=\"preload\" href=\"assets/app.wasm\">");
        let weights = APP.weigh(&site).unwrap();
        let names: Vec<_> = weights.iter().map(|weight| (weight.name.as_str(), weight.later)).collect();
        assert_eq!(names, [("assets/app.css", false), ("assets/app.js", false), ("assets/app.wasm", false), ("assets/later.wasm", true)]);
        let whole = total("", &weights);
        assert_eq!(whole.raw, 40_000);
        assert!(whole.brotli > 0 && whole.brotli < whole.gzip && whole.gzip < 1_000, "{whole:?}");
    }

    #[test]
    fn the_table_shows_budget_and_peers() {
        let weight = |later, brotli| Weight { name: "assets/app.wasm".to_owned(), later, raw: 512_345, gzip: 200_000, brotli };
        let text = APP.table(&[weight(false, 150_099), weight(true, 20_000)]);
        for part in ["512.3", "150.0", "170.0", "240.0", "165.0", "163.0", "249.0"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
