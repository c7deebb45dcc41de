//! What the lines of a cart or an order buy, as the catalogue shows it.

use crate::graphql::{
    ApiError, Asked, RenderedVariant, Request,
    catalog::{self, ProductVariant, prices},
};
use async_graphql::Context;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};
use stoa_domain::shared::VariantId;
use tokio::sync::OnceCell;

/// The variants of some lines, read for all of them at once when the first line is asked what it buys, and not at all if
/// none is.
#[derive(Debug, Default)]
pub struct LineMerchandise {
    read: OnceCell<HashMap<VariantId, ProductVariant>>,
    /// What they look like under each selection set that asks for them, by its address.
    shown: std::sync::Mutex<Vec<(usize, Arc<Shown>)>>,
}

/// What some variants look like under one selection set.
type Shown = OnceCell<HashMap<VariantId, RenderedVariant>>;

impl LineMerchandise {
    /// One of them; `None` if it is no longer there. `all` lists the variants of all lines.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub async fn variant(
        &self,
        ctx: &Context<'_>,
        all: impl Iterator<Item = VariantId>,
        id: VariantId,
    ) -> Result<Option<ProductVariant>, ApiError> {
        let variants = self.read.get_or_try_init(|| Box::pin(read(ctx, once_each(all)))).await?;
        Ok(variants.get(&id).cloned())
    }

    /// The same as it is shown: what was shown before is not read again.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub async fn rendered(
        &self,
        ctx: &Context<'_>,
        all: impl Iterator<Item = VariantId>,
        id: VariantId,
    ) -> Result<Option<RenderedVariant>, ApiError> {
        let prices = prices(ctx).await?;
        let Some(asked) = Asked::of(ctx, &ctx.item.node.selection_set, &prices) else {
            return Ok(Box::pin(self.variant(ctx, all, id)).await?.map(RenderedVariant::new));
        };
        let shown = self.shown_at(std::ptr::from_ref(&ctx.item.node.selection_set).addr());
        let shown = shown.get_or_try_init(|| Box::pin(show(ctx, &asked, once_each(all)))).await?;
        Ok(shown.get(&id).cloned())
    }

    fn shown_at(&self, address: usize) -> Arc<Shown> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, shown)) = shown.iter().find(|(at, _)| *at == address) {
            return Arc::clone(shown);
        }
        let new = Arc::default();
        shown.push((address, Arc::clone(&new)));
        new
    }
}

fn once_each(ids: impl Iterator<Item = VariantId>) -> Vec<VariantId> {
    let mut ids: Vec<VariantId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn show(
    ctx: &Context<'_>,
    asked: &Asked<'_>,
    ids: Vec<VariantId>,
) -> Result<HashMap<VariantId, RenderedVariant>, ApiError> {
    let catalog = &ctx.services().catalog;
    let moment = catalog.moment().await?;
    let found = asked.find_variants(catalog, &ids, moment).await?;
    let mut missing = Vec::new();
    let mut shown = HashMap::with_capacity(ids.len());
    for (id, found) in ids.into_iter().zip(found) {
        match found {
            Some(found) => drop(shown.insert(id, found)),
            None => missing.push(id),
        }
    }
    if !missing.is_empty() {
        let read = read(ctx, missing).await?.into_iter();
        shown.extend(read.map(|(id, variant)| (id, asked.variant(variant, moment))));
    }
    Ok(shown)
}

async fn read(
    ctx: &Context<'_>,
    ids: Vec<VariantId>,
) -> Result<HashMap<VariantId, ProductVariant>, ApiError> {
    let mut found = catalog::variants(ctx, &ids).await?;
    if found.iter().any(Option::is_none) {
        // The catalogue's cache may be a moment behind SQL, which says what is in a cart.
        ctx.services().catalog.refresh().await?;
        found = catalog::variants(ctx, &ids).await?;
    }
    Ok(ids.into_iter().zip(found).filter_map(|(id, variant)| Some((id, variant?))).collect())
}
