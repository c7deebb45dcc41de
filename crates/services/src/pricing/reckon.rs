//! A cart as pricing sees it.

use super::{Inputs, ViewGroup};
use std::sync::Arc;
use stoa_domain::{
    cart::{Cart, CartLine},
    catalog::Merchandise,
    pricing::{Context, Goods, PricedCart, PricingInput, PricingLine, price_cart},
    shared::{Fault, Place, Timestamp},
};

/// A line with what is bought.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) line: CartLine,
    pub(crate) merchandise: Arc<Merchandise>,
}

/// All that a cart's price depends on.
#[derive(Clone, Copy)]
pub(crate) struct Reckoning<'a> {
    pub(crate) cart: &'a Cart,
    pub(crate) lines: &'a [Shown],
    pub(crate) groups: &'a [ViewGroup],
    pub(crate) inputs: &'a Inputs,
    pub(crate) now: Timestamp,
}

impl Reckoning<'_> {
    /// What it costs.
    pub(crate) fn price(self) -> Result<PricedCart, Fault> {
        self.ask(price_cart).map_err(|error| Fault::internal("cart.price", error))
    }

    /// What `question` finds, which is handed the cart as pricing sees it.
    pub(crate) fn ask<T>(self, question: impl FnOnce(&PricingInput<'_>) -> T) -> T {
        let Self { cart, lines, groups, inputs, now } = self;
        let goods: Vec<Goods> = lines.iter().map(|shown| (&*shown.merchandise).into()).collect();
        let group_of = |shown: &Shown| groups.iter().position(|group| group.lines.contains(&shown.line.id));
        let ships = |shown: &&Shown| shown.merchandise.requires_shipping;
        let priced: Vec<PricingLine<'_>> = lines
            .iter()
            .zip(&goods)
            .map(|(shown, goods)| PricingLine {
                id: shown.line.id,
                quantity: shown.line.quantity,
                goods,
                gift_of: shown.line.gift,
                group: Some(shown).filter(ships).and_then(group_of),
            })
            .collect();
        let deliveries: Vec<_> = groups.iter().map(|group| group.choice.clone()).collect();
        let context = inputs.context(cart);
        question(&PricingInput {
            lines: &priced,
            rules: &inputs.rules.rules,
            context: &context,
            codes: &cart.codes,
            standing: &inputs.standing,
            deliveries: &deliveries,
            quotes: &inputs.quotes,
            stored_value: &inputs.stored_value,
            now,
        })
    }
}

impl Inputs {
    /// Where, in which currency and by whom a cart is bought. Its country is what the buyer named; the address decides taxes.
    pub(crate) fn context(&self, cart: &Cart) -> Context<'_> {
        let selected = cart.selected_address().and_then(|to| Place::of(&to.address));
        let places = self.places.iter().map(|place| (place.location, self.home.clone()));
        let of = Context::of(&self.rules.rules, cart.buyer.country);
        let settings = self.rules.rules.settings();
        let tax_inside = of.market.prices_include_tax.unwrap_or(settings.prices_include_tax);
        let mut buyer = self.buyer.clone();
        // What is not known is not put on top. What prices contain stays in them, whatever it is.
        buyer.tax_exempt |= self.tax_missing && !tax_inside;
        Context {
            buyer,
            address: selected.or_else(|| cart.buyer.country.map(Place::somewhere_in)),
            locations: places.collect(),
            ..of
        }
    }
}
