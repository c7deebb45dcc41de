//! Writing gift cards, inside the caller's transaction.

use super::{
    entities::cards,
    ledger::{NewEntry, append},
    map::{card_of, row, state_name},
};
use crate::db::{Batch, Conn, Raw, WriteTx, bind_chunks, fault, stored};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, OnConflict, Query},
};
use stoa_domain::{
    gift_card::{EntryKind, GiftCard, LedgerEntry},
    shared::{Fault, GiftCardId, LineItemId, Timestamp},
};
use uuid::Uuid;

/// Columns of a card's row.
const COLUMNS: usize = 17;

/// A card that is to be written, with what is on it at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGiftCard {
    /// The card.
    pub card: GiftCard,
    /// The hash of its code; none of store credit.
    pub code_hash: Option<String>,
    /// Which unit of which line of an order was sold as it.
    pub sold_as: Option<(LineItemId, u32)>,
    /// What the staff note of it.
    pub note: Option<String>,
    /// Who makes it.
    pub created_by: String,
    /// The id of the first entry of its ledger.
    pub entry: Uuid,
}

/// A card that was sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoldGiftCard {
    /// Which.
    pub card: GiftCardId,
    /// With which line of an order.
    pub line: LineItemId,
    /// As which unit of it, counted from 0.
    pub unit: u32,
}

/// Writes cards, and that they were issued. Those that were sold as a unit that another card was sold as before are left out: so issuing again
/// makes no second one. Gives those that were written.
///
/// # Errors
/// The database does not answer, or a code is another card's.
pub async fn issue(tx: &WriteTx, new: &[NewGiftCard]) -> Result<Vec<GiftCardId>, Fault> {
    let mut written = Vec::with_capacity(new.len());
    let sold_once =
        OnConflict::columns([cards::Column::OrderLineId, cards::Column::Unit]).do_nothing().to_owned();
    for some in bind_chunks(new, COLUMNS) {
        let rows = some.iter().map(row).collect::<Result<Vec<_>, Fault>>()?;
        let insert = cards::Entity::insert_many(rows).on_conflict(sold_once.clone());
        match insert.exec_with_returning_keys(tx.raw()).await {
            Ok(ids) => written.extend(ids.into_iter().map(GiftCardId::new)),
            Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(fault("gift_card.issue")(error)),
        }
    }
    let issued = |of: &&NewGiftCard| written.contains(&of.card.id);
    let entries: Vec<NewEntry> = new.iter().filter(issued).map(first_entry).collect();
    for some in entries.chunks(COLUMNS * 10) {
        let mut batch = Batch::new();
        append(&mut batch, some);
        batch.write(tx).await?;
    }
    Ok(written)
}

/// What the ledger of a new card begins with.
pub(super) fn first_entry(of: &NewGiftCard) -> NewEntry {
    NewEntry {
        id: of.entry,
        card: of.card.id,
        entry: LedgerEntry { kind: EntryKind::Issued, delta: of.card.initial, at: of.card.created_at },
        actor: of.created_by.clone(),
    }
}

/// These cards, locked in the order of their ids until the transaction ends; those that are gone are absent.
///
/// # Errors
/// The database does not answer.
pub async fn lock(tx: &WriteTx, ids: &[GiftCardId]) -> Result<Vec<GiftCard>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut locked = Vec::with_capacity(ids.len());
    for some in bind_chunks(&ids, 1) {
        let rows = cards::Entity::find()
            .filter(cards::Column::Id.is_in(some.iter().copied()))
            .order_by_asc(cards::Column::Id)
            .lock_exclusive()
            .all(tx.raw())
            .await
            .map_err(fault("gift_card.lock"))?;
        for row in rows {
            locked.push(card_of(&row)?);
        }
    }
    Ok(locked)
}

/// Writes what changed of a card that the transaction has locked, and why.
///
/// # Errors
/// The database does not answer, or the card is not as it was locked.
pub async fn save(tx: &WriteTx, to: &GiftCard, entries: &[NewEntry]) -> Result<(), Fault> {
    use cards::Column as C;
    let saved = cards::Entity::update_many()
        .col_expr(C::Balance, Expr::value(to.balance))
        .col_expr(C::State, Expr::value(state_name(to.state)))
        .col_expr(C::ExpiresAt, Expr::value(to.expires_at.map(stored)))
        .col_expr(C::Version, Expr::value(to.version))
        .col_expr(C::UpdatedAt, Expr::value(stored(to.updated_at)))
        .filter(C::Id.eq(to.id.uuid()))
        .filter(C::Version.eq(to.version.saturating_sub(1)))
        .exec(tx.raw())
        .await
        .map_err(fault("gift_card.save"))?;
    if saved.rows_affected != 1 {
        return Err(Fault::bug("gift_card.save: the card has moved under its lock"));
    }
    let mut batch = Batch::new();
    append(&mut batch, entries);
    batch.write(tx).await.map(drop)
}

/// The cards that were sold with these lines, in the order of their units. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn sold_with(conn: &impl Conn, lines: &[LineItemId]) -> Result<Vec<SoldGiftCard>, Fault> {
    let mut sold = Vec::new();
    for some in bind_chunks(lines, 1) {
        let rows: Vec<(Uuid, Option<Uuid>, Option<i32>)> = cards::Entity::find()
            .select_only()
            .columns([cards::Column::Id, cards::Column::OrderLineId, cards::Column::Unit])
            .filter(cards::Column::OrderLineId.is_in(some.iter().map(|line| line.uuid())))
            .order_by_asc(cards::Column::Unit)
            .into_tuple()
            .all(conn.raw())
            .await
            .map_err(fault("gift_card.sold_with"))?;
        sold.extend(rows.into_iter().filter_map(|(id, line, unit)| {
            Some(SoldGiftCard {
                card: GiftCardId::new(id),
                line: LineItemId::new(line?),
                unit: u32::try_from(unit?).ok()?,
            })
        }));
    }
    Ok(sold)
}

/// Cards that are over and have something on them, those that ended first, at most `limit`.
///
/// # Errors
/// The database does not answer.
pub async fn expired(conn: &impl Conn, now: Timestamp, limit: u64) -> Result<Vec<GiftCardId>, Fault> {
    let ids: Vec<Uuid> = cards::Entity::find()
        .select_only()
        .column(cards::Column::Id)
        .filter(cards::Column::ExpiresAt.lte(stored(now)))
        .filter(cards::Column::Balance.gt(0))
        .order_by_asc(cards::Column::ExpiresAt)
        .order_by_asc(cards::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(conn.raw())
        .await
        .map_err(fault("gift_card.expired"))?;
    Ok(ids.into_iter().map(GiftCardId::new).collect())
}

/// Cards whose entries do not sum to what is on them, at most `limit`. None, unless there is a bug or somebody has written to the tables by hand.
///
/// # Errors
/// The database does not answer.
pub async fn out_of_balance(conn: &impl Conn, limit: u64) -> Result<Vec<GiftCardId>, Fault> {
    let sum = Query::select()
        // Postgres makes a numeric of the sum.
        .expr(Expr::col(("gift_card_entries", "delta")).sum().cast_as("bigint"))
        .from("gift_card_entries")
        .and_where(Expr::col(("gift_card_entries", "gift_card_id")).equals(("gift_cards", "id")))
        .take();
    let query = Query::select()
        .column("id")
        .from("gift_cards")
        .and_where(Expr::col("balance").ne(Expr::from(Func::coalesce([sum.into(), Expr::val(0_i64)]))))
        .limit(limit)
        .take();
    let rows = conn.raw().query_all(&query).await.map_err(fault("gift_card.out_of_balance"))?;
    let id = |row: &sea_orm::QueryResult| row.try_get("", "id").map(GiftCardId::new);
    rows.iter().map(|row| id(row).map_err(fault("gift_card.out_of_balance"))).collect()
}
