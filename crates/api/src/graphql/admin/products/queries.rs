//! Products under `admin`.

use super::{AdminProduct, ProductStatus};
use crate::graphql::{
    ApiError, PriceCurrency, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
    },
    catalog::ProductSortKeys,
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::{
    access::{Permit, grants::ProductsRead},
    catalog::{Product, ProductListing, search::SearchQuery},
    shared::ProductId,
};
use stoa_graphql_http::Nullable;

/// What is read of products.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductReads;

/// What is read of products.
#[Object]
impl ProductReads {
    /// A product, whether or not shoppers may see it; null if there is none with this id.
    #[graphql(guard = "may::<ProductsRead>", visible = "seen::<ProductsRead>")]
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminProduct> {
        Nullable::run(async {
            let by = ctx.permit::<ProductsRead>()?;
            let Some(id) = gid::decode::<ProductId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.products.find_all(&by, &[id]).await?;
            Ok(all(ctx, &by, found).await?.pop())
        })
        .await
    }

    /// Products, whether or not shoppers may see them. Without `query` all of them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<ProductsRead>", visible = "seen::<ProductsRead>")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "What is searched for, in the language of storefronts' searches.")] query: Option<
            String,
        >,
        #[graphql(default = false, desc = "Whether the list is turned round.")] reverse: bool,
        #[graphql(default_with = "ProductSortKeys::Id", desc = "By what they are listed.")]
        sort_key: ProductSortKeys,
        #[graphql(desc = "Only those of this status.")] status: Option<ProductStatus>,
    ) -> Result<Connection<AdminProduct>, ApiError> {
        let by = ctx.permit::<ProductsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let currency = currency(ctx);
        let query = match query {
            Some(query) => SearchQuery::parse(&query, u32::from(currency.decimals()))
                .map_err(|_| ApiError::bad_input("query is too long or too deeply nested."))?,
            None => SearchQuery::All,
        };
        let listing = ProductListing { sort: sort_key.into(), reverse, query };
        let products = &ctx.services().admin.products;
        let page = products.list(&by, (&listing, status.map(Into::into)), &request).await?;
        let found = products.find_all(&by, &ids(&page)).await?;
        let found = all(ctx, &by, found).await?;
        Ok(filled(&page, found, AdminProduct::identity, |product| product))
    }
}

/// Products with what rules ask of them. Two statements more.
///
/// # Errors
/// The database does not answer.
pub async fn all<G>(
    ctx: &Context<'_>,
    by: &Permit<G>,
    products: Vec<Product>,
) -> Result<Vec<AdminProduct>, ApiError> {
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    let mut facts = ctx.services().admin.products.facts(by, &ids).await?;
    let currency = currency(ctx);
    let with_facts = |product: Product| {
        let facts = facts.remove(&product.id).unwrap_or_default();
        AdminProduct::new(product, facts, currency)
    };
    Ok(products.into_iter().map(with_facts).collect())
}

/// The currency of all prices.
pub(super) fn currency(ctx: &Context<'_>) -> PriceCurrency {
    ctx.services().context().settings().currency.into()
}
