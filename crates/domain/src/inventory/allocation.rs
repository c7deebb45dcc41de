//! Stock that belongs to a placed order.

use crate::shared::{LocationId, VariantId};

/// Units of a variant at a location, promised to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Of what.
    pub variant: VariantId,
    /// Where.
    pub location: LocationId,
    /// Units, at least 1.
    pub quantity: i64,
}
