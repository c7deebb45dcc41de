//! Who owes no tax: businesses of other states of the European Union, whom staff have noted, and what is taxed for nobody.

use super::{costs, is_charged};
use crate::harness::{Customer, Shop, Shopper, Staff, place, rate, steps_of, zone};
use serde_json::json;

/// A number of France that nobody has, with right check digits; and the same with wrong ones.
const FRENCH: &str = "FR15000000001";
const WRONG: &str = "FR16000000001";

/// A shop in Germany whose prices contain the tax of where it goes.
async fn german() -> (Shop, Staff) {
    let (shop, staff) = super::shop().await;
    let home = json!({ "countryCode": "DE", "zip": "20095", "city": "Hamburg" });
    shop.decides(&staff, json!({ "home": home, "pricesIncludeTax": true, "taxRounding": "LINE" })).await;
    for (country, percentage) in [("DE", "19"), ("FR", "20")] {
        shop.tax_zone(&staff, zone(country, 0, &[rate("VAT", percentage)])).await;
    }
    (shop, staff)
}

/// A business of another member state pays what is left without the tax: 9.99 x 20 / 120 = 1.665, so 9.99 - 1.67 + 5.00 for delivery.
#[tokio::test]
async fn a_business_of_another_state_owes_its_tax_at_home() {
    let (shop, _) = german().await;
    let paris = place("FR", "75001");
    let shopper = shop.shopper_in(&paris, [("lamp", 1)]).await;
    assert_eq!(costs(&shopper).await, [167, 1_499]);
    let said = shopper.says_who(json!({ "taxNumber": FRENCH })).await;
    assert_eq!(said.at("/cartBuyerIdentityUpdate/userErrors"), &json!([]));
    assert_eq!(costs(&shopper).await, [0, 1_332]);
    assert_eq!(steps_of(&shopper.priced().await, "TAX_REMOVED").len(), 1);

    // One whose check digits are wrong is nobody's, and what is no number at all is refused.
    shopper.says_who(json!({ "taxNumber": WRONG })).await;
    assert_eq!(costs(&shopper).await, [167, 1_499]);
    shopper.says_who(json!({ "taxNumber": FRENCH })).await;
    let refused = shopper.says_who(json!({ "taxNumber": "9".repeat(33) })).await;
    assert_eq!(refused.at("/cartBuyerIdentityUpdate/userErrors").as_array().map(Vec::len), Some(1));
    assert_eq!(costs(&shopper).await, [0, 1_332], "as it was");
    shopper.says_who(json!({ "taxNumber": "" })).await;
    assert_eq!(costs(&shopper).await, [167, 1_499], "nobody's");
    shopper.says_who(json!({ "taxNumber": "fr 15 000 000 001" })).await;

    let (placed, figures) = is_charged(&shop, &shopper, [0, 1_332]).await;
    assert!(figures.reverse_charge);
    assert_eq!((figures.subtotal, figures.removed_tax), (999, 167));
    assert_eq!(steps_of(&shop.priced_order(&placed.token()).await, "TAX_REMOVED")[0].1, -167);
    shop.ledgers_balance().await;
}

/// What does not leave the country, or goes to somebody without a number, is taxed: 9.99 x 19 / 119 = 1.595.
#[tokio::test]
async fn at_home_everybody_owes_it() {
    let (shop, _) = german().await;
    for (to, number, tax) in
        [("DE", FRENCH, 160), ("DE", "DE111111117", 160), ("FR", "DE111111117", 167), ("FR", "", 167)]
    {
        let shopper = shop.shopper_in(&place(to, "10115"), [("lamp", 1)]).await;
        shopper.says_who(json!({ "taxNumber": number })).await;
        assert_eq!(costs(&shopper).await, [tax, 1_499], "{to} {number}");
    }
    let shopper = shop.shopper_in(&place("DE", "10115"), [("lamp", 1)]).await;
    shopper.says_who(json!({ "taxNumber": "DE111111117" })).await;
    let (_, figures) = is_charged(&shop, &shopper, [160, 1_499]).await;
    assert!(!figures.reverse_charge);
    shop.ledgers_balance().await;
}

async fn cart_of(shop: &Shop, customer: &Customer) -> Shopper {
    let mut shopper = shop.shopper_in(&place("US-CA", "94601"), [("mug", 1)]).await;
    let answer = shopper.says_who(json!({ "customerAccessToken": customer.token })).await;
    let cart = answer.at("/cartBuyerIdentityUpdate/cart/id").as_str();
    shopper.cart = cart.unwrap_or_else(|| panic!("{:#}", answer.body)).to_owned();
    shopper
}

/// A customer whom staff have noted is charged none: who is signed in, and not whoever types their address. 10.00 x 10 % and 5.00.
#[tokio::test]
async fn a_customer_is_exempt_once_staff_say_so() {
    let (shop, staff) = super::shop().await;
    shop.tax_zone(&staff, zone("US-CA", 1, &[rate("Sales tax", "10")])).await;
    let ada = shop.customer("ada@example.org").await;
    let shopper = cart_of(&shop, &ada).await;
    assert_eq!(costs(&shopper).await, [100, 1_600]);
    let exempt = "mutation($id: ID!, $i: CustomerDetailsUpdateInput!) { customerDetailsUpdate(id: $id, input: $i) { userErrors { code field message } } }";
    let id = ada.sees("id").await["id"].clone();
    shop.staff_does(&staff, exempt, json!({ "id": id, "i": { "taxExempt": true } })).await;
    assert_eq!(costs(&shopper).await, [0, 1_500]);
    let guest = shop.shopper_in(&place("US-CA", "94601"), [("mug", 1)]).await;
    guest.says_who(json!({ "email": "ada@example.org" })).await;
    assert_eq!(costs(&guest).await, [100, 1_600], "an address is no proof");
    is_charged(&shop, &guest, [100, 1_600]).await;
    is_charged(&shop, &shopper, [0, 1_500]).await;
    shop.ledgers_balance().await;
}

/// Goods of an exempt kind are taxed nowhere; and what is taken out of it is taxed like everything else. 20.00 x 10 %.
#[tokio::test]
async fn a_kind_of_goods_is_exempt() {
    let (shop, staff) = super::shop().await;
    shop.tax_zone(&staff, zone("US-CA", 1, &[rate("Sales tax", "10")])).await;
    let shopper = shop.shopper_in(&place("US-CA", "94601"), [("mug", 1), ("book", 1)]).await;
    assert_eq!(costs(&shopper).await, [300, 3_800]);
    let books = shop.tax_category(&staff, "books", "EXEMPT").await;
    shop.put_into(&staff, "book", &books).await;
    assert_eq!(costs(&shopper).await, [100, 3_600]);
    is_charged(&shop, &shopper, [100, 3_600]).await;
    shop.ledgers_balance().await;
}
