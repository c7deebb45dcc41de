//! Stock promised to orders, and why it sometimes cannot be.

use super::StockSnapshot;
use crate::shared::{Fault, LocationId, Timestamp, VariantId};
use uuid::Uuid;

/// Units of a variant that one location owes to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Of what.
    pub variant: VariantId,
    /// From where.
    pub location: LocationId,
    /// Units, at least 1.
    pub quantity: i64,
}

/// What has been promised, and how the stock stands after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// Where the units come from; variants whose stock is not tracked have none.
    pub allocations: Vec<Allocation>,
    /// The changed variants' stock, for the reservation store.
    pub snapshots: Vec<StockSnapshot>,
}

/// Who changes stock, and when: what the ledger says of every change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockCause {
    /// The order, the import or whatever else is behind it.
    pub reference: Option<Uuid>,
    /// When.
    pub at: Timestamp,
}

/// Why units cannot be promised. The transaction must then be dropped: some may have been already.
#[derive(Debug, thiserror::Error)]
pub enum AllocateError {
    /// There is less of a variant than wanted.
    #[error("{sellable} of variant {variant} are left, {wanted} are wanted")]
    NotEnough {
        /// Of what.
        variant: VariantId,
        /// How many are wanted in all.
        wanted: i64,
        /// How many could be had; never below 0.
        sellable: i64,
    },
    /// A variant that has no stock row: it is gone.
    #[error("variant {0} is gone")]
    UnknownVariant(VariantId),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a count of stock cannot be written. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum SetStockError {
    /// The count is not what the writer saw when deciding; somebody changed it.
    #[error("the stock is {current} by now")]
    Stale {
        /// What it is.
        current: i64,
    },
    /// Fewer than are promised to orders.
    #[error("{allocated} units are promised to orders")]
    BelowAllocated {
        /// Units promised.
        allocated: i64,
    },
    /// Fewer than none, or more than can be counted.
    #[error("the count is out of range")]
    OutOfRange,
    /// No such variant.
    #[error("variant {0} is gone")]
    UnknownVariant(VariantId),
    /// No such location.
    #[error("location {0} is unknown")]
    UnknownLocation(LocationId),
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why promised units cannot be handed over. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum FulfilError {
    /// They were sold beyond the stock and have not come in.
    #[error("{on_hand} units are at location {} where {} are to leave", allocation.location, allocation.quantity)]
    NotThere {
        /// What was to leave.
        allocation: Allocation,
        /// What is there.
        on_hand: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}
