//! Sorting of lists. Owns one stable sort for lists of every kind; what comes before what is up to the caller.
//!
//! The standard library's sort is compiled anew for each type, at 4 kB of wasm. Here only the exchange of elements is: what is sorted
//! are their places. Where the engine sorts numbers in bulk it uses the standard library.

use std::cmp::Ordering;

/// Sorts stably by `compare`.
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut sources = order(list.len(), &|a, b| compare(&list[a], &list[b]));
    // Each element goes from its source to its place, one cycle after the other.
    for start in 0..list.len() {
        let mut place = start;
        loop {
            let source = std::mem::replace(&mut sources[place], place);
            if source == start || source == place {
                break;
            }
            list.swap(place, source);
            place = source;
        }
    }
}

/// Sorts stably by a key.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// The places from 0 to `count`, in order.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_stably_as_the_standard_library_does(keys in prop::collection::vec(0..20_u8, 0..80)) {
            let mut list: Vec<(u8, String)> = keys.iter().enumerate().map(|(index, key)| (*key, index.to_string())).collect();
            let mut expected = list.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut list, |(key, _)| *key);
            prop_assert_eq!(list, expected);
        }
    }
}
