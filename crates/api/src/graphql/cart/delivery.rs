//! How a cart gets to its buyer: delivery groups and the options of each.
//!
//! What is sent from one place to one address in one way is a group. Most shops send everything from one place: their carts have one group, whose
//! id is the address's.

use super::{BaseCartLine, CartLine, MailingAddress, object::CartData};
use crate::graphql::{
    ApiError, Flat, MoneyV2, PriceCurrency,
    paging::{Connection, PageArgs, page_of},
    scalars::Gid,
};
use async_graphql::{Enum, Object};
use std::sync::Arc;
use stoa_domain::{
    delivery::{DeliveryOffer, MethodKind},
    pricing::PricedGroup,
    shared::{Address, DeliveryGroupId},
};
use stoa_services::cart::ViewGroup;

/// What is delivered together.
#[derive(Clone, Debug)]
pub struct CartDeliveryGroup {
    cart: Arc<CartData>,
    /// Always an index of the cart's groups.
    at: usize,
}

impl CartDeliveryGroup {
    /// The groups of a cart: none while there is nothing to deliver, or nowhere to deliver to and nothing to pick up. What goes to an address
    /// that whoever asks may not see is not among them.
    pub(super) fn all(cart: &Arc<CartData>) -> Vec<Self> {
        let known = |group: &ViewGroup| {
            group.to.is_none_or(|to| cart.view.cart.addresses.iter().any(|address| address.id == to))
        };
        let groups = cart.view.groups.iter().enumerate().filter(|(_, group)| known(group));
        groups.map(|(at, _)| Self { cart: Arc::clone(cart), at }).collect()
    }

    /// The group's id.
    pub fn id(&self) -> DeliveryGroupId {
        self.group().id
    }

    fn group(&self) -> &ViewGroup {
        &self.cart.view.groups[self.at]
    }

    fn priced(&self) -> Option<&PricedGroup> {
        self.cart.view.priced.groups.get(self.at)
    }

    fn options(&self) -> impl Iterator<Item = CartDeliveryOption<'_>> {
        let currency = self.cart.view.priced.currency.into();
        let priced = self.priced().into_iter();
        priced.flat_map(move |priced| {
            priced.offers.iter().enumerate().map(move |(at, option)| {
                // What promotions take off is known of the way that was chosen.
                let off = if priced.chosen == Some(at) { priced.discount } else { 0 };
                CartDeliveryOption { option, cost: option.price.saturating_sub(off), currency }
            })
        })
    }
}

/// What is delivered together, to one address in one way.
#[Object]
impl CartDeliveryGroup {
    /// The lines that are delivered together.
    fn cart_lines(
        &self,
        #[graphql(desc = "Only lines after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only lines before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<BaseCartLine>, ApiError> {
        let args = PageArgs { after, before, first, last };
        let of_group = |line: &CartLine| self.group().lines.contains(&line.line_id());
        let shipped: Vec<CartLine> = CartLine::all(&self.cart).filter(of_group).collect();
        page_of(&shipped, reverse.unwrap_or(false), &args, CartLine::uuid, |at| shipped[at].clone().into())
    }

    /// Where it goes. Before anybody has said where to, which can only be where goods can be picked up: the country alone.
    fn delivery_address(&self) -> MailingAddress {
        let cart = &self.cart.view.cart;
        let to = self.group().to.and_then(|to| cart.addresses.iter().find(|address| address.id == to));
        let nowhere = || Address { country: cart.buyer.country, ..Address::default() };
        MailingAddress::new(self.id().uuid(), to.map_or_else(nowhere, |to| to.address.clone()))
    }

    /// The ways it can get there.
    fn delivery_options(&self) -> Vec<CartDeliveryOption<'_>> {
        self.options().collect()
    }

    /// The group's global id, for choosing one of its options.
    #[graphql(name = "id")]
    fn global_id(&self) -> Gid<DeliveryGroupId> {
        Gid(self.id())
    }

    /// The chosen way; where there is only one, that one, without anybody having chosen it.
    fn selected_delivery_option(&self) -> Option<CartDeliveryOption<'_>> {
        let chosen = self.priced()?.chosen?;
        self.options().nth(chosen)
    }
}

/// How something gets to its buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DeliveryMethodType {
    /// By the shop's own people, nearby.
    Local,
    /// Not at all: there is nothing to deliver.
    None,
    /// To a point where the buyer picks it up.
    PickupPoint,
    /// Not at all: the buyer picks it up at the shop.
    PickUp,
    /// Over the counter.
    Retail,
    /// By a carrier.
    Shipping,
}

/// A way of delivering, with its price.
#[derive(Clone, Copy, Debug)]
pub struct CartDeliveryOption<'a> {
    option: &'a DeliveryOffer,
    /// After promotions.
    cost: i64,
    currency: PriceCurrency,
}

/// A way of delivering, with its price.
#[Object]
impl CartDeliveryOption<'_> {
    /// The option's code: its handle.
    fn code(&self) -> Option<&str> {
        Some(&self.option.handle)
    }

    /// How it gets there.
    fn delivery_method_type(&self) -> DeliveryMethodType {
        match self.option.kind {
            MethodKind::Shipping | MethodKind::Carrier => DeliveryMethodType::Shipping,
            MethodKind::Local => DeliveryMethodType::Local,
            MethodKind::PickUp { .. } => DeliveryMethodType::PickUp,
        }
    }

    /// What else the buyer reads; null where the title says it all.
    fn description(&self) -> Option<&str> {
        self.option.description.as_deref()
    }

    /// What it costs: of the chosen one after what promotions take off it, of the others before that.
    fn estimated_cost(&self) -> Flat<MoneyV2> {
        Flat(self.currency.of(self.cost))
    }

    /// What choosing it takes.
    fn handle(&self) -> &str {
        &self.option.handle
    }

    /// How many working days it takes at most; null where the shop does not say. An addition of this server to the vocabulary.
    fn maximum_days(&self) -> Option<u16> {
        self.option.days.map(|days| days.most)
    }

    /// How many working days it takes at least; null where the shop does not say. An addition of this server to the vocabulary.
    fn minimum_days(&self) -> Option<u16> {
        self.option.days.map(|days| days.least)
    }

    /// What the buyer reads.
    fn title(&self) -> Option<&str> {
        Some(&self.option.title)
    }
}
