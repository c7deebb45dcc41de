//! Paying for orders with gift cards and store credit, and giving that back where an order comes to nothing.
//!
//! What a card pays is a payment of its own beside that at the gateway: so whatever bounds refunds, lists them and proves the books holds for
//! cards as it does for money.

use crate::Context;
use stoa_domain::{
    gift_card::{EntryKind, LedgerEntry},
    order::Order,
    payment::{Payment, PaymentState},
    pricing::StoredPart,
    shared::{Fault, GiftCardEntryId, GiftCardId, OrderId, PaymentId, Timestamp},
};
use stoa_persistence::{Batch, WriteTx, gift_card, payment};

/// Who does what nobody on the staff does.
pub(super) const SYSTEM: &str = "system";

/// What cards have paid for an order, to be written beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tendered {
    /// In the order in which they pay.
    payments: Vec<Payment>,
    spent: Vec<(GiftCardId, LedgerEntry)>,
}

/// Takes what cards are to pay for an order off them, if they can; `None`: one of them can no more, and nothing may be committed. The cards are
/// locked in the order of their ids by one statement.
pub(crate) async fn tender(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    stored: &[StoredPart],
    now: Timestamp,
) -> Result<Option<Tendered>, Fault> {
    let parts: Vec<&StoredPart> = stored.iter().filter(|part| part.amount > 0).collect();
    if parts.is_empty() {
        return Ok(Some(Tendered::default()));
    }
    let amounts: Vec<(GiftCardId, i64)> = parts.iter().map(|part| (part.id, part.amount)).collect();
    if !gift_card::spend(tx, &amounts, order.figures.currency, now).await? {
        return Ok(None);
    }
    let payment = |part: &&StoredPart| Payment {
        id: PaymentId::new(ctx.ports.ids.id()),
        order: order.id,
        gateway: Payment::STORED_VALUE.to_owned(),
        intent: Some(Payment::stored_value_intent(part.id, order.id)),
        state: PaymentState::Succeeded,
        amount: part.amount,
        currency: order.figures.currency,
        amount_received: part.amount,
        amount_refunded: 0,
        disputed: false,
        dispute_at: None,
        last_error: None,
        created_at: now,
        updated_at: now,
    };
    let spent = |part: &&StoredPart| {
        let kind = EntryKind::Spent(order.id);
        (part.id, LedgerEntry { kind, delta: -part.amount, at: now })
    };
    Ok(Some(Tendered {
        payments: parts.iter().map(payment).collect(),
        spent: parts.iter().map(spent).collect(),
    }))
}

impl Tendered {
    /// Writes it down beside the order.
    pub(crate) fn write(&self, ctx: &Context, batch: &mut Batch) {
        for payment in &self.payments {
            payment::insert(batch, payment);
        }
        for (card, entry) in &self.spent {
            gift_card::append(batch, *card, &written(ctx, std::slice::from_ref(entry), SYSTEM));
        }
    }

    /// The payments.
    pub(crate) fn into_payments(self) -> Vec<Payment> {
        self.payments
    }
}

/// Gives cards back what they paid for an order that comes to nothing before it is paid in full: their payments are cancelled, and what is on
/// them is there again. The second time there is nothing to be given back. Behind the order's lock.
pub(crate) async fn give_back(
    ctx: &Context,
    tx: &WriteTx,
    order: OrderId,
    now: Timestamp,
) -> Result<(), Fault> {
    todo_give_back()
}

/// Entries as they are written down: each with an id, and who has caused them.
pub(super) fn written(ctx: &Context, entries: &[LedgerEntry], actor: &str) -> Vec<gift_card::NewEntry> {
    entries.iter().map(|entry| gift_card::NewEntry { id: ctx.ports.ids.id(), entry: *entry, actor: actor.to_owned() }).collect()
}
