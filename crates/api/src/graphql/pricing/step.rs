//! The steps that add up to a total.

use crate::graphql::{MoneyV2, PriceCurrency, scalars::Decimal};
use async_graphql::{Enum, ID, Object};
use stoa_domain::{
    pricing::{Step, StepKind},
    shared::Rate,
};

/// What a step of pricing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PricingStepKind {
    /// The price in the catalogue, of all units of a line.
    BasePrice,
    /// What delivering costs.
    Delivery,
    /// What a gift card or store credit pays.
    GiftCard,
    /// What a list of prices changes.
    PriceList,
    /// What a promotion takes off.
    Promotion,
    /// A tax.
    Tax,
    /// A tax that prices contain and this buyer does not owe.
    TaxRemoved,
}

impl From<StepKind> for PricingStepKind {
    fn from(kind: StepKind) -> Self {
        match kind {
            StepKind::BasePrice => Self::BasePrice,
            StepKind::PriceList => Self::PriceList,
            StepKind::Promotion => Self::Promotion,
            StepKind::Delivery => Self::Delivery,
            StepKind::Tax => Self::Tax,
            StepKind::TaxRemoved => Self::TaxRemoved,
            StepKind::GiftCard => Self::GiftCard,
        }
    }
}

/// Decimals of a rate in percent: it counts millionths.
const RATE_DECIMALS: u8 = 4;

/// A rate in percent, without zeros at its end: `7`, `9.975`.
pub fn percentage(rate: Rate) -> Decimal {
    let (mut minor, mut decimals) = (i64::from(rate.millionths()), RATE_DECIMALS);
    while decimals > 0 && minor % 10 == 0 {
        minor /= 10;
        decimals -= 1;
    }
    Decimal { minor, decimals }
}

/// One thing that changes what something costs.
#[derive(Clone, Debug)]
pub struct PricingStep {
    step: Step,
    /// The global id of its line.
    line: Option<String>,
    currency: PriceCurrency,
}

impl PricingStep {
    /// Steps in a currency; `line` tells the global id of a line by its place.
    pub fn all<'s>(
        steps: impl Iterator<Item = &'s Step>,
        currency: PriceCurrency,
        line: impl Fn(usize) -> Option<String>,
    ) -> Vec<Self> {
        let told = |step: &Step| Self { line: step.line.and_then(&line), step: step.clone(), currency };
        steps.map(told).collect()
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        self.currency.of(minor)
    }
}

/// One thing that changes what a cart or an order costs. Added up in order, the amounts of all steps but those of gift cards are the total,
/// to the last minor unit; with those of gift cards they are what is charged. An addition of this server to the vocabulary.
#[Object]
impl PricingStep {
    /// What it adds; negative where it takes off. Zero for a tax that prices contain.
    fn amount(&self) -> MoneyV2 {
        self.money(self.step.amount)
    }

    /// What a percentage or a tax was worked out from; of a price, that of one unit.
    fn base(&self) -> Option<MoneyV2> {
        self.step.base.map(|base| self.money(base))
    }

    /// The code that brought it, in upper case.
    fn code(&self) -> Option<&str> {
        self.step.code.as_ref().map(|code| code.as_str())
    }

    /// Of a tax that prices contain: how much.
    fn contained(&self) -> Option<MoneyV2> {
        (self.step.contained != 0).then(|| self.money(self.step.contained))
    }

    /// What it is.
    fn kind(&self) -> PricingStepKind {
        self.step.kind.into()
    }

    /// The global id of the cart's or the order's line; null for what is for all of it.
    fn line_id(&self) -> Option<ID> {
        self.line.as_ref().map(|line| ID(line.clone()))
    }

    /// Of a tax, or of a percentage off: 19 is 19 %.
    fn percentage(&self) -> Option<Decimal> {
        self.step.rate.map(percentage)
    }

    /// Minor units of the amount that came by rounding, when a whole was spread over several lines; null where it was exact.
    fn remainder(&self) -> Option<i32> {
        i32::try_from(self.step.remainder).ok().filter(|remainder| *remainder != 0)
    }

    /// The name of the rule, as it was then; empty for a price of the catalogue.
    fn title(&self) -> &str {
        &self.step.title
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_written_in_percent_as_people_do() {
        let written = |millionths| percentage(Rate::from_millionths(millionths)).text();
        assert_eq!(written(70_000), "7");
        assert_eq!(written(99_750), "9.975");
        assert_eq!(written(1), "0.0001");
        assert_eq!(written(0), "0");
        assert_eq!(written(1_000_000), "100");
    }
}
