//! What orders take of promotions, and give back: once, whoever asks and however often.

use super::{
    super::{Counted, buyer_keys},
    ordering::*,
    shop::*,
};
use crate::testing::TestShop;
use futures_util::future::join_all;
use stoa_domain::{
    checkout::PlaceOrderRefusal,
    order::CancelReason,
    pricing::{Class, Condition},
    shared::EmailAddress,
};
use stoa_persistence::promotion::{BuyerLimit, Limits, StaffPromotion, Taking, take};

fn limited(n: u128, limits: Limits) -> StaffPromotion {
    StaffPromotion { limits, ..tenth(n) }
}

#[tokio::test]
async fn a_code_for_one_gives_one_discounted_order() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    promote_by_code(&shop, "once", limited(1, Limits { most: Some(1), budget: None })).await;
    let mut carts = Vec::new();
    for n in 0..4 {
        let cart = ready(&shop, &format!("buyer{n}@example.org"), &[(mug, 1)]).await;
        assert_eq!(enter(&shop, cart, &["once"]).await.0.priced.total, 900 + DELIVERY);
        carts.push(cart);
    }
    let at_once = join_all(carts.iter().map(|cart| try_place(&shop, *cart, "first"))).await;
    let (placed, refused): (Vec<_>, Vec<_>) = at_once.into_iter().partition(Result::is_ok);
    assert_eq!((placed.len(), refused.len()), (1, 3));
    let winner = placed.into_iter().next().unwrap().unwrap();
    assert_eq!((winner.order.figures.discount, winner.order.figures.total), (100, 900 + DELIVERY));
    for refused in refused {
        match refusal(refused) {
            // Whoever came later has seen it while pricing; whoever was at it at the same time has not got it.
            PlaceOrderRefusal::DiscountUnavailable { actual }
            | PlaceOrderRefusal::TotalChanged { actual } => {
                assert_eq!(actual.minor, 1_000 + DELIVERY);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((used(&shop, 1).await.used, code_used(&shop, "once").await), (1, 1));
    // They were told what it costs now, and ask again.
    let loser = carts.iter().find(|cart| **cart != winner.order.cart).unwrap();
    let again = place(&shop, *loser, "second").await;
    assert_eq!((again.order.figures.discount, again.order.figures.total), (0, 1_000 + DELIVERY));
    assert_eq!(used(&shop, 1).await.used, 1);
    // The same request again is the same order, and takes nothing more.
    assert_eq!(place(&shop, winner.order.cart, "first").await.order.id, winner.order.id);
    assert_eq!((used(&shop, 1).await.used, code_used(&shop, "once").await), (1, 1));
    shop.balances().await;
}

#[tokio::test]
async fn what_a_dead_order_took_comes_back_once() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    promote_by_code(&shop, "once", limited(1, Limits { most: Some(1), budget: Some(150) })).await;
    let cart = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    enter(&shop, cart, &["once"]).await;
    let first = place(&shop, cart, "one").await;
    let taken = used(&shop, 1).await;
    assert_eq!((taken.used, taken.spent, code_used(&shop, "once").await), (1, 100, 1));
    let_expire(&shop).await;
    assert_eq!(state(&shop, first.order.id).await, "cancelled");
    let back = used(&shop, 1).await;
    assert_eq!((back.used, back.spent, code_used(&shop, "once").await), (0, 0, 0));
    // Another takes the last use; whoever gives the first one up again takes it away from nobody.
    let other = ready(&shop, "bob@example.org", &[(mug, 1)]).await;
    enter(&shop, other, &["once"]).await;
    let second = place(&shop, other, "two").await;
    assert_eq!(second.order.figures.discount, 100);
    let tx = shop.db.write(stoa_persistence::Durability::Full).await.unwrap();
    stoa_persistence::promotion::give_back(&tx, first.order.id, shop.ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(used(&shop, 1).await.used, 1);
    // A paid order that is cancelled gives its own back, with its money or without.
    pay(&shop, &second).await;
    assert_eq!(state(&shop, second.order.id).await, "paid");
    let cancel = crate::admin::Cancellation {
        order: second.order.id,
        reason: CancelReason::Customer,
        restock: false,
        location: None,
        notify: false,
    };
    let (by, cancels) = (shop.eve(), &shop.services.admin.cancel_order);
    let (a, b) =
        tokio::join!(Box::pin(cancels.run(&by, None, &cancel)), Box::pin(cancels.run(&by, None, &cancel)));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!((used(&shop, 1).await.used, used(&shop, 1).await.spent), (0, 0));
    shop.balances().await;
}

#[tokio::test]
async fn a_budget_is_never_overdrawn() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    promote(&shop, &limited(1, Limits { most: None, budget: Some(250) })).await;
    let mut carts = Vec::new();
    for n in 0..5 {
        carts.push(ready(&shop, &format!("buyer{n}@example.org"), &[(mug, 1)]).await);
    }
    let at_once = join_all(carts.iter().map(|cart| try_place(&shop, *cart, "first"))).await;
    let discounted: Vec<i64> =
        at_once.into_iter().filter_map(Result::ok).map(|placed| placed.order.figures.discount).collect();
    assert_eq!(discounted, [100, 100], "what is left is not enough for a third");
    assert_eq!((used(&shop, 1).await.used, used(&shop, 1).await.spent), (2, 200));
    shop.balances().await;
}

#[tokio::test]
async fn of_two_first_orders_at_once_one_is_the_first() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let mut welcome = tenth(1);
    welcome.promotion.definition.conditions.push(Condition::FirstOrder);
    promote(&shop, &welcome).await;
    let one = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    let other = ready(&shop, "ADA@example.org", &[(mug, 1)]).await;
    for cart in [one, other] {
        assert_eq!(read(&shop, cart).await.priced.discount, 100);
    }
    let (a, b) = tokio::join!(try_place(&shop, one, "one"), try_place(&shop, other, "other"));
    let discounts: Vec<i64> =
        [a, b].into_iter().filter_map(Result::ok).map(|placed| placed.order.figures.discount).collect();
    assert_eq!(discounts, [100]);
    shop.balances().await;
}

#[tokio::test]
async fn one_buyer_uses_a_promotion_so_often_and_again_when_an_order_came_to_nothing() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let mut once_each = tenth(1);
    once_each.promotion.per_buyer = Some(1);
    promote(&shop, &once_each).await;
    let cart = async || ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    assert_eq!(place(&shop, cart().await, "one").await.order.figures.discount, 100);
    assert_eq!(place(&shop, cart().await, "two").await.order.figures.discount, 0);
    let_expire(&shop).await;
    assert_eq!(place(&shop, cart().await, "three").await.order.figures.discount, 100);
}

/// An order that was priced while there was no limit takes nothing from the counter of one that came meanwhile: it is counted a minute later.
#[tokio::test]
async fn a_limit_that_comes_while_orders_are_placed_counts_them_soon() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    promote_by_code(&shop, "ten", tenth(1)).await;
    for buyer in ["ada@example.org", "bob@example.org"] {
        let cart = ready(&shop, buyer, &[(mug, 1)]).await;
        enter(&shop, cart, &["ten"]).await;
        assert_eq!(place(&shop, cart, "one").await.order.figures.discount, 100);
    }
    let known = stoa_persistence::promotion::find(shop.db.read(), id(1)).await.unwrap().unwrap();
    let draft = crate::admin::PromotionDraft {
        title: known.rule.promotion.title.to_string(),
        class: Some(known.rule.promotion.class),
        method: known.rule.promotion.method,
        definition: known.rule.promotion.definition.clone(),
        priority: 0,
        stacks: false,
        exclusive: false,
        starts_at: None,
        ends_at: None,
        per_buyer: None,
        limits: Limits { most: Some(3), budget: Some(1_000) },
    };
    shop.services.admin.promotions.update(&shop.eve(), (id(1), known.version), &draft).await.unwrap();
    assert_eq!((used(&shop, 1).await.used, used(&shop, 1).await.spent), (2, 200));
    // The counter as it is where a use was being given back, or taken, just then: not what the uses say.
    let counted = Taking {
        promotion: id(1),
        title: String::new(),
        code: None,
        amount: 100,
        amount_shop: 100,
        limited: true,
        buyer: None,
    };
    let tx = shop.db.write(stoa_persistence::Durability::Full).await.unwrap();
    assert!(take(&tx, &[counted]).await.unwrap());
    tx.commit().await.unwrap();
    shop.wait(chrono::TimeDelta::seconds(59));
    shop.settle().await;
    assert_eq!(used(&shop, 1).await.used, 3, "somebody may still be at it");
    shop.wait(chrono::TimeDelta::seconds(2));
    shop.settle().await;
    assert_eq!((used(&shop, 1).await.used, used(&shop, 1).await.spent), (2, 200));
    shop.balances().await;
}

/// Story 16 of a gift: its reason ends between the last look and the order.
#[tokio::test]
async fn a_gift_that_is_due_no_more_is_not_ordered() {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 2, 50).await;
    let gift = stoa_domain::pricing::Action::Gift { variant: goods[1], quantity: 1 };
    let mut gift = with_action(1, Class::Product, gift);
    gift.promotion.ends_at = Some(shop.ctx().now() + chrono::TimeDelta::minutes(5));
    promote(&shop, &gift).await;
    let cart = ready(&shop, "ada@example.org", &[(goods[0], 1)]).await;
    assert_eq!(read(&shop, cart).await.cart.lines.len(), 2);
    shop.wait(chrono::TimeDelta::minutes(5));
    let refused = refusal(try_place(&shop, cart, "one").await);
    let PlaceOrderRefusal::DiscountUnavailable { actual } = refused else { panic!("{refused:?}") };
    assert_eq!(actual.minor, 1_000 + DELIVERY);
    // Whoever agrees asks again, and has it for that.
    let placed = place(&shop, cart, "one").await;
    assert_eq!((placed.order.figures.total, placed.order.lines.len()), (1_000 + DELIVERY, 1));
}

/// The last of a gift goes to somebody else between the price and the order.
#[tokio::test]
async fn whoever_loses_the_last_gift_orders_without_it() {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 2, 50).await;
    let gift = stoa_domain::pricing::Action::Gift { variant: goods[1], quantity: 1 };
    let gift = with_action(1, Class::Product, gift);
    promote(&shop, &StaffPromotion { limits: Limits { most: Some(1), budget: None }, ..gift }).await;
    let mut carts = Vec::new();
    for n in 0..3 {
        carts.push(ready(&shop, &format!("buyer{n}@example.org"), &[(goods[0], 1)]).await);
    }
    let at_once = join_all(carts.iter().map(|cart| try_place(&shop, *cart, "first"))).await;
    let mut with_gift = 0;
    for (cart, outcome) in carts.iter().zip(at_once) {
        let placed = match outcome {
            Ok(placed) => placed,
            Err(_) => place(&shop, *cart, "first").await,
        };
        assert_eq!(placed.order.figures.total, 1_000 + DELIVERY);
        with_gift += placed.order.lines.len() - 1;
    }
    assert_eq!((with_gift, used(&shop, 1).await.used), (1, 1));
    shop.balances().await;
}

/// An order is found under its own address; what it used up, under every name the buyer had then. Neither keeps them from buying.
#[tokio::test]
async fn who_has_ordered_under_another_name_buys_without_the_first_orders_price() {
    let shop = TestShop::open().await;
    let mug = sell(&shop, 1, 50).await[0];
    let mut welcome = tenth(1);
    welcome.promotion.definition.conditions.push(Condition::FirstOrder);
    promote(&shop, &welcome).await;
    // An earlier order stands under another address, and has used the promotion up under this one as well.
    let counted =
        Counted { customer: None, addresses: vec![EmailAddress::parse("ada@example.org").unwrap()] };
    let keys = buyer_keys(shop.ctx(), &counted).await.unwrap();
    let earlier = Taking {
        promotion: id(1),
        title: String::new(),
        code: None,
        amount: 100,
        amount_shop: 100,
        limited: false,
        buyer: Some(BuyerLimit { most: 1, keys }),
    };
    let tx = shop.db.write(stoa_persistence::Durability::Full).await.unwrap();
    assert!(take(&tx, &[earlier]).await.unwrap());
    tx.commit().await.unwrap();
    let again = ready(&shop, "ada@example.org", &[(mug, 1)]).await;
    assert_eq!(read(&shop, again).await.priced.discount, 0);
    assert_eq!(place(&shop, again, "two").await.order.figures.total, 1_000 + DELIVERY);
}
