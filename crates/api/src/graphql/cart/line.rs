//! The lines of a cart.

use super::{
    Attribute, CartDiscountAllocation, CartLineCost, CartLineParentRelationship, ComponentizableCartLine,
    allocation::of_line, object::CartData,
};
use crate::graphql::{ApiError, Flat, RenderedVariant, abstract_type::interface, scalars::Gid};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;
use stoa_domain::shared::{CartLineId, Fault};
use stoa_services::cart::ViewLine;
use uuid::Uuid;

/// A line of a cart: what, and how much of it.
#[derive(Clone, Debug)]
pub struct CartLine {
    cart: Arc<CartData>,
    /// Always an index of the cart's lines.
    at: usize,
}

impl CartLine {
    /// The lines of a cart that can be shown, in order.
    pub(super) fn all(cart: &Arc<CartData>) -> impl Iterator<Item = Self> + '_ {
        (0..cart.view.lines.len()).map(|at| Self { cart: Arc::clone(cart), at })
    }

    /// Which.
    pub(super) fn line_id(&self) -> CartLineId {
        self.line().line.id
    }

    /// The line's identifier.
    pub fn uuid(&self) -> Uuid {
        self.line().line.id.uuid()
    }

    fn line(&self) -> &ViewLine {
        &self.cart.view.lines[self.at]
    }
}

/// A line of a cart: what, and how much of it.
#[Object]
impl CartLine {
    /// What is to be done to it, such as an engraving.
    fn attributes(&self) -> Vec<Attribute<'_>> {
        Attribute::all(&self.line().line.attributes)
    }

    /// What it costs.
    fn cost(&self) -> Flat<CartLineCost> {
        Flat(CartLineCost::of(&self.cart, self.at))
    }

    /// What promotions take off this line. Its share of what they take off the whole cart is among the steps of its cost.
    fn discount_allocations(&self) -> Vec<CartDiscountAllocation> {
        of_line(&self.cart.view.priced, self.at)
    }

    /// The line's global id.
    fn id(&self) -> Gid<CartLineId> {
        Gid(self.line().line.id)
    }

    /// Whether a promotion put it in for nothing. Such a line can be taken out and not changed. An addition of this server to the vocabulary.
    fn is_gift(&self) -> bool {
        self.line().line.gift.is_some()
    }

    /// What is bought.
    async fn merchandise(&self, ctx: &Context<'_>) -> Result<RenderedVariant, ApiError> {
        let all = self.cart.view.lines.iter().map(|line| line.line.variant);
        let variant = self.cart.merchandise.rendered(ctx, all, self.line().line.variant).await?;
        // Between SQL and the catalogue somebody has deleted it: the next answer is without the line.
        let gone = || Fault::unavailable("cart.merchandise", "a variant was deleted while its cart was read");
        Ok(variant.ok_or_else(gone)?)
    }

    /// The line this one belongs to: always null, because lines are not nested.
    fn parent_relationship(&self) -> Option<CartLineParentRelationship> {
        None
    }

    /// Units.
    fn quantity(&self) -> u32 {
        self.line().line.quantity
    }
}

interface! {
    /// A line of a cart, of whichever kind.
    pub enum BaseCartLine {
        fields {
            "attributes": Vec<Attribute<'static>> = "What is to be done to it, such as an engraving.",
            "cost": Flat<CartLineCost> = "What it costs.",
            "discountAllocations": Vec<CartDiscountAllocation> = "The discounts on it.",
            "id": ID = "The line's global id.",
            "merchandise": RenderedVariant = "What is bought.",
            "quantity": u32 = "Units.",
        }
        members {
            CartLine(CartLine),
            ComponentizableCartLine(ComponentizableCartLine),
        }
    }
}
