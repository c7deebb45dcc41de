//! Tax on delivery: none, at a rate of its own, or like the goods that are delivered.

use super::{costs, is_charged, shop};
use crate::harness::{flat, place, rate, with, zone};
use serde_json::json;

/// A mug for 10.00 at 19 % and a book for 20.00 at 7 %, delivered for 5.00: 1.90 + 1.40 for the goods, and of the delivery
/// - nothing,
/// - 5.00 x 19 % = 0.95,
/// - 5.00 as 10.00 to 20.00 is 1.67 and 3.33: 0.3173 and 0.2331, so 0.32 + 0.23.
#[tokio::test]
async fn delivery_is_taxed_as_the_shop_says() {
    let (shop, staff) = shop().await;
    let books = shop.tax_category(&staff, "books", "TAXED").await;
    shop.put_into(&staff, "book", &books).await;
    let reduced = with(rate("VAT", "7"), "categoryId", json!(books));
    shop.tax_zone(&staff, zone("DE", 0, &[rate("VAT", "19"), reduced])).await;
    for (decided, on_delivery) in [("NONE", 0), ("RATE", 95), ("PROPORTIONAL", 55)] {
        shop.decides(&staff, json!({ "deliveryTax": decided, "taxRounding": "LINE" })).await;
        let shopper = shop.shopper_in(&place("DE", "10115"), [("mug", 1), ("book", 1)]).await;
        let tax = 190 + 140 + on_delivery;
        let (_, figures) = is_charged(&shop, &shopper, [tax, 3_500 + tax]).await;
        assert_eq!(figures.delivery_tax, on_delivery, "{decided}");
    }
    shop.ledgers_balance().await;
}

/// A rate that is not for delivery is not charged on it, and a way of delivering is taxed by its own kind.
#[tokio::test]
async fn a_way_of_delivering_has_a_kind_of_its_own() {
    let (shop, staff) = shop().await;
    let post = shop.tax_category(&staff, "post", "TAXED").await;
    let on_goods = with(rate("VAT", "20"), "onDelivery", json!(false));
    let on_post = with(rate("Post", "6"), "categoryId", json!(post));
    let taxed = shop.tax_zone(&staff, zone("FR", 0, &[on_goods.clone(), on_post])).await;
    shop.decides(&staff, json!({ "deliveryTax": "RATE" })).await;
    let shopper = shop.shopper_in(&place("FR", "75001"), [("mug", 1)]).await;
    assert_eq!(costs(&shopper).await, [200, 1_700], "10.00 x 20 %, and delivery at none");

    let everywhere = shop.everywhere(&staff).await;
    let by_post = with(with(flat("post", "5.00"), "zoneId", json!(everywhere)), "taxCategoryId", json!(post));
    shop.delivery_method(&staff, by_post).await;
    // 5.00 x 6 % = 0.30.
    assert_eq!(costs(&shopper).await, [230, 1_730]);
    shop.retax(&staff, &taxed, &[on_goods]).await;
    assert_eq!(costs(&shopper).await, [200, 1_700], "its rate is gone");
    is_charged(&shop, &shopper, [200, 1_700]).await;
    shop.ledgers_balance().await;
}
