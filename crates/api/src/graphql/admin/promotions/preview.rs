//! What a promotion would do to a cart.

use super::{AdminPromotion, PromotionVerdict};
use crate::graphql::{
    MoneyV2, PriceCurrency,
    pricing::{PricingStep, sentence},
    scalars::Gid,
};
use async_graphql::SimpleObject;
use stoa_domain::{
    pricing::{Source, Step, StepKind},
    shared::Currency,
};
use stoa_services::admin;

/// A cart without a promotion, and with it. Taxes are those of the shop's own rules.
#[derive(Clone, Debug, SimpleObject)]
pub struct PromotionPreview {
    /// Those of the steps that are the promotion's own.
    pub applied: Vec<PricingStep>,
    /// What becomes of each promotion that was weighed: of all that are in use without a code, of those whose codes were entered, and of the one in
    /// question.
    pub promotions: Vec<PromotionVerdict>,
    /// How the total with the promotion comes about.
    pub steps: Vec<PricingStep>,
    /// What the cart costs with it.
    pub total_after: MoneyV2,
    /// What the cart costs without it.
    pub total_before: MoneyV2,
}

impl PromotionPreview {
    /// As the service has found it, for a shop of this currency.
    pub(super) fn of(found: admin::PromotionPreview, shop: Currency) -> Self {
        let admin::PromotionPreview { preview, verdicts, lines, currency } = found;
        let price = PriceCurrency::from(currency);
        let line = |at: usize| lines.get(at).map(|id| Gid(*id).text());
        let question = Source::Promotion(preview.promotion);
        let own = |step: &&Step| step.kind == StepKind::Promotion && step.source == Some(question);
        let steps = &preview.after.steps;
        let verdict = |(verdict, kept): (stoa_domain::pricing::Verdict, Option<_>)| PromotionVerdict {
            amount: price.of(verdict.amount),
            applies: verdict.why.is_none(),
            code: verdict.why.map(Into::into),
            message: verdict.why.map(|why| sentence(why, currency).into_owned()),
            promotion: kept.map(|kept| AdminPromotion::new(kept, shop)),
        };
        Self {
            applied: PricingStep::all(steps.iter().filter(own), price, line),
            promotions: verdicts.into_iter().map(verdict).collect(),
            steps: PricingStep::all(steps.iter(), price, line),
            total_after: price.of(preview.after.total),
            total_before: price.of(preview.before.total),
        }
    }
}
