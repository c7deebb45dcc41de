//! `orderPlace`: a cart becomes an order.

use super::{MoneyInput, OrderPlaceUserError, PaymentSession, session_or_warning};
use crate::graphql::{
    ApiError, Request,
    cart::caller,
    order::{Knowledge, Order},
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{checkout::PlaceOrder, shared::CartId};
use stoa_graphql_http::Nullable;
use stoa_services::{
    checkout::{PlaceOrderError, Placed},
    order::OrderView,
};

/// What came of the request.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct OrderPlacePayload {
    /// The order; null if none was placed.
    pub order: Option<Order>,
    /// What a browser needs to pay it; null if there is nothing to pay, or if the gateway does not answer.
    pub payment_session: Option<PaymentSession>,
    /// Why no order was placed, or why it cannot be paid right now; empty if all went well.
    pub user_errors: Vec<OrderPlaceUserError>,
}

/// The mutations of checkout.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckoutMutations;

/// The mutations of checkout.
#[Object]
impl CheckoutMutations {
    /// Turns a cart into an order and prepares its payment. Stock is allocated; the cart is gone then. The same request
    /// again gives the same order again. An addition of this server to the vocabulary.
    async fn order_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(
            desc = "What the buyer was shown that they will be charged: `cost { checkoutChargeAmount }` of the cart. If more would be \
                    charged now, because a gift card pays less than it did, nothing is ordered. Left out, it is what the cart's last \
                    change answered."
        )]
        expected_charge: Option<MoneyInput>,
        #[graphql(
            desc = "What the buyer was shown: `cost { totalAmount }` of the cart. If it is no longer the total, nothing is \
                    ordered. Left out, it is what the cart's last change answered, and nothing is ordered if it costs more by \
                    now; that refusal tells the new total, which the next request without one takes."
        )]
        expected_total: Option<MoneyInput>,
        #[graphql(
            desc = "Invented by the client, one for each purchase, 1 to 255 characters: however often the same request is \
                    sent, it makes one order and one payment."
        )]
        idempotency_key: String,
    ) -> Nullable<OrderPlacePayload> {
        let expected = (expected_total, expected_charge);
        Nullable::run(async { place(ctx, &cart_id, expected, idempotency_key).await.map(Some) }).await
    }
}

async fn place(
    ctx: &Context<'_>,
    cart_id: &ID,
    (expected_total, expected_charge): (Option<MoneyInput>, Option<MoneyInput>),
    idempotency_key: String,
) -> Result<OrderPlacePayload, ApiError> {
    let Some(cart) = gid::decode::<CartId>(cart_id)? else {
        return Ok(refused(OrderPlaceUserError::no_such_cart()));
    };
    let money = |given: Option<MoneyInput>| given.map(|given| given.money()).transpose();
    let Ok(expected_total) = money(expected_total) else {
        return Ok(refused(OrderPlaceUserError::invalid_expected("expectedTotal")));
    };
    let Ok(expected_charge) = money(expected_charge) else {
        return Ok(refused(OrderPlaceUserError::invalid_expected("expectedCharge")));
    };
    let request = PlaceOrder { cart, idempotency_key, expected_total, expected_charge };
    let by = caller(ctx).await?;
    match Box::pin(ctx.services().place_order.run(&by, request)).await {
        Ok(placed) => Ok(answer(placed)),
        Err(PlaceOrderError::Refused(refusal)) => Ok(refused(refusal.into())),
        Err(PlaceOrderError::Fault(fault)) => Err(fault.into()),
    }
}

fn answer(placed: Placed) -> OrderPlacePayload {
    let Placed { order, payment, stored, session } = placed;
    let order = Order::new(OrderView { order, payment, stored }, Knowledge::Token);
    match session_or_warning(session) {
        Ok(payment_session) => {
            OrderPlacePayload { order: Some(order), payment_session, user_errors: Vec::new() }
        }
        Err(_) => OrderPlacePayload {
            order: Some(order),
            payment_session: None,
            user_errors: vec![OrderPlaceUserError::payment_unavailable()],
        },
    }
}

fn refused(error: OrderPlaceUserError) -> OrderPlacePayload {
    OrderPlacePayload { user_errors: vec![error], ..OrderPlacePayload::default() }
}
