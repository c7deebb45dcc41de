//! Products as JSON that is kept.
//!
//! The same documents ask for the same fields of the same products all day. What one product looks like under one
//! selection set, or a page of them, with one state of its stock, is kept as the bytes that were sent, and spliced into the next
//! answer that needs it; see [`Splicing`]. Nothing has to be invalidated: what is kept remembers of which generation of the catalogue
//! it is and what it shows of stock, and is found only as long as both would be shown now. Then the product itself is
//! needed no more, and need not be in memory.

mod fingerprint;
mod kept;
mod nodes;
mod packing;
mod spill;
mod variants;

pub use kept::JsonLimits;
pub(super) use kept::RenderedProducts;
pub use nodes::RenderedNodes;
pub use variants::RenderedVariant;

use super::{
    ApiError, Ready,
    catalog::{Prices, Product, ProductData},
};
use async_graphql::{
    Context, ContextSelectionSet, Error, OutputType, Positioned, ServerError, ServerResult, Value,
    parser::types::{Field, SelectionSet},
    registry::Registry,
};
use bytes::Bytes;
use kept::{Key, SelectionNumber};
use std::{
    borrow::Cow,
    sync::{Arc, PoisonError},
};
use stoa_domain::shared::{Fault, ProductId};
use stoa_graphql_http::Splicing;
use stoa_services::catalog::{Catalog, Moment, StockPrint};
use tokio::runtime::Handle;

/// A product whose JSON is taken from what is kept, where the transport can send it. On the wire it is the product.
#[derive(Clone, Debug)]
pub struct Rendered(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The product as of a moment; what it looks like is kept.
    Product(Product, Moment),
    /// The product as a part of something larger that is kept.
    Part(Product),
    /// What it looks like under the selection set at this address.
    Json(Bytes, usize),
}

/// What is kept under one selection set of this request.
pub struct Asked<'a> {
    kept: &'a RenderedProducts,
    selection: SelectionNumber,
    address: usize,
}

impl<'a> Asked<'a> {
    /// `None` where nothing can be kept: the transport cannot send it, or the set spreads fragments by name. What is shown by other prices is
    /// kept apart.
    pub fn of(ctx: &Context<'a>, set: &Positioned<SelectionSet>, prices: &Prices) -> Option<Self> {
        let (splicing, kept) = (ctx.data_opt::<Splicing>()?, ctx.data_opt::<Arc<RenderedProducts>>()?);
        let address = std::ptr::from_ref(set).addr();
        let variables = &ctx.query_env.variables;
        let number =
            || fingerprint::of(&set.node, variables, prices).map(|print| kept.number(print).number());
        let selection = SelectionNumber::new(splicing.selection(address, number)?);
        Some(Self { kept, selection, address })
    }

    /// For each product what was shown of it before, if it would be shown so now.
    ///
    /// # Errors
    /// Its stock cannot be read.
    pub async fn find(
        &self,
        catalog: &Catalog,
        products: &[ProductId],
        moment: Moment,
    ) -> Result<Vec<Option<Rendered>>, Fault> {
        let keys = products.iter().map(|product| Key::Product(self.selection, *product));
        let found = self.kept.find(keys, catalog, moment).await?;
        let rendered = |json: Option<Bytes>| json.map(|json| Rendered(Form::Json(json, self.address)));
        Ok(found.into_iter().map(rendered).collect())
    }
}

impl Rendered {
    /// A product that was read at this moment or later.
    pub const fn new(product: Product, moment: Moment) -> Self {
        Self(Form::Product(product, moment))
    }

    /// A product that is shown as a part of something larger which is kept.
    pub const fn part(product: Product) -> Self {
        Self(Form::Part(product))
    }

    /// What is shown of its stock, where the product is at hand.
    fn print(&self, selection: SelectionNumber) -> Option<(ProductId, StockPrint)> {
        match &self.0 {
            Form::Product(product, _) | Form::Part(product) => {
                let data: &ProductData = &product.0;
                Some((data.product.id, data.stock.print(selection.counts_units())))
            }
            Form::Json(..) => None,
        }
    }

    /// Makes its JSON and keeps it.
    async fn resolved_and_kept(
        (product, moment): (&Product, Moment),
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
        splicing: &Splicing,
        kept: &RenderedProducts,
    ) -> ServerResult<Value> {
        let data: &ProductData = &product.0;
        let address = std::ptr::from_ref(ctx.item).addr();
        let variables = &ctx.query_env.variables;
        let number = || {
            fingerprint::of(&ctx.item.node, variables, &data.prices).map(|print| kept.number(print).number())
        };
        let Some(selection) = splicing.selection(address, number).map(SelectionNumber::new) else {
            return Ready(product).resolve(ctx, field).await;
        };
        let before = errors(ctx);
        let Some(answer) = Ready(product).resolve_now(ctx) else {
            // A field waits for something that the product and its stock do not decide.
            return Ready(product).resolve(ctx, field).await;
        };
        let answer = answer?;
        // A null that stands for an error is not this product's answer for ever.
        if errors(ctx) == before {
            let mut json = Vec::with_capacity(512);
            Splicing::write(&answer, &mut json);
            let print = data.stock.print(selection.counts_units());
            kept.keep(
                Key::Product(selection, data.product.id),
                moment,
                [(data.product.id, print)].into(),
                &json,
            );
            return Ok(Splicing::value(json.into()));
        }
        Ok(answer)
    }
}

/// Some work of milliseconds, or that may wait for a disk, on a thread of its own where there is one: it is no request's.
fn aside(work: impl FnOnce() + Send + 'static) {
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn_blocking(work)),
        Err(_) => work(),
    }
}

/// How many errors the request has met.
fn errors(ctx: &ContextSelectionSet<'_>) -> usize {
    ctx.query_env.errors.lock().map_or_else(|e| PoisonError::into_inner(e).len(), |e| e.len())
}

fn wrong_set(ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerError {
    let bug = Fault::bug("the JSON of products was found under another selection set");
    ctx.set_error_path(Error::from(ApiError::from(bug)).into_server_error(field.pos))
}

impl OutputType for Rendered {
    fn type_name() -> Cow<'static, str> {
        <Product as OutputType>::type_name()
    }

    fn qualified_type_name() -> String {
        <Product as OutputType>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Product as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let (product, moment) = match &self.0 {
            Form::Product(product, moment) => (product, *moment),
            Form::Part(product) => return Ready(product).resolve(ctx, field).await,
            Form::Json(json, address) if std::ptr::from_ref(ctx.item).addr() == *address => {
                return Ok(Splicing::value(json.clone()));
            }
            // Whoever finds JSON has made sure that no other set is resolved.
            Form::Json(..) => return Err(wrong_set(ctx, field)),
        };
        match (ctx.data_opt::<Splicing>(), ctx.data_opt::<Arc<RenderedProducts>>()) {
            (Some(splicing), Some(kept)) => {
                Self::resolved_and_kept((product, moment), ctx, field, splicing, kept).await
            }
            _ => Ready(product).resolve(ctx, field).await,
        }
    }
}
