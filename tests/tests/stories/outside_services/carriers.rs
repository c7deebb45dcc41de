//! A carrier that says what it takes: 18.90 for a parcel, beside the shop's own way for 6.00.

use super::{GOOD, Service, TOKEN, service::Mood, shop};
use crate::harness::{Shop, Shopper, Staff, flat, minor, ways_of};
use chrono::TimeDelta;
use serde_json::json;

async fn asking(service: &Service) -> (Shop, Staff) {
    let lines = [
        format!("carrier_service_url = \"{}\"", service.at("rates")),
        format!("carrier_service_token = \"{TOKEN}\""),
    ];
    let (shop, staff) = shop(&lines).await;
    let everywhere = shop.everywhere(&staff).await;
    let own = |handle: &str, kind: &str| {
        let mut method = flat(handle, "6.00");
        method["zoneId"] = json!(everywhere);
        method["kind"] = json!(kind);
        method
    };
    shop.delivery_method(&staff, own("post", "SHIPPING")).await;
    let mut carried = own("carrier", "CARRIER");
    carried["rates"] = json!([]);
    carried["position"] = json!(1);
    shop.delivery_method(&staff, carried).await;
    (shop, staff)
}

fn ways(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(handle, price)| ((*handle).to_owned(), *price)).collect()
}

/// It is asked when somebody wants to choose, and what it said of what they chose is charged.
#[tokio::test]
async fn a_carriers_rate_is_charged() {
    let service = Service::start().await;
    let (shop, _) = asking(&service).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.ways().await, ways(&[("post", 600)]));
    assert!(service.asked().await.is_empty(), "nobody wanted to choose");
    let groups = shopper.groups_asking(true).await;
    assert_eq!(ways_of(&groups[0]), ways(&[("post", 600), ("express", 1_890)]));
    let option = &groups[0]["deliveryOptions"][1];
    assert_eq!((&option["minimumDays"], &option["maximumDays"]), (&json!(1), &json!(2)));
    shopper.chooses_way("express").await;
    assert_eq!(shopper.total().await, 2_890);
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!([minor(&order["totalShippingPrice"]), minor(&order["totalPrice"])], [1_890, 2_890]);
    assert_eq!(shopper.pay(&placed, GOOD).await["amount"], 2_890);
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    for (shown, question) in service.asked().await {
        assert_eq!(shown, format!("Bearer {TOKEN}"));
        assert!(!question.to_string().contains("Lovelace"), "{question}");
    }
    shop.ledgers_balance().await;
}

/// Somebody with express in the cart.
async fn chosen(shop: &Shop) -> Shopper {
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    shopper.groups_asking(true).await;
    shopper.chooses_way("express").await;
    assert_eq!(shopper.total().await, 2_890);
    shopper
}

/// What it said is good for a while though it falls silent; then the buyer chooses anew, and nothing is put in its place behind their back.
#[tokio::test]
async fn what_a_carrier_said_is_good_for_a_while() {
    let service = Service::start().await;
    let (shop, _) = asking(&service).await;
    let [soon, late] = [chosen(&shop).await, chosen(&shop).await];
    service.is(Mood::Broken);
    shop.clock.advance(TimeDelta::minutes(9));
    let placed = soon.place_order("soon").await;
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalPrice"]), 2_890);

    shop.clock.advance(TimeDelta::minutes(2));
    let refused = late.place_order("late").await.refusals();
    assert!(["DELIVERY_UNAVAILABLE", "DELIVERY_OPTION_REQUIRED"].contains(&&*refused[0]), "{refused:?}");
    assert_eq!(
        ways_of(&late.groups_asking(true).await[0]),
        ways(&[("post", 600)]),
        "it is not offered meanwhile"
    );
    late.chooses_way("post").await;
    let placed = late.place_order("late").await;
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalPrice"]), 1_600);
    shop.ledgers_balance().await;
}
