//! The ledger of gift cards: entries that are only ever added, and the balances that they sum to.

use super::entities::{cards, entries};
use crate::db::{Batch, WriteTx, by_key, fault, fitting, stored, update_in_order};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use std::collections::BTreeMap;
use stoa_domain::{
    gift_card::{EntryKind, LedgerEntry},
    shared::{Currency, Fault, GiftCardId, Timestamp},
};
use uuid::Uuid;

/// Characters of who has caused an entry.
const ACTOR: usize = 255;

/// An entry that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Which.
    pub id: Uuid,
    /// Of which card.
    pub card: GiftCardId,
    /// What it says.
    pub entry: LedgerEntry,
    /// Who has caused it: `system`, or a member of staff.
    pub actor: String,
}

/// Takes these amounts, which are above zero, off cards of this currency that may be spent now and have so much on them; each card stands in it once.
/// False, if one of them cannot: nothing may be committed then. One statement, which locks the cards in the order of their ids. Whoever calls this
/// appends the entries.
///
/// # Errors
/// The database does not answer.
pub async fn spend(
    tx: &WriteTx,
    amounts: &[(GiftCardId, i64)],
    currency: Currency,
    now: Timestamp,
) -> Result<bool, Fault> {
    use cards::Column as C;
    let wanted: BTreeMap<Uuid, i64> = amounts.iter().map(|(card, amount)| (card.uuid(), *amount)).collect();
    // What is below zero would be put on.
    if wanted.len() != amounts.len() || wanted.values().any(|amount| *amount < 1) {
        return Err(Fault::bug("gift_card.spend: a card stands in it twice, or pays no amount"));
    }
    if wanted.is_empty() {
        return Ok(true);
    }
    let amount = || by_key(&Expr::col(C::Id), &wanted);
    let end = || Expr::col(C::ExpiresAt);
    let allowed = Condition::all()
        .add(Expr::col(C::State).eq("enabled"))
        .add(Expr::col(C::Currency).eq(currency.code()))
        .add(Expr::col(C::Balance).gte(amount()))
        .add(Condition::any().add(end().is_null()).add(end().gt(stored(now))));
    let these = Condition::all().add(C::Id.is_in(wanted.keys().copied()));
    let update = cards::Entity::update_many()
        .col_expr(C::Balance, Expr::col(C::Balance).sub(amount()))
        .col_expr(C::Version, Expr::col(C::Version).add(1))
        .col_expr(C::UpdatedAt, Expr::value(stored(now)));
    let spent = update_in_order(tx, update, &[C::Id], (these, allowed)).await;
    Ok(spent.map_err(fault("gift_card.spend"))? == wanted.len() as u64)
}

/// Appends entries, with other writes. Whoever calls this changes the balances by as much.
pub fn append(batch: &mut Batch, new: &[NewEntry]) {
    if new.is_empty() {
        return;
    }
    let row = |new: &NewEntry| {
        let (order, refund) = match new.entry.kind {
            EntryKind::Spent(order) | EntryKind::GivenBack(order) => (Some(order.uuid()), None),
            EntryKind::Refunded(refund) => (None, Some(refund.uuid())),
            EntryKind::Issued | EntryKind::Adjusted | EntryKind::Expired => (None, None),
        };
        entries::ActiveModel {
            id: Set(new.id),
            gift_card_id: Set(new.card.uuid()),
            at: Set(stored(new.entry.at)),
            delta: Set(new.entry.delta),
            kind: Set(new.entry.kind.name().to_owned()),
            order_id: Set(order),
            refund_id: Set(refund),
            actor: Set(fitting(&new.actor, ACTOR)),
        }
    };
    batch.insert(entries::Entity::insert_many(new.iter().map(row)).into_query());
}
