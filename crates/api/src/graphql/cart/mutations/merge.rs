//! `cartMerge`: two carts become one.

use crate::graphql::{
    ApiError, Request,
    cart::{CartMutation, CartPayload, InputPath, caller, caller_with, refusals},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;
use stoa_services::cart::CartError;

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartMerge;

impl CartMutation for CartMerge {
    const PAYLOAD: &'static str = "CartMergePayload";
}

/// Merges carts.
#[Object]
impl CartMerge {
    /// Puts all that is in a cart into another one; the first is gone then. The same merchandise with the same attributes adds up,
    /// all else keeps a line of its own. What cannot be had in full any more is cut down to what can, with a warning. The same call
    /// again changes nothing. An addition of this server to the vocabulary.
    async fn cart_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The access token of the customer whose carts they are. Who has signed in finds no other customer's cart."
        )]
        customer_access_token: Option<String>,
        #[graphql(desc = "The global id of the cart that goes.")] from_cart_id: ID,
        #[graphql(desc = "The global id of the cart that stays, and is answered.")] into_cart_id: ID,
    ) -> Nullable<CartPayload<Self>> {
        Nullable::run(async {
            merge(ctx, customer_access_token, [&from_cart_id, &into_cart_id]).await.map(Some)
        })
        .await
    }
}

async fn merge(
    ctx: &Context<'_>,
    token: Option<String>,
    [from, into]: [&ID; 2],
) -> Result<CartPayload<CartMerge>, ApiError> {
    let places = [InputPath::argument("fromCartId"), InputPath::argument("intoCartId")];
    let Some(into) = gid::decode::<CartId>(into)? else { return Ok(no_such_cart(&places[1])) };
    let services = ctx.services();
    let by = match caller_with(ctx, token, &InputPath::argument("customerAccessToken")).await {
        Ok(by) => by,
        Err(error) => return CartPayload::stopped(services, (&caller(ctx).await?, into), error).await,
    };
    let Some(from) = gid::decode::<CartId>(from)? else {
        return CartPayload::refused(services, (&by, into), refusals::no_such_cart(places[0].clone())).await;
    };
    match Box::pin(services.merge_carts.run(&by, from, into)).await {
        Err(CartError::NotFound) => Ok(no_such_cart(&places[1])),
        outcome => {
            CartPayload::of(services, (&by, into), outcome, |refusal| refusals::merge(refusal, &places[0]))
                .await
        }
    }
}

fn no_such_cart(at: &InputPath) -> CartPayload<CartMerge> {
    CartPayload::without_cart(refusals::no_such_cart(at.clone()))
}
