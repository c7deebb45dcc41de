//! A service that works out taxes: 10.00 x 8 % = 0.80, beside the shop's own rule of 10 %.

use super::{Service, TOKEN, costs, is_charged, service::Mood, shop};
use crate::harness::{Shop, Shopper, Staff, minor, place, rate, steps_of, zone};
use serde_json::json;

const THEIRS: [i64; 2] = [80, 1_580];
const OURS: [i64; 2] = [100, 1_600];
const NONE: [i64; 2] = [0, 1_500];

/// A shop whose taxes a service works out, with a rule of its own beside it.
async fn asking(service: &Service, more: &[&str]) -> (Shop, Staff) {
    let mut lines = vec![
        format!("tax_service_url = \"{}\"", service.at("taxes")),
        format!("tax_service_token = \"{TOKEN}\""),
    ];
    lines.extend(more.iter().map(|line| (*line).to_owned()));
    let (shop, staff) = shop(&lines).await;
    shop.tax_zone(&staff, zone("US-IL", 1, &[rate("Ours", "10")])).await;
    (shop, staff)
}

async fn buyer(shop: &Shop) -> Shopper {
    shop.shopper_in(&place("US-IL", "62701"), [("mug", 1)]).await
}

/// What it answers is shown, kept and charged; and it is told nothing of who buys.
#[tokio::test]
async fn the_services_taxes_are_charged() {
    let service = Service::start().await;
    let (shop, _) = asking(&service, &[]).await;
    let shopper = buyer(&shop).await;
    assert_eq!(costs(&shopper).await, THEIRS);
    let placed = shopper.place_order("k").await;
    is_charged(&shop, &shopper, &placed, THEIRS).await;
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(steps_of(&order, "TAX"), [("State".to_owned(), 80)]);

    let asked = service.asked().await;
    assert!(!asked.is_empty());
    for (shown, question) in asked {
        assert_eq!(shown, format!("Bearer {TOKEN}"));
        let told = question.to_string().to_lowercase();
        for secret in ["lovelace", "ada", "analytical", "example.org", "gid://"] {
            assert!(!told.contains(secret), "{secret}: {told}");
        }
        assert_eq!((&question["currency"], &question["to"]["province"]), (&json!("USD"), &json!("IL")));
    }
    // What it says later changes no order.
    service.is(Mood::Dearer);
    assert_eq!(costs(&buyer(&shop).await).await, [160, 1_660]);
    assert_eq!(shop.priced_order(&placed.token()).await, order);
    service.is(Mood::Answers);
    shop.ledgers_balance().await;
}

/// Story 16: it says something else between looking and paying.
#[tokio::test]
async fn what_it_says_anew_is_told_before_it_is_charged() {
    let service = Service::start().await;
    let (shop, _) = asking(&service, &[]).await;
    let shopper = buyer(&shop).await;
    assert_eq!(costs(&shopper).await, THEIRS);
    service.is(Mood::Dearer);
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(minor(&refused.answer.at("/orderPlace/userErrors/0")["actualTotal"]), 1_660);
    let placed = shopper.place_order("k").await;
    is_charged(&shop, &shopper, &placed, [160, 1_660]).await;
    service.is(Mood::Answers);
    shop.ledgers_balance().await;
}

/// While it does not answer, or nothing of use, the shop's own taxes stand in: the buyer is told, and pays those.
#[tokio::test]
async fn the_shops_own_rules_stand_in() {
    for mood in [Mood::Silent, Mood::Broken, Mood::Wrong, Mood::Foreign] {
        let service = Service::start().await;
        // Nobody waits for long who waits in vain.
        let more: &[&str] = if mood == Mood::Silent { &["service_timeout_ms = 300"] } else { &[] };
        let (shop, _) = asking(&service, more).await;
        service.is(mood);
        let shopper = buyer(&shop).await;
        assert_eq!(costs(&shopper).await, OURS, "{mood:?}");
        let placed = shopper.place_order("k").await;
        is_charged(&shop, &shopper, &placed, OURS).await;
        assert_eq!(steps_of(&shop.priced_order(&placed.token()).await, "TAX"), [("Ours".to_owned(), 100)]);
        shop.ledgers_balance().await;
    }
}

/// It falls silent when somebody has seen its taxes: our own are dearer, and they are asked.
#[tokio::test]
async fn a_buyer_is_told_when_it_falls_silent() {
    let service = Service::start().await;
    let (shop, _) = asking(&service, &[]).await;
    let shopper = buyer(&shop).await;
    assert_eq!(costs(&shopper).await, THEIRS);
    service.is(Mood::Broken);
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(minor(&refused.answer.at("/orderPlace/userErrors/0")["actualTotal"]), 1_600);
    let placed = shopper.place_order("k").await;
    is_charged(&shop, &shopper, &placed, OURS).await;
    shop.ledgers_balance().await;
}

/// A shop that wants no other taxes takes no orders meanwhile, until its staff decide otherwise.
#[tokio::test]
async fn without_an_answer_no_order_is_taken_where_the_shop_says_so() {
    for mood in [Mood::Silent, Mood::Broken] {
        let service = Service::start().await;
        let mut more = vec!["service_fallback = \"refuse\""];
        if mood == Mood::Silent {
            more.push("service_timeout_ms = 300");
        }
        let (shop, staff) = asking(&service, &more).await;
        service.is(mood);
        let shopper = buyer(&shop).await;
        assert_eq!(costs(&shopper).await, NONE, "{mood:?}: no tax is made up");
        for key in ["one", "two"] {
            assert_eq!(shopper.place_order(key).await.refusals(), ["TAX_UNAVAILABLE"], "{mood:?}");
        }
        assert_eq!(shop.stock("mug").await.allocated, 0, "nothing is kept of it");
        shop.decides(&staff, json!({ "taxService": "OR_RULES" })).await;
        assert_eq!(costs(&shopper).await, OURS);
        let refused = shopper.place_order("three").await;
        assert!(refused.is_placed() || refused.refusals() == ["TOTAL_CHANGED"], "{:?}", refused.refusals());
        let placed = shopper.place_order("three").await;
        is_charged(&shop, &shopper, &placed, OURS).await;
        shop.ledgers_balance().await;
    }
}

/// Staff say whether it is asked at all, whatever the configuration names.
#[tokio::test]
async fn staff_decide_whether_it_is_asked() {
    let service = Service::start().await;
    let (shop, staff) = asking(&service, &[]).await;
    shop.decides(&staff, json!({ "taxService": "NEVER" })).await;
    let shopper = buyer(&shop).await;
    assert_eq!(costs(&shopper).await, OURS);
    assert!(service.asked().await.is_empty());
    shop.decides(&staff, json!({ "taxService": "OR_REFUSE" })).await;
    assert_eq!(costs(&shopper).await, THEIRS);
    service.is(Mood::Broken);
    // Another cart, for what has failed is not asked again at once.
    let other = shop.shopper_in(&place("US-IL", "62701"), [("mug", 2)]).await;
    assert_eq!(costs(&other).await, [0, 2_500]);
    assert_eq!(other.place_order("k").await.refusals(), ["TAX_UNAVAILABLE"]);
    service.is(Mood::Answers);
    shop.decides(&staff, json!({ "taxService": null })).await;
    let placed = shopper.place_order("theirs").await;
    is_charged(&shop, &shopper, &placed, THEIRS).await;
    shop.ledgers_balance().await;
}
