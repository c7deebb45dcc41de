//! The stock rows of new and of deleted variants.

use super::{
    counters::Delta,
    entities::{item, level},
    ledger::{self, Entry},
};
use crate::db::{Conn, bind_chunks, fault, padded};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};
use std::collections::HashMap;
use stoa_domain::{
    catalog::StockPolicy,
    inventory::{LedgerKind, StockCause, StockSnapshot},
    shared::{Fault, LocationId, VariantId},
};

/// The stock of a variant that is new.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewStock {
    pub(crate) variant: VariantId,
    pub(crate) tracked: bool,
    pub(crate) backorder_limit: Option<i64>,
    pub(crate) on_hand: i64,
}

/// How the stock of variants is counted. Unknown ones are absent.
///
/// # Errors
/// The database does not answer.
pub async fn policies(
    conn: &impl Conn,
    variants: &[VariantId],
) -> Result<HashMap<VariantId, StockPolicy>, Fault> {
    let mut policies = HashMap::with_capacity(variants.len());
    for chunk in bind_chunks(variants, 1) {
        let rows: Vec<(uuid::Uuid, bool, Option<i64>)> = item::Entity::find()
            .select_only()
            .columns([item::Column::VariantId, item::Column::Tracked, item::Column::BackorderLimit])
            .filter(item::Column::VariantId.is_in(padded(chunk).map(VariantId::uuid)))
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("reading how stock is counted"))?;
        policies.extend(rows.into_iter().map(|(variant, tracked, backorder_limit)| {
            (VariantId::new(variant), StockPolicy { tracked, backorder_limit })
        }));
    }
    Ok(policies)
}

const ITEM_COLUMNS: usize = 6;
const LEVEL_COLUMNS: usize = 4;

/// Makes the stock rows of new variants, all of whose units are at one location.
pub(crate) async fn insert_items<C: ConnectionTrait>(
    connection: &C,
    stock: &[NewStock],
    location: LocationId,
    cause: &StockCause,
) -> Result<(), DbErr> {
    for chunk in bind_chunks(stock, ITEM_COLUMNS) {
        let rows = chunk.iter().map(|stock| item::ActiveModel {
            variant_id: Set(stock.variant.uuid()),
            tracked: Set(stock.tracked),
            backorder_limit: Set(stock.backorder_limit),
            on_hand: Set(stock.on_hand),
            allocated: Set(0),
            version: Set(1),
        });
        item::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    let counted: Vec<&NewStock> = stock.iter().filter(|stock| stock.on_hand > 0).collect();
    for chunk in bind_chunks(&counted, LEVEL_COLUMNS) {
        let rows = chunk.iter().map(|stock| level::ActiveModel {
            variant_id: Set(stock.variant.uuid()),
            location_id: Set(location.uuid()),
            on_hand: Set(stock.on_hand),
            allocated: Set(0),
        });
        level::Entity::insert_many(rows).exec_without_returning(connection).await?;
    }
    let entries: Vec<Entry> = counted
        .iter()
        .map(|s| Entry { variant: s.variant, location, delta: Delta { on_hand: s.on_hand, allocated: 0 } })
        .collect();
    ledger::append(connection, LedgerKind::Counted, cause, &entries).await
}

/// What became of stock rows that were to go.
#[derive(Debug)]
pub(crate) enum Removed {
    /// They are gone. Of each variant the stock, for whoever keeps figures of it: there is nothing left.
    Gone(Vec<StockSnapshot>),
    /// Nothing has been removed: units of these variants are promised to orders.
    Promised(Vec<VariantId>),
}

/// Removes the stock rows of variants that are to be deleted, closing their accounts in the ledger.
pub(crate) async fn remove_items<C: ConnectionTrait>(
    connection: &C,
    variants: &[VariantId],
    cause: &StockCause,
) -> Result<Removed, DbErr> {
    let ids = || padded(variants).map(VariantId::uuid);
    let rows = super::counters::lock(connection, variants.iter().copied()).await?;
    let promised: Vec<VariantId> =
        rows.iter().filter(|row| row.allocated > 0).map(|row| VariantId::new(row.variant_id)).collect();
    if !promised.is_empty() {
        return Ok(Removed::Promised(promised));
    }
    // Newer than whatever was told before: nobody is promised any of it again.
    let gone = |row: &item::Model| StockSnapshot {
        variant: VariantId::new(row.variant_id),
        sellable: Some(0),
        version: row.version + 1,
    };
    let gone: Vec<StockSnapshot> = rows.iter().map(gone).collect();
    let levels = level::Entity::find().filter(level::Column::VariantId.is_in(ids())).all(connection).await?;
    let entries: Vec<Entry> = levels
        .iter()
        .filter(|level| level.on_hand != 0)
        .map(|level| Entry {
            variant: VariantId::new(level.variant_id),
            location: LocationId::new(level.location_id),
            delta: Delta { on_hand: -level.on_hand, allocated: 0 },
        })
        .collect();
    ledger::append(connection, LedgerKind::Removed, cause, &entries).await?;
    level::Entity::delete_many().filter(level::Column::VariantId.is_in(ids())).exec(connection).await?;
    item::Entity::delete_many().filter(item::Column::VariantId.is_in(ids())).exec(connection).await?;
    Ok(Removed::Gone(gone))
}
