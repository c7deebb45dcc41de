//! A page of products.

use super::{Filter, Product};
use crate::graphql::{
    Flat,
    paging::{Connection, Edge, PageInfo},
};
use async_graphql::Object;

/// A page of products, with the filters that the whole list offers.
#[derive(Clone, Debug)]
pub struct ProductConnection {
    page: Connection<Flat<Product>>,
    filters: Vec<Filter>,
}

/// A page of a list of products. Ask for the next one with `after: pageInfo.endCursor`.
#[Object]
impl ProductConnection {
    /// The items of this page with their cursors.
    fn edges(&self) -> Vec<Flat<&Edge<Flat<Product>>>> {
        self.page.edges.iter().map(Flat).collect()
    }

    /// The filters that the list offers; none outside of a collection.
    fn filters(&self) -> &[Filter] {
        &self.filters
    }

    /// The items of this page.
    fn nodes(&self) -> Vec<&Flat<Product>> {
        self.page.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Flat<PageInfo> {
        Flat(self.page.info())
    }
}
