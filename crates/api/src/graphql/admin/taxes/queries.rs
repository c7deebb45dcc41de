//! Kinds of goods and tax zones under `admin`.

use super::{AdminTaxCategory, AdminTaxZone};
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        page::{filled, ids},
    },
    paging::{Connection, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use stoa_domain::{access::grants::TaxesRead, shared::TaxZoneId};
use stoa_graphql_http::Nullable;

/// What is read of taxes.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxReads;

/// What is read of taxes.
#[Object]
impl TaxReads {
    /// The tax categories, by code.
    #[graphql(guard = "may::<TaxesRead>", visible = "seen::<TaxesRead>")]
    async fn tax_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminTaxCategory>, ApiError> {
        let by = ctx.permit::<TaxesRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let categories = &ctx.services().admin.tax_categories;
        let page = categories.list(&by, &request).await?;
        let found = categories.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |kept| kept.rule.id, AdminTaxCategory))
    }

    /// A tax zone; null if there is none with this id.
    #[graphql(guard = "may::<TaxesRead>", visible = "seen::<TaxesRead>")]
    async fn tax_zone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminTaxZone> {
        Nullable::run(async {
            let by = ctx.permit::<TaxesRead>()?;
            let Some(id) = gid::decode::<TaxZoneId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.tax_zones.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(AdminTaxZone))
        })
        .await
    }

    /// The tax zones with their rates, in the order in which they were made.
    #[graphql(guard = "may::<TaxesRead>", visible = "seen::<TaxesRead>")]
    async fn tax_zones(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminTaxZone>, ApiError> {
        let by = ctx.permit::<TaxesRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let zones = &ctx.services().admin.tax_zones;
        let page = zones.list(&by, &request).await?;
        let found = zones.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |kept| kept.rule.id, AdminTaxZone))
    }
}
