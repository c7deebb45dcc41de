//! `marketCreate`, `…Update`, `…Delete`, `exchangeRatesSet`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        prices::{
            AdminExchangeRate, AdminMarket, ExchangeRateInput, MarketCreateInput, MarketUpdateInput,
            PriceUserError, market_refusal, rates_refusal,
        },
    },
    cart::{InputPath, inputs::bounded},
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::PricesWrite, market::Market, shared::MarketId};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::Kept;
use stoa_services::admin::MarketError;

/// What came of a change of a market.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct MarketPayload {
    /// The market as it is now; null if it was refused.
    pub market: Option<AdminMarket>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// What came of `marketDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct MarketDeletePayload {
    /// The global id of the market that is gone; null if it was refused.
    pub deleted_market_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// What came of `exchangeRatesSet`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct ExchangeRatesSetPayload {
    /// All rates there are now, by currency; null if it was refused.
    pub exchange_rates: Option<Vec<AdminExchangeRate>>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PriceUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct MarketMutations;

/// Writes markets and exchange rates.
#[Object]
impl MarketMutations {
    /// Sets exchange rates, and takes those away that are null; others stay. Carts in those currencies cost what they cost by them from then on,
    /// orders keep the rate they were placed at.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn exchange_rates_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rates, one a currency.")] rates: Vec<ExchangeRateInput>,
    ) -> Nullable<ExchangeRatesSetPayload> {
        Nullable::run(async { Box::pin(set_rates(ctx, rates)).await.map(Some) }).await
    }

    /// Makes a market. Its countries leave the shop's own.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn market_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The market to be.")] input: MarketCreateInput,
    ) -> Nullable<MarketPayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a market away. Its countries are in the shop's own from then on; orders keep their prices.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn market_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The market's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<MarketDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Changes what is said of a market, and leaves the rest. Carts of its countries cost what they cost there from then on.
    #[graphql(guard = "may::<PricesWrite>", visible = "seen::<PricesWrite>")]
    async fn market_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: MarketUpdateInput,
    ) -> Nullable<MarketPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: MarketCreateInput) -> Result<MarketPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    bounded("countries", &input.countries)?;
    let at = InputPath::argument("input");
    let draft = match input.read(&at)? {
        Ok(draft) => draft,
        Err(refusal) => return Ok(refused(refusal)),
    };
    written(ctx.services().admin.markets.create(&by, &draft).await, &at)
}

async fn update(ctx: &Context<'_>, input: MarketUpdateInput) -> Result<MarketPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    if let Some(countries) = &input.countries {
        bounded("countries", countries)?;
    }
    let (at, version) = (InputPath::argument("input"), input.version);
    let Some(id) = gid::decode::<MarketId>(&input.id)? else {
        return written(Err(MarketError::NotFound), &at);
    };
    let patch = match input.read(&at)? {
        Ok(patch) => patch,
        Err(refusal) => return Ok(refused(refusal)),
    };
    written(ctx.services().admin.markets.update(&by, (id, version), &patch).await, &at)
}

fn refused(refusal: PriceUserError) -> MarketPayload {
    MarketPayload { user_errors: vec![refusal], ..Default::default() }
}

fn written(done: Result<Kept<Market>, MarketError>, at: &InputPath) -> Result<MarketPayload, ApiError> {
    Ok(match done {
        Ok(kept) => MarketPayload { market: Some(AdminMarket(kept)), user_errors: Vec::new() },
        Err(error) => refused(market_refusal(error, (&at.field("id"), at))?),
    })
}

async fn delete(ctx: &Context<'_>, id: &ID, version: Option<i64>) -> Result<MarketDeletePayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    let deleted = match gid::decode::<MarketId>(id)? {
        Some(id) => ctx.services().admin.markets.delete(&by, id, version).await.map(|()| id),
        None => Err(MarketError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => {
            MarketDeletePayload { deleted_market_id: Some(ID(Gid(id).text())), user_errors: Vec::new() }
        }
        Err(error) => {
            let refusal = market_refusal(error, (&InputPath::argument("id"), &InputPath::default()))?;
            MarketDeletePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

async fn set_rates(
    ctx: &Context<'_>,
    rates: Vec<ExchangeRateInput>,
) -> Result<ExchangeRatesSetPayload, ApiError> {
    let by = ctx.permit::<PricesWrite>()?;
    bounded("rates", &rates)?;
    let refused = |refusal| ExchangeRatesSetPayload { user_errors: vec![refusal], ..Default::default() };
    let list = InputPath::argument("rates");
    let said = rates.into_iter().enumerate().map(|(index, rate)| rate.read(&list.entry(index)));
    let said = match said.collect::<Result<Vec<_>, _>>() {
        Ok(said) => said,
        Err(refusal) => return Ok(refused(refusal)),
    };
    Ok(match ctx.services().admin.exchange_rates.set(&by, &said).await {
        Ok(rates) => ExchangeRatesSetPayload {
            exchange_rates: Some(rates.into_iter().map(AdminExchangeRate).collect()),
            user_errors: Vec::new(),
        },
        Err(error) => refused(rates_refusal(error)?),
    })
}
