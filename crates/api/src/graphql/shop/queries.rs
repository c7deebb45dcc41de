//! What can be asked of the shop.

use super::{Localization, Shop, Storefront};
use crate::graphql::request::Request;
use async_graphql::{Context, Object};
use std::sync::Arc;

/// The shop's root fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShopQueries;

/// The shop's root fields.
#[Object]
impl ShopQueries {
    /// The shop.
    async fn shop(&self, ctx: &Context<'_>) -> Shop {
        Shop(Arc::clone(ctx.storefront()))
    }

    /// The country and the language this operation is answered in, and what there is to choose from.
    async fn localization(&self, ctx: &Context<'_>) -> Localization {
        let shop: &Arc<Storefront> = ctx.storefront();
        let country = shop.country_for(ctx.in_context().and_then(|context| context.country.as_deref()));
        Localization { shop: Arc::clone(shop), country }
    }
}
