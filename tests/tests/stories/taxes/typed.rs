//! A province that taxes depend on is the same however it is typed, and has to be said: else a buyer would choose the tax.

use super::shop;
use crate::harness::minor;
use serde_json::json;

#[tokio::test]
async fn a_buyer_does_not_choose_the_tax_by_how_they_type() {
    let (shop, staff) = shop().await;
    let illinois = json!({ "name": "Illinois", "country": "US", "provinces": ["US-IL"],
        "rates": [{ "name": "Sales tax", "percentage": "6.25", "onDelivery": false }] });
    shop.tax_zone(&staff, illinois).await;
    let shopper = shop.shopper_with_cart([("book", 1)]).await;
    // 6.25 % of 20.00.
    for (typed, tax) in [("IL", 125), ("il", 125), ("Illinois", 125), ("US-IL", 125), ("NY", 0)] {
        shopper.moves_to(typed).await;
        assert_eq!(minor(&shopper.priced().await["cost"]["totalTaxAmount"]), tax, "{typed}");
    }
    for nowhere in ["", "Nowhere"] {
        shopper.moves_to(nowhere).await;
        let refused = shopper.place_order(&format!("k{nowhere}")).await;
        assert_eq!(refused.refusals(), ["DELIVERY_ADDRESS_INCOMPLETE"], "{nowhere}");
    }
    shopper.moves_to("illinois").await;
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}
