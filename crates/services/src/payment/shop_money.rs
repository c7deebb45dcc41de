//! What refunds are in the shop's currency, where the order is in another: together what the order came to there.

use stoa_domain::{
    order::{Order, shop_part},
    shared::Fault,
};
use stoa_persistence::{
    WriteTx,
    payment::{self, RefundState},
};

/// What has gone back of an order, or was asked for, over all its payments: in its own currency and in the shop's. What failed has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct GivenBack {
    /// In minor units of the order's currency.
    pub(crate) amount: i64,
    /// In minor units of the shop's.
    pub(crate) in_shop: i64,
}

impl GivenBack {
    /// What has gone back of it so far. Of an order in the shop's currency nothing is asked; behind its lock it stays true.
    ///
    /// # Errors
    /// The database does not answer.
    pub(crate) async fn of(tx: &WriteTx, order: &Order) -> Result<Self, Fault> {
        if order.figures.shop.is_none() {
            return Ok(Self::default());
        }
        let payments = payment::find_by_orders(tx, &[order.id]).await?;
        let ids: Vec<_> = payments.iter().map(|payment| payment.id).collect();
        let refunds = payment::refunds_of_all(tx, &ids).await?;
        let gone = refunds.values().flatten().filter(|refund| refund.state != RefundState::Failed);
        Ok(gone.fold(Self::default(), |sum, refund| Self {
            amount: sum.amount.saturating_add(refund.amount),
            in_shop: sum.in_shop.saturating_add(refund.shop_amount.unwrap_or(0)),
        }))
    }

    /// What an amount is in the shop's currency, if that is another, and counts it.
    pub(crate) fn take(&mut self, order: &Order, amount: i64) -> Option<i64> {
        let shop = order.figures.shop.as_ref()?;
        let before = (self.amount, self.in_shop);
        let part = shop_part(shop.figures.total, order.figures.total, before, amount);
        self.amount = self.amount.saturating_add(amount);
        self.in_shop = self.in_shop.saturating_add(part);
        Some(part)
    }
}
