//! Whether one of two lots of measurements tends to be larger: the rank test of Mann and Whitney (1947). It asks for no shape of their
//! distribution, and a few that were disturbed change little.

/// What the test says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranks {
    /// How likely one of the first lot is larger than one of the second; 0.5 where neither tends to be.
    pub(crate) larger: f64,
    /// How likely a difference of this size, either way, is by chance alone.
    pub(crate) by_chance: f64,
}

/// Compares two lots, by the normal approximation with a correction for ties: for twenty or more of each.
pub(crate) fn compare(first: &[f64], second: &[f64]) -> Ranks {
    let mut all: Vec<(f64, bool)> =
        first.iter().map(|x| (*x, true)).chain(second.iter().map(|x| (*x, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut ties, mut rank) = (0.0, 0.0, 0.0);
    // Those that are alike share the mean of their ranks.
    for alike in all.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let count = alike.len() as f64;
        let shared = rank + (count + 1.0) / 2.0;
        sum += shared * alike.iter().filter(|(_, is_first)| *is_first).count() as f64;
        ties += count.powi(3) - count;
        rank += count;
    }
    let (n, m) = (first.len() as f64, second.len() as f64);
    let total = n + m;
    let wins = sum - n * (n + 1.0) / 2.0;
    let spread = (n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).sqrt();
    let off = if spread > 0.0 { (wins - n * m / 2.0) / spread } else { 0.0 };
    Ranks { larger: wins / (n * m), by_chance: outside(off.abs()) }
}

/// How much of the normal distribution is further from its middle than so many standard deviations, either way (Abramowitz and Stegun,
/// 7.1.26: right to six digits behind the point).
fn outside(deviations: f64) -> f64 {
    let x = deviations / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1_f64.mul_add(x, 1.0);
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    t * terms.iter().fold(0.0, |sum: f64, term| sum.mul_add(t, *term)) * (-x * x).exp()
}

/// The one in the middle.
pub(crate) fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[test]
fn tails_are_those_of_the_tables() {
    for (deviations, expected) in [(0.0, 1.0), (1.0, 0.317_311), (1.96, 0.049_996), (3.290_53, 0.001)] {
        assert!((outside(deviations) - expected).abs() < 2e-6, "{deviations}: {}", outside(deviations));
    }
}

#[test]
fn what_tends_to_be_larger_is_noticed_and_what_does_not_is_not() {
    let lot = |from: u32, step: u32| -> Vec<f64> { (0..200).map(|n| f64::from(from + n * step)).collect() };
    // One between every two of the other.
    let alike = compare(&lot(0, 2), &lot(1, 2));
    assert!((alike.larger - 0.5).abs() < 0.01 && alike.by_chance > 0.8, "{alike:?}");
    let later = compare(&lot(40, 1), &lot(0, 1));
    assert!(later.larger > 0.6 && later.by_chance < 0.000_1, "{later:?}");
    let apart = compare(&lot(0, 1), &lot(1_000, 1));
    assert!(apart.larger < 1e-9 && apart.by_chance < 1e-9, "{apart:?}");
    let same = compare(&[1.0; 30], &[1.0; 30]);
    assert!((same.larger - 0.5).abs() < 1e-9 && (same.by_chance - 1.0).abs() < 1e-6, "{same:?}");
}

/// By hand: five wins and a half of twelve.
#[test]
fn wins_are_counted_with_ties_as_halves() {
    let ranks = compare(&[1.0, 4.0, 6.0], &[2.0, 3.0, 4.0, 7.0]);
    // 1 beats none; 4 beats 2 and 3 and half of 4; 6 beats 2, 3, 4.
    assert!((ranks.larger - 5.5 / 12.0).abs() < 1e-12, "{ranks:?}");
}
