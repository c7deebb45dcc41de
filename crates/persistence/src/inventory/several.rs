//! Stock of several variants, for whoever changes them one after the other.

use super::{
    counters::lock,
    entities::{ledger, level},
};
use crate::db::{Conn, Raw, WriteTx, bind_chunks, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use stoa_domain::{
    inventory::StockLevel,
    shared::{Fault, LocationId, VariantId},
};
use uuid::Uuid;

/// Locks the stock of these variants until the transaction ends, in the order in which everybody does: whoever goes on to change them
/// in another one meets nobody half way.
///
/// # Errors
/// The database does not answer.
pub async fn lock_stock(tx: &WriteTx, variants: &[VariantId]) -> Result<(), Fault> {
    if variants.is_empty() {
        return Ok(());
    }
    lock(tx.raw(), variants.iter().copied()).await.map(drop).map_err(fault("locking stock"))
}

/// The stock of variants, place by place; those that are nowhere are not in it. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn levels_of(
    conn: &impl Conn,
    variants: &[VariantId],
) -> Result<HashMap<VariantId, Vec<StockLevel>>, Fault> {
    let mut found: HashMap<VariantId, Vec<StockLevel>> = HashMap::with_capacity(variants.len());
    for some in bind_chunks(variants, 1) {
        let rows = level::Entity::find()
            .filter(level::Column::VariantId.is_in(some.iter().map(|id| id.uuid())))
            .order_by_asc(level::Column::VariantId)
            .order_by_asc(level::Column::LocationId)
            .all(conn.raw())
            .await
            .map_err(fault("reading stock levels"))?;
        for row in rows {
            let level = StockLevel {
                location: LocationId::new(row.location_id),
                on_hand: row.on_hand,
                allocated: row.allocated,
            };
            found.entry(VariantId::new(row.variant_id)).or_default().push(level);
        }
    }
    Ok(found)
}

/// By how much what is behind this reference has changed the units at hand of these variants, place by place, in the order in which it
/// did: nothing, if it has not. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn moved_by(
    conn: &impl Conn,
    reference: Uuid,
    variants: &[VariantId],
) -> Result<Vec<(VariantId, LocationId, i64)>, Fault> {
    let mut found = Vec::new();
    for some in bind_chunks(variants, 1) {
        let rows: Vec<(Uuid, Uuid, i64)> = ledger::Entity::find()
            .select_only()
            .columns([ledger::Column::VariantId, ledger::Column::LocationId, ledger::Column::OnHandDelta])
            .filter(ledger::Column::VariantId.is_in(some.iter().map(|id| id.uuid())))
            .filter(ledger::Column::Reference.eq(reference))
            .order_by_asc(ledger::Column::Id)
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("reading the stock ledger"))?;
        found.extend(
            rows.into_iter().map(|(variant, location, delta)| {
                (VariantId::new(variant), LocationId::new(location), delta)
            }),
        );
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestShop, at, units};
    use stoa_domain::{inventory::StockCause, shared::IdGenerator};

    #[tokio::test]
    async fn what_a_reference_has_moved_is_told_from_what_others_have() {
        let shop = TestShop::open().await;
        let (mug, bowl) = (shop.add_stocked("Mug", units(5)).await, shop.add_stocked("Bowl", units(2)).await);
        let (reference, other) = (shop.ids.id(), shop.ids.id());
        let adjust = async |variant, by, reference| {
            let cause = StockCause { reference: Some(reference), at: at(1) };
            let tx = shop.write().await;
            lock_stock(&tx, &[bowl, mug]).await.unwrap();
            crate::inventory::adjust(&tx, (variant, shop.location), by, &cause).await.unwrap();
            tx.commit().await.unwrap();
        };
        adjust(mug, 3, reference).await;
        adjust(bowl, -1, reference).await;
        adjust(mug, 1, other).await;
        let moved = moved_by(shop.db.read(), reference, &[mug, bowl]).await.unwrap();
        assert_eq!(moved, [(mug, shop.location, 3), (bowl, shop.location, -1)]);
        assert_eq!(moved_by(shop.db.read(), shop.ids.id(), &[mug, bowl]).await.unwrap(), []);
        let before = shop.db.statements();
        let levels = levels_of(shop.db.read(), &[mug, bowl, VariantId::new(shop.ids.id())]).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        let on_hand = |variant| levels[&variant][0].on_hand;
        assert_eq!((levels.len(), on_hand(mug), on_hand(bowl)), (2, 9, 1));
    }
}
