//! What a promotion is for, and when, on its way in.

use super::{
    Unread,
    reading::{all_known, amount, invalid},
};
use crate::graphql::{
    cart::InputPath,
    checkout::{ExactDecimal, MoneyInput},
    codes::{CountryCode, CurrencyCode},
};
use async_graphql::{ID, InputObject};
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::fold_key,
    delivery::Bounds,
    pricing::{Condition, MoneyBounds, MoneyTable, Target},
    shared::{self, Currency},
};

/// An amount of the shop's currency, and what it is elsewhere.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionMoneyInput {
    /// In the shop's currency, with at most as many decimals as it has.
    pub amount: ExactDecimal,
    /// What it is in other currencies. Where nothing is said of one it is converted by the exchange rate.
    #[graphql(default)]
    pub others: Vec<MoneyInput>,
}

/// Goods: all, or whatever is named in one way or another. Gift cards and gifts of promotions never are.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionTargetInput {
    /// Everything; nothing else is named then.
    pub all: Option<bool>,
    /// The global ids of collections, 250 at most.
    #[graphql(default)]
    pub collection_ids: Vec<ID>,
    /// The global ids of products, 250 at most.
    #[graphql(default)]
    pub product_ids: Vec<ID>,
    /// Tags of products, in any letter case, 250 at most.
    #[graphql(default)]
    pub tags: Vec<String>,
    /// The global ids of variants, 250 at most.
    #[graphql(default)]
    pub variant_ids: Vec<ID>,
}

/// What must all be so. It is judged on the cart before any promotion; what is left out does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PromotionConditionsInput {
    /// The buyer is in one of these countries.
    pub countries: Option<Vec<CountryCode>>,
    /// The cart is in one of these currencies.
    pub currencies: Option<Vec<CurrencyCode>>,
    /// The buyer is in one of these groups, by their global ids.
    pub customer_group_ids: Option<Vec<ID>>,
    /// It is delivered in one of these ways, by their handles.
    pub delivery_methods: Option<Vec<String>>,
    /// The buyer has ordered nothing before.
    #[graphql(default)]
    pub first_order: bool,
    /// The cart is in one of these markets, by their global ids.
    pub market_ids: Option<Vec<ID>>,
    /// How many units there are.
    pub quantity: Option<PromotionQuantityInput>,
    /// What goods cost.
    pub subtotal: Option<PromotionSubtotalInput>,
}

/// How many units of certain goods there are.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionQuantityInput {
    /// At least so many.
    pub least: Option<i64>,
    /// At most so many.
    pub most: Option<i64>,
    /// Of which goods; left out: of all.
    pub of: Option<PromotionTargetInput>,
}

/// What certain goods cost together.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionSubtotalInput {
    /// At least so much.
    pub least: Option<PromotionMoneyInput>,
    /// At most so much.
    pub most: Option<PromotionMoneyInput>,
    /// Which goods; left out: all.
    pub of: Option<PromotionTargetInput>,
}

impl PromotionMoneyInput {
    /// In minor units.
    ///
    /// # Errors
    /// An amount is none, or a currency is named twice.
    pub(super) fn read(&self, shop: Currency, at: &InputPath) -> Result<MoneyTable, Unread> {
        let list = at.field("others");
        let mut others = BTreeMap::new();
        for (index, other) in self.others.iter().enumerate() {
            let place = list.entry(index);
            let no_amount = |_| invalid(place.field("amount"), "This is no amount of that currency.");
            let money = other.money().map_err(no_amount)?;
            if money.currency == shop || others.insert(money.currency, money.minor).is_some() {
                let message = "An amount is said once of a currency, and that of the shop's apart.";
                return Err(invalid(place.field("currencyCode"), message).into());
            }
        }
        Ok(MoneyTable { shop: amount(&self.amount, shop, at.field("amount"))?, others })
    }
}

impl PromotionTargetInput {
    /// As rules name goods.
    ///
    /// # Errors
    /// An id is none, or everything and something is named.
    pub(super) fn read(&self, at: &InputPath) -> Result<Target, Unread> {
        let named = Target::Of {
            products: all_known(&self.product_ids, &at.field("productIds"))?,
            variants: all_known(&self.variant_ids, &at.field("variantIds"))?,
            collections: all_known(&self.collection_ids, &at.field("collectionIds"))?,
            tags: self.tags.iter().map(|tag| fold_key(tag).into()).collect(),
        };
        match self.all {
            Some(true) if named.is_nothing() => Ok(Target::All),
            Some(true) => Err(invalid(at.field("all"), "Where all is meant nothing else is named.").into()),
            Some(false) | None => Ok(named),
        }
    }
}

fn target(of: Option<&PromotionTargetInput>, at: &InputPath) -> Result<Target, Unread> {
    of.map_or(Ok(Target::All), |of| of.read(&at.field("of")))
}

impl PromotionConditionsInput {
    /// As rules judge them.
    ///
    /// # Errors
    /// An id, a currency or an amount is none.
    pub(super) fn read(&self, shop: Currency, at: &InputPath) -> Result<Vec<Condition>, Unread> {
        let mut conditions = Vec::new();
        if let Some(of) = &self.subtotal {
            let at = at.field("subtotal");
            let bound = |bound: &Option<PromotionMoneyInput>, field| {
                bound.as_ref().map(|bound| bound.read(shop, &at.field(field))).transpose()
            };
            let bounds = MoneyBounds { least: bound(&of.least, "least")?, most: bound(&of.most, "most")? };
            conditions.push(Condition::Subtotal { of: target(of.of.as_ref(), &at)?, bounds });
        }
        if let Some(of) = &self.quantity {
            let bounds = Bounds { least: of.least, most: of.most };
            let of = target(of.of.as_ref(), &at.field("quantity"))?;
            conditions.push(Condition::Quantity { of, bounds });
        }
        if let Some(ids) = &self.customer_group_ids {
            conditions.push(Condition::Groups(all_known(ids, &at.field("customerGroupIds"))?));
        }
        if self.first_order {
            conditions.push(Condition::FirstOrder);
        }
        if let Some(codes) = &self.countries {
            let at = at.field("countries");
            let country = |(index, code): (usize, &CountryCode)| {
                let unknown = || invalid(at.entry(index), "Nobody delivers to this place.");
                shared::CountryCode::parse(code.as_str()).ok_or_else(unknown)
            };
            let countries = codes.iter().enumerate().map(country).collect::<Result<_, _>>()?;
            conditions.push(Condition::Countries(countries));
        }
        if let Some(codes) = &self.currencies {
            let at = at.field("currencies");
            let currency = |(index, code): (usize, &CurrencyCode)| {
                let unknown = |_| invalid(at.entry(index), "Nothing is sold in this currency.");
                Currency::parse(code.as_str()).map_err(unknown)
            };
            let currencies = codes.iter().enumerate().map(currency).collect::<Result<_, _>>()?;
            conditions.push(Condition::Currencies(currencies));
        }
        if let Some(ids) = &self.market_ids {
            conditions.push(Condition::Markets(all_known(ids, &at.field("marketIds"))?));
        }
        if let Some(handles) = &self.delivery_methods {
            let handles = handles.iter().map(|handle| handle.trim().into()).collect();
            conditions.push(Condition::DeliveryMethods(handles));
        }
        Ok(conditions)
    }
}
