//! Stock of several variants, for whoever changes them one after the other.

use super::{counters::lock, entities::level};
use crate::db::{Conn, Raw, WriteTx, bind_chunks, fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use stoa_domain::{
    inventory::StockLevel,
    shared::{Fault, LocationId, VariantId},
};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestShop, units};
    use stoa_domain::shared::IdGenerator;

    #[tokio::test]
    async fn levels_of_several_variants_are_one_statement() {
        let shop = TestShop::open().await;
        let (mug, bowl) = (shop.add_stocked("Mug", units(5)).await, shop.add_stocked("Bowl", units(2)).await);
        let before = shop.db.statements();
        let levels = levels_of(shop.db.read(), &[mug, bowl, VariantId::new(shop.ids.id())]).await.unwrap();
        assert_eq!(shop.db.statements() - before, 1);
        let on_hand = |variant| levels[&variant][0].on_hand;
        assert_eq!((levels.len(), on_hand(mug), on_hand(bowl)), (2, 5, 2));
    }
}
