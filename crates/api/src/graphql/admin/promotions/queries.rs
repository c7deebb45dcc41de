//! Promotions under `admin`.

use super::{
    AdminPromotion, AdminPromotionCode, PromotionCodeBatch, PromotionInput, PromotionPreview, PromotionState,
    Unread,
};
use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        moment::Moment,
        page::{filled, ids},
        place::within,
        refusals::sentence,
    },
    cart::InputPath,
    paging::{Connection, Edge, PageArgs},
    scalars::gid,
};
use async_graphql::{Context, ID, Object};
use std::collections::HashMap;
use stoa_domain::{
    access::grants::PromotionsRead,
    pricing::CodeKey,
    shared::{CartId, CodeBatchId, Currency, PromotionId, page::PageInfo},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::promotion::{CodesListing, PromotionsListing, StaffCode};
use stoa_services::admin::{InputRefusal, PreviewError, PromotionInQuestion};

/// What is read of promotions.
#[derive(Clone, Copy, Debug, Default)]
pub struct PromotionReads;

/// What is read of promotions.
#[Object]
impl PromotionReads {
    /// A promotion; null if there is none with this id.
    #[graphql(guard = "may::<PromotionsRead>", visible = "seen::<PromotionsRead>")]
    async fn promotion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminPromotion> {
        Nullable::run(async {
            let by = ctx.permit::<PromotionsRead>()?;
            let Some(id) = gid::decode::<PromotionId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.promotions.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(|kept| AdminPromotion::new(kept, currency(ctx))))
        })
        .await
    }

    /// What was asked for of a promotion's codes in bulk: the newest hundred, the newest first.
    #[graphql(guard = "may::<PromotionsRead>", visible = "seen::<PromotionsRead>")]
    async fn promotion_code_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The promotion's global id.")] promotion_id: ID,
    ) -> Result<Vec<PromotionCodeBatch>, ApiError> {
        let by = ctx.permit::<PromotionsRead>()?;
        let Some(id) = gid::decode::<PromotionId>(&promotion_id)? else { return Ok(Vec::new()) };
        let batches = ctx.services().admin.promotion_codes.batches(&by, id).await?;
        Ok(batches.into_iter().map(PromotionCodeBatch).collect())
    }

    /// The codes of a promotion, in alphabetical order.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<PromotionsRead>", visible = "seen::<PromotionsRead>")]
    async fn promotion_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only those of this batch, by its global id.")] batch_id: Option<ID>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "The promotion's global id.")] promotion_id: ID,
        #[graphql(desc = "What they begin with, in any letter case.")] query: Option<String>,
    ) -> Result<Connection<AdminPromotionCode>, ApiError> {
        let by = ctx.permit::<PromotionsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let none = || Connection::new(Vec::new(), PageInfo::default());
        let Some(promotion) = gid::decode::<PromotionId>(&promotion_id)? else { return Ok(none()) };
        let batch = match batch_id {
            None => None,
            Some(id) => match gid::decode::<CodeBatchId>(&id)? {
                Some(batch) => Some(batch),
                None => return Ok(none()),
            },
        };
        let listing = CodesListing { promotion, batch, beginning: query };
        let codes = &ctx.services().admin.promotion_codes;
        let page = codes.list(&by, &listing, &request).await?;
        let keys: Vec<CodeKey> = page.nodes().cloned().collect();
        let found = codes.find_all(&by, promotion, &keys).await?;
        let mut found: HashMap<CodeKey, StaffCode> =
            found.into_iter().map(|code| (code.key.clone(), code)).collect();
        let edges = page.rows.into_iter().filter_map(|row| {
            let code = found.remove(&row.node)?;
            Some(Edge { cursor: row.cursor, node: AdminPromotionCode(code) })
        });
        Ok(Connection::new(edges.collect(), page.info))
    }

    /// What a promotion would do to a cart: one that is there, in use or not, or one that is written here; with both, the one that is there as
    /// it is written here. A promotion that takes a code is looked at as if one were entered. Nothing is written. Null if there is no such
    /// cart or promotion.
    #[graphql(guard = "may::<PromotionsRead>", visible = "seen::<PromotionsRead>")]
    async fn promotion_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The moment at which it is asked; left out: now.")] at: Option<Moment>,
        #[graphql(desc = "The cart's global id.")] cart_id: ID,
        #[graphql(desc = "The promotion as it would be.")] promotion: Option<Box<PromotionInput>>,
        #[graphql(desc = "The global id of one that is there.")] promotion_id: Option<ID>,
    ) -> Nullable<PromotionPreview> {
        Nullable::run(async { Box::pin(preview(ctx, (&cart_id, at), (promotion_id, promotion))).await }).await
    }

    /// Promotions, in the order in which they were made.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<PromotionsRead>", visible = "seen::<PromotionsRead>")]
    async fn promotions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(desc = "What their titles have somewhere, in any letter case.")] query: Option<String>,
        #[graphql(default = false, desc = "Whether the newest come first.")] reverse: bool,
        #[graphql(desc = "Only those in this state.")] state: Option<PromotionState>,
    ) -> Result<Connection<AdminPromotion>, ApiError> {
        let by = ctx.permit::<PromotionsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let listing = PromotionsListing { state: state.map(Into::into), title: query, reverse };
        let promotions = &ctx.services().admin.promotions;
        let page = promotions.list(&by, &listing, &request).await?;
        let found = promotions.find_all(&by, &ids(&page)).await?;
        let shop = currency(ctx);
        let id = |kept: &stoa_persistence::pricing::Kept<stoa_persistence::promotion::StaffPromotion>| {
            kept.rule.promotion.id
        };
        Ok(filled(&page, found, id, |kept| AdminPromotion::new(kept, shop)))
    }
}

async fn preview(
    ctx: &Context<'_>,
    (cart, at): (&ID, Option<Moment>),
    (id, promotion): (Option<ID>, Option<Box<PromotionInput>>),
) -> Result<Option<PromotionPreview>, ApiError> {
    let by = ctx.permit::<PromotionsRead>()?;
    let shop = currency(ctx);
    let Some(cart) = gid::decode::<CartId>(cart)? else { return Ok(None) };
    let id = match id {
        None => None,
        Some(id) => match gid::decode::<PromotionId>(&id)? {
            Some(id) => Some(id),
            None => return Ok(None),
        },
    };
    let input = InputPath::argument("promotion");
    let question = match (id, promotion) {
        (id, Some(promotion)) => match promotion.read(shop, &input) {
            Ok(draft) => PromotionInQuestion::Draft(id, Box::new(draft)),
            Err(Unread::Refused(refusal)) => return Err(ApiError::bad_input(refusal.told())),
            Err(Unread::Failed(error)) => return Err(error),
        },
        (Some(id), None) => PromotionInQuestion::Stored(id),
        (None, None) => return Err(ApiError::bad_input("One of promotion and promotionId is needed.")),
    };
    let asked = ctx.services().admin.preview_promotion.run(&by, (cart, at.map(|at| at.0)), &question).await;
    match asked {
        Ok(found) => Ok(Some(PromotionPreview::of(found, shop))),
        Err(PreviewError::NoCart | PreviewError::NotFound) => Ok(None),
        Err(PreviewError::Refused(refusal)) => Err(ApiError::bad_input(told(&refusal, &input))),
        Err(PreviewError::Pricing(error)) => Err(ApiError::bad_input(sentence(error))),
        Err(PreviewError::Fault(fault)) => Err(fault.into()),
    }
}

/// A refusal in a place where there are no `userErrors`.
fn told(refusal: &InputRefusal, input: &InputPath) -> String {
    format!("{}: {}", within(input, &refusal.at).segments().join("."), sentence(refusal))
}

fn currency(ctx: &Context<'_>) -> Currency {
    ctx.services().context().settings().currency
}
