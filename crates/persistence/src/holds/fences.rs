//! The newest stock figure of each variant that the store was told.

use super::entities::hold_fences::{Column, Entity};
use crate::db::{Raw, bind_chunks, fault};
use sea_orm::{
    ConnectionTrait, ExprTrait,
    sea_query::{Expr, OnConflict, Query},
};
use std::collections::BTreeMap;
use stoa_domain::{
    inventory::StockSnapshot,
    shared::{Fault, VariantId},
};

/// One snapshot a variant, the newest, in the order of ids: the order in which rows are locked.
pub(super) fn newest(snapshots: &[StockSnapshot]) -> Vec<StockSnapshot> {
    let mut newest: BTreeMap<VariantId, StockSnapshot> = BTreeMap::new();
    for snapshot in snapshots {
        let known = newest.get(&snapshot.variant).copied();
        newest.insert(snapshot.variant, snapshot.newest(known));
    }
    newest.into_values().collect()
}

/// Keeps each figure unless a newer one is kept already. On Postgres this locks the fences, changed or not, until the
/// transaction ends.
///
/// `snapshots` names each variant once, in the order of ids.
pub(super) async fn learn(tx: &impl Raw, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
    for chunk in bind_chunks(snapshots, 3) {
        let mut insert = Query::insert();
        insert.into_table(Entity).columns([Column::VariantId, Column::Sellable, Column::Version]);
        for s in chunk {
            insert.values_panic([s.variant.uuid().into(), s.sellable.into(), s.version.into()]);
        }
        let mut if_newer = OnConflict::column(Column::VariantId);
        if_newer.update_columns([Column::Sellable, Column::Version]).action_and_where(
            Expr::col((Entity, Column::Version)).lt(Expr::col(("excluded", Column::Version))),
        );
        insert.on_conflict(if_newer);
        tx.raw().execute(&insert).await.map_err(fault("holds.learn"))?;
    }
    Ok(())
}
