//! Which currency a cart has: that of where its buyer is.

use super::{home, shop, told};
use crate::harness::{Shop, minor};
use serde_json::{Value, json};

const CREATE: &str = "cartCreate(input: $input) { userErrors { code field }
  cart { id buyerIdentity { countryCode } cost { totalAmount { amount currencyCode } } } }";

async fn creates(shop: &Shop, directive: &str, identity: Value) -> Value {
    let lines = json!([{ "merchandiseId": shop.gid("mug").await, "quantity": 1 }]);
    let query = format!("mutation($input: CartInput) {directive} {{ {CREATE} }}");
    let input = json!({ "input": { "lines": lines, "buyerIdentity": identity } });
    let made = shop.shopper().ask(&query, input).await;
    assert_eq!(made.at("/cartCreate/userErrors"), &json!([]));
    made.at("/cartCreate/cart").clone()
}

#[tokio::test]
async fn a_cart_is_in_the_currency_of_where_it_was_asked_for() {
    let (shop, _) = shop().await;
    for (directive, identity, currency, total) in [
        ("", Value::Null, "USD", 1_000),
        ("@inContext(country: JP)", Value::Null, "JPY", 1_600),
        ("@inContext(country: KW)", json!({}), "KWD", 3_080),
        ("@inContext(country: DE)", json!({ "email": "ada@example.org" }), "EUR", 900),
        // What the buyer says of themselves comes first; and whose country has no market pays as at home.
        ("@inContext(country: JP)", json!({ "countryCode": "DE" }), "EUR", 900),
        ("@inContext(country: CH)", Value::Null, "USD", 1_000),
    ] {
        let cart = creates(&shop, directive, identity).await;
        let (in_currency, cost) = told(&cart["cost"]["totalAmount"]);
        assert_eq!(in_currency, currency, "{directive}");
        // Taxes of a country are charged once it is known.
        assert!((total..=total + total / 5).contains(&cost), "{directive}: {cost}");
        let mut shopper = shop.shopper();
        shopper.cart = cart["id"].as_str().expect("an id").to_owned();
        assert_eq!(
            told(&shopper.priced().await["cost"]["totalAmount"]),
            (currency, cost),
            "read without a word"
        );
    }
    shop.ledgers_balance().await;
}

/// Another country prices everything anew, and tells so; and with cards of the old currency in the cart that is refused.
#[tokio::test]
async fn another_country_prices_all_of_it_anew_or_is_refused() {
    let (shop, staff) = shop().await;
    let shopper = shop.shopper_in(&home("JP"), [("mug", 1)]).await;
    let currencies = |cart: &Value| {
        let steps = cart["cost"]["steps"].as_array().expect("steps").clone();
        steps.iter().map(|step| step["amount"]["currencyCode"].clone()).collect::<Vec<_>>()
    };
    for (country, currency) in [("JP", "JPY"), ("KW", "KWD"), ("US", "USD"), ("DE", "EUR")] {
        let said = shopper.says_who(json!({ "countryCode": country })).await;
        assert_eq!(said.at("/cartBuyerIdentityUpdate/userErrors"), &json!([]));
        let answered = said.at("/cartBuyerIdentityUpdate/cart/cost/totalAmount").clone();
        assert_eq!(answered["currencyCode"], currency);
        let cart = shopper.priced().await;
        assert_eq!(cart["cost"]["totalAmount"], answered, "told at once");
        assert!(currencies(&cart).iter().all(|of| of == currency), "{cart:#}");
    }

    let card = shop.card_in(&staff, "5.00", "EUR").await;
    let cart = shopper.has_paid_with(&[&card.code]).await;
    let refused = shopper.says_who(json!({ "countryCode": "JP" })).await;
    let error = refused.at("/cartBuyerIdentityUpdate/userErrors/0");
    assert_eq!((&error["code"], &error["field"][1]), (&json!("INVALID"), &json!("countryCode")), "{error}");
    assert_eq!(shopper.priced().await, cart, "as it was");
    assert_eq!(minor(&cart["cost"]["totalAmount"]) - 500, minor(&cart["cost"]["checkoutChargeAmount"]));
    let dollars = shop.card(&staff, "5.00").await;
    let put = shopper.pays_with(&[&dollars.code]).await;
    assert_eq!(put.at("/cartGiftCardCodesUpdate/userErrors").as_array().map(Vec::len), Some(1));

    shopper.pays_with(&[]).await;
    let said = shopper.says_who(json!({ "countryCode": "JP" })).await;
    assert_eq!(said.at("/cartBuyerIdentityUpdate/cart/cost/totalAmount/currencyCode"), "JPY");
    shop.ledgers_balance().await;
}
