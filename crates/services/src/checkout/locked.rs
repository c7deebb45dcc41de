//! A cart that is locked while it becomes an order: what it holds, and its end.

use super::placed::PlaceOrderError;
use crate::{
    Context,
    cart::{CHECKOUT_LOCK, CartView, Held, hold_requests, save},
    catalog::Shelf,
    meters,
    pricing::Whose,
};
use std::collections::BTreeMap;
use stoa_domain::{
    cart::{Cart, Saved},
    checkout::PlaceOrderRefusal,
    delivery::MethodKind,
    inventory::{Grant, HoldPolicy, HoldTiming, StockSnapshot},
    shared::{CustomerId, EmailAddress, LocationId, Timestamp, VariantId},
};

/// A cart that is locked for a request, and everything the order is made of.
pub(super) struct Locked {
    pub(super) view: CartView,
    pub(super) merchandise: Shelf,
    /// Whose prices it has.
    pub(super) whose: Whose,
    pub(super) email: EmailAddress,
    /// Whose the order is to be; none: a guest's.
    pub(super) customer: Option<CustomerId>,
    /// Since when at the latest, by our own clock.
    pub(super) since: Timestamp,
    /// Whether another request with this key had locked it before, which may be alive.
    pub(super) taken_over: bool,
}

impl Locked {
    /// Sees to it that all of the cart is held, so that what others hold is respected.
    pub(super) async fn hold(&self, ctx: &Context) -> Result<(), PlaceOrderError> {
        let now = ctx.now();
        let cart = &self.view.cart;
        // What the cart says of itself is no proof; but where it does not say so, nobody need ask. An edit that is late may still make
        // the hold smaller than it was found here, or leave it larger: SQL decides, and a hold ends by itself.
        let until_ordered = now + CHECKOUT_LOCK;
        if cart.held_until.is_some_and(|until| until > until_ordered)
            && self.holds_all(ctx, until_ordered).await
        {
            return Ok(());
        }
        let requests = hold_requests(cart, &self.merchandise);
        let until = ctx.settings.held_until(now);
        let held = ctx.ports.holds.hold(cart.id, &requests, HoldPolicy::AllOrNothing, now, until).await;
        tell_held(ctx, cart, now);
        match held {
            Ok(reservation) => match reservation.grants.iter().find(|g| !g.is_full()) {
                // Where stock was corrected downwards carts hold more than there is, and would keep each other from
                // buying what is left: whose goods are held may come first, and SQL decides.
                Some(_) if !reservation.held && self.holds_all(ctx, now).await => Ok(()),
                Some(short) if !reservation.held => {
                    meters::hold_refused();
                    let Grant { variant, available, .. } = *short;
                    Err(PlaceOrderRefusal::NotEnoughStock { variant, available }.into())
                }
                _ => Ok(()),
            },
            Err(fault) => {
                // Holds are a courtesy between buyers; who owns a unit is decided by SQL below.
                tracing::warn!(error = %fault, "holds cannot be reached; placing the order without");
                Ok(())
            }
        }
    }

    /// Whether the cart holds all it wants until then, though it may be of stock that is there no longer in full. A store that does
    /// not answer says nothing against it, and is not asked for more.
    async fn holds_all(&self, ctx: &Context, then: Timestamp) -> bool {
        let cart = &self.view.cart;
        ctx.ports.holds.holds(cart.id, &cart.demand(), then).await.unwrap_or_else(|fault| {
            tracing::warn!(error = %fault, "holds cannot be reached; placing the order without");
            true
        })
    }

    /// From where each variant is sent, as its buyer was told; nothing of what is sent from wherever there is some.
    pub(super) fn sent_from(&self) -> BTreeMap<VariantId, LocationId> {
        let mut from = BTreeMap::new();
        for (group, priced) in self.view.priced_groups() {
            let picked_up = priced.chosen().and_then(|chosen| match chosen.kind {
                MethodKind::PickUp { location } => Some(location),
                MethodKind::Shipping | MethodKind::Local | MethodKind::Carrier => None,
            });
            let Some(place) = picked_up.or(group.from) else { continue };
            let lines = self.view.cart.lines.iter().filter(|line| group.lines.contains(&line.id));
            lines.for_each(|line| _ = from.entry(line.variant).or_insert(place));
        }
        from
    }

    /// What need not be done, because everybody copes without: the cart and its holds.
    pub(super) async fn tidy(&self, ctx: &Context, snapshots: &[StockSnapshot]) {
        let released = ctx.ports.holds.release(self.view.cart.id, ctx.news_of_stock(snapshots));
        // Together: where the store is gone the buyer waits for it once.
        let (released, ()) = tokio::join!(released, self.drop_cart(ctx));
        if let Err(fault) = released {
            tracing::warn!(error = %fault, "holds were not released; they end by themselves");
        }
    }

    /// Deletes a cart that has become an order, whatever version it has by now.
    pub(super) async fn drop_cart(&self, ctx: &Context) {
        let (carts, cart) = (&ctx.ports.carts, &self.view.cart);
        let outcome = match carts.delete(cart.id, cart.version).await {
            Ok(Saved::Conflict) => match carts.load(cart.id, ctx.now()).await {
                Ok(Some(newer)) => carts.delete(cart.id, newer.version).await,
                other => other.map(|_| Saved::Conflict),
            },
            outcome => outcome,
        };
        if let Err(fault) = outcome {
            tracing::warn!(error = %fault, "the ordered cart was not deleted; its lock hides it");
        }
        ctx.cart_gone(cart.id);
    }

    /// Takes our lock off. `false`: it is not ours any more, or the cart is gone.
    pub(super) async fn unlock(&self, ctx: &Context) -> bool {
        let mut cart = Cart { checkout: None, ..self.view.cart.clone() };
        let now = ctx.now();
        // A shop that holds only at checkout promises nothing after it.
        if ctx.settings.hold_timing == HoldTiming::Checkout {
            match ctx.ports.holds.release(cart.id, &[]).await {
                Ok(()) => tell_held(ctx, &cart, now),
                Err(fault) => {
                    tracing::warn!(error = %fault, "holds were not released; they end by themselves");
                }
            }
        }
        match save(ctx, &mut cart, now).await {
            Ok(saved) => saved != Saved::Conflict,
            Err(fault) => {
                tracing::warn!(error = %fault, "the cart was not unlocked; its lock ends by itself");
                true
            }
        }
    }
}

/// Tells that a cart's holds have changed, where it has not held all of it before.
fn tell_held(ctx: &Context, cart: &Cart, now: Timestamp) {
    ctx.stock_held(&Held::wanted(cart).changed_since(&Held::by(cart, now)));
}
