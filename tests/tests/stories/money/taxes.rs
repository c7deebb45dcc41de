//! Stories 27, 28 and 31: tax to the cent, as the shop is set, and kept by each order.

use super::{buyer_in, decide, selling, tax_zone, taxed_at};
use crate::harness::{minor, number};
use serde_json::json;

/// Story 27: 10.75 % of 24.99 are 2.686425, 2.69; with delivery for 6.44, which is not taxed, 34.12.
#[tokio::test]
async fn tax_and_delivery_add_up_to_the_cent_that_is_charged() {
    let (shop, staff) = selling(&[("lamp", "24.99")], true).await;
    let home = json!({ "name": "Home", "country": "US",
        "rates": [{ "name": "Sales tax", "percentage": "10.75", "onDelivery": false }] });
    tax_zone(&shop, &staff, home).await;
    decide(&shop, &staff, json!({ "pricesIncludeTax": false, "deliveryTax": "RATE" })).await;
    super::delivery::posted_for(&shop, &staff, "6.44").await;
    let shopper = shop.shopper_with_cart([("lamp", 1)]).await;
    let cart = shopper.priced().await;
    assert_eq!((minor(&cart["cost"]["totalAmount"]), minor(&cart["cost"]["totalTaxAmount"])), (3_412, 269));
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(
        [&order["totalPrice"], &order["totalTax"], &order["totalShippingPrice"]].map(minor),
        [3_412, 269, 644]
    );
    assert_eq!(shopper.pay(&placed, "4242424242424242").await["amount"], 3_412, "at the gateway, too");
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
    shop.ledgers_balance().await;
}

/// Story 28: 23 % of 2.50 are 0.575. By line that is 0.58 four times, 2.32; of all of them together 2.30.
#[tokio::test]
async fn four_times_two_fifty_is_rounded_as_the_shop_is_set() {
    let goods = [("north", "2.50"), ("east", "2.50"), ("south", "2.50"), ("west", "2.50")];
    let (shop, staff) = selling(&goods, false).await;
    let rates = json!([{ "name": "VAT", "percentage": "23" }]);
    tax_zone(&shop, &staff, json!({ "name": "Everywhere", "rates": rates })).await;
    let four = [("north", 1), ("east", 1), ("south", 1), ("west", 1)];
    let mut orders = Vec::new();
    for (rounding, tax) in [("LINE", 232), ("TOTAL", 230)] {
        decide(&shop, &staff, json!({ "pricesIncludeTax": false, "taxRounding": rounding })).await;
        let shopper = shop.shopper_with_cart(four).await;
        assert_eq!(minor(&shopper.priced().await["cost"]["totalTaxAmount"]), tax, "{rounding}");
        let placed = shopper.place_order(rounding).await;
        assert_eq!(placed.refusals(), [""; 0]);
        let order = shop.priced_order(&placed.token()).await;
        assert_eq!((minor(&order["totalTax"]), minor(&order["totalPrice"])), (tax, 1_000 + tax));
        let sql = format!("SELECT count(*) FROM orders WHERE tax_rounding = '{}'", rounding.to_lowercase());
        assert_eq!(number(shop.folder.path(), &sql).await, 1, "the order keeps how it was rounded");
        orders.push((placed.token(), order));
    }
    // The first order is what it was, whatever was decided since.
    for (token, order) in orders {
        assert_eq!(shop.priced_order(&token).await, order);
    }
    shop.ledgers_balance().await;
}

/// Story 31: an order keeps every figure and every step, whatever becomes of rates, prices and promotions.
#[tokio::test]
async fn an_order_keeps_all_of_its_figures() {
    let (shop, staff) = selling(&[("lamp", "24.99"), ("book", "10.00")], true).await;
    let zone =
        json!({ "name": "Home", "country": "US", "rates": [{ "name": "Tax", "percentage": "10.75" }] });
    let zone = tax_zone(&shop, &staff, zone).await;
    super::delivery::posted_for(&shop, &staff, "6.44").await;
    let promotion = shop.promote(&staff, crate::harness::percent_off("10")).await;
    let shopper = shop.shopper_with_cart([("lamp", 2), ("book", 1)]).await;
    let placed = shopper.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    taxed_at(&shop, &staff, &zone, "25").await;
    shop.rewrite(&staff, &promotion, crate::harness::percent_off("50")).await;
    let dearer = crate::harness::Item { ships: true, ..crate::harness::Item::new("lamp", "99.00", 500) };
    shop.restock(&[dearer]).await;
    assert_eq!(shop.priced_order(&placed.token()).await, order);
    let another = shop.shopper_with_cart([("lamp", 2), ("book", 1)]).await;
    assert_ne!(another.total().await, minor(&order["totalPrice"]), "others pay by the rules of now");
    shop.ledgers_balance().await;
}

/// The table that ships with the program, and a business of another state, which owes the tax itself.
#[tokio::test]
async fn the_unions_rates_are_charged_where_the_buyer_is() {
    let (shop, staff) = selling(&[("pattern", "11.90")], false).await;
    let import = "mutation($i: TaxRatesImportInput!) { taxRatesImport(input: $i) {
      import { zonesMade zonesUnchanged dryRun } userErrors { code field message } } }";
    let preset = |dry| json!({ "i": { "source": { "preset": "EU_VAT" }, "dryRun": dry } });
    for (dry, made) in [(true, 27), (false, 27), (false, 0)] {
        let told = shop.staff_does(&staff, import, preset(dry)).await;
        assert_eq!((&told["import"]["zonesMade"], &told["import"]["dryRun"]), (&json!(made), &json!(dry)));
    }
    let home = json!({ "countryCode": "DE" });
    decide(&shop, &staff, json!({ "pricesIncludeTax": true, "home": home })).await;
    // 19/119 of 11.90 are 1.90; 20/120 are 1.98; in Switzerland there is none of these taxes.
    for (country, tax) in [("DE", 190), ("FR", 198), ("CH", 0)] {
        let shopper = buyer_in(&shop, country, &["pattern"]).await;
        let cost = shopper.priced().await["cost"].clone();
        assert_eq!((minor(&cost["totalAmount"]), minor(&cost["totalTaxAmount"])), (1_190, tax), "{country}");
    }
    let business = buyer_in(&shop, "FR", &["pattern"]).await;
    business
        .says_who(json!({ "taxNumber": "FR11123456782", "countryCode": "FR", "email": "office@example.org" }))
        .await;
    let cost = business.priced().await["cost"].clone();
    assert_eq!((minor(&cost["totalAmount"]), minor(&cost["totalTaxAmount"])), (992, 0), "11.90 - 1.98");
    let placed = business.place_order("k").await;
    assert_eq!(placed.refusals(), [""; 0]);
    assert_eq!(minor(&shop.priced_order(&placed.token()).await["totalPrice"]), 992);
    shop.ledgers_balance().await;

    let odd = json!({ "i": { "source": { "csv": "country,name,percent\nDE,VAT,nineteen\n" } } });
    let refused = shop.ask_as(&staff, import, odd).await;
    let error = &refused.at("/taxRatesImport/userErrors")[0];
    assert_eq!(error["code"], "CSV");
    assert!(
        error["message"].as_str().is_some_and(|text| text.starts_with("Line 2, column percent")),
        "{error}"
    );
}

/// A province that taxes depend on is the same however it is typed, and has to be said.
#[tokio::test]
async fn a_buyer_does_not_choose_the_tax_by_how_they_type() {
    let (shop, staff) = selling(&[("lamp", "100.00")], true).await;
    let illinois = json!({ "name": "Illinois", "country": "US", "provinces": ["US-IL"],
        "rates": [{ "name": "Sales tax", "percentage": "6.25" }] });
    tax_zone(&shop, &staff, illinois).await;
    decide(&shop, &staff, json!({ "pricesIncludeTax": false, "deliveryTax": "NONE" })).await;
    let shopper = shop.shopper_with_cart([("lamp", 1)]).await;
    for (typed, tax) in [("IL", 625), ("il", 625), ("Illinois", 625), ("US-IL", 625), ("NY", 0)] {
        shopper.moves_to(typed).await;
        assert_eq!(minor(&shopper.priced().await["cost"]["totalTaxAmount"]), tax, "{typed}");
    }
    for nowhere in ["", "Nowhere"] {
        shopper.moves_to(nowhere).await;
        assert_eq!(
            shopper.place_order(&format!("k{nowhere}")).await.refusals(),
            ["DELIVERY_ADDRESS_INCOMPLETE"],
            "{nowhere}"
        );
    }
    shopper.moves_to("illinois").await;
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}
