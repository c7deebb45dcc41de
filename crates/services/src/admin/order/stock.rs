//! What becomes of the stock of units that nobody is to be sent, or that came back. Inside the caller's transaction, behind the order's
//! lock.

use stoa_domain::{
    inventory::{Allocation, FulfilError, SetStockError, StockCause, StockSnapshot},
    shared::{Fault, LocationId, OrderId, Timestamp, VariantId},
};
use stoa_persistence::{
    WriteTx,
    inventory::{self, StockChange, StockTo},
    order::{self, TakeFirst},
};

/// Units of an order by what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ending {
    /// Promised, and free again.
    pub(super) free: Vec<(VariantId, i64)>,
    /// Promised, and not to be sold any more.
    pub(super) lost: Vec<(VariantId, i64)>,
    /// Sent, and on the shelf again.
    pub(super) returned: Vec<(VariantId, i64)>,
}

/// Ends the promises and takes in what came back, at `location` or else at the shop's first; gives the stock as it is then. Of what is
/// not counted nothing is moved, and nothing of variants that are gone.
///
/// # Errors
/// What came back cannot be taken in.
pub(super) async fn end(
    tx: &WriteTx,
    id: OrderId,
    ending: &Ending,
    location: Option<LocationId>,
    now: Timestamp,
) -> Result<Vec<StockSnapshot>, SetStockError> {
    // All at once and in order: below they are locked as they come.
    let mut variants: Vec<VariantId> =
        ending.free.iter().chain(&ending.lost).chain(&ending.returned).map(|(variant, _)| *variant).collect();
    variants.sort_unstable();
    variants.dedup();
    order::lock_allocations(tx, id, &variants).await?;
    inventory::lock_stock(tx, &variants).await?;
    let free = order::take_part(tx, id, &ending.free, TakeFirst::Owed).await?;
    let lost = order::take_part(tx, id, &ending.lost, TakeFirst::Lying).await?;
    carry_out(tx, id, (&free, lost), (&ending.returned, location), now).await
}

/// The same of an order that is over: all that it still owns is free again.
///
/// # Errors
/// What came back cannot be taken in.
pub(super) async fn end_all(
    tx: &WriteTx,
    id: OrderId,
    returned: &[(VariantId, i64)],
    location: Option<LocationId>,
    now: Timestamp,
) -> Result<Vec<StockSnapshot>, SetStockError> {
    let free = order::take_allocations(tx, id).await?;
    carry_out(tx, id, (&free, Vec::new()), (returned, location), now).await
}

async fn carry_out(
    tx: &WriteTx,
    id: OrderId,
    (free, lost): (&[Allocation], Vec<Allocation>),
    (returned, location): (&[(VariantId, i64)], Option<LocationId>),
    now: Timestamp,
) -> Result<Vec<StockSnapshot>, SetStockError> {
    let cause = StockCause { reference: Some(id.uuid()), at: now };
    let mut variants: Vec<VariantId> = free.iter().chain(&lost).map(|owned| owned.variant).collect();
    variants.extend(returned.iter().map(|(variant, _)| *variant));
    variants.sort_unstable();
    variants.dedup();
    inventory::lock_stock(tx, &variants).await?;
    // Behind the lock: of what was deleted since it was looked at there is nothing to sell it as.
    let returned = counted(tx, returned).await?;
    let mut moved = Vec::with_capacity(variants.len());
    if !free.is_empty() {
        moved.extend(inventory::give_back(tx, free, &cause).await?);
    }
    moved.extend(write_off(tx, lost, &cause).await?);
    moved.extend(take_in(tx, &returned, location, &cause).await?);
    Ok(moved)
}

/// Units leave the stock that will not be sold. Those that were sold beyond the stock and never came in are promised no more, and that
/// is all.
async fn write_off(
    tx: &WriteTx,
    mut lost: Vec<Allocation>,
    cause: &StockCause,
) -> Result<Vec<StockSnapshot>, Fault> {
    let (mut never_there, mut moved) = (Vec::new(), Vec::new());
    while !lost.is_empty() {
        match inventory::fulfil(tx, &lost, cause).await {
            Ok(stock) => {
                moved = stock;
                break;
            }
            Err(FulfilError::NotThere { allocation, on_hand }) => {
                let there = on_hand.max(0);
                never_there.push(Allocation { quantity: allocation.quantity - there, ..allocation });
                lost.retain_mut(|owned| {
                    if *owned == allocation {
                        owned.quantity = there;
                    }
                    owned.quantity > 0
                });
            }
            Err(FulfilError::Fault(fault)) => return Err(fault),
        }
    }
    if !never_there.is_empty() {
        moved.extend(inventory::give_back(tx, &never_there, cause).await?);
    }
    Ok(moved)
}

/// Those of the variants that are counted, each once, in the order of their ids.
async fn counted(tx: &WriteTx, units: &[(VariantId, i64)]) -> Result<Vec<(VariantId, i64)>, Fault> {
    let mut sums = std::collections::BTreeMap::new();
    for (variant, quantity) in units.iter().filter(|(_, quantity)| *quantity > 0) {
        *sums.entry(*variant).or_insert(0_i64) += quantity;
    }
    let variants: Vec<VariantId> = sums.keys().copied().collect();
    let policies = inventory::policies(tx, &variants).await?;
    sums.retain(|variant, _| policies.get(variant).is_some_and(|policy| policy.tracked));
    Ok(sums.into_iter().collect())
}

async fn take_in(
    tx: &WriteTx,
    returned: &[(VariantId, i64)],
    location: Option<LocationId>,
    cause: &StockCause,
) -> Result<Vec<StockSnapshot>, SetStockError> {
    if returned.is_empty() {
        return Ok(Vec::new());
    }
    let at = match location {
        Some(location) => location,
        None => {
            let first = inventory::locations(tx).await?.into_iter().next();
            first.map(|place| place.id).ok_or(Fault::bug("order.restock: the shop has no location"))?
        }
    };
    let back = |(variant, quantity): &(VariantId, i64)| StockChange {
        variant: *variant,
        location: at,
        to: StockTo::By(*quantity),
        compare: None,
    };
    let changes: Vec<StockChange> = returned.iter().map(back).collect();
    let changed = inventory::change_stock(tx, &changes, cause).await.map_err(|refused| refused.error)?;
    Ok(changed.stock)
}
