//! Why a promotion does not apply: one case for each reason.

use super::{sample::*, *};
use crate::{
    delivery::Bounds,
    pricing::{BuyerFacts, Used},
    shared::CountryCode,
};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// 2 x 10.00, delivered for 5.00, with a code for 10 % off everything.
fn ten(change: impl FnOnce(&mut Promotion)) -> Shop {
    let mut promotion = percent_off(1, "10", Target::All);
    change(&mut promotion);
    let shop = Shop { delivery: Some(500), ..Shop::new("EUR", &[(1, 1_000, 2)]) };
    shop.with([promotion]).by_code("ten")
}

fn on(condition: Condition) -> Shop {
    ten(|promotion| promotion.definition.conditions.push(condition))
}

fn doing(action: Action) -> Shop {
    ten(|promotion| {
        promotion.class = action.classes()[0];
        promotion.definition.action = action;
    })
}

fn changed(mut shop: Shop, change: impl FnOnce(&mut Shop)) -> Shop {
    change(&mut shop);
    shop
}

fn subtotal(least: Option<i64>, most: Option<i64>) -> Condition {
    let bounds = MoneyBounds { least: least.map(MoneyTable::of), most: most.map(MoneyTable::of) };
    Condition::Subtotal { of: Target::All, bounds }
}

fn quantity(least: Option<i64>, most: Option<i64>) -> Condition {
    Condition::Quantity { of: Target::All, bounds: Bounds { least, most } }
}

fn code_of(shop: &mut Shop) -> &mut crate::pricing::CodeStanding {
    shop.standing.codes.values_mut().next().unwrap()
}

fn free_delivery(methods: &[&str]) -> Action {
    let methods = methods.iter().map(|method| Box::from(*method)).collect();
    Action::DeliveryOff { off: Off::Percent(percent("100")), methods, most: None }
}

fn group() -> Condition {
    Condition::Groups(BTreeSet::from([id(4)]))
}

fn known(groups: &[u128], first_order: Option<bool>) -> BuyerFacts {
    let groups = groups.iter().map(|n| id(*n)).collect();
    BuyerFacts {
        customer: Some(id(1)),
        groups,
        is_known: true,
        first_order,
        tax_exempt: false,
        tax_number: None,
    }
}

fn used(used: Used) -> Shop {
    ten(|_| {}).used(1, used)
}

/// Each reason; the cart in which it is the reason, and one that is as near to it as can be, in which the promotion applies.
fn cases() -> Vec<(Why, Shop, Shop)> {
    let second = TimeDelta::microseconds(1);
    let countries = || Condition::Countries(CountryCode::parse("DE").into_iter().collect());
    let currencies =
        |code| Condition::Currencies(BTreeSet::from([crate::shared::Currency::parse(code).unwrap()]));
    let methods = |handle: &str| Condition::DeliveryMethods(BTreeSet::from([Box::from(handle)]));
    let set = |count| {
        let (buy, get) = (Target::All, Target::All);
        doing(Action::BuyGet {
            buy,
            buy_count: count,
            get,
            get_count: 1,
            off: percent("100"),
            most_sets: None,
        })
    };
    let limited = |most| ten(|p| p.per_buyer = Some(most)).used(1, Used { by_buyer: 1, ..Used::default() });
    let from = |country| changed(on(countries()), |shop| shop.country = Some(country));
    let by = |buyer, condition| changed(on(condition), |shop| shop.buyer = buyer);
    let against = |other: Promotion| changed(ten(|_| {}), |shop| shop.promotions.push(other));
    let many = |count: u128| {
        let newest = percent_off(count, "1", Target::All);
        let older = (1..count).map(|n| percent_off(n, "1", Target::All));
        Shop::new("EUR", &[(1, 1_000, 2)]).with(older).with([Promotion { stacks: true, ..newest }])
    };
    let fine = || ten(|_| {});
    vec![
        (Why::UnknownCode, changed(fine(), |shop| shop.standing.codes.clear()), fine()),
        (Why::Inactive, changed(fine(), |shop| shop.promotions.clear()), fine()),
        (
            Why::NotBegun { at: NOW + second },
            ten(|p| p.starts_at = Some(NOW + second)),
            ten(|p| p.starts_at = Some(NOW)),
        ),
        (Why::Over { at: NOW }, ten(|p| p.ends_at = Some(NOW)), ten(|p| p.ends_at = Some(NOW + second))),
        (Why::CodeDisabled, changed(fine(), |shop| code_of(shop).disabled = true), fine()),
        (
            Why::CodeUsedUp,
            changed(fine(), |shop| (code_of(shop).most, code_of(shop).used) = (Some(3), 3)),
            changed(fine(), |shop| (code_of(shop).most, code_of(shop).used) = (Some(3), 2)),
        ),
        (
            Why::SubtotalTooLow { least: 2_001, is: 2_000 },
            on(subtotal(Some(2_001), None)),
            on(subtotal(Some(2_000), None)),
        ),
        (
            Why::SubtotalTooHigh { most: 1_999, is: 2_000 },
            on(subtotal(None, Some(1_999))),
            on(subtotal(None, Some(2_000))),
        ),
        (Why::TooFew { least: 3, is: 2 }, on(quantity(Some(3), None)), on(quantity(Some(2), None))),
        (Why::TooMany { most: 1, is: 2 }, on(quantity(None, Some(1))), on(quantity(None, Some(2)))),
        (Why::SetNotComplete, set(2), set(1)),
        (
            Why::NothingEntitled,
            doing(Action::PercentOff { rate: percent("10"), target: products(&[2]) }),
            doing(Action::PercentOff { rate: percent("10"), target: products(&[1]) }),
        ),
        (Why::NothingEntitled, changed(fine(), |shop| shop.lines[0].0.gift_card = true), fine()),
        (Why::NothingEntitled, changed(fine(), |shop| shop.lines[0].0.price = 0), fine()),
        (
            Why::NoDelivery,
            changed(doing(free_delivery(&[])), |shop| shop.delivery = None),
            doing(free_delivery(&[])),
        ),
        (Why::OtherMethod, doing(free_delivery(&["express"])), doing(free_delivery(&["standard"]))),
        (Why::OtherMethod, on(methods("express")), on(methods("standard"))),
        (
            Why::DeliveryFree,
            changed(doing(free_delivery(&[])), |shop| shop.delivery = Some(0)),
            doing(free_delivery(&[])),
        ),
        (Why::SignInNeeded, on(group()), by(known(&[4], None), group())),
        (Why::OtherGroup, by(known(&[5], None), group()), by(known(&[5, 4], None), group())),
        (Why::SignInNeeded, on(Condition::FirstOrder), by(known(&[], Some(true)), Condition::FirstOrder)),
        (
            Why::NotFirstOrder,
            by(known(&[], Some(false)), Condition::FirstOrder),
            by(known(&[], Some(true)), Condition::FirstOrder),
        ),
        (
            Why::UsedUp,
            used(Used { used: 5, most: Some(5), ..Used::default() }),
            used(Used { used: 4, most: Some(5), ..Used::default() }),
        ),
        (
            Why::BudgetSpent,
            used(Used { spent: 801, budget: Some(1_000), ..Used::default() }),
            used(Used { spent: 800, budget: Some(1_000), ..Used::default() }),
        ),
        (
            Why::BudgetSpent,
            used(Used { spent: 1_000, budget: Some(1_000), ..Used::default() }),
            used(Used { spent: 0, budget: Some(1_000), ..Used::default() }),
        ),
        (Why::UsedUpByBuyer, limited(1), limited(2)),
        (Why::OtherCountry, from("FR"), from("DE")),
        (Why::OtherCountry, on(countries()), from("DE")),
        (Why::OtherCurrency, on(currencies("USD")), on(currencies("EUR"))),
        (
            Why::OtherMarket,
            on(Condition::Markets(BTreeSet::from([id(3)]))),
            on(Condition::Markets(BTreeSet::from([crate::shared::MarketId::NIL]))),
        ),
        (
            Why::Beaten { by: id(2) },
            against(percent_off(2, "11", Target::All)),
            against(percent_off(2, "9", Target::All)),
        ),
        (
            Why::Excluded { by: id(2) },
            against(Promotion { exclusive: true, ..order_off(2, "11") }),
            against(Promotion { exclusive: true, ..order_off(2, "9") }),
        ),
        (Why::TooManyCandidates, many(65), many(64)),
    ]
}

#[test]
fn each_reason_is_told_and_no_other() {
    for (why, shop, near) in cases() {
        let said = |shop: &Shop| {
            let priced = shop.price();
            let newest = shop.promotions.iter().map(|p| p.id).max();
            let refused = priced.refused.iter().find(|(id, _)| shop.codes.is_empty() && Some(*id) == newest);
            priced.codes.first().map_or(refused.map(|(_, why)| *why), |outcome| outcome.why)
        };
        assert_eq!(said(&shop), Some(why));
        assert_eq!(said(&near), None, "near to {why:?}");
        let (priced, near) = (shop.price(), near.price());
        assert!(near.applied.iter().any(|applied| applied.amount > 0), "near to {why:?}");
        assert!(priced.applied.iter().all(|applied| applied.code.is_none()), "{why:?}");
    }
}
