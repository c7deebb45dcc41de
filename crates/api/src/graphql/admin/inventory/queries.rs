//! Stock under `admin`.

use super::{AdminInventoryItem, AdminInventoryLevel, AdminLocation};
use crate::graphql::{
    ApiError, Request,
    admin::access::{Acting, may, seen},
    cart::inputs::bounded,
    scalars::{Gid, gid},
};
use async_graphql::{Context, ID, Object};
use stoa_domain::{access::grants::InventoryRead, shared::VariantId};

/// What is read of stock.
#[derive(Clone, Copy, Debug, Default)]
pub struct InventoryReads;

/// What is read of stock.
#[Object]
impl InventoryReads {
    /// What there is of variants, in the order of the ids; those that are unknown are left out.
    #[graphql(guard = "may::<InventoryRead>", visible = "seen::<InventoryRead>")]
    async fn inventory_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids of the variants, 250 at most.")] variant_ids: Vec<ID>,
    ) -> Result<Vec<AdminInventoryItem>, ApiError> {
        let by = ctx.permit::<InventoryRead>()?;
        bounded("variantIds", &variant_ids)?;
        let mut variants = Vec::with_capacity(variant_ids.len());
        for id in &variant_ids {
            variants.extend(gid::decode::<VariantId>(id)?);
        }
        let stock = &ctx.services().admin.stock;
        let policies = stock.policies(&by, &variants).await?;
        let levels = stock.levels(&by, &variants).await?;
        let item = |id: &VariantId| {
            let policy = policies.get(id)?;
            let levels = levels.get(id).into_iter().flatten();
            Some(AdminInventoryItem {
                backorder_limit: policy.backorder_limit,
                levels: levels.map(|level| AdminInventoryLevel::new(*id, *level)).collect(),
                tracked: policy.tracked,
                variant_id: Gid(*id),
            })
        };
        Ok(variants.iter().filter_map(item).collect())
    }

    /// The places that hold stock, in the order in which it is taken from them.
    #[graphql(guard = "may::<InventoryRead>", visible = "seen::<InventoryRead>")]
    async fn locations(&self, ctx: &Context<'_>) -> Result<Vec<AdminLocation>, ApiError> {
        let by = ctx.permit::<InventoryRead>()?;
        Ok(ctx.services().admin.stock.locations(&by).await?.into_iter().map(Into::into).collect())
    }
}
