//! "Here are your gift cards."

use super::{CodeInMail, OrderLetter, send, write_order};
use crate::{Context, gift_card};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardCode},
    shared::{Fault, Money, OrderId},
};
use stoa_persistence::order;

/// Writes the codes of the gift cards of an order to its buyer: of those that can be spent. May run twice: the mail carries the same id then, and the
/// codes are the same. Nowhere else are they told.
pub(crate) async fn tell_of_gift_cards(ctx: &Context, id: OrderId) -> Result<(), Fault> {
    let order =
        order::find(ctx.db().read(), id).await?.ok_or(Fault::bug("mail.gift_card_issued: no such order"))?;
    if order.email.is_erased() {
        return Ok(());
    }
    let issued = gift_card::issued_with(ctx, &order).await?;
    let in_mail = |(code, card): (GiftCardCode, GiftCard)| CodeInMail {
        code: code.grouped(),
        worth: Money::new(card.balance, card.currency),
        until: card.expires_at,
    };
    let cards: Vec<CodeInMail> = issued.into_iter().map(in_mail).collect();
    if cards.is_empty() {
        return Ok(());
    }
    send(ctx, &write_order(&ctx.settings, &order, &OrderLetter::GiftCards { cards: &cards })?).await
}
