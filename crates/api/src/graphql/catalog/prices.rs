//! The prices of an operation: those of the country it is answered for, and of the customer who asks.

use super::{Product, ProductData};
use crate::graphql::{ApiError, Request, cart::caller, request::Asker};
use async_graphql::Context;
use std::sync::Arc;
use stoa_domain::{
    catalog,
    shared::{CountryCode, Fault},
};
use stoa_services::{catalog::Stocked, pricing::ShownPrices};

/// By which prices the operation shows the catalogue; `None`: by the catalogue's own.
pub(in crate::graphql) type Prices = Option<Arc<ShownPrices>>;

/// By which prices this operation shows the catalogue: looked up once, however many fields ask.
///
/// # Errors
/// The buyer's token is worth nothing, or the shop's rules cannot be read.
pub(in crate::graphql) async fn prices(ctx: &Context<'_>) -> Result<Prices, ApiError> {
    match Asker::of(ctx) {
        Some(asker) => asker.prices().get_or_try_init(|| Box::pin(look_up(ctx))).await.cloned(),
        None => Box::pin(look_up(ctx)).await,
    }
}

async fn look_up(ctx: &Context<'_>) -> Result<Prices, ApiError> {
    let asked = ctx.in_context().and_then(|context| CountryCode::parse(context.country.as_deref()?));
    // Who asks for a country that the shop does not deliver to is shown the shop's own, as `localization` tells.
    let country = asked.filter(|country| ctx.storefront().countries.contains(&(*country).into()));
    let services = ctx.services();
    // Most shops have the same prices for everybody, and nobody has to be looked up for them.
    if !services.show_prices.depend().await? {
        return Ok(None);
    }
    let customer = match caller(ctx).await {
        Ok(by) => by.viewer.customer(),
        // What anybody may see is shown to whoever has forgotten to sign in again.
        Err(ApiError::Request { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(services.show_prices.of(country, customer).await?)
}

/// Products with their stock, at the prices of the operation.
///
/// # Errors
/// Their prices cannot be worked out.
pub(super) async fn priced(
    ctx: &Context<'_>,
    prices: &Prices,
    found: Vec<Stocked>,
) -> Result<Vec<Product>, Fault> {
    let shop = ctx.storefront();
    let shown = |(product, stock)| {
        Product(Arc::new(ProductData { product, stock, shop: Arc::clone(shop), prices: prices.clone() }))
    };
    let Some(by) = prices else {
        return Ok(found.into_iter().map(|Stocked { product, stock }| shown((product, stock))).collect());
    };
    let products: Vec<&catalog::Product> = found.iter().map(|stocked| &*stocked.product).collect();
    let priced = ctx.services().show_prices.apply(by, products.into_iter()).await?;
    let stock = found.into_iter().map(|stocked| stocked.stock);
    Ok(priced.into_iter().map(Arc::new).zip(stock).map(shown).collect())
}
