//! A cart with everything that is needed to show it.

use crate::{
    catalog::Shelf,
    pricing::{Inputs, Reckoning, Shown, ViewGroup, groups},
};
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    cart::{Cart, CartLine},
    catalog::Merchandise,
    delivery::DeliveryOffer,
    gift_card::Last4,
    pricing::{CodeOutcome, GiftDue, PricedCart, PricedGroup, PricedLine},
    shared::{CartLineId, Fault, GiftCardId, Timestamp},
};

/// A cart, its prices, and what it holds. Before an order is made of it everything is read from SQL; after a change the
/// prices are those that the catalogue shows.
#[derive(Clone, Debug)]
pub struct CartView {
    /// The document, in the currency it is priced in. Lines whose variant no longer exists are not among [`lines`](Self::lines), nor are
    /// gifts that are due no more.
    pub cart: Cart,
    /// The lines that can be shown, in order.
    pub lines: Vec<ViewLine>,
    /// What it costs.
    pub priced: PricedCart,
    /// What is delivered together: in the order of the groups in [`priced`](Self::priced).
    pub groups: Vec<ViewGroup>,
    /// The gifts of promotions that are not as they should be.
    pub gifts: ViewGifts,
    /// Until when stock is held for it, if it still is.
    pub held_until: Option<Timestamp>,
    /// Whether its taxes are not known: the service that works them out has not answered, and the shop wants no others. No order is placed
    /// then, and no tax is to be shown.
    pub tax_missing: bool,
    /// The moment whose rules it was priced by.
    pub(crate) priced_at: Timestamp,
    /// What its price depends on beside its lines.
    pub(crate) inputs: Arc<Inputs>,
}

/// A line with its merchandise and its figures.
#[derive(Clone, Debug)]
pub struct ViewLine {
    /// The line.
    pub line: CartLine,
    /// What is bought.
    pub merchandise: Arc<Merchandise>,
    /// What it costs.
    pub priced: PricedLine,
}

/// Gifts of promotions that are not as they should be. The next change of the cart sees to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewGifts {
    /// Lines of gifts that are due no more: they cost nothing, are not shown, and cannot be ordered.
    pub undue: Vec<CartLineId>,
    /// Gifts that are due and not there, and that nobody has taken out.
    pub missing: Vec<GiftDue>,
}

/// A gift card or store credit that is to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewCard {
    /// Which.
    pub id: GiftCardId,
    /// How its code ends; `None`: store credit.
    pub last: Option<Last4>,
    /// What is on it, in minor units of the cart's currency.
    pub balance: i64,
    /// Whether anything can be paid with it.
    pub usable: bool,
    /// What it pays.
    pub amount: i64,
}

impl CartView {
    /// Prices a cart with the merchandise of its lines, in the currency of its market.
    ///
    /// # Errors
    /// A total that 64 bits do not hold; the bounds of quantities and prices keep carts from getting there.
    pub(crate) fn new(
        mut cart: Cart,
        merchandise: &Shelf,
        inputs: Arc<Inputs>,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        cart.currency = inputs.context(&cart).currency;
        let known = |line: &CartLine| {
            Some(Shown { line: line.clone(), merchandise: Arc::clone(merchandise.get(&line.variant)?) })
        };
        let mut shown: Vec<Shown> = cart.lines.iter().filter_map(known).collect();
        let mut of = grouped(&cart, &shown, &inputs);
        let mut priced = reckoning(&cart, &shown, (&of, &inputs), now).price()?;
        let undue = undue(&shown, &priced.gifts_due);
        if !undue.is_empty() {
            shown.retain(|shown| !undue.contains(&shown.line.id));
            of = grouped(&cart, &shown, &inputs);
            priced = reckoning(&cart, &shown, (&of, &inputs), now).price()?;
        }
        let missing = missing(&cart, &priced.gifts_due);
        let lines = shown
            .into_iter()
            .zip(&priced.lines)
            .map(|(Shown { line, merchandise }, priced)| ViewLine { line, merchandise, priced: *priced })
            .collect();
        let held_until = cart.held_until.filter(|until| *until > now);
        Ok(Self {
            cart,
            lines,
            priced,
            groups: of,
            gifts: ViewGifts { undue, missing },
            held_until,
            tax_missing: inputs.tax_missing,
            priced_at: now,
            inputs,
        })
    }

    /// What it costs, before the buyer has said where to: with what is on offer everywhere. The cart's own figures once they have.
    ///
    /// # Errors
    /// As with [`new`](Self::new).
    pub fn quoted(&self) -> Result<PricedCart, Fault> {
        if !self.priced.groups.is_empty() || !self.ships() {
            return Ok(self.priced.clone());
        }
        let shown = self.shown();
        let anywhere = groups(&self.cart, &shown, &self.inputs, true);
        reckoning(&self.cart, &shown, (&anywhere, &self.inputs), self.priced_at).price()
    }

    /// Whether there is anything of it that carriers may be asked about.
    pub fn asks_carriers(&self) -> bool {
        self.inputs.rules.asks_carriers() && !self.groups.is_empty()
    }

    /// The ways of delivering it, of the first group; none when nothing has to be delivered or nobody said where.
    pub fn delivery_options(&self) -> &[DeliveryOffer] {
        self.priced.groups.first().map_or(&[], |group| group.offers.as_slice())
    }

    /// The chosen one of the first group; the only one where there is no choice.
    pub fn delivery(&self) -> Option<&DeliveryOffer> {
        self.priced.groups.first().and_then(|group| group.chosen())
    }

    /// Each group with its figures.
    pub fn priced_groups(&self) -> impl Iterator<Item = (&ViewGroup, &PricedGroup)> {
        self.groups.iter().zip(&self.priced.groups)
    }

    /// Whether no tax is owed for who buys it.
    pub fn is_tax_exempt(&self) -> bool {
        self.inputs.buyer.tax_exempt || self.priced.reverse_charge
    }

    /// What became of each code that was entered, in order.
    pub fn codes(&self) -> &[CodeOutcome] {
        &self.priced.codes
    }

    /// The gift cards and the store credit that are to pay, in the order in which they do.
    pub fn cards(&self) -> impl Iterator<Item = ViewCard> {
        let paid = |id| self.priced.stored.iter().find(|part| part.id == id).map_or(0, |part| part.amount);
        self.inputs.stored_value.iter().map(move |of| ViewCard {
            id: of.id,
            last: of.last,
            balance: of.balance,
            usable: of.usable,
            amount: paid(of.id),
        })
    }

    /// The same without what they may not see: addresses out of the address book of another. What the cart costs to deliver stays.
    pub(crate) fn shown_to(mut self, viewer: &Viewer) -> Self {
        self.cart.addresses.retain(|address| address.is_there_for(viewer));
        self
    }

    /// Whether anything in it has to be delivered.
    pub fn ships(&self) -> bool {
        self.lines.iter().any(|l| l.merchandise.requires_shipping)
    }

    /// All that its price depends on, with its lines as [`shown`](Self::shown) gives them.
    pub(crate) fn reckoning<'a>(&'a self, lines: &'a [Shown]) -> Reckoning<'a> {
        reckoning(&self.cart, lines, (&self.groups, &self.inputs), self.priced_at)
    }

    /// Its lines without their figures.
    pub(crate) fn shown(&self) -> Vec<Shown> {
        let shown = |of: &ViewLine| Shown { line: of.line.clone(), merchandise: Arc::clone(&of.merchandise) };
        self.lines.iter().map(shown).collect()
    }
}

fn grouped(cart: &Cart, shown: &[Shown], inputs: &Inputs) -> Vec<ViewGroup> {
    groups(cart, shown, inputs, false)
}

const fn reckoning<'a>(
    cart: &'a Cart,
    lines: &'a [Shown],
    (groups, inputs): (&'a [ViewGroup], &'a Inputs),
    now: Timestamp,
) -> Reckoning<'a> {
    Reckoning { cart, lines, groups, inputs, now }
}

/// Lines of gifts that are not due as they are.
fn undue(shown: &[Shown], due: &[GiftDue]) -> Vec<CartLineId> {
    let is_due = |line: &CartLine, promotion| {
        let of = due.iter().find(|gift| gift.promotion == promotion && gift.variant == line.variant);
        of.is_some_and(|gift| line.quantity <= gift.quantity)
    };
    let gifts = shown.iter().filter_map(|shown| Some((&shown.line, shown.line.gift?)));
    gifts.filter(|(line, promotion)| !is_due(line, *promotion)).map(|(line, _)| line.id).collect()
}

/// Gifts that are due, that nobody has taken out, and that are not there in full.
fn missing(cart: &Cart, due: &[GiftDue]) -> Vec<GiftDue> {
    let is_there = |gift: &GiftDue| {
        let line = cart.lines.iter().find(|line| line.gift == Some(gift.promotion));
        line.is_some_and(|line| line.variant == gift.variant && line.quantity == gift.quantity)
    };
    let is_wanted = |gift: &&GiftDue| gift.quantity > 0 && !cart.declined_gifts.contains(&gift.promotion);
    due.iter().filter(is_wanted).filter(|gift| !is_there(gift)).copied().collect()
}
