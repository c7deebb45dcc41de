//! Where something goes decides which taxes are charged: of each level one zone, the nearest.

use super::{by_name, costs, is_charged, named, shop};
use crate::harness::{Shop, Staff, place, rate, with, zone};
use serde_json::json;

/// Canada: a tax of the country, and beside it, in it or on top of it one of the province.
async fn canada() -> (Shop, Staff) {
    let (shop, staff) = shop().await;
    shop.decides(&staff, json!({ "taxRounding": "LINE" })).await;
    shop.tax_zone(&staff, zone("CA", 0, &[rate("GST", "5")])).await;
    shop.tax_zone(&staff, zone("CA-ON", 0, &[rate("HST", "13")])).await;
    shop.tax_zone(&staff, zone("CA-BC", 1, &[rate("PST", "7")])).await;
    let on_top = with(rate("PST", "10"), "compound", json!(true));
    shop.tax_zone(&staff, zone("CA-PE", 1, &[on_top])).await;
    (shop, staff)
}

/// A mug for 10.00 and a book for 20.00:
/// GST 0.50 + 1.00; HST 1.30 + 2.60 in its place; PST 0.70 + 1.40 beside it; or on top of it 10.50 and 21.00 x 10 % = 1.05 + 2.10.
#[tokio::test]
async fn the_taxes_of_a_country_and_of_its_provinces_add_up() {
    let (shop, _) = canada().await;
    for (region, taxes) in [
        ("CA-AB", vec![("GST", 150)]),
        ("CA-ON", vec![("HST", 390)]),
        ("CA-BC", vec![("GST", 150), ("PST", 210)]),
        ("CA-PE", vec![("GST", 150), ("PST", 315)]),
        ("US-NY", vec![]),
    ] {
        let shopper = shop.shopper_in(&place(region, "V6B 1A1"), [("mug", 1), ("book", 1)]).await;
        let mut shown = by_name(&shopper.priced().await);
        shown.retain(|(_, amount)| *amount != 0);
        assert_eq!(shown, named(&taxes), "{region}");
        let tax = taxes.iter().map(|(_, amount)| amount).sum::<i64>();
        let (placed, _) = is_charged(&shop, &shopper, [tax, 3_500 + tax]).await;
        let mut kept = by_name(&shop.priced_order(&placed.token()).await);
        kept.retain(|(_, amount)| *amount != 0);
        assert_eq!(kept, named(&taxes), "{region}");
    }
    shop.ledgers_balance().await;
}

/// A town within a province has a tax of its own, by its postal codes; and whoever moves there is taxed there.
#[tokio::test]
async fn a_postal_code_is_nearer_than_a_province() {
    let (shop, staff) = shop().await;
    shop.tax_zone(&staff, zone("US-NY", 1, &[rate("State", "4")])).await;
    let city = with(
        zone("US-NY", 1, &[rate("State", "4"), rate("City", "4.5")]),
        "postalRanges",
        json!([{ "from": "10001", "to": "10292" }]),
    );
    shop.tax_zone(&staff, with(city, "name", json!("New York City"))).await;
    // 10.00 x 4 % = 0.40, x 4.5 % = 0.45.
    for (zip, tax) in [("10000", 40), ("10001", 85), ("10292-1234", 85), ("10293", 40), ("", 40)] {
        let shopper = shop.shopper_in(&place("US-NY", zip), [("mug", 1)]).await;
        assert_eq!(costs(&shopper).await, [tax, 1_500 + tax], "{zip}");
    }
    shop.ledgers_balance().await;
}

/// A tax begins and ends at its moments, and a shop may tax by where it is instead.
#[tokio::test]
async fn a_tax_has_its_time_and_a_shop_its_place() {
    let (shop, staff) = shop().await;
    let over = with(rate("Old", "16"), "endsAt", json!("2020-12-31T23:00:00Z"));
    let coming = with(rate("New", "25"), "startsAt", json!("2099-01-01T00:00:00Z"));
    shop.tax_zone(&staff, zone("DE", 0, &[over, rate("VAT", "19"), coming])).await;
    shop.tax_zone(&staff, zone("FR", 0, &[rate("VAT", "20")])).await;
    let shopper = shop.shopper_in(&place("FR", "75001"), [("mug", 1)]).await;
    assert_eq!(costs(&shopper).await, [200, 1_700]);
    let origin =
        json!({ "home": { "countryCode": "DE" }, "taxBasis": "ORIGIN", "originCountries": ["DE", "FR"] });
    shop.decides(&staff, origin).await;
    assert_eq!(costs(&shopper).await, [190, 1_690], "of where it comes from, at what is in force");
    is_charged(&shop, &shopper, [190, 1_690]).await;
    shop.ledgers_balance().await;
}
