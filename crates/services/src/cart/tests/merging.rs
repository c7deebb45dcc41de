//! Merging: once, whatever is repeated, raced or broken off.

use super::shop::{cart, given, guest, kept, put, refusal, sell_mugs, units};
use crate::{
    UnitSettings,
    account::Caller,
    cart::{CartError, CartWarning, LinesRefusal, MergeCartsRefusal, TooManyUnits, Unpaid, merge::forget},
    testing::{TestShop, client},
};
use std::{collections::HashMap, num::NonZeroU32};
use stoa_domain::{
    cart::{AddLine, Cart, CartDetail, MergeRefusal},
    shared::{CartId, CartLineId},
};
use uuid::Uuid;

#[tokio::test]
async fn a_cart_that_was_merged_is_gone_and_stays_so() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    let by = guest();
    let merge = || Box::pin(shop.services.merge_carts.run(&by, from, into));
    let merged = merge().await.unwrap();
    assert_eq!(given(&merged), (into, 9));
    assert!(merged.1.is_empty(), "what the one held was to be had for the other: {:?}", merged.1);
    assert_eq!(given(&merge().await.unwrap()), (into, 9), "once more");
    assert_eq!(units(&shop, &guest(), from).await, None);
    let held = shop.ctx().ports.holds.held_by(from, shop.ctx().now()).await.unwrap();
    assert_eq!(held, HashMap::new());
    let add = shop.services.cart_details.set_note(&guest(), from, "x").await;
    assert!(matches!(add, Err(CartError::NotFound)), "{add:?}");
}

#[tokio::test]
async fn merging_twice_at_once_adds_once() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    let by = guest();
    let merge = || Box::pin(shop.services.merge_carts.run(&by, from, into));
    let (one, other) = tokio::join!(merge(), merge());
    assert_eq!(given(&one.unwrap()), (into, 9));
    assert_eq!(given(&other.unwrap()), (into, 9));
    assert_eq!(units(&shop, &guest(), into).await, Some(9));
}

#[tokio::test]
async fn a_merge_that_broke_off_is_seen_through() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    // It died behind the mark.
    put(&shop, &Cart { merging_into: Some(into), ..kept(&shop, from).await.unwrap() }).await;
    assert_eq!(units(&shop, &guest(), from).await, Some(4), "nothing is lost to sight");
    let note = shop.services.cart_details.set_note(&guest(), from, "x").await;
    assert!(matches!(note, Err(CartError::Busy)), "{note:?}");
    let by = guest();
    assert_eq!(given(&Box::pin(shop.services.merge_carts.run(&by, from, into)).await.unwrap()), (into, 9));
}

#[tokio::test]
async fn a_merge_that_broke_off_before_its_end_adds_nothing_again() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    put(&shop, &Cart { merging_into: Some(into), ..kept(&shop, from).await.unwrap() }).await;
    let goes = kept(&shop, from).await.unwrap();
    let mut stays = kept(&shop, into).await.unwrap();
    stays.absorb(&goes, || CartLineId::new(Uuid::from_u128(8))).unwrap();
    put(&shop, &stays).await;

    // The cart that goes is still there as it was taken up, but not to be seen.
    assert_eq!(units(&shop, &guest(), from).await, None);
    let note = shop.services.cart_details.set_note(&guest(), from, "x").await;
    assert!(matches!(note, Err(CartError::NotFound)), "{note:?}");
    let by = guest();
    assert_eq!(given(&Box::pin(shop.services.merge_carts.run(&by, from, into)).await.unwrap()), (into, 9));
    assert!(kept(&shop, from).await.is_none());
}

#[tokio::test]
async fn what_was_taken_up_is_not_there_twice_though_another_call_took_the_mark_off() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let into = CartId::new(Uuid::from_u128(7));
    for changed_since in [false, true] {
        let from = cart(&shop, &guest(), mug, 4).await;
        put(&shop, &Cart { merging_into: Some(into), ..kept(&shop, from).await.unwrap() }).await;
        let goes = kept(&shop, from).await.unwrap();
        put(&shop, &Cart { merging_into: None, ..goes.clone() }).await;
        if changed_since {
            let line = goes.lines[0].id;
            shop.services.cart_lines.remove(&guest(), from, vec![line]).await.unwrap();
        }
        forget(shop.ctx(), &goes).await;
        assert_eq!(kept(&shop, from).await.is_some(), changed_since, "who has changed it since keeps it");
    }
}

#[tokio::test]
async fn a_mark_for_a_cart_that_is_gone_keeps_nobody_out() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let from = cart(&shop, &guest(), mug, 4).await;
    let nowhere = CartId::new(Uuid::from_u128(7));
    put(&shop, &Cart { merging_into: Some(nowhere), ..kept(&shop, from).await.unwrap() }).await;
    shop.services.cart_details.set_note(&guest(), from, "mine").await.unwrap();
    let now = kept(&shop, from).await.unwrap();
    assert_eq!((now.merging_into, now.note.as_deref(), now.total_quantity()), (None, Some("mine"), 4));
}

#[tokio::test]
async fn a_merge_that_is_refused_leaves_both_as_they_were() {
    let few = UnitSettings { per_buyer: NonZeroU32::new(8), per_network: None };
    let shop = TestShop::with(|settings| settings.units = few).await;
    let mug = sell_mugs(&shop, 100, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    let by = guest();
    let merge = |from, into| Box::pin(shop.services.merge_carts.run(&by, from, into));
    let too_many = MergeCartsRefusal::TooManyUnits(TooManyUnits::InCart { max: 8 });
    assert_eq!(refusal(merge(from, into).await), too_many);
    assert_eq!(kept(&shop, from).await.unwrap().merging_into, None);
    assert_eq!(refusal(merge(from, from).await), MergeCartsRefusal::Rule(MergeRefusal::SameCart));
    let nowhere = CartId::new(Uuid::from_u128(7));
    assert_eq!(refusal(merge(nowhere, into).await), MergeCartsRefusal::NoSuchCart);
    assert!(matches!(merge(from, nowhere).await, Err(CartError::NotFound)));
    shop.services.cart_details.set_note(&guest(), from, "still mine").await.unwrap();
    assert_eq!((units(&shop, &guest(), from).await, units(&shop, &guest(), into).await), (Some(4), Some(5)));
}

#[tokio::test]
async fn what_one_network_may_hold_is_counted_once_whatever_is_merged_or_not() {
    let bound = UnitSettings { per_buyer: NonZeroU32::new(8), per_network: NonZeroU32::new(10) };
    let shop = TestShop::with(|settings| settings.units = bound).await;
    let mug = sell_mugs(&shop, 100, true).await;
    let by = Caller::anonymous(client(1));
    let four = cart(&shop, &by, mug, 4).await;
    let five = cart(&shop, &by, mug, 5).await;
    let one = cart(&shop, &by, mug, 1).await;
    let merge = |from, into| Box::pin(shop.services.merge_carts.run(&by, from, into));
    let too_many = MergeCartsRefusal::TooManyUnits(TooManyUnits::InCart { max: 8 });
    assert_eq!(refusal(merge(four, five).await), too_many);
    let more = || vec![AddLine { variant: mug, quantity: 1, attributes: Vec::new() }];
    let from_network = LinesRefusal::TooManyUnits(TooManyUnits::FromNetwork);
    let add = |to| Box::pin(shop.services.cart_lines.add(&by, to, more()));
    assert_eq!(refusal(add(four).await), from_network, "a merge that was refused gives nothing back");
    assert_eq!(given(&merge(one, four).await.unwrap()), (four, 5), "what moves takes nothing more");
    assert_eq!(refusal(add(four).await), from_network, "and gives nothing back");
}

#[tokio::test]
async fn an_order_that_is_not_placed_takes_nothing_of_what_may_be_unpaid() {
    let bound = UnitSettings { per_buyer: None, per_network: NonZeroU32::new(10) };
    let shop = TestShop::with(|settings| settings.units = bound).await;
    let (by, elsewhere) = (Caller::anonymous(client(1)), Caller::anonymous(client(2)));
    let first = Unpaid::take(shop.ctx(), &by, 10).await.unwrap();
    assert!(Unpaid::take(shop.ctx(), &by, 1).await.is_none());
    assert!(Unpaid::take(shop.ctx(), &elsewhere, 10).await.is_some(), "another network has its own");
    first.give_back(shop.ctx()).await;
    assert!(Unpaid::take(shop.ctx(), &by, 10).await.is_some());
}

#[tokio::test]
async fn two_carts_merged_into_each_other_are_one_in_the_end() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (a, b) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    // Both were begun, and both broke off.
    put(&shop, &Cart { merging_into: Some(b), ..kept(&shop, a).await.unwrap() }).await;
    put(&shop, &Cart { merging_into: Some(a), ..kept(&shop, b).await.unwrap() }).await;
    let by = guest();
    let merge = |from, into| Box::pin(shop.services.merge_carts.run(&by, from, into));
    let stays = a.min(b);
    assert_eq!(given(&merge(a, b).await.unwrap()), (stays, 9));
    assert_eq!(given(&merge(b, a).await.unwrap()), (stays, 9));
    let left = [units(&shop, &guest(), a).await, units(&shop, &guest(), b).await];
    assert!(left.contains(&Some(9)) && left.contains(&None), "{left:?}");
}

#[tokio::test]
async fn what_is_no_longer_offered_comes_along_and_is_seen() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    sell_mugs(&shop, 10, false).await;
    let merged = Box::pin(shop.services.merge_carts.run(&guest(), from, into)).await.unwrap();
    assert_eq!(given(&merged), (into, 9));
    assert!(!merged.0.lines[0].merchandise.for_sale);
}

#[tokio::test]
async fn what_is_left_out_of_a_merge_is_said() {
    let shop = TestShop::open().await;
    let mug = sell_mugs(&shop, 10, true).await;
    let (from, into) = (cart(&shop, &guest(), mug, 4).await, cart(&shop, &guest(), mug, 5).await);
    for (cart, note) in [(from, "theirs"), (into, "ours")] {
        shop.services.cart_details.set_note(&guest(), cart, note).await.unwrap();
    }
    let (view, warnings) = Box::pin(shop.services.merge_carts.run(&guest(), from, into)).await.unwrap();
    assert_eq!(view.cart.note.as_deref(), Some("ours"));
    assert_eq!(warnings, [CartWarning::DetailKept { cart: into, detail: CartDetail::Note }]);
}
