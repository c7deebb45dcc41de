//! Price lists, markets and exchange rates under `admin`.

use super::{AdminExchangeRate, AdminListPrice, AdminMarket, AdminPriceList, AdminVariantPrices};
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
    },
    paging::{Connection, PageArgs},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object};
use stoa_domain::{
    access::grants::PricesRead,
    shared::{PriceListId, page::PageInfo},
};
use stoa_graphql_http::Nullable;

/// What is read of prices.
#[derive(Clone, Copy, Debug, Default)]
pub struct PriceReads;

/// What is read of prices.
#[Object]
impl PriceReads {
    /// What the shop's currency is worth in others, by currency.
    #[graphql(guard = "may::<PricesRead>", visible = "seen::<PricesRead>")]
    async fn exchange_rates(&self, ctx: &Context<'_>) -> Result<Vec<AdminExchangeRate>, ApiError> {
        let by = ctx.permit::<PricesRead>()?;
        let rates = ctx.services().admin.exchange_rates.list(&by).await?;
        Ok(rates.into_iter().map(AdminExchangeRate).collect())
    }

    /// The markets, by name. The shop's own, which all other countries are in, is not among them.
    #[graphql(guard = "may::<PricesRead>", visible = "seen::<PricesRead>")]
    async fn markets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminMarket>, ApiError> {
        let by = ctx.permit::<PricesRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let markets = &ctx.services().admin.markets;
        let page = markets.list(&by, &request).await?;
        let found = markets.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |kept| kept.rule.id, AdminMarket))
    }

    /// A price list; null if there is none with this id.
    #[graphql(guard = "may::<PricesRead>", visible = "seen::<PricesRead>")]
    async fn price_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminPriceList> {
        Nullable::run(async {
            let by = ctx.permit::<PricesRead>()?;
            let Some(id) = gid::decode::<PriceListId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.price_lists.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(AdminPriceList))
        })
        .await
    }

    /// What a list fixes, variant by variant.
    #[graphql(guard = "may::<PricesRead>", visible = "seen::<PricesRead>")]
    async fn price_list_prices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "The list's global id.")] price_list_id: ID,
    ) -> Result<Connection<AdminVariantPrices>, ApiError> {
        let by = ctx.permit::<PricesRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let lists = &ctx.services().admin.price_lists;
        let none = || Connection::new(Vec::new(), PageInfo::default());
        let Some(id) = gid::decode::<PriceListId>(&price_list_id)? else { return Ok(none()) };
        let found = lists.find_all(&by, &[id]).await?.into_iter().next();
        let Some(currency) = found.map(|kept| kept.rule.rule.currency) else { return Ok(none()) };
        let page = lists.variants(&by, id, &request).await?;
        let prices = lists.prices(&by, id, &ids(&page)).await?;
        Ok(Connection::of(&page, |variant| AdminVariantPrices {
            prices: prices
                .iter()
                .filter(|price| price.variant == *variant)
                .map(|price| AdminListPrice::new(price, currency))
                .collect(),
            variant_id: Gid(*variant),
        }))
    }

    /// The price lists, by name.
    #[graphql(guard = "may::<PricesRead>", visible = "seen::<PricesRead>")]
    async fn price_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminPriceList>, ApiError> {
        let by = ctx.permit::<PricesRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let lists = &ctx.services().admin.price_lists;
        let page = lists.list(&by, &request).await?;
        let found = lists.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |kept| kept.rule.rule.id, AdminPriceList))
    }
}
