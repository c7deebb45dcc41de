//! Gift cards under `admin`.

use super::{AdminGiftCard, AdminGiftCardEntry};
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
    access::grants::GiftCardsRead,
    shared::{GiftCardId, page::PageInfo},
};
use stoa_graphql_http::Nullable;
use stoa_persistence::gift_card::GiftCardsListing;
use stoa_services::admin::parse_gift_card_search;

/// What is read of gift cards.
#[derive(Clone, Copy, Debug, Default)]
pub struct GiftCardReads;

/// What is read of gift cards.
#[Object]
impl GiftCardReads {
    /// A gift card, or a customer's store credit; null if there is none with this id.
    #[graphql(guard = "may::<GiftCardsRead>", visible = "seen::<GiftCardsRead>")]
    async fn gift_card(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its global id.")] id: ID,
    ) -> Nullable<AdminGiftCard> {
        Nullable::run(async {
            let by = ctx.permit::<GiftCardsRead>()?;
            let Some(id) = gid::decode::<GiftCardId>(&id)? else { return Ok::<_, ApiError>(None) };
            let found = ctx.services().admin.gift_cards.find_all(&by, &[id]).await?;
            Ok(found.into_iter().next().map(AdminGiftCard))
        })
        .await
    }

    /// What has gone onto a gift card and off it, the first of it first unless asked otherwise. It sums to what is on the card.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<GiftCardsRead>", visible = "seen::<GiftCardsRead>")]
    async fn gift_card_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "The card's global id.")] gift_card_id: ID,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(default = false, desc = "Whether the latest come first.")] reverse: bool,
    ) -> Result<Connection<AdminGiftCardEntry>, ApiError> {
        let by = ctx.permit::<GiftCardsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let cards = &ctx.services().admin.gift_cards;
        let none = || Connection::new(Vec::new(), PageInfo::default());
        let Some(id) = gid::decode::<GiftCardId>(&gift_card_id)? else { return Ok(none()) };
        let found = cards.find_all(&by, &[id]).await?.into_iter().next();
        let Some(currency) = found.map(|of| of.card.currency) else { return Ok(none()) };
        let page = cards.ledger(&by, id, (&request, reverse)).await?;
        Ok(Connection::of(&page, |kept| AdminGiftCardEntry::new(kept.clone(), currency)))
    }

    /// Gift cards and store credit, in the order in which they were made. Without `query` all of them.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(guard = "may::<GiftCardsRead>", visible = "seen::<GiftCardsRead>")]
    async fn gift_cards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many from the front, at most 250.")] first: Option<i32>,
        #[graphql(desc = "How many from the back, at most 250.")] last: Option<i32>,
        #[graphql(
            desc = "The last four characters of a code, and conditions, all of which must hold: `last:`, `kind:` (card or credit), `state:` (enabled or disabled), `customer_id:`. Whole codes find nothing."
        )]
        query: Option<String>,
        #[graphql(default = false, desc = "Whether the latest come first.")] reverse: bool,
    ) -> Result<Connection<AdminGiftCard>, ApiError> {
        let by = ctx.permit::<GiftCardsRead>()?;
        let request = PageArgs { after, before, first, last }.request()?;
        let listing = GiftCardsListing { reverse, ..GiftCardsListing::default() };
        let listing = match query {
            Some(query) => parse_gift_card_search(&query, listing)
                .map_err(|error| ApiError::bad_input(format!("query: {error}.")))?,
            None => listing,
        };
        let cards = &ctx.services().admin.gift_cards;
        let page = cards.list(&by, &listing, &request).await?;
        let found = cards.find_all(&by, &ids(&page)).await?;
        Ok(filled(&page, found, |of| of.card.id, AdminGiftCard))
    }
}
