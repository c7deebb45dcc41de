//! `pricingSettingsUpdate`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        pricing_settings::{PricingSettings, PricingSettingsUpdateInput, PricingSettingsUserError, refusal},
    },
    cart::{InputPath, inputs::bounded},
};
use async_graphql::{Context, Object, SimpleObject};
use stoa_domain::access::grants::TaxesWrite;
use stoa_graphql_http::Nullable;

/// What came of `pricingSettingsUpdate`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PricingSettingsPayload {
    /// What the shop has decided now; null if it was refused.
    pub pricing_settings: Option<PricingSettings>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<PricingSettingsUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct PricingSettingsUpdate;

/// Changes what a shop has decided about money.
#[Object]
impl PricingSettingsUpdate {
    /// Changes what the shop has decided about money once, and leaves the rest. Carts cost what they cost by it from then on; orders keep what they
    /// were placed for.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn pricing_settings_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: Box<PricingSettingsUpdateInput>,
    ) -> Nullable<PricingSettingsPayload> {
        Nullable::run(async { Box::pin(update(ctx, *input)).await.map(Some) }).await
    }
}

async fn update(
    ctx: &Context<'_>,
    input: PricingSettingsUpdateInput,
) -> Result<PricingSettingsPayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    bounded("originCountries", input.origin_countries.as_deref().unwrap_or_default())?;
    let (at, version) = (InputPath::argument("input"), input.version);
    let refused = |error| PricingSettingsPayload { user_errors: vec![error], ..Default::default() };
    let patch = match input.read(&at) {
        Ok(patch) => patch,
        Err(error) => return Ok(refused(error)),
    };
    Ok(match ctx.services().admin.pricing_decisions.update(&by, version, &patch).await {
        Ok(settings) => PricingSettingsPayload {
            pricing_settings: Some(PricingSettings(settings)),
            user_errors: Vec::new(),
        },
        Err(error) => refused(refusal(error, &at)?),
    })
}
