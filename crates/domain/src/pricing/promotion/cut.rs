//! How much comes off an amount.

use super::{MoneyTable, Off};
use crate::{
    pricing::{Context, OffValue, PricingError},
    shared::{Fraction, Rate, round_div},
};

/// What is taken off an amount, in minor units of the cart's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A share.
    Percent(Rate),
    /// So much of each unit.
    PerUnit(i64),
    /// So much.
    Once(i64),
    /// All that units cost above this.
    UnitPrice(i64),
}

impl Cut {
    /// What comes off `left`, which is what `units` cost now, where `touched` of them are meant: never more than those cost.
    ///
    /// # Errors
    /// A figure that 64 bits do not hold.
    pub(super) fn of(self, left: i64, touched: u32, units: u32, step: i64) -> Result<i64, PricingError> {
        let within = if touched >= units { left } else { part(left, touched, units) };
        let touched = i64::from(touched.min(units));
        let off = match self {
            Self::Percent(rate) => rate.of_in_steps(within, step)?,
            Self::PerUnit(amount) => amount.saturating_mul(touched),
            Self::Once(amount) => amount,
            Self::UnitPrice(price) => within.saturating_sub(price.saturating_mul(touched)),
        };
        Ok(off.clamp(0, within.max(0)))
    }

    /// What is said of it.
    pub(super) const fn value(self) -> OffValue {
        match self {
            Self::Percent(rate) => OffValue::Percent(rate),
            Self::PerUnit(amount) | Self::Once(amount) | Self::UnitPrice(amount) => OffValue::Amount(amount),
        }
    }

    /// What is taken off at once.
    pub(super) fn off(off: &Off, context: &Context<'_>) -> Result<Self, PricingError> {
        match off {
            Off::Percent(rate) => Ok(Self::Percent(*rate)),
            Off::Amount(table) => Ok(Self::Once(in_cart(table, context)?)),
        }
    }
}

/// So many of the units' part of what all of them cost, rounded down.
fn part(left: i64, touched: u32, units: u32) -> i64 {
    let exact = i128::from(left) * i128::from(touched) / i128::from(units.max(1));
    i64::try_from(exact).unwrap_or(left)
}

/// An amount in the cart's currency, in whole charge steps: what is said of the currency itself, else the shop's amount by the rate.
pub(super) fn in_cart(table: &MoneyTable, context: &Context<'_>) -> Result<i64, PricingError> {
    let (amount, step) = (table.in_currency(context)?, context.currency.charge_step());
    Ok(round_div(amount.into(), step.into())?.saturating_mul(step))
}

/// What of an amount of the shop's currency can be given away in the cart's: rounded down to what can be charged, so that what is given away is never
/// more than the amount when it is told in the shop's currency. Of more than any cart costs, that.
pub(super) fn affordable(minor: i64, context: &Context<'_>) -> i64 {
    let (from, to) = (context.shop_currency, context.currency);
    let factor = if from == to { Ok(Fraction::ONE) } else { context.rate.factor(from, to) };
    let exact = factor.and_then(|factor| factor.mul_minor(minor));
    exact.and_then(|exact| exact.floor_to(to.charge_step())).unwrap_or(i64::MAX)
}

/// An amount of the shop's currency in the cart's.
pub(super) fn converted(minor: i64, context: &Context<'_>) -> Result<i64, PricingError> {
    let (from, to) = (context.shop_currency, context.currency);
    Ok(context.rate.convert(minor, from, to, to.charge_step())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        market::{ExchangeRate, Market},
        shared::Currency,
    };
    use proptest::prelude::*;

    fn context<'a>(market: &'a Market, rate: &str) -> Context<'a> {
        let rate = ExchangeRate::parse(rate).unwrap();
        Context { currency: Currency::parse("USD").unwrap(), rate, ..Context::anybody(market) }
    }

    /// Half a dollar for a euro: of 3 cents 1.5 are to be had. Two would be 4 of the shop's, and the budget would be overdrawn.
    #[test]
    fn a_budget_is_given_away_rounded_down() {
        let euros = Market::primary(Currency::parse("EUR").unwrap());
        let context = context(&euros, "0.5");
        assert_eq!((affordable(3, &context), affordable(4, &context), affordable(1, &context)), (1, 2, 0));
        assert_eq!(affordable(i64::MAX, &self::context(&euros, "1.1")), i64::MAX);
        let dinars = Market::primary(Currency::parse("KWD").unwrap());
        assert_eq!(affordable(1_239, &Context::anybody(&dinars)), 1_230);
    }

    proptest! {
        #[test]
        fn what_is_given_away_is_never_more_in_the_shops_currency(
            left in 0_i64..10_i64.pow(9), thousandths in 1_i64..5_000_000, code in prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")],
        ) {
            let shop = Market::primary(Currency::parse(code).unwrap());
            let rate = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
            let context = context(&shop, &rate);
            prop_assert!(context.in_shop(affordable(left, &context)).unwrap() <= left);
        }
    }

    #[test]
    fn no_cut_is_larger_than_what_it_is_cut_from() {
        let third = Cut::Percent(Rate::from_millionths(333_333));
        assert_eq!(third.of(1_000, 1, 1, 1), Ok(333), "333.333");
        assert_eq!(third.of(1_000, 1, 1, 10), Ok(330), "in tens");
        assert_eq!(third.of(900, 1, 3, 1), Ok(100), "a third of one of three, 99.9999");
        assert_eq!(Cut::PerUnit(400).of(1_500, 3, 3, 1), Ok(1_200));
        assert_eq!(Cut::PerUnit(400).of(1_000, 3, 3, 1), Ok(1_000));
        assert_eq!(Cut::PerUnit(400).of(1_500, 2, 3, 1), Ok(800), "of two of three");
        assert_eq!(Cut::Once(400).of(1_500, 3, 3, 1), Ok(400));
        assert_eq!(Cut::UnitPrice(300).of(1_500, 3, 3, 1), Ok(600));
        assert_eq!(Cut::UnitPrice(600).of(1_500, 3, 3, 1), Ok(0), "dearer than it is");
        assert_eq!(Cut::PerUnit(i64::MAX).of(1_500, 3, 3, 1), Ok(1_500));
    }
}
