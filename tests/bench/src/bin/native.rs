//! The measured steps natively: prints one JSON object for each size, medians in milliseconds. Its arguments are the numbers of people that
//! are wanted; none means all. Owns the clock; xtask makes the table.

#![expect(clippy::print_stdout, reason = "the numbers are its purpose")]

use std::time::{Duration, Instant};

use convoke_bench::{Size, events, prepare, rank, rank_text, read_events, request, sizes};
use convoke_core::Error;

fn main() -> Result<(), Error> {
    let wanted: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    for size in sizes().filter(|size| wanted.is_empty() || wanted.contains(&size.people)) {
        for everything in [false, true] {
            let Size { people, weeks, step } = size;
            let text = request(size, everything);
            let prepared = prepare(&text)?;
            let ranked = median(|| rank(&prepared).map_or(0, |found| found.len()));
            let whole = median(|| rank_text(&text).map_or(0, |found| found.len()));
            println!(
                r#"{{"people":{people},"weeks":{weeks},"step":{step},"everything":{everything},"rank":{ranked:.4},"whole":{whole:.4}}}"#
            );
        }
    }
    let page = events(1_000_000);
    let read = median(|| read_events(page.as_bytes()));
    println!(r#"{{"events":{},"read":{read:.4}}}"#, page.len());
    Ok(())
}

/// The median of as many runs as fit into half a second, three at least, in milliseconds. The result is used, so that nothing is left out.
fn median(mut step: impl FnMut() -> usize) -> f64 {
    let began = Instant::now();
    let mut times = Vec::new();
    while times.len() < 3 || (began.elapsed() < Duration::from_millis(500) && times.len() < 1000) {
        let start = Instant::now();
        std::hint::black_box(step());
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
