//! A page of products.

use super::{Filter, load};
use crate::graphql::{
    Asked, List, Ready, Rendered, Request,
    paging::{Edge, PageInfo},
};
use async_graphql::{
    Context, Object, Positioned,
    parser::types::{Field, Selection, SelectionSet},
};
use stoa_domain::shared::{Fault, ProductId};
use stoa_services::catalog::ProductIdPage;

/// A page of products: those that were shown before as they would be now, and the others with their stock.
#[derive(Clone, Debug)]
pub struct ProductConnection {
    page: ProductIdPage,
    /// Each with its place in the page; fewer than the page has ids where one was deleted since.
    nodes: Vec<(usize, Rendered)>,
}

impl ProductConnection {
    /// Reads what has to be read of a page's products. `ctx` is that of the field which is this page.
    ///
    /// # Errors
    /// They or their stock cannot be read.
    pub(super) async fn load(ctx: &Context<'_>, page: ProductIdPage) -> Result<Self, Fault> {
        let catalog = &ctx.services().catalog;
        let moment = catalog.moment().await?;
        let asked = only_set_of_nodes(&ctx.item.node.selection_set).and_then(|set| Asked::of(ctx, set));
        let mut nodes = match asked {
            Some(asked) => asked.find(catalog, page.page.ids(), moment).await?,
            None => vec![None; page.page.ids().len()],
        };
        let ids = page.page.ids().iter().zip(&nodes);
        let missing: Vec<ProductId> = ids.filter(|(_, node)| node.is_none()).map(|(id, _)| *id).collect();
        if !missing.is_empty() {
            let found = catalog.products_of(&page, &missing).await?;
            let there: Vec<_> = found.iter().flatten().collect();
            let mut loaded = load::products(ctx, there.iter().copied()).await?.into_iter();
            let slots = nodes.iter_mut().filter(|node| node.is_none());
            for (slot, product) in slots.zip(&found) {
                if product.is_some() {
                    *slot = loaded.next().map(|product| Rendered::new(product, moment));
                }
            }
        }
        let nodes = nodes.into_iter().enumerate().filter_map(|(at, node)| Some((at, node?))).collect();
        Ok(Self { page, nodes })
    }
}

/// The selection set of `nodes`, or of `edges { node }`, if it is certain that no product of the page is asked for under
/// another one.
fn only_set_of_nodes(connection: &Positioned<SelectionSet>) -> Option<&Positioned<SelectionSet>> {
    let mut only = None;
    for field in plain_fields(connection)? {
        let sets = match field.name.node.as_str() {
            "nodes" => vec![&field.selection_set],
            "edges" => {
                let fields = plain_fields(&field.selection_set)?;
                fields.filter(|field| field.name.node == "node").map(|field| &field.selection_set).collect()
            }
            _ => continue,
        };
        for set in sets {
            if only.replace(set).is_some() {
                return None;
            }
        }
    }
    only
}

/// The fields of a set that has nothing but fields, without directives.
fn plain_fields(set: &Positioned<SelectionSet>) -> Option<impl Iterator<Item = &Field>> {
    let plain =
        |selection: &Selection| matches!(selection, Selection::Field(f) if f.node.directives.is_empty());
    let items = &set.node.items;
    items.iter().all(|item| plain(&item.node)).then(|| {
        items.iter().filter_map(|item| match &item.node {
            Selection::Field(field) => Some(&field.node),
            _ => None,
        })
    })
}

/// A page of a list of products. Ask for the next one with `after: pageInfo.endCursor`.
#[Object]
impl ProductConnection {
    /// The items of this page with their cursors.
    fn edges(&self) -> List<Ready<Edge<Rendered>>> {
        let edge = |(at, node): &(usize, Rendered)| {
            Some(Ready(Edge { cursor: self.page.page.cursor(*at)?, node: node.clone() }))
        };
        List::new(self.nodes.iter().filter_map(edge).collect(), true)
    }

    /// The filters that the list offers: none yet, though every filter of a collection can be set.
    fn filters(&self) -> Vec<Filter> {
        Vec::new()
    }

    /// The items of this page.
    fn nodes(&self) -> List<&Rendered> {
        List::new(self.nodes.iter().map(|(_, node)| node).collect(), true)
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Ready<PageInfo> {
        let cursor = |place: Option<&(usize, Rendered)>| self.page.page.cursor(place?.0);
        let (start, end) = (cursor(self.nodes.first()), cursor(self.nodes.last()));
        let info = self.page.page.info();
        Ready(PageInfo { has_next: info.has_next, has_previous: info.has_previous, start, end })
    }
}
