//! What an order takes of what there is only so much of, beside stock: uses and budgets of promotions and codes, and what is on gift cards.
//!
//! Pricing has seen what was left of each; another order may have been faster since. So all of it is taken by conditional updates in the order's own
//! transaction, and an order that does not get all of it is not written. It is taken behind the stock and just before the order's number: all
//! orders wait for each other there anyway, so that a promotion that everybody uses makes nobody wait for longer.

use super::{explain::explain, locked::Locked};
use crate::{
    Context,
    cart::CartView,
    gift_card::{self, Tendered},
};
use std::collections::BTreeMap;
use stoa_domain::{
    order::Order,
    pricing::{Condition, Promotion},
    shared::{Fault, PromotionId, Timestamp},
};
use stoa_persistence::{
    Batch, WriteTx,
    order::{self, OrderPricing},
    promotion::{self, BuyerLimit, Taking},
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
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) tendered: Tendered,
    uses: Vec<Taking>,
    /// How its price came about, where its own columns do not tell.
    pricing: Option<OrderPricing>,
}

/// Takes all that the order is priced by. Gift cards first, then codes and promotions: that is the order in which they are locked everywhere.
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
    let uses = takings(view)?;
    if !promotion::take(tx, &uses).await? {
        return Ok(Err(Gone::Discount));
    }
    Ok(Ok(Taken { tendered, uses, pricing: explain(view, order) }))
}

impl Taken {
    /// Writes it down beside the order.
    pub(super) fn write(
        &self,
        ctx: &Context,
        batch: &mut Batch,
        order: &Order,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.tendered.write(ctx, batch);
        promotion::write_uses(batch, order.id, &self.uses, now)?;
        match &self.pricing {
            Some(pricing) => order::write_pricing(batch, order.id, pricing, now),
            None => Ok(()),
        }
    }
}

/// What the promotions that apply take: each once, whatever it lowers.
fn takings(view: &CartView) -> Result<Vec<Taking>, Fault> {
    let inputs = &view.inputs;
    let (data, context) = (inputs.rules.rules.data(), inputs.context(&view.cart));
    let mut takings: BTreeMap<PromotionId, Taking> = BTreeMap::new();
    for applied in &view.priced.applied {
        let taking = takings.entry(applied.promotion).or_insert_with(|| Taking {
            promotion: applied.promotion,
            title: applied.title.to_string(),
            code: None,
            amount: 0,
            amount_shop: 0,
            limited: data.limited.contains(&applied.promotion),
            buyer: data
                .promotions
                .iter()
                .find(|promotion| promotion.id == applied.promotion)
                .and_then(uses_of_one_buyer)
                .map(|most| BuyerLimit { most, keys: inputs.buyer_keys.clone() }),
        });
        taking.code = taking.code.take().or_else(|| applied.code.clone());
        taking.amount = taking.amount.saturating_add(applied.amount);
        let in_shop = context.in_shop(applied.amount);
        let in_shop = in_shop.map_err(|error| Fault::internal("order.take", error))?;
        taking.amount_shop = taking.amount_shop.saturating_add(in_shop);
    }
    Ok(takings.into_values().collect())
}

/// On how many orders of one buyer a promotion may be. One for a first order may be on one: of two first orders at once, one is the first.
fn uses_of_one_buyer(promotion: &Promotion) -> Option<i64> {
    let is_for_first = |condition: &Condition| matches!(condition, Condition::FirstOrder);
    let for_first = promotion.definition.conditions.iter().any(is_for_first).then_some(1);
    promotion.per_buyer.into_iter().chain(for_first).min()
}
