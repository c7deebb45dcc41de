//! Laws 1 and 2 of what is spread, and spreadings that were done by hand.

use super::*;
use crate::shared::allocate;
use proptest::prelude::*;

#[test]
fn the_largest_remainder_gets_the_unit() {
    // 10.00 off 33.33 + 33.33 + 33.34: 3.333, 3.333, 3.334.
    assert_eq!(spread(1_000, &[3_333, 3_333, 3_334], 1), [333, 333, 334]);
    // 1.00 off three of 1.00: the first of those that tie.
    assert_eq!(spread(100, &[100, 100, 100], 1), [34, 33, 33]);
    assert_eq!(spread(200, &[100, 100, 100], 1), [67, 67, 66]);
    // 5.00 off 19.99 + 5.00 + 0.01: 3.998, 1, 0.002.
    assert_eq!(spread(500, &[1_999, 500, 1], 1), [400, 100, 0]);
}

#[test]
fn what_came_by_rounding_is_told() {
    let share = |amount, remainder| Share { amount, remainder };
    assert_eq!(shares(100, &[100, 100, 100], 1), [share(34, 1), share(33, 0), share(33, 0)]);
    // 1.000 off three dinars: 333.33 fils each, in tens.
    assert_eq!(shares(1_000, &[1_000, 1_000, 1_000], 10), [share(340, 10), share(330, 0), share(330, 0)]);
}

#[test]
fn nobody_who_pays_nothing_takes_a_part() {
    assert_eq!(spread(100, &[0, 300, 0, 300], 1), [0, 50, 0, 50]);
    assert_eq!(spread(1, &[0, 1], 1), [0, 1]);
    assert_eq!(spread(5, &[-10, 10], 1), [0, 5]);
}

#[test]
fn all_of_it_is_each_ones_own() {
    assert_eq!(spread(1_004, &[1, 3, 1_000], 10), [1, 3, 1_000]);
    assert_eq!(spread(9, &[4, 5], 1), [4, 5]);
}

#[test]
fn there_is_no_more_than_there_is() {
    assert_eq!(spread(10, &[4, 5], 1), [4, 5]);
    assert_eq!(spread(-10, &[4, 5], 1), [0, 0]);
    assert_eq!(spread(10, &[0, 0], 1), [0, 0]);
    assert_eq!(spread(10, &[], 1), [0_i64; 0]);
    assert_eq!(spread(1, &[i64::MAX, i64::MAX], 1), [1, 0]);
    assert_eq!(spread(i64::MAX, &[i64::MAX; 4], i64::MAX), [i64::MAX, 0, 0, 0]);
    assert_eq!(
        spread(i64::MAX, &[i64::MAX, i64::MAX], 100),
        [4_611_686_018_427_387_907, 4_611_686_018_427_387_900]
    );
}

#[test]
fn a_rest_that_is_no_step_goes_where_there_is_room() {
    // 0.025 off 1.000 + 2.000 dinars: 8.33 and 16.67 fils; in tens 0 and 10, then 10 for the larger remainder, then 5.
    assert_eq!(spread(25, &[1_000, 2_000], 10), [10, 15]);
    // Of 3 + 1.000 nearly all: no step fits into the 3.
    assert_eq!(spread(1_002, &[3, 1_000], 10), [2, 1_000]);
}

/// Weights of lines, among them free ones; and what is taken off, at most their sum.
fn cases(step: i64) -> impl Strategy<Value = (i64, Vec<i64>)> {
    let weight = prop_oneof![2 => Just(0), 3 => 1_i64..50, 5 => 0_i64..1_000_000];
    let weights = prop::collection::vec(weight.prop_map(move |w| w * step), 0..40);
    (weights, 0_u64..=1_000_000).prop_map(move |(weights, millionths)| {
        let steps = weights.iter().sum::<i64>() / step;
        let total = u64::try_from(steps).unwrap() * millionths / 1_000_000;
        (i64::try_from(total).unwrap() * step, weights)
    })
}

/// What holds of every spreading: the parts sum to the whole (law 1), nobody gets more than there is (law 2), and each is less than
/// a step off what is theirs.
fn is_fair(total: i64, weights: &[i64], step: i64) -> Result<(), TestCaseError> {
    let parts = shares(total, weights, step);
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    prop_assert_eq!(parts.len(), weights.len());
    prop_assert_eq!(parts.iter().map(|p| p.amount).sum::<i64>(), total);
    for (part, weight) in parts.iter().zip(weights) {
        prop_assert!((0..=*weight).contains(&part.amount));
        let off = i128::from(part.amount) * sum - i128::from(total) * i128::from(*weight);
        prop_assert!(sum == 0 || off.abs() < i128::from(step) * sum, "{part:?} of {weight}");
        prop_assert!((0..=part.amount.min(step)).contains(&part.remainder));
        prop_assert_eq!((part.amount - part.remainder) % step, 0);
    }
    Ok(())
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole((total, weights) in cases(1)) {
        is_fair(total, &weights, 1)?;
    }

    /// Where everything is in whole steps, so is every part, and the figures are those of steps spread one by one.
    #[test]
    fn whole_steps_stay_whole((total, weights) in cases(10)) {
        is_fair(total, &weights, 10)?;
        let in_steps: Vec<u64> = weights.iter().map(|w| u64::try_from(*w / 10).unwrap()).collect();
        let expected: Vec<i64> = allocate(total / 10, &in_steps).into_iter().map(|part| part * 10).collect();
        prop_assert_eq!(spread(total, &weights, 10), expected);
    }

    /// Prices of one fils are in no whole steps, and the laws hold all the same.
    #[test]
    fn odd_prices_are_spread_fairly((total, weights) in cases(1), step in prop::sample::select(vec![2_i64, 10, 100])) {
        is_fair(total, &weights, step)?;
    }

    #[test]
    fn without_steps_it_is_allocation((total, weights) in cases(1)) {
        let unsigned: Vec<u64> = weights.iter().map(|w| w.unsigned_abs()).collect();
        prop_assert_eq!(spread(total, &weights, 1), allocate(total, &unsigned));
    }

    /// At most one part is no whole step where only the total is none.
    #[test]
    fn an_odd_total_makes_one_odd_part((total, weights) in cases(10), less in 0_i64..10) {
        let total = (total - less).max(0);
        is_fair(total, &weights, 10)?;
        let odd = spread(total, &weights, 10).iter().filter(|part| **part % 10 != 0).count();
        prop_assert_eq!(odd, usize::from(total % 10 != 0));
    }
}
