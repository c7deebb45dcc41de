//! What a market's prices are: those of its list, or those of the rate, made to look like prices.

use super::{GOOD, home, told};
use crate::harness::{Item, Setup, Shop, Shopper, Staff, with};
use serde_json::{Value, json};

/// A shop in dollars; delivering costs 5.00, and nothing is taxed. A euro is 1 / 0.9 dollars.
async fn shop() -> (Shop, Staff) {
    let goods = [("mug", "10.00"), ("bowl", "20.00"), ("pin", "11.10"), ("sticker", "0.00")];
    let items: Vec<Item> = goods.map(|(handle, price)| Item::new(handle, price, 500)).into();
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    shop.exchange_rate(&staff, "EUR", "0.9").await;
    (shop, staff)
}

fn europe(rounding: &Value) -> Value {
    json!({ "name": "Europe", "countries": ["DE", "FR"], "currencyCode": "EUR", "rounding": rounding })
}

async fn unit_price(shop: &Shop, handle: &str) -> i64 {
    let shopper = shop.shopper_in(&home("DE"), [(handle, 1)]).await;
    let cart = shopper.priced().await;
    let (currency, price) = told(&cart["lines"]["nodes"][0]["cost"]["amountPerQuantity"]);
    assert_eq!(currency, "EUR");
    price
}

/// The buyer pays what the market says; in the shop's currency it is worth what the rate says.
async fn buys(shop: &Shop, shopper: &Shopper, [total, in_dollars]: [i64; 2]) {
    let placed = shopper.place_order(&shopper.cart).await;
    assert_eq!(placed.refusals(), [""; 0]);
    let order = shop.priced_order(&placed.token()).await;
    assert_eq!(told(&order["totalPrice"]), ("EUR", total));
    assert_eq!(told(&order["shopTotalPrice"]), ("USD", in_dollars));
    let paid = shopper.pay(&placed, GOOD).await;
    assert_eq!((&paid["amount"], &paid["currency"]), (&json!(total), &json!("eur")));
    shop.settle().await;
    assert!(shop.is_paid(placed.order_id()).await);
}

/// Up to .99: 9.00 is 9.99, 18.00 is 18.99, 9.99 stays 9.99, and what is free stays free. Delivery is no price on a label: 4.50.
#[tokio::test]
async fn prices_by_the_rate_go_up_to_ninety_nine() {
    let (shop, staff) = shop().await;
    let market = shop.market(&staff, europe(&json!({ "up": { "modulus": 100, "ending": 99 } }))).await;
    for (handle, price) in [("mug", 999), ("bowl", 1_899), ("pin", 999), ("sticker", 0)] {
        assert_eq!(unit_price(&shop, handle).await, price, "{handle}");
    }
    let shopper = shop.shopper_in(&home("FR"), [("mug", 2), ("bowl", 1)]).await;
    // 2 x 9.99 + 18.99 + 4.50 = 43.47, / 0.9 = 48.30.
    buys(&shop, &shopper, [4_347, 4_830]).await;

    shop.change_market(&staff, &market, json!({ "rounding": { "nearest": 50 } })).await;
    for (handle, price) in [("mug", 900), ("pin", 1_000), ("bowl", 1_800)] {
        assert_eq!(unit_price(&shop, handle).await, price, "{handle}");
    }
    shop.change_market(&staff, &market, json!({ "rounding": null })).await;
    assert_eq!(unit_price(&shop, "pin").await, 999);
    shop.ledgers_balance().await;
}

/// A list of the market's own: what it fixes is so whatever the rate, what it does not fix is the catalogue's by the rate.
#[tokio::test]
async fn a_list_fixes_prices_whatever_the_rate() {
    let (shop, staff) = shop().await;
    let list = json!({ "name": "Europe", "kind": "MARKET", "currencyCode": "EUR" });
    let list = shop.price_list(&staff, list).await;
    shop.list_price(&staff, &list, "mug", "8.50", "EUR").await;
    let rounding = json!({ "up": { "modulus": 100, "ending": 99 } });
    shop.market(&staff, with(europe(&rounding), "priceListId", json!(list))).await;
    for rate in ["0.9", "0.95"] {
        shop.exchange_rate(&staff, "EUR", rate).await;
        assert_eq!(unit_price(&shop, "mug").await, 850, "{rate}");
    }
    // 20.00 x 0.95 = 19.00.
    assert_eq!(unit_price(&shop, "bowl").await, 1_999);
    let shopper = shop.shopper_in(&home("DE"), [("mug", 2)]).await;
    let before = shopper.priced().await;
    shop.list_price(&staff, &list, "mug", "8.00", "EUR").await;
    assert_eq!(told(&before["cost"]["totalAmount"]), ("EUR", 2 * 850 + 475));
    // 2 x 8.00 + 5.00 x 0.95 = 20.75, / 0.95 = 21.8421.
    buys(&shop, &shopper, [2_075, 2_184]).await;
    shop.ledgers_balance().await;
}
