//! Taking units away from an order that owns them at several places: which of them.

use super::entities::allocations;
use crate::{
    db::{Raw, WriteTx, fault},
    inventory,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use std::collections::{BTreeMap, HashMap};
use stoa_domain::{
    inventory::{Allocation, StockLevel},
    shared::{Fault, LocationId, OrderId, VariantId},
};

/// Which of its units an order is to lose first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeFirst {
    /// Those that lie where they are promised: they are handed over.
    Lying,
    /// Those that were sold beyond the stock: nobody is to wait for them any more.
    Owed,
}

/// Locks what an order owns of the stock: for whoever takes some of it only after other tables. The order must be locked.
///
/// # Errors
/// The database does not answer.
pub async fn lock_allocations(tx: &WriteTx, id: OrderId, variants: &[VariantId]) -> Result<(), Fault> {
    owned(tx, id, variants.iter().copied()).await.map(drop)
}

/// Takes units of what an order owns of the stock away from it, to be handed over or given back: of each variant as many as are
/// named, or as it owns, which is none of what is not counted. Where it owns some at several places, `first` says at which. The order must
/// be locked; so is the stock of these variants from here on.
///
/// # Errors
/// The database does not answer.
pub async fn take_part(
    tx: &WriteTx,
    id: OrderId,
    units: &[(VariantId, i64)],
    first: TakeFirst,
) -> Result<Vec<Allocation>, Fault> {
    let mut wanted: BTreeMap<VariantId, i64> = BTreeMap::new();
    for (variant, quantity) in units.iter().filter(|(_, quantity)| *quantity > 0) {
        *wanted.entry(*variant).or_default() += quantity;
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let owned = owned(tx, id, wanted.keys().copied()).await?;
    let levels = levels_behind_lock(tx, &owned, &wanted).await?;
    let mut taken: Vec<i64> = vec![0; owned.len()];
    // What is preferred of each place, and then whatever else is owned there.
    for preferred in [true, false] {
        for (row, taken) in owned.iter().zip(&mut taken) {
            let Some(left) = wanted.get_mut(&VariantId::new(row.variant_id)) else { continue };
            let most = if preferred { first.units(levels.get(&place(row))) } else { i64::MAX };
            let more = Ord::min(row.quantity - *taken, Ord::min(most, *left));
            *taken += more;
            *left -= more;
        }
    }
    let mut parts = Vec::with_capacity(owned.len());
    for (row, quantity) in owned.into_iter().zip(taken).filter(|(_, quantity)| *quantity > 0) {
        lessen(tx, &row, quantity).await?;
        let (variant, location) = place(&row);
        parts.push(Allocation { variant, location, quantity });
    }
    Ok(parts)
}

impl TakeFirst {
    /// How many of a place's units are of this kind.
    fn units(self, level: Option<&StockLevel>) -> i64 {
        let Some(level) = level else { return 0 };
        match self {
            Self::Lying => Ord::max(level.on_hand, 0),
            Self::Owed => Ord::max(level.allocated - level.on_hand, 0),
        }
    }
}

fn place(row: &allocations::Model) -> (VariantId, LocationId) {
    (row.variant_id.into(), row.location_id.into())
}

async fn owned(
    tx: &WriteTx,
    id: OrderId,
    variants: impl Iterator<Item = VariantId>,
) -> Result<Vec<allocations::Model>, Fault> {
    use allocations::Column as A;
    allocations::Entity::find()
        .filter(A::OrderId.eq(id.uuid()))
        .filter(A::VariantId.is_in(variants.map(VariantId::uuid)))
        .order_by_asc(A::VariantId)
        .order_by_asc(A::LocationId)
        .lock(LockType::Update)
        .all(tx.raw())
        .await
        .map_err(fault("order.owned"))
}

/// The stock at places, where there is something to choose between; locked, so that it stays so.
async fn levels_behind_lock(
    tx: &WriteTx,
    owned: &[allocations::Model],
    wanted: &BTreeMap<VariantId, i64>,
) -> Result<HashMap<(VariantId, LocationId), StockLevel>, Fault> {
    if owned.windows(2).all(|pair| pair[0].variant_id != pair[1].variant_id) {
        return Ok(HashMap::new());
    }
    let variants: Vec<VariantId> = wanted.keys().copied().collect();
    inventory::lock_all(tx, variants.iter().copied()).await?;
    let levels = inventory::levels_of(tx, &variants).await?;
    let by_place = levels.into_iter().flat_map(|(variant, levels)| {
        levels.into_iter().map(move |level| ((variant, level.location), level))
    });
    Ok(by_place.collect())
}

async fn lessen(tx: &WriteTx, row: &allocations::Model, quantity: i64) -> Result<(), Fault> {
    use allocations::Column as A;
    let key = (row.order_id, row.variant_id, row.location_id);
    if quantity == row.quantity {
        let gone = allocations::Entity::delete_by_id(key).exec(tx.raw()).await;
        return gone.map(drop).map_err(fault("order.take_part"));
    }
    let less = allocations::Entity::update_many()
        .col_expr(A::Quantity, Expr::col(A::Quantity).sub(quantity))
        .filter(A::OrderId.eq(key.0))
        .filter(A::VariantId.eq(key.1))
        .filter(A::LocationId.eq(key.2));
    less.exec(tx.raw()).await.map(drop).map_err(fault("order.take_part"))
}
