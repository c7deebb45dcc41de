//! Paying for orders with gift cards and store credit, and giving that back where an order comes to nothing.
//!
//! What a card pays is a payment of its own beside that at the gateway: so whatever bounds refunds, lists them and proves the books holds for
//! cards as it does for money.

use crate::Context;
use stoa_domain::{
    gift_card::{CardChange, EntryKind, LedgerEntry},
    order::Order,
    payment::{Payment, PaymentState},
    pricing::StoredPart,
    shared::{Fault, GiftCardId, PaymentId, Timestamp},
};
use stoa_persistence::{
    Batch, WriteTx,
    gift_card::{self, NewEntry},
    payment,
};

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
        let entry = |(card, entry): &(GiftCardId, LedgerEntry)| written(ctx, *card, *entry, SYSTEM);
        let entries: Vec<NewEntry> = self.spent.iter().map(entry).collect();
        gift_card::append(batch, &entries);
    }

    /// The payments.
    pub(crate) fn into_payments(self) -> Vec<Payment> {
        self.payments
    }
}

/// Gives cards back what they paid for an order that comes to nothing before it is paid in full: their payments are cancelled, and what they had
/// paid is on them again. The second time there is nothing to be given back. Behind the order's lock, and behind the stock. Of an order that no card
/// has paid for it costs no statement.
pub(crate) async fn give_back(
    ctx: &Context,
    tx: &WriteTx,
    order: &Order,
    now: Timestamp,
) -> Result<(), Fault> {
    if order.figures.charge == order.figures.total {
        return Ok(());
    }
    let payments = payment::find_by_order_for_update(tx, order.id).await?;
    let came = |payment: &Payment| payment.state == PaymentState::Succeeded && payment.amount_refunded == 0;
    let spent = |payment: Payment| Some((payment.card().filter(|_| came(&payment))?, payment));
    let mut back: Vec<(GiftCardId, Payment)> = payments.into_iter().filter_map(spent).collect();
    if back.is_empty() {
        return Ok(());
    }
    back.sort_by_key(|(card, _)| *card);
    let ids: Vec<GiftCardId> = back.iter().map(|(card, _)| *card).collect();
    for card in gift_card::lock(tx, &ids).await? {
        for (_, payment) in back.iter().filter(|(of, _)| *of == card.id) {
            let change = CardChange::GiveBack { order: order.id, amount: payment.amount };
            let (changed, entries) = card
                .change(change, now)
                .map_err(|refused| Fault::internal("gift_card.give_back: it cannot take it back", refused))?;
            let entries: Vec<NewEntry> =
                entries.into_iter().map(|entry| written(ctx, card.id, entry, SYSTEM)).collect();
            gift_card::save(tx, &changed, &entries).await?;
            let cancelled = Payment {
                state: PaymentState::Canceled,
                amount_received: 0,
                updated_at: now,
                ..payment.clone()
            };
            payment::save(tx, &cancelled).await?;
        }
    }
    Ok(())
}

/// An entry as it is written down, with who has caused it.
pub(super) fn written(ctx: &Context, card: GiftCardId, entry: LedgerEntry, actor: &str) -> NewEntry {
    NewEntry { id: ctx.ports.ids.id(), card, entry, actor: actor.to_owned() }
}
