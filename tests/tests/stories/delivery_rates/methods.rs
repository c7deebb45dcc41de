//! Zones and ways of delivering, and what each takes.

use super::{is_delivered_for, shop, ways, within};
use crate::harness::{flat, place, with};
use serde_json::json;

/// The nearest zone of an address says how it can be delivered; what is nowhere is not delivered at all.
#[tokio::test]
async fn where_it_goes_decides_how() {
    let (shop, staff) = shop().await;
    let shopper = shop.shopper_in(&place("US-IL", "62701"), [("mug", 1)]).await;
    assert_eq!(
        shopper.ways().await,
        ways(&[("standard", 500)]),
        "the configuration's, until staff say anything"
    );

    let states = shop.delivery_zone(&staff, json!({ "name": "States", "countries": ["US"] })).await;
    let islands = shop
        .delivery_zone(&staff, json!({ "name": "Hawaii", "countries": ["US"], "provinces": ["HI"] }))
        .await;
    let town =
        json!({ "name": "Town", "countries": ["US"], "postalRanges": [{ "from": "62701", "to": "62709" }] });
    let town = shop.delivery_zone(&staff, town).await;
    shop.delivery_method(&staff, within(&states, with(flat("post", "6.44"), "position", json!(2)))).await;
    shop.delivery_method(&staff, within(&states, with(flat("courier", "19.00"), "position", json!(1)))).await;
    shop.delivery_method(&staff, within(&islands, flat("boat", "31.00"))).await;
    let bike = with(flat("bike", "2.00"), "kind", json!("LOCAL"));
    shop.delivery_method(&staff, within(&town, bike)).await;
    for (region, zip, expected) in [
        ("US-NY", "10001", ways(&[("courier", 1_900), ("post", 644)])),
        ("US-HI", "96801", ways(&[("boat", 3_100)])),
        ("US-IL", "62705", ways(&[("bike", 200)])),
        ("FR", "75001", ways(&[])),
    ] {
        let shopper = shop.shopper_in(&place(region, zip), [("mug", 1)]).await;
        assert_eq!(shopper.ways().await, expected, "{region}");
    }
    // Of two nobody has chosen one; of one it is that.
    let shopper = shop.shopper_in(&place("US-NY", "10001"), [("mug", 1)]).await;
    assert_eq!(shopper.place_order("none").await.refusals(), ["DELIVERY_OPTION_REQUIRED"]);
    shopper.chooses_way("courier").await;
    is_delivered_for(&shop, &shopper, 1_900).await;
    let islander = shop.shopper_in(&place("US-HI", "96801"), [("mug", 1)]).await;
    is_delivered_for(&shop, &islander, 3_100).await;
    let abroad = shop.shopper_in(&place("FR", "75001"), [("mug", 1)]).await;
    let refused = abroad.place_order("abroad").await.refusals();
    assert!(refused == ["DELIVERY_UNAVAILABLE"] || refused == ["DELIVERY_OPTION_REQUIRED"], "{refused:?}");
    shop.ledgers_balance().await;
}

/// By units: 4.00 up to three of them, and from the fourth on 1.50 for each two more that are begun.
#[tokio::test]
async fn it_costs_by_how_much_there_is() {
    let (shop, staff) = shop().await;
    let zone = shop.everywhere(&staff).await;
    let by_units = json!({
        "handle": "post", "title": "By post", "measure": "QUANTITY",
        "rates": [{ "from": "0", "base": "4.00" }, { "from": "4", "base": "5.50", "perStep": "1.50", "step": "2" }],
    });
    shop.delivery_method(&staff, within(&zone, by_units)).await;
    for (units, price) in [(1, 400), (3, 400), (4, 550), (5, 700), (6, 700), (7, 850)] {
        let shopper = shop.shopper_with_cart([("mug", units)]).await;
        assert_eq!(shopper.ways().await, ways(&[("post", price)]), "{units}");
    }
    let shopper = shop.shopper_with_cart([("mug", 3), ("bowl", 2)]).await;
    is_delivered_for(&shop, &shopper, 700).await;
    shop.ledgers_balance().await;
}

/// By weight: 4.90 below 2 kg, and from there on 6.90 and 1.00 for each half kilogram that is begun. An anvil weighs 1.7 kg.
#[tokio::test]
async fn it_costs_by_what_it_weighs() {
    let (shop, staff) = shop().await;
    shop.import(
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,\
         Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Variant Grams\n\
         anvil,anvil,true,Title,Default Title,shopify,500,deny,99.00,true,true,1700",
    )
    .await;
    shop.looks_again().await;
    let zone = shop.everywhere(&staff).await;
    let by_weight = json!({
        "handle": "post", "title": "By post", "measure": "WEIGHT",
        "rates": [{ "base": "4.90" }, { "from": "2000", "base": "6.90", "perStep": "1.00", "step": "500" }],
    });
    shop.delivery_method(&staff, within(&zone, by_weight)).await;
    let bounds = json!({ "weightAtMost": 2_000 });
    let letter = with(with(flat("letter", "1.10"), "bounds", bounds), "position", json!(1));
    shop.delivery_method(&staff, within(&zone, letter)).await;
    // 3.4 kg are 1.4 kg more than two: three halves begun. 5.1 kg: seven.
    for (anvils, expected) in [
        (1, ways(&[("post", 490), ("letter", 110)])),
        (2, ways(&[("post", 990)])),
        (3, ways(&[("post", 1_390)])),
    ] {
        assert_eq!(shop.shopper_with_cart([("anvil", anvils)]).await.ways().await, expected, "{anvils}");
    }
    let shopper = shop.shopper_with_cart([("anvil", 2), ("mug", 1)]).await;
    is_delivered_for(&shop, &shopper, 990).await;
    shop.ledgers_balance().await;
}

/// Free from 50.00 on, by what is in the cart before promotions; and a way that is for small carts alone.
#[tokio::test]
async fn it_is_free_above_and_not_there_beyond() {
    let (shop, staff) = shop().await;
    let zone = shop.everywhere(&staff).await;
    shop.delivery_method(&staff, within(&zone, with(flat("post", "6.44"), "freeFrom", json!("50.00")))).await;
    let bounds = json!({ "subtotalAtMost": "30.00", "quantityAtMost": 2 });
    let letter = with(with(flat("letter", "1.10"), "bounds", bounds), "position", json!(1));
    shop.delivery_method(&staff, within(&zone, letter)).await;
    for (mugs, expected) in [
        (1, ways(&[("post", 644), ("letter", 110)])),
        (2, ways(&[("post", 644), ("letter", 110)])),
        (3, ways(&[("post", 644)])),
        (4, ways(&[("post", 644)])),
        (5, ways(&[("post", 0)])),
    ] {
        assert_eq!(shop.shopper_with_cart([("mug", mugs)]).await.ways().await, expected, "{mugs}");
    }
    shop.promote(&staff, crate::harness::percent_off("50")).await;
    let shopper = shop.shopper_with_cart([("mug", 5)]).await;
    is_delivered_for(&shop, &shopper, 0).await;
    shop.ledgers_balance().await;
}

/// How long it takes, in working days, and what else a buyer reads.
#[tokio::test]
async fn a_buyer_reads_how_long_it_takes() {
    let (shop, staff) = shop().await;
    let zone = shop.everywhere(&staff).await;
    let post = json!({
        "handle": "post", "title": "By post", "description": "In a box", "minimumDays": 2, "maximumDays": 4,
        "rates": [{ "base": "6.44" }],
    });
    let id = shop.delivery_method(&staff, within(&zone, post)).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let told = async || {
        let option = shopper.groups().await[0]["deliveryOptions"][0].clone();
        (
            option["title"].clone(),
            option["description"].clone(),
            option["minimumDays"].clone(),
            option["maximumDays"].clone(),
        )
    };
    assert_eq!(told().await, (json!("By post"), json!("In a box"), json!(2), json!(4)));
    shop.change_delivery(
        &staff,
        &id,
        json!({ "description": null, "minimumDays": null, "maximumDays": null }),
    )
    .await;
    assert_eq!(told().await, (json!("By post"), json!(null), json!(null), json!(null)));
    is_delivered_for(&shop, &shopper, 644).await;
    shop.ledgers_balance().await;
}
