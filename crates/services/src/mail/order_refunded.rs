//! "Your money is on its way back", or on the gift card already that had paid.

use super::{OrderLetter, send, write_order};
use crate::Context;
use chrono::TimeDelta;
use stoa_domain::{
    gift_card::GiftCardKind,
    shared::{Fault, Money, RefundId, Timestamp},
};
use stoa_persistence::{
    gift_card, order,
    payment::{self, RefundState},
};

/// How soon to look again whether the gateway has it.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Writes to the buyer once the gateway has the refund; one that it cannot make is not told of, since a person has to find another way.
/// Gives when to look again; `None`: it is done. May run twice: the mail carries the same id then.
pub(crate) async fn tell_of_refund(ctx: &Context, id: RefundId) -> Result<Option<Timestamp>, Fault> {
    let read = ctx.db().read();
    let no_such = Fault::bug("mail.order_refunded: no such refund");
    let Some(refund) = payment::find_refund(read, id).await? else { return Err(no_such) };
    match refund.state {
        RefundState::Requested => return Ok(Some(ctx.now() + LOOK_AGAIN)),
        RefundState::Failed => return Ok(None),
        RefundState::Accepted => {}
    }
    let Some(paid) = payment::find(read, refund.payment).await? else { return Err(no_such) };
    let Some(order) = order::find(read, paid.order).await? else { return Err(no_such) };
    if order.email.is_erased() {
        return Ok(None);
    }
    let (refund, amount) = (id.uuid(), Money::new(refund.amount, paid.currency));
    let letter = match paid.card() {
        None => OrderLetter::Refunded { refund, amount },
        Some(card) => {
            let Some(of) = gift_card::of_cart(read, &[card], None).await?.pop() else { return Err(no_such) };
            let card = match of.kind {
                GiftCardKind::Card { last } => Some(last),
                GiftCardKind::Credit { .. } => None,
            };
            OrderLetter::BackOnCard { refund, amount, card }
        }
    };
    send(ctx, &write_order(&ctx.settings, &order, &letter)?).await?;
    Ok(None)
}
