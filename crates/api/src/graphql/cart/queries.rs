//! What can be asked of carts.

use super::{Cart, caller};
use crate::graphql::{ApiError, Flat, Request, scalars::gid};
use async_graphql::{Context, ID, Object};
use stoa_domain::shared::CartId;
use stoa_graphql_http::Nullable;

/// The root fields of carts.
#[derive(Clone, Copy, Debug, Default)]
pub struct CartQueries;

/// The root fields of carts.
#[Object]
impl CartQueries {
    /// A cart, for whoever knows its id; null if there is none, if it has become an order or part of another cart, or if it is another
    /// customer's than the one who is signed in.
    async fn cart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cart's global id.")] id: ID,
    ) -> Nullable<Flat<Cart>> {
        Nullable::run(async {
            let Some(id) = gid::decode::<CartId>(&id)? else { return Ok(None) };
            let by = caller(ctx).await?;
            let found = ctx.services().read_cart.run(&by.viewer, id).await?;
            Ok::<_, ApiError>(found.map(|view| Flat(Cart::new(view, by.viewer))))
        })
        .await
    }
}
