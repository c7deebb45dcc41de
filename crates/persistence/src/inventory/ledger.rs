//! Writing the ledger.

use super::{counters::Delta, entities::ledger};
use crate::db::{Batch, bind_chunks, stored};
use sea_orm::{ActiveValue::NotSet, ConnectionTrait, DbErr, EntityTrait, QueryTrait, Set};
use stoa_domain::{
    inventory::{LedgerKind, StockCause},
    shared::{LocationId, VariantId},
};

/// One change of a variant's stock at a location.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) variant: VariantId,
    pub(super) location: LocationId,
    pub(super) delta: Delta,
}

const COLUMNS: usize = 7;

/// Writes entries of one kind and cause. Call it after the transaction has locked, changed or made the rows of stock that this is
/// about: on Postgres it has a number of its own from then on, and must have it before it draws those of its entries (see
/// `changes::settled`).
pub(super) async fn append<C: ConnectionTrait>(
    connection: &C,
    kind: LedgerKind,
    cause: &StockCause,
    entries: &[Entry],
) -> Result<(), DbErr> {
    let mut batch = Batch::new();
    add(&mut batch, kind, cause, entries);
    batch.run(connection).await.map(drop)
}

/// The same with other writes.
pub(super) fn add(batch: &mut Batch, kind: LedgerKind, cause: &StockCause, entries: &[Entry]) {
    for chunk in bind_chunks(entries, COLUMNS) {
        let rows = chunk.iter().map(|entry| ledger::ActiveModel {
            id: NotSet,
            variant_id: Set(entry.variant.uuid()),
            location_id: Set(entry.location.uuid()),
            kind: Set(kind.name().to_owned()),
            on_hand_delta: Set(entry.delta.on_hand),
            allocated_delta: Set(entry.delta.allocated),
            reference: Set(cause.reference),
            at: Set(stored(cause.at)),
        });
        batch.insert(ledger::Entity::insert_many(rows).into_query());
    }
}
