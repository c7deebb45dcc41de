//! The codes of gift cards that were sold: made again whenever they are needed, and kept nowhere.

use crate::{
    Context,
    pricing::{LookupKeys, Purpose},
};
use stoa_domain::{
    gift_card::{GiftCard, GiftCardCode, GiftCardState},
    order::Order,
    shared::{Fault, GiftCardId, LineItemId},
};
use stoa_persistence::gift_card;

/// The code of the card that one unit of an order's line is: a keyed hash of both. So a job that runs twice makes the same card, and whoever has
/// the database has no code.
pub(super) async fn sold_code(ctx: &Context, line: LineItemId, unit: u32) -> Result<GiftCardCode, Fault> {
    let key = LookupKeys::of(ctx, Purpose::GiftCardCode).await?;
    let hash = key.bytes(&format!("{line}:{unit}"));
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    Ok(GiftCardCode::from_random(random))
}

/// The cards that were sold with an order and may be spent, with their codes, in the order of its lines: for the mail to whoever bought them, and for
/// nobody else.
pub(crate) async fn issued_with(
    ctx: &Context,
    order: &Order,
) -> Result<Vec<(GiftCardCode, GiftCard)>, Fault> {
    let lines: Vec<LineItemId> =
        order.lines.iter().filter(|line| line.gift_card).map(|line| line.id).collect();
    let mut sold = gift_card::sold_with(ctx.db().read(), &lines).await?;
    sold.sort_by_key(|of| (lines.iter().position(|line| *line == of.line), of.unit));
    let ids: Vec<GiftCardId> = sold.iter().map(|of| of.card).collect();
    let mut cards = Vec::with_capacity(ids.len());
    for some in ids.chunks(500) {
        cards.extend(gift_card::of_cart(ctx.db().read(), some, None).await?);
    }
    let mut issued = Vec::with_capacity(sold.len());
    for of in sold {
        let card = cards.iter().find(|card| card.id == of.card && card.state == GiftCardState::Enabled);
        if let Some(card) = card {
            issued.push((sold_code(ctx, of.line, of.unit).await?, card.clone()));
        }
    }
    Ok(issued)
}
