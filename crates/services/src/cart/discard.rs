//! Taking carts away, with what is held for them.

use super::edit::back_off;
use crate::Context;
use stoa_domain::{
    cart::{Cart, Saved},
    shared::{CartId, CustomerId, Fault},
};

/// How often it is tried again while others change the cart.
const TRIES: u32 = 30;

/// Takes a cart away as it was read. Who has changed it since keeps it.
async fn discard(ctx: &Context, cart: &Cart) -> Result<Saved, Fault> {
    let gone = ctx.ports.carts.delete(cart.id, cart.version).await?;
    if let Saved::Yes(_) = gone {
        // Afterwards: while it was there, somebody could have held stock for it again.
        ctx.ports.holds.release(cart.id, &[]).await?;
        ctx.stock_held(&cart.demand().into_iter().map(|(variant, _)| variant).collect::<Vec<_>>());
        ctx.cart_gone(cart.id);
    }
    Ok(gone)
}

/// Takes a cart away, whatever has become of it, and gives it as it was at last; `None`: there was none.
pub(super) async fn discard_by_id(ctx: &Context, id: CartId) -> Result<Option<Cart>, Fault> {
    for attempt in 0..TRIES {
        back_off(attempt).await;
        let Some(cart) = ctx.ports.carts.load(id, ctx.now()).await? else { return Ok(None) };
        if let Saved::Yes(_) = discard(ctx, &cart).await? {
            return Ok(Some(cart));
        }
    }
    Err(busy())
}

/// Takes the cart of a customer away who was erased, whatever is in it and whoever changes it; not if it is another's by now.
pub(crate) async fn discard_erased(ctx: &Context, id: CartId, of: CustomerId) -> Result<(), Fault> {
    for attempt in 0..TRIES {
        back_off(attempt).await;
        let Some(cart) = ctx.ports.carts.load(id, ctx.now()).await? else { return Ok(()) };
        if cart.buyer.customer.is_some_and(|owner| owner != of) {
            return Ok(());
        }
        if let Saved::Yes(_) = discard(ctx, &cart).await? {
            return Ok(());
        }
    }
    Err(busy())
}

fn busy() -> Fault {
    Fault::unavailable("cart.discard", "others keep changing the cart")
}
