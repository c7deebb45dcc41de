//! Rounding a whole once, and what of it each part gets.

use super::PricingError;
use crate::shared::allocate;

/// A part of a whole that was rounded once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// How much.
    pub(super) amount: i64,
    /// What of it came by rounding.
    pub(super) remainder: i64,
}

impl Share {
    /// All of it.
    pub(super) const fn whole(amount: i64) -> Self {
        Self { amount, remainder: 0 }
    }
}

/// The sum of amounts times factors over `one`, rounded once, half up, to a multiple of `step`. None of them is negative.
pub(super) fn round_to(
    step: i64,
    products: impl IntoIterator<Item = (i64, i128)>,
    one: i128,
) -> Result<i64, PricingError> {
    let exact = products
        .into_iter()
        .try_fold(0_i128, |sum, (amount, factor)| sum.checked_add(i128::from(amount).checked_mul(factor)?));
    let unit = one.checked_mul(i128::from(step)).ok_or(PricingError::OutOfRange)?;
    let halved = exact.and_then(|exact| exact.checked_add(unit / 2)).ok_or(PricingError::OutOfRange)?;
    let steps = i64::try_from(halved / unit).map_err(|_| PricingError::OutOfRange)?;
    steps.checked_mul(step).ok_or(PricingError::OutOfRange)
}

/// Spreads a whole by weight and largest remainder, and says who got a remainder.
pub(super) fn shares(whole: i64, weights: &[u64]) -> Vec<Share> {
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    let floor = |weight: u64| {
        let exact = u128::from(whole.unsigned_abs()) * u128::from(weight);
        exact.checked_div(sum).and_then(|floor| i64::try_from(floor).ok()).unwrap_or(0)
    };
    let parts = allocate(whole, weights).into_iter().zip(weights);
    parts.map(|(amount, weight)| Share { amount, remainder: amount.abs() - floor(*weight) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_rounded_once_and_half_up() {
        assert_eq!(round_to(1, [(250, 230), (250, 230)], 1_000), Ok(115));
        assert_eq!(round_to(1, [(25, 100)], 1_000), Ok(3), "2.5");
        assert_eq!(round_to(10, [(1_230, 50)], 1_000), Ok(60), "61.5 in tens");
        assert_eq!(round_to(10, [(1_300, 50)], 1_000), Ok(70), "65 in tens");
        assert_eq!(round_to(1, [(i64::MAX, 2), (0, 1)], 1), Err(PricingError::OutOfRange));
        assert_eq!(round_to(1, [(i64::MAX, i128::MAX)], 1), Err(PricingError::OutOfRange));
    }

    #[test]
    fn remainders_are_told() {
        let parts = shares(10, &[1, 1, 1]);
        assert_eq!(
            parts.iter().map(|s| (s.amount, s.remainder)).collect::<Vec<_>>(),
            [(4, 1), (3, 0), (3, 0)]
        );
        assert_eq!(shares(0, &[0, 0]), [Share::whole(0); 2]);
    }
}
