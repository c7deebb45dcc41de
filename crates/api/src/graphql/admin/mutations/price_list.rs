//! `priceListCreate`, `…Update`, `…Delete`, `priceListPricesSet`, `…Remove`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        prices::{
            AdminListPrice, AdminPriceList, PriceListCreateInput, PriceListPriceInput,
            PriceListPriceKeyInput, PriceListUpdateInput, PriceUserError, price_list_refusal,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::PricesWrite, pricing::PriceList, shared::PriceListId};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::{Kept, Switched};
use stoa_services::admin::{NewListPrice, PriceListError};

/// What came of a change of a price list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PriceListPayload {
    /// The list as it is now; null if it was refused.
    pub price_list: Option<AdminPriceList>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// What came of `priceListDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PriceListDeletePayload {
    /// The global id of the list that is gone; null if it was refused.
    pub deleted_price_list_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// What came of `priceListPricesSet`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PriceListPricesSetPayload {
    /// All that the list fixes for those variants now; null if it was refused.
    pub prices: Option<Vec<AdminListPrice>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// What came of `priceListPricesRemove`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PriceListPricesRemovePayload {
    /// How many prices were fixed; null if it was refused.
    pub removed_prices: Option<i64>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct PriceListMutations;

/// Writes price lists.
#[Object]
impl PriceListMutations {
    /// Makes a price list, which fixes nothing yet.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn price_list_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list to be.")] input: PriceListCreateInput,
    ) -> Nullable<PriceListPayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a price list away with all that it fixes. Orders keep their prices.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn price_list_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<PriceListDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Fixes prices of a list no more. Those that it does not fix are passed over.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn price_list_prices_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list's global id.")] id: ID,
        #[graphql(desc = "Which prices, 250 at most.")] prices: Vec<PriceListPriceKeyInput>,
    ) -> Nullable<PriceListPricesRemovePayload> {
        Nullable::run(async { Box::pin(remove(ctx, &id, &prices)).await.map(Some) }).await
    }

    /// Fixes prices of a list; others that it fixes stay. All lists of a shop fix 400,000 prices at most.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn price_list_prices_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The list's global id.")] id: ID,
        #[graphql(desc = "The prices, 250 at most.")] prices: Vec<PriceListPriceInput>,
    ) -> Nullable<PriceListPricesSetPayload> {
        Nullable::run(async { Box::pin(set(ctx, &id, &prices)).await.map(Some) }).await
    }

    /// Changes what is said of a price list, and leaves the rest and what it fixes.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn price_list_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: PriceListUpdateInput,
    ) -> Nullable<PriceListPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: PriceListCreateInput) -> Result<PriceListPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    bounded("customerGroupIds", &input.customer_group_ids)?;
    let at = InputPath::argument("input");
    let draft = match input.read(&at)? {
        Ok(draft) => draft,
        Err(refusal) => return Ok(refused(refusal)),
    };
    written(ctx.services().admin.price_lists.create(&by, &draft).await, &at)
}

async fn update(ctx: &Context<'_>, input: PriceListUpdateInput) -> Result<PriceListPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    if let Some(groups) = &input.customer_group_ids {
        bounded("customerGroupIds", groups)?;
    }
    let (at, version) = (InputPath::argument("input"), input.version);
    let Some(id) = gid::decode::<PriceListId>(&input.id)? else {
        return written(Err(PriceListError::NotFound), &at);
    };
    let patch = match input.read(&at)? {
        Ok(patch) => patch,
        Err(refusal) => return Ok(refused(refusal)),
    };
    written(ctx.services().admin.price_lists.update(&by, (id, version), &patch).await, &at)
}

fn refused(refusal: PriceUserError) -> PriceListPayload {
    PriceListPayload { user_errors: vec![refusal], ..Default::default() }
}

fn written(
    done: Result<Kept<Switched<PriceList>>, PriceListError>,
    at: &InputPath,
) -> Result<PriceListPayload, ApiError> {
    Ok(match done {
        Ok(kept) => PriceListPayload { price_list: Some(AdminPriceList(kept)), user_errors: Vec::new() },
        Err(error) => refused(price_list_refusal(error, (&at.field("id"), at))?),
    })
}

/// A refusal of a list that is named by the argument `id`.
fn of_argument(error: PriceListError) -> Result<PriceUserError, ApiError> {
    price_list_refusal(error, (&InputPath::argument("id"), &InputPath::default()))
}

async fn delete(
    ctx: &Context<'_>,
    id: &ID,
    version: Option<i64>,
) -> Result<PriceListDeletePayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    let deleted = match gid::decode::<PriceListId>(id)? {
        Some(id) => ctx.services().admin.price_lists.delete(&by, id, version).await.map(|()| id),
        None => Err(PriceListError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => PriceListDeletePayload {
            deleted_price_list_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => PriceListDeletePayload { user_errors: vec![of_argument(error)?], ..Default::default() },
    })
}

async fn set(
    ctx: &Context<'_>,
    id: &ID,
    prices: &[PriceListPriceInput],
) -> Result<PriceListPricesSetPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    bounded("prices", prices)?;
    let refused = |refusal| PriceListPricesSetPayload { user_errors: vec![refusal], ..Default::default() };
    let list = InputPath::argument("prices");
    let mut new: Vec<NewListPrice> = Vec::with_capacity(prices.len());
    for (index, price) in prices.iter().enumerate() {
        match price.read(&list.entry(index))? {
            Ok(price) => new.push(price),
            Err(refusal) => return Ok(refused(refusal)),
        }
    }
    let currency = new.first().map(|price| price.price.currency);
    let fixed = match gid::decode::<PriceListId>(id)? {
        Some(id) => ctx.services().admin.price_lists.set(&by, id, &new).await,
        None => Err(PriceListError::NotFound),
    };
    Ok(match (fixed, currency) {
        // All of them are in the list's currency.
        (Ok(fixed), Some(currency)) => PriceListPricesSetPayload {
            prices: Some(fixed.iter().map(|price| AdminListPrice::new(price, currency)).collect()),
            user_errors: Vec::new(),
        },
        (Ok(_), None) => PriceListPricesSetPayload::default(),
        (Err(error), _) => refused(of_argument(error)?),
    })
}

async fn remove(
    ctx: &Context<'_>,
    id: &ID,
    prices: &[PriceListPriceKeyInput],
) -> Result<PriceListPricesRemovePayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    bounded("prices", prices)?;
    let mut keys = Vec::with_capacity(prices.len());
    for price in prices {
        // What can be no variant of ours has no price.
        keys.extend(price.read()?);
    }
    let removed = match gid::decode::<PriceListId>(id)? {
        Some(_) if keys.is_empty() && !prices.is_empty() => Ok(0),
        Some(id) => ctx.services().admin.price_lists.remove(&by, id, &keys).await,
        None => Err(PriceListError::NotFound),
    };
    Ok(match removed {
        Ok(count) => PriceListPricesRemovePayload {
            removed_prices: Some(i64::try_from(count).unwrap_or(i64::MAX)),
            user_errors: Vec::new(),
        },
        Err(error) => {
            PriceListPricesRemovePayload { user_errors: vec![of_argument(error)?], ..Default::default() }
        }
    })
}
