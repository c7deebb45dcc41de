//! Story 23: a code that is of no use stays on the cart and says why; and is judged again with each change of the cart, of the shop's rules, and
//! of the time.

use super::shop;
use crate::harness::{Answer, Shopper, amount_off, everything, percent_off, with};
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use stoa_domain::shared::{Clock, Timestamp};

/// What a mutation of a cart tells besides.
pub(super) fn warnings(answer: &Answer, mutation: &str) -> Vec<String> {
    let told = answer.at(&format!("/{mutation}/warnings")).as_array().expect("warnings").clone();
    for warning in &told {
        assert!(warning["message"].as_str().is_some_and(|message| message.len() > 8), "{warning}");
    }
    told.iter().map(|warning| warning["code"].as_str().expect("a code").to_owned()).collect()
}

/// Enters a code; this is why it is of no use, by the code itself, by the warning, and by whoever reads the cart afterwards.
pub(super) async fn refused(shopper: &Shopper, code: &str, why: &str) {
    let entered = shopper.enter(&[code]).await;
    assert_eq!(warnings(&entered, "cartDiscountCodesUpdate"), [why], "{code}");
    let told = entered.at("/cartDiscountCodesUpdate/cart/discountCodes");
    assert_eq!(told, &json!([{ "code": code, "applicable": false, "reason": why }]));
    assert_eq!(shopper.reasons().await, [why], "{code}, read again");
}

/// Enters a code, which takes so much off.
pub(super) async fn taken(shopper: &Shopper, code: &str, off: i64) {
    shopper.enter(&[]).await;
    let before = shopper.total().await;
    let entered = shopper.enter(&[code]).await;
    assert_eq!(warnings(&entered, "cartDiscountCodesUpdate"), [""; 0], "{code}");
    assert_eq!(shopper.reasons().await, [Value::Null], "{code}");
    assert_eq!(before - shopper.total().await, off, "{code}");
}

fn conditions(promotion: Value, conditions: Value) -> Value {
    with(promotion, "conditions", conditions)
}

#[tokio::test]
async fn a_code_that_is_not_in_use_says_so_until_it_is() {
    let (shop, staff) = shop().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    refused(&shopper, "Summer", "DISCOUNT_NOT_FOUND").await;

    let id = shop.draft(&staff, with(percent_off("10"), "method", json!("CODE"))).await;
    shop.add_code(&staff, &id, json!({ "code": "SUMMER" })).await;
    refused(&shopper, "Summer", "DISCOUNT_CURRENTLY_INACTIVE").await;
    // It stays on the cart, and is of use once it is in use: nobody enters it again.
    shop.switch(&staff, "promotionActivate", &id).await;
    assert_eq!((shopper.reasons().await, shopper.total().await), (vec![Value::Null], 900 + 500));
    shop.switch(&staff, "promotionDeactivate", &id).await;
    assert_eq!(shopper.total().await, 1_000 + 500);
    refused(&shopper, "Summer", "DISCOUNT_CURRENTLY_INACTIVE").await;
    shop.switch(&staff, "promotionActivate", &id).await;
    taken(&shopper, "sUMMER", 100).await;

    let disable = "mutation($id: ID!) { promotionCodesDisable(promotionId: $id, codes: [\"summer\"]) { disabledCodes userErrors { code } } }";
    assert_eq!(shop.staff_does(&staff, disable, json!({ "id": id })).await["disabledCodes"], 1);
    refused(&shopper, "Summer", "DISCOUNT_CURRENTLY_INACTIVE").await;
    shop.switch(&staff, "promotionArchive", &id).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "15.00");
    shop.ledgers_balance().await;
}

fn text(at: Timestamp) -> Value {
    json!(at.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// At its first moment it counts, at its last it counts no more.
#[tokio::test]
async fn a_code_counts_from_its_first_moment_to_its_last() {
    let (shop, staff) = shop().await;
    let [from, to] = [1, 2].map(|hours| shop.clock.now() + TimeDelta::hours(hours));
    let summer = with(with(percent_off("10"), "startsAt", text(from)), "endsAt", text(to));
    let id = shop.promote_by_code(&staff, "SUMMER", summer).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    refused(&shopper, "SUMMER", "DISCOUNT_CURRENTLY_INACTIVE").await;

    let preview = "query($c: ID!, $id: ID!, $at: DateTime) { admin { promotionPreview(cartId: $c, promotionId: $id, at: $at) {
      totalAfter { amount } promotions { code promotion { id } } } } }";
    let shown = async |at: Timestamp| {
        let asked = json!({ "c": shopper.cart, "id": id, "at": text(at) });
        let answer = shop.ask_as(&staff, preview, asked).await;
        let verdicts = answer.at("/admin/promotionPreview/promotions").as_array().expect("verdicts").clone();
        let verdict = verdicts.iter().find(|verdict| verdict["promotion"]["id"] == json!(id));
        let code = verdict.expect("the one that was asked for")["code"].clone();
        (code, answer.at("/admin/promotionPreview/totalAfter/amount").clone())
    };
    let moment = TimeDelta::microseconds(1);
    assert_eq!(shown(from - moment).await, (json!("NOT_BEGUN"), json!("15.00")));
    assert_eq!(shown(from).await, (Value::Null, json!("14.00")));
    assert_eq!(shown(to - moment).await, (Value::Null, json!("14.00")));
    assert_eq!(shown(to).await, (json!("OVER"), json!("15.00")));

    shop.clock.advance(TimeDelta::hours(1));
    assert_eq!(shopper.total().await, 900 + 500, "nobody has touched the cart");
    taken(&shopper, "SUMMER", 100).await;
    shop.clock.advance(TimeDelta::hours(1));
    assert_eq!(shopper.total().await, 1_000 + 500);
    let noted = shopper.change("cartNoteUpdate", &[("note", "String!", json!("a gift"))]).await;
    assert_eq!(warnings(&noted, "cartNoteUpdate"), ["DISCOUNT_CURRENTLY_INACTIVE"]);
    refused(&shopper, "SUMMER", "DISCOUNT_CURRENTLY_INACTIVE").await;
    shop.ledgers_balance().await;
}

/// What is in the cart: too little, too much, the wrong things. One cart, and each of its changes says what is now wrong.
#[tokio::test]
async fn a_code_says_what_the_cart_lacks_with_each_of_its_changes() {
    let (shop, staff) = shop().await;
    let bowl = json!({ "variantIds": [shop.gid("bowl").await] });
    let ten = || percent_off("10");
    let buy_get =
        json!({ "buyGet": { "buy": everything(), "buyQuantity": 2, "get": everything(), "getQuantity": 1 } });
    let tiers = json!({ "tiered": { "by": "SUBTOTAL", "wholeCart": true, "target": everything(),
      "tiers": [{ "from": "25", "amount": { "amount": "2.00" } }] } });
    let of_bowls = json!({ "percentOff": { "percentage": "10", "target": bowl } });
    for (code, promotion) in [
        ("DEAR", conditions(ten(), json!({ "subtotal": { "least": { "amount": "30.00" } } }))),
        ("CHEAP", conditions(ten(), json!({ "subtotal": { "most": { "amount": "29.99" } } }))),
        ("MANY", conditions(ten(), json!({ "quantity": { "least": 3 } }))),
        ("FEW", conditions(ten(), json!({ "quantity": { "most": 2 } }))),
        ("THREE", with(ten(), "action", buy_get)),
        ("TIERS", with(ten(), "action", tiers)),
        ("BOWLS", with(ten(), "action", of_bowls)),
    ] {
        shop.promote_by_code(&staff, code, promotion).await;
    }
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    // What each code says of one mug, of three mugs, and of three mugs and a bowl; or what it takes off.
    let (price, units) = ("DISCOUNT_PURCHASE_NOT_IN_RANGE", "DISCOUNT_QUANTITY_NOT_IN_RANGE");
    let goods = "DISCOUNT_NO_ENTITLED_LINE_ITEMS";
    let says: [(&str, [Result<i64, &str>; 3]); 7] = [
        // 30.00 is the least that is enough: 10 % of 30.00, and of 50.00.
        ("DEAR", [Err(price), Ok(300), Ok(500)]),
        ("CHEAP", [Ok(100), Err(price), Err(price)]),
        ("MANY", [Err(units), Ok(300), Ok(500)]),
        ("FEW", [Ok(100), Err(units), Err(units)]),
        // The cheapest of three is free; of four there is one set of three.
        ("THREE", [Err(units), Ok(1_000), Ok(1_000)]),
        ("TIERS", [Err(units), Ok(200), Ok(200)]),
        // 10 % of 20.00.
        ("BOWLS", [Err(goods), Err(goods), Ok(200)]),
    ];
    let more = [None, Some(("mug", 2)), Some(("bowl", 1))];
    for (stage, more) in more.into_iter().enumerate() {
        if let Some((handle, units)) = more {
            // The last code is still on the cart, and says with the change itself what it says now.
            let answer = shopper.add(&shop.gid(handle).await, units).await;
            let now = says[6].1[stage].err();
            assert_eq!(
                warnings(&answer, "cartLinesAdd"),
                now.into_iter().collect::<Vec<_>>(),
                "stage {stage}"
            );
        }
        for (code, said) in &says {
            match said[stage] {
                Ok(off) => taken(&shopper, code, off).await,
                Err(why) => refused(&shopper, code, why).await,
            }
        }
    }
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}

#[tokio::test]
async fn a_code_for_delivery_says_what_is_wrong_with_it() {
    let (shop, staff) = shop().await;
    let off = |off: Value| with(percent_off("1"), "action", json!({ "deliveryOff": off }));
    shop.promote_by_code(&staff, "SHIP", off(json!({ "percentage": "100" }))).await;
    shop.promote_by_code(&staff, "EXPRESS", off(json!({ "percentage": "100", "methods": ["express"] })))
        .await;
    let by_express = json!({ "deliveryMethods": ["express"] });
    shop.promote_by_code(&staff, "FAST", conditions(percent_off("10"), by_express)).await;
    let lines = "DISCOUNT_NO_ENTITLED_SHIPPING_LINES";

    let letter = shop.shopper_with_cart([("pattern", 1)]).await;
    for code in ["SHIP", "EXPRESS", "FAST"] {
        refused(&letter, code, lines).await;
    }
    let parcel = shop.shopper_with_cart([("mug", 1)]).await;
    taken(&parcel, "SHIP", 500).await;
    for code in ["EXPRESS", "FAST"] {
        refused(&parcel, code, lines).await;
    }
    // What is free already becomes no cheaper: 100 % off for everybody, and a code beside it.
    let id = shop.promote(&staff, off(json!({ "percentage": "100" }))).await;
    let entered = parcel.enter(&["SHIP"]).await;
    assert_eq!(entered.at("/cartDiscountCodesUpdate/cart/cost/totalAmount/amount"), "10.00");
    shop.switch(&staff, "promotionDeactivate", &id).await;
    taken(&parcel, "SHIP", 500).await;
    assert!(parcel.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}

/// Who buys, and where.
#[tokio::test]
async fn a_code_says_for_whom_it_is() {
    let (shop, staff) = shop().await;
    let group = "mutation { customerGroupCreate(name: \"Trade\") { customerGroup { id } userErrors { code message } } }";
    let group = shop.staff_does(&staff, group, json!({})).await["customerGroup"]["id"].clone();
    let of_group = json!({ "customerGroupIds": [group] });
    shop.promote_by_code(&staff, "TRADE", conditions(percent_off("10"), of_group)).await;
    let here = conditions(percent_off("10"), json!({ "countries": ["DE", "AT"] }));
    let abroad = shop.promote_by_code(&staff, "PROST", here).await;
    shop.promote_by_code(&staff, "EURO", conditions(percent_off("10"), json!({ "currencies": ["EUR"] })))
        .await;
    let first = conditions(percent_off("10"), json!({ "firstOrder": true }));
    shop.promote_by_code(&staff, "HELLO", first).await;

    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    refused(&shopper, "EURO", "DISCOUNT_CODE_NOT_HONOURED").await;
    refused(&shopper, "PROST", "DISCOUNT_CODE_NOT_HONOURED").await;
    let at_home = conditions(percent_off("10"), json!({ "countries": ["DE", "US"] }));
    let at_home = with(at_home, "method", json!("CODE"));
    shop.rewrite(&staff, &abroad, at_home).await;
    taken(&shopper, "PROST", 100).await;

    refused(&shopper, "TRADE", "DISCOUNT_ELIGIBLE_CUSTOMER_MISSING").await;
    let ada = shop.customer("ada@example.org").await;
    let told = shopper.says_who(json!({ "customerAccessToken": ada.token })).await;
    assert_eq!(warnings(&told, "cartBuyerIdentityUpdate"), ["DISCOUNT_CUSTOMER_NOT_ELIGIBLE"]);
    let members = "mutation($id: ID!, $c: [ID!]!) { customerGroupAddMembers(id: $id, customerIds: $c) { changedMembers userErrors { code message } } }";
    let ids = json!({ "id": group, "c": [ada.sees("id").await["id"]] });
    assert_eq!(shop.staff_does(&staff, members, ids).await["changedMembers"], 1);
    taken(&shopper, "TRADE", 100).await;

    taken(&shopper, "HELLO", 100).await;
    let placed = shopper.place_order("first").await;
    assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "14.00");
    // The same address, a guest's now, and typed in another way.
    let again = shop.shopper_with_cart([("mug", 1)]).await;
    again.says_who(json!({ "email": "ADA@EXAMPLE.ORG" })).await;
    refused(&again, "HELLO", "DISCOUNT_CUSTOMER_NOT_ELIGIBLE").await;
    again.says_who(json!({ "email": "bob@example.org" })).await;
    taken(&again, "HELLO", 100).await;
    shop.ledgers_balance().await;
}

/// A code of which another takes the place: the better one, or one that suffers none beside it.
#[tokio::test]
async fn a_code_that_another_beats_says_so() {
    let (shop, staff) = shop().await;
    let of_products = |percentage| with(percent_off(percentage), "promotionClass", json!("PRODUCT"));
    shop.promote_by_code(&staff, "TEN", of_products("10")).await;
    shop.promote_by_code(&staff, "TWENTY", of_products("20")).await;
    shop.promote_by_code(&staff, "ALONE", with(amount_off("3.00"), "exclusive", json!(true))).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let other = json!("DISCOUNT_CODE_NOT_HONOURED");
    // The cart goes on with the best: 2.00, then 3.00 of the one that is alone.
    for (codes, reasons, total) in [
        (vec!["TEN", "TWENTY"], vec![other.clone(), Value::Null], 800 + 500),
        (vec!["TWENTY", "TEN"], vec![Value::Null, other.clone()], 800 + 500),
        (vec!["TEN", "ALONE", "TWENTY"], vec![other.clone(), Value::Null, other.clone()], 700 + 500),
        (vec!["TEN"], vec![Value::Null], 900 + 500),
    ] {
        shopper.enter(&codes).await;
        assert_eq!((shopper.reasons().await, shopper.total().await), (reasons, total), "{codes:?}");
    }
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}
