//! One card, and many who spend it at once: never more than is on it.

use super::{charge, places, shop};
use crate::harness::{Placed, Shop, Shopper, minor};
use futures_util::future::join_all;

/// A mug, 15.00 with its delivery, that a card is to pay for as far as it goes.
async fn buyer(shop: &Shop, code: &str, left_to_pay: i64) -> Shopper {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(charge(&shopper.has_paid_with(&[code]).await), left_to_pay);
    shopper
}

/// What the gateway is asked for; nothing where the order was refused, because the card pays less than it did.
fn charged(placed: &Placed) -> Option<bool> {
    if placed.is_placed() {
        return Some(placed.answer.at("/orderPlace/paymentSession").is_null());
    }
    let why = placed.refusals();
    assert!(why == ["CHARGE_CHANGED"] || why == ["GIFT_CARD_UNAVAILABLE"], "{why:?}");
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn two_orders_cannot_spend_one_card() {
    let (shop, staff) = shop().await;
    for round in 0..8 {
        let card = shop.card(&staff, "12.00").await;
        let buyers = join_all((0..10).map(|_| buyer(&shop, &card.code, 300))).await;
        let keys: Vec<String> = (0..10).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let winners: Vec<&Placed> = placed.iter().filter(|placed| charged(placed).is_some()).collect();
        assert_eq!(winners.len(), 1, "round {round}");
        let order = shop.priced_order(&winners[0].token()).await;
        assert_eq!([minor(&order["totalPrice"]), minor(&order["totalCharge"])], [1_500, 300]);
        let spent: Vec<i64> =
            shop.entries(&staff, &card.id).await.into_iter().map(|(_, amount)| amount).collect();
        assert_eq!(spent, [1_200, -1_200], "round {round}");

        // The others have been told, and pay it all.
        let losers = buyers.iter().zip(&keys).zip(&placed).filter(|(_, placed)| !placed.is_placed());
        let again = join_all(losers.take(2).map(|((buyer, key), _)| places(buyer, key))).await;
        for placed in &again {
            let order = shop.priced_order(&placed.token()).await;
            assert_eq!(minor(&order["totalCharge"]), 1_500, "round {round}");
        }
        assert_eq!(shop.balance(&staff, &card.id).await, 0);
    }
    shop.ledgers_balance().await;
}

/// A card that is good for two and two thirds of them: two have it, and the rest is the next one's who agrees.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_never_overdrawn() {
    let (shop, staff) = shop().await;
    for round in 0..6 {
        let card = shop.card(&staff, "40.00").await;
        let buyers = join_all((0..8).map(|_| buyer(&shop, &card.code, 0))).await;
        let keys: Vec<String> = (0..8).map(|n| format!("{round} {n}")).collect();
        let placed = join_all(buyers.iter().zip(&keys).map(|(buyer, key)| buyer.place_order(key))).await;
        let paid: Vec<bool> = placed.iter().filter_map(charged).collect();
        assert_eq!(paid, [true; 2], "round {round}: nothing is left to pay of two");
        assert_eq!(shop.balance(&staff, &card.id).await, 1_000, "round {round}");
        let loser = placed.iter().position(|placed| !placed.is_placed()).expect("six of them");
        let order = places(&buyers[loser], &keys[loser]).await;
        assert_eq!(minor(&shop.priced_order(&order.token()).await["totalCharge"]), 500, "round {round}");
        assert_eq!(shop.balance(&staff, &card.id).await, 0, "round {round}");
        assert_eq!(shop.entries(&staff, &card.id).await.len(), 4, "issued once, spent three times");
    }
    shop.ledgers_balance().await;
}

/// Staff take a card away, and off it, while it is spent: either they were first, or the buyer.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_changed_while_it_is_spent_adds_up() {
    let (shop, staff) = shop().await;
    let adjust = "mutation($i: GiftCardAdjustInput!) { giftCardAdjust(input: $i) { giftCard { id } userErrors { code } } }";
    let off = "mutation($id: ID!) { giftCardDisable(id: $id) { giftCard { enabled } userErrors { code } } }";
    for round in 0..8 {
        let card = shop.card(&staff, "15.00").await;
        let shopper = buyer(&shop, &card.code, 0).await;
        let key = format!("round {round}");
        let less = serde_json::json!({ "i": {
            "id": card.id, "idempotencyKey": "less", "amount": { "amount": "-10.00", "currencyCode": "USD" } } });
        let by_staff = async {
            match round % 2 {
                0 => shop.ask_as(&staff, adjust, less).await.at("/giftCardAdjust/userErrors").clone(),
                _ => {
                    let id = serde_json::json!({ "id": card.id });
                    shop.ask_as(&staff, off, id).await.at("/giftCardDisable/userErrors").clone()
                }
            }
        };
        let (placed, done) = tokio::join!(shopper.place_order(&key), by_staff);
        let entries: Vec<(String, i64)> = shop.entries(&staff, &card.id).await;
        let spent = entries.iter().any(|(kind, _)| kind == "SPENT");
        assert_eq!(placed.is_placed(), spent, "round {round}: {entries:?}");
        if round % 2 == 0 {
            let lessened = done == serde_json::json!([]);
            assert!(lessened != spent, "round {round}: there is enough for one of them: {entries:?}");
        }
    }
    shop.ledgers_balance().await;
}
