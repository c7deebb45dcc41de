//! What a promotion would do to a cart at a moment, and why others do nothing there.

use super::{PreviewError, PromotionDraft};
use crate::{
    Context,
    cart::{CartView, with_promotion},
    pricing::Whose,
};
use std::{collections::HashMap, sync::Arc};
use stoa_domain::{
    access::{Permit, grants::PromotionsRead},
    pricing::{Preview, Promotion, Used, Verdict, preview},
    shared::{CartId, CartLineId, Currency, PromotionId, Timestamp},
};
use stoa_persistence::{
    pricing::Kept,
    promotion::{self, Limits, PromotionState, StaffPromotion},
};

/// What is asked about.
#[derive(Clone, Debug)]
pub enum PromotionInQuestion {
    /// One that is there, in use or not.
    Stored(PromotionId),
    /// One that is there as it would be, or one that is not.
    Draft(Option<PromotionId>, Box<PromotionDraft>),
}

/// What a promotion would do to a cart.
#[derive(Clone, Debug)]
pub struct PromotionPreview {
    /// The cart without it and with it.
    pub preview: Preview,
    /// What becomes of each promotion that was weighed, with the promotion where it is there.
    pub verdicts: Vec<(Verdict, Option<Kept<StaffPromotion>>)>,
    /// The cart's lines, in the order in which they were priced.
    pub lines: Vec<CartLineId>,
    /// What it is priced in.
    pub currency: Currency,
}

/// Says what promotions would do.
pub struct PreviewPromotion(pub(crate) Arc<Context>);

impl PreviewPromotion {
    /// Prices a cart twice: with the shop's rules without a promotion, and with it switched on, at a moment or now. Taxes are those of the shop's
    /// own rules: nobody outside of the house is asked. Nothing is written.
    ///
    /// # Errors
    /// There is no such cart or promotion, or the promotion cannot be as it is written.
    #[tracing::instrument(name = "promotion.preview", skip_all)]
    pub async fn run(
        &self,
        _by: &Permit<PromotionsRead>,
        (cart, at): (CartId, Option<Timestamp>),
        question: &PromotionInQuestion,
    ) -> Result<PromotionPreview, PreviewError> {
        let (ctx, now) = (&*self.0, self.0.now());
        let (promotion, limits) = self.in_question(question).await?;
        let cart = ctx.ports.carts.load(cart, now).await?.ok_or(PreviewError::NoCart)?;
        // As its buyer sees it, whoever asks.
        let whose = Whose::buyer_of(&cart);
        let at = at.unwrap_or(now);
        let view = Box::pin(with_promotion(ctx, cart, &whose, (&promotion, limits.any()), at)).await?;
        let preview = compare(&view, &promotion, limits)?;
        let verdicts = preview.verdicts();
        let ids: Vec<PromotionId> = verdicts.iter().map(|verdict| verdict.promotion).collect();
        let known = promotion::find_all(ctx.db().read(), &ids).await?;
        let mut known: HashMap<PromotionId, Kept<StaffPromotion>> =
            known.into_iter().map(|kept| (kept.rule.promotion.id, kept)).collect();
        Ok(PromotionPreview {
            verdicts: verdicts.into_iter().map(|one| (one, known.remove(&one.promotion))).collect(),
            lines: view.lines.iter().map(|line| line.line.id).collect(),
            currency: preview.after.currency,
            preview,
        })
    }

    async fn in_question(&self, question: &PromotionInQuestion) -> Result<(Promotion, Limits), PreviewError> {
        let (ctx, read) = (&self.0, self.0.db().read());
        let of = match question {
            PromotionInQuestion::Stored(id) => {
                promotion::find(read, *id).await?.ok_or(PreviewError::NotFound)?.rule
            }
            PromotionInQuestion::Draft(None, draft) => {
                draft.checked(PromotionId::new(ctx.ports.ids.id()), ctx.settings.currency)?
            }
            PromotionInQuestion::Draft(Some(id), draft) => {
                let known = promotion::find(read, *id).await?.ok_or(PreviewError::NotFound)?;
                let state: PromotionState = known.rule.state;
                StaffPromotion { state, ..draft.checked(*id, ctx.settings.currency)? }
            }
        };
        Ok((of.promotion, of.limits))
    }
}

/// The cart without the promotion and with it, of which there is as much left as these limits leave of it.
fn compare(view: &CartView, promotion: &Promotion, limits: Limits) -> Result<Preview, PreviewError> {
    let lines = view.shown();
    let reckoning = view.reckoning(&lines);
    let mut inputs = reckoning.inputs.clone();
    if limits.any() {
        let used = inputs.standing.promotions.get(&promotion.id).copied().unwrap_or_default();
        let used = Used { most: limits.most, budget: limits.budget, ..used };
        inputs.standing.promotions.insert(promotion.id, used);
    } else if let Some(used) = inputs.standing.promotions.get_mut(&promotion.id) {
        *used = Used { by_buyer: used.by_buyer, ..Used::default() };
    }
    let reckoning = crate::pricing::Reckoning { inputs: &inputs, ..reckoning };
    reckoning.ask(|input| preview(input, promotion)).map_err(PreviewError::from)
}
