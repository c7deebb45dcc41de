//! A metafield.

use super::MetafieldReference;
use async_graphql::{ID, InputObject, Object};

/// A fact about a thing. None can be kept yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum Metafield {}

/// A fact about a thing that the shop's own vocabulary has no word for.
#[Object]
impl Metafield {
    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// Its name within the namespace.
    fn key(&self) -> String {
        match *self {}
    }

    /// The namespace.
    fn namespace(&self) -> String {
        match *self {}
    }

    /// The thing it points to, if it points to one.
    fn reference(&self) -> Option<MetafieldReference> {
        match *self {}
    }

    /// What kind of value it has, such as `single_line_text_field`.
    fn r#type(&self) -> String {
        match *self {}
    }

    /// The value, as text.
    fn value(&self) -> String {
        match *self {}
    }
}

/// The name of a metafield.
#[derive(Clone, Debug, InputObject)]
pub struct HasMetafieldsIdentifier {
    /// The name within the namespace.
    pub key: String,
    /// The namespace.
    pub namespace: Option<String>,
}

/// The answer to a question for some metafields: for each of them, nothing.
pub(crate) fn none_of(identifiers: Vec<HasMetafieldsIdentifier>) -> Vec<Option<Metafield>> {
    identifiers.into_iter().map(|_| None).collect()
}
