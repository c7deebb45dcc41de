//! Structured content.

use crate::graphql::scalars::DateTime;
use async_graphql::{ID, Object};

/// A piece of content of a type that the shop has defined.
#[derive(Clone, Copy, Debug)]
pub enum Metaobject {}

/// A piece of content of a type that the shop has defined.
#[Object]
impl Metaobject {
    /// Its parts.
    fn fields(&self) -> Vec<MetaobjectField> {
        match *self {}
    }

    /// Its name within its type.
    fn handle(&self) -> String {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// The name of its type.
    fn r#type(&self) -> String {
        match *self {}
    }

    /// When it was last changed.
    fn updated_at(&self) -> DateTime {
        match *self {}
    }
}

/// A part of a piece of content.
#[derive(Clone, Copy, Debug)]
pub enum MetaobjectField {}

/// A part of a piece of content.
#[Object]
impl MetaobjectField {
    /// Its name.
    fn key(&self) -> String {
        match *self {}
    }

    /// What kind of value it has.
    fn r#type(&self) -> String {
        match *self {}
    }

    /// The value, as text.
    fn value(&self) -> Option<String> {
        match *self {}
    }
}
