//! Delivery zones and ways of delivering under `admin`.

use super::{AdminDeliveryMethod, AdminDeliveryZone};
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
use stoa_domain::{
    access::grants::DeliveryRead,
    shared::{DeliveryMethodId, DeliveryZoneId},
};
use stoa_graphql_http::Nullable;

/// What is read of delivery.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryReads;

/// What is read of delivery.
#[Object]
impl DeliveryReads {
    /// A way of delivering; null if there is none with this id.
    #[graphql(guard = "may::<DeliveryRead>", visible = "seen::<DeliveryRead>")]
    async fn delivery_method(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminDeliveryMethod> {
        Nullable::run(async {
            let by = ctx.permit::<DeliveryRead>()?;
            let Some(id) = gid::decode::<DeliveryMethodId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.delivery_methods.find_all(&by, &[id]).await?;
            let currency = ctx.services().context().settings().currency;
            Ok(found.into_iter().next().map(|kept| AdminDeliveryMethod(kept, currency)))
        })
        .await
    }

    /// The ways of delivering, in the order in which buyers are offered them.
    #[graphql(guard = "may::<DeliveryRead>", visible = "seen::<DeliveryRead>")]
    async fn delivery_methods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminDeliveryMethod>, ApiError> {
        let by = ctx.permit::<DeliveryRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let methods = &ctx.services().admin.delivery_methods;
        let page = methods.list(&by, &request).await?;
        let found = methods.find_all(&by, &ids(&page)).await?;
        let currency = ctx.services().context().settings().currency;
        Ok(filled(&page, found, |kept| kept.rule.rule.id, |kept| AdminDeliveryMethod(kept, currency)))
    }

    /// A delivery zone; null if there is none with this id.
    #[graphql(guard = "may::<DeliveryRead>", visible = "seen::<DeliveryRead>")]
    async fn delivery_zone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminDeliveryZone> {
        Nullable::run(async {
            let by = ctx.permit::<DeliveryRead>()?;
            let Some(id) = gid::decode::<DeliveryZoneId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.delivery_zones.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(AdminDeliveryZone))
        })
        .await
    }

    /// The delivery zones, in the order in which they were made.
    #[graphql(guard = "may::<DeliveryRead>", visible = "seen::<DeliveryRead>")]
    async fn delivery_zones(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
    ) -> Result<Connection<AdminDeliveryZone>, ApiError> {
        let by = ctx.permit::<DeliveryRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let zones = &ctx.services().admin.delivery_zones;
        let page = zones.list(&by, &request).await?;
        let found = zones.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |kept| kept.rule.id, AdminDeliveryZone))
    }
}
