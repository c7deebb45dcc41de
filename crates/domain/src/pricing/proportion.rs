//! Spreading an amount in proportion to others that need not be of its size.

use super::Share;

/// Spreads `total` in proportion to `weights` by largest remainder in steps of `step` minor units (one below 1 counts as 1). Unlike
/// [`shares`](super::shares), a part may be more than its weight, which need not even be an amount of the same currency.
///
/// The parts sum to `total`; a weight that is not above zero takes nothing, but where none is the first takes all. Of less than nothing,
/// nothing is given.
pub(super) fn in_proportion(total: i64, weights: &[i64], step: i64) -> Vec<Share> {
    let step = unsigned(step.max(1));
    let weights: Vec<u128> = weights.iter().map(|weight| unsigned(*weight)).collect();
    let (total, sum) = (unsigned(total), weights.iter().sum::<u128>());
    if sum == 0 {
        let all = |n: usize| Share { amount: if n == 0 { minor(total) } else { 0 }, remainder: 0 };
        return (0..weights.len()).map(all).collect();
    }
    // Both factors came from an `i64`, so that 128 bits hold the product.
    let exact: Vec<u128> = weights.iter().map(|weight| total * weight).collect();
    let mut parts: Vec<(u128, u128)> = exact.iter().map(|exact| (exact / sum / step * step, 0)).collect();
    let mut left = total - parts.iter().map(|(floor, _)| floor).sum::<u128>();
    let mut turns: Vec<usize> = (0..parts.len()).collect();
    // Sorting is stable: the earlier one comes first where two have lost as much.
    turns.sort_by_key(|n| std::cmp::Reverse(exact[*n] - parts[*n].0 * sum));
    for n in turns {
        let more = left.min(step);
        parts[n].1 = more;
        left -= more;
    }
    let share = |(floor, more): (u128, u128)| Share { amount: minor(floor + more), remainder: minor(more) };
    parts.into_iter().map(share).collect()
}

/// No part is more than the total, which came from an `i64`.
fn minor(figure: u128) -> i64 {
    i64::try_from(figure).unwrap_or(i64::MAX)
}

fn unsigned(minor: i64) -> u128 {
    u128::try_from(minor).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::shares;
    use proptest::prelude::*;

    fn parts(total: i64, weights: &[i64], step: i64) -> Vec<i64> {
        in_proportion(total, weights, step).into_iter().map(|share| share.amount).collect()
    }

    #[test]
    fn a_part_may_be_more_than_its_weight() {
        assert_eq!(parts(100, &[1, 2], 1), [33, 67]);
        assert_eq!(parts(100, &[1, 1, 1], 1), [34, 33, 33]);
        assert_eq!(parts(100, &[1, 1, 1], 10), [40, 30, 30]);
        assert_eq!(parts(105, &[1, 1], 10), [55, 50], "a rest smaller than a step");
        assert_eq!(parts(7, &[0, 3, -4], 1), [0, 7, 0]);
        assert_eq!(parts(7, &[0, 0], 1), [7, 0]);
        assert_eq!(parts(7, &[], 1), [0; 0]);
        assert_eq!(parts(-7, &[1, 1], 1), [0, 0]);
        assert_eq!(parts(i64::MAX, &[i64::MAX, i64::MAX], 1), [i64::MAX / 2 + 1, i64::MAX / 2]);
        let remainders = in_proportion(100, &[1, 1, 1], 1);
        assert_eq!(remainders.iter().map(|share| share.remainder).collect::<Vec<_>>(), [1, 0, 0]);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(
            total in 0_i64..10_i64.pow(12), weights in prop::collection::vec(0_i64..10_i64.pow(9), 1..9),
            step in prop_oneof![Just(1_i64), Just(10), Just(100)],
        ) {
            let parts = parts(total, &weights, step);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            for (part, weight) in parts.iter().zip(&weights).filter(|_| sum > 0) {
                let off = i128::from(*part) * sum - i128::from(total) * i128::from(*weight);
                prop_assert!(off.abs() < i128::from(step) * sum, "less than a step off");
                prop_assert!(*weight > 0 || *part == 0);
            }
        }

        /// Where no part reaches what it is a part of, both ways are one.
        #[test]
        fn within_bounds_it_is_the_bounded_spreading(
            weights in prop::collection::vec(100_i64..10_i64.pow(9), 1..9), part in 0_i64..=50, step in prop_oneof![Just(1_i64), Just(10)],
        ) {
            let total = weights.iter().sum::<i64>() / 100 * part / step * step;
            prop_assert_eq!(in_proportion(total, &weights, step), shares(total, &weights, step));
        }
    }
}
