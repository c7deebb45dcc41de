//! A cart with everything that is needed to show it.

use crate::catalog::Shelf;
use std::sync::Arc;
use stoa_domain::{
    access::Viewer,
    cart::{Cart, CartLine, SelectableAddress},
    catalog::Merchandise,
    delivery::{DeliveryOffer, GroupChoice},
    pricing::{
        BuyerFacts, Context, Goods, PricedCart, PricedLine, PricingInput, PricingLine, PricingRules, Quotes,
        Rules, Standing, price_cart,
    },
    shared::{DeliveryGroupId, Fault, Place, Timestamp},
};

/// A cart, its prices, and what it holds. Before an order is made of it everything is read from SQL; after a change the
/// prices are those that the catalogue shows.
#[derive(Clone, Debug)]
pub struct CartView {
    /// The document. Lines whose variant no longer exists are not among [`lines`](Self::lines).
    pub cart: Cart,
    /// The lines that can be shown, in order.
    pub lines: Vec<ViewLine>,
    /// What it costs.
    pub priced: PricedCart,
    /// Until when stock is held for it, if it still is.
    pub held_until: Option<Timestamp>,
    /// The moment whose rules it was priced by.
    pub(crate) priced_at: Timestamp,
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

impl CartView {
    /// Prices a cart with the merchandise of its lines.
    ///
    /// # Errors
    /// A total that 64 bits do not hold; the bounds of quantities and prices keep carts from getting there.
    pub(crate) fn new(
        cart: Cart,
        merchandise: &Shelf,
        rules: &PricingRules,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let known: Vec<(CartLine, Arc<Merchandise>)> = cart
            .lines
            .iter()
            .filter_map(|line| Some((line.clone(), Arc::clone(merchandise.get(&line.variant)?))))
            .collect();
        let group = cart.selected_address().map(|address| group(&cart, address));
        let shown = known.iter().map(|(line, merchandise)| (line, &**merchandise));
        let priced = price(&cart, shown, group, rules, now)?;
        let lines = known
            .into_iter()
            .zip(&priced.lines)
            .map(|((line, merchandise), priced)| ViewLine { line, merchandise, priced: *priced })
            .collect();
        let held_until = cart.held_until.filter(|until| *until > now);
        Ok(Self { cart, lines, priced, held_until, priced_at: now })
    }

    /// What it costs, before the buyer has said where to: with what is on offer everywhere. The cart's own figures once they have.
    ///
    /// # Errors
    /// As with [`new`](Self::new).
    pub fn quoted(&self, rules: &PricingRules) -> Result<PricedCart, Fault> {
        if !self.priced.groups.is_empty() || !self.ships() {
            return Ok(self.priced.clone());
        }
        let anywhere = GroupChoice { id: DeliveryGroupId::NIL, to: None, option: None, pick_up: Vec::new() };
        let shown = self.lines.iter().map(|shown| (&shown.line, &*shown.merchandise));
        price(&self.cart, shown, Some(anywhere), rules, self.priced_at)
    }

    /// The ways of delivering it; none when nothing has to be delivered or nobody said where.
    pub fn delivery_options(&self) -> &[DeliveryOffer] {
        self.priced.groups.first().map_or(&[], |group| group.offers.as_slice())
    }

    /// The chosen one; the only one where there is no choice.
    pub fn delivery(&self) -> Option<&DeliveryOffer> {
        self.priced.groups.first().and_then(|group| group.chosen())
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
}

/// What ships, to the selected address, in the way that was chosen. The group's id is the address's.
fn group(cart: &Cart, to: &SelectableAddress) -> GroupChoice {
    let id = DeliveryGroupId::new(to.id.uuid());
    GroupChoice {
        id,
        to: Place::of(&to.address),
        option: cart.selection(id).map(|chosen| chosen.option.as_str().into()),
        pick_up: Vec::new(),
    }
}

/// Prices lines; `group` takes those that ship, if there are any.
fn price<'a>(
    cart: &Cart,
    shown: impl Iterator<Item = (&'a CartLine, &'a Merchandise)>,
    group: Option<GroupChoice>,
    configured: &PricingRules,
    now: Timestamp,
) -> Result<PricedCart, Fault> {
    let shown: Vec<(&CartLine, Goods)> =
        shown.map(|(line, merchandise)| (line, merchandise.into())).collect();
    let group = group.filter(|_| shown.iter().any(|(_, goods)| goods.requires_shipping));
    let lines: Vec<PricingLine<'_>> = shown
        .iter()
        .map(|(line, goods)| PricingLine {
            id: line.id,
            quantity: line.quantity,
            goods,
            gift_of: line.gift,
            group: group.as_ref().filter(|_| goods.requires_shipping).map(|_| 0),
        })
        .collect();
    let rules = Rules::implicit(configured, cart.currency);
    let selected = cart.selected_address().and_then(|to| Place::of(&to.address));
    let context = Context {
        buyer: BuyerFacts {
            customer: cart.buyer.customer,
            is_known: cart.buyer.customer.is_some() || cart.buyer.email.is_some(),
            ..BuyerFacts::default()
        },
        address: selected.or_else(|| cart.buyer.country.map(Place::somewhere_in)),
        ..Context::anybody(rules.primary())
    };
    price_cart(&PricingInput {
        lines: &lines,
        rules: &rules,
        context: &context,
        codes: &[],
        standing: &Standing::default(),
        deliveries: group.as_slice(),
        quotes: &Quotes::default(),
        stored_value: &[],
        now,
    })
    .map_err(|e| Fault::internal("cart.price", e))
}
