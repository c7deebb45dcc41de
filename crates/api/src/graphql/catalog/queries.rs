//! What can be asked of the catalogue.

use super::{
    Collection, CollectionSortKeys, ProductConnection, ProductRecommendationIntent, ProductSortKeys, load,
    prices::prices,
};
use crate::graphql::{
    ApiError, Asked, Flat, List, Ready, Rendered, Request,
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use std::sync::Arc;
use stoa_domain::{
    catalog::{self, CollectionsListing, ProductListing, Recommendation, search::SearchQuery},
    shared::{CollectionId, ProductId},
};
use stoa_graphql_http::Nullable;
use stoa_services::catalog::{Moment, Stocked};

/// The catalogue's root fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct CatalogQueries;

/// The catalogue's root fields.
#[Object]
impl CatalogQueries {
    /// A collection by its global id or its handle; null if shoppers see none such.
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's name in addresses.")] handle: Option<String>,
        #[graphql(desc = "The collection's global id; it counts where both are given.")] id: Option<ID>,
    ) -> Nullable<Flat<Collection>> {
        Nullable::run(async {
            let catalog = &ctx.services().catalog;
            let found = match key(id.as_ref(), handle.as_deref())? {
                Key::Id(id) => match gid::decode::<CollectionId>(id)? {
                    Some(id) => catalog.collection(id).await?,
                    None => None,
                },
                Key::Handle(handle) => catalog.collection_by_handle(handle).await?,
            };
            let shop = Arc::clone(ctx.storefront());
            Ok::<_, ApiError>(found.map(|collection| Flat(Collection::new(collection, shop))))
        })
        .await
    }

    /// The shop's collections.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "What is searched for: words of the title, `title:`, `handle:`, `created_at:` and `updated_at:`."
        )]
        query: Option<String>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.", default_with = "Some(CollectionSortKeys::Id)")]
        sort_key: Option<CollectionSortKeys>,
    ) -> Result<Flat<Connection<Flat<Collection>>>, ApiError> {
        let page = PageArgs { after, before, first, last }.request()?;
        let listing = CollectionsListing {
            sort: sort_key.map_or_else(Default::default, Into::into),
            reverse: reverse.unwrap_or(false),
            query: search(ctx, query.as_deref())?,
        };
        let page = ctx.services().catalog.collections(listing, page).await?;
        let shop = ctx.storefront();
        let node =
            |found: &Arc<catalog::Collection>| Flat(Collection::new(Arc::clone(found), Arc::clone(shop)));
        Ok(Flat(Connection::of(&page, node)))
    }

    /// A product by its global id or its handle; null if shoppers see none such.
    async fn product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's name in addresses.")] handle: Option<String>,
        #[graphql(desc = "The product's global id; it counts where both are given.")] id: Option<ID>,
    ) -> Nullable<Rendered> {
        Nullable::run(async {
            let key = key(id.as_ref(), handle.as_deref())?;
            let moment = ctx.services().catalog.moment().await?;
            if let Some(kept) = kept(ctx, moment, &key).await? {
                return Ok(Some(kept));
            }
            match find(ctx, key).await? {
                Some(found) => Ok(Some(Rendered::new(load::stocked(ctx, found).await?, moment))),
                None => Ok::<_, ApiError>(None),
            }
        })
        .await
    }

    /// Products to show beside another, best first; null if shoppers do not see that other.
    async fn product_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Why they are recommended.",
            default_with = "Some(ProductRecommendationIntent::Related)"
        )]
        intent: Option<ProductRecommendationIntent>,
        #[graphql(desc = "The other product's name in addresses.")] product_handle: Option<String>,
        #[graphql(desc = "The other product's global id; it counts where both are given.")]
        product_id: Option<ID>,
    ) -> Nullable<List<Rendered>> {
        Nullable::run(async {
            let key = key(product_id.as_ref(), product_handle.as_deref())?;
            let moment = ctx.services().catalog.moment().await?;
            let Some(Stocked { product, .. }) = find(ctx, key).await? else { return Ok(None) };
            let why = intent.map_or(Recommendation::Related, Into::into);
            let found = ctx.services().catalog.recommendations(&product, why).await?;
            let products = load::products(ctx, found.iter()).await?.into_iter();
            let products = products.map(|product| Rendered::new(product, moment));
            Ok::<_, ApiError>(Some(List::new(products.collect(), true)))
        })
        .await
    }

    /// The shop's products.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of a connection")]
    async fn products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "What is searched for: words, and conditions such as `vendor:acme`, `tag:sale`, `variants.price:<20`, \
                    `available_for_sale:true`; `AND`, `OR`, `NOT`, parentheses, and `*` for any ending."
        )]
        query: Option<String>,
        #[graphql(desc = "Whether the list is turned round.", default_with = "Some(false)")] reverse: Option<
            bool,
        >,
        #[graphql(desc = "How the list is sorted.", default_with = "Some(ProductSortKeys::Id)")]
        sort_key: Option<ProductSortKeys>,
    ) -> Result<Ready<ProductConnection>, ApiError> {
        let page = PageArgs { after, before, first, last }.request()?;
        let listing = ProductListing {
            sort: sort_key.map_or_else(Default::default, Into::into),
            reverse: reverse.unwrap_or(false),
            query: search(ctx, query.as_deref())?,
        };
        let page = ctx.services().catalog.product_ids(listing, page).await?;
        Ok(Ready(ProductConnection::load(ctx, page).await?))
    }
}

/// What one thing is asked for by.
enum Key<'a> {
    Id(&'a str),
    Handle(&'a str),
}

fn key<'a>(id: Option<&'a ID>, handle: Option<&'a str>) -> Result<Key<'a>, ApiError> {
    match (id, handle) {
        (Some(id), _) => Ok(Key::Id(id)),
        (None, Some(handle)) => Ok(Key::Handle(handle)),
        (None, None) => Err(ApiError::bad_input("You must provide an id or a handle.")),
    }
}

/// The product as it was shown before, if it would be shown so now.
async fn kept(ctx: &Context<'_>, moment: Moment, key: &Key<'_>) -> Result<Option<Rendered>, ApiError> {
    let catalog = &ctx.services().catalog;
    let id = match key {
        Key::Id(id) => gid::decode::<ProductId>(id)?,
        Key::Handle(handle) => catalog.known_handle(moment, handle),
    };
    let prices = prices(ctx).await?;
    match (Asked::of(ctx, &ctx.item.node.selection_set, &prices), id) {
        (Some(asked), Some(id)) => Ok(asked.find(catalog, &[id], moment).await?.pop().flatten()),
        _ => Ok(None),
    }
}

async fn find(ctx: &Context<'_>, key: Key<'_>) -> Result<Option<Stocked>, ApiError> {
    let catalog = &ctx.services().catalog;
    Ok(match key {
        Key::Id(id) => match gid::decode::<ProductId>(id)? {
            Some(id) => catalog.stocked(id).await?,
            None => None,
        },
        Key::Handle(handle) => catalog.stocked_by_handle(handle).await?,
    })
}

fn search(ctx: &Context<'_>, query: Option<&str>) -> Result<SearchQuery, ApiError> {
    let Some(query) = query else { return Ok(SearchQuery::All) };
    SearchQuery::parse(query, u32::from(ctx.storefront().currency.decimals()))
        .map_err(|_| ApiError::bad_input("query is too long or too deeply nested."))
}
