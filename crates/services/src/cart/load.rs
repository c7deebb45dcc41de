//! Finding carts for who asks, seeing whether they may be changed, and saving them.

use crate::{Context, meters};
use chrono::TimeDelta;
use stoa_domain::{
    access::Viewer,
    cart::{Cart, Saved},
    shared::{CartId, Fault, Timestamp},
};
use stoa_persistence::order;

/// How long a request that places an order may keep its cart to itself, by the clock of the store that keeps the cart. One that
/// takes longer has died.
pub(crate) const CHECKOUT_LOCK: TimeDelta = TimeDelta::seconds(30);

/// How long a merge may keep the cart that goes to itself. By our own clocks, which may differ by minutes; a request is given up
/// after a fraction of it.
const MERGE_TAKES: TimeDelta = TimeDelta::minutes(5);

/// The cart, if there is one for who asks. Its currency is what it was priced in last: whoever prices it decides.
pub(crate) async fn load(
    ctx: &Context,
    viewer: &Viewer,
    id: CartId,
    now: Timestamp,
) -> Result<Option<Cart>, Fault> {
    let cart = ctx.ports.carts.load(id, now).await?;
    Ok(cart.filter(|cart| cart.is_there_for(viewer)))
}

/// The same, and the time by the clock of the store that keeps it.
pub(crate) async fn load_with_clock(
    ctx: &Context,
    viewer: &Viewer,
    id: CartId,
    now: Timestamp,
) -> Result<Option<(Cart, Timestamp)>, Fault> {
    let found = ctx.ports.carts.load_with_clock(id, now).await?;
    Ok(found.filter(|(cart, _)| cart.is_there_for(viewer)))
}

/// Saves a cart and keeps the version it has now.
pub(crate) async fn save(ctx: &Context, cart: &mut Cart, now: Timestamp) -> Result<Saved, Fault> {
    let saved = ctx.ports.carts.save(cart, now, now + ctx.settings.cart_lives).await?;
    match saved {
        Saved::Yes(version) => cart.version = version,
        Saved::Conflict => meters::cart_conflict(),
    }
    Ok(saved)
}

/// Whether a cart may be changed.
pub(crate) enum Unlocked {
    /// It may.
    Yes(Box<Cart>),
    /// It has become an order.
    Ordered,
    /// Another cart has taken up all that is in it.
    Merged,
    /// An order is being placed from it, or it is being merged into another; this is the cart, with its lock.
    Busy(Box<Cart>),
}

/// Looks at the lock that placing an order puts on a cart. A lock that outlived its request is taken off, unless the
/// order was written after all: then the cart is gone, though nobody has deleted it.
///
/// Looks as well at the mark of a cart that is being merged into another, unless that is `other`.
pub(crate) async fn unlocked(
    ctx: &Context,
    mut cart: Cart,
    other: Option<CartId>,
    now: Timestamp,
) -> Result<Unlocked, Fault> {
    match merge_of(ctx, &cart, other, now).await? {
        Merge::None => {}
        Merge::Void => cart.merging_into = None,
        Merge::Underway => return Ok(Unlocked::Busy(Box::new(cart))),
        Merge::Done => return Ok(Unlocked::Merged),
    }
    let Some(lock) = &cart.checkout else { return Ok(Unlocked::Yes(Box::new(cart))) };
    if is_ordered(ctx, &cart).await? {
        return Ok(Unlocked::Ordered);
    }
    // Either way: where the store's clock was set back, a lock would last for as long.
    let age = ctx.ports.carts.clock(cart.id, now).await? - lock.at;
    if age.abs() < CHECKOUT_LOCK {
        return Ok(Unlocked::Busy(Box::new(cart)));
    }
    cart.checkout = None;
    Ok(Unlocked::Yes(Box::new(cart)))
}

/// How far the merge has come that a cart is marked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Merge {
    /// It has no mark that counts.
    None,
    /// The other cart is there and has not taken it up yet.
    Underway,
    /// The other cart has all that was in it.
    Done,
    /// The other cart is gone, and never had it: nothing is to come of it.
    Void,
}

async fn merge_of(ctx: &Context, cart: &Cart, other: Option<CartId>, now: Timestamp) -> Result<Merge, Fault> {
    let Some(into) = cart.merging_into.filter(|into| Some(*into) != other) else { return Ok(Merge::None) };
    Ok(match ctx.ports.carts.load(into, now).await? {
        Some(into) if into.has_taken_up(cart) => Merge::Done,
        Some(into) if is_ordered(ctx, &into).await? => Merge::Void,
        // Whoever marked it has died, or does not know whether it was taken up: that would be known by now.
        Some(_) if (now - cart.updated_at).abs() > MERGE_TAKES => Merge::Void,
        Some(_) => Merge::Underway,
        None => Merge::Void,
    })
}

/// Whether a cart that was found is gone all the same: it has become an order, or part of another cart.
pub(crate) async fn is_gone(ctx: &Context, cart: &Cart, now: Timestamp) -> Result<bool, Fault> {
    Ok(is_ordered(ctx, cart).await? || merge_of(ctx, cart, None, now).await? == Merge::Done)
}

/// Whether the cart has become an order, which only a cart with a lock can have.
async fn is_ordered(ctx: &Context, cart: &Cart) -> Result<bool, Fault> {
    Ok(cart.checkout.is_some() && order::is_ordered(ctx.db().read(), cart.id).await?)
}
