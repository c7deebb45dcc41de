//! Lines in lines: the vocabulary. This shop nests none, so these types have no values; clients name them in their documents.

use super::{Attribute, CartDiscountAllocation, CartLine, CartLineCost};
use crate::graphql::{Flat, catalog::Merchandise};
use async_graphql::{ID, Object};

/// The line that another one belongs to. No line belongs to another here: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum CartLineParentRelationship {}

/// The line that another one belongs to.
#[Object]
impl CartLineParentRelationship {
    /// The line.
    fn parent(&self) -> CartLine {
        match *self {}
    }
}

/// A line made of other lines. No line is here: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum ComponentizableCartLine {}

/// A line made of other lines, as a bundle is. This shop sells none yet.
#[Object]
impl ComponentizableCartLine {
    /// What is to be done to it.
    fn attributes(&self) -> Vec<Attribute<'_>> {
        match *self {}
    }

    /// What it costs.
    fn cost(&self) -> Flat<CartLineCost> {
        match *self {}
    }

    /// The discounts on it.
    fn discount_allocations(&self) -> Vec<CartDiscountAllocation> {
        match *self {}
    }

    /// The line's global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// The lines it is made of.
    fn line_components(&self) -> Vec<CartLine> {
        match *self {}
    }

    /// What is bought.
    fn merchandise(&self) -> Merchandise {
        match *self {}
    }

    /// Units.
    fn quantity(&self) -> u32 {
        match *self {}
    }
}
