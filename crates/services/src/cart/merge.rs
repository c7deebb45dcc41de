//! Merging one cart into another.
//!
//! Two carts cannot be written at once. The one that goes is marked, what is held for it is let go, the one that stays takes up what
//! is in it and holds that, and the one that goes is deleted. Whoever dies in between leaves a mark: the same call again goes on from
//! there, and of two at once what is in the cart is taken up once.

use super::{
    TooManyUnits,
    edit::{CartError, Edited, MerchandiseRefusal, Touched, back_off, edit, edit_beside},
    load::{Unlocked, load, save, unlocked},
    read::ReadCart,
    units::{bought, check_buyer},
};
use crate::{Context, account::Caller};
use std::sync::Arc;
use stoa_domain::{
    cart::{Cart, MergeRefusal, Saved},
    shared::{CartId, CartLineId, Fault, VariantId},
};

/// How often the cart that goes is tried again while others change it.
const TRIES: u32 = 30;

/// Why carts are not merged. Both are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeCartsRefusal {
    /// There is no cart to merge into the other.
    NoSuchCart,
    /// There would be more units than one buyer or one network may have.
    TooManyUnits(TooManyUnits),
    /// They do not go together.
    Rule(MergeRefusal),
}

impl MerchandiseRefusal for MergeCartsRefusal {
    // What was in a cart before is not asked whether it is for sale: it may stay, to be seen.
    fn not_for_sale(_: VariantId) -> Self {
        Self::NoSuchCart
    }

    fn too_many_units(why: TooManyUnits) -> Self {
        Self::TooManyUnits(why)
    }
}

impl From<MergeRefusal> for MergeCartsRefusal {
    fn from(refusal: MergeRefusal) -> Self {
        Self::Rule(refusal)
    }
}

/// Merges carts.
pub struct MergeCarts(pub(crate) Arc<Context>);

impl MergeCarts {
    /// Puts all that is in `from` into `into`, and gives that; `from` is gone then. The same merchandise with the same attributes adds
    /// up, all else keeps a line of its own; what cannot be had in full any more is cut down, with a warning, and with one what `into`
    /// says otherwise than `from` stays. Again changes nothing.
    ///
    /// Of two carts that are merged into each other at the same moment the one with the smaller id stays, and is what both calls give.
    ///
    /// # Errors
    /// [`CartError::NotFound`] is of `into`. Nothing has changed after a refusal; after a fault the same call goes on.
    #[tracing::instrument(name = "cart.merge", skip_all)]
    pub async fn run(
        &self,
        by: &Caller,
        from: CartId,
        into: CartId,
    ) -> Result<Edited, CartError<MergeCartsRefusal>> {
        match merge(&self.0, by, (from, into), |_| {}).await {
            Err(CartError::Refused(MergeCartsRefusal::Rule(MergeRefusal::OtherWay))) => {
                merge(&self.0, by, (into, from), |_| {}).await
            }
            Err(CartError::NotFound) => self.merged_other_way(by, from, into).await,
            outcome => outcome,
        }
    }

    /// There is no cart to merge into. The other one may have taken that up.
    async fn merged_other_way(
        &self,
        by: &Caller,
        from: CartId,
        into: CartId,
    ) -> Result<Edited, CartError<MergeCartsRefusal>> {
        let found = load(&self.0, &by.viewer, from, self.0.now()).await?;
        if !found.is_some_and(|from| from.has_merged(into)) {
            return Err(CartError::NotFound);
        }
        shown(&self.0, by, from).await
    }
}

/// The same, one way only. `also` is what else is changed in the cart that stays, before it takes up the other; it may run several
/// times.
pub(super) async fn merge(
    ctx: &Arc<Context>,
    by: &Caller,
    (from, into): (CartId, CartId),
    also: impl Fn(&mut Cart) + Send + Sync,
) -> Result<Edited, CartError<MergeCartsRefusal>> {
    if from == into {
        return Err(refused(MergeRefusal::SameCart));
    }
    let also = &also;
    // Before anything is marked: a refusal leaves no trace. It is asked again when the cart is written.
    let Some(stays) = load(ctx, &by.viewer, into, ctx.now()).await? else { return Err(CartError::NotFound) };
    let Some(goes) = mark(ctx, by, (from, into), |goes| {
        let mut stays = stays.clone();
        let had = bought(&stays);
        also(&mut stays);
        stays.absorb(goes, || CartLineId::new(ctx.ports.ids.id()))?;
        check_buyer(&ctx.settings.units, had, &stays).map_err(MergeCartsRefusal::TooManyUnits)
    })
    .await?
    else {
        return taken_up_before(ctx, by, (from, into), &stays).await;
    };
    // Its stock is to be had for the cart that stays. Should others be faster, that says so.
    ctx.ports.holds.release(from, &[]).await?;
    ctx.stock_held(&goes.demand().into_iter().map(|(variant, _)| variant).collect::<Vec<_>>());
    let taken_up = edit_beside(ctx, by, (into, Some(from)), |stays: &mut Cart| {
        also(stays);
        let absorbed = stays.absorb(&goes, || CartLineId::new(ctx.ports.ids.id()))?;
        let lines = !absorbed.variants.is_empty();
        Ok::<_, MergeCartsRefusal>(Touched {
            variants: absorbed.variants,
            lines,
            moved: true,
            disputed: absorbed.disputed,
            ..Touched::NOTHING
        })
    })
    .await;
    match &taken_up {
        Ok(_) => forget(ctx, &goes).await,
        Err(CartError::Refused(_) | CartError::NotFound | CartError::Busy) => unmark(ctx, by, goes).await?,
        // Nobody knows what was written: the mark says how to go on.
        Err(CartError::Fault(_)) => {}
    }
    taken_up
}

/// Marks the cart that goes, if `fits`, and gives it as it is from then on. `None`: there is none.
async fn mark(
    ctx: &Context,
    by: &Caller,
    (from, into): (CartId, CartId),
    fits: impl Fn(&Cart) -> Result<(), MergeCartsRefusal> + Send,
) -> Result<Option<Cart>, CartError<MergeCartsRefusal>> {
    for attempt in 0..TRIES {
        back_off(attempt).await;
        let now = ctx.now();
        let Some(found) = load(ctx, &by.viewer, from, now).await? else { return Ok(None) };
        if found.merging_into == Some(into) {
            return Ok(Some(found));
        }
        let mut goes = match unlocked(ctx, found, None, now).await? {
            Unlocked::Yes(cart) => *cart,
            Unlocked::Ordered | Unlocked::Merged => return Ok(None),
            // It goes somewhere else, or is being ordered.
            Unlocked::Busy(_) => continue,
        };
        fits(&goes).map_err(CartError::Refused)?;
        goes.begin_merge(into).map_err(refused)?;
        // It holds nothing from here on.
        (goes.held_until, goes.hold_ticket) = (None, None);
        goes.updated_at = now;
        if let Saved::Yes(_) = save(ctx, &mut goes, now).await? {
            return Ok(Some(goes));
        }
    }
    Err(CartError::Busy)
}

/// The cart that goes is not there. If the other one has it, that is the answer; it is not changed for it.
async fn taken_up_before(
    ctx: &Arc<Context>,
    by: &Caller,
    (from, into): (CartId, CartId),
    stays: &Cart,
) -> Result<Edited, CartError<MergeCartsRefusal>> {
    if !stays.has_merged(from) {
        // Perhaps a moment ago.
        let now = load(ctx, &by.viewer, into, ctx.now()).await?;
        if now.is_none_or(|stays| !stays.has_merged(from)) {
            return Err(CartError::Refused(MergeCartsRefusal::NoSuchCart));
        }
    }
    shown(ctx, by, into).await
}

/// A cart as it is, where nothing is left to do to it.
async fn shown(
    ctx: &Arc<Context>,
    by: &Caller,
    cart: CartId,
) -> Result<Edited, CartError<MergeCartsRefusal>> {
    let view = ReadCart(Arc::clone(ctx)).run(&by.viewer, cart).await?;
    view.map(|view| (view, Vec::new())).ok_or(CartError::NotFound)
}

/// Deletes a cart that was taken up. If that fails, its mark hides it.
pub(super) async fn forget(ctx: &Context, goes: &Cart) {
    match delete_taken_up(ctx, goes).await {
        Ok(Saved::Yes(_)) => {}
        Ok(Saved::Conflict) => tracing::debug!("a cart that was merged has changed since"),
        Err(fault) => {
            tracing::warn!(error = %fault, "a cart that was merged was not deleted; its mark hides it");
        }
    }
    ctx.cart_gone(goes.id);
}

/// The same call at the same moment may have come to nothing, and have taken the mark off: what is in the cart is still what was taken
/// up, and must not be there twice.
async fn delete_taken_up(ctx: &Context, goes: &Cart) -> Result<Saved, Fault> {
    let carts = &ctx.ports.carts;
    if let Saved::Yes(version) = carts.delete(goes.id, goes.version).await? {
        return Ok(Saved::Yes(version));
    }
    match carts.load(goes.id, ctx.now()).await? {
        Some(found) if found.lines == goes.lines => carts.delete(found.id, found.version).await,
        Some(_) | None => Ok(Saved::Conflict),
    }
}

/// Nothing came of it: it is what it was, and holds what it held, as far as that is still to be had. Who is slower finds another
/// version, and leaves it.
async fn unmark(ctx: &Arc<Context>, by: &Caller, goes: Cart) -> Result<(), Fault> {
    let id = goes.id;
    let mut stays = Cart { merging_into: None, ..goes };
    if save(ctx, &mut stays, ctx.now()).await? == Saved::Conflict {
        return Ok(());
    }
    let as_it_was = |_: &mut Cart| Ok::<_, MergeCartsRefusal>(Touched { lines: true, ..Touched::NOTHING });
    if let Err(error) = edit(ctx, by, id, as_it_was).await {
        tracing::debug!(%error, "what a cart held before it was to be merged is not held again");
    }
    Ok(())
}

const fn refused(rule: MergeRefusal) -> CartError<MergeCartsRefusal> {
    CartError::Refused(MergeCartsRefusal::Rule(rule))
}
