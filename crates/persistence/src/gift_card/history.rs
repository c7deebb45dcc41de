//! What has gone onto a card and off it, for whoever looks at one: its ledger, page by page.

use super::entities::entries;
use crate::db::{Conn, Key, Keyset, ListError, fault, padded};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use std::collections::HashMap;
use stoa_domain::{
    gift_card::{EntryKind, LedgerEntry},
    shared::{
        Fault, GiftCardId, OrderId, RefundId,
        page::{Page, PageRequest, PageRow},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb9;

const UNREADABLE: Fault = Fault::bug("gift_card.ledger: a row that no version of the program writes");

/// An entry of a card's ledger, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEntry {
    /// Which.
    pub id: Uuid,
    /// What it says.
    pub entry: LedgerEntry,
    /// Who has caused it.
    pub actor: String,
}

/// A page of a card's ledger, in the order in which it was written; `reverse`: the latest first. Two statements.
///
/// # Errors
/// A cursor is not of this list.
pub async fn ledger(
    conn: &impl Conn,
    card: GiftCardId,
    (request, reverse): (&PageRequest, bool),
) -> Result<Page<KeptEntry>, ListError> {
    use entries::Column as E;
    let e = |column: E| Expr::col((entries::Entity, column));
    let mut query = Query::select().from(entries::Entity).take();
    query.and_where(e(E::GiftCardId).eq(card.uuid()));
    let keyset = Keyset { order: ORDER, key: Key::Time(e(E::At)), id: e(E::Id), ascending: !reverse };
    let page: Page<Uuid> = keyset.page(conn, &mut query, request).await?;
    let ids: Vec<Uuid> = page.nodes().copied().collect();
    let mut kept = read(conn, &ids).await?;
    let with_entry = |row: PageRow<Uuid>| {
        kept.remove(&row.node).map(|node| PageRow { cursor: row.cursor, node }).ok_or(UNREADABLE)
    };
    let rows = page.rows.into_iter().map(with_entry).collect::<Result<_, Fault>>()?;
    Ok(Page { rows, info: page.info })
}

/// An entry by its id, with the card in whose ledger it stands: what tells whether something was done before.
///
/// # Errors
/// The database does not answer.
pub async fn find_entry(conn: &impl Conn, id: Uuid) -> Result<Option<(GiftCardId, KeptEntry)>, Fault> {
    let found =
        entries::Entity::find_by_id(id).one(conn.raw()).await.map_err(fault("gift_card.find_entry"))?;
    found.map(|row| Ok((GiftCardId::new(row.gift_card_id), kept(row)?))).transpose()
}

async fn read(conn: &impl Conn, ids: &[Uuid]) -> Result<HashMap<Uuid, KeptEntry>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = entries::Entity::find().filter(entries::Column::Id.is_in(padded(ids)));
    let rows = found.all(conn.raw()).await.map_err(fault("gift_card.ledger"))?;
    rows.into_iter().map(|row| Ok((row.id, kept(row)?))).collect()
}

fn kept(row: entries::Model) -> Result<KeptEntry, Fault> {
    let order = || row.order_id.map(OrderId::new).ok_or(UNREADABLE);
    let kind = match row.kind.as_str() {
        "issued" => EntryKind::Issued,
        "spent" => EntryKind::Spent(order()?),
        "given_back" => EntryKind::GivenBack(order()?),
        "refunded" => EntryKind::Refunded(row.refund_id.map(RefundId::new).ok_or(UNREADABLE)?),
        "adjusted" => EntryKind::Adjusted,
        "expired" => EntryKind::Expired,
        _ => return Err(UNREADABLE),
    };
    Ok(KeptEntry { id: row.id, entry: LedgerEntry { kind, delta: row.delta, at: row.at }, actor: row.actor })
}
