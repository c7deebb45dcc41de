//! What of promotions was used before: asked once a request, for all of them together.

use super::{Counted, ShopRules, buyer_keys};
use crate::Context;
use std::collections::BTreeSet;
use stoa_domain::{
    pricing::{BuyerFacts, CodeKey, Condition, EnteredCode, Method, Promotion, Standing},
    shared::{Fault, PromotionId, Timestamp},
};
use stoa_persistence::{order, promotion};

/// What was used of the codes that were entered, of their promotions, and of automatic promotions that are limited. One statement where
/// there is a code or a limit, none otherwise.
pub(super) async fn read(
    ctx: &Context,
    rules: &ShopRules,
    entered: &[EnteredCode],
) -> Result<Standing, Fault> {
    let (needs, data) = (rules.rules.needs(), rules.rules.data());
    if entered.is_empty() && !needs.standing {
        return Ok(Standing::default());
    }
    let codes: Vec<CodeKey> = entered.iter().map(|code| code.key.clone()).collect();
    let limited = data
        .promotions
        .iter()
        .filter(|promotion| promotion.method == Method::Automatic && data.limited.contains(&promotion.id));
    let limited: Vec<PromotionId> = limited.map(|promotion| promotion.id).collect();
    promotion::standing(ctx.db().read(), &codes, &limited).await
}

/// Adds what this buyer has used, and whether they have ordered before, as far as promotions that may apply ask for it; and gives what tells the
/// buyer from others. A statement for each of the two, none of a buyer of whom nothing is known.
pub(super) async fn of_buyer(
    ctx: &Context,
    rules: &ShopRules,
    counted: &Counted,
    (standing, buyer): (&mut Standing, &mut BuyerFacts),
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let entered: BTreeSet<PromotionId> = standing.codes.values().map(|code| code.promotion).collect();
    let may_apply = |promotion: &&Promotion| {
        promotion.active(now) && (promotion.method == Method::Automatic || entered.contains(&promotion.id))
    };
    let asking: Vec<&Promotion> = rules.rules.data().promotions.iter().filter(may_apply).collect();
    let by_buyer: Vec<PromotionId> = asking
        .iter()
        .filter(|promotion| promotion.per_buyer.is_some())
        .map(|promotion| promotion.id)
        .collect();
    let first: Vec<PromotionId> = asking
        .iter()
        .filter(|promotion| promotion.definition.conditions.contains(&Condition::FirstOrder))
        .map(|promotion| promotion.id)
        .collect();
    if !buyer.is_known || (by_buyer.is_empty() && first.is_empty()) {
        return Ok(Vec::new());
    }
    let keys = buyer_keys(ctx, counted).await?;
    let asked: Vec<PromotionId> = by_buyer.iter().chain(&first).copied().collect();
    let used = promotion::used_by(ctx.db().read(), &asked, &keys).await?;
    if !first.is_empty() {
        // What the order will be refused for was used up by one of the buyer's names, be the earlier order found under it or not.
        let taken = used.iter().any(|(promotion, used)| *used > 0 && first.contains(promotion));
        let ordered = order::has_ordered(ctx.db().read(), counted.customer, &counted.addresses).await?;
        buyer.first_order = Some(!ordered && !taken);
    }
    for (promotion, used) in used {
        standing.promotions.entry(promotion).or_default().by_buyer = used;
    }
    Ok(keys)
}
