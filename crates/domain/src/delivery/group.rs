//! What of a cart is delivered together.

use super::{DeliveryDays, MethodKind};
use crate::shared::{DeliveryGroupId, DeliveryMethodId, LocationId, Place, TaxCategoryId};
use std::sync::Arc;

/// A delivery group, as the cart has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChoice {
    /// Which.
    pub id: DeliveryGroupId,
    /// Where it goes; `None` while nobody has said: then only what is on offer everywhere is.
    pub to: Option<Place>,
    /// The handle of the option that was chosen. One that is not on offer counts for nothing.
    pub option: Option<Box<str>>,
    /// The places that have all of it, where a buyer could pick it up.
    pub pick_up: Vec<LocationId>,
}

/// A way in which a group can be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryOffer {
    /// The method behind it.
    pub method: DeliveryMethodId,
    /// Stable name, such as `standard`: what choosing it takes.
    pub handle: Arc<str>,
    /// What the buyer reads.
    pub title: Arc<str>,
    /// What else the buyer reads.
    pub description: Option<Arc<str>>,
    /// How the goods get there.
    pub kind: MethodKind,
    /// What it costs, in minor units of the cart's currency, before promotions.
    pub price: i64,
    /// How long it takes.
    pub days: Option<DeliveryDays>,
    /// How it is taxed, where delivery is taxed at rates of its own.
    pub tax_category: Option<TaxCategoryId>,
}
