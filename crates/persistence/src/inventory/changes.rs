//! Which stock has changed, for whoever keeps figures in memory.

use super::entities::ledger;
use crate::db::{Conn, fault};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use stoa_domain::shared::{Fault, VariantId};
use uuid::Uuid;

/// Above this many changes it is cheaper to forget everything.
const TOO_MANY: u64 = 10_000;

/// What has changed since a position in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockChanges {
    /// The position up to which this tells: ask from here next time.
    pub position: i64,
    /// Whose stock has changed.
    pub variants: Changed,
}

/// Whose stock has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// That of these variants, each once.
    These(Vec<VariantId>),
    /// Anybody's.
    Unknown,
}

/// What has changed since `after`, a position that was told before. One statement. `None` from a database that does not
/// number its commits in the order they become visible: on Postgres a transaction may commit an entry that has a lower
/// number than one that has been told already.
///
/// # Errors
/// The database does not answer.
pub async fn stock_changes(conn: &impl Conn, after: Option<i64>) -> Result<Option<StockChanges>, Fault> {
    if conn.raw().get_database_backend() != DbBackend::Sqlite {
        return Ok(None);
    }
    let Some(after) = after else { return last(conn).await.map(Some) };
    let entries: Vec<(i64, Uuid)> = ledger::Entity::find()
        .select_only()
        .columns([ledger::Column::Id, ledger::Column::VariantId])
        .filter(ledger::Column::Id.gt(after))
        .order_by_asc(ledger::Column::Id)
        .limit(TOO_MANY)
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("reading what stock has changed"))?;
    if entries.len() as u64 == TOO_MANY {
        return last(conn).await.map(Some);
    }
    let position = entries.last().map_or(after, |(id, _)| *id);
    let mut variants: Vec<VariantId> =
        entries.into_iter().map(|(_, variant)| VariantId::new(variant)).collect();
    variants.sort_unstable();
    variants.dedup();
    Ok(Some(StockChanges { position, variants: Changed::These(variants) }))
}

async fn last(conn: &impl Conn) -> Result<StockChanges, Fault> {
    let last: Option<Option<i64>> = ledger::Entity::find()
        .select_only()
        .expr(ledger::Column::Id.max())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("reading the end of the stock ledger"))?;
    Ok(StockChanges { position: last.flatten().unwrap_or(0), variants: Changed::Unknown })
}
