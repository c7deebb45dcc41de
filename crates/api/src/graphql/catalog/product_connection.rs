//! A page of products.

use super::{Filter, load};
use crate::graphql::{
    List, Ready, Rendered,
    paging::{Edge, PageInfo},
};
use async_graphql::{Context, Object};
use stoa_domain::shared::Fault;
use stoa_services::catalog::ProductPage;

/// A page of products, with the stock of all of them.
#[derive(Clone, Debug)]
pub struct ProductConnection {
    page: ProductPage,
    nodes: Vec<Rendered>,
}

impl ProductConnection {
    /// Reads the stock of a page's products.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn load(ctx: &Context<'_>, page: ProductPage) -> Result<Self, Fault> {
        let products = load::products(ctx, page.rows.iter().map(|row| &row.node)).await?;
        Ok(Self { nodes: products.into_iter().map(Rendered).collect(), page })
    }
}

/// A page of a list of products. Ask for the next one with `after: pageInfo.endCursor`.
#[Object]
impl ProductConnection {
    /// The items of this page with their cursors.
    fn edges(&self) -> List<Ready<Edge<Rendered>>> {
        let edge = |(row, node): (_, &Rendered)| {
            let row: &stoa_domain::shared::page::PageRow<_> = row;
            Ready(Edge { cursor: row.cursor.clone(), node: node.clone() })
        };
        List::new(self.page.rows.iter().zip(&self.nodes).map(edge).collect(), true)
    }

    /// The filters that the list offers: none yet, though every filter of a collection can be set.
    fn filters(&self) -> Vec<Filter> {
        Vec::new()
    }

    /// The items of this page.
    fn nodes(&self) -> List<&Rendered> {
        List::new(self.nodes.iter().collect(), true)
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Ready<PageInfo> {
        Ready(PageInfo::of(&self.page))
    }
}
