//! Sending what was bought: what of an order is still to be sent, and whether a part may be.

use super::{FulfillmentStatus, LineItem, OrderState, Tracking};
use crate::shared::{FulfillmentId, InvalidTransition, LineItemId, OrderId, Timestamp};
use std::collections::BTreeMap;

/// Units of one line that are sent together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FulfillmentLine {
    /// Of which line.
    pub line: LineItemId,
    /// Units, at least 1.
    pub quantity: u32,
}

/// A part of an order that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fulfillment {
    /// Which.
    pub id: FulfillmentId,
    /// Of which order.
    pub order: OrderId,
    /// Its place among the order's, from 1.
    pub position: u32,
    /// What was sent.
    pub lines: Vec<FulfillmentLine>,
    /// Where the parcel is.
    pub tracking: Tracking,
    /// Who sent it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// How much of a line was sold, has left, and never will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineStanding {
    /// Which line.
    pub line: LineItemId,
    /// Units sold.
    pub quantity: u32,
    /// Units sent.
    pub fulfilled: u32,
    /// Units that were refunded before they were sent: nobody waits for them any more.
    pub withdrawn: u32,
}

impl LineStanding {
    /// A line of which nothing was refunded.
    pub const fn of(line: &LineItem) -> Self {
        Self { line: line.id, quantity: line.quantity, fulfilled: line.fulfilled, withdrawn: 0 }
    }

    /// Units that are still to be sent.
    pub const fn left(&self) -> u32 {
        self.quantity.saturating_sub(self.fulfilled).saturating_sub(self.withdrawn)
    }
}

/// What is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All that is left.
    Everything,
    /// These.
    These(Vec<FulfillmentLine>),
}

/// Why it cannot be sent. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FulfilRefusal {
    /// The order is not paid, or was cancelled.
    #[error(transparent)]
    State(InvalidTransition),
    /// More than is left of a line.
    #[error("{left} units of the line are left to be sent")]
    TooMany {
        /// Which line.
        line: LineItemId,
        /// How many are.
        left: u32,
    },
    /// The order has no such line.
    #[error("the order has no such line")]
    UnknownLine(LineItemId),
    /// No units of a line that was named.
    #[error("at least one unit of a line is sent")]
    NoUnits(LineItemId),
    /// There is nothing to send.
    #[error("there is nothing to send")]
    Nothing,
}

/// What may be sent of an order that stands so: one entry a line, in the order of the order's lines. Entries for the same line add
/// up.
///
/// # Errors
/// Not all that is wanted may be.
pub fn plan_fulfillment(
    state: &OrderState,
    lines: &[LineStanding],
    wanted: &Wanted,
) -> Result<Vec<FulfillmentLine>, FulfilRefusal> {
    state.sendable().map_err(FulfilRefusal::State)?;
    let planned: Vec<FulfillmentLine> = match wanted {
        Wanted::Everything => lines
            .iter()
            .map(|of| FulfillmentLine { line: of.line, quantity: of.left() })
            .filter(|line| line.quantity > 0)
            .collect(),
        Wanted::These(entries) => named(lines, entries)?,
    };
    if planned.is_empty() { Err(FulfilRefusal::Nothing) } else { Ok(planned) }
}

fn named(lines: &[LineStanding], entries: &[FulfillmentLine]) -> Result<Vec<FulfillmentLine>, FulfilRefusal> {
    let mut sums: BTreeMap<LineItemId, u64> = BTreeMap::new();
    for FulfillmentLine { line, quantity } in entries {
        if lines.iter().all(|of| of.line != *line) {
            return Err(FulfilRefusal::UnknownLine(*line));
        }
        if *quantity == 0 {
            return Err(FulfilRefusal::NoUnits(*line));
        }
        *sums.entry(*line).or_default() += u64::from(*quantity);
    }
    let mut planned = Vec::with_capacity(sums.len());
    for of in lines {
        let Some(sum) = sums.get(&of.line) else { continue };
        let left = of.left();
        let too_many = FulfilRefusal::TooMany { line: of.line, left };
        let quantity = u32::try_from(*sum).ok().filter(|sum| *sum <= left).ok_or(too_many)?;
        planned.push(FulfillmentLine { line: of.line, quantity });
    }
    Ok(planned)
}

/// How much of an order has left the house. What was refunded before it was sent is not waited for; an order of which everything
/// was, has sent nothing and will not.
pub fn fulfillment_status(lines: &[LineStanding]) -> FulfillmentStatus {
    let sent = lines.iter().any(|of| of.fulfilled > 0);
    match lines.iter().any(|of| of.left() > 0) {
        false if sent => FulfillmentStatus::Fulfilled,
        true if sent => FulfillmentStatus::PartiallyFulfilled,
        _ => FulfillmentStatus::Unfulfilled,
    }
}

#[cfg(test)]
#[path = "fulfillment_tests.rs"]
mod tests;
