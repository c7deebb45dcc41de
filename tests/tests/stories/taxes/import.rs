//! Rates that come from a file, or with the program.

use super::{costs, is_charged, shop};
use crate::harness::place;
use serde_json::{Value, json};

const HEADER: &str =
    "country,province,postal_from,postal_to,level,category,name,percent,compound,on_delivery,from,until\n";

/// How many states the European Union has.
const STATES: u64 = 27;

fn preset() -> Value {
    json!({ "preset": "EU_VAT" })
}

/// The rates that come with the program: a cart pays those of where it goes. 20.00 contain 20 x 19 / 119 = 3.19 in Germany and 20 x 20 / 120 = 3.33 in
/// France; at the reduced rates 20 x 7 / 107 = 1.31 and 20 x 10 / 110 = 1.82.
#[tokio::test]
async fn the_rates_of_the_european_union_come_with_the_program() {
    let (shop, staff) = shop().await;
    shop.decides(
        &staff,
        json!({ "home": { "countryCode": "DE" }, "pricesIncludeTax": true, "deliveryTax": "NONE" }),
    )
    .await;
    let looked = shop.import_taxes(&staff, preset(), true).await;
    assert_eq!(looked["userErrors"], json!([]));
    assert_eq!((&looked["import"]["dryRun"], &looked["import"]["zonesMade"]), (&json!(true), &json!(STATES)));
    let shopper = shop.shopper_in(&place("FR", "75001"), [("book", 1)]).await;
    assert_eq!(costs(&shopper).await, [0, 2_500], "nothing has been read in yet");

    let imported = shop.import_taxes(&staff, preset(), false).await;
    assert_eq!(imported["import"]["zonesMade"], json!(STATES), "{imported:#}");
    assert!(imported["import"]["rates"].as_u64().is_some_and(|rates| rates > STATES), "{imported:#}");
    assert_eq!(costs(&shopper).await, [333, 2_500]);
    let german = shop.shopper_in(&place("DE", "10115"), [("book", 1)]).await;
    assert_eq!(costs(&german).await, [319, 2_500]);
    let swiss = shop.shopper_in(&place("CH", "8001"), [("book", 1)]).await;
    assert_eq!(costs(&swiss).await, [0, 2_500]);

    let reduced = shop.tax_category_of(&staff, "reduced").await;
    shop.put_into(&staff, "book", &reduced).await;
    assert_eq!([costs(&german).await, costs(&shopper).await], [[131, 2_500], [182, 2_500]]);

    // Read in once more it is what it was.
    let again = shop.import_taxes(&staff, preset(), false).await;
    let figures = ["zonesMade", "zonesChanged", "zonesUnchanged", "categoriesMade"];
    assert_eq!(figures.map(|figure| again["import"][figure].as_u64()), [0, 0, STATES, 0].map(Some));
    is_charged(&shop, &german, [131, 2_500]).await;
    is_charged(&shop, &shopper, [182, 2_500]).await;
    shop.ledgers_balance().await;
}

/// A merchant's own file: what it names is as it says, what it does not name stays.
#[tokio::test]
async fn a_file_writes_what_it_names() {
    let (shop, staff) = shop().await;
    let file = |percent: &str| json!({ "csv": format!("# made\n{HEADER}US,CA,,,1,,Sales tax,{percent},false,true,,\n") });
    let other = json!({ "csv": format!("{HEADER}US,NY,,,1,standard,State,4,false,true,,\n") });
    for source in [file("7.25"), other] {
        assert_eq!(shop.import_taxes(&staff, source, false).await["import"]["zonesMade"], 1);
    }
    let [oakland, albany] = [("US-CA", "94601"), ("US-NY", "12084")].map(|(region, zip)| place(region, zip));
    let [oakland, albany] =
        [shop.shopper_in(&oakland, [("book", 1)]).await, shop.shopper_in(&albany, [("book", 1)]).await];
    // 20.00 x 7.25 % and x 4 %.
    assert_eq!([costs(&oakland).await, costs(&albany).await], [[145, 2_645], [80, 2_580]]);
    assert_eq!(shop.import_taxes(&staff, file("10.75"), false).await["import"]["zonesChanged"], 1);
    assert_eq!([costs(&oakland).await, costs(&albany).await], [[215, 2_715], [80, 2_580]]);
    // They were told less when they put the book in: they see it before they pay.
    assert_eq!(oakland.place_order("too soon").await.refusals(), ["TOTAL_CHANGED"]);
    is_charged(&shop, &oakland, [215, 2_715]).await;
    shop.ledgers_balance().await;
}

/// One line that is wrong, and nothing is read in; each that is wrong is named.
#[tokio::test]
async fn a_file_with_a_mistake_changes_nothing() {
    let (shop, staff) = shop().await;
    let good = "US,CA,,,1,,Sales tax,7.25,false,true,,\n";
    for (what, bad, errors) in [
        ("a percentage", "US,NY,,,1,,State,lots,false,true,,\n", 1),
        ("a level", "US,NY,,,9,,State,4,false,true,,\n", 1),
        ("a country", "Q9,NY,,,1,,State,4,false,true,,\n", 1),
        ("a moment", "US,NY,,,1,,State,4,false,true,yesterday,\n", 1),
        ("two of them", "US,NY,,,1,,State,lots,false,true,,\nUS,NJ,,,1,,State,more,false,true,,\n", 2),
    ] {
        let source = json!({ "csv": format!("{HEADER}{good}{bad}") });
        let refused = shop.import_taxes(&staff, source, false).await;
        assert_eq!(refused["import"], Value::Null, "{what}: {refused:#}");
        let told = refused["userErrors"].as_array().expect("refusals");
        assert_eq!(told.len(), errors, "{what}: {told:?}");
        for error in told {
            assert_eq!(
                (&error["code"], &error["field"]),
                (&json!("CSV"), &json!(["input", "source", "csv"]))
            );
        }
        // The header is the first line, and the good one the second.
        let told = told[0]["message"].as_str().expect("a sentence");
        assert!(told.starts_with("Line 3, column "), "{what}: {told}");
    }
    for nothing in ["", "no,such,columns\n1,2,3\n", HEADER] {
        let told = shop.import_taxes(&staff, json!({ "csv": nothing }), false).await;
        assert_eq!(told["import"], Value::Null, "{nothing:?}: {told:#}");
        assert_eq!(told["userErrors"][0]["code"], "CSV", "{nothing:?}");
    }
    let shopper = shop.shopper_in(&place("US-CA", "94601"), [("book", 1)]).await;
    assert_eq!(costs(&shopper).await, [0, 2_500]);
    shop.ledgers_balance().await;
}
