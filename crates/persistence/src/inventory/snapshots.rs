//! Reading what can be sold.

use super::entities::item;
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{Fault, VariantId},
};

/// The stock of these variants, in any order; variants that are gone are absent. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn snapshots(conn: &impl Conn, variants: &[VariantId]) -> Result<Vec<StockSnapshot>, Fault> {
    let mut found = Vec::with_capacity(variants.len());
    for chunk in bind_chunks(variants, 1) {
        let rows = item::Entity::find()
            .filter(item::Column::VariantId.is_in(padded(chunk).map(VariantId::uuid)))
            .all(conn.raw())
            .await
            .map_err(fault("reading stock"))?;
        found.extend(rows.iter().map(snapshot_of));
    }
    Ok(found)
}

/// What a stock row says.
pub(crate) fn snapshot_of(row: &item::Model) -> StockSnapshot {
    let allowance = row.backorder_limit.filter(|_| row.tracked);
    StockSnapshot {
        variant: VariantId::new(row.variant_id),
        sellable: allowance.map(|limit| row.on_hand - row.allocated + limit),
        version: row.version,
    }
}
