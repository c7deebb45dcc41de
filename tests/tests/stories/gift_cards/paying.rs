//! Cards that pay a part, several at once, and how what they have paid comes back.

use super::{at_gateway, charge, entries, gid, money, pays, places, shop};
use crate::harness::{Card, Placed, Shop, Shopper, Staff, minor, steps_of};
use chrono::TimeDelta;
use serde_json::{Value, json};

/// They pay in the order in which they were entered, each as much as is left to pay; a card that is entered twice is one.
#[tokio::test]
async fn several_cards_pay_one_after_another() {
    let (shop, staff) = shop().await;
    let [first, second, third] =
        [shop.card(&staff, "3.00").await, shop.card(&staff, "5.00").await, shop.card(&staff, "100.00").await];
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    // 20.00 + 5.00, less 3.00 and 5.00. However a code is typed, it is that code.
    let typed = first.code.replace('-', " ").to_lowercase();
    let cart = shopper.has_paid_with(&[&typed, &second.code, &first.code]).await;
    assert_eq!((minor(&cart["cost"]["totalAmount"]), charge(&cart)), (2_500, 1_700));
    let paid: Vec<i64> = steps_of(&cart, "GIFT_CARD").into_iter().map(|(_, amount)| amount).collect();
    assert_eq!(paid, [-300, -500]);
    let applied = cart["appliedGiftCards"].as_array().expect("cards");
    assert_eq!(applied.len(), 2, "{cart:#}");
    assert_eq!(applied[0]["lastCharacters"], first.code[first.code.len() - 4..]);
    assert_eq!([minor(&applied[0]["presentmentAmountUsed"]), minor(&applied[0]["balance"])], [300, 300]);

    // The large one first: it pays all of it, and the others nothing.
    let cart = shopper.has_paid_with(&[&third.code, &first.code, &second.code]).await;
    assert_eq!(charge(&cart), 0);
    let cart = shopper.has_paid_with(&[&first.code, &second.code]).await;
    assert_eq!(charge(&cart), 1_700);
    // One is taken off again, and put back behind the other.
    let applied = [("appliedGiftCardIds", "[ID!]!", json!([cart["appliedGiftCards"][0]["id"]]))];
    shopper.change("cartGiftCardCodesRemove", &applied).await;
    assert_eq!(charge(&shopper.priced().await), 2_000);
    let added = [("giftCardCodes", "[String!]!", json!([first.code]))];
    shopper.change("cartGiftCardCodesAdd", &added).await;
    assert_eq!(charge(&shopper.priced().await), 1_700);
    assert_eq!(shop.balance(&staff, &first.id).await, 300, "nothing is taken before it is ordered");

    let placed = places(&shopper, "k").await;
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!([minor(&order["totalPrice"]), minor(&order["totalCharge"])], [2_500, 1_700]);
    assert_eq!(at_gateway(&shop).await, [1_700]);
    pays(&shop, &shopper, &placed, 1_700).await;
    for (card, left) in [(&first, 0), (&second, 0), (&third, 10_000)] {
        assert_eq!(shop.balance(&staff, &card.id).await, left);
    }
    shop.ledgers_balance().await;
}

/// A part of a card is spent, and the rest by another order.
#[tokio::test]
async fn a_card_is_spent_in_parts() {
    let (shop, staff) = shop().await;
    let card = shop.card(&staff, "20.00").await;
    for (n, (left_to_pay, left)) in [(0, 500), (1_000, 0)].into_iter().enumerate() {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        assert_eq!(charge(&shopper.has_paid_with(&[&card.code]).await), left_to_pay);
        let placed = places(&shopper, &format!("order {n}")).await;
        assert_eq!(shop.balance(&staff, &card.id).await, left);
        if left_to_pay > 0 {
            pays(&shop, &shopper, &placed, left_to_pay).await;
        }
    }
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let refused = shopper.pays_with(&[&card.code]).await;
    assert_eq!(refused.at("/cartGiftCardCodesUpdate/userErrors").as_array().map(Vec::len), Some(1));
    shop.ledgers_balance().await;
}

/// Two mugs and their delivery, 25.00, of which one card has paid 3.00, another 5.00 and the gateway 17.00.
async fn paid(shop: &Shop, staff: &Staff) -> (Shopper, Placed, [Card; 2]) {
    let cards = [shop.card(staff, "3.00").await, shop.card(staff, "5.00").await];
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    shopper.has_paid_with(&[&cards[0].code, &cards[1].code]).await;
    let placed = places(&shopper, "k").await;
    pays(shop, &shopper, &placed, 1_700).await;
    (shopper, placed, cards)
}

async fn on(shop: &Shop, staff: &Staff, cards: &[Card; 2]) -> [i64; 2] {
    [shop.balance(staff, &cards[0].id).await, shop.balance(staff, &cards[1].id).await]
}

/// The gateway's first, then the card that was used last; together what was paid, and nothing above it.
#[tokio::test]
async fn a_refund_goes_back_the_way_it_came() {
    let (shop, staff) = shop().await;
    let (_, placed, cards) = paid(&shop, &staff).await;
    let line = shop.money_of(&staff, placed.order_id()).await["lineItems"]["nodes"][0]["id"].clone();
    let unit = json!([{ "lineItemId": line, "quantity": 1 }]);
    let one = json!({ "orderId": gid(&placed), "idempotencyKey": "one", "refundLineItems": unit });
    assert_eq!(shop.refund(&staff, one).await["userErrors"], json!([]));
    shop.settle().await;
    assert_eq!(shop.refunded_at_gateway(&placed.intent()).await, [1_000]);
    assert_eq!(on(&shop, &staff, &cards).await, [0, 0]);

    // The other mug and the delivery, 15.00, asked for twice at once: 7.00 are left at the gateway, then 5.00 and 3.00.
    let two = json!({ "orderId": gid(&placed), "idempotencyKey": "two", "refundLineItems": unit, "shipping": money("5.00") });
    let (a, b) = tokio::join!(shop.refund(&staff, two.clone()), shop.refund(&staff, two));
    for given in [&a, &b] {
        assert_eq!(given["userErrors"], json!([]), "{given:#}");
        let parts = given["refunds"].as_array().expect("refunds");
        let amounts: Vec<i64> = parts.iter().map(|part| minor(&part["amount"])).collect();
        assert_eq!(amounts, [700, 500, 300]);
    }
    assert_eq!(a["refunds"], b["refunds"]);
    shop.settle().await;
    let mut refunds = shop.refunded_at_gateway(&placed.intent()).await;
    refunds.sort_unstable();
    assert_eq!((refunds, on(&shop, &staff, &cards).await), (vec![700, 1_000], [300, 500]));
    let books = shop.money_of(&staff, placed.order_id()).await;
    assert_eq!([minor(&books["totalRefunded"]), minor(&books["refundableAmount"])], [2_500, 0]);
    let more = json!({ "orderId": gid(&placed), "idempotencyKey": "more", "amount": money("0.01") });
    assert_eq!(shop.refund(&staff, more).await["userErrors"][0]["code"], "TOO_MUCH");
    shop.ledgers_balance().await;
}

/// Staff may say where it goes, as long as no payment gives more than it has; several at once do not either.
#[tokio::test]
async fn no_payment_gives_back_more_than_it_has() {
    let (shop, staff) = shop().await;
    let (_, placed, cards) = paid(&shop, &staff).await;
    let payments =
        shop.money_of(&staff, placed.order_id()).await["payments"].as_array().expect("payments").clone();
    let by = |card: &Card| {
        payments.iter().find(|paid| paid["giftCardId"] == card.id).expect("its payment")["id"].clone()
    };
    let over = |key: &str, amount: &str, tenders: Value| json!({ "orderId": gid(&placed), "idempotencyKey": key, "amount": money(amount), "tenders": tenders });
    let tender = |card: &Card, amount: &str| json!({ "paymentId": by(card), "amount": money(amount) });
    for (n, (amount, tenders)) in [
        ("3.01", json!([tender(&cards[0], "3.01")])),
        ("4.00", json!([tender(&cards[0], "3.00")])),
        ("4.00", json!([tender(&cards[0], "2.00"), tender(&cards[0], "2.00")])),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = shop.refund(&staff, over(&format!("no {n}"), amount, tenders)).await;
        assert_eq!(refused["userErrors"].as_array().map(Vec::len), Some(1), "{refused:#}");
    }
    assert_eq!(on(&shop, &staff, &cards).await, [0, 0]);
    let to_first = over("first", "3.00", json!([tender(&cards[0], "3.00")]));
    assert_eq!(shop.refund(&staff, to_first).await["userErrors"], json!([]));
    assert_eq!(on(&shop, &staff, &cards).await, [300, 0]);

    // 22.00 are left, and five times 5.00 are wanted at once.
    let keys: Vec<String> = (0..5).map(|n| format!("five {n}")).collect();
    let wanted = keys.iter().map(|key| {
        let refund = json!({ "orderId": gid(&placed), "idempotencyKey": key, "amount": money("5.00") });
        shop.refund(&staff, refund)
    });
    let given = futures_util::future::join_all(wanted).await;
    assert_eq!(given.iter().filter(|given| given["userErrors"] == json!([])).count(), 4);
    shop.settle().await;
    let at_gateway: i64 = shop.refunded_at_gateway(&placed.intent()).await.iter().sum();
    assert_eq!((at_gateway, on(&shop, &staff, &cards).await), (1_700, [300, 300]));
    shop.ledgers_balance().await;
}

/// An order that nobody pays the rest of gives a card back what it took, once: by its time, and by staff, at once.
#[tokio::test]
async fn a_card_comes_back_once() {
    let (shop, staff) = shop().await;
    for (round, expires) in [false, true, true].into_iter().enumerate() {
        let card = shop.card(&staff, "7.00").await;
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        assert_eq!(charge(&shopper.has_paid_with(&[&card.code]).await), 800);
        let placed = places(&shopper, &format!("round {round}")).await;
        assert_eq!(shop.balance(&staff, &card.id).await, 0);
        if expires {
            shop.clock.advance(TimeDelta::minutes(61));
        }
        let (cancelled, again, ()) = tokio::join!(
            shop.cancel(&staff, placed.order_id()),
            shop.cancel(&staff, placed.order_id()),
            shop.settle()
        );
        for answer in [cancelled, again] {
            assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
        }
        shop.settle().await;
        let told = entries(&[("ISSUED", 700), ("SPENT", -700), ("GIVEN_BACK", 700)]);
        assert_eq!(shop.entries(&staff, &card.id).await, told, "round {round}");
        // It is as good as it was.
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        assert_eq!(charge(&shopper.has_paid_with(&[&card.code]).await), 800);
    }
    shop.ledgers_balance().await;
}

/// Nobody is charged more than they were told because a card was spent elsewhere in between.
#[tokio::test]
async fn a_card_that_was_spent_elsewhere_is_told_before_it_is_charged() {
    let (shop, staff) = shop().await;
    let card = shop.card(&staff, "12.00").await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(charge(&shopper.has_paid_with(&[&card.code]).await), 300);
    let elsewhere = shop.shopper_with_cart([("mug", 1)]).await;
    elsewhere.has_paid_with(&[&card.code]).await;
    places(&elsewhere, "elsewhere").await;
    let refused = shopper.place_order("k").await;
    let why = refused.refusals();
    assert!(why == ["CHARGE_CHANGED"] || why == ["GIFT_CARD_UNAVAILABLE"], "{why:?}");
    let message = refused.answer.at("/orderPlace/userErrors/0/message").as_str().expect("a sentence");
    assert!(message.contains("15.00 USD"), "what would be charged now: {message}");
    let placed = places(&shopper, "k").await;
    pays(&shop, &shopper, &placed, 1_500).await;
    shop.ledgers_balance().await;
}
