//! [`CartStore`] on SQL. Each verb is one statement at most; only a refused deletion asks once more.

use super::{
    entity::{Column, Entity},
    recent::Recent,
};
use crate::db::{Db, Durability, Raw, WriteOne, fault, retrying};
use async_trait::async_trait;
use chrono::DateTime;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, OnConflict, Query},
};
use stoa_domain::{
    cart::{Cart, CartStore, Saved},
    shared::{CartId, Fault, Timestamp},
};

/// Carts in the shop's own database.
///
/// A deleted cart leaves an empty row behind until its time is up, so that a copy still in flight cannot pass for the
/// cart that takes its id next.
#[derive(Clone, Debug)]
pub struct SqlCartStore {
    pub(super) db: Db,
    /// On SQLite, where nobody else saves.
    recent: Option<Recent>,
}

/// What a save writes.
struct Record<'a> {
    cart: &'a Cart,
    body: String,
    now: i64,
    expires_at: i64,
}

impl SqlCartStore {
    /// Keeps carts in `db`.
    pub fn new(db: Db) -> Self {
        let alone = db.read().raw().get_database_backend() == DbBackend::Sqlite;
        Self { db, recent: alone.then(Recent::new) }
    }

    /// A file belongs to one machine, which has one clock.
    fn is_of_one_machine(&self) -> bool {
        self.recent.is_some()
    }

    async fn write(&self, record: &Record<'_>) -> Result<Saved, Fault> {
        let turn = self.db.write_one(Durability::Relaxed).await?;
        match record.cart.version {
            0 => insert(&turn, record).await,
            version => update(&turn, record, version).await,
        }
    }

    async fn erase(&self, id: CartId, version: u64) -> Result<Saved, Fault> {
        let turn = self.db.write_one(Durability::Relaxed).await?;
        let erased = Entity::update_many()
            .col_expr(Column::Body, Expr::value(None::<String>))
            .filter(Column::Id.eq(id.uuid()))
            .filter(Column::Version.eq(stored_version(version)))
            .exec(turn.raw())
            .await
            .map_err(fault("cart.delete"))?;
        let gone = erased.rows_affected == 1 || !exists(&turn, id).await?;
        Ok(if gone { Saved::Yes(version) } else { Saved::Conflict })
    }
}

#[async_trait]
impl CartStore for SqlCartStore {
    async fn load(&self, id: CartId, now: Timestamp) -> Result<Option<Cart>, Fault> {
        if let Some(cart) = self.recent.as_ref().and_then(|recent| recent.find(id, now)) {
            return Ok(Some(cart));
        }
        let row: Option<(i64, String)> =
            live(id, now).into_tuple().one(self.db.read().raw()).await.map_err(fault("cart.load"))?;
        row.map(|(version, body)| cart(version, &body)).transpose()
    }

    async fn save(&self, cart: &Cart, now: Timestamp, expires_at: Timestamp) -> Result<Saved, Fault> {
        let record = Record {
            cart,
            body: serde_json::to_string(cart).map_err(|e| Fault::internal("cart.encode", e))?,
            now: now.timestamp_micros(),
            expires_at: expires_at.timestamp_micros(),
        };
        let Some(recent) = &self.recent else { return retrying(|| self.write(&record)).await };
        recent.doubt(cart.id, cart.version);
        let saved = retrying(|| self.write(&record)).await?;
        if let Saved::Yes(version) = saved {
            recent.saved(Cart { version, ..cart.clone() }, expires_at, record.body.len());
        }
        Ok(saved)
    }

    async fn delete(&self, id: CartId, version: u64) -> Result<Saved, Fault> {
        let Some(recent) = &self.recent else { return retrying(|| self.erase(id, version)).await };
        recent.doubt(id, version);
        let erased = retrying(|| self.erase(id, version)).await?;
        if let Saved::Yes(version) = erased {
            recent.deleted(id, version);
        }
        Ok(erased)
    }

    async fn clock(&self, _: CartId, now: Timestamp) -> Result<Timestamp, Fault> {
        let db = self.db.read().raw();
        if self.is_of_one_machine() {
            return Ok(now);
        }
        let row = db.query_one(&Query::select().expr(micros()).take()).await.map_err(fault("cart.clock"))?;
        let micros: Option<i64> =
            row.map(|row| row.try_get_by_index(0)).transpose().map_err(fault("cart.clock"))?;
        time(micros)
    }

    async fn load_with_clock(&self, id: CartId, now: Timestamp) -> Result<Option<(Cart, Timestamp)>, Fault> {
        if self.is_of_one_machine() {
            return Ok(self.load(id, now).await?.map(|cart| (cart, now)));
        }
        let row: Option<(i64, String, i64)> = live(id, now)
            .expr(micros())
            .into_tuple()
            .one(self.db.read().raw())
            .await
            .map_err(fault("cart.load"))?;
        row.map(|(version, body, micros)| Ok((cart(version, &body)?, time(Some(micros))?))).transpose()
    }
}

/// Version and document of a cart whose time is not up.
fn live(id: CartId, now: Timestamp) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Version, Column::Body])
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Body.is_not_null())
        .filter(Column::ExpiresAt.gt(now.timestamp_micros()))
}

/// Postgres' time.
fn micros() -> Expr {
    Expr::cust("CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")
}

fn time(micros: Option<i64>) -> Result<Timestamp, Fault> {
    micros.and_then(DateTime::from_timestamp_micros).ok_or(Fault::bug("cart.clock: Postgres tells no time"))
}

fn cart(version: i64, body: &str) -> Result<Cart, Fault> {
    let cart: Cart = serde_json::from_str(body).map_err(|e| Fault::internal("cart.decode", e))?;
    let version = u64::try_from(version).map_err(|e| Fault::internal("cart.decode", e))?;
    Ok(Cart { version, ..cart })
}

/// The version as the row has it; one too large for a row is no row's, as 0 is.
fn stored_version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(0)
}

/// A new cart: into no row, or over one that counts as absent. Its version goes on from there.
async fn insert(turn: &WriteOne, record: &Record<'_>) -> Result<Saved, Fault> {
    let absent = Expr::col((Entity, Column::Body))
        .is_null()
        .or(Expr::col((Entity, Column::ExpiresAt)).lte(record.now));
    let mut over_absent = OnConflict::column(Column::Id);
    over_absent
        .value(Column::Version, Expr::col((Entity, Column::Version)).add(1))
        .update_columns([Column::Body, Column::ExpiresAt])
        .action_and_where(absent);
    let statement = Query::insert()
        .into_table(Entity)
        .columns([Column::Id, Column::Version, Column::Body, Column::ExpiresAt])
        .values_panic([
            record.cart.id.uuid().into(),
            1_i64.into(),
            record.body.as_str().into(),
            record.expires_at.into(),
        ])
        .on_conflict(over_absent)
        .returning_col(Column::Version)
        .take();
    // All rows, though there is one at most: a statement that is read to its end is over, and so is its transaction.
    let rows = turn.raw().query_all(&statement).await.map_err(fault("cart.insert"))?;
    let Some(row) = rows.first() else { return Ok(Saved::Conflict) };
    let version: i64 = row.try_get_by_index(0).map_err(fault("cart.insert"))?;
    u64::try_from(version).map(Saved::Yes).map_err(|e| Fault::internal("cart.insert", e))
}

async fn update(turn: &WriteOne, record: &Record<'_>, version: u64) -> Result<Saved, Fault> {
    let updated = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::Body, Expr::value(record.body.as_str()))
        .col_expr(Column::ExpiresAt, Expr::value(record.expires_at))
        .filter(Column::Id.eq(record.cart.id.uuid()))
        .filter(Column::Version.eq(stored_version(version)))
        .filter(Column::Body.is_not_null())
        .filter(Column::ExpiresAt.gt(record.now))
        .exec(turn.raw())
        .await
        .map_err(fault("cart.update"))?;
    Ok(if updated.rows_affected == 1 { Saved::Yes(version + 1) } else { Saved::Conflict })
}

/// Whether a cart stands there at all, live or expired.
async fn exists(turn: &WriteOne, id: CartId) -> Result<bool, Fault> {
    let found: Option<i64> = Entity::find()
        .select_only()
        .column(Column::Version)
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Body.is_not_null())
        .into_tuple()
        .one(turn.raw())
        .await
        .map_err(fault("cart.delete"))?;
    Ok(found.is_some())
}
