//! The steps of a price, one by one, each with how it is worked out.

use super::{ordered, shop};
use crate::harness::{minor, steps_of};

fn named(of: &[(&str, i64)]) -> Vec<(String, i64)> {
    of.iter().map(|(title, amount)| ((*title).to_owned(), *amount)).collect()
}

/// Three mugs at 10.00 and a bowl at 20.00; a sale takes a tenth off each, the code a tenth of what is left:
///
/// | | mugs | bowl |
/// |---|---|---|
/// | catalogue | 30.00 | 20.00 |
/// | sale | -3.00 | -2.00 |
/// | code, 45.00 x 10 % = 4.50, by 27.00 and 18.00 | -2.70 | -1.80 |
/// | tax, 20 % of 24.30 and of 16.20 | 4.86 | 3.24 |
///
/// With 6.00 for delivery that nobody taxes 40.50 + 8.10 + 6.00 = 54.60, of which a card pays 5.00.
#[tokio::test]
async fn an_order_tells_how_its_price_came_about() {
    let (shop, staff, _) = shop().await;
    let (_, placed) = ordered(&shop, &staff, "US-IL").await;
    let order = shop.priced_order(&placed.token()).await;
    let amounts =
        |kind: &str| steps_of(&order, kind).into_iter().map(|(_, amount)| amount).collect::<Vec<i64>>();
    assert_eq!(amounts("BASE_PRICE"), [3_000, 2_000]);
    assert_eq!(steps_of(&order, "PRICE_LIST"), named(&[("Sale", -300), ("Sale", -200)]));
    assert_eq!(steps_of(&order, "PROMOTION"), named(&[("10 % off", -270), ("10 % off", -180)]));
    assert_eq!(steps_of(&order, "DELIVERY"), named(&[("post", 600)]));
    assert_eq!(steps_of(&order, "TAX"), named(&[("Sales tax", 486), ("Sales tax", 324)]));
    assert_eq!(amounts("GIFT_CARD"), [-500]);
    assert_eq!([minor(&order["totalPrice"]), minor(&order["totalCharge"])], [5_460, 4_960]);
    assert_eq!([minor(&order["totalTax"]), minor(&order["totalDiscounts"])], [810, 450]);
    let steps = order["pricingSteps"].as_array().expect("steps");
    assert!(
        steps.iter().filter(|step| step["kind"] == "PROMOTION").all(|step| step["code"] == "TEN"),
        "{steps:?}"
    );
    assert!(
        steps.iter().filter(|step| step["kind"] == "TAX").all(|step| step["percentage"].is_string()),
        "{steps:?}"
    );
    shop.ledgers_balance().await;
}
