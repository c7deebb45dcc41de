//! A page of products.

use super::{Filter, Product, load};
use crate::graphql::{
    Flat,
    paging::{Edge, PageInfo},
};
use async_graphql::{Context, Object};
use stoa_domain::shared::Fault;
use stoa_services::catalog::ProductPage;

/// A page of products, with the stock of all of them.
#[derive(Clone, Debug)]
pub struct ProductConnection {
    page: ProductPage,
    nodes: Vec<Flat<Product>>,
}

impl ProductConnection {
    /// Reads the stock of a page's products.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn load(ctx: &Context<'_>, page: ProductPage) -> Result<Self, Fault> {
        let products = load::products(ctx, page.rows.iter().map(|row| &row.node)).await?;
        Ok(Self { nodes: products.into_iter().map(Flat).collect(), page })
    }
}

/// A page of a list of products. Ask for the next one with `after: pageInfo.endCursor`.
#[Object]
impl ProductConnection {
    /// The items of this page with their cursors.
    fn edges(&self) -> Vec<Flat<Edge<Flat<Product>>>> {
        let edge = |(row, node): (_, &Flat<Product>)| {
            let row: &stoa_domain::shared::page::PageRow<_> = row;
            Flat(Edge { cursor: row.cursor.clone(), node: node.clone() })
        };
        self.page.rows.iter().zip(&self.nodes).map(edge).collect()
    }

    /// The filters that the list offers: none yet, though every filter of a collection can be set.
    fn filters(&self) -> Vec<Filter> {
        Vec::new()
    }

    /// The items of this page.
    fn nodes(&self) -> &[Flat<Product>] {
        &self.nodes
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Flat<PageInfo> {
        Flat(PageInfo::of(&self.page))
    }
}
