//! Promotions, as far as nobody on the staff does them by hand: codes that are made in bulk, and what orders give back.

mod codes;

pub(crate) use codes::make_codes;

use crate::Context;
use stoa_domain::{
    order::Order,
    shared::{Fault, PromotionId, Timestamp},
};
use stoa_persistence::{Durability, WriteTx, db::retrying, promotion};

/// Has a promotion's counter say what its uses say. Of one that is limited no more it does nothing.
pub(crate) async fn recount(ctx: &Context, id: PromotionId) -> Result<(), Fault> {
    retrying(|| recount_once(ctx, id)).await
}

async fn recount_once(ctx: &Context, id: PromotionId) -> Result<(), Fault> {
    let tx = ctx.db().write(Durability::Full).await?;
    promotion::recount(&tx, id).await?;
    tx.commit().await
}

/// Gives back what an order has taken of promotions, once. Of an order that has none it costs no statement: what is taken has taken something
/// off, or is a gift, which may be something that costs nothing. Behind the order's lock, behind the stock and the gift cards.
pub(crate) async fn give_back(tx: &WriteTx, order: &Order, now: Timestamp) -> Result<(), Fault> {
    let is_lowered = order.figures.discount > 0 || order.figures.delivery_discount > 0;
    if !is_lowered && order.lines.iter().all(|line| line.gift_of.is_none()) {
        return Ok(());
    }
    promotion::give_back(tx, order.id, now).await
}
