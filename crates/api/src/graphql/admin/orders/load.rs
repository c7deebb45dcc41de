//! Reading orders with all that is shown of them: so many statements, however many they are.

use super::{AdminOrder, object::OrderFile};
use crate::graphql::{ApiError, Request};
use async_graphql::Context;
use stoa_domain::{
    access::{Permit, grants::OrdersRead},
    payment::Payment,
    shared::{OrderId, PaymentId},
};
use stoa_services::order::OrderView;

/// Those with these ids that there are.
///
/// # Errors
/// The database does not answer.
pub(super) async fn all(
    ctx: &Context<'_>,
    by: &Permit<OrdersRead>,
    ids: &[OrderId],
) -> Result<Vec<(OrderId, AdminOrder)>, ApiError> {
    let reads = &ctx.services().admin.orders;
    let orders = reads.find_all(by, ids).await?;
    let mut payments = reads.payments(by, ids).await?;
    let paid: Vec<PaymentId> = payments.values().flatten().map(|payment| payment.id).collect();
    let refundable = reads.refundable(by, &paid).await?;
    let mut parcels = reads.fulfillments(by, ids).await?;
    let file = |order: stoa_domain::order::Order| {
        let id = order.id;
        let view = OrderView::new(order, payments.remove(&id).unwrap_or_default());
        let left = |payment: &Payment| refundable.get(&payment.id).copied().unwrap_or_default();
        let file = OrderFile {
            refundable: view.payments().map(left).fold(0, i64::saturating_add),
            view,
            parcels: parcels.remove(&id).unwrap_or_default(),
        };
        (id, AdminOrder::new(file))
    };
    Ok(orders.into_iter().map(file).collect())
}

/// One of them.
///
/// # Errors
/// The database does not answer.
pub(crate) async fn one(
    ctx: &Context<'_>,
    by: &Permit<OrdersRead>,
    id: OrderId,
) -> Result<Option<AdminOrder>, ApiError> {
    Ok(Box::pin(all(ctx, by, &[id])).await?.pop().map(|(_, order)| order))
}
