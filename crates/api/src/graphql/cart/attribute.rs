//! Free keys and values on carts, lines and orders.

use async_graphql::{InputObject, Object};
use stoa_domain::cart;

/// A free key and value, borrowed from what it was written on.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a>(
    /// Key and value.
    pub &'a cart::Attribute,
);

impl<'a> Attribute<'a> {
    /// All of a list.
    pub fn all(attributes: &'a [cart::Attribute]) -> Vec<Self> {
        attributes.iter().map(Self).collect()
    }
}

/// A free key and value, such as an engraving.
#[Object]
impl Attribute<'_> {
    /// The key, unique within its list.
    fn key(&self) -> &str {
        &self.0.key
    }

    /// The value.
    fn value(&self) -> Option<&str> {
        Some(&self.0.value)
    }
}

/// A free key and value, such as an engraving.
#[derive(Clone, Debug, InputObject)]
pub struct AttributeInput {
    /// The key, unique within its list.
    pub key: String,
    /// The value.
    pub value: String,
}

impl From<AttributeInput> for cart::Attribute {
    fn from(input: AttributeInput) -> Self {
        Self { key: input.key, value: input.value }
    }
}

/// All of a list as the domain has them.
pub fn into_domain(inputs: Vec<AttributeInput>) -> Vec<cart::Attribute> {
    inputs.into_iter().map(Into::into).collect()
}
