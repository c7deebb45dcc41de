//! What a promotion would do.

use super::{Bought, Sold, any_bought, configured, id};
use crate::pricing::{
    Action, Class, CodeKey, CodeStanding, Condition, Definition, Method, MoneyBounds, MoneyTable, Promotion,
    Target, Verdict, Why, preview,
};
use crate::shared::{PromotionId, Rate};
use chrono::DateTime;
use proptest::prelude::*;

fn percent_off(n: u128, percent: &str) -> Promotion {
    let action = Action::PercentOff { rate: Rate::parse_percent(percent).unwrap(), target: Target::All };
    Promotion {
        id: id(n),
        title: format!("p{n}").into(),
        class: Class::Product,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
    }
}

/// 50.00 of goods, delivered for 5.00, 10 % off.
fn shop() -> Bought {
    let mut bought = Bought::plain(&configured("0", true, true), "EUR", vec![Sold::of(1, 1_000, 5)]);
    bought.data.promotions = vec![percent_off(1, "10")];
    bought
}

fn totals(bought: &Bought, promotion: &Promotion) -> (i64, i64, Option<Verdict>) {
    let preview = bought.with_input(|input| preview(input, promotion)).unwrap();
    (preview.before.total, preview.after.total, preview.verdict())
}

const fn verdict(promotion: PromotionId, amount: i64, why: Option<Why>) -> Option<Verdict> {
    Some(Verdict { promotion, amount, why })
}

#[test]
fn a_draft_is_tried_beside_what_is_there() {
    let twenty = percent_off(2, "20");
    assert_eq!(totals(&shop(), &twenty), (5_000, 4_500, verdict(id(2), 1_000, None)));
    let five = percent_off(2, "5");
    let beaten = Some(Why::Beaten { by: id(1) });
    assert_eq!(totals(&shop(), &five), (5_000, 5_000, verdict(id(2), 0, beaten)));
    let stacked = Promotion { stacks: true, ..five };
    // 10 % of 50.00, then 5 % of 45.00.
    assert_eq!(totals(&shop(), &stacked), (5_000, 4_775, verdict(id(2), 225, None)));
}

#[test]
fn a_promotion_that_is_in_use_is_tried_as_it_would_be() {
    assert_eq!(totals(&shop(), &percent_off(1, "30")), (5_500, 4_000, verdict(id(1), 1_500, None)));
}

#[test]
fn why_it_does_not_apply_is_said() {
    let mut high = percent_off(2, "20");
    let bounds = MoneyBounds { least: Some(MoneyTable::of(6_000)), most: None };
    high.definition.conditions = vec![Condition::Subtotal { of: Target::All, bounds }];
    let why = Some(Why::SubtotalTooLow { least: 6_000, is: 5_000 });
    assert_eq!(totals(&shop(), &high), (5_000, 5_000, verdict(id(2), 0, why)));
    let at = DateTime::from_timestamp(1, 0).unwrap();
    let later = Promotion { starts_at: Some(at), ..percent_off(2, "20") };
    assert_eq!(totals(&shop(), &later).2, verdict(id(2), 0, Some(Why::NotBegun { at })));
    let preview = shop().with_input(|input| preview(input, &later)).unwrap();
    let all: Vec<_> =
        preview.verdicts().into_iter().map(|v| (v.promotion, v.amount, v.why.is_none())).collect();
    assert_eq!(all, [(id(1), 500, true), (id(2), 0, false)], "of the others too");
}

#[test]
fn one_that_needs_a_code_is_tried_as_if_it_were_entered() {
    let coded = Promotion { method: Method::Code, ..percent_off(2, "20") };
    let mut bought = shop();
    bought.codes = vec!["gone", "preview-0"];
    let preview = bought.with_input(|input| preview(input, &coded)).unwrap();
    assert_eq!((preview.after.total, preview.verdict()), (4_500, verdict(id(2), 1_000, None)));
    let keys: Vec<_> = preview.after.codes.iter().map(|outcome| outcome.code.key.as_str()).collect();
    assert_eq!(keys, ["GONE", "PREVIEW-0"], "what the buyer entered");
    assert!(preview.after.applied.iter().all(|applied| applied.code.is_none()));
    assert!(preview.after.steps.iter().all(|step| step.code.is_none()));
    assert_eq!(preview.after.steps.sum_total(), Ok(4_500));
    // Entered by the buyer it is theirs.
    let behind = CodeStanding { promotion: id(2), used: 0, most: None, disabled: false };
    bought.standing.codes.insert(CodeKey::of("gone").unwrap(), behind);
    let preview = bought.with_input(|input| super::super::preview(input, &coded)).unwrap();
    assert_eq!(preview.after.applied[0].code, CodeKey::of("gone"));
    assert_eq!(preview.before.codes[0].why, Some(Why::Inactive));
}

#[test]
fn a_gift_is_due() {
    let gift = Action::Gift { variant: id(9), quantity: 1 };
    let definition = Definition { action: gift, ..percent_off(2, "20").definition };
    let gift = Promotion { definition, ..percent_off(2, "20") };
    assert_eq!(totals(&shop(), &gift), (5_000, 5_000, verdict(id(2), 0, None)));
}

proptest! {
    /// What a preview says is what comes of it.
    #[test]
    fn what_is_foretold_comes_true(bought in any_bought()) {
        let mut without = bought.clone();
        let Some(newest) = without.data.promotions.pop() else { return Ok(()) };
        for shop in [&bought, &without] {
            let told = shop.with_input(|input| preview(input, &newest)).unwrap();
            prop_assert_eq!(&told.before, &without.price());
            prop_assert_eq!(&told.after, &bought.price());
            prop_assert!(told.verdict().is_some());
        }
    }
}
