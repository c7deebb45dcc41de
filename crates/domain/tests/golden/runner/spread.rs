//! Spreading a whole over parts by largest remainder, as docs/plans/pricing.md 4.2 says it; ties go to the part that stands first.

use super::fraction::Fraction;

/// `total` units over parts in proportion to their weights: each gets the floor of its share, and those with the largest remainders one more.
/// `None` where there are no weights, or the numbers are too large.
pub(crate) fn by_largest_remainder(total: i128, weights: &[Fraction]) -> Option<Vec<i128>> {
    let sum = weights.iter().try_fold(Fraction::ZERO, |sum, weight| sum.plus(*weight))?;
    let exact = weights
        .iter()
        .map(|weight| Fraction::whole(total).times(*weight)?.over(sum))
        .collect::<Option<Vec<Fraction>>>()?;
    let mut parts: Vec<i128> = exact.iter().map(|share| share.floor()).collect();
    let mut order: Vec<(Fraction, usize)> = exact
        .iter()
        .enumerate()
        .map(|(index, share)| Some((share.minus(Fraction::whole(share.floor()))?, index)))
        .collect::<Option<_>>()?;
    order.sort_by(|(left, first), (right, second)| right.cmp(left).then(first.cmp(second)));
    let left = usize::try_from(total - parts.iter().sum::<i128>()).ok()?;
    order.iter().take(left).for_each(|(_, index)| parts[*index] += 1);
    Some(parts)
}

/// Spreads minor units over amounts, in steps, and gives no part more than its amount.
pub(crate) fn in_steps(total: i128, amounts: &[i128], step: i128) -> Option<Vec<i128>> {
    let whole: Vec<i128> = amounts.iter().map(|amount| amount / step).collect();
    if total > amounts.iter().sum() || total < 0 {
        return None;
    }
    let steps = total / step;
    let mut parts = if steps == 0 {
        vec![0; amounts.len()]
    } else if steps <= whole.iter().sum() {
        by_largest_remainder(steps, &whole.iter().map(|weight| Fraction::whole(*weight)).collect::<Vec<_>>())?
    } else {
        whole
    };
    parts.iter_mut().for_each(|part| *part *= step);
    let mut left = total - parts.iter().sum::<i128>();
    let mut by_room: Vec<usize> = (0..parts.len()).collect();
    by_room.sort_by_key(|index| (parts[*index] - amounts[*index], *index));
    for index in by_room {
        let more = left.min(amounts[index] - parts[index]);
        parts[index] += more;
        left -= more;
    }
    Some(parts)
}
