//! Tests of `paging`.
