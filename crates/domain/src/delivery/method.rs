//! Ways of delivering.

use super::{DeliveryDays, RateTable};
use crate::shared::{DeliveryMethodId, DeliveryZoneId, LocationId, TaxCategoryId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A way of delivering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryMethod {
    /// Which; [`DeliveryMethodId::NIL`] for that of the configuration.
    pub id: DeliveryMethodId,
    /// Where it is on offer; `None`: wherever the buyer is, as for a pick-up.
    pub zone: Option<DeliveryZoneId>,
    /// Stable name, such as `standard`; unique in the shop.
    pub handle: Arc<str>,
    /// What the buyer reads.
    pub title: Arc<str>,
    /// What else the buyer reads.
    pub description: Option<Arc<str>>,
    /// How the goods get there.
    pub kind: MethodKind,
    /// What it costs. Of a carrier's method nothing: the carrier says it.
    pub rates: RateTable,
    /// From which subtotal on it costs nothing, in minor units of the shop's currency, before anything is taken off.
    pub free_from: Option<i64>,
    /// Cubic millimetres a gram, where room counts as weight.
    pub divisor: Option<u32>,
    /// How it is taxed, where delivery is taxed at rates of its own.
    pub tax_category: Option<TaxCategoryId>,
    /// How long it takes.
    pub days: Option<DeliveryDays>,
    /// What it is on offer for.
    pub bounds: LoadBounds,
    /// Its place among the options.
    pub position: i32,
}

/// How goods get to their buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// By a carrier, at the shop's own price.
    Shipping,
    /// By the shop's own people, nearby.
    Local,
    /// Not at all: the buyer comes to this place.
    PickUp {
        /// Where.
        location: LocationId,
    },
    /// By a carrier, at the carrier's price.
    Carrier,
}

/// From so much to so much, both included; what is `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bounds {
    /// At least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// At most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<i64>,
}

impl Bounds {
    /// Whether it is within.
    pub fn hold(&self, is: i64) -> bool {
        self.least.is_none_or(|least| least <= is) && self.most.is_none_or(|most| is <= most)
    }

    /// Whether nothing can be within.
    pub fn reversed(&self) -> bool {
        self.least.zip(self.most).is_some_and(|(least, most)| most < least)
    }
}

/// What a method is on offer for. Kept as JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoadBounds {
    /// In grams.
    pub weight: Bounds,
    /// In minor units of the shop's currency.
    pub subtotal: Bounds,
    /// In units.
    pub quantity: Bounds,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_within() {
        let two_to_three = Bounds { least: Some(2), most: Some(3) };
        assert_eq!([1, 2, 3, 4].map(|n| two_to_three.hold(n)), [false, true, true, false]);
        assert!(Bounds::default().hold(i64::MIN));
        assert!(!two_to_three.reversed() && Bounds { least: Some(3), most: Some(2) }.reversed());
    }

    /// The forms in which bounds were ever written.
    #[test]
    fn what_was_written_is_read() {
        let written = r#"{"weight":{"most":30000},"subtotal":{"least":1000},"quantity":{}}"#;
        let bounds: LoadBounds = serde_json::from_str(written).unwrap();
        assert_eq!(bounds.weight, Bounds { least: None, most: Some(30_000) });
        assert_eq!(serde_json::to_string(&bounds).unwrap(), written);
        assert_eq!(serde_json::from_str::<LoadBounds>("{}").unwrap(), LoadBounds::default());
    }
}
