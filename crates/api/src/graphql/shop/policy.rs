//! The shop's terms.

use crate::graphql::scalars::Url;
use async_graphql::{ID, Object};

/// A policy that the shop has written. None can be yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum ShopPolicy {}

/// A policy of the shop, such as its terms of service.
#[Object]
impl ShopPolicy {
    /// The policy, as HTML.
    fn body(&self) -> String {
        match *self {}
    }

    /// Its name in addresses.
    fn handle(&self) -> String {
        match *self {}
    }

    /// Its global id.
    fn id(&self) -> ID {
        match *self {}
    }

    /// Its title.
    fn title(&self) -> String {
        match *self {}
    }

    /// Where it can be read.
    fn url(&self) -> Url<'static> {
        match *self {}
    }
}

/// A policy that has a default where the shop wrote none. None can be yet: this type has no values.
#[derive(Clone, Copy, Debug)]
pub enum ShopPolicyWithDefault {}

/// A policy of the shop that has a default where the shop wrote none.
#[Object]
impl ShopPolicyWithDefault {
    /// The policy, as HTML.
    fn body(&self) -> String {
        match *self {}
    }

    /// Its name in addresses.
    fn handle(&self) -> String {
        match *self {}
    }

    /// Its global id; null for the default.
    fn id(&self) -> Option<ID> {
        match *self {}
    }

    /// Its title.
    fn title(&self) -> String {
        match *self {}
    }
}
