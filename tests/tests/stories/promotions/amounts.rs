//! Stories 24 to 26: what is taken off, to the last cent; each amount with how it is worked out.

use super::shop;
use crate::harness::{Shop, Shopper, amount_off, minor, percent_off, with};
use serde_json::{Value, json};

/// A payment that is made, over so much, at the gateway too.
async fn is_charged(shop: &Shop, shopper: &Shopper, total: i64) -> Value {
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(minor(&order["totalPrice"]), total);
    assert_eq!(shopper.pay(&placed, "4242424242424242").await["amount"], total);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    order
}

/// Story 24: the goods cost nothing then, and never less; delivery costs what it does.
#[tokio::test]
async fn a_discount_larger_than_the_goods_leaves_delivery_to_pay() {
    let (shop, staff) = shop().await;
    shop.promote_by_code(&staff, "FIFTY", amount_off("50.00")).await;
    shop.promote_by_code(&staff, "AGAIN", with(amount_off("50.00"), "stacks", json!(true))).await;
    let shopper = shop.shopper_with_cart([("mug", 1), ("spoon", 2)]).await;
    // 10.00 + 2 x 3.33 = 16.66, all of it off, and 5.00 for delivery; a second code finds nothing that it could take off.
    for codes in [vec!["FIFTY"], vec!["FIFTY", "AGAIN"], vec!["AGAIN", "FIFTY"]] {
        let entered = shopper.enter(&codes).await;
        let cart = entered.at("/cartDiscountCodesUpdate/cart");
        assert_eq!(minor(&cart["cost"]["totalAmount"]), 500, "{codes:?}: {cart:#}");
        let off: i64 = cart["discountAllocations"]
            .as_array()
            .expect("allocations")
            .iter()
            .map(|off| minor(&off["discountedAmount"]))
            .sum();
        assert_eq!(off, 1_666, "{codes:?}");
    }
    let order = is_charged(&shop, &shopper, 500).await;
    assert_eq!((minor(&order["totalDiscounts"]), minor(&order["totalShippingPrice"])), (1_666, 500));
    for line in order["lineItems"]["nodes"].as_array().expect("lines") {
        assert_eq!(minor(&line["discountedTotalPrice"]), 0, "{line}");
    }

    // Where nothing is delivered nothing is left: 4.00 - 4.00.
    let letter = shop.shopper_with_cart([("pattern", 1)]).await;
    letter.enter(&["FIFTY", "AGAIN"]).await;
    assert_eq!(letter.total().await, 0);
    shop.ledgers_balance().await;
}

/// Story 25: a discount of one line, and one of all of them. What is free takes no share.
#[tokio::test]
async fn discounts_of_lines_and_of_the_order_add_up_to_the_cent() {
    let (shop, staff) = shop().await;
    let spoons = json!({ "variantIds": [shop.gid("spoon").await] });
    let of_spoons = json!({ "percentOff": { "percentage": "15", "target": spoons } });
    shop.promote(&staff, with(percent_off("15"), "action", of_spoons)).await;
    shop.promote(&staff, amount_off("5.00")).await;
    // 15 % of 3 x 3.33 = 9.99 are 1.4985, 1.50; so spoons cost 8.49, and all 10.00 + 8.49 + 0.00 = 18.49.
    // Of the 5.00, mugs have 5.00 x 10.00 / 18.49 = 2.704 and spoons 2.296. Cut off, that is 2.70 + 2.29: the cent that is
    // left is the spoons', of whose share more was cut off.
    let expected = [("mug", 1_000, 1_000 - 270), ("spoon", 849, 849 - 230), ("sticker", 0, 0)];
    for turned in [false, true] {
        let mut lines = [("mug", 1), ("spoon", 3), ("sticker", 1)];
        if turned {
            lines.reverse();
        }
        let shopper = shop.shopper_with_cart(lines).await;
        let cart = shopper.priced().await;
        assert_eq!(minor(&cart["cost"]["subtotalAmount"]), 1_849, "{cart:#}");
        assert_eq!(minor(&cart["cost"]["totalAmount"]), 1_849 - 500 + 500);
        let shown = cart["lines"]["nodes"].as_array().expect("lines");
        for (handle, after_its_own, _) in expected {
            let line = shown.iter().find(|line| line["merchandise"]["product"]["handle"] == handle);
            let line = line.expect("the line");
            assert_eq!(minor(&line["cost"]["totalAmount"]), after_its_own, "{handle}");
            let shares: Vec<&Value> = steps(&cart, line, "5.00 off");
            match handle {
                "mug" => {
                    assert_eq!((minor(&shares[0]["amount"]), &shares[0]["remainder"]), (-270, &Value::Null));
                }
                "spoon" => {
                    assert_eq!((minor(&shares[0]["amount"]), &shares[0]["remainder"]), (-230, &json!(1)));
                }
                _ => assert_eq!(shares, [] as [&Value; 0], "what costs nothing has no share"),
            }
        }
        let order = is_charged_as(&shop, &shopper, turned).await;
        let nodes = order["lineItems"]["nodes"].as_array().expect("lines");
        let mut after: Vec<i64> = nodes.iter().map(|line| minor(&line["discountedTotalPrice"])).collect();
        if turned {
            after.reverse();
        }
        assert_eq!(after, expected.map(|(_, _, after)| after), "{order:#}");
        // 7.30 + 6.19 + 0.00 + 5.00
        assert_eq!(after.iter().sum::<i64>() + 500, minor(&order["totalPrice"]));
        assert_eq!(minor(&order["totalDiscounts"]), 150 + 500);
    }
    shop.ledgers_balance().await;
}

/// What a promotion takes off a line, by the steps of its cart.
fn steps<'a>(cart: &'a Value, line: &Value, title: &str) -> Vec<&'a Value> {
    let all = cart["cost"]["steps"].as_array().expect("steps");
    all.iter().filter(|step| step["lineId"] == line["id"] && step["title"] == title).collect()
}

async fn is_charged_as(shop: &Shop, shopper: &Shopper, turned: bool) -> Value {
    let placed = shopper.place_order(&format!("turned {turned}")).await;
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(shop.payment(placed.order_id()).await.amount, 1_849);
    shop.priced_order(&placed.token()).await
}

/// Discounts that have to be spread over lines of the same price: the parts are the whole, whichever it is.
#[tokio::test]
async fn a_discount_that_does_not_divide_is_spread_without_a_rest() {
    let (shop, staff) = shop().await;
    let id = shop.promote(&staff, amount_off("0.01")).await;
    let mug = shop.gid("mug").await;
    let mut shopper = shop.shopper();
    shopper.create_cart(&[(mug.clone(), 1)]).await;
    let engraved = |n: u32| json!({ "merchandiseId": mug, "quantity": 1, "attributes": [{ "key": "n", "value": n.to_string() }] });
    shopper.add_lines((0..6).map(engraved).collect()).await;
    // Seven lines of 10.00: no amount but those of seven divides evenly, and 70.00 is all there is.
    for (amount, off) in
        [("0.01", 1), ("0.06", 6), ("0.08", 8), ("10.00", 1_000), ("69.99", 6_999), ("70.01", 7_000)]
    {
        shop.rewrite(&staff, &id, amount_off(amount)).await;
        let cart = shopper.priced().await;
        assert_eq!(minor(&cart["cost"]["totalAmount"]), 7_000 - off + 500, "{amount}");
        let shares: Vec<i64> = cart["lines"]["nodes"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|line| {
                -steps(&cart, line, &format!("{amount} off")).iter().map(|s| minor(&s["amount"])).sum::<i64>()
            })
            .collect();
        assert_eq!(shares.iter().sum::<i64>(), off, "{amount}: {shares:?}");
        // Each has the floor of a seventh, or a cent more.
        assert!(shares.iter().all(|share| (off / 7..=off / 7 + 1).contains(share)), "{amount}: {shares:?}");
    }
    is_charged(&shop, &shopper, 500).await;
    shop.ledgers_balance().await;
}

/// Story 26: however often it is entered, it is one code, taken off once.
#[tokio::test]
async fn the_same_code_three_times_is_one() {
    let (shop, staff) = shop().await;
    let id =
        shop.promote_by_code(&staff, "TEN", with(percent_off("10"), "limits", json!({ "uses": 9 }))).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let entered = shopper.enter(&["Ten", "TEN", " ten "]).await;
    let cart = entered.at("/cartDiscountCodesUpdate/cart");
    assert_eq!(cart["discountCodes"], json!([{ "code": "Ten", "applicable": true, "reason": null }]));
    // 10.00 less a tenth, and 5.00 for delivery.
    assert_eq!(shopper.total().await, 900 + 500);
    is_charged(&shop, &shopper, 1_400).await;
    assert_eq!((shop.uses_of(&id).await, shop.counted(&id).await), ([1, 100], [1, 100]));
    assert_eq!(shop.code_used(&staff, &id, "ten").await, 1);
    shop.ledgers_balance().await;
}

/// Two codes of one promotion take off what one does, and use up one of them: the first that can be used.
#[tokio::test]
async fn two_codes_of_one_promotion_are_one_adjustment() {
    let (shop, staff) = shop().await;
    let id =
        shop.promote_by_code(&staff, "SPENT", with(percent_off("10"), "limits", json!({ "uses": 9 }))).await;
    for code in ["FIRST", "SECOND"] {
        shop.add_code(&staff, &id, json!({ "code": code, "uses": 5 })).await;
    }
    let disable = "mutation($id: ID!) { promotionCodesDisable(promotionId: $id, codes: [\"spent\"]) { disabledCodes userErrors { code } } }";
    shop.staff_does(&staff, disable, json!({ "id": id })).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.enter(&["SPENT", "FIRST", "SECOND"]).await;
    let reasons = [json!("DISCOUNT_CURRENTLY_INACTIVE"), Value::Null, json!("DISCOUNT_CODE_NOT_HONOURED")];
    assert_eq!(shopper.reasons().await, reasons);
    is_charged(&shop, &shopper, 1_400).await;
    let mut used = Vec::new();
    for code in ["SPENT", "FIRST", "SECOND"] {
        used.push(shop.code_used(&staff, &id, code).await);
    }
    assert_eq!((used, shop.counted(&id).await), (vec![0, 1, 0], [1, 100]));
    shop.ledgers_balance().await;
}

/// A new list takes the place of the old one; more than ten are refused, and change nothing.
#[tokio::test]
async fn codes_are_replaced_and_there_are_ten_at_most() {
    let (shop, staff) = shop().await;
    shop.promote_by_code(&staff, "TEN", percent_off("10")).await;
    let twenty = with(percent_off("20"), "promotionClass", json!("ORDER"));
    shop.promote_by_code(&staff, "TWENTY", twenty).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    for (codes, total) in [(vec!["TEN"], 1_400), (vec!["TWENTY"], 1_300), (vec![], 1_500)] {
        shopper.enter(&codes).await;
        assert_eq!(shopper.total().await, total, "{codes:?}");
    }
    shopper.enter(&["TEN"]).await;
    let codes: Vec<String> = (0..11).map(|n| format!("CODE{n}")).collect();
    let query = "mutation($id: ID!, $c: [String!]!) { cartDiscountCodesUpdate(cartId: $id, discountCodes: $c) { userErrors { code field } } }";
    for refused in [json!(codes), json!(["TEN", "x".repeat(10_000)])] {
        let answer = shopper.ask(query, json!({ "id": shopper.cart, "c": refused })).await;
        let errors = answer.at("/cartDiscountCodesUpdate/userErrors").as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(shopper.total().await, 1_400, "as it was");
    }
    // Nothing that a code could be is anything but a code.
    for odd in ["'; DROP TABLE promotions; --", "\u{0}", "%", "TE\u{0}N", "ＴＥＮ", "🦀"] {
        shopper.enter(&[odd]).await;
        assert!(shopper.total().await >= 1_400, "{odd:?}");
    }
    shop.ledgers_balance().await;
}
