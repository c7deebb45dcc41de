//! A cart.

use super::{
    AppliedGiftCard, Attribute, BaseCartLine, CartBuyerIdentity, CartCost, CartDelivery, CartDeliveryGroup,
    CartDiscountAllocation, CartDiscountCode, CartLine, LineMerchandise, allocation,
};
use crate::graphql::{
    ApiError, Flat, PriceCurrency, Request,
    paging::{Connection, PageArgs, page_of},
    scalars::{DateTime, Gid, Url},
};
use async_graphql::{Context, ID, Object};
use std::{borrow::Cow, sync::Arc};
use stoa_domain::{
    access::{SignedIn, Viewer},
    shared::CartId,
};
use stoa_services::cart::CartView;

/// A cart with its prices as of now. Clones share it.
#[derive(Clone, Debug)]
pub struct Cart(pub(super) Arc<CartData>);

/// What the parts of a cart share.
#[derive(Debug)]
pub(super) struct CartData {
    /// The cart, from SQL.
    pub(super) view: CartView,
    /// Who is shown it.
    pub(super) viewer: Viewer,
    /// What its lines buy, from the catalogue.
    pub(super) merchandise: LineMerchandise,
}

impl Cart {
    /// A cart, as it is shown to somebody.
    pub fn new(view: CartView, viewer: Viewer) -> Self {
        Self(Arc::new(CartData { view, viewer, merchandise: LineMerchandise::default() }))
    }

    /// The customer whose it is, if it is shown to them: nobody else is told.
    pub fn owner(&self) -> Option<SignedIn> {
        match self.0.viewer {
            Viewer::Customer(who) if self.view().cart.customer_for(&self.0.viewer).is_some() => Some(who),
            Viewer::Customer(_) | Viewer::Anonymous => None,
        }
    }

    /// The cart's identifier.
    pub fn cart_id(&self) -> CartId {
        self.0.view.cart.id
    }

    pub(super) fn view(&self) -> &CartView {
        &self.0.view
    }

    /// The same cart with all that carriers offer for it. As it is here where it is gone meanwhile.
    async fn with_carrier_rates(&self, ctx: &Context<'_>) -> Result<Arc<CartData>, ApiError> {
        let viewer = self.0.viewer;
        let asked = Box::pin(ctx.services().read_cart.with_carrier_rates(&viewer, self.cart_id())).await?;
        Ok(asked.map_or_else(|| Arc::clone(&self.0), |view| Self::new(view, viewer).0))
    }
}

/// What a buyer means to buy. Prices and stock are read anew with each answer. Whoever knows a cart's id may read and change it.
#[Object]
impl Cart {
    /// The gift cards that pay for a part of it, in the order in which they do, and the customer's store credit behind them, which has no code.
    fn applied_gift_cards(&self) -> Vec<AppliedGiftCard> {
        let currency = PriceCurrency::from(self.view().priced.currency);
        let told = self.view().cards().map(|card| AppliedGiftCard {
            amount_used: currency.of(card.amount),
            balance: currency.of(card.balance),
            id: ID(Gid(card.id).text()),
            last_characters: card.last.map_or_else(String::new, |last| last.to_string()),
            presentment_amount_used: currency.of(card.amount),
        });
        told.collect()
    }

    /// Free keys and values.
    fn attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.view().cart.attributes)
    }

    /// Who buys.
    fn buyer_identity(&self) -> CartBuyerIdentity {
        CartBuyerIdentity(self.clone())
    }

    /// A page of this shop where a person can buy what is in the cart.
    fn checkout_url(&self, ctx: &Context<'_>) -> Url<'static> {
        Url(Cow::Owned(format!("{}/checkout/{}", ctx.storefront().base_url, self.cart_id())))
    }

    /// What it costs now.
    fn cost(&self) -> Flat<CartCost<'_>> {
        Flat(CartCost(&self.0))
    }

    /// When it was made.
    fn created_at(&self) -> DateTime {
        self.view().cart.created_at.into()
    }

    /// Where it can be delivered to.
    fn delivery(&self) -> CartDelivery {
        CartDelivery(Arc::clone(&self.0))
    }

    /// What is delivered together, with the ways it can get there; none while nothing has to be delivered, or nobody said
    /// where to.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn delivery_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only groups after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only groups before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(
            desc = "Whether carriers are asked what they would charge, and theirs are among the options. Otherwise they are only where one of them was chosen.",
            default_with = "Some(false)"
        )]
        with_carrier_rates: Option<bool>,
    ) -> Result<Connection<CartDeliveryGroup>, ApiError> {
        let cart = match with_carrier_rates {
            Some(true) if self.view().asks_carriers() => self.with_carrier_rates(ctx).await?,
            _ => Arc::clone(&self.0),
        };
        let groups = CartDeliveryGroup::all(&cart);
        let args = PageArgs { after, before, first, last };
        page_of(&groups, reverse.unwrap_or(false), &args, |group| group.id().uuid(), |at| groups[at].clone())
    }

    /// What promotions take off the whole cart and off its delivery. What they take off a single line is told there.
    fn discount_allocations(&self) -> Vec<CartDiscountAllocation> {
        allocation::of_cart(&self.view().priced)
    }

    /// The discount codes that the buyer entered, in order, whether they are of use or not.
    fn discount_codes(&self) -> Vec<CartDiscountCode> {
        allocation::codes(&self.view().priced)
    }

    /// Until when stock is held for what is in the cart; null if none is. Every change of the cart moves it on; after it,
    /// others may buy the stock. An addition of this server to the vocabulary.
    fn held_until(&self) -> Option<DateTime> {
        self.view().held_until.map(Into::into)
    }

    /// The cart's global id. It is a key: keep it from other people.
    fn id(&self) -> Gid<CartId> {
        Gid(self.cart_id())
    }

    /// What is in it, in the order it came in.
    fn lines(
        &self,
        #[graphql(desc = "Only lines after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only lines before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many, from the front; at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many, from the back; at most 250.")] last: Option<i32>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
    ) -> Result<Connection<BaseCartLine>, ApiError> {
        let lines: Vec<CartLine> = CartLine::all(&self.0).collect();
        let args = PageArgs { after, before, first, last };
        page_of(&lines, reverse.unwrap_or(false), &args, CartLine::uuid, |at| lines[at].clone().into())
    }

    /// What the buyer wrote.
    fn note(&self) -> Option<&str> {
        self.view().cart.note.as_deref()
    }

    /// Units over all lines.
    fn total_quantity(&self) -> i32 {
        let units: u64 = self.view().lines.iter().map(|shown| u64::from(shown.line.quantity)).sum();
        // 500 lines of a million units each: less than 2^31.
        i32::try_from(units).unwrap_or(i32::MAX)
    }

    /// When it was last changed.
    fn updated_at(&self) -> DateTime {
        self.view().cart.updated_at.into()
    }
}
