//! What promotions put into carts for nothing.

use super::shop::*;
use crate::{
    cart::{CartError, CartView, CartWarning, LinesRefusal},
    testing::TestShop,
};
use chrono::TimeDelta;
use stoa_domain::{
    cart::{LineChangeError, LineUpdate},
    pricing::{Action, Class},
    shared::{CartLineId, VariantId},
};

/// Two mugs of 10.00 bring a towel.
async fn shop_with_gift(towels: u32) -> (TestShop, VariantId, VariantId) {
    let shop = TestShop::open().await;
    let goods = sell(&shop, 2, 50).await;
    if towels < 50 {
        let all = (goods[1], 50 - towels);
        cart(&shop, &[all]).await;
    }
    let mut gift = with_action(1, Class::Product, Action::Gift { variant: goods[1], quantity: 1 });
    gift.promotion.definition.conditions.push(from_subtotal(2_000));
    gift.promotion.ends_at = Some(shop.ctx().now() + TimeDelta::minutes(5));
    promote(&shop, &gift).await;
    (shop, goods[0], goods[1])
}

fn gifts(view: &CartView) -> Vec<(VariantId, u32)> {
    let gifts = view.cart.lines.iter().filter(|line| line.gift.is_some());
    gifts.map(|line| (line.variant, line.quantity)).collect()
}

fn gift_line(view: &CartView) -> CartLineId {
    view.cart.lines.iter().find(|line| line.gift.is_some()).unwrap().id
}

#[tokio::test]
async fn a_gift_comes_and_goes_with_its_reason() {
    let (shop, mug, towel) = shop_with_gift(50).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    assert_eq!(gifts(&read(&shop, cart).await), []);
    let (view, warnings) = add(&shop, cart, (mug, 1)).await;
    assert_eq!((gifts(&view), warnings), (vec![(towel, 1)], Vec::new()));
    assert_eq!((view.priced.subtotal, view.priced.discount, view.priced.total), (3_000, 1_000, 2_000));
    assert_eq!(view.gifts, Default::default());
    let (view, _) = add(&shop, cart, (mug, 1)).await;
    assert_eq!(gifts(&view), [(towel, 1)], "no second one");
    let bought = view.cart.lines.iter().find(|line| line.gift.is_none()).unwrap().id;
    let update = LineUpdate { id: bought, variant: None, quantity: Some(1), attributes: None };
    let (view, _) = shop.services.cart_lines.update(&guest(), cart, vec![update]).await.unwrap();
    assert_eq!((gifts(&view), view.priced.total), (Vec::new(), 1_000));
}

#[tokio::test]
async fn a_gift_that_was_taken_out_stays_out_and_one_cannot_be_changed() {
    let (shop, mug, _) = shop_with_gift(50).await;
    let view = cart_of(&shop, &guest(), &[(mug, 2)]).await;
    let (cart, line) = (view.cart.id, gift_line(&view));
    let more = LineUpdate { id: line, variant: None, quantity: Some(9), attributes: None };
    let refused = shop.services.cart_lines.update(&guest(), cart, vec![more]).await;
    let is_gift = LinesRefusal::Rule(LineChangeError::GiftLine { index: 0 });
    assert!(matches!(refused, Err(CartError::Refused(refusal)) if refusal == is_gift));
    let (view, _) = shop.services.cart_lines.remove(&guest(), cart, vec![line]).await.unwrap();
    assert_eq!((gifts(&view), view.priced.total), (Vec::new(), 2_000));
    assert_eq!(gifts(&add(&shop, cart, (mug, 1)).await.0), []);
    assert_eq!(read(&shop, cart).await.gifts.missing, [], "it is not wanted");
}

#[tokio::test]
async fn a_gift_that_is_due_no_more_is_not_shown_and_the_next_change_takes_it_out() {
    let (shop, mug, towel) = shop_with_gift(50).await;
    let view = cart_of(&shop, &guest(), &[(mug, 2)]).await;
    let (cart, line) = (view.cart.id, gift_line(&view));
    shop.wait(TimeDelta::minutes(5));
    let view = read(&shop, cart).await;
    assert_eq!((view.lines.len(), view.priced.total), (1, 2_000));
    assert_eq!(
        (view.gifts.undue.clone(), gifts(&view)),
        (vec![line], vec![(towel, 1)]),
        "a look changes nothing"
    );
    let (view, _) = add(&shop, cart, (mug, 1)).await;
    assert_eq!((gifts(&view), view.gifts.undue), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_gift_that_cannot_be_had_is_left_out() {
    let (shop, mug, towel) = shop_with_gift(0).await;
    let cart = cart(&shop, &[(mug, 1)]).await;
    let (view, warnings) = add(&shop, cart, (mug, 1)).await;
    assert_eq!(warnings, [CartWarning::OutOfStock { variant: towel }]);
    assert_eq!((gifts(&view), view.priced.total), (Vec::new(), 2_000));
    assert_eq!(view.gifts.missing.len(), 1);
}

#[tokio::test]
async fn a_gift_keeps_nobody_from_buying_as_much_as_one_may() {
    let shop = TestShop::with(|settings| settings.units.per_buyer = std::num::NonZeroU32::new(3)).await;
    let goods = sell(&shop, 2, 50).await;
    let mut gift = with_action(1, Class::Product, Action::Gift { variant: goods[1], quantity: 1 });
    gift.promotion.definition.conditions.push(from_subtotal(2_000));
    promote(&shop, &gift).await;
    let cart = cart(&shop, &[(goods[0], 2)]).await;
    assert_eq!(gifts(&read(&shop, cart).await), [(goods[1], 1)]);
    let bought = kept(&shop, cart).await.lines[0].id;
    let update = LineUpdate { id: bought, variant: None, quantity: Some(3), attributes: None };
    let outcome = shop.services.cart_lines.update(&guest(), cart, vec![update]).await;
    let (view, _) = outcome.unwrap();
    assert_eq!((view.cart.total_quantity(), gifts(&view)), (3, Vec::new()), "the gift makes room");
}
