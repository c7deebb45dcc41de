//! `orderCancel`: giving an order up, or taking it back.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        orders::{AdminOrder, OrderCancelErrorCode as Code, OrderCancelUserError, one},
        refusals::sentence,
    },
    cart::InputPath,
    order::OrderCancelReason,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::{OrdersRead, OrdersRefund, OrdersWrite},
    inventory::SetStockError,
    order::CancelReason,
    shared::{LocationId, OrderId},
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{CancelOrderError, Cancellation, Undone};

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct OrderCancelPayload {
    /// The order as it is now; null if it was refused, and for whoever may not read orders.
    pub order: Option<AdminOrder>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<OrderCancelUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderCancel;

/// Cancels orders.
#[Object]
impl OrderCancel {
    /// Cancels an order. What was not sent is free again. With `refund` all that is left of its money goes back, which takes
    /// `orders:refund` as well. Again changes nothing; it is refused if money is to go back or units are to be taken in that were not when it
    /// was cancelled.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<OrdersWrite>", visible = "seen::<OrdersWrite>")]
    async fn order_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's global id.")] order_id: ID,
        #[graphql(desc = "Why.")] reason: OrderCancelReason,
        #[graphql(desc = "Whether its money goes back.")] refund: bool,
        #[graphql(desc = "Whether units that were sent are on the shelf again.")] restock: bool,
        #[graphql(
            desc = "The global id of the location where they are taken in; null: at the shop's first."
        )]
        location_id: Option<ID>,
        #[graphql(default = false, desc = "Whether the buyer is written to when their money goes back.")]
        notify_customer: bool,
    ) -> Nullable<OrderCancelPayload> {
        let asked = Asked { order_id, reason, refund, restock, location_id, notify_customer };
        Nullable::run(async { Box::pin(cancel(ctx, asked)).await.map(Some) }).await
    }
}

struct Asked {
    order_id: ID,
    reason: OrderCancelReason,
    refund: bool,
    restock: bool,
    location_id: Option<ID>,
    notify_customer: bool,
}

async fn cancel(ctx: &Context<'_>, asked: Asked) -> Result<OrderCancelPayload, ApiError> {
    let by = ctx.permit::<OrdersWrite>()?;
    let refund = if asked.refund { Some(ctx.permit::<OrdersRefund>()?) } else { None };
    let refused = |code, at, message: String| {
        let error = OrderCancelUserError::new(code, InputPath::argument(at), message);
        Ok(OrderCancelPayload { user_errors: vec![error], ..Default::default() })
    };
    let Some(order) = gid::decode::<OrderId>(&asked.order_id)? else {
        return refused(Code::NotFound, "orderId", "There is no such order.".to_owned());
    };
    let location = match asked.location_id.as_ref().map(|id| gid::decode::<LocationId>(id)).transpose()? {
        Some(None) => return refused(Code::NotFound, "locationId", "There is no such location.".to_owned()),
        found => found.flatten(),
    };
    let Some(reason) = reason(asked.reason) else {
        return refused(Code::Invalid, "reason", "Orders expire by themselves.".to_owned());
    };
    let (restock, notify) = (asked.restock, asked.notify_customer);
    let wanted = Cancellation { order, reason, restock, location, notify };
    match ctx.services().admin.cancel_order.run(&by, refund.as_ref(), &wanted).await {
        Ok(_) => {
            let order = match ctx.permit::<OrdersRead>() {
                Ok(reader) => one(ctx, &reader, order).await?,
                Err(_) => None,
            };
            Ok(OrderCancelPayload { order, user_errors: Vec::new() })
        }
        Err(error) => {
            let message = sentence(&error);
            let (code, at) = match error {
                CancelOrderError::NotFound => (Code::NotFound, "orderId"),
                CancelOrderError::State(_) => (Code::InvalidState, "orderId"),
                CancelOrderError::Before(Undone::Money) => (Code::InvalidState, "refund"),
                CancelOrderError::Before(Undone::Units) => (Code::InvalidState, "restock"),
                CancelOrderError::GiftCardUsed { line: _ } => (Code::GiftCardUsed, "refund"),
                CancelOrderError::Stock(SetStockError::UnknownLocation(_)) => (Code::NotFound, "locationId"),
                CancelOrderError::Stock(SetStockError::Fault(fault)) | CancelOrderError::Fault(fault) => {
                    return Err(fault.into());
                }
                CancelOrderError::Stock(
                    SetStockError::Stale { .. }
                    | SetStockError::BelowAllocated { .. }
                    | SetStockError::OutOfRange
                    | SetStockError::UnknownVariant(_),
                ) => (Code::Invalid, "restock"),
            };
            refused(code, at, message)
        }
    }
}

/// The reasons that staff may give.
const fn reason(given: OrderCancelReason) -> Option<CancelReason> {
    Some(match given {
        OrderCancelReason::Customer => CancelReason::Customer,
        OrderCancelReason::Declined => CancelReason::Declined,
        OrderCancelReason::Expired => return None,
        OrderCancelReason::Fraud => CancelReason::Fraud,
        OrderCancelReason::Inventory => CancelReason::Inventory,
        OrderCancelReason::Other => CancelReason::Other,
        OrderCancelReason::Staff => CancelReason::Staff,
    })
}
