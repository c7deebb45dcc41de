//! From carts to orders, for tests of what orders take and give back.

use super::shop::*;
use crate::{
    account::Caller,
    cart::IdentityChange,
    checkout::{PlaceOrderError, Placed},
    testing::TestShop,
};
use stoa_domain::{
    checkout::{PlaceOrder, PlaceOrderRefusal},
    pricing::{EnteredCode, Used},
    shared::{CartId, GiftCardId, OrderId, PromotionId, VariantId},
};
use stoa_persistence::{Durability, gift_card, payment, promotion};

/// What delivering costs in these tests.
pub(super) const DELIVERY: i64 = 500;

/// A guest's cart that can be ordered: of somebody with this address, who lives in Berlin.
pub(super) async fn ready(shop: &TestShop, email: &str, lines: &[(VariantId, u32)]) -> CartId {
    let cart = cart(shop, lines).await;
    let who = IdentityChange { email: Some(email.to_owned()), ..IdentityChange::default() };
    Box::pin(shop.services.identify_buyer.run(&guest(), cart, &who)).await.unwrap();
    deliver(shop, cart).await;
    cart
}

/// Has these gift cards pay.
pub(super) async fn pay_with(shop: &TestShop, cart: CartId, codes: &[&str]) {
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    Box::pin(shop.services.gift_card_codes.add(&guest(), cart, &codes)).await.unwrap();
}

/// Keys of one cart are none of another's.
pub(super) fn request(cart: CartId, key: &str) -> PlaceOrder {
    let idempotency_key = format!("{key} of {cart}");
    PlaceOrder { cart, idempotency_key, expected_total: None, expected_charge: None }
}

pub(super) async fn try_place(shop: &TestShop, cart: CartId, key: &str) -> Result<Placed, PlaceOrderError> {
    Box::pin(shop.services.place_order.run(&guest(), request(cart, key))).await
}

pub(super) async fn place(shop: &TestShop, cart: CartId, key: &str) -> Placed {
    try_place(shop, cart, key).await.unwrap()
}

pub(super) fn refusal(refused: Result<Placed, PlaceOrderError>) -> PlaceOrderRefusal {
    match refused {
        Err(PlaceOrderError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// Has what the gateway was asked for arrive there.
pub(super) async fn pay(shop: &TestShop, placed: &Placed) -> String {
    let paid = placed.payment.as_ref().unwrap();
    let intent = format!("pi_paid_{}", paid.amount);
    let turn = shop.db.write_one(Durability::Full).await.unwrap();
    assert!(payment::set_intent(&turn, paid.id, &intent, shop.ctx().now()).await.unwrap());
    drop(turn);
    shop.services.sync_payment.run(placed.order.id).await.unwrap();
    intent
}

/// What was used of a promotion.
pub(super) async fn used(shop: &TestShop, promotion: u128) -> Used {
    let id: PromotionId = id(promotion);
    promotion::standing(shop.db.read(), &[], &[id]).await.unwrap().promotions[&id]
}

/// How often a code was used.
pub(super) async fn code_used(shop: &TestShop, code: &str) -> i64 {
    let key = EnteredCode::parse(code).unwrap().key;
    promotion::standing(shop.db.read(), std::slice::from_ref(&key), &[]).await.unwrap().codes[&key].used
}

/// What is on a card.
pub(super) async fn on(shop: &TestShop, card: GiftCardId) -> i64 {
    gift_card::of_cart(shop.db.read(), &[card], None).await.unwrap()[0].balance
}

/// Time goes by until what was not paid is given up.
pub(super) async fn let_expire(shop: &TestShop) {
    shop.wait(shop.ctx().settings.pay_within + chrono::TimeDelta::minutes(1));
    shop.settle().await;
}

/// The state of an order, by name.
pub(super) async fn state(shop: &TestShop, order: OrderId) -> &'static str {
    stoa_persistence::order::find(shop.db.read(), order).await.unwrap().unwrap().state.name()
}

/// Somebody who buys.
pub(super) fn buyer() -> Caller {
    guest()
}
