//! A page of products.

use super::{
    Filter,
    prices::{priced, prices},
};
use crate::graphql::{
    ApiError, Asked, List, Ready, Rendered, RenderedNodes, Request,
    paging::{Edge, PageInfo},
};
use async_graphql::{
    Context, Object, Positioned,
    parser::types::{Field, Selection, SelectionSet},
};
use stoa_domain::shared::ProductId;
use stoa_services::catalog::ProductIdPage;

/// A page of products: those that were shown before as they would be now, and the others with their stock.
#[derive(Clone, Debug)]
pub struct ProductConnection {
    page: ProductIdPage,
    nodes: Nodes,
}

#[derive(Clone, Debug)]
enum Nodes {
    /// Each with its place in the page; fewer than the page has ids where one was deleted since.
    Each(Vec<(usize, Rendered)>),
    /// All of them, where nothing but `nodes` asks for them.
    Whole(RenderedNodes),
}

impl ProductConnection {
    /// Reads what has to be read of a page's products. `ctx` is that of the field which is this page.
    ///
    /// # Errors
    /// They or their stock cannot be read.
    pub(super) async fn load(ctx: &Context<'_>, page: ProductIdPage) -> Result<Self, ApiError> {
        let catalog = &ctx.services().catalog;
        let moment = catalog.moment().await?;
        let prices = prices(ctx).await?;
        let only = only_set_of_nodes(&ctx.item.node.selection_set);
        let asked = only.and_then(|(set, _)| Asked::of(ctx, set, &prices));
        let ids = page.page.ids();
        if let (Some(asked), Some((_, true))) = (&asked, only)
            && let Some(key) = asked.nodes_key(ids, moment)
        {
            let nodes = match asked.find_nodes(catalog, key).await? {
                Some(nodes) => nodes,
                None => {
                    let found = catalog.stocked_of(&page, ids).await?.into_iter().flatten();
                    let products = priced(ctx, &prices, found.collect()).await?;
                    RenderedNodes::new(products.into_iter().map(Rendered::part).collect(), key)
                }
            };
            return Ok(Self { nodes: Nodes::Whole(nodes), page });
        }
        let mut nodes = match asked {
            Some(asked) => asked.find(catalog, ids, moment).await?,
            None => vec![None; ids.len()],
        };
        let unknown = ids.iter().zip(&nodes).filter(|(_, node)| node.is_none());
        let missing: Vec<ProductId> = unknown.map(|(id, _)| *id).collect();
        if !missing.is_empty() {
            let found = catalog.stocked_of(&page, &missing).await?;
            let is_there: Vec<bool> = found.iter().map(Option::is_some).collect();
            let found = found.into_iter().flatten().collect();
            let mut products = priced(ctx, &prices, found).await?.into_iter();
            for (slot, is_there) in nodes.iter_mut().filter(|node| node.is_none()).zip(is_there) {
                if is_there {
                    *slot = products.next().map(|product| Rendered::new(product, moment));
                }
            }
        }
        let nodes = nodes.into_iter().enumerate().filter_map(|(at, node)| Some((at, node?))).collect();
        Ok(Self { nodes: Nodes::Each(nodes), page })
    }

    fn each(&self) -> &[(usize, Rendered)] {
        match &self.nodes {
            Nodes::Each(nodes) => nodes,
            // Whoever has only the whole has made sure that nothing else is asked for.
            Nodes::Whole(_) => &[],
        }
    }
}

/// The selection set of `nodes`, or of `edges { node }`, if it is certain that no product of the page is asked for under
/// another one; and whether it is that of `nodes`, without any edges.
fn only_set_of_nodes(connection: &Positioned<SelectionSet>) -> Option<(&Positioned<SelectionSet>, bool)> {
    let mut only = None;
    let mut edges = false;
    for field in plain_fields(connection)? {
        let sets = match field.name.node.as_str() {
            "nodes" => vec![&field.selection_set],
            "edges" => {
                edges = true;
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
    only.map(|set| (set, !edges))
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
        List::new(self.each().iter().filter_map(edge).collect(), true)
    }

    /// The filters that the list offers: none yet, though every filter of a collection can be set.
    fn filters(&self) -> Vec<Filter> {
        Vec::new()
    }

    /// The items of this page.
    fn nodes(&self) -> RenderedNodes {
        match &self.nodes {
            Nodes::Each(nodes) => RenderedNodes::each(nodes.iter().map(|(_, node)| node.clone()).collect()),
            Nodes::Whole(nodes) => nodes.clone(),
        }
    }

    /// Where this page stands in the list.
    fn page_info(&self) -> Ready<PageInfo> {
        let page = &self.page.page;
        let last = page.ids().len().checked_sub(1);
        let (start, end) = (page.cursor(0), last.and_then(|last| page.cursor(last)));
        let info = self.page.page.info();
        Ready(PageInfo { has_next: info.has_next, has_previous: info.has_previous, start, end })
    }
}
