//! Bringing a cart and its prices together.

use super::CartView;
use crate::{
    Context,
    catalog::Shelf,
    pricing::{Inputs, Rates, ShopRules, Taxes, Whose, ask_carriers, ask_taxes},
};
use std::sync::Arc;
use stoa_domain::{
    cart::Cart,
    inventory::HoldTiming,
    pricing::{Promotion, Quotes},
    shared::{Fault, Timestamp, VariantId},
};
use stoa_persistence::catalog;

/// Gifts of promotions that are looked up beside what is in a cart: of more than so many variants the rest is not given.
const GIFTS: usize = 100;

/// A cart with its prices as of now, by what SQL says, and its goods: for showing it, and for ordering it. A constant number of statements,
/// whatever the number of lines.
pub(crate) async fn priced(
    ctx: &Context,
    cart: Cart,
    whose: &Whose,
    rates: Rates,
    now: Timestamp,
) -> Result<(CartView, Shelf), Fault> {
    let (shelf, rules) = merchandise(ctx, &variants(&cart), now).await?;
    let inputs = Inputs::read(ctx, &cart, rules, (whose, &variants(&cart)), now).await?;
    let deliveries = cart.deliveries.clone();
    let mut view = view(ctx, cart, &shelf, (inputs, rates), now).await?;
    // Nothing is kept by a look.
    view.cart.deliveries = deliveries;
    Ok((view, shelf))
}

/// A cart as of a moment by the shop's own rules, with one more promotion among them: with all that is asked of goods and of the buyer to say
/// what it would do. Nobody outside of the house is asked, and nothing is kept.
pub(crate) async fn with_promotion(
    ctx: &Context,
    cart: Cart,
    whose: &Whose,
    (promotion, limited): (&Promotion, bool),
    at: Timestamp,
) -> Result<CartView, Fault> {
    let variants = variants(&cart);
    let mut read = catalog::merchandise(ctx.db().read(), &variants, ctx.now()).await?;
    let rules = match read.rules {
        Some(number) => ctx.rules_at(number).await?,
        None => ctx.shown_rules().await?,
    };
    let rules = Arc::new(rules.with(promotion.clone(), limited));
    catalog::facts(ctx.db().read(), rules.rules.needs(), &mut read.found).await?;
    let shelf: Shelf = read.found.into_iter().map(|m| (m.variant, Arc::new(m))).collect();
    let inputs = Inputs::read(ctx, &cart, rules, (whose, &variants), at).await?;
    CartView::new(cart, &shelf, Arc::new(inputs), at)
}

/// Prices a cart, and asks outside of the house what is asked there. What carriers say of what was chosen is kept with it.
pub(super) async fn view(
    ctx: &Context,
    cart: Cart,
    shelf: &Shelf,
    (inputs, rates): (Inputs, Rates),
    now: Timestamp,
) -> Result<CartView, Fault> {
    let mut view = CartView::new(cart, shelf, Arc::new(inputs), now)?;
    if view.inputs.rules.asks_carriers() && !view.groups.is_empty() {
        let (lines, mut cart) = (view.shown(), view.cart.clone());
        let carriers = ask_carriers(ctx, view.reckoning(&lines), rates, &mut cart).await?;
        let quotes = Quotes { carriers, ..view.inputs.quotes.clone() };
        let inputs = Inputs { quotes, ..Inputs::clone(&view.inputs) };
        view = CartView::new(cart, shelf, Arc::new(inputs), now)?;
    }
    if ctx.ports.outside.taxes.is_none() {
        return Ok(view);
    }
    let lines = view.shown();
    let inputs = match ask_taxes(ctx, view.reckoning(&lines), &view.priced).await {
        Taxes::OfRules => return Ok(view),
        Taxes::Quoted(tax) => {
            let quotes = Quotes { tax: Some(tax), ..view.inputs.quotes.clone() };
            Inputs { quotes, ..Inputs::clone(&view.inputs) }
        }
        Taxes::Missing => Inputs { tax_missing: true, ..Inputs::clone(&view.inputs) },
    };
    CartView::new(view.cart, shelf, Arc::new(inputs), now)
}

/// What SQL says of goods, and the rules by which they are priced: one statement, and one for each of the two things that only rules ask
/// of goods.
async fn merchandise(
    ctx: &Context,
    variants: &[VariantId],
    now: Timestamp,
) -> Result<(Shelf, Arc<ShopRules>), Fault> {
    if variants.is_empty() {
        return Ok((Shelf::new(), ctx.known_rules().await?));
    }
    let mut read = catalog::merchandise(ctx.db().read(), variants, now).await?;
    let rules = match read.rules {
        Some(number) => ctx.rules_at(number).await?,
        None => ctx.known_rules().await?,
    };
    catalog::facts(ctx.db().read(), rules.rules.needs(), &mut read.found).await?;
    Ok((read.found.into_iter().map(|m| (m.variant, Arc::new(m))).collect(), rules))
}

/// What a change needs to know of everything in the cart, and of what promotions may put in. Nobody is charged by it, and where units are held
/// the store that holds them looks at the stock; where they are not, the figures must be new.
pub(super) async fn shelf(
    ctx: &Context,
    cart: &Cart,
    now: Timestamp,
) -> Result<(Shelf, Arc<ShopRules>), Fault> {
    let looks = ctx.settings.hold_timing == HoldTiming::Cart && !cart.lines.is_empty();
    let rules = if looks { ctx.shown_rules().await? } else { ctx.known_rules().await? };
    let mut wanted = variants(cart);
    wanted.extend(rules.rules.needs().gifts.iter().take(GIFTS));
    wanted.sort_unstable();
    wanted.dedup();
    match ctx.settings.hold_timing {
        HoldTiming::Cart => Ok((ctx.catalog.merchandise(&wanted, rules.rules.needs()).await?, rules)),
        HoldTiming::Checkout => merchandise(ctx, &wanted, now).await,
    }
}

pub(super) fn variants(cart: &Cart) -> Vec<VariantId> {
    cart.demand().into_iter().map(|(variant, _)| variant).collect()
}
