//! From what the catalogue keeps to the objects of the schema: with stock, read for all of a list at once.

use super::{
    Collection, Product, ProductVariant,
    prices::{priced, prices},
};
use crate::graphql::{ApiError, Request};
use async_graphql::Context;
use std::sync::Arc;
use stoa_domain::{
    catalog,
    shared::{CollectionId, Fault, ProductId, VariantId},
};
use stoa_services::catalog::Stocked;

/// The product with an id, if shoppers see it.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn product_by_id(ctx: &Context<'_>, id: ProductId) -> Result<Option<Product>, ApiError> {
    let Some(found) = ctx.services().catalog.stocked(id).await? else { return Ok(None) };
    stocked(ctx, found).await.map(Some)
}

/// The variant with an id, if shoppers see its product.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn variant_by_id(ctx: &Context<'_>, id: VariantId) -> Result<Option<ProductVariant>, ApiError> {
    let Some(found) = ctx.services().catalog.variant(id).await? else { return Ok(None) };
    let Product(data) = product(ctx, found.product).await?;
    Ok(ProductVariant::new(&data, found.at))
}

/// The collection with an id, if shoppers see it.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn collection_by_id(ctx: &Context<'_>, id: CollectionId) -> Result<Option<Collection>, Fault> {
    let found = ctx.services().catalog.collection(id).await?;
    Ok(found.map(|collection| Collection::new(collection, Arc::clone(ctx.storefront()))))
}

/// A product that was found with its stock, at the prices of the operation.
///
/// # Errors
/// Its prices cannot be worked out.
pub(super) async fn stocked(ctx: &Context<'_>, found: Stocked) -> Result<Product, ApiError> {
    let prices = prices(ctx).await?;
    let mut priced = priced(ctx, &prices, vec![found]).await?;
    priced.pop().ok_or_else(|| Fault::bug("a product was lost while it was priced").into())
}

/// One product with its stock.
///
/// # Errors
/// Its stock cannot be read.
pub(super) async fn product(ctx: &Context<'_>, product: Arc<catalog::Product>) -> Result<Product, ApiError> {
    let stock = ctx.services().catalog.stock(&product).await?;
    stocked(ctx, Stocked { product, stock }).await
}

/// The products of a list, in its order.
///
/// # Errors
/// Their stock cannot be read.
pub(super) async fn products<'p>(
    ctx: &Context<'_>,
    products: impl ExactSizeIterator<Item = &'p Arc<catalog::Product>> + Clone + Send,
) -> Result<Vec<Product>, ApiError> {
    let stock = ctx.services().catalog.stock_of(products.clone().map(Arc::as_ref)).await?;
    let found = products.zip(stock).map(|(product, stock)| Stocked { product: Arc::clone(product), stock });
    let found: Vec<Stocked> = found.collect();
    let prices = prices(ctx).await?;
    Ok(priced(ctx, &prices, found).await?)
}

/// For each id the variant, also of products that shoppers no longer see: a cart or an order may still hold them.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn variants(ctx: &Context<'_>, ids: &[VariantId]) -> Result<Vec<Option<ProductVariant>>, ApiError> {
    let found = ctx.services().catalog.stocked_variants(ids).await?;
    let prices = prices(ctx).await?;
    let places: Vec<Option<usize>> = found.iter().map(|found| found.as_ref().map(|(_, at)| *at)).collect();
    let stocked = found.into_iter().flatten().map(|(stocked, _)| stocked).collect();
    let mut products = priced(ctx, &prices, stocked).await?.into_iter();
    let variants = places.into_iter().map(|at| {
        let at = at?;
        let Product(data) = products.next()?;
        ProductVariant::new(&data, at)
    });
    Ok(variants.collect())
}
