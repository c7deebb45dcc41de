//! What the lines of a cart or an order buy, as the catalogue shows it.

use crate::graphql::{
    ApiError, Request,
    catalog::{self, ProductVariant},
};
use async_graphql::Context;
use std::collections::HashMap;
use stoa_domain::shared::VariantId;
use tokio::sync::OnceCell;

/// The variants of some lines, read for all of them at once when the first line is asked what it buys, and not at all if
/// none is.
#[derive(Debug, Default)]
pub struct LineMerchandise(OnceCell<HashMap<VariantId, ProductVariant>>);

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
        let variants = self.0.get_or_try_init(|| read(ctx, all.collect())).await?;
        Ok(variants.get(&id).cloned())
    }
}

async fn read(
    ctx: &Context<'_>,
    mut ids: Vec<VariantId>,
) -> Result<HashMap<VariantId, ProductVariant>, ApiError> {
    ids.sort_unstable();
    ids.dedup();
    let mut found = catalog::variants(ctx, &ids).await?;
    if found.iter().any(Option::is_none) {
        // The catalogue's cache may be a moment behind SQL, which says what is in a cart.
        ctx.services().catalog.refresh().await?;
        found = catalog::variants(ctx, &ids).await?;
    }
    Ok(ids.into_iter().zip(found).filter_map(|(id, variant)| Some((id, variant?))).collect())
}
