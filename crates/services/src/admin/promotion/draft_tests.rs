//! What cannot be written down as a promotion, and where that is said.

use super::*;
use chrono::{DateTime, TimeDelta};
use std::collections::BTreeSet;
use stoa_domain::{
    delivery::Bounds,
    pricing::{MoneyBounds, Per, Tier, TierBy},
    shared::VariantId,
};
use uuid::Uuid;

fn then(seconds: i64) -> Option<Timestamp> {
    Some(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds))
}

fn of(action: Action) -> PromotionDraft {
    PromotionDraft {
        title: " Ten off ".into(),
        class: None,
        method: Method::Automatic,
        definition: Definition { conditions: Vec::new(), action, most_per_order: None },
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
        limits: Limits::default(),
    }
}

fn tenth() -> PromotionDraft {
    of(Action::PercentOff { rate: Rate::from_millionths(100_000), target: Target::All })
}

fn when(condition: Condition) -> PromotionDraft {
    let mut draft = tenth();
    draft.definition.conditions.push(condition);
    draft
}

fn nothing() -> Target {
    Target::Of {
        products: BTreeSet::new(),
        variants: BTreeSet::new(),
        collections: BTreeSet::new(),
        tags: BTreeSet::new(),
    }
}

fn amount_off(shop: i64) -> Action {
    Action::AmountOff { off: MoneyTable::of(shop), per: Per::Cart, target: Target::All }
}

fn check(draft: &PromotionDraft, currency: &str) -> Result<StaffPromotion, InputRefusal> {
    draft.checked(PromotionId::new(Uuid::from_u128(1)), Currency::parse(currency).unwrap())
}

#[test]
fn a_promotion_is_not_in_use_and_has_the_class_of_its_action() {
    let made = check(&tenth(), "USD").unwrap();
    assert_eq!((&*made.promotion.title, made.promotion.class), ("Ten off", Class::Product));
    assert_eq!(made.state, PromotionState::Draft);
    let made = check(&PromotionDraft { class: Some(Class::Order), ..tenth() }, "USD").unwrap();
    assert_eq!(made.promotion.class, Class::Order);
    assert_eq!(check(&of(amount_off(500)), "USD").unwrap().promotion.class, Class::Order);
}

#[test]
fn what_cannot_be_is_named_by_its_place() {
    let ids = |count: u128| (0..count).map(|n| VariantId::new(Uuid::from_u128(n))).collect();
    let variants = |count: u128| Target::Of {
        products: BTreeSet::new(),
        variants: ids(count),
        collections: BTreeSet::new(),
        tags: BTreeSet::new(),
    };
    let percent = |millionths, target| Action::PercentOff { rate: Rate::from_millionths(millionths), target };
    let buy_get = |buy_count, most_sets| Action::BuyGet {
        buy: Target::All,
        buy_count,
        get: Target::All,
        get_count: 1,
        off: Rate::from_millionths(1_000_000),
        most_sets,
    };
    let tiered = |froms: &[i64]| Action::Tiered {
        by: TierBy::Quantity,
        target: Target::All,
        tiers: froms
            .iter()
            .map(|from| Tier { from: *from, off: Off::Percent(Rate::from_millionths(50_000)) })
            .collect(),
        whole_cart: false,
    };
    let quantity = |least, most| Condition::Quantity { of: Target::All, bounds: Bounds { least, most } };
    let subtotal = |least: Option<i64>, most: Option<i64>| Condition::Subtotal {
        of: Target::All,
        bounds: MoneyBounds { least: least.map(MoneyTable::of), most: most.map(MoneyTable::of) },
    };
    let limits = |most, budget| Limits { most, budget };
    let cases: Vec<(PromotionDraft, &[&'static str])> = vec![
        (PromotionDraft { title: " ".into(), ..tenth() }, &["title"]),
        (PromotionDraft { starts_at: then(9), ends_at: then(9), ..tenth() }, &["endsAt"]),
        (PromotionDraft { class: Some(Class::Delivery), ..tenth() }, &["promotionClass"]),
        (PromotionDraft { per_buyer: Some(0), ..tenth() }, &["limits", "usesPerCustomer"]),
        (PromotionDraft { limits: limits(Some(0), None), ..tenth() }, &["limits", "uses"]),
        (PromotionDraft { limits: limits(None, Some(-1)), ..tenth() }, &["limits", "budget"]),
        (of(percent(0, Target::All)), &["action", "percentOff", "percentage"]),
        (of(percent(1_000_001, Target::All)), &["action", "percentOff", "percentage"]),
        (of(percent(1, nothing())), &["action", "percentOff", "target"]),
        (of(percent(1, variants(251))), &["action", "percentOff", "target", "variantIds"]),
        (of(amount_off(0)), &["action", "amountOff", "amount"]),
        (of(amount_off(-5)), &["action", "amountOff", "amount"]),
        (of(buy_get(0, None)), &["action", "buyGet", "buyQuantity"]),
        (of(buy_get(1, Some(0))), &["action", "buyGet", "usesPerOrder"]),
        (of(tiered(&[])), &["action", "tiered", "tiers"]),
        (
            of(Action::Gift { variant: VariantId::new(Uuid::nil()), quantity: 0 }),
            &["action", "gift", "quantity"],
        ),
        (when(quantity(None, None)), &["conditions", "quantity"]),
        (when(quantity(Some(-1), None)), &["conditions", "quantity", "least"]),
        (when(quantity(Some(3), Some(2))), &["conditions", "quantity", "most"]),
        (when(subtotal(Some(-1), None)), &["conditions", "subtotal", "least"]),
        (when(subtotal(Some(3), Some(2))), &["conditions", "subtotal", "most"]),
        (when(Condition::Countries(BTreeSet::new())), &["conditions", "countries"]),
        (when(Condition::Groups(BTreeSet::new())), &["conditions", "customerGroupIds"]),
        (
            when(Condition::DeliveryMethods([Box::from("x".repeat(65))].into())),
            &["conditions", "deliveryMethods"],
        ),
    ];
    for (draft, place) in cases {
        assert_eq!(check(&draft, "USD").unwrap_err().at, InputPlace::fields(place), "{draft:?}");
    }
    let tiers = InputPlace::fields(&["action", "tiered", "tiers"]);
    let refused = check(&of(tiered(&[2, 5, 5])), "USD").unwrap_err();
    assert_eq!((refused.at, refused.why), (tiers.entry(2).then("from"), Unfit::RangeReversed));
}

/// Who is charged in tens of fils cannot be given one fils off.
#[test]
fn amounts_are_such_as_can_be_charged() {
    let dinars = Currency::parse("KWD").unwrap();
    assert!(check(&of(amount_off(1_230)), "KWD").is_ok());
    let refused = check(&of(amount_off(1_234)), "KWD").unwrap_err();
    assert_eq!(refused.why, Unfit::Uneven { currency: dinars, step: 10 });
    let mut elsewhere = MoneyTable::of(500);
    elsewhere.others.insert(dinars, 1);
    let off = Action::AmountOff { off: elsewhere, per: Per::Unit, target: Target::All };
    assert_eq!(check(&of(off), "USD").unwrap_err().why, Unfit::Uneven { currency: dinars, step: 10 });
}
