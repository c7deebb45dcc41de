//! Where goods lie, for what is picked up and for deliveries by place.

use super::ShopRules;
use crate::Context;
use stoa_domain::{
    delivery::StockAt,
    shared::{Fault, VariantId},
};
use stoa_persistence::inventory;

/// What each place could send of these goods, in the order in which stock is taken from them; none where no rule asks. One statement.
pub(super) async fn read(
    ctx: &Context,
    rules: &ShopRules,
    variants: &[VariantId],
) -> Result<Vec<StockAt>, Fault> {
    if !rules.rules.needs().places || variants.is_empty() {
        return Ok(Vec::new());
    }
    inventory::stock_at(ctx.db().read(), variants).await
}
