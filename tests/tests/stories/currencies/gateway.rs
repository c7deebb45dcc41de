//! Amounts at the gateway: in its unit, in its step, both ways.

use super::{GOOD, home, money, shop, told};
use crate::harness::{Placed, Shop, Staff, number};
use serde_json::{Value, json};

/// Three mugs in a country, and what becomes of 10.00 dollars a piece and 5.00 for delivery.
struct Case {
    country: &'static str,
    currency: &'static str,
    /// As it is written, and in the gateway's units.
    delivery: (&'static str, i64),
    tax: i64,
    total: i64,
    /// What comes back for each mug, one after another.
    units: [i64; 3],
    /// The total in cents of the shop's dollars.
    in_dollars: i64,
    /// Something that cannot be paid in this currency.
    too_fine: &'static str,
}

const CASES: [Case; 3] = [
    // 3 x 1600 + 10 % = 5280, 1760 a piece, and 800; 6080 / 160 = 38.00.
    Case {
        country: "JP",
        currency: "JPY",
        delivery: ("800", 800),
        tax: 480,
        total: 6_080,
        units: [1_760; 3],
        in_dollars: 3_800,
        too_fine: "10.5",
    },
    // 3 x 3.080 = 9.240, of which 5 % are 0.462: charges end in 0, so 0.460. 9.700 / 3 = 3.2333: 3.230, 6.4666 - 3.230: 3.230, and what is left.
    // 9.240 + 0.460 + 1.540 = 11.240, / 0.308 = 36.4935.
    Case {
        country: "KW",
        currency: "KWD",
        delivery: ("1.540", 1_540),
        tax: 460,
        total: 11_240,
        units: [3_230, 3_230, 3_240],
        in_dollars: 3_649,
        too_fine: "1.0005",
    },
    // 3 x 9.00 + 20 % = 32.40, 10.80 a piece, and 4.50; 36.90 / 0.9 = 41.00.
    Case {
        country: "DE",
        currency: "EUR",
        delivery: ("4.50", 450),
        tax: 540,
        total: 3_690,
        units: [1_080; 3],
        in_dollars: 4_100,
        too_fine: "1.005",
    },
];

/// Ordered and paid: what the gateway was asked for is what the buyer was shown, in its own unit.
async fn paid(shop: &Shop, case: &Case) -> Placed {
    let Case { country, currency, tax, total, in_dollars, .. } = case;
    let shopper = shop.shopper_in(&home(country), [("mug", 3)]).await;
    let cost = shopper.priced().await["cost"].clone();
    assert_eq!(told(&cost["totalAmount"]), (*currency, *total), "{cost:#}");
    assert_eq!(told(&cost["totalTaxAmount"]), (*currency, *tax));
    let placed = shopper.place_order(&shopper.cart).await;
    assert_eq!(placed.refusals(), [""; 0], "{country}");
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(told(&order["totalPrice"]), (*currency, *total));
    assert_eq!(told(&order["shopTotalPrice"]), ("USD", *in_dollars), "{country}");
    assert_eq!(shopper.pay(&placed, GOOD).await["status"], "succeeded");
    shop.settle().await;
    let intent = shop.gateway_get(&format!("/v1/payment_intents/{}", placed.intent())).await;
    let at_gateway = (intent["currency"].as_str(), intent["amount_received"].as_i64());
    assert_eq!(at_gateway, (Some(&*currency.to_lowercase()), Some(*total)));
    assert!(shop.is_paid(placed.order_id()).await);
    placed
}

async fn give_back(shop: &Shop, staff: &Staff, refund: Value) {
    let given = shop.refund(staff, refund).await;
    assert_eq!(given["userErrors"], json!([]), "{given:#}");
    shop.settle().await;
}

/// What came back at the gateway in all; sorted, since it tells the latest first.
async fn came_back(shop: &Shop, placed: &Placed) -> Vec<i64> {
    let mut refunds = shop.refunded_at_gateway(&placed.intent()).await;
    refunds.sort_unstable();
    refunds
}

/// Books in the shop's own currency, past the program: what orders were worth, less what was given back of them.
async fn left_in_dollars(shop: &Shop) -> i64 {
    let sql = "SELECT CAST(COALESCE(SUM(shop_total), 0) - (SELECT COALESCE(SUM(shop_amount), 0) FROM refunds) AS BIGINT) FROM orders";
    number(shop.folder.path(), sql).await
}

#[tokio::test]
async fn units_are_refunded_to_the_last_unit_of_their_currency() {
    let (shop, staff) = shop().await;
    for case in &CASES {
        let placed = paid(&shop, case).await;
        let before = left_in_dollars(&shop).await;
        assert_eq!(before, case.in_dollars, "{}", case.country);
        let order = format!("gid://stoa/Order/{}", placed.order_id());
        let line = shop.money_of(&staff, placed.order_id()).await["lineItems"]["nodes"][0]["id"].clone();
        for n in 0..3 {
            let key = format!("unit {n}");
            let mut refund = json!({
                "orderId": order, "idempotencyKey": key, "refundLineItems": [{ "lineItemId": line, "quantity": 1 }],
            });
            if n == 2 {
                refund["shipping"] = money(case.delivery.0, case.currency);
            }
            give_back(&shop, &staff, refund.clone()).await;
            give_back(&shop, &staff, refund).await;
        }
        let [first, second, third] = case.units;
        assert_eq!(came_back(&shop, &placed).await, [first, second, third + case.delivery.1]);
        let books = shop.money_of(&staff, placed.order_id()).await;
        assert_eq!(told(&books["totalRefunded"]), (case.currency, case.total));
        assert_eq!(told(&books["refundableAmount"]), (case.currency, 0));
        assert_eq!(books["displayFinancialStatus"], "REFUNDED");
        assert_eq!(
            left_in_dollars(&shop).await,
            0,
            "{}: nothing is left in the shop's currency",
            case.country
        );
    }
    shop.ledgers_balance().await;
}

#[tokio::test]
async fn amounts_are_refunded_in_the_orders_currency_alone() {
    let (shop, staff) = shop().await;
    for case in &CASES {
        let placed = paid(&shop, case).await;
        let order = format!("gid://stoa/Order/{}", placed.order_id());
        for (n, refused) in
            [money(case.too_fine, case.currency), money("1.00", "USD"), money("1000000", case.currency)]
                .iter()
                .enumerate()
        {
            let refund = json!({ "orderId": order, "idempotencyKey": format!("no {n}"), "amount": refused });
            let answer = shop.refund(&staff, refund).await;
            assert_eq!(answer["refund"], Value::Null, "{refused}");
            assert_eq!(answer["userErrors"].as_array().map(Vec::len), Some(1), "{refused}");
        }
        assert_eq!(came_back(&shop, &placed).await, [0; 0]);

        // Half of it by amount, and the rest by cancelling.
        let half = case.total / 2 / 10 * 10;
        let decimals = match case.currency {
            "JPY" => half.to_string(),
            "KWD" => format!("{}.{:03}", half / 1_000, half % 1_000),
            _ => format!("{}.{:02}", half / 100, half % 100),
        };
        let refund =
            json!({ "orderId": order, "idempotencyKey": "half", "amount": money(&decimals, case.currency) });
        give_back(&shop, &staff, refund).await;
        assert_eq!(came_back(&shop, &placed).await, [half]);
        let cancelled = shop.cancel(&staff, placed.order_id()).await;
        assert_eq!(cancelled.at("/orderCancel/userErrors"), &json!([]));
        shop.settle().await;
        assert_eq!(came_back(&shop, &placed).await.iter().sum::<i64>(), case.total, "{}", case.country);
        assert_eq!(left_in_dollars(&shop).await, 0, "{}", case.country);
    }
    shop.ledgers_balance().await;
}
