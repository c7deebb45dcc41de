//! How the price of an order came about, for those who may see it.

use super::FindOrder;
use std::sync::Arc;
use stoa_domain::{
    order::Order,
    pricing::{AppliedPromotion, Steps, retold},
    shared::Fault,
};
use stoa_persistence::order;

/// How the price of an order came about, as it was when it was placed: nothing that the shop decides later changes it.
#[derive(Clone, Debug)]
pub struct OrderExplained {
    /// Step by step: the amounts of those that are no gift cards sum to the order's total, those of all of them to what it is charged.
    pub steps: Arc<Steps>,
    /// The promotions that took something off.
    pub applied: Arc<[AppliedPromotion]>,
}

impl FindOrder {
    /// How the order's price came about. Of an order about whose price there was no more to say than its figures do, it is told from them: so of
    /// all that were placed before anything was kept. At most three statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn explain(&self, order: &Order) -> Result<OrderExplained, Fault> {
        let kept = order::pricing_of(self.ctx.db().read(), order.id).await?;
        Ok(match kept {
            Some(kept) => OrderExplained { steps: Arc::new(kept.steps), applied: kept.applied.into() },
            None => OrderExplained { steps: Arc::new(retold(order)), applied: Arc::default() },
        })
    }
}
