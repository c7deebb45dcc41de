//! [`ReservationStore`] on SQL.

use super::{
    at_once,
    decide::Wish,
    entities::cart_holds::{Column, Entity},
    fences, rows, standing, turn,
};
use crate::{
    db::{Db, Durability, Raw, bind_chunks, fault, padded, retrying},
    inventory,
};
use async_trait::async_trait;
use chrono::DateTime;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use std::collections::HashMap;
use stoa_domain::{
    inventory::{HoldPolicy, HoldRequest, Reservation, ReservationStore, StockSnapshot},
    shared::{CartId, Fault, Timestamp, VariantId},
};
use uuid::Uuid;

/// Holds in the shop's own database.
#[derive(Clone, Debug)]
pub struct SqlReservationStore {
    pub(super) db: Db,
}

impl SqlReservationStore {
    /// Keeps holds in `db`.
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Whether a transaction has the whole database to itself, and need not lock the rows it decides by.
    fn has_one_writer(&self) -> bool {
        self.db.read().raw().get_database_backend() == DbBackend::Sqlite
    }

    /// The short way, where there is one; `None` where the long one must be taken.
    async fn try_at_once(&self, wish: &Wish<'_>) -> Result<Option<Reservation>, Fault> {
        if !self.has_one_writer() || !at_once::suits(wish) {
            return Ok(None);
        }
        let turn = self.db.write_one(Durability::Relaxed).await?;
        Ok(at_once::hold(&turn, wish).await?.then(|| wish.granted_in_full()))
    }

    async fn try_hold(&self, wish: &Wish<'_>, told: &[StockSnapshot]) -> Result<Reservation, Fault> {
        let variants: Vec<VariantId> = told.iter().map(|s| s.variant).collect();
        let tx = self.db.write(Durability::Relaxed).await?;
        turn::of_cart(&tx, wish.cart).await?;
        // The stock is in this database as well, and says more than whoever asks may know.
        let stock = inventory::snapshots(&tx, &variants).await?;
        // Learning locks the fences, so it comes before looking.
        fences::learn(&tx, &fences::newest(&[told, &stock].concat())).await?;
        let standings = standing::read(&tx, wish.cart, &variants, wish.now).await?;
        let reservation = wish.decide(&standings);
        if reservation.held {
            let change = wish.change(&reservation.grants, &standings);
            if change.clear {
                rows::clear(&tx, wish.cart).await?;
            }
            rows::write(&tx, wish.cart, &change.write, wish.expires_at).await?;
        }
        // A refusal commits as well: what was learnt stays learnt.
        tx.commit().await?;
        Ok(reservation)
    }

    async fn try_extend(&self, cart: CartId, now: i64, expires_at: i64) -> Result<(), Fault> {
        if self.has_one_writer() {
            let turn = self.db.write_one(Durability::Relaxed).await?;
            return rows::extend(&turn, cart, now, expires_at).await;
        }
        let tx = self.db.write(Durability::Relaxed).await?;
        turn::of_cart(&tx, cart).await?;
        rows::extend(&tx, cart, now, expires_at).await?;
        tx.commit().await
    }

    async fn try_release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault> {
        if self.has_one_writer() {
            // One after the other: a figure that is known too early only takes away.
            let turn = self.db.write_one(Durability::Relaxed).await?;
            fences::learn(&turn, handed_over).await?;
            return rows::clear(&turn, cart).await;
        }
        let tx = self.db.write(Durability::Relaxed).await?;
        turn::of_cart(&tx, cart).await?;
        fences::learn(&tx, handed_over).await?;
        rows::clear(&tx, cart).await?;
        tx.commit().await
    }

    async fn try_learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
        let tx = self.db.write(Durability::Relaxed).await?;
        fences::learn(&tx, snapshots).await?;
        tx.commit().await
    }
}

#[async_trait]
impl ReservationStore for SqlReservationStore {
    async fn hold(
        &self,
        cart: CartId,
        requests: &[HoldRequest],
        policy: HoldPolicy,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Reservation, Fault> {
        let snapshots: Vec<StockSnapshot> = requests.iter().map(|r| r.snapshot).collect();
        let snapshots = fences::newest(&snapshots);
        if snapshots.len() < requests.len() {
            return Err(Fault::bug("a variant stands twice in one request for holds"));
        }
        let wish = Wish {
            cart,
            requests,
            policy,
            now: now.timestamp_micros(),
            expires_at: expires_at.timestamp_micros(),
        };
        if let Some(granted) = retrying(|| self.try_at_once(&wish)).await? {
            return Ok(granted);
        }
        retrying(|| self.try_hold(&wish, &snapshots)).await
    }

    async fn extend(&self, cart: CartId, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault> {
        retrying(|| self.try_extend(cart, now.timestamp_micros(), expires_at.timestamp_micros())).await
    }

    async fn release(&self, cart: CartId, handed_over: &[StockSnapshot]) -> Result<(), Fault> {
        let handed_over = fences::newest(handed_over);
        retrying(|| self.try_release(cart, &handed_over)).await
    }

    async fn learn(&self, snapshots: &[StockSnapshot]) -> Result<(), Fault> {
        if snapshots.is_empty() {
            return Ok(());
        }
        let snapshots = fences::newest(snapshots);
        retrying(|| self.try_learn(&snapshots)).await
    }

    async fn held_by(
        &self,
        cart: CartId,
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (u32, Timestamp)>, Fault> {
        let rows: Vec<(Uuid, i64, i64)> = Entity::find()
            .select_only()
            .columns([Column::VariantId, Column::Quantity, Column::ExpiresAt])
            .filter(Column::CartId.eq(cart.uuid()))
            .filter(Column::ExpiresAt.gt(now.timestamp_micros()))
            .into_tuple()
            .all(self.db.read().raw())
            .await
            .map_err(fault("holds.held_by"))?;
        rows.into_iter().map(decode_hold).collect()
    }

    async fn held_until(
        &self,
        variants: &[VariantId],
        now: Timestamp,
    ) -> Result<HashMap<VariantId, (i64, Timestamp)>, Fault> {
        let mut held = HashMap::new();
        for chunk in bind_chunks(variants, 2) {
            let sums: Vec<(Uuid, i64, i64)> = Entity::find()
                .select_only()
                .column(Column::VariantId)
                // Postgres makes a numeric of the sum.
                .expr(Column::Quantity.sum().cast_as("bigint"))
                .expr(Column::ExpiresAt.min())
                .filter(Column::VariantId.is_in(padded(chunk).map(VariantId::uuid)))
                .filter(Column::ExpiresAt.gt(now.timestamp_micros()))
                .group_by(Column::VariantId)
                .into_tuple()
                .all(self.db.read().raw())
                .await
                .map_err(fault("holds.held"))?;
            for (variant, units, first_end) in sums {
                held.insert(VariantId::new(variant), (units, decode_end(first_end)?));
            }
        }
        Ok(held)
    }

    /// Listed by the database in one text: thousands of rows would cost ten times as much to fetch as to count.
    async fn all_held(&self, now: Timestamp) -> Result<Option<HashMap<VariantId, i64>>, Fault> {
        let reader = self.db.read().raw();
        let row = reader.query_one(&all_held(reader.get_database_backend(), now)).await;
        let row = row.map_err(fault("holds.all_held"))?;
        let listed: Option<String> = match row {
            Some(row) => row.try_get_by_index(0).map_err(fault("holds.all_held"))?,
            None => None,
        };
        listed.as_deref().map_or(Ok(HashMap::new()), read_listed).map(Some)
    }

    fn reads_stock(&self) -> bool {
        true
    }

    fn wants_news(&self) -> bool {
        // SQLite has one writer, who reads what is so. On Postgres an order may be placed between the look at the stock and the one at
        // the holds: the newer figure, learnt with the release of its cart's holds, stands in the way.
        self.db.read().raw().get_database_backend() != DbBackend::Sqlite
    }

    async fn holders(&self, now: Timestamp, most: u32) -> Result<Option<Vec<CartId>>, Fault> {
        let carts: Vec<Uuid> = Entity::find()
            .select_only()
            .distinct()
            .column(Column::CartId)
            .filter(Column::ExpiresAt.gt(now.timestamp_micros()))
            .limit(u64::from(most))
            .into_tuple()
            .all(self.db.read().raw())
            .await
            .map_err(fault("holds.holders"))?;
        Ok(Some(carts.into_iter().map(CartId::new).collect()))
    }
}

fn decode_hold(row: (Uuid, i64, i64)) -> Result<(VariantId, (u32, Timestamp)), Fault> {
    let (variant, quantity, until) = row;
    let quantity = u32::try_from(quantity).map_err(|e| Fault::internal("holds.decode", e))?;
    Ok((VariantId::new(variant), (quantity, decode_end(until)?)))
}

fn decode_end(micros: i64) -> Result<Timestamp, Fault> {
    DateTime::from_timestamp_micros(micros).ok_or(Fault::bug("a hold's expiry is out of range"))
}

/// All variants that are held, each as `id=units`, separated by commas.
fn all_held(backend: DbBackend, now: Timestamp) -> SelectStatement {
    let sums = Query::select()
        .column(Column::VariantId)
        .expr_as(Expr::col(Column::Quantity).sum(), "units")
        .from(Entity)
        .and_where(Expr::col((Entity, Column::ExpiresAt)).gt(now.timestamp_micros()))
        .group_by_col(Column::VariantId)
        .take();
    let listed = match backend {
        DbBackend::Sqlite => "string_agg(hex(\"variant_id\") || '=' || \"units\", ',')",
        _ => "string_agg(CAST(\"variant_id\" AS text) || '=' || \"units\", ',')",
    };
    Query::select().expr(Expr::cust(listed)).from_subquery(sums, "sums").take()
}

fn read_listed(listed: &str) -> Result<HashMap<VariantId, i64>, Fault> {
    let read = |entry: &str| {
        let (variant, units) = entry.split_once('=')?;
        Some((VariantId::new(Uuid::try_parse(variant).ok()?), units.parse().ok()?))
    };
    let entries =
        listed.split(',').map(|entry| read(entry).ok_or(Fault::bug("a list of holds cannot be read")));
    entries.collect()
}
