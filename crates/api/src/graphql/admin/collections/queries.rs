//! Collections under `admin`.

use super::AdminCollection;
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
        products::{AdminProduct, all},
    },
    catalog::CollectionSortKeys,
    paging::{Connection, Edge, PageArgs, page_of},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use std::collections::HashMap;
use stoa_domain::{
    access::grants::ProductsRead,
    catalog::{CollectionsListing, search::SearchQuery},
    shared::{CollectionId, ProductId, page::PageInfo},
};
use stoa_graphql_http::Nullable;

/// What is read of collections.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectionReads;

/// What is read of collections.
#[Object]
impl CollectionReads {
    /// A collection, whether or not shoppers may see it; null if there is none with this id.
    #[graphql(guard = "may::<ProductsRead>", visible = "seen::<ProductsRead>")]
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminCollection> {
        Nullable::run(async {
            let by = ctx.permit::<ProductsRead>()?;
            let Some(id) = gid::decode::<CollectionId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.collections.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(AdminCollection))
        })
        .await
    }

    /// What a collection holds, in its own order, whether or not shoppers may see it; empty if there is none with this id.
    #[graphql(guard = "may::<ProductsRead>", visible = "seen::<ProductsRead>")]
    async fn collection_products(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's global id.")] collection_id: ID,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminProduct>, ApiError> {
        let by = ctx.permit::<ProductsRead>()?;
        let args = PageArgs { after, before, first, last };
        let admin = &ctx.services().admin;
        let held = match gid::decode::<CollectionId>(&collection_id)? {
            Some(id) => admin.collections.products(&by, id).await?,
            None => Vec::new(),
        };
        let page: Connection<ProductId> = page_of(&held, false, &args, |id| id.uuid(), |at| held[at])?;
        let wanted: Vec<ProductId> = page.edges.iter().map(|edge| edge.node).collect();
        let found = admin.products.find_all(&by, &wanted).await?;
        let found = all(ctx, &by, found).await?;
        let mut found: HashMap<_, _> = found.into_iter().map(|of| (of.identity(), of)).collect();
        let info = PageInfo { has_previous: page.has_previous, has_next: page.has_next };
        let edges = page.edges.into_iter().filter_map(|Edge { cursor, node }| {
            let node = found.remove(&node)?;
            Some(Edge { cursor, node })
        });
        Ok(Connection::new(edges.collect(), info))
    }

    /// Collections, whether or not shoppers may see them. Without `query` all of them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<ProductsRead>", visible = "seen::<ProductsRead>")]
    async fn collections(
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
        #[graphql(default_with = "CollectionSortKeys::Id", desc = "By what they are listed.")]
        sort_key: CollectionSortKeys,
    ) -> Result<Connection<AdminCollection>, ApiError> {
        let by = ctx.permit::<ProductsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let exponent = ctx.services().context().settings().currency.exponent();
        let query = match query {
            Some(query) => SearchQuery::parse(&query, exponent)
                .map_err(|_| ApiError::bad_input("query is too long or too deeply nested."))?,
            None => SearchQuery::All,
        };
        let listing = CollectionsListing { sort: sort_key.into(), reverse, query };
        let collections = &ctx.services().admin.collections;
        let page = collections.list(&by, &listing, &request).await?;
        let found = collections.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |collection| collection.id, AdminCollection))
    }
}
