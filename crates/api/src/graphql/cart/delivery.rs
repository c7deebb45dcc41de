//! How a cart gets to its buyer: delivery groups and the options of each.
//!
//! A cart that has something to deliver and an address to deliver to has one group: everything that ships, to the selected
//! address. The group's id is the address's.

use super::{BaseCartLine, CartLine, MailingAddress, object::CartData};
use crate::graphql::{
    ApiError, Flat, MoneyV2, PriceCurrency,
    paging::{Connection, PageArgs, page_of},
    scalars::{Gid, Identity},
};
use async_graphql::{Enum, Object};
use std::sync::Arc;
use stoa_domain::{
    cart::SelectableAddress,
    delivery::{DeliveryOffer, MethodKind},
    shared::AddressId,
};
use uuid::Uuid;

/// The id of a delivery group: that of the address it goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryGroupId(
    /// The address.
    pub AddressId,
);

impl Identity for DeliveryGroupId {
    const TYPE: &'static str = "CartDeliveryGroup";

    fn from_uuid(id: Uuid) -> Self {
        Self(AddressId::new(id))
    }

    fn to_uuid(self) -> Uuid {
        self.0.uuid()
    }
}

/// What is delivered together.
#[derive(Clone, Debug)]
pub struct CartDeliveryGroup {
    cart: Arc<CartData>,
    to: SelectableAddress,
}

impl CartDeliveryGroup {
    /// The groups of a cart: one, or none while there is nothing to deliver or nowhere to deliver to.
    pub(super) fn of(cart: &Arc<CartData>) -> Option<Self> {
        let to = cart.view.cart.selected_address().filter(|_| cart.view.ships())?;
        Some(Self { cart: Arc::clone(cart), to: to.clone() })
    }

    /// The group's id.
    pub const fn id(&self) -> DeliveryGroupId {
        DeliveryGroupId(self.to.id)
    }

    fn option<'a>(&self, option: &'a DeliveryOffer) -> CartDeliveryOption<'a> {
        CartDeliveryOption { option, currency: self.cart.view.cart.currency.into() }
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
        let shipped: Vec<CartLine> = CartLine::all(&self.cart).filter(CartLine::ships).collect();
        page_of(&shipped, reverse.unwrap_or(false), &args, CartLine::uuid, |at| shipped[at].clone().into())
    }

    /// Where it goes.
    fn delivery_address(&self) -> MailingAddress {
        MailingAddress::new(self.to.id.uuid(), self.to.address.clone())
    }

    /// The ways it can get there.
    fn delivery_options(&self) -> Vec<CartDeliveryOption<'_>> {
        self.cart.view.delivery_options().iter().map(|option| self.option(option)).collect()
    }

    /// The group's global id, for choosing one of its options.
    #[graphql(name = "id")]
    fn global_id(&self) -> Gid<DeliveryGroupId> {
        Gid(self.id())
    }

    /// The chosen way; where there is only one, that one, without anybody having chosen it.
    fn selected_delivery_option(&self) -> Option<CartDeliveryOption<'_>> {
        self.cart.view.delivery().map(|option| self.option(option))
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

    /// Always null: the title says it all.
    fn description(&self) -> Option<&str> {
        None
    }

    /// What it costs.
    fn estimated_cost(&self) -> Flat<MoneyV2> {
        Flat(self.currency.of(self.option.price))
    }

    /// What choosing it takes.
    fn handle(&self) -> &str {
        &self.option.handle
    }

    /// What the buyer reads.
    fn title(&self) -> Option<&str> {
        Some(&self.option.title)
    }
}
