//! What promotions put into carts for nothing: it comes with its reason, and goes with it.

use super::{CartView, edit::Touched, units::check_units};
use crate::{Context, catalog::Shelf, pricing::Inputs};
use std::sync::Arc;
use stoa_domain::{
    cart::Cart,
    pricing::GiftDue,
    shared::{CartLineId, Fault, Timestamp, VariantId},
};

/// Makes the gifts in a cart those that are due. What is not for sale is left out; so is everything where there would be more units than a
/// buyer may have, for a gift keeps nobody from buying. What comes in is held as what is bought.
pub(super) fn settle(
    ctx: &Context,
    cart: &mut Cart,
    (merchandise, inputs): (&Shelf, &Inputs),
    (touched, had): (&mut Touched, u64),
    now: Timestamp,
) -> Result<(), Fault> {
    let has_gifts = cart.lines.iter().any(|line| line.gift.is_some());
    if !has_gifts && inputs.rules.rules.needs().gifts.is_empty() {
        return Ok(());
    }
    let view = CartView::new(cart.clone(), merchandise, Arc::new(inputs.clone()), now)?;
    let for_sale = |gift: &GiftDue| merchandise.get(&gift.variant).is_some_and(|goods| goods.for_sale);
    let due: Vec<GiftDue> = view.priced.gifts_due.into_iter().filter(for_sale).collect();
    let before = given(cart);
    cart.settle_gifts(&due, || CartLineId::new(ctx.ports.ids.id()));
    if check_units(&ctx.settings.units, had, cart.total_quantity()).is_err() {
        cart.settle_gifts(&[], || CartLineId::new(ctx.ports.ids.id()));
    }
    let after = given(cart);
    touched.lines |= before != after;
    touched
        .variants
        .extend(after.into_iter().filter(|gift| !before.contains(gift)).map(|(variant, _)| variant));
    Ok(())
}

/// What is in it for nothing.
fn given(cart: &Cart) -> Vec<(VariantId, u32)> {
    let gifts = cart.lines.iter().filter(|line| line.gift.is_some());
    gifts.map(|line| (line.variant, line.quantity)).collect()
}

/// Takes out what is due no more, which costs nothing. What was held of it is let go by the next change.
pub(super) fn take_out(view: &mut CartView) {
    let undue = std::mem::take(&mut view.gifts.undue);
    drop_undue(&mut view.cart, &undue);
}

/// The same of a cart alone.
pub(crate) fn drop_undue(cart: &mut Cart, undue: &[CartLineId]) {
    if undue.is_empty() {
        return;
    }
    cart.lines.retain(|line| !undue.contains(&line.id));
    // It was called for with what is gone.
    cart.hold_ticket = None;
}
