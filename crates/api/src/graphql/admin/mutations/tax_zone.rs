//! `taxZoneCreate`, `…Update`, `…Delete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        taxes::{AdminTaxZone, TaxUserError, TaxZoneCreateInput, TaxZoneUpdateInput, Unread, zone_refusal},
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::TaxesWrite, shared::TaxZoneId, tax::TaxZone};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::Kept;
use stoa_services::admin::TaxZoneError;

/// What came of a change of a tax zone.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct TaxZonePayload {
    /// The zone as it is now; null if it was refused.
    pub tax_zone: Option<AdminTaxZone>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<TaxUserError>,
}

/// What came of `taxZoneDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct TaxZoneDeletePayload {
    /// The global id of the zone that is gone; null if it was refused.
    pub deleted_tax_zone_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<TaxUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxZoneMutations;

/// Writes tax zones.
#[Object]
impl TaxZoneMutations {
    /// Makes a tax zone. Of its level it counts wherever it fits most closely, from then on.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_zone_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The zone to be.")] input: TaxZoneCreateInput,
    ) -> Nullable<TaxZonePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a tax zone away with its rates. Orders keep their taxes.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_zone_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The zone's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<TaxZoneDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Changes what is said of a tax zone, and leaves the rest. Rates that are given are all it has then. Carts are taxed by them from then on; orders keep their taxes.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_zone_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: TaxZoneUpdateInput,
    ) -> Nullable<TaxZonePayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: TaxZoneCreateInput) -> Result<TaxZonePayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    bounded("postalRanges", &input.postal_ranges)?;
    bounded("provinces", &input.provinces)?;
    bounded("rates", &input.rates)?;
    let at = InputPath::argument("input");
    match input.read(&at) {
        Ok(draft) => written(ctx.services().admin.tax_zones.create(&by, &draft).await, &at),
        Err(unread) => refused(unread),
    }
}

async fn update(ctx: &Context<'_>, input: TaxZoneUpdateInput) -> Result<TaxZonePayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    bounded("postalRanges", input.postal_ranges.as_deref().unwrap_or_default())?;
    bounded("provinces", input.provinces.as_deref().unwrap_or_default())?;
    bounded("rates", input.rates.as_deref().unwrap_or_default())?;
    let (at, version) = (InputPath::argument("input"), input.version);
    let Some(id) = gid::decode::<TaxZoneId>(&input.id)? else {
        return written(Err(TaxZoneError::NotFound), &at);
    };
    match input.read(&at) {
        Ok(patch) => written(ctx.services().admin.tax_zones.update(&by, (id, version), &patch).await, &at),
        Err(unread) => refused(unread),
    }
}

fn refused(unread: Unread) -> Result<TaxZonePayload, ApiError> {
    match unread {
        Unread::Refused(refusal) => Ok(TaxZonePayload { user_errors: vec![refusal], ..Default::default() }),
        Unread::Failed(error) => Err(error),
    }
}

fn written(done: Result<Kept<TaxZone>, TaxZoneError>, at: &InputPath) -> Result<TaxZonePayload, ApiError> {
    match done {
        Ok(kept) => Ok(TaxZonePayload { tax_zone: Some(AdminTaxZone(kept)), user_errors: Vec::new() }),
        Err(error) => refused(Unread::Refused(zone_refusal(error, (&at.field("id"), at))?)),
    }
}

async fn delete(ctx: &Context<'_>, id: &ID, version: Option<i64>) -> Result<TaxZoneDeletePayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    let deleted = match gid::decode::<TaxZoneId>(id)? {
        Some(id) => ctx.services().admin.tax_zones.delete(&by, id, version).await.map(|()| id),
        None => Err(TaxZoneError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => {
            TaxZoneDeletePayload { deleted_tax_zone_id: Some(ID(Gid(id).text())), user_errors: Vec::new() }
        }
        Err(error) => {
            let refusal = zone_refusal(error, (&InputPath::argument("id"), &InputPath::default()))?;
            TaxZoneDeletePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}
