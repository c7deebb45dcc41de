//! Orders for people: lists, and all there is to say of one.

use crate::Context;
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::OrdersRead},
    order::{Fulfillment, LineStanding, Order},
    payment::Payment,
    shared::{
        Currency, Fault, OrderId, PaymentId, RefundId, Timestamp,
        page::{Page, PageRequest},
    },
};
use stoa_persistence::{
    db::ListError,
    fulfillment,
    order::{self, HistoryEntry, OrdersListing},
    payment::{self, Refund, RefundMemo},
};

/// A refund with all there is to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundView {
    /// The refund.
    pub refund: Refund,
    /// What it is for.
    pub memo: RefundMemo,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The currency of its payment.
    pub currency: Currency,
}

/// Orders, for people.
pub struct Orders(pub(crate) Arc<Context>);

impl Orders {
    /// A page of them. One statement.
    ///
    /// # Errors
    /// A cursor is not of this list.
    #[tracing::instrument(name = "order.list", skip_all)]
    pub async fn list(
        &self,
        _by: &Permit<OrdersRead>,
        listing: &OrdersListing,
        request: &PageRequest,
    ) -> Result<Page<OrderId>, ListError> {
        order::list_orders(self.0.db().read(), listing, request).await
    }

    /// Those with these ids that there are, in the order of the ids. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_all(&self, _by: &Permit<OrdersRead>, ids: &[OrderId]) -> Result<Vec<Order>, Fault> {
        order::find_all(self.0.db().read(), ids).await
    }

    /// The payments of these orders, at the gateway and with gift cards; those that cost nothing have none. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn payments(
        &self,
        _by: &Permit<OrdersRead>,
        orders: &[OrderId],
    ) -> Result<HashMap<OrderId, Vec<Payment>>, Fault> {
        let mut by_order: HashMap<OrderId, Vec<Payment>> = HashMap::new();
        for payment in payment::find_by_orders(self.0.db().read(), orders).await? {
            by_order.entry(payment.order).or_default().push(payment);
        }
        Ok(by_order)
    }

    /// How much of each payment can still be given back, in minor units. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn refundable(
        &self,
        _by: &Permit<OrdersRead>,
        payments: &[PaymentId],
    ) -> Result<HashMap<PaymentId, i64>, Fault> {
        payment::refundable(self.0.db().read(), payments).await
    }

    /// What was sent of these orders, in the order in which it was. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn fulfillments(
        &self,
        _by: &Permit<OrdersRead>,
        orders: &[OrderId],
    ) -> Result<HashMap<OrderId, Vec<Fulfillment>>, Fault> {
        fulfillment::of_orders(self.0.db().read(), orders).await
    }

    /// How each line of an order stands: what was sent of it, and what nobody waits for any more. Two statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standings(&self, _by: &Permit<OrdersRead>, id: OrderId) -> Result<Vec<LineStanding>, Fault> {
        fulfillment::standings(self.0.db().read(), id).await
    }

    /// The refunds of an order, the oldest first. At most five statements.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn refunds(&self, _by: &Permit<OrdersRead>, id: OrderId) -> Result<Vec<RefundView>, Fault> {
        let read = self.0.db().read();
        let payments = payment::find_by_orders(read, &[id]).await?;
        let paid: Vec<PaymentId> = payments.iter().map(|paid| paid.id).collect();
        let refunds: Vec<Refund> =
            payment::refunds_of_all(read, &paid).await?.into_values().flatten().collect();
        let ids: Vec<RefundId> = refunds.iter().map(|refund| refund.id).collect();
        let mut memos = payment::refund_memos(read, &ids).await?;
        let moments = payment::refund_moments(read, &ids).await?;
        let view = |refund: Refund| {
            let memo = memos.remove(&refund.id).unwrap_or_default();
            let created_at = *moments.get(&refund.id)?;
            let currency = payments.iter().find(|paid| paid.id == refund.payment)?.currency;
            Some(RefundView { refund, memo, created_at, currency })
        };
        let mut views: Vec<RefundView> = refunds.into_iter().filter_map(view).collect();
        // Of one act the part that says what it is for comes first: the ids of the others are no times.
        views.sort_by_key(|view| (view.created_at, view.refund.parent.is_some(), view.refund.id));
        Ok(views)
    }

    /// What happened to an order, the oldest first. One statement.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn history(&self, _by: &Permit<OrdersRead>, id: OrderId) -> Result<Vec<HistoryEntry>, Fault> {
        order::history(self.0.db().read(), id).await
    }
}
