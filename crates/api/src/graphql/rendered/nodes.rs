//! The products of a page as JSON that is kept whole.
//!
//! Shoppers ask for the same shelves again and again, from the front and from the back. One piece of JSON takes less room than
//! twenty, and is found at once. Only shelves that tell no units in stock are kept so: they stay right while the same variants
//! can be bought.

use super::{
    Asked, Rendered, RenderedProducts, errors,
    kept::{Key, Prints},
};
use crate::graphql::List;
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use bytes::Bytes;
use futures_util::FutureExt;
use std::{borrow::Cow, hash::BuildHasher, sync::Arc};
use stoa_domain::shared::{Fault, ProductId};
use stoa_graphql_http::Splicing;
use stoa_services::catalog::{Catalog, Moment};

/// The products of a page, whose JSON is taken from what is kept, where the transport can send it. On the wire it is their list.
#[derive(Clone, Debug)]
pub struct RenderedNodes(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The products, and what their JSON will be kept under as a whole.
    Products(Vec<Rendered>, Option<(Key, Moment)>),
    /// What they look like under the selection set at this address.
    Json(Bytes, usize),
}

/// Where the JSON of a page's products is kept.
#[derive(Clone, Copy, Debug)]
pub struct NodesKey(Key, Moment);

impl Asked<'_> {
    /// Where the JSON of these products is kept as a whole; `None` where it is not: it tells units in stock.
    pub fn nodes_key(&self, products: &[ProductId], moment: Moment) -> Option<NodesKey> {
        if self.selection.counts_units() {
            return None;
        }
        let digest = [&self.kept.hashers.0, &self.kept.hashers.1].map(|hasher| hasher.hash_one(products));
        Some(NodesKey(Key::Nodes(self.selection, digest), moment))
    }

    /// What was shown of a page's products before, if it would be shown so now.
    ///
    /// # Errors
    /// Their stock cannot be read.
    pub async fn find_nodes(
        &self,
        catalog: &Catalog,
        NodesKey(key, moment): NodesKey,
    ) -> Result<Option<RenderedNodes>, Fault> {
        let json = self.kept.find(std::iter::once(key), catalog, moment).await?.pop().flatten();
        Ok(json.map(|json| RenderedNodes(Form::Json(json, self.address))))
    }
}

impl RenderedNodes {
    /// Products that were read at the key's moment or later.
    pub const fn new(products: Vec<Rendered>, NodesKey(key, moment): NodesKey) -> Self {
        Self(Form::Products(products, Some((key, moment))))
    }

    /// Products that are not kept as a whole.
    pub const fn each(products: Vec<Rendered>) -> Self {
        Self(Form::Products(products, None))
    }
}

/// Makes the JSON and keeps it; `None` where a field waits for something that the products and their stock do not decide.
fn resolved_and_kept(
    products: &[Rendered],
    (key, moment): (Key, Moment),
    ctx: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> Option<ServerResult<Value>> {
    let kept = ctx.data_opt::<Arc<RenderedProducts>>()?;
    let before = errors(ctx);
    let list = List::new(products.iter().collect(), true);
    let answer = match list.resolve(ctx, field).now_or_never()? {
        Ok(answer) => answer,
        Err(error) => return Some(Err(error)),
    };
    let prints: Option<Prints> = products.iter().map(|product| product.print(key.selection())).collect();
    // A null that stands for an error is not the answer for ever.
    let Some(prints) = prints.filter(|_| errors(ctx) == before) else { return Some(Ok(answer)) };
    let mut json = Vec::with_capacity(8 << 10);
    Splicing::write(&answer, &mut json);
    kept.keep(key, moment, prints, &json);
    Some(Ok(Splicing::value(json.into())))
}

impl OutputType for RenderedNodes {
    fn type_name() -> Cow<'static, str> {
        <Vec<Rendered> as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Vec<Rendered> as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Vec<Rendered> as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let address = std::ptr::from_ref(ctx.item).addr();
        match &self.0 {
            Form::Json(json, at) if *at == address => Ok(Splicing::value(json.clone())),
            Form::Json(..) => Err(super::wrong_set(ctx, field)),
            Form::Products(products, keep) => {
                match keep.and_then(|keep| resolved_and_kept(products, keep, ctx, field)) {
                    Some(answer) => answer,
                    None => List::new(products.iter().collect(), true).resolve(ctx, field).await,
                }
            }
        }
    }
}
