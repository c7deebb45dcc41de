//! `deliveryZoneCreate`, `…Update`, `…Delete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        delivery::{
            AdminDeliveryZone, DeliveryUserError, DeliveryZoneCreateInput, DeliveryZoneUpdateInput, Unread,
            zone_refusal,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::DeliveryWrite, delivery::DeliveryZone, shared::DeliveryZoneId};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::Kept;
use stoa_services::admin::DeliveryZoneError;

/// What came of a change of a delivery zone.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct DeliveryZonePayload {
    /// The zone as it is now; null if it was refused.
    pub delivery_zone: Option<AdminDeliveryZone>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<DeliveryUserError>,
}

/// What came of `deliveryZoneDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct DeliveryZoneDeletePayload {
    /// The global id of the zone that is gone; null if it was refused.
    pub deleted_delivery_zone_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<DeliveryUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryZoneMutations;

/// Writes delivery zones.
#[Object]
impl DeliveryZoneMutations {
    /// Makes a delivery zone. Whoever it fits most closely is offered its ways of delivering, and no other zone's, from then on.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_zone_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The zone to be.")] input: DeliveryZoneCreateInput,
    ) -> Nullable<DeliveryZonePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a delivery zone away that nothing is delivered to any more.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_zone_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The zone's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<DeliveryZoneDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Changes what is said of a delivery zone, and leaves the rest. Carts are offered what is on offer at their address from then on.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_zone_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: DeliveryZoneUpdateInput,
    ) -> Nullable<DeliveryZonePayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: DeliveryZoneCreateInput) -> Result<DeliveryZonePayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    bounded("countries", &input.countries)?;
    bounded("postalRanges", &input.postal_ranges)?;
    bounded("provinces", &input.provinces)?;
    let at = InputPath::argument("input");
    match input.read(&at) {
        Ok(draft) => written(ctx.services().admin.delivery_zones.create(&by, &draft).await, &at),
        Err(unread) => refused(unread),
    }
}

async fn update(ctx: &Context<'_>, input: DeliveryZoneUpdateInput) -> Result<DeliveryZonePayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    bounded("countries", input.countries.as_deref().unwrap_or_default())?;
    bounded("postalRanges", input.postal_ranges.as_deref().unwrap_or_default())?;
    bounded("provinces", input.provinces.as_deref().unwrap_or_default())?;
    let (at, version) = (InputPath::argument("input"), input.version);
    let Some(id) = gid::decode::<DeliveryZoneId>(&input.id)? else {
        return written(Err(DeliveryZoneError::NotFound), &at);
    };
    match input.read(&at) {
        Ok(patch) => {
            written(ctx.services().admin.delivery_zones.update(&by, (id, version), &patch).await, &at)
        }
        Err(unread) => refused(unread),
    }
}

fn refused(unread: Unread) -> Result<DeliveryZonePayload, ApiError> {
    match unread {
        Unread::Refused(refusal) => {
            Ok(DeliveryZonePayload { user_errors: vec![refusal], ..Default::default() })
        }
        Unread::Failed(error) => Err(error),
    }
}

fn written(
    done: Result<Kept<DeliveryZone>, DeliveryZoneError>,
    at: &InputPath,
) -> Result<DeliveryZonePayload, ApiError> {
    match done {
        Ok(kept) => {
            Ok(DeliveryZonePayload { delivery_zone: Some(AdminDeliveryZone(kept)), user_errors: Vec::new() })
        }
        Err(error) => refused(Unread::Refused(zone_refusal(error, (&at.field("id"), at))?)),
    }
}

async fn delete(
    ctx: &Context<'_>,
    id: &ID,
    version: Option<i64>,
) -> Result<DeliveryZoneDeletePayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    let deleted = match gid::decode::<DeliveryZoneId>(id)? {
        Some(id) => ctx.services().admin.delivery_zones.delete(&by, id, version).await.map(|()| id),
        None => Err(DeliveryZoneError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => DeliveryZoneDeletePayload {
            deleted_delivery_zone_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            let refusal = zone_refusal(error, (&InputPath::argument("id"), &InputPath::default()))?;
            DeliveryZoneDeletePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}
