//! Products as JSON that is kept.
//!
//! The same documents ask for the same fields of the same products all day. What one product looks like under one
//! selection set, with one state of its stock, is kept as the bytes that were sent, and spliced into the next answer
//! that needs it; see [`Splicing`]. Nothing has to be invalidated: what is kept remembers what it was made of, the very
//! product in memory (another version of it is another one) and its stock, and is made anew when either is another.

mod fingerprint;

use super::{
    Ready,
    catalog::{Product, ProductData},
};
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field,
    registry::Registry,
};
use bytes::Bytes;
use moka::sync::Cache;
use std::{
    borrow::Cow,
    sync::{
        Arc, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};
use stoa_domain::{catalog, shared::ProductId};
use stoa_graphql_http::Splicing;
use stoa_services::catalog::ProductStock;

/// Bytes of JSON that are kept.
const ROOM: u64 = 96 << 20;
/// Selection sets that are known.
const SELECTIONS: u64 = 10_000;
/// What an entry takes beside its JSON, roughly.
const ENTRY: usize = 200;
/// A product larger than this under one selection set is not kept: it would push out many others.
const LARGEST: usize = 256 << 10;

/// JSON of products by selection set.
pub(super) struct RenderedProducts {
    numbers: Cache<Box<str>, u64>,
    last_number: AtomicU64,
    kept: Cache<(u64, ProductId), Kept>,
}

#[derive(Clone)]
struct Kept {
    /// Which product in memory it was. Weak: what nobody else keeps any more need not stay for this.
    product: Weak<catalog::Product>,
    stock: ProductStock,
    json: Bytes,
}

impl RenderedProducts {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        let kept = Cache::builder()
            .max_capacity(ROOM)
            .weigher(|_, kept: &Kept| u32::try_from(ENTRY + kept.json.len()).unwrap_or(u32::MAX));
        Self { numbers: Cache::new(SELECTIONS), last_number: AtomicU64::new(0), kept: kept.build() }
    }

    /// The number of the selection set with this fingerprint. None is ever given twice.
    fn number(&self, fingerprint: Box<str>) -> u64 {
        self.numbers.get_with(fingerprint, || self.last_number.fetch_add(1, Ordering::Relaxed))
    }

    fn find(&self, key: (u64, ProductId), data: &ProductData) -> Option<Bytes> {
        let kept = self.kept.get(&key)?;
        // A weak reference keeps its address from being used again, so the same address is the same product.
        let same =
            std::ptr::eq(kept.product.as_ptr(), Arc::as_ptr(&data.product)) && kept.stock == data.stock;
        same.then_some(kept.json)
    }

    fn keep(&self, key: (u64, ProductId), data: &ProductData, json: Bytes) {
        if json.len() <= LARGEST {
            let product = Arc::downgrade(&data.product);
            self.kept.insert(key, Kept { product, stock: Arc::clone(&data.stock), json });
        }
    }
}

/// A product whose JSON is taken from what is kept, where the transport can send it. On the wire it is the product.
#[derive(Clone, Debug)]
pub struct Rendered(pub Product);

impl Rendered {
    async fn kept_or_resolved(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
        splicing: &Splicing,
        kept: &RenderedProducts,
    ) -> ServerResult<Value> {
        let data = &*self.0.0;
        let address = std::ptr::from_ref(ctx.item).addr();
        let variables = &ctx.query_env.variables;
        let number = || fingerprint::of(&ctx.item.node, variables).map(|print| kept.number(print));
        let Some(selection) = splicing.selection(address, number) else {
            return Ready(&self.0).resolve(ctx, field).await;
        };
        let key = (selection, data.product.id);
        if let Some(json) = kept.find(key, data) {
            return Ok(Splicing::value(json));
        }
        let errors =
            || ctx.query_env.errors.lock().map_or_else(|e| PoisonError::into_inner(e).len(), |e| e.len());
        let before = errors();
        let Some(answer) = Ready(&self.0).resolve_now(ctx) else {
            // A field waits for something that the product and its stock do not decide.
            return Ready(&self.0).resolve(ctx, field).await;
        };
        let answer = answer?;
        // A null that stands for an error is not this product's answer for ever.
        if errors() == before {
            let mut json = Vec::with_capacity(512);
            Splicing::write(&answer, &mut json);
            kept.keep(key, data, json.into());
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
        match (ctx.data_opt::<Splicing>(), ctx.data_opt::<Arc<RenderedProducts>>()) {
            (Some(splicing), Some(kept)) => self.kept_or_resolved(ctx, field, splicing, kept).await,
            _ => Ready(&self.0).resolve(ctx, field).await,
        }
    }
}
