//! `giftCardAdjust`, `…Create`, `…Disable`, `…Update`, `storeCreditAdjust`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        gift_cards::{
            AdminGiftCard, GiftCardAdjustInput, GiftCardCreateInput, GiftCardUpdateInput, GiftCardUserError,
            StoreCreditAdjustInput, amount_of, refusal,
        },
    },
    cart::InputPath,
    scalars::gid,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use std::fmt;
use stoa_domain::{
    access::grants::GiftCardsWrite,
    shared::{CustomerId, GiftCardId},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::gift_card::StaffGiftCard;
use stoa_services::admin::{GiftCardAdjustment, GiftCardError, StoreCreditAdjustment};

/// What came of `giftCardCreate`.
#[derive(Clone, Default, SimpleObject)]
pub struct GiftCardCreatePayload {
    /// Its code, in fours: told here and nowhere again. Null if it was refused, and to a repeat.
    pub code: Option<String>,
    /// The card; null if it was refused.
    pub gift_card: Option<AdminGiftCard>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<GiftCardUserError>,
}

/// Hides the code.
impl fmt::Debug for GiftCardCreatePayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GiftCardCreatePayload({:?} {:?})", self.gift_card, self.user_errors)
    }
}

/// What came of a change of a gift card, or of store credit.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct GiftCardPayload {
    /// The card as it is now; null if it was refused.
    pub gift_card: Option<AdminGiftCard>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<GiftCardUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct GiftCardMutations;

/// Writes gift cards and store credit.
#[Object]
impl GiftCardMutations {
    /// Puts something on a gift card, or takes something off. The same key again changes nothing.
    #[graphql(guard = "may::<GiftCardsWrite>", visible = "seen::<GiftCardsWrite>")]
    async fn gift_card_adjust(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to go onto it, or off it.")] input: GiftCardAdjustInput,
    ) -> Nullable<GiftCardPayload> {
        Nullable::run(async { Box::pin(adjust(ctx, input)).await.map(Some) }).await
    }

    /// Makes a gift card, and tells its code: once. Whoever loses it makes another card and disables this one.
    #[graphql(guard = "may::<GiftCardsWrite>", visible = "seen::<GiftCardsWrite>")]
    async fn gift_card_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The card to be.")] input: GiftCardCreateInput,
    ) -> Nullable<GiftCardCreatePayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Has nothing be paid with a gift card any more. What is on it stays on it; what is refunded onto it later switches it on again. Again changes
    /// nothing.
    #[graphql(guard = "may::<GiftCardsWrite>", visible = "seen::<GiftCardsWrite>")]
    async fn gift_card_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The card's global id.")] id: ID,
    ) -> Nullable<GiftCardPayload> {
        Nullable::run(async { Box::pin(disable(ctx, &id)).await.map(Some) }).await
    }

    /// Changes what is said of a gift card, and leaves the rest.
    #[graphql(guard = "may::<GiftCardsWrite>", visible = "seen::<GiftCardsWrite>")]
    async fn gift_card_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: GiftCardUpdateInput,
    ) -> Nullable<GiftCardPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }

    /// Gives a customer something to spend, or takes some of it back. They have one credit a currency. The same key again changes nothing.
    #[graphql(guard = "may::<GiftCardsWrite>", visible = "seen::<GiftCardsWrite>")]
    async fn store_credit_adjust(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they are to have more, or less.")] input: StoreCreditAdjustInput,
    ) -> Nullable<GiftCardPayload> {
        Nullable::run(async { Box::pin(give(ctx, input)).await.map(Some) }).await
    }
}

fn at() -> InputPath {
    InputPath::argument("input")
}

fn refused(error: GiftCardUserError) -> GiftCardPayload {
    GiftCardPayload { user_errors: vec![error], ..Default::default() }
}

fn written(
    done: Result<StaffGiftCard, GiftCardError>,
    named: (&InputPath, &InputPath),
) -> Result<GiftCardPayload, ApiError> {
    Ok(match done {
        Ok(card) => GiftCardPayload { gift_card: Some(AdminGiftCard(card)), user_errors: Vec::new() },
        Err(error) => refused(refusal(error, named)?),
    })
}

async fn create(ctx: &Context<'_>, input: GiftCardCreateInput) -> Result<GiftCardCreatePayload, ApiError> {
    let by = ctx.permit::<GiftCardsWrite>()?;
    let refused = |error| GiftCardCreatePayload { user_errors: vec![error], ..Default::default() };
    let draft = match input.read(&at()) {
        Ok(draft) => draft,
        Err(error) => return Ok(refused(error)),
    };
    Ok(match ctx.services().admin.gift_cards.create(&by, &draft).await {
        Ok(made) => GiftCardCreatePayload {
            code: made.code.map(|code| code.grouped()),
            gift_card: Some(AdminGiftCard(made.card)),
            user_errors: Vec::new(),
        },
        Err(error) => refused(refusal(error, (&InputPath::default(), &at()))?),
    })
}

async fn update(ctx: &Context<'_>, input: GiftCardUpdateInput) -> Result<GiftCardPayload, ApiError> {
    let by = ctx.permit::<GiftCardsWrite>()?;
    let version = input.version;
    let done = match gid::decode::<GiftCardId>(&input.id)? {
        Some(id) => ctx.services().admin.gift_cards.update(&by, (id, version), &input.read()).await,
        None => Err(GiftCardError::NotFound),
    };
    written(done, (&at().field("id"), &at()))
}

async fn disable(ctx: &Context<'_>, id: &ID) -> Result<GiftCardPayload, ApiError> {
    let by = ctx.permit::<GiftCardsWrite>()?;
    let done = match gid::decode::<GiftCardId>(id)? {
        Some(id) => ctx.services().admin.gift_cards.disable(&by, id).await,
        None => Err(GiftCardError::NotFound),
    };
    written(done, (&InputPath::argument("id"), &InputPath::default()))
}

async fn adjust(ctx: &Context<'_>, input: GiftCardAdjustInput) -> Result<GiftCardPayload, ApiError> {
    let by = ctx.permit::<GiftCardsWrite>()?;
    let amount = match amount_of(&input.amount, &at()) {
        Ok(amount) => amount,
        Err(error) => return Ok(refused(error)),
    };
    let done = match gid::decode::<GiftCardId>(&input.id)? {
        Some(card) => {
            let asked = GiftCardAdjustment { card, amount, key: input.idempotency_key };
            ctx.services().admin.gift_cards.adjust(&by, &asked).await
        }
        None => Err(GiftCardError::NotFound),
    };
    written(done, (&at().field("id"), &at()))
}

async fn give(ctx: &Context<'_>, input: StoreCreditAdjustInput) -> Result<GiftCardPayload, ApiError> {
    let by = ctx.permit::<GiftCardsWrite>()?;
    let amount = match amount_of(&input.amount, &at()) {
        Ok(amount) => amount,
        Err(error) => return Ok(refused(error)),
    };
    let done = match gid::decode::<CustomerId>(&input.customer_id)? {
        Some(customer) => {
            let asked = StoreCreditAdjustment { customer, amount, key: input.idempotency_key };
            ctx.services().admin.gift_cards.adjust_credit(&by, &asked).await
        }
        None => Err(GiftCardError::NoCustomer),
    };
    written(done, (&at().field("customerId"), &at()))
}
