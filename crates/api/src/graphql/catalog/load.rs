//! From what the catalogue keeps to the objects of the schema: with stock, read for all of a list at once.

use super::{Collection, Product, ProductData, ProductVariant};
use crate::graphql::Request;
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
pub async fn product_by_id(ctx: &Context<'_>, id: ProductId) -> Result<Option<Product>, Fault> {
    let found = ctx.services().catalog.stocked(id).await?;
    Ok(found.map(|found| stocked(ctx, found)))
}

/// The variant with an id, if shoppers see its product.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn variant_by_id(ctx: &Context<'_>, id: VariantId) -> Result<Option<ProductVariant>, Fault> {
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

/// A product that was found with its stock.
pub(super) fn stocked(ctx: &Context<'_>, found: Stocked) -> Product {
    let Stocked { product, stock } = found;
    Product(Arc::new(ProductData { product, stock, shop: Arc::clone(ctx.storefront()) }))
}

/// One product with its stock.
///
/// # Errors
/// Its stock cannot be read.
pub(super) async fn product(ctx: &Context<'_>, product: Arc<catalog::Product>) -> Result<Product, Fault> {
    let stock = ctx.services().catalog.stock(&product).await?;
    Ok(Product(Arc::new(ProductData { product, stock, shop: Arc::clone(ctx.storefront()) })))
}

/// The products of a list, in its order.
///
/// # Errors
/// Their stock cannot be read.
pub(super) async fn products<'p>(
    ctx: &Context<'_>,
    products: impl ExactSizeIterator<Item = &'p Arc<catalog::Product>> + Clone + Send,
) -> Result<Vec<Product>, Fault> {
    let stock = ctx.services().catalog.stock_of(products.clone().map(Arc::as_ref)).await?;
    let shop = ctx.storefront();
    let with_stock = products.zip(stock).map(|(product, stock)| {
        Product(Arc::new(ProductData { product: Arc::clone(product), stock, shop: Arc::clone(shop) }))
    });
    Ok(with_stock.collect())
}

/// For each id the variant, also of products that shoppers no longer see: a cart or an order may still hold them.
///
/// # Errors
/// The catalogue cannot be read.
pub async fn variants(ctx: &Context<'_>, ids: &[VariantId]) -> Result<Vec<Option<ProductVariant>>, Fault> {
    let found = ctx.services().catalog.stocked_variants(ids).await?;
    let variants = found.into_iter().map(|found| {
        let (found, at) = found?;
        let Product(data) = stocked(ctx, found);
        ProductVariant::new(&data, at)
    });
    Ok(variants.collect())
}
