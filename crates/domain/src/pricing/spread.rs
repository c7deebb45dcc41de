//! Spreading an amount over lines, so that the parts sum to it and none is more than there is.

/// What one of several gets of an amount, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The part. All parts together are the amount.
    pub amount: i64,
    /// How much of it came by rounding: what is above the proportional share, rounded down to whole steps.
    pub remainder: i64,
}

/// The parts of [`shares`], without what of them came by rounding.
pub fn spread(total: i64, weights: &[i64], step: i64) -> Vec<i64> {
    shares(total, weights, step).into_iter().map(|share| share.amount).collect()
}

/// Spreads `total` over `weights` by largest remainder in steps of `step` minor units (one below 1 counts as 1), such as a discount over
/// what lines cost: each gets its proportional share rounded down to whole steps; what is left goes, a step each, to those who lost most
/// by that, the earlier one where they tie. Unlike [`allocate`](crate::shared::allocate), no part is ever more than its weight.
///
/// - The parts sum to `total`. It must be at most the sum of the weights: callers cap what they take off by what there is. Of more than
///   that, each part is its weight and the rest is not given; of less than nothing, nothing is given.
/// - Each part is less than a step off its exact share. A weight that is not above zero takes nothing.
/// - Where `total` and all weights are whole steps, so are all parts. Else a rest smaller than a step goes to one of those that got none
///   for their remainder, to those with the most room first, each up to its weight.
pub fn shares(total: i64, weights: &[i64], step: i64) -> Vec<Share> {
    let step = unsigned(step.max(1));
    let weights: Vec<u128> = weights.iter().map(|weight| unsigned(*weight)).collect();
    let sum: u128 = weights.iter().sum();
    let total = unsigned(total).min(sum);
    if total == 0 {
        return vec![Share::default(); weights.len()];
    }

    let mut parts: Vec<Part> = weights.iter().map(|weight| Part::of(total, *weight, sum, step)).collect();
    let mut left = total - parts.iter().map(|part| part.floor).sum::<u128>();
    let mut turns: Vec<usize> = (0..parts.len()).collect();

    // Whole steps, to the largest remainders. Sorting is stable: the earlier one comes first where they tie.
    turns.sort_by_key(|i| std::cmp::Reverse(parts[*i].lost));
    for i in &turns {
        let part = &mut parts[*i];
        if left >= step && part.lost > 0 && part.room() >= step {
            part.more = step;
            left -= step;
        }
    }

    // What is no whole step, or found no room for one. There is room for all of it: each share was at most its weight.
    turns.sort_unstable();
    turns.sort_by_key(|i| std::cmp::Reverse(parts[*i].room()));
    for i in turns {
        let part = &mut parts[i];
        if part.lost > 0 && part.more == 0 {
            part.more = left.min(part.room()).min(step);
            left -= part.more;
        }
    }
    parts.into_iter().map(Part::share).collect()
}

/// One of those that are given something.
struct Part {
    weight: u128,
    /// The share rounded down to whole steps.
    floor: u128,
    /// What that took off, in parts of the sum of the weights.
    lost: u128,
    /// What was given beyond the floor.
    more: u128,
}

impl Part {
    /// The product stays within 128 bits: each factor came from an `i64`.
    fn of(total: u128, weight: u128, sum: u128, step: u128) -> Self {
        let exact = total * weight;
        let floor = exact / sum / step * step;
        Self { weight, floor, lost: exact - floor * sum, more: 0 }
    }

    fn room(&self) -> u128 {
        self.weight - self.floor - self.more
    }

    fn share(self) -> Share {
        // Neither is more than the weight, which came from an `i64`.
        let minor = |figure: u128| i64::try_from(figure).unwrap_or(i64::MAX);
        Share { amount: minor(self.floor + self.more), remainder: minor(self.more) }
    }
}

fn unsigned(minor: i64) -> u128 {
    u128::try_from(minor).unwrap_or(0)
}

#[cfg(test)]
#[path = "spread_tests.rs"]
mod tests;
