//! From promotions that apply to the discounts of a cart, as storefront clients know them.

use super::{
    CartAutomaticDiscountAllocation, CartCodeDiscountAllocation, CartDiscountAllocation,
    CartDiscountApplication, CartDiscountCode, DiscountApplicationAllocationMethod,
    DiscountApplicationTargetSelection, DiscountApplicationTargetType, PricingPercentageValue, PricingValue,
};
use crate::graphql::MoneyV2;
use stoa_domain::{
    pricing::{AppliedPromotion, Class, CodeKey, OffValue, PricedCart},
    shared::{Currency, Money, Rate},
};

/// Millionths of a percent.
const PERCENT: f64 = 10_000.0;

/// What promotions take off one line. Shares of what is taken off the whole cart are no part of it, as in the Shopify Storefront API.
pub(super) fn of_line(priced: &PricedCart, line: usize) -> Vec<CartDiscountAllocation> {
    let of_units = priced.applied.iter().filter(|applied| applied.class == Class::Product);
    let shares = of_units.filter_map(|applied| {
        let (_, share) = applied.shares.iter().find(|(at, _)| *at == line)?;
        Some(allocation(priced, applied, *share))
    });
    shares.collect()
}

/// What promotions take off the whole cart and off delivery.
pub(super) fn of_cart(priced: &PricedCart) -> Vec<CartDiscountAllocation> {
    let of_all = priced.applied.iter().filter(|applied| applied.class != Class::Product);
    of_all.map(|applied| allocation(priced, applied, applied.amount)).collect()
}

/// The codes that were entered.
pub(super) fn codes(priced: &PricedCart) -> Vec<CartDiscountCode> {
    let told = priced.codes.iter().map(|outcome| CartDiscountCode {
        applicable: outcome.why.is_none(),
        code: outcome.code.text.to_string(),
        reason: outcome.why.map(|why| why.warning().into()),
    });
    told.collect()
}

fn allocation(priced: &PricedCart, applied: &AppliedPromotion, amount: i64) -> CartDiscountAllocation {
    let discount_application = application(priced, applied);
    let discounted_amount = priced.money(amount).into();
    match &applied.code {
        Some(key) => {
            CartCodeDiscountAllocation { code: entered(priced, key), discount_application, discounted_amount }
                .into()
        }
        None => CartAutomaticDiscountAllocation {
            discount_application,
            discounted_amount,
            title: applied.title.to_string(),
        }
        .into(),
    }
}

/// A code as the buyer typed it.
fn entered(priced: &PricedCart, key: &CodeKey) -> String {
    let typed = priced.codes.iter().find(|outcome| outcome.code.key == *key);
    typed.map_or_else(|| key.to_string(), |outcome| outcome.code.text.to_string())
}

fn application(priced: &PricedCart, applied: &AppliedPromotion) -> CartDiscountApplication {
    let Discounted { allocation_method, target_selection, target_type, value } =
        Discounted::of(applied, priced.lines.len(), priced.currency);
    CartDiscountApplication { allocation_method, target_selection, target_type, value }
}

/// What is said of a promotion that took something off, of a cart as of an order.
#[derive(Clone, Debug)]
pub struct Discounted {
    /// How it is spread.
    pub allocation_method: DiscountApplicationAllocationMethod,
    /// What it is for.
    pub target_selection: DiscountApplicationTargetSelection,
    /// What kind of thing it is for.
    pub target_type: DiscountApplicationTargetType,
    /// What it is worth.
    pub value: PricingValue,
}

impl Discounted {
    /// What is said of it, where there are so many lines. Amounts are in the currency.
    pub fn of(applied: &AppliedPromotion, lines: usize, currency: Currency) -> Self {
        let (target_type, allocation_method) = match applied.class {
            Class::Product => {
                (DiscountApplicationTargetType::LineItem, DiscountApplicationAllocationMethod::Each)
            }
            Class::Order => {
                (DiscountApplicationTargetType::LineItem, DiscountApplicationAllocationMethod::Across)
            }
            Class::Delivery => {
                (DiscountApplicationTargetType::ShippingLine, DiscountApplicationAllocationMethod::Each)
            }
        };
        // What a rule is for is not kept here, what it came to is: all lines, or some.
        let is_everywhere = applied.class == Class::Delivery || applied.shares.len() == lines;
        Self {
            allocation_method,
            target_selection: match is_everywhere {
                true => DiscountApplicationTargetSelection::All,
                false => DiscountApplicationTargetSelection::Entitled,
            },
            target_type,
            value: match applied.value {
                OffValue::Percent(rate) => PricingValue::from(percentage(rate)),
                OffValue::Amount(minor) => PricingValue::from(MoneyV2::from(Money::new(minor, currency))),
            },
        }
    }
}

/// A rate as the vocabulary has it: 10 is a tenth.
fn percentage(rate: Rate) -> PricingPercentageValue {
    PricingPercentageValue { percentage: f64::from(rate.millionths()) / PERCENT }
}
