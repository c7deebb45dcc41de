//! How a figure came about: steps that sum to it.

use super::{CodeKey, GroupIndex, LineIndex, PricingError};
use crate::shared::{GiftCardId, PriceListId, PromotionId, Rate, TaxRateId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The price in the catalogue.
    BasePrice,
    /// What a list of prices adds.
    PriceList,
    /// What a promotion takes off.
    Promotion,
    /// What delivering costs.
    Delivery,
    /// A tax.
    Tax,
    /// A tax that prices contain and this buyer does not owe.
    TaxRemoved,
    /// What a gift card pays.
    GiftCard,
}

/// The rule behind a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A list of prices.
    PriceList(PriceListId),
    /// A promotion.
    Promotion(PromotionId),
    /// A tax.
    TaxRate(TaxRateId),
    /// A gift card.
    GiftCard(GiftCardId),
}

/// One thing that changes what a cart costs. Amounts are in minor units of the cart's currency. Kept as JSON with each order, whose fields and
/// words stay readable for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Of which line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineIndex>,
    /// Of which delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupIndex>,
    /// By which rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// By which code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeKey>,
    /// The name of the rule, as it was then; empty for a price of the catalogue.
    #[serde(default, with = "shared_text", skip_serializing_if = "blank")]
    pub title: Arc<str>,
    /// What it adds; negative where it takes off. 0 for a tax that prices contain.
    pub amount: i64,
    /// What a percentage or a tax was worked out from; of a price that of one unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<i64>,
    /// Of a tax or a percentage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Of a tax that prices contain: how much.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub contained: i64,
    /// How many minor units of it came by rounding, when a whole was spread.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub remainder: i64,
}

impl Step {
    /// A step of which no more is said yet.
    pub const fn new(kind: StepKind, title: Arc<str>, amount: i64) -> Self {
        Self {
            kind,
            line: None,
            group: None,
            source: None,
            code: None,
            title,
            amount,
            base: None,
            rate: None,
            contained: 0,
            remainder: 0,
        }
    }
}

/// The steps of a cart, in the order in which they were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Steps(Vec<Step>);

impl Steps {
    /// One more.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Each, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        self.0.iter()
    }

    /// Those of one line, in order.
    pub fn of_line(&self, line: LineIndex) -> impl Iterator<Item = &Step> {
        self.0.iter().filter(move |step| step.line == Some(line))
    }

    /// What a line costs before tax is added: its price less all that is taken off it, its share of what is taken off the order included.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub fn sum_of_line(&self, line: LineIndex) -> Result<i64, PricingError> {
        let is_tax = |step: &&Step| matches!(step.kind, StepKind::Tax | StepKind::TaxRemoved);
        sum(self.of_line(line).filter(|step| !is_tax(step)))
    }

    /// What the cart costs: all but what gift cards pay.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub fn sum_total(&self) -> Result<i64, PricingError> {
        sum(self.0.iter().filter(|step| step.kind != StepKind::GiftCard))
    }

    /// What is left to be charged: all.
    ///
    /// # Errors
    /// A sum that 64 bits do not hold.
    pub fn sum_charge(&self) -> Result<i64, PricingError> {
        sum(self.0.iter())
    }
}

impl FromIterator<Step> for Steps {
    fn from_iter<T: IntoIterator<Item = Step>>(steps: T) -> Self {
        Self(steps.into_iter().collect())
    }
}

fn sum<'a>(mut steps: impl Iterator<Item = &'a Step>) -> Result<i64, PricingError> {
    steps.try_fold(0_i64, |sum, step| sum.checked_add(step.amount)).ok_or(PricingError::OutOfRange)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(n: &i64) -> bool {
    *n == 0
}

fn blank(text: &Arc<str>) -> bool {
    text.is_empty()
}

/// Texts that many steps share, written as texts.
mod shared_text {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::{borrow::Cow, sync::Arc};

    pub(super) fn serialize<S: Serializer>(text: &Arc<str>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<str>, D::Error> {
        Cow::<str>::deserialize(from).map(Arc::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn steps() -> Steps {
        let promotion = PromotionId::new(Uuid::from_u128(7));
        let mut steps = Steps::default();
        steps.push(Step {
            line: Some(0),
            base: Some(1_999),
            ..Step::new(StepKind::BasePrice, Arc::from(""), 3_998)
        });
        steps.push(Step {
            line: Some(0),
            source: Some(Source::Promotion(promotion)),
            code: CodeKey::of("ten"),
            base: Some(3_998),
            rate: Some(Rate::from_millionths(100_000)),
            remainder: 1,
            ..Step::new(StepKind::Promotion, Arc::from("Ten off"), -400)
        });
        steps.push(Step { group: Some(0), ..Step::new(StepKind::Delivery, Arc::from("Standard"), 500) });
        steps.push(Step { line: Some(0), contained: 574, ..Step::new(StepKind::Tax, Arc::from("VAT"), 0) });
        steps.push(Step::new(StepKind::GiftCard, Arc::from("7KQ2"), -1_000));
        steps
    }

    #[test]
    fn gift_cards_pay_for_a_cart_and_make_it_no_cheaper() {
        assert_eq!((steps().sum_total(), steps().sum_charge()), (Ok(4_098), Ok(3_098)));
        assert_eq!((steps().of_line(0).count(), steps().sum_of_line(0)), (3, Ok(3_598)));
        let mut endless = Steps::default();
        endless.push(Step::new(StepKind::Delivery, Arc::from(""), i64::MAX));
        endless.push(Step::new(StepKind::Delivery, Arc::from(""), 1));
        assert_eq!(endless.sum_total(), Err(PricingError::OutOfRange));
    }

    /// The forms in which steps were ever written: orders keep theirs.
    #[test]
    fn what_was_written_is_read() {
        let written = concat!(
            r#"[{"kind":"base_price","line":0,"amount":3998,"base":1999},"#,
            r#"{"kind":"promotion","line":0,"source":{"promotion":"00000000-0000-0000-0000-000000000007"},"code":"TEN","#,
            r#""title":"Ten off","amount":-400,"base":3998,"rate":100000,"remainder":1},"#,
            r#"{"kind":"delivery","group":0,"title":"Standard","amount":500},"#,
            r#"{"kind":"tax","line":0,"title":"VAT","amount":0,"contained":574},"#,
            r#"{"kind":"gift_card","title":"7KQ2","amount":-1000}]"#,
        );
        assert_eq!(serde_json::from_str::<Steps>(written).unwrap(), steps());
        assert_eq!(serde_json::to_string(&steps()).unwrap(), written);
    }
}
