//! What a promotion would do to a cart, and why it would not.

use super::{
    CodeStanding, EnteredCode, Method, PricedCart, PricingError, PricingInput, Promotion, Standing, Step,
    Why, price_cart,
};
use crate::shared::PromotionId;

/// A cart without a promotion, and with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The promotion in question.
    pub promotion: PromotionId,
    /// The cart without it.
    pub before: PricedCart,
    /// The cart with it.
    pub after: PricedCart,
}

/// What becomes of a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which.
    pub promotion: PromotionId,
    /// What it takes off, in minor units of the cart's currency.
    pub amount: i64,
    /// Why it does nothing; `None`: it takes something off, or puts something in.
    pub why: Option<Why>,
}

impl Preview {
    /// What becomes of each promotion that was weighed, in the order in which they were made.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |promotion, amount, why| Verdict { promotion, amount, why };
        let applied = self.after.applied.iter().map(|by| verdict(by.promotion, by.amount, None));
        let given = self.after.gifts_due.iter().map(|gift| verdict(gift.promotion, 0, None));
        let refused = self.after.refused.iter().map(|(promotion, why)| verdict(*promotion, 0, Some(*why)));
        let mut verdicts: Vec<Verdict> = applied.chain(given).chain(refused).collect();
        verdicts.sort_by_key(|verdict| verdict.promotion);
        verdicts
    }

    /// What becomes of the promotion in question.
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdicts().into_iter().find(|verdict| verdict.promotion == self.promotion)
    }
}

/// Prices a cart twice: with all rules but this promotion, and with it as it is written here, whether or not it is in use. One that needs a code is
/// looked at as if one of its codes were entered last. What counts is the input's moment: outside of its window it does nothing.
///
/// A draft has the id that it will have: what was made last does not outweigh what was there before.
///
/// # Errors
/// As with [`price_cart`].
pub fn preview(input: &PricingInput<'_>, promotion: &Promotion) -> Result<Preview, PricingError> {
    let without = input.rules.without(promotion.id);
    let before = price_cart(&PricingInput { rules: &without, ..*input })?;
    let rules = without.with(promotion.clone());
    let (codes, standing, own) = entered(input, promotion);
    let mut after =
        price_cart(&PricingInput { rules: &rules, codes: &codes, standing: &standing, ..*input })?;
    if let Some(own) = own {
        // Nobody has entered it: nothing that is shown speaks of it.
        after.codes.retain(|outcome| outcome.code.key != own.key);
        for applied in after.applied.iter_mut().filter(|applied| applied.code.as_ref() == Some(&own.key)) {
            applied.code = None;
        }
        let uncoded =
            |step: &Step| Step { code: step.code.clone().filter(|code| *code != own.key), ..step.clone() };
        after.steps = after.steps.iter().map(uncoded).collect();
    }
    Ok(Preview { promotion: promotion.id, before, after })
}

/// The codes of the cart and what is behind them; with one more, where the promotion needs one and none of its own is entered.
fn entered(
    input: &PricingInput<'_>,
    promotion: &Promotion,
) -> (Vec<EnteredCode>, Standing, Option<EnteredCode>) {
    let (mut codes, mut standing) = (input.codes.to_vec(), input.standing.clone());
    let is_its = |code: &EnteredCode| {
        standing.codes.get(&code.key).is_some_and(|behind| behind.promotion == promotion.id)
    };
    if promotion.method == Method::Automatic || codes.iter().any(is_its) {
        return (codes, standing, None);
    }
    let names = (0_u64..).filter_map(|n| EnteredCode::parse(&format!("PREVIEW-{n}")));
    let is_free = |code: &EnteredCode| {
        !standing.codes.contains_key(&code.key) && codes.iter().all(|c| c.key != code.key)
    };
    let own = names.into_iter().find(is_free);
    if let Some(own) = &own {
        let behind = CodeStanding { promotion: promotion.id, used: 0, most: None, disabled: false };
        standing.codes.insert(own.key.clone(), behind);
        codes.push(own.clone());
    }
    (codes, standing, own)
}
