//! Showing a cart.

use super::{
    CartView,
    load::{is_gone, load},
    priced::priced,
};
use crate::{
    Context,
    pricing::{Rates, Whose},
};
use std::sync::Arc;
use stoa_domain::{
    access::{SignedIn, Viewer},
    cart::Cart,
    shared::{CartId, CustomerId, Fault},
};
use stoa_persistence::customer;

/// Reads carts.
pub struct ReadCart(pub(crate) Arc<Context>);

impl ReadCart {
    /// The cart with its prices as of now; `None` when there is none for who asks, or when it has become an order or part of another
    /// cart.
    ///
    /// # Errors
    /// A store does not answer.
    pub async fn run(&self, viewer: &Viewer, id: CartId) -> Result<Option<CartView>, Fault> {
        self.read(viewer, id, Rates::Chosen).await
    }

    /// The same with all that carriers offer for it, who are asked where the shop asks any.
    ///
    /// # Errors
    /// A store does not answer.
    pub async fn with_carrier_rates(&self, viewer: &Viewer, id: CartId) -> Result<Option<CartView>, Fault> {
        self.read(viewer, id, Rates::Wanted).await
    }

    async fn read(&self, viewer: &Viewer, id: CartId, rates: Rates) -> Result<Option<CartView>, Fault> {
        let ctx = &self.0;
        let now = ctx.now();
        let Some(cart) = load(ctx, viewer, id, now).await? else { return Ok(None) };
        if is_gone(ctx, &cart, now).await? {
            return Ok(None);
        }
        let whose = Whose::of(viewer, &cart);
        let (view, _) = Box::pin(priced(ctx, cart, &whose, rates, now)).await?;
        Ok(Some(view.shown_to(viewer)))
    }

    /// The cart of a customer, with its prices as of now; `None` when they have none, or when it has become an order.
    ///
    /// # Errors
    /// A store does not answer.
    pub async fn of_customer(&self, who: SignedIn) -> Result<Option<CartView>, Fault> {
        match customer::cart_of(self.0.db().read(), who.customer).await? {
            Some(theirs) => self.run(&Viewer::Customer(who), theirs).await,
            None => Ok(None),
        }
    }
}

/// The cart of a customer as it is kept, without its prices; `None` when they have none, or when it has become an order.
pub(crate) async fn kept_for(ctx: &Context, of: CustomerId) -> Result<Option<Cart>, Fault> {
    let now = ctx.now();
    let Some(theirs) = customer::cart_of(ctx.db().read(), of).await? else { return Ok(None) };
    let Some(cart) = ctx.ports.carts.load(theirs, now).await? else { return Ok(None) };
    if cart.buyer.customer.is_some_and(|owner| owner != of) || is_gone(ctx, &cart, now).await? {
        return Ok(None);
    }
    Ok(Some(cart))
}
