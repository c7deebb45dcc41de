//! Showing a cart.

use super::{
    CartView,
    edit::{is_ordered, load, merchandise},
};
use crate::Context;
use std::sync::Arc;
use stoa_domain::shared::{CartId, Fault};

/// Reads carts.
pub struct ReadCart(pub(crate) Arc<Context>);

impl ReadCart {
    /// The cart with its prices as of now; `None` when there is none, or when it has become an order.
    ///
    /// # Errors
    /// A store does not answer.
    pub async fn run(&self, id: CartId) -> Result<Option<CartView>, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let Some(cart) = load(ctx, id, now).await? else { return Ok(None) };
        if is_ordered(ctx, &cart).await? {
            return Ok(None);
        }
        let merchandise = merchandise(ctx, &cart, now).await?;
        CartView::new(cart, &merchandise, &ctx.settings.pricing, now).map(Some)
    }
}
