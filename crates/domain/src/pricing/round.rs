//! Rounding a whole once.

use super::PricingError;

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
}
