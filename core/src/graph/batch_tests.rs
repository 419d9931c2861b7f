//! Tests of `batch`.
