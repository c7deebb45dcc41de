//! Sets of small numbers.

/// A set of numbers below a bound that its maker knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::pricing) struct Bits(Vec<u64>);

impl Bits {
    /// An empty set for numbers below `bound`.
    pub(super) fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// Puts a number in. One beyond the bound makes the set larger.
    pub(super) fn insert(&mut self, n: usize) {
        if self.0.len() <= n / 64 {
            self.0.resize(n / 64 + 1, 0);
        }
        self.0[n / 64] |= 1 << (n % 64);
    }

    /// Whether a number is in.
    pub(super) fn contains(&self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|word| word & (1 << (n % 64)) != 0)
    }

    /// Puts in what is in another.
    pub(super) fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Whether nothing is in.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// What is in, rising.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                // The lowest bit goes.
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_in() {
        let mut low = Bits::none(65);
        assert!(low.is_empty() && !low.contains(64));
        for n in [64, 0, 63] {
            low.insert(n);
        }
        let mut high = Bits::none(1);
        high.insert(130);
        low.add(&high);
        assert_eq!(low.iter().collect::<Vec<_>>(), [0, 63, 64, 130]);
        assert!(low.contains(130) && !low.contains(129) && !low.contains(10_000));
    }
}
