//! What must be so for a promotion, as staff see it.

use super::{PromotionMoney, PromotionTarget};
use crate::graphql::{
    codes::{CountryCode, CurrencyCode},
    scalars::Gid,
};
use async_graphql::SimpleObject;
use stoa_domain::{
    pricing::Condition,
    shared::{Currency, CustomerGroupId, MarketId},
};

/// What must all be so. It is judged on the cart before any promotion; what is null does not matter.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionConditions {
    /// The buyer is in one of these countries.
    pub countries: Option<Vec<CountryCode>>,
    /// The cart is in one of these currencies.
    pub currencies: Option<Vec<CurrencyCode>>,
    /// The buyer is in one of these groups, by their global ids.
    pub customer_group_ids: Option<Vec<Gid<CustomerGroupId>>>,
    /// It is delivered in one of these ways, by their handles.
    pub delivery_methods: Option<Vec<String>>,
    /// The buyer has ordered nothing before.
    pub first_order: bool,
    /// The cart is in one of these markets, by their global ids.
    pub market_ids: Option<Vec<Gid<MarketId>>>,
    /// How many units there are.
    pub quantity: Option<PromotionQuantity>,
    /// What goods cost.
    pub subtotal: Option<PromotionSubtotal>,
}

/// How many units of certain goods there are.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionQuantity {
    /// At least so many.
    pub least: Option<i64>,
    /// At most so many.
    pub most: Option<i64>,
    /// Of which goods.
    pub of: PromotionTarget,
}

/// What certain goods cost together.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionSubtotal {
    /// At least so much.
    pub least: Option<PromotionMoney>,
    /// At most so much.
    pub most: Option<PromotionMoney>,
    /// Which goods.
    pub of: PromotionTarget,
}

impl PromotionConditions {
    /// Each kind is said once, as it is written.
    pub(super) fn of(conditions: &[Condition], shop: Currency) -> Self {
        let mut told = Self::default();
        for condition in conditions {
            match condition {
                Condition::Subtotal { of, bounds } => {
                    let money = |bound| PromotionMoney::of(bound, shop);
                    told.subtotal = Some(PromotionSubtotal {
                        least: bounds.least.as_ref().map(money),
                        most: bounds.most.as_ref().map(money),
                        of: of.into(),
                    });
                }
                Condition::Quantity { of, bounds } => {
                    told.quantity =
                        Some(PromotionQuantity { least: bounds.least, most: bounds.most, of: of.into() });
                }
                Condition::Groups(of) => {
                    told.customer_group_ids = Some(of.iter().copied().map(Gid).collect());
                }
                Condition::FirstOrder => told.first_order = true,
                Condition::Countries(of) => {
                    told.countries = Some(of.iter().copied().map(Into::into).collect());
                }
                Condition::Currencies(of) => {
                    told.currencies = Some(of.iter().copied().map(Into::into).collect());
                }
                Condition::Markets(of) => told.market_ids = Some(of.iter().copied().map(Gid).collect()),
                Condition::DeliveryMethods(of) => {
                    told.delivery_methods = Some(of.iter().map(ToString::to_string).collect());
                }
            }
        }
        told
    }
}
