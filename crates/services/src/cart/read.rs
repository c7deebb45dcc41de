//! Showing a cart.

use super::{
    CartView,
    edit::{Unlocked, load, merchandise, unlocked},
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
        let shown = cart.clone();
        if matches!(unlocked(ctx, cart, now).await?, Unlocked::Ordered) {
            return Ok(None);
        }
        let merchandise = merchandise(ctx, &shown, now).await?;
        CartView::new(shown, &merchandise, &ctx.settings.pricing, now).map(Some)
    }
}
