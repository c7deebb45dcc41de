//! A way of delivering, as staff see it.

use crate::graphql::{
    money::{MoneyV2, PriceCurrency},
    scalars::{DateTime, Decimal, Gid},
};
use async_graphql::{Enum, Object, SimpleObject};
use stoa_domain::{
    delivery::{DeliveryMethod, LoadBounds, Measure, MethodKind},
    shared::{Currency, DeliveryMethodId, DeliveryZoneId, LocationId, Money, TaxCategoryId},
};
use stoa_persistence::pricing::{Kept, Switched};
use stoa_services::admin::DeliveryKind;

/// By what a delivery is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Measure")]
pub enum DeliveryMeasure {
    /// Units.
    Quantity,
    /// What the goods cost, before anything is taken off.
    Subtotal,
    /// Grams.
    Weight,
}

/// How goods get to their buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "DeliveryKind")]
pub enum DeliveryMethodKind {
    /// By a carrier, at the carrier's price.
    Carrier,
    /// By the shop's own people, nearby.
    Local,
    /// Not at all: the buyer comes to a location.
    PickUp,
    /// By a carrier, at the shop's own price.
    Shipping,
}

/// What is paid from so much on.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct DeliveryRate {
    /// What is paid at `from`.
    pub base: MoneyV2,
    /// The least it is for: grams, units, or an amount of the shop's currency.
    pub from: Decimal,
    /// What each begun step above `from` costs on top; null: nothing.
    pub per_step: Option<MoneyV2>,
    /// How much a step is: grams, units, or an amount of the shop's currency; null: there are none.
    pub step: Option<Decimal>,
}

/// What a method is on offer for, both ends included; what is null is open.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct DeliveryBounds {
    /// At least so many units.
    pub quantity_at_least: Option<i64>,
    /// At most so many units.
    pub quantity_at_most: Option<i64>,
    /// Goods of so much at least, before anything is taken off.
    pub subtotal_at_least: Option<MoneyV2>,
    /// Goods of so much at most, before anything is taken off.
    pub subtotal_at_most: Option<MoneyV2>,
    /// At least so many grams.
    pub weight_at_least: Option<i64>,
    /// At most so many grams.
    pub weight_at_most: Option<i64>,
}

impl DeliveryBounds {
    fn of(bounds: &LoadBounds, shop: Currency) -> Self {
        let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, shop).into());
        Self {
            quantity_at_least: bounds.quantity.least,
            quantity_at_most: bounds.quantity.most,
            subtotal_at_least: money(bounds.subtotal.least),
            subtotal_at_most: money(bounds.subtotal.most),
            weight_at_least: bounds.weight.least,
            weight_at_most: bounds.weight.most,
        }
    }
}

/// A way of delivering, as staff see it, in a shop of this currency.
#[derive(Clone, Debug)]
pub struct AdminDeliveryMethod(
    pub(in crate::graphql::admin) Kept<Switched<DeliveryMethod>>,
    pub(in crate::graphql::admin) Currency,
);

impl AdminDeliveryMethod {
    const fn method(&self) -> &DeliveryMethod {
        &self.0.rule.rule
    }

    fn money(&self, minor: i64) -> MoneyV2 {
        Money::new(minor, self.1).into()
    }
}

/// A way of delivering: where it is on offer, for what, and what it costs.
#[Object]
impl AdminDeliveryMethod {
    /// Whether it is in use.
    async fn active(&self) -> bool {
        self.0.rule.active
    }

    /// What it is on offer for.
    async fn bounds(&self) -> DeliveryBounds {
        DeliveryBounds::of(&self.method().bounds, self.1)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// What the buyer reads beside the title.
    async fn description(&self) -> Option<&str> {
        self.method().description.as_deref()
    }

    /// From which subtotal on it costs nothing, before anything is taken off; null: it is never free by itself.
    async fn free_from(&self) -> Option<MoneyV2> {
        self.method().free_from.map(|from| self.money(from))
    }

    /// Its stable name, which carts choose it by and promotions speak of it by.
    async fn handle(&self) -> &str {
        &self.method().handle
    }

    /// The global id.
    async fn id(&self) -> Gid<DeliveryMethodId> {
        Gid(self.method().id)
    }

    /// How the goods get there.
    async fn kind(&self) -> DeliveryMethodKind {
        DeliveryKind::from(self.method().kind).into()
    }

    /// The global id of the location where goods are picked up; null of all else.
    async fn location_id(&self) -> Option<Gid<LocationId>> {
        match self.method().kind {
            MethodKind::PickUp { location } => Some(Gid(location)),
            MethodKind::Shipping | MethodKind::Local | MethodKind::Carrier => None,
        }
    }

    /// How many working days it takes at most; null: nobody says.
    async fn maximum_days(&self) -> Option<i32> {
        self.method().days.map(|days| days.most.into())
    }

    /// By what it is priced.
    async fn measure(&self) -> DeliveryMeasure {
        self.method().rates.by.into()
    }

    /// How many working days it takes at least; null: nobody says.
    async fn minimum_days(&self) -> Option<i32> {
        self.method().days.map(|days| days.least.into())
    }

    /// Its place among the options: the lowest comes first.
    async fn position(&self) -> i32 {
        self.method().position
    }

    /// What it costs, by `from`; none of a carrier's, who says it.
    async fn rates(&self) -> Vec<DeliveryRate> {
        let table = &self.method().rates;
        let of_the_shop = PriceCurrency::from(self.1).decimals();
        let decimals = if table.by == Measure::Subtotal { of_the_shop } else { 0 };
        let figure = |minor| Decimal { minor, decimals };
        let rows = table.rows.iter().map(|row| DeliveryRate {
            base: self.money(row.base),
            from: figure(row.from),
            per_step: (row.step > 0).then(|| self.money(row.per_step)),
            step: (row.step > 0).then(|| figure(row.step)),
        });
        rows.collect()
    }

    /// The global id of the tax category that delivery by it is taxed as; null: as standard.
    async fn tax_category_id(&self) -> Option<Gid<TaxCategoryId>> {
        self.method().tax_category.map(Gid)
    }

    /// What the buyer reads.
    async fn title(&self) -> &str {
        &self.method().title
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Rises by 1 with every change: who changes it says which one they have read.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Cubic millimetres a gram, where room counts as weight; null: it does not.
    async fn volume_divisor(&self) -> Option<u32> {
        self.method().divisor
    }

    /// The global id of the zone where it is on offer; null of a pick-up, which is for whoever comes.
    async fn zone_id(&self) -> Option<Gid<DeliveryZoneId>> {
        self.method().zone.map(Gid)
    }
}
