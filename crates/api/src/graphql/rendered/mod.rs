//! Products as JSON that is kept.
//!
//! The same documents ask for the same fields of the same products all day. What one product looks like under one
//! selection set, with one state of its stock, is kept as the bytes that were sent, and spliced into the next answer
//! that needs it; see [`Splicing`]. Nothing has to be invalidated: what is kept remembers of which generation of the catalogue it
//! is and which figures of stock it shows, and is found only as long as both would be shown now. Then the product itself is
//! needed no more, and need not be in memory.

mod fingerprint;
mod kept;

pub(super) use kept::RenderedProducts;

use super::{
    ApiError, Ready,
    catalog::{Product, ProductData},
};
use async_graphql::{
    Context, ContextSelectionSet, Error, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, SelectionSet},
    registry::Registry,
};
use bytes::Bytes;
use std::{
    borrow::Cow,
    sync::{Arc, PoisonError},
};
use stoa_domain::shared::{Fault, ProductId};
use stoa_graphql_http::Splicing;
use stoa_services::catalog::{Catalog, Moment};

/// A product whose JSON is taken from what is kept, where the transport can send it. On the wire it is the product.
#[derive(Clone, Debug)]
pub struct Rendered(Form);

#[derive(Clone, Debug)]
enum Form {
    /// The product, as of a moment.
    Product(Product, Moment),
    /// What it looks like under the selection set at this address.
    Json(Bytes, usize),
}

/// What is kept under one selection set of this request.
pub struct Asked<'a> {
    kept: &'a RenderedProducts,
    selection: u64,
    address: usize,
}

impl<'a> Asked<'a> {
    /// `None` where nothing can be kept: the transport cannot send it, or the set spreads fragments by name.
    pub fn of(ctx: &Context<'a>, set: &Positioned<SelectionSet>) -> Option<Self> {
        let (splicing, kept) = (ctx.data_opt::<Splicing>()?, ctx.data_opt::<Arc<RenderedProducts>>()?);
        let address = std::ptr::from_ref(set).addr();
        let variables = &ctx.query_env.variables;
        let number = || fingerprint::of(&set.node, variables).map(|print| kept.number(print));
        Some(Self { kept, selection: splicing.selection(address, number)?, address })
    }

    /// For each product what was shown of it before, if it would be shown so now. Figures of stock that nobody vouches for any
    /// more are read again, all in one statement.
    ///
    /// # Errors
    /// They cannot be read.
    pub async fn find(
        &self,
        catalog: &Catalog,
        products: &[ProductId],
        moment: Moment,
    ) -> Result<Vec<Option<Rendered>>, Fault> {
        let mut found = Vec::with_capacity(products.len());
        let mut doubtful = Vec::new();
        for (at, product) in products.iter().enumerate() {
            let kept = self.kept.find((self.selection, *product), moment);
            let json = kept.as_ref().and_then(|kept| kept.shown(moment));
            if let Some(kept) = kept.filter(|_| json.is_none()) {
                doubtful.push((at, kept));
            }
            found.push(json.map(|json| self.rendered(json)));
        }
        if !doubtful.is_empty() {
            let stock = catalog.stock_of(doubtful.iter().map(|(_, kept)| kept.stock())).await?;
            for ((at, kept), stock) in doubtful.into_iter().zip(stock) {
                let key = (self.selection, products[at]);
                found[at] = self.kept.again(key, moment, &kept, &stock).map(|json| self.rendered(json));
            }
        }
        Ok(found)
    }

    const fn rendered(&self, json: Bytes) -> Rendered {
        Rendered(Form::Json(json, self.address))
    }
}

impl Rendered {
    /// A product that was read at this moment or later.
    pub const fn new(product: Product, moment: Moment) -> Self {
        Self(Form::Product(product, moment))
    }

    /// Its JSON, made now if it is not kept.
    async fn kept_or_resolved(
        (product, moment): (&Product, Moment),
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
        splicing: &Splicing,
        kept: &RenderedProducts,
    ) -> ServerResult<Value> {
        let data: &ProductData = &product.0;
        let address = std::ptr::from_ref(ctx.item).addr();
        let variables = &ctx.query_env.variables;
        let number = || fingerprint::of(&ctx.item.node, variables).map(|print| kept.number(print));
        let Some(selection) = splicing.selection(address, number) else {
            return Ready(product).resolve(ctx, field).await;
        };
        let key = (selection, data.product.id);
        if let Some(json) = kept.find(key, moment).and_then(|k| kept.again(key, moment, &k, &data.stock)) {
            return Ok(Splicing::value(json));
        }
        let errors =
            || ctx.query_env.errors.lock().map_or_else(|e| PoisonError::into_inner(e).len(), |e| e.len());
        let before = errors();
        let Some(answer) = Ready(product).resolve_now(ctx) else {
            // A field waits for something that the product and its stock do not decide.
            return Ready(product).resolve(ctx, field).await;
        };
        let answer = answer?;
        // A null that stands for an error is not this product's answer for ever.
        if errors() == before {
            let mut json = Vec::with_capacity(512);
            Splicing::write(&answer, &mut json);
            kept.keep(key, moment, &data.stock, &json);
        }
        Ok(answer)
    }
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
            Form::Json(json, address) if std::ptr::from_ref(ctx.item).addr() == *address => {
                return Ok(Splicing::value(json.clone()));
            }
            // Whoever finds JSON has made sure that no other set is resolved.
            Form::Json(..) => {
                let bug = Fault::bug("a product's JSON was found under another selection set");
                return Err(ctx.set_error_path(Error::from(ApiError::from(bug)).into_server_error(field.pos)));
            }
        };
        match (ctx.data_opt::<Splicing>(), ctx.data_opt::<Arc<RenderedProducts>>()) {
            (Some(splicing), Some(kept)) => {
                Self::kept_or_resolved((product, moment), ctx, field, splicing, kept).await
            }
            _ => Ready(product).resolve(ctx, field).await,
        }
    }
}
