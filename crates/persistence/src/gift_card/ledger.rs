//! The ledger of gift cards: entries that are only ever added, and the balances that they sum to.

use super::entities::{cards, entries};
use crate::db::{Batch, Raw, WriteTx, fault, fitting};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
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

/// Takes these amounts off cards of this currency that may be spent now and have so much on them; each card stands in it once. False, if one of them
/// cannot: nothing may be committed then. Cards are locked in the order of their ids. Whoever calls this appends the entries.
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
    let mut amounts = amounts.to_vec();
    amounts.sort_unstable();
    for (card, amount) in amounts {
        let good = Condition::any().add(C::ExpiresAt.is_null()).add(C::ExpiresAt.gt(now));
        let spent = cards::Entity::update_many()
            .col_expr(C::Balance, Expr::col(C::Balance).sub(amount))
            .col_expr(C::Version, Expr::col(C::Version).add(1))
            .col_expr(C::UpdatedAt, Expr::value(now))
            .filter(C::Id.eq(card.uuid()))
            .filter(C::State.eq("enabled"))
            .filter(C::Currency.eq(currency.code()))
            .filter(C::Balance.gte(amount))
            .filter(good)
            .exec(tx.raw())
            .await
            .map_err(fault("gift_card.spend"))?;
        if spent.rows_affected != 1 {
            return Ok(false);
        }
    }
    Ok(true)
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
            at: Set(new.entry.at),
            delta: Set(new.entry.delta),
            kind: Set(new.entry.kind.name().to_owned()),
            order_id: Set(order),
            refund_id: Set(refund),
            actor: Set(fitting(&new.actor, ACTOR)),
        }
    };
    batch.insert(entries::Entity::insert_many(new.iter().map(row)).into_query());
}
