//! Gift cards and store credit as staff see them: pages of ids by keyset, and what only staff read of a card.

use super::{entities::cards, map};
use crate::{
    db::{Conn, Key, Keyset, ListError, Raw, WriteTx, fault, fitting, padded, stored},
    pricing::arranged,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, Query},
};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardState, Last4},
    shared::{
        CustomerId, Fault, GiftCardId, LineItemId, Timestamp,
        page::{Page, PageRequest},
    },
};
use uuid::Uuid;

/// Cursors of this list carry this.
const ORDER: u8 = 0xb8;

/// A card with what only staff see of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffGiftCard {
    /// The card.
    pub card: GiftCard,
    /// Which unit of which line of an order was sold as it.
    pub sold_as: Option<(LineItemId, u32)>,
    /// What staff note of it.
    pub note: Option<String>,
    /// Who has made it.
    pub created_by: String,
}

/// Which cards are listed: those of which all of it is true. Nothing said is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GiftCardsListing {
    /// Store credit, or cards with codes.
    pub credit: Option<bool>,
    /// In this state.
    pub state: Option<GiftCardState>,
    /// Whose code ends so.
    pub last: Option<Last4>,
    /// This customer's store credit.
    pub customer: Option<CustomerId>,
    /// The latest first.
    pub reverse: bool,
}

/// A page of cards, in the order in which they were made. One statement.
///
/// # Errors
/// A cursor is not of this list.
pub async fn list_cards(
    conn: &impl Conn,
    listing: &GiftCardsListing,
    request: &PageRequest,
) -> Result<Page<GiftCardId>, ListError> {
    use cards::Column as C;
    let c = |column: C| Expr::col((cards::Entity, column));
    let mut query = Query::select().from(cards::Entity).take();
    if let Some(credit) = listing.credit {
        query.and_where(c(C::Kind).eq(if credit { "credit" } else { "card" }));
    }
    if let Some(state) = listing.state {
        query.and_where(c(C::State).eq(map::state_name(state)));
    }
    if let Some(last) = &listing.last {
        query.and_where(c(C::LastCharacters).eq(last.as_str()));
    }
    if let Some(customer) = listing.customer {
        query.and_where(c(C::CustomerId).eq(customer.uuid()));
    }
    let keyset = Keyset { order: ORDER, key: Key::Id, id: c(C::Id), ascending: !listing.reverse };
    keyset.page(conn, &mut query, request).await
}

/// By id.
///
/// # Errors
/// The database does not answer.
pub async fn find(conn: &impl Conn, id: GiftCardId) -> Result<Option<StaffGiftCard>, Fault> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// Those with these ids that there are, in the order of the ids. One statement.
///
/// # Errors
/// The database does not answer.
pub async fn find_all(conn: &impl Conn, ids: &[GiftCardId]) -> Result<Vec<StaffGiftCard>, Fault> {
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    if uuids.is_empty() {
        return Ok(Vec::new());
    }
    let found = cards::Entity::find().filter(cards::Column::Id.is_in(padded(&uuids)));
    let rows = found.all(conn.raw()).await.map_err(fault("gift_card.find_all"))?;
    let read = rows.into_iter().map(|row| Ok((row.id, from_row(row)?)));
    Ok(arranged(&uuids, read.collect::<Result<Vec<_>, Fault>>()?))
}

fn from_row(row: cards::Model) -> Result<StaffGiftCard, Fault> {
    let unit = row.unit.and_then(|unit| u32::try_from(unit).ok());
    Ok(StaffGiftCard {
        card: map::card_of(&row)?,
        sold_as: row.order_line_id.map(LineItemId::new).zip(unit),
        note: row.note,
        created_by: row.created_by,
    })
}

/// Writes down what staff note of a card that the transaction has locked. What can be paid with it stays as it is, and so does its version.
///
/// # Errors
/// The database does not answer.
pub async fn set_note(tx: &WriteTx, id: GiftCardId, note: Option<&str>, now: Timestamp) -> Result<(), Fault> {
    cards::Entity::update_many()
        .col_expr(cards::Column::Note, Expr::value(note.map(|note| fitting(note, usize::MAX))))
        .col_expr(cards::Column::UpdatedAt, Expr::value(stored(now)))
        .filter(cards::Column::Id.eq(id.uuid()))
        .exec(tx.raw())
        .await
        .map(drop)
        .map_err(fault("gift_card.set_note"))
}
