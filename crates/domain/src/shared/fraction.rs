//! Exact fractions, for what rates make of amounts before anything is rounded.

use super::money::{InvalidMoney, Rate, round_div};

/// An exact number `n / d`, kept in lowest terms with `d` above zero, so that two that are equal are the same.
///
/// Made for rates: compound taxes (`GST`, and on top of it a tax on price and GST together) have denominators of 10¹² and 10¹⁸,
/// which with an amount of 64 bits stay within the 128 of `n`. What does not is an error, never a wrong figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    n: i128,
    d: i128,
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { n: 0, d: 1 };
    /// One.
    pub const ONE: Self = Self { n: 1, d: 1 };

    /// `n / d`. Errors when `d` is zero, or when either is the one number of 128 bits that has no negative.
    pub fn try_new(n: i128, d: i128) -> Result<Self, InvalidMoney> {
        if d == 0 || n == i128::MIN || d == i128::MIN {
            return Err(InvalidMoney::OutOfRange);
        }
        let common = gcd(n.abs(), d.abs()) * d.signum();
        Ok(Self { n: n / common, d: d / common })
    }

    /// A whole number.
    pub const fn whole(n: i64) -> Self {
        Self { n: n as i128, d: 1 }
    }

    /// The numerator in lowest terms; it has the sign.
    pub const fn numerator(self) -> i128 {
        self.n
    }

    /// The denominator in lowest terms, above zero.
    pub const fn denominator(self) -> i128 {
        self.d
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.n == 0
    }

    /// The sum. Errors when 128 bits do not hold it.
    pub fn checked_add(self, other: Self) -> Result<Self, InvalidMoney> {
        let common = gcd(self.d, other.d);
        let (ours, theirs) = (other.d / common, self.d / common);
        let n = self.n.checked_mul(ours).zip(other.n.checked_mul(theirs)).and_then(|(a, b)| a.checked_add(b));
        Self::of_checked(n, self.d.checked_mul(ours))
    }

    /// The difference. Errors when 128 bits do not hold it.
    pub fn checked_sub(self, other: Self) -> Result<Self, InvalidMoney> {
        // The numerator never is the one that has no negative.
        self.checked_add(Self { n: -other.n, ..other })
    }

    /// The product. Errors when 128 bits do not hold it.
    pub fn checked_mul(self, other: Self) -> Result<Self, InvalidMoney> {
        // What is divided out first cannot overflow.
        let (a, b) = (gcd(self.n.abs(), other.d), gcd(other.n.abs(), self.d));
        Self::of_checked((self.n / a).checked_mul(other.n / b), (self.d / b).checked_mul(other.d / a))
    }

    /// The quotient. Errors when `other` is zero or 128 bits do not hold it.
    pub fn checked_div(self, other: Self) -> Result<Self, InvalidMoney> {
        self.checked_mul(Self::try_new(other.d, other.n)?)
    }

    /// This many times `minor`, exactly. Errors when 128 bits do not hold it.
    pub fn mul_minor(self, minor: i64) -> Result<Self, InvalidMoney> {
        self.checked_mul(Self::whole(minor))
    }

    /// What is inside a gross amount if this comes on top of the net one: `f / (1 + f)`. Errors when 128 bits do not hold it, or
    /// this is -1.
    pub fn inside(self) -> Result<Self, InvalidMoney> {
        Self::of_checked(Some(self.n), self.d.checked_add(self.n))
    }

    /// Rounded half away from zero to a whole multiple of `step` (a step below 1 counts as 1). Errors when 64 bits do not hold it.
    pub fn round_to(self, step: i64) -> Result<i64, InvalidMoney> {
        round_in_steps(self.n, self.d, step)
    }

    /// The largest multiple of `step` (a step below 1 counts as 1) that is not above this. Errors when 64 bits do not hold it.
    pub fn floor_to(self, step: i64) -> Result<i64, InvalidMoney> {
        let step = step.max(1);
        let size = self.d.checked_mul(i128::from(step)).ok_or(InvalidMoney::OutOfRange)?;
        let steps = i64::try_from(self.n.div_euclid(size)).map_err(|_| InvalidMoney::OutOfRange)?;
        steps.checked_mul(step).ok_or(InvalidMoney::OutOfRange)
    }

    /// This share of `minor`, rounded half away from zero to a whole multiple of `step`: the figure of
    /// `mul_minor(minor)?.round_to(step)` without the search for lowest terms in between. Errors when 128 bits do not hold the product
    /// or 64 the result.
    pub fn of(self, minor: i64, step: i64) -> Result<i64, InvalidMoney> {
        let product = self.n.checked_mul(i128::from(minor)).ok_or(InvalidMoney::OutOfRange)?;
        round_in_steps(product, self.d, step)
    }

    fn of_checked(n: Option<i128>, d: Option<i128>) -> Result<Self, InvalidMoney> {
        let (n, d) = n.zip(d).ok_or(InvalidMoney::OutOfRange)?;
        Self::try_new(n, d)
    }
}

impl From<Rate> for Fraction {
    fn from(rate: Rate) -> Self {
        let (n, d) = (i128::from(rate.millionths()), 1_000_000);
        let common = gcd(n, d);
        Self { n: n / common, d: d / common }
    }
}

fn round_in_steps(n: i128, d: i128, step: i64) -> Result<i64, InvalidMoney> {
    let step = step.max(1);
    let size = d.checked_mul(i128::from(step)).ok_or(InvalidMoney::OutOfRange)?;
    round_div(n, size)?.checked_mul(step).ok_or(InvalidMoney::OutOfRange)
}

/// The greatest common divisor by Euclid's algorithm, of numbers that are not negative and not both zero.
fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
#[path = "fraction_tests.rs"]
mod tests;
