//! Buy some, get others cheaper: which units make up sets.

use super::candidate::SetTerms;

/// Units of a line that no set has taken yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// What one unit costs.
    pub(super) price: i64,
    /// How many there are.
    pub(super) units: u32,
}

/// What sets take of each line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Formed {
    /// Units that become cheaper.
    pub(super) given: Vec<u32>,
    /// Units that had to be bought for that.
    pub(super) bought: Vec<u32>,
}

/// Forms as many sets as there can be; `None`: not one. Given are the cheapest units that leave enough to be bought; bought are the dearest of
/// what is left. `by_price` names the lines, the cheapest first; a tie is the earlier line's.
pub(super) fn form(runs: &[Run], by_price: &[usize], terms: &SetTerms) -> Option<Formed> {
    let in_buy = |n: usize| terms.buy.contains(n);
    let in_get = |n: usize| terms.get.contains(n);
    let count = |of: &dyn Fn(usize) -> bool| -> u64 {
        runs.iter().enumerate().filter(|(n, _)| of(*n)).map(|(_, run)| u64::from(run.units)).sum()
    };
    let (buy, get) = (u64::from(terms.buy_count.max(1)), u64::from(terms.get_count.max(1)));
    let pool = count(&in_buy);
    // Two pools: that each is large enough, and both together, suffices (Hall).
    let sets = (pool / buy).min(count(&in_get) / get).min(count(&|n| in_buy(n) || in_get(n)) / (buy + get));
    let sets = terms.most.map_or(sets, |most| sets.min(most));
    if sets == 0 {
        return None;
    }

    let mut formed = Formed { given: vec![0; runs.len()], bought: vec![0; runs.len()] };
    // What of the pool of those to be bought can be given instead.
    let (mut wanted, mut spare) = (sets * get, pool - sets * buy);
    for n in by_price.iter().copied().filter(|n| in_get(*n)) {
        let mut taken = u64::from(runs[n].units).min(wanted);
        if in_buy(n) {
            taken = taken.min(spare);
            spare -= taken;
        }
        wanted -= taken;
        formed.given[n] = narrow(taken);
    }
    let mut wanted = sets * buy;
    for n in by_price.iter().rev().copied().filter(|n| in_buy(*n)) {
        let taken = u64::from(runs[n].units - formed.given[n]).min(wanted);
        wanted -= taken;
        formed.bought[n] = narrow(taken);
    }
    Some(formed)
}

/// Units of a line, which came from 32 bits.
fn narrow(units: u64) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pricing::promotion::bits::Bits, shared::Rate};

    fn of(lines: &[usize]) -> Bits {
        let mut bits = Bits::none(8);
        lines.iter().for_each(|n| bits.insert(*n));
        bits
    }

    fn terms(buy: &[usize], buy_count: u32, get: &[usize], get_count: u32) -> SetTerms {
        let off = Rate::from_millionths(1_000_000);
        SetTerms { buy: of(buy), buy_count, get: of(get), get_count, off, most: None }
    }

    fn formed(runs: &[(i64, u32)], terms: &SetTerms) -> Option<(Vec<u32>, Vec<u32>)> {
        let runs: Vec<Run> = runs.iter().map(|(price, units)| Run { price: *price, units: *units }).collect();
        let mut by_price: Vec<usize> = (0..runs.len()).collect();
        by_price.sort_by_key(|n| (runs[*n].price, *n));
        form(&runs, &by_price, terms).map(|formed| (formed.given, formed.bought))
    }

    #[test]
    fn of_one_pool_the_cheapest_are_given() {
        let two_and_one = terms(&[0, 1, 2], 2, &[0, 1, 2], 1);
        assert_eq!(formed(&[(900, 1), (500, 1)], &two_and_one), None, "two are not three");
        assert_eq!(
            formed(&[(900, 1), (500, 2)], &two_and_one),
            Some((vec![0, 1], vec![1, 1])),
            "one of three, with one left to be bought"
        );
        // Seven units make two sets and one unit over: 100 and 200 are given, the four dearest bought.
        assert_eq!(
            formed(&[(300, 3), (100, 1), (200, 3)], &two_and_one),
            Some((vec![0, 1, 1], vec![3, 0, 1]))
        );
        let once = SetTerms { most: Some(1), ..two_and_one };
        assert_eq!(formed(&[(300, 3), (100, 1), (200, 3)], &once), Some((vec![0, 1, 0], vec![2, 0, 0])));
    }

    #[test]
    fn of_two_pools_what_has_to_be_bought_is_not_given() {
        // Shirts (0) are bought, socks (1) and shirts are given: the shirt has to stay bought.
        let one_and_one = terms(&[0], 1, &[0, 1], 1);
        assert_eq!(formed(&[(100, 1), (700, 1)], &one_and_one), Some((vec![0, 1], vec![1, 0])));
        assert_eq!(formed(&[(100, 2), (700, 1)], &one_and_one), Some((vec![1, 0], vec![1, 0])));
        assert_eq!(formed(&[(100, 0), (700, 9)], &one_and_one), None);
        let apart = terms(&[0], 2, &[1], 3);
        assert_eq!(formed(&[(100, 5), (50, 7)], &apart), Some((vec![0, 6], vec![4, 0])));
    }
}
