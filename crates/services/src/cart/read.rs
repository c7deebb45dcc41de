//! Showing a cart.

use super::{
    CartView,
    edit::merchandise,
    load::{is_gone, load},
};
use crate::Context;
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    shared::{CartId, Fault},
};

/// Reads carts.
pub struct ReadCart(pub(crate) Arc<Context>);

impl ReadCart {
    /// The cart with its prices as of now; `None` when there is none for who asks, or when it has become an order or part of another
    /// cart.
    ///
    /// # Errors
    /// A store does not answer.
    pub async fn run(&self, viewer: &Viewer, id: CartId) -> Result<Option<CartView>, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let Some(cart) = load(ctx, viewer, id, now).await? else { return Ok(None) };
        if is_gone(ctx, &cart, now).await? {
            return Ok(None);
        }
        let merchandise = merchandise(ctx, &cart, now).await?;
        let view = CartView::new(cart, &merchandise, &ctx.settings.pricing, now)?;
        Ok(Some(view.shown_to(viewer)))
    }
}
