//! Stories 27 and 28: the cent that a tax is rounded to.

use super::{costs, is_charged};
use crate::harness::{Item, Setup, Shop, Shopper, Staff, flat, minor, place, rate, zone};
use serde_json::{Value, json};
use stoa_domain::pricing::TaxRounding;

/// Story 27: 24.99 at 10.75 % and a delivery of 6.44 that nobody taxes.
#[tokio::test]
async fn what_is_shown_is_stored_and_charged() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "24.99", 9)])).await;
    let staff = shop.merchant().await;
    shop.decides(&staff, json!({ "deliveryTax": "NONE" })).await;
    shop.tax_zone(&staff, zone("US-CA", 1, &[rate("Sales tax", "10.75")])).await;
    let everywhere = shop.everywhere(&staff).await;
    let mut post = flat("post", "6.44");
    post["zoneId"] = json!(everywhere);
    shop.delivery_method(&staff, post).await;

    let shopper = shop.shopper_in(&place("US-CA", "94601"), [("mug", 1)]).await;
    // 24.99 x 10.75 % = 2.686425; 24.99 + 2.69 + 6.44.
    let (placed, figures) = is_charged(&shop, &shopper, [269, 3_412]).await;
    assert_eq!((figures.subtotal, figures.delivery, figures.delivery_tax), (2_499, 644, 0));
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalShippingPrice"]), 644);

    // One street further there is no such tax: 24.99 + 6.44.
    let neighbour = shop.shopper_in(&place("US-NV", "89501"), [("mug", 1)]).await;
    is_charged(&shop, &neighbour, [0, 3_143]).await;
    shop.ledgers_balance().await;
}

/// Four stickers of 2.50, each a line of its own, and a tax of 23 %.
async fn stickers() -> (Shop, Staff) {
    let (shop, staff) = super::shop().await;
    shop.tax_zone(&staff, zone("PT", 0, &[rate("IVA", "23")])).await;
    (shop, staff)
}

async fn four(shop: &Shop) -> Shopper {
    let shopper = shop.shopper_in(&place("PT", "1000-001"), []).await;
    let sticker = shop.gid("sticker").await;
    let marked = |n: u32| json!({ "merchandiseId": sticker, "quantity": 1, "attributes": [{ "key": "n", "value": n.to_string() }] });
    shopper.add_lines((0..4).map(marked).collect::<Value>()).await;
    shopper
}

/// Story 28: 4 x round(2.50 x 23 % = 0.575) = 4 x 0.58 = 2.32 by line, and round(10.00 x 23 %) = 2.30 by total; with 5.00 for delivery.
#[tokio::test]
async fn a_tax_is_rounded_where_the_shop_says() {
    let (shop, staff) = stickers().await;
    shop.decides(&staff, json!({ "taxRounding": "LINE" })).await;
    let (by_line, figures) = is_charged(&shop, &four(&shop).await, [232, 1_732]).await;
    assert_eq!(figures.tax_rounding, TaxRounding::Line);

    shop.decides(&staff, json!({ "taxRounding": "TOTAL" })).await;
    let (by_total, figures) = is_charged(&shop, &four(&shop).await, [230, 1_730]).await;
    assert_eq!(figures.tax_rounding, TaxRounding::Total);
    let lines = shop.order(by_total.order_id()).await.lines;
    // 57.5 cents each: 57, and the two cents that are left for those that stand first.
    assert_eq!(lines.iter().map(|line| line.tax).collect::<Vec<_>>(), [58, 58, 57, 57]);

    // What was placed stays as it was, whatever is decided later.
    let kept = [shop.priced_order(&by_line.token()).await, shop.priced_order(&by_total.token()).await];
    for decided in ["LINE", "TOTAL"] {
        shop.decides(&staff, json!({ "taxRounding": decided })).await;
        let now = [shop.priced_order(&by_line.token()).await, shop.priced_order(&by_total.token()).await];
        assert_eq!(now, kept, "{decided}");
        let rounding = [shop.order(by_line.order_id()).await, shop.order(by_total.order_id()).await]
            .map(|order| (order.figures.tax_rounding, order.figures.tax, order.figures.total));
        assert_eq!(rounding, [(TaxRounding::Line, 232, 1_732), (TaxRounding::Total, 230, 1_730)]);
    }
    shop.ledgers_balance().await;
}

/// Story 16: two cents are two cents.
#[tokio::test]
async fn a_buyer_is_told_when_rounding_makes_it_dearer() {
    let (shop, staff) = stickers().await;
    shop.decides(&staff, json!({ "taxRounding": "TOTAL" })).await;
    let shopper = four(&shop).await;
    assert_eq!(costs(&shopper).await, [230, 1_730]);
    shop.decides(&staff, json!({ "taxRounding": "LINE" })).await;
    let refused = shopper.place_order("k").await;
    assert_eq!(refused.refusals(), ["TOTAL_CHANGED"]);
    assert_eq!(minor(&refused.answer.at("/orderPlace/userErrors/0")["actualTotal"]), 1_732);
    is_charged(&shop, &shopper, [232, 1_732]).await;
    shop.ledgers_balance().await;
}
