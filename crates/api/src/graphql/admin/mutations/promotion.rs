//! `promotionCreate`, `…Update`, `…Activate`, `…Deactivate`, `…Archive`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        promotions::{AdminPromotion, PromotionInput, PromotionUserError, Unread, promotion_refusal},
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{
    access::grants::PromotionsWrite,
    shared::{Currency, PromotionId},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::{pricing::Kept, promotion::StaffPromotion};
use stoa_services::admin::PromotionError;

/// What came of a change of a promotion.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionPayload {
    /// The promotion as it is now; null if it was refused.
    pub promotion: Option<AdminPromotion>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PromotionUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct PromotionMutations;

/// Writes promotions.
#[Object]
impl PromotionMutations {
    /// Puts a promotion into use: from its start to its end, or from now on. 1,000 are in use at a time, at most. One that is in use stays so.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_activate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<PromotionPayload> {
        Nullable::run(async { Box::pin(switch(ctx, (&id, version), To::Active)).await.map(Some) }).await
    }

    /// Puts a promotion away for good: nobody changes it any more, and the orders that have it keep it. One that is archived stays so.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<PromotionPayload> {
        Nullable::run(async { Box::pin(switch(ctx, (&id, version), To::Archived)).await.map(Some) }).await
    }

    /// Makes a promotion, as a draft: `promotionActivate` puts it into use.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion to be.")] promotion: Box<PromotionInput>,
    ) -> Nullable<PromotionPayload> {
        Nullable::run(async { Box::pin(create(ctx, promotion)).await.map(Some) }).await
    }

    /// Takes a promotion out of use: it is a draft then. Orders that have it keep it. One that is a draft stays so.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_deactivate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<PromotionPayload> {
        Nullable::run(async { Box::pin(switch(ctx, (&id, version), To::Draft)).await.map(Some) }).await
    }

    /// Makes something else of a promotion: all of it is written anew. Whether it is in use stays as it is, what was used of it stays used, and
    /// orders that have it keep what it took off.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion's global id.")] id: ID,
        #[graphql(desc = "What it is to be, all of it.")] promotion: Box<PromotionInput>,
        #[graphql(desc = "The version that was read: somebody else's change is not written over.")]
        version: i64,
    ) -> Nullable<PromotionPayload> {
        Nullable::run(async { Box::pin(update(ctx, (&id, version), promotion)).await.map(Some) }).await
    }
}

/// What a promotion is switched to.
enum To {
    Active,
    Archived,
    Draft,
}

async fn create(ctx: &Context<'_>, promotion: Box<PromotionInput>) -> Result<PromotionPayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    let (shop, input) = (currency(ctx), InputPath::argument("promotion"));
    let draft = match promotion.read(shop, &input) {
        Ok(draft) => draft,
        Err(unread) => return refused(unread),
    };
    written(ctx.services().admin.promotions.create(&by, &draft).await, shop)
}

async fn update(
    ctx: &Context<'_>,
    (id, version): (&ID, i64),
    promotion: Box<PromotionInput>,
) -> Result<PromotionPayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    let (shop, input) = (currency(ctx), InputPath::argument("promotion"));
    let Some(id) = gid::decode::<PromotionId>(id)? else {
        return written(Err(PromotionError::NotFound), shop);
    };
    let draft = match promotion.read(shop, &input) {
        Ok(draft) => draft,
        Err(unread) => return refused(unread),
    };
    written(ctx.services().admin.promotions.update(&by, (id, version), &draft).await, shop)
}

async fn switch(
    ctx: &Context<'_>,
    (id, version): (&ID, Option<i64>),
    to: To,
) -> Result<PromotionPayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    let shop = currency(ctx);
    let Some(id) = gid::decode::<PromotionId>(id)? else {
        return written(Err(PromotionError::NotFound), shop);
    };
    let promotions = &ctx.services().admin.promotions;
    let done = match to {
        To::Active => promotions.activate(&by, id, version).await,
        To::Archived => promotions.archive(&by, id, version).await,
        To::Draft => promotions.deactivate(&by, id, version).await,
    };
    written(done, shop)
}

fn written(
    done: Result<Kept<StaffPromotion>, PromotionError>,
    shop: Currency,
) -> Result<PromotionPayload, ApiError> {
    Ok(match done {
        Ok(kept) => {
            PromotionPayload { promotion: Some(AdminPromotion::new(kept, shop)), user_errors: Vec::new() }
        }
        Err(error) => {
            let refusal = promotion_refusal(error, &InputPath::argument("promotion"))?;
            PromotionPayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

fn refused(unread: Unread) -> Result<PromotionPayload, ApiError> {
    match unread {
        Unread::Refused(refusal) => Ok(PromotionPayload { user_errors: vec![refusal], ..Default::default() }),
        Unread::Failed(error) => Err(error),
    }
}

fn currency(ctx: &Context<'_>) -> Currency {
    ctx.services().context().settings().currency
}
