//! `taxCategoryCreate`, `…Update`, `…Delete`.

use crate::graphql::{
    ApiError, Request,
    admin::{
        access::{Acting, may, seen},
        taxes::{
            AdminTaxCategory, TaxCategoryCreateInput, TaxCategoryUpdateInput, TaxUserError, category_refusal,
        },
    },
    cart::InputPath,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use stoa_domain::{access::grants::TaxesWrite, shared::TaxCategoryId, tax::TaxCategory};
use stoa_graphql_http::Nullable;
use stoa_persistence::pricing::Kept;
use stoa_services::admin::TaxCategoryError;

/// What came of a change of a tax category.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct TaxCategoryPayload {
    /// The category as it is now; null if it was refused.
    pub tax_category: Option<AdminTaxCategory>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<TaxUserError>,
}

/// What came of `taxCategoryDelete`.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct TaxCategoryDeletePayload {
    /// The global id of the category that is gone; null if it was refused.
    pub deleted_tax_category_id: Option<ID>,
    /// Why it was refused; empty if it was done. A refused mutation changes nothing.
    pub user_errors: Vec<TaxUserError>,
}

/// The mutations.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaxCategoryMutations;

/// Writes tax categories.
#[Object]
impl TaxCategoryMutations {
    /// Makes a tax category. Products and ways of delivering say that they are of it, and zones at which rate it is taxed.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_category_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category to be.")] input: TaxCategoryCreateInput,
    ) -> Nullable<TaxCategoryPayload> {
        Nullable::run(async { Box::pin(create(ctx, input)).await.map(Some) }).await
    }

    /// Takes a tax category away that nothing is of any more.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_category_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category's global id.")] id: ID,
        #[graphql(desc = "The version that was read; left out: whichever it is.")] version: Option<i64>,
    ) -> Nullable<TaxCategoryDeletePayload> {
        Nullable::run(async { Box::pin(delete(ctx, &id, version)).await.map(Some) }).await
    }

    /// Changes what is said of a tax category, and leaves the rest.
    #[graphql(guard = "may::<TaxesWrite>", visible = "seen::<TaxesWrite>")]
    async fn tax_category_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be other.")] input: TaxCategoryUpdateInput,
    ) -> Nullable<TaxCategoryPayload> {
        Nullable::run(async { Box::pin(update(ctx, input)).await.map(Some) }).await
    }
}

async fn create(ctx: &Context<'_>, input: TaxCategoryCreateInput) -> Result<TaxCategoryPayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    written(ctx.services().admin.tax_categories.create(&by, &input.read()).await)
}

async fn update(ctx: &Context<'_>, input: TaxCategoryUpdateInput) -> Result<TaxCategoryPayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    let version = input.version;
    let Some(id) = gid::decode::<TaxCategoryId>(&input.id)? else {
        return written(Err(TaxCategoryError::NotFound));
    };
    written(ctx.services().admin.tax_categories.update(&by, (id, version), &input.read()).await)
}

fn written(done: Result<Kept<TaxCategory>, TaxCategoryError>) -> Result<TaxCategoryPayload, ApiError> {
    let at = InputPath::argument("input");
    Ok(match done {
        Ok(kept) => {
            TaxCategoryPayload { tax_category: Some(AdminTaxCategory(kept)), user_errors: Vec::new() }
        }
        Err(error) => {
            let refusal = category_refusal(error, (&at.field("id"), &at))?;
            TaxCategoryPayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}

async fn delete(
    ctx: &Context<'_>,
    id: &ID,
    version: Option<i64>,
) -> Result<TaxCategoryDeletePayload, ApiError> {
    let by = ctx.permit::<TaxesWrite>()?;
    let deleted = match gid::decode::<TaxCategoryId>(id)? {
        Some(id) => ctx.services().admin.tax_categories.delete(&by, id, version).await.map(|()| id),
        None => Err(TaxCategoryError::NotFound),
    };
    Ok(match deleted {
        Ok(id) => TaxCategoryDeletePayload {
            deleted_tax_category_id: Some(ID(Gid(id).text())),
            user_errors: Vec::new(),
        },
        Err(error) => {
            let refusal = category_refusal(error, (&InputPath::argument("id"), &InputPath::default()))?;
            TaxCategoryDeletePayload { user_errors: vec![refusal], ..Default::default() }
        }
    })
}
