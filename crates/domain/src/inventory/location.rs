//! Places that hold stock.

use crate::shared::LocationId;

/// A place that holds stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Which.
    pub id: LocationId,
    /// What people call it; unique.
    pub name: String,
    /// Stock is taken from the lowest position first.
    pub position: i32,
}

/// A variant's stock at one place, in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLevel {
    /// Where.
    pub location: LocationId,
    /// What is there.
    pub on_hand: i64,
    /// What of it, and beyond it, is promised to orders.
    pub allocated: i64,
}
