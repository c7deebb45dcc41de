//! `orderAttentionClear`: taking the mark off an order that somebody has looked at.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        orders::{AdminOrder, OrderAttentionClearErrorCode as Code, OrderAttentionClearUserError, one},
        refusals::sentence,
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::{OrdersRead, OrdersWrite},
    order::Attention,
    shared::OrderId,
};
use stoa_graphql_http::Nullable;
use stoa_services::admin::{ClearAttentionError, SeenMark};

/// What came of it.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct OrderAttentionClearPayload {
    /// The order as it is now; null if it was refused, and for whoever may not read orders.
    pub order: Option<AdminOrder>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<OrderAttentionClearUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderAttentionClear;

/// Takes marks off orders.
#[Object]
impl OrderAttentionClear {
    /// Takes the mark off an order that somebody has looked at. Again changes nothing; what comes later marks it anew.
    #[graphql(guard = "may::<OrdersWrite>", visible = "seen::<OrdersWrite>")]
    async fn order_attention_clear(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order's global id.")] order_id: ID,
        #[graphql(desc = "The mark that was seen, such as `refund_failed`: another one stays.")]
        attention: String,
        #[graphql(
            desc = "The order's `attentionVersion` as it was seen: a mark that came later stays, also one that says the same, such as that of a \
                    second refund that failed. Null: any mark that says so is taken off, whether somebody has seen what it was given for or not."
        )]
        version: Option<String>,
    ) -> Nullable<OrderAttentionClearPayload> {
        Nullable::run(async {
            Box::pin(clear(ctx, &order_id, (&attention, version.as_deref()))).await.map(Some)
        })
        .await
    }
}

async fn clear(
    ctx: &Context<'_>,
    order_id: &ID,
    (attention, version): (&str, Option<&str>),
) -> Result<OrderAttentionClearPayload, ApiError> {
    let by = ctx.permit::<OrdersWrite>()?;
    let refused = |code, at, message: String| {
        let error = OrderAttentionClearUserError::new(code, InputPath::argument(at), message);
        Ok(OrderAttentionClearPayload { user_errors: vec![error], ..Default::default() })
    };
    let Some(order) = gid::decode::<OrderId>(order_id)? else {
        return refused(Code::NotFound, "orderId", "There is no such order.".to_owned());
    };
    let Some(attention) = Attention::from_name(attention) else {
        return refused(Code::Invalid, "attention", "There is no such mark.".to_owned());
    };
    let seen = SeenMark { attention, version };
    match ctx.services().admin.clear_attention.run(&by, order, seen).await {
        Ok(()) => {
            let order = match ctx.permit::<OrdersRead>() {
                Ok(reader) => one(ctx, &reader, order).await?,
                Err(_) => None,
            };
            Ok(OrderAttentionClearPayload { order, user_errors: Vec::new() })
        }
        Err(error) => {
            let message = sentence(&error);
            match error {
                ClearAttentionError::NotFound => refused(Code::NotFound, "orderId", message),
                ClearAttentionError::Other(_) => refused(Code::Stale, "attention", message),
                ClearAttentionError::Changed => refused(Code::Stale, "version", message),
                ClearAttentionError::Fault(fault) => Err(fault.into()),
            }
        }
    }
}
