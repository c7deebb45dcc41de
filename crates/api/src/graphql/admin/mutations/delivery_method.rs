//! `deliveryMethodCreate`, `…Update`, `…Delete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        delivery::{
            AdminDeliveryMethod, DeliveryMethodCreateInput, DeliveryMethodUpdateInput, DeliveryUserError,
            Unread, method_refusal,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::DeliveryWrite,
    delivery::DeliveryMethod,
    shared::{Currency, DeliveryMethodId},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::{Kept, Switched};
use stoa_services::admin::DeliveryMethodError;

/// What came of a change of a way of delivering.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct DeliveryMethodPayload {
    /// The method as it is now; null if it was refused.
    pub delivery_method: Option<AdminDeliveryMethod>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<DeliveryUserError>,
}

/// What came of `deliveryMethodDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct DeliveryMethodDeletePayload {
    /// The global id of the method that is gone; null if it was refused.
    pub deleted_delivery_method_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<DeliveryUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryMethodMutations;

/// Writes ways of delivering.
#[Object]
impl DeliveryMethodMutations {
    /// Makes a way of delivering, which carts are offered from then on. The first takes the place of the one of the configuration.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_method_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The method to be.")] input: DeliveryMethodCreateInput,
    ) -> Nullable<DeliveryMethodPayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a way of delivering away. Carts that had chosen it choose anew; orders keep its name.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_method_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The method's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<DeliveryMethodDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Changes what is said of a way of delivering, and leaves the rest. Carts are offered it so from then on; orders keep what they were placed with.
    #[graphql(guard = "may::<DeliveryWrite>", visible = "seen::<DeliveryWrite>")]
    async fn delivery_method_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: DeliveryMethodUpdateInput,
    ) -> Nullable<DeliveryMethodPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(
    ctx: &Context<'_>,
    input: DeliveryMethodCreateInput,
) -> Result<DeliveryMethodPayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    bounded("rates", &input.rates)?;
    let (at, shop) = (InputPath::argument("input"), currency(ctx));
    match input.read(shop, &at) {
        Ok(draft) => written(ctx.services().admin.delivery_methods.create(&by, &draft).await, shop, &at),
        Err(unread) => refused(unread),
    }
}

async fn update(
    ctx: &Context<'_>,
    input: DeliveryMethodUpdateInput,
) -> Result<DeliveryMethodPayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    bounded("rates", input.rates.as_deref().unwrap_or_default())?;
    let (at, version, shop) = (InputPath::argument("input"), input.version, currency(ctx));
    let Some(id) = gid::decode::<DeliveryMethodId>(&input.id)? else {
        return written(Err(DeliveryMethodError::NotFound), shop, &at);
    };
    match input.read(shop, &at) {
        Ok(patch) => {
            let done = ctx.services().admin.delivery_methods.update(&by, (id, version), &patch).await;
            written(done, shop, &at)
        }
        Err(unread) => refused(unread),
    }
}

fn refused(unread: Unread) -> Result<DeliveryMethodPayload, ApiError> {
    match unread {
        Unread::Refused(refusal) => {
            Ok(DeliveryMethodPayload { user_errors: vec![refusal], ..Default::default() })
        }
        Unread::Failed(error) => Err(error),
    }
}

fn written(
    done: Result<Kept<Switched<DeliveryMethod>>, DeliveryMethodError>,
    shop: Currency,
    at: &InputPath,
) -> Result<DeliveryMethodPayload, ApiError> {
    match done {
        Ok(kept) => Ok(DeliveryMethodPayload {
            delivery_method: Some(AdminDeliveryMethod(kept, shop)),
            user_errors: Vec::new(),
        }),
        Err(error) => refused(Unread::Refused(method_refusal(error, (&at.field("id"), at))?)),
    }
}

async fn delete(
    ctx: &Context<'_>,
    id: &ID,
    version: Option<i64>,
) -> Result<DeliveryMethodDeletePayload, ApiError> {
    let by = ctx.permit::<DeliveryWrite>()?;
    let deleted = match gid::decode::<DeliveryMethodId>(id)? {
        Some(id) => ctx.services().admin.delivery_methods.delete(&by, id, version).await.map(|()| id),
        None => Err(DeliveryMethodError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => DeliveryMethodDeletePayload {
            deleted_delivery_method_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            let refusal = method_refusal(error, (&InputPath::argument("id"), &InputPath::default()))?;
            DeliveryMethodDeletePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

fn currency(ctx: &Context<'_>) -> Currency {
    ctx.services().context().settings().currency
}
