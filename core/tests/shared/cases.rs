//! How many random cases a test draws.

use proptest::test_runner::Config;

/// So many, or as many as `CONVOKE_CASES` says.
pub(crate) fn config(cases: u32) -> Config {
    let cases = std::env::var("CONVOKE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    // Failures are kept as named tests instead of as seeds, so that they can be read.
    Config { max_shrink_iters: 4000, failure_persistence: None, ..Config::with_cases(cases) }
}
