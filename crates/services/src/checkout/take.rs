//! What an order takes of what there is only so much of, beside stock: uses and budgets of promotions and codes, and what is on gift cards.
//!
//! Pricing has seen what was left of each; another order may have been faster since. So all of it is taken by conditional updates in the order's own
//! transaction, and an order that does not get all of it is not written. It is taken behind the stock and just before the order's number: all
//! orders wait for each other there anyway, so that a promotion that everybody uses makes nobody wait for longer.

use super::locked::Locked;
use crate::{
    Context,
    cart::CartView,
    gift_card::{self, Tendered},
};
use stoa_domain::{
    order::Order,
    pricing::{AppliedPromotion, Condition, Promotion},
    shared::{Fault, Timestamp},
};
use stoa_persistence::{
    Batch, WriteTx,
    promotion::{self, PromotionUse, Taking},
};

/// What there is no more of. Nothing may be committed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// A promotion or its code was used up, or its budget was.
    Discount,
    /// A gift card has less on it, or may be spent no more.
    GiftCard,
}

/// What an order has taken, to be written beside it.
pub(super) struct Taken {
    pub(super) tendered: Tendered,
    uses: Vec<PromotionUse>,
}

/// Takes all that the order is priced by. Gift cards first: that is the order in which they are locked everywhere.
pub(super) async fn take(
    ctx: &Context,
    tx: &WriteTx,
    (locked, order): (&Locked, &Order),
    now: Timestamp,
) -> Result<Result<Taken, Gone>, Fault> {
    let view = &locked.view;
    let Some(tendered) = gift_card::tender(ctx, tx, order, &view.priced.stored, now).await? else {
        return Ok(Err(Gone::GiftCard));
    };
    let wanted = takings(view)?;
    if !promotion::take(tx, &wanted, now).await? {
        return Ok(Err(Gone::Discount));
    }
    Ok(Ok(Taken { tendered, uses: uses(view, order, &wanted) }))
}
