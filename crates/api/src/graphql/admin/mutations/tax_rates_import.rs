//! `taxRatesImport`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        taxes::{TaxRatesImport, TaxRatesImportInput, TaxRatesSourceInput, TaxUserError, import_refusals},
    },
    cart::InputPath,
};
use async_graphql::{Context, Object, SimpleObject};
use stoa_domain::access::grants::TaxesWrite;
use stoa_graphql_http::Nullable;

/// What came of `taxRatesImport`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct TaxRatesImportPayload {
    /// What came of it; null if it was refused.
    pub import: Option<TaxRatesImport>,
    /// Why it was refused, one error a line of the table that cannot be so, the first fifty; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<TaxUserError>,
}

/// The mutation.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxRatesImportMutation;

/// Imports tables of rates.
#[Object]
impl TaxRatesImportMutation {
    /// Brings a table of tax rates in: all of it, or nothing. Rates of the same country, province, postal codes and level are one zone; one that the shop has
    /// already gets these rates and no others, and keeps its name and priority. Zones that the table does not name stay as they are, and categories that are
    /// not there are made. The same table again changes nothing.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_rates_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The table.")] input: TaxRatesImportInput,
    ) -> Nullable<TaxRatesImportPayload> {
        Nullable::run(async { Box::pin(import(ctx, input)).await.map(Some) }).await
    }
}

async fn import(ctx: &Context<'_>, input: TaxRatesImportInput) -> Result<TaxRatesImportPayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    let source = match &input.source {
        TaxRatesSourceInput::Csv(_) => "csv",
        TaxRatesSourceInput::Preset(_) => "preset",
    };
    let at = InputPath::argument("input").field("source").field(source);
    let done = ctx.services().admin.tax_zones.import(&by, &input.source.into(), input.dry_run).await;
    Ok(match done {
        Ok(done) => TaxRatesImportPayload {
            import: Some(TaxRatesImport::new(&done, input.dry_run)),
            user_errors: Vec::new(),
        },
        Err(error) => {
            TaxRatesImportPayload { user_errors: import_refusals(error, &at)?, ..Default::default() }
        }
    })
}
