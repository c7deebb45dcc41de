//! Gift cards and store credit that are to pay for a cart.

use super::{LookupKeys, Purpose, Whose};
use crate::Context;
use stoa_domain::{
    cart::Cart,
    gift_card::{GiftCard, GiftCardCode, GiftCardKind},
    pricing::StoredValue,
    shared::{Currency, Fault, Timestamp},
};
use stoa_persistence::gift_card;

/// What is on the cart's gift cards, in their order, and on the customer's store credit behind them. One statement where there are any.
/// A card that was taken away since pays nothing.
pub(super) async fn read(
    ctx: &Context,
    cart: &Cart,
    whose: &Whose,
    currency: Currency,
    now: Timestamp,
) -> Result<Vec<StoredValue>, Fault> {
    let credit_of = whose.customer.filter(|_| cart.use_credit && whose.may_spend);
    if cart.gift_cards.is_empty() && credit_of.is_none() {
        return Ok(Vec::new());
    }
    let credit = credit_of.map(|customer| (customer, currency));
    let found = gift_card::of_cart(ctx.db().read(), &cart.gift_cards, credit).await?;
    let cards = cart.gift_cards.iter().filter_map(|id| found.iter().find(|card| card.id == *id));
    let credit = found.iter().filter(|card| matches!(card.kind, GiftCardKind::Credit { .. }));
    Ok(cards.chain(credit).map(|card| stored(card, currency, now)).collect())
}

fn stored(card: &GiftCard, currency: Currency, now: Timestamp) -> StoredValue {
    let last = match card.kind {
        GiftCardKind::Card { last } => Some(last),
        GiftCardKind::Credit { .. } => None,
    };
    StoredValue { id: card.id, last, balance: card.balance, usable: card.usable(currency, now) }
}

/// What a gift card's code is looked up by.
pub(crate) async fn card_hash(ctx: &Context, code: &GiftCardCode) -> Result<String, Fault> {
    let key = LookupKeys::of(ctx, Purpose::GiftCard).await?;
    Ok(key.code(code.expose()))
}
