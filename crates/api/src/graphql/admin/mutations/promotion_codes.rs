//! `promotionCodesAdd`, `…Generate`, `…Disable`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        promotions::{
            AdminPromotionCode, PromotionCodeBatch, PromotionErrorCode, PromotionUserError, codes_refusal,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::gid,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use stoa_domain::{
    access::grants::PromotionsWrite,
    pricing::CodeKey,
    shared::{CodeBatchId, PromotionId},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::promotion::CodesToDisable;
use stoa_services::admin::{CodeToAdd, CodesError, CodesWanted};

/// A code to be.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionCodeInput {
    /// As buyers are to type it, 64 characters at most; it begins with a letter or a digit. In any letter case it is the same one.
    pub code: String,
    /// On how many orders it may be used; null: on any number.
    pub uses: Option<i64>,
}

/// Codes to be made in bulk.
#[derive(Clone, Debug, InputObject)]
pub struct PromotionCodesGenerateInput {
    /// How many, 250,000 at most.
    pub count: i64,
    /// Makes the request safe to repeat: 1 to 255 characters, another for each batch that is wanted.
    pub idempotency_key: String,
    /// How many characters that nobody guesses, 8 to 32: letters and digits that are not taken for each other.
    #[graphql(default = 12)]
    pub length: u32,
    /// What all of them begin with, 32 characters at most.
    #[graphql(default)]
    pub prefix: String,
    /// On how many orders each may be used; null: on any number.
    pub uses: Option<i64>,
}

/// What came of `promotionCodesAdd`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionCodesAddPayload {
    /// The new codes, in the order in which they were given; null if they were refused.
    pub codes: Option<Vec<AdminPromotionCode>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PromotionUserError>,
}

/// What came of `promotionCodesGenerate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionCodesGeneratePayload {
    /// What was asked for, and how many there are by now; null if it was refused.
    pub batch: Option<PromotionCodeBatch>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PromotionUserError>,
}

/// What came of `promotionCodesDisable`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PromotionCodesDisablePayload {
    /// How many were on; null if it was refused.
    pub disabled_codes: Option<i64>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PromotionUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct PromotionCodeMutations;

/// Writes codes of promotions.
#[Object]
impl PromotionCodeMutations {
    /// Gives a promotion codes: all of them, or none where one is there already. No two promotions have the same code.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_codes_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The codes, 250 at most.")] codes: Vec<PromotionCodeInput>,
        #[graphql(desc = "The promotion's global id.")] promotion_id: ID,
    ) -> Nullable<PromotionCodesAddPayload> {
        Nullable::run(async { Box::pin(add(ctx, &promotion_id, codes)).await.map(Some) }).await
    }

    /// Switches codes of a promotion off for good: those that are named, or all of a batch. Those that are no codes of its are passed over;
    /// orders that have one keep what it took off.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_codes_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of a batch, instead of codes.")] batch_id: Option<ID>,
        #[graphql(desc = "The codes, in any letter case, 250 at most.")] codes: Option<Vec<String>>,
        #[graphql(desc = "The promotion's global id.")] promotion_id: ID,
    ) -> Nullable<PromotionCodesDisablePayload> {
        Nullable::run(async { Box::pin(disable(ctx, &promotion_id, (batch_id, codes))).await.map(Some) })
            .await
    }

    /// Has codes made for a promotion, by a job: `promotionCodeBatches` says how far it has come. The same key again asks for nothing more.
    #[graphql(guard = "may::<PromotionsWrite>", visible = "seen::<PromotionsWrite>")]
    async fn promotion_codes_generate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which codes.")] input: PromotionCodesGenerateInput,
        #[graphql(desc = "The promotion's global id.")] promotion_id: ID,
    ) -> Nullable<PromotionCodesGeneratePayload> {
        Nullable::run(async { Box::pin(generate(ctx, &promotion_id, input)).await.map(Some) }).await
    }
}

async fn add(
    ctx: &Context<'_>,
    promotion: &ID,
    codes: Vec<PromotionCodeInput>,
) -> Result<PromotionCodesAddPayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    bounded("codes", &codes)?;
    let new: Vec<CodeToAdd> =
        codes.into_iter().map(|of| CodeToAdd { code: of.code, uses: of.uses }).collect();
    let added = match gid::decode::<PromotionId>(promotion)? {
        Some(id) => ctx.services().admin.promotion_codes.add(&by, id, &new).await,
        None => Err(CodesError::NotFound),
    };
    Ok(match added {
        Ok(codes) => PromotionCodesAddPayload {
            codes: Some(codes.into_iter().map(AdminPromotionCode).collect()),
            user_errors: Vec::new(),
        },
        Err(error) => {
            let refusal = codes_refusal(error, &InputPath::default())?;
            PromotionCodesAddPayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

async fn generate(
    ctx: &Context<'_>,
    promotion: &ID,
    input: PromotionCodesGenerateInput,
) -> Result<PromotionCodesGeneratePayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    let wanted = CodesWanted {
        count: input.count,
        prefix: input.prefix,
        length: input.length,
        uses: input.uses,
        key: input.idempotency_key,
    };
    let asked = match gid::decode::<PromotionId>(promotion)? {
        Some(id) => ctx.services().admin.promotion_codes.generate(&by, id, &wanted).await,
        None => Err(CodesError::NotFound),
    };
    Ok(match asked {
        Ok(batch) => {
            PromotionCodesGeneratePayload { batch: Some(PromotionCodeBatch(batch)), user_errors: Vec::new() }
        }
        Err(error) => {
            let refusal = codes_refusal(error, &InputPath::argument("input"))?;
            PromotionCodesGeneratePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

async fn disable(
    ctx: &Context<'_>,
    promotion: &ID,
    (batch, codes): (Option<ID>, Option<Vec<String>>),
) -> Result<PromotionCodesDisablePayload, ApiError> {
    let by = ctx.permit::<PromotionsWrite>()?;
    let refused = |refusal| PromotionCodesDisablePayload { user_errors: vec![refusal], ..Default::default() };
    let which = match (batch, codes) {
        (Some(batch), None) => gid::decode::<CodeBatchId>(&batch)?.map(CodesToDisable::Batch),
        (None, Some(codes)) => {
            bounded("codes", &codes)?;
            Some(CodesToDisable::These(codes.iter().filter_map(|code| CodeKey::of(code)).collect()))
        }
        (None, None) | (Some(_), Some(_)) => {
            let message = "Either codes are named, or a batch.";
            let at = InputPath::argument("codes");
            return Ok(refused(PromotionUserError::new(PromotionErrorCode::Invalid, at, message)));
        }
    };
    let disabled = match (gid::decode::<PromotionId>(promotion)?, which) {
        (None, _) => Err(CodesError::NotFound),
        (Some(_), None) => Err(CodesError::NoBatch),
        (Some(id), Some(which)) => ctx.services().admin.promotion_codes.disable(&by, id, &which).await,
    };
    Ok(match disabled {
        Ok(count) => PromotionCodesDisablePayload {
            disabled_codes: Some(i64::try_from(count).unwrap_or(i64::MAX)),
            user_errors: Vec::new(),
        },
        Err(error) => refused(codes_refusal(error, &InputPath::default())?),
    })
}
