//! Which stock has changed, for whoever keeps figures in memory.

mod settled;
#[cfg(test)]
mod tests;

use super::entities::ledger;
use crate::db::{Conn, Db, Raw, fault};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use settled::Settled;
use stoa_domain::shared::{Fault, VariantId};
use uuid::Uuid;

/// Above this many changes it is cheaper to forget everything.
const TOO_MANY: u64 = 10_000;

/// What has changed since a position in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockChanges {
    /// The position up to which this tells: ask from here next time.
    pub position: StockPosition,
    /// Whose stock has changed.
    pub variants: Changed,
}

/// Up to where the ledger was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockPosition(Place);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// SQLite, which has one writer: entries become visible in the order of their numbers, and this was the last of them.
    Last(i64),
    /// Postgres, where they do not.
    Settled(Settled),
}

/// Whose stock has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// That of these variants, each once.
    These(Vec<VariantId>),
    /// Anybody's.
    Unknown,
}

impl Changed {
    fn these(variants: impl Iterator<Item = Uuid>) -> Self {
        let mut variants: Vec<VariantId> = variants.map(VariantId::new).collect();
        variants.sort_unstable();
        variants.dedup();
        Self::These(variants)
    }
}

/// What has changed since `after`, a position that was told before: whatever is read from now on is at least as new. One statement,
/// and a second where too much has changed. `None` where the catalogue is read on a replica: figures that are read there may be older
/// than what the primary has told, and a replica's own ledger is no help either, since behind one address there may be several.
///
/// # Errors
/// The database does not answer.
pub async fn stock_changes(db: &Db, after: Option<&StockPosition>) -> Result<Option<StockChanges>, Fault> {
    if db.has_replica() {
        return Ok(None);
    }
    let conn = db.read();
    let told = match (after.map(|position| &position.0), conn.raw().get_database_backend()) {
        (Some(Place::Last(last)), DbBackend::Sqlite) => entries(conn, *last).await?,
        (_, DbBackend::Sqlite) => end(conn).await?,
        (Some(Place::Settled(settled)), _) => settled::look(conn, settled).await?,
        (_, _) => settled::begin(conn).await?,
    };
    let (place, variants) = told;
    Ok(Some(StockChanges { position: StockPosition(place), variants }))
}

async fn entries(conn: &impl Conn, after: i64) -> Result<(Place, Changed), Fault> {
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
        return end(conn).await;
    }
    let last = entries.last().map_or(after, |(id, _)| *id);
    Ok((Place::Last(last), Changed::these(entries.into_iter().map(|(_, variant)| variant))))
}

async fn end(conn: &impl Conn) -> Result<(Place, Changed), Fault> {
    let last: Option<Option<i64>> = ledger::Entity::find()
        .select_only()
        .expr(ledger::Column::Id.max())
        .into_tuple()
        .one(conn.raw())
        .await
        .map_err(fault("reading the end of the stock ledger"))?;
    Ok((Place::Last(last.flatten().unwrap_or(0)), Changed::Unknown))
}
