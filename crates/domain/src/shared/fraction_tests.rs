//! Fractions, checked by multiplying back in 256 bits.

use super::*;
use proptest::prelude::*;

fn fraction(n: i128, d: i128) -> Fraction {
    Fraction::try_new(n, d).unwrap()
}

fn percent(text: &str) -> Fraction {
    Rate::parse_percent(text).unwrap().into()
}

/// The 256 bits of a product, high half first, as long multiplication in two digits of 64 bits gives them.
fn wide(a: u128, b: u128) -> (u128, u128) {
    let halves = |x: u128| (x >> 64, x & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (halves(a), halves(b));
    let (cross_high, cross_low) = halves(a1 * b0);
    let (other_high, other_low) = halves(a0 * b1);
    let (carry, low) = halves(a0 * b0);
    let (top, middle) = halves(cross_low + other_low + carry);
    (a1 * b1 + cross_high + other_high + top, (middle << 64) | low)
}

/// By how much two wide numbers differ; `None` where 128 bits do not hold it.
fn apart(a: (u128, u128), b: (u128, u128)) -> Option<u128> {
    let (more, less) = if a >= b { (a, b) } else { (b, a) };
    let (low, borrow) = more.1.overflowing_sub(less.1);
    (more.0 - less.0 == u128::from(borrow)).then_some(low)
}

#[test]
fn equal_fractions_are_the_same() {
    assert_eq!(fraction(6, -4), fraction(-3, 2));
    assert_eq!((fraction(6, -4).numerator(), fraction(6, -4).denominator()), (-3, 2));
    assert_eq!(fraction(0, -7), Fraction::ZERO);
    assert!(fraction(0, 5).is_zero());
    assert_eq!(percent("9.975"), fraction(399, 4_000));
    assert_eq!(percent("0"), Fraction::ZERO);
}

#[test]
fn compound_rates_are_exact() {
    // Prince Edward Island before 2013: GST of 5 %, and 10 % on price and GST together.
    let (gst, pst) = (percent("5"), percent("10"));
    let compound = pst.checked_mul(Fraction::ONE.checked_add(gst).unwrap()).unwrap();
    assert_eq!(compound, percent("10.5"));
    let both = gst.checked_add(compound).unwrap();
    assert_eq!(both.of(10_000, 1), Ok(1_550));
    assert_eq!(both.inside().unwrap().of(11_550, 1), Ok(1_550));
    assert_eq!(both.checked_sub(gst), Ok(compound));
    // Two compounds with all decimals a rate can have: a denominator of 10^18, and the largest amount.
    let odd = percent("9.9999");
    let second = odd.checked_mul(Fraction::ONE.checked_add(odd).unwrap()).unwrap();
    let sum = odd.checked_add(second).unwrap();
    let third = odd.checked_mul(Fraction::ONE.checked_add(sum).unwrap()).unwrap();
    assert_eq!(third.denominator(), 10_i128.pow(18));
    assert!(third.of(i64::MAX, 1).is_ok());
}

#[test]
fn halves_go_away_from_zero_in_steps() {
    assert_eq!(percent("9.975").of(10_000, 1), Ok(998)); // 997.5
    assert_eq!(percent("9.975").of(-10_000, 1), Ok(-998));
    assert_eq!(percent("5").of(1_300, 10), Ok(70)); // 65
    assert_eq!(percent("5").of(1_299, 10), Ok(60)); // 64.95
    assert_eq!(fraction(299, 2).round_to(100), Ok(100)); // 149.5
    assert_eq!(fraction(300, 2).round_to(100), Ok(200)); // 150
    assert_eq!(fraction(5, 2).round_to(0), Ok(3), "a step that is none counts as one");
    assert_eq!(fraction(299, 2).floor_to(10), Ok(140));
    assert_eq!(fraction(-1, 2).floor_to(1), Ok(-1));
    assert_eq!(fraction(-1, 2).floor_to(10), Ok(-10));
}

#[test]
fn what_cannot_be_held_is_an_error() {
    let out = Err(InvalidMoney::OutOfRange);
    assert_eq!(Fraction::try_new(1, 0), out);
    assert_eq!(Fraction::try_new(i128::MIN, 1), out);
    assert_eq!(Fraction::try_new(1, i128::MIN), out);
    let (huge, tiny) = (fraction(i128::MAX, 1), fraction(1, i128::MAX));
    assert_eq!(huge.checked_add(Fraction::ONE), out);
    assert_eq!(huge.checked_mul(fraction(2, 1)), out);
    assert_eq!(tiny.checked_mul(fraction(1, 2)), out);
    assert_eq!(huge.checked_mul(tiny), Ok(Fraction::ONE), "what is divided out first stays within");
    assert_eq!(Fraction::ONE.checked_div(Fraction::ZERO), out);
    assert_eq!(fraction(-1, 1).inside(), out);
    assert_eq!(tiny.round_to(2), Err(InvalidMoney::OutOfRange));
    assert_eq!(huge.of(2, 1), Err(InvalidMoney::OutOfRange));
    assert_eq!(Fraction::whole(i64::MAX).round_to(10), Err(InvalidMoney::OutOfRange));
    assert_eq!(Fraction::whole(i64::MIN).floor_to(10), Err(InvalidMoney::OutOfRange));
}

/// Numerators and denominators of every size.
fn part() -> impl Strategy<Value = i128> {
    (any::<i64>(), any::<i64>(), 0_u32..=126)
        .prop_map(|(a, b, shift)| (i128::from(a) * i128::from(b)) >> shift)
}

proptest! {
    /// What was rounded, times the denominator, is within half a step of the product, and at half a step it is the one further from zero.
    #[test]
    fn rounding_is_exact(n in part(), d in part(), minor in any::<i64>(), step in prop::sample::select(vec![1_i64, 10, 100])) {
        prop_assume!(d != 0);
        let share = fraction(n, d);
        let Ok(rounded) = share.of(minor, step) else { return Ok(()) };
        let exact = wide(share.numerator().unsigned_abs(), u128::from(minor.unsigned_abs()));
        let told = wide(share.denominator().unsigned_abs(), u128::from(rounded.unsigned_abs()));
        let size = share.denominator().unsigned_abs() * u128::from(step.unsigned_abs());
        let off = apart(exact, told).unwrap();
        prop_assert!(off <= size - off);
        prop_assert!(off < size - off || told > exact, "half a step towards zero");
        prop_assert_eq!(rounded % step, 0);
        prop_assert!(rounded == 0 || i128::from(rounded.signum()) == share.numerator().signum() * i128::from(minor.signum()));
    }

    /// An amount that is refused is one that the bits do not hold.
    #[test]
    fn nothing_is_refused_that_could_be_held(n in -10_i128.pow(18)..=10_i128.pow(18), d in 1..=10_i128.pow(18), minor in -i64::MAX..=i64::MAX) {
        let share = fraction(n, d);
        let magnitude = share.numerator().unsigned_abs() * u128::from(minor.unsigned_abs()) / share.denominator().unsigned_abs();
        prop_assert_eq!(share.of(minor, 1).is_err(), magnitude > u128::from(i64::MAX.unsigned_abs()), "{}", magnitude);
    }

    #[test]
    fn the_two_ways_of_rounding_agree(n in -10_i128.pow(18)..=10_i128.pow(18), d in 1..=10_i128.pow(18), minor in -10_i64.pow(15)..10_i64.pow(15), step in 1_i64..=100) {
        let share = fraction(n, d);
        prop_assert_eq!(share.mul_minor(minor).unwrap().round_to(step), share.of(minor, step));
    }

    #[test]
    fn sums_and_products_are_taken_back(a in any::<i32>(), b in 1..=10_i128.pow(12), c in any::<i32>(), d in 1..=10_i128.pow(12)) {
        let (x, y) = (fraction(a.into(), b), fraction(c.into(), d));
        prop_assert_eq!(x.checked_add(y).unwrap().checked_sub(y), Ok(x));
        prop_assert_eq!(x.checked_add(y), y.checked_add(x));
        prop_assert_eq!(x.checked_mul(y), y.checked_mul(x));
        if !y.is_zero() {
            prop_assert_eq!(x.checked_mul(y).unwrap().checked_div(y), Ok(x));
        }
    }

    /// What is below and above a figure: the floor is at most it, and a step more is beyond it.
    #[test]
    fn a_floor_is_the_nearest_step_below(n in -10_i128.pow(15)..10_i128.pow(15), d in 1..=10_i128.pow(6), step in 1_i64..=1_000) {
        let exact = fraction(n, d);
        let floor = i128::from(exact.floor_to(step).unwrap());
        prop_assert_eq!(floor % i128::from(step), 0);
        prop_assert!(floor * d <= n && n < (floor + i128::from(step)) * d);
    }

    /// Compound or not: the tax inside of what is net and tax together is the tax.
    #[test]
    fn inside_undoes_on_top(first in 0_u32..500_000, second in 0_u32..500_000, net in 0_i64..10_000_000_000) {
        let (first, second) = (Fraction::from(Rate::from_millionths(first)), Fraction::from(Rate::from_millionths(second)));
        let both = second.checked_mul(Fraction::ONE.checked_add(first).unwrap()).unwrap().checked_add(first).unwrap();
        let tax = both.of(net, 1).unwrap();
        let again = both.inside().unwrap().of(net + tax, 1).unwrap();
        prop_assert!((again - tax).abs() <= 1);
    }
}
