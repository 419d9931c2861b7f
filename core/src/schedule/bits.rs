//! Planes of bits, one bit for each candidate. Owns words and ranges; leaves their meaning to `tally`.

/// So many bits, all clear at first. Bits beyond the length stay clear.
#[derive(Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
    /// Whether any bit may be set. Most planes of most people stay empty, and then cost nothing.
    used: bool,
}

impl Clone for Bits {
    fn clone(&self) -> Self {
        Self { words: self.words.clone(), ..*self }
    }

    /// Into the same memory.
    fn clone_from(&mut self, other: &Self) {
        self.words.clone_from(&other.words);
        (self.len, self.used) = (other.len, other.used);
    }
}

impl Bits {
    pub(super) fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len, used: false }
    }

    pub(super) fn full(len: usize) -> Self {
        let mut bits = Self::new(len);
        bits.set_range(0, len);
        bits
    }

    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(super) fn words_mut(&mut self) -> &mut [u64] {
        self.used = true;
        &mut self.words
    }

    /// Whether any bit may be set; cheaper than [`Bits::any`].
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    pub(super) fn clear_all(&mut self) {
        if std::mem::take(&mut self.used) {
            self.words.fill(0);
        }
    }

    pub(super) fn get(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| (word >> (at % 64)) & 1 == 1)
    }

    pub(super) fn clear(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word &= !(1 << (at % 64));
        }
    }

    pub(super) fn any(&self) -> bool {
        self.used && self.words.iter().any(|word| *word != 0)
    }

    /// Sets [from, to), as far as it exists.
    pub(super) fn set_range(&mut self, from: usize, to: usize) {
        let to = to.min(self.len);
        if from >= to {
            return;
        }
        self.used = true;
        let (first, last) = (from / 64, (to - 1) / 64);
        let head = u64::MAX << (from % 64);
        let tail = u64::MAX >> (63 - (to - 1) % 64);
        if first == last {
            self.words[first] |= head & tail;
        } else {
            self.words[first] |= head;
            self.words[first + 1..last].fill(u64::MAX);
            self.words[last] |= tail;
        }
    }

    /// Takes what the other has.
    pub(super) fn or(&mut self, other: &Self) {
        if other.used {
            self.used = true;
            self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
        }
    }

    /// Keeps what the other has, too.
    pub(super) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Keeps what the other has not.
    pub(super) fn and_not(&mut self, other: &Self) {
        if self.used && other.used {
            self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
        }
    }

    /// The set bits, in order.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(number, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(number * 64 + bit)
            })
        })
    }

    /// Adds an amount where a run of set bits begins, and takes it away where it ends: the sums of `steps` from the left then hold the
    /// amount at every set bit. `steps` has one element more than there are bits.
    pub(super) fn add_runs(&self, amount: i64, steps: &mut [i64]) {
        if self.used {
            add_edges(self.words.iter().copied(), amount, steps);
        }
    }

    /// The same for the bits that the other has, too.
    pub(super) fn add_common_runs(&self, other: &Self, amount: i64, steps: &mut [i64]) {
        if self.used && other.used {
            add_edges(self.words.iter().zip(&other.words).map(|(word, other)| word & other), amount, steps);
        }
    }
}

fn add_edges(words: impl Iterator<Item = u64>, amount: i64, steps: &mut [i64]) {
    let mut before = 0;
    for (number, word) in words.enumerate() {
        let mut edges = word ^ ((word << 1) | before);
        before = word >> 63;
        // The first edge of a word opens a run unless one is open already; after that they take turns.
        let mut next = if word & edges & edges.wrapping_neg() != 0 { amount } else { -amount };
        while edges != 0 {
            if let Some(step) = steps.get_mut(number * 64 + edges.trailing_zeros() as usize) {
                *step += next;
            }
            next = -next;
            edges &= edges - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail loudly")]

    use proptest::prelude::*;

    use super::*;

    fn of(bits: &[bool]) -> Bits {
        let mut plane = Bits::new(bits.len());
        for (at, bit) in bits.iter().enumerate() {
            plane.set_range(at, at + usize::from(*bit));
        }
        plane
    }

    proptest! {
        #[test]
        fn ranges_are_what_they_say(len in 0_usize..300, from in 0_usize..320, to in 0_usize..320) {
            let mut plane = Bits::new(len);
            plane.set_range(from, to);
            let set: Vec<usize> = plane.ones().collect();
            prop_assert_eq!(set, (from..to.min(len)).collect::<Vec<_>>());
        }

        #[test]
        fn summed_runs_are_the_bits(bits in proptest::collection::vec(any::<bool>(), 0..300)) {
            let mut steps = vec![0; bits.len() + 1];
            of(&bits).add_runs(7, &mut steps);
            let mut sum = 0;
            for (at, bit) in bits.iter().enumerate() {
                sum += steps[at];
                prop_assert_eq!(sum, i64::from(*bit) * 7);
                prop_assert_eq!(of(&bits).get(at), *bit);
            }
        }

        #[test]
        fn common_runs_are_those_of_both(bits in proptest::collection::vec(any::<(bool, bool)>(), 0..300)) {
            let (one, other): (Vec<bool>, Vec<bool>) = bits.iter().copied().unzip();
            let mut steps = vec![0; bits.len() + 1];
            of(&one).add_common_runs(&of(&other), -3, &mut steps);
            let mut sum = 0;
            for (at, (one, other)) in bits.iter().enumerate() {
                sum += steps[at];
                prop_assert_eq!(sum, if *one && *other { -3 } else { 0 });
            }
        }
    }

    #[test]
    fn a_cleared_bit_is_gone() {
        let mut plane = Bits::full(65);
        plane.clear(64);
        plane.and_not(&of(&[true]));
        assert_eq!(plane.ones().next().unwrap(), 1);
        assert_eq!(plane.ones().last().unwrap(), 63);
        plane.clear_all();
        assert!(!plane.any());
    }
}
