//! Exact fractions, of whole numbers alone: what is worked out on paper.

use std::cmp::Ordering;

/// A fraction in lowest terms, its denominator above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    numerator: i128,
    denominator: i128,
}

fn greatest_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { greatest_divisor(b, a % b) }
}

impl Fraction {
    pub(crate) const ZERO: Self = Self { numerator: 0, denominator: 1 };

    pub(crate) const fn whole(number: i128) -> Self {
        Self { numerator: number, denominator: 1 }
    }

    /// `None` for a denominator of zero.
    pub(crate) fn of(numerator: i128, denominator: i128) -> Option<Self> {
        let divisor = greatest_divisor(numerator, denominator).checked_mul(denominator.signum())?;
        (denominator != 0)
            .then(|| Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// `12`, `12.50` or `0.0001`: digits, and at most one point with digits on both sides.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |some: &str| !some.is_empty() && some.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || (text.contains('.') && !digits(part)) {
            return None;
        }
        let decimals = u32::try_from(part.len()).ok()?;
        Self::of(format!("{whole}{part}").parse().ok()?, 10_i128.checked_pow(decimals)?)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::of(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    pub(crate) fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::of(
            self.numerator.checked_mul(other.numerator)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    pub(crate) fn over(self, other: Self) -> Option<Self> {
        Self::of(
            self.numerator.checked_mul(other.denominator)?,
            self.denominator.checked_mul(other.numerator)?,
        )
    }

    pub(crate) const fn negated(self) -> Self {
        Self { numerator: -self.numerator, denominator: self.denominator }
    }

    pub(crate) const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    pub(crate) const fn ceil(self) -> i128 {
        -self.negated().floor()
    }

    /// The nearest whole number; a half goes away from zero.
    pub(crate) fn half_up(self) -> i128 {
        let doubled = self.numerator.abs() * 2 + self.denominator;
        doubled.div_euclid(self.denominator * 2) * self.numerator.signum()
    }

    /// `None` unless it is a whole number.
    pub(crate) fn exact(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Said as people write it, where six decimals say all of it.
        match (0..=6_u32).find(|decimals| 10_i128.pow(*decimals) % self.denominator == 0) {
            Some(0) => write!(f, "{}", self.numerator),
            Some(decimals) => {
                let scaled = self.numerator.abs() * (10_i128.pow(decimals) / self.denominator);
                let (whole, part) = (scaled / 10_i128.pow(decimals), scaled % 10_i128.pow(decimals));
                let sign = if self.numerator < 0 { "-" } else { "" };
                write!(f, "{sign}{whole}.{part:0width$}", width = decimals as usize)
            }
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}
