//! Discount codes: why they take nothing off, and when they do.

use super::shop::*;
use crate::{
    account::{Caller, Client},
    cart::{CartError, CartWarning, CodesRefusal},
    pricing::{Counted, buyer_keys},
    testing::{TestShop, address},
};
use chrono::TimeDelta;
use stoa_domain::{
    customer::CustomerGroup,
    pricing::{Condition, Why},
    shared::CustomerId,
};
use stoa_persistence::{
    customer,
    promotion::{Limits, PromotionState, StaffPromotion},
};

#[tokio::test]
async fn a_code_that_is_of_no_use_says_why_and_stays() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let now = shop.ctx().now();
    let later = now + TimeDelta::hours(1);
    let mut n = 0;
    let mut of = |change: &dyn Fn(&mut StaffPromotion)| {
        n += 1;
        let mut promotion = tenth(n);
        change(&mut promotion);
        promotion
    };
    let condition = |condition: Condition| {
        move |of: &mut StaffPromotion| of.promotion.definition.conditions.push(condition.clone())
    };
    let cases = [
        ("LATER", of(&|of| of.promotion.starts_at = Some(later)), Why::NotBegun { at: later }),
        ("OVER", of(&|of| of.promotion.ends_at = Some(now)), Why::Over { at: now }),
        ("DRAFT", of(&|of| of.state = PromotionState::Draft), Why::Inactive),
        ("MUCH", of(&condition(from_subtotal(5_000))), Why::SubtotalTooLow { least: 5_000, is: 2_000 }),
        ("FIRST", of(&condition(Condition::FirstOrder)), Why::SignInNeeded),
        ("GROUP", of(&condition(Condition::Groups([id(1)].into()))), Why::SignInNeeded),
        ("FRANCE", of(&condition(Condition::Countries(countries(&["FR"])))), Why::OtherCountry),
        ("GONE", of(&|of| of.limits = Limits { most: Some(0), budget: None }), Why::UsedUp),
        ("SPENT", of(&|of| of.limits = Limits { most: None, budget: Some(0) }), Why::BudgetSpent),
    ];
    let cart = cart(&shop, &[(mug, 2)]).await;
    for (code, promotion, why) in cases {
        promote_by_code(&shop, code, promotion).await;
        let (view, warnings) = enter(&shop, cart, &[code]).await;
        assert_eq!(whys(&view), [Some(why)], "{code}");
        assert_eq!(warnings, [CartWarning::CodeOfNoUse { cart, code: 0, why }], "{code}");
        assert_eq!((view.priced.total, view.cart.codes.len()), (2_000, 1), "{code}");
    }
    assert_eq!(whys(&enter(&shop, cart, &["nobody made it"]).await.0), [Some(Why::UnknownCode)]);
}

#[tokio::test]
async fn a_code_is_judged_again_with_each_change_and_each_look() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let mut of = tenth(1);
    of.promotion.definition.conditions.push(from_subtotal(3_000));
    of.promotion.ends_at = Some(shop.ctx().now() + TimeDelta::hours(1));
    promote_by_code(&shop, "summer", of).await;
    let cart = cart(&shop, &[(mug, 2)]).await;
    let (view, warnings) = enter(&shop, cart, &["Summer"]).await;
    assert_eq!((view.priced.total, warnings.len()), (2_000, 1));
    let (view, warnings) = add(&shop, cart, (mug, 1)).await;
    assert_eq!((view.priced.total, view.priced.discount, warnings), (2_700, 300, Vec::new()));
    assert_eq!(view.cart.told.map(|told| told.minor), Some(2_700));
    assert_eq!(read(&shop, cart).await.priced.total, 2_700);
    shop.wait(TimeDelta::hours(1));
    let view = read(&shop, cart).await;
    assert_eq!(view.priced.total, 3_000, "its end is no part of it");
    assert!(matches!(whys(&view)[..], [Some(Why::Over { .. })]));
}

#[tokio::test]
async fn the_list_is_replaced_and_the_same_code_is_one() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    promote_by_code(&shop, "ten", tenth(1)).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let (view, _) = enter(&shop, cart, &["ten", " TEN ", "", "Ten"]).await;
    assert_eq!((view.cart.codes.len(), view.priced.discount, view.priced.applied.len()), (1, 100, 1));
    let (view, _) = enter(&shop, cart, &[]).await;
    assert_eq!((view.cart.codes.len(), view.priced.discount), (0, 0));
    let many: Vec<String> = (0..11).map(|n| format!("code {n}")).collect();
    let refused = shop.services.discount_codes.replace(&guest(), cart, &many).await;
    assert!(matches!(refused, Err(CartError::Refused(CodesRefusal::TooMany { max: 10 }))));
    let long = ["ok".to_owned(), "x".repeat(256)];
    let refused = shop.services.discount_codes.replace(&guest(), cart, &long).await;
    assert!(matches!(refused, Err(CartError::Refused(CodesRefusal::TooLong { index: 1 }))));
}

#[tokio::test]
async fn groups_are_those_of_who_has_signed_in() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let (ada, bob) = (shop.customer("ada@example.org").await, shop.customer("bob@example.org").await);
    let now = shop.ctx().now();
    let group =
        CustomerGroup { id: id(5), name: "Trade".into(), version: 1, created_at: now, updated_at: now };
    write(&shop, async |tx| {
        customer::insert_group(tx, &group).await?;
        customer::add_members(tx, group.id, &[ada.customer]).await
    })
    .await;
    let mut trade = tenth(1);
    trade.promotion.definition.conditions.push(Condition::Groups([group.id].into()));
    promote(&shop, &trade).await;
    for (who, total) in [(ada, 900), (bob, 1_000)] {
        let by = Caller::customer(who, Client::default());
        let view = cart_of(&shop, &by, &[(mug, 1)]).await;
        assert_eq!((view.priced.total, view.inputs.buyer.customer), (total, Some(who.customer)));
        let looks = Box::pin(shop.services.read_cart.run(&by.viewer, view.cart.id));
        let (seen, [statements, ..]) = shop.cost(looks).await;
        assert_eq!((seen.unwrap().unwrap().priced.total, statements), (total, 2), "goods, and the account");
    }
    assert_eq!(cart_of(&shop, &guest(), &[(mug, 1)]).await.priced.total, 1_000);
}

/// Story 22: in any letter case, as a guest and signed in.
#[tokio::test]
async fn a_buyer_is_one_buyer() {
    let shop = TestShop::open().await;
    let of = async |customer: Option<u128>, email: &str, own: Option<&str>| {
        let addresses = [email].into_iter().chain(own).map(address).collect();
        let counted = Counted { customer: customer.map(id::<CustomerId>), addresses };
        buyer_keys(shop.ctx(), &counted).await.unwrap()
    };
    let guest = of(None, "ada@example.org", None).await;
    assert_eq!(guest.len(), 1);
    assert_eq!(of(None, "ADA@Example.org", None).await, guest);
    let signed_in = of(Some(1), "other@example.org", Some("Ada@example.org")).await;
    assert_eq!(signed_in.len(), 3);
    assert!(signed_in.contains(&guest[0]), "the account's own address counts");
    assert_ne!(of(None, "bob@example.org", None).await, guest);
    let elsewhere = shop.beside().await;
    let counted = Counted { customer: None, addresses: vec![address("ada@example.org")] };
    assert_eq!(buyer_keys(elsewhere.context(), &counted).await.unwrap(), guest, "one key for all instances");
    assert!(guest[0].len() == 64 && !guest[0].contains("ada"));
}
