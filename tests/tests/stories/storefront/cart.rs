//! The cart: made and changed by each mutation that storefronts have for it, each of which answers with the whole of it.

use super::{CART, in_context, nodes, page, shop, whole};
use crate::harness::{Shop, address, refusals};
use serde_json::{Value, json};

/// A cart of at most 250 lines, asked for as edges and as nodes.
const AT_MOST: u64 = 12_000;

/// A buyer with a cart.
struct Buyer<'a> {
    shop: &'a Shop,
    id: String,
}

impl<'a> Buyer<'a> {
    /// Makes a cart, and gives it.
    async fn with(shop: &'a Shop, input: Value) -> (Self, Value) {
        let document = format!(
            "mutation CartCreate($input: CartInput!, $country: CountryCode, $language: LanguageCode)
             @inContext(country: $country, language: $language) {{
               cartCreate(input: $input) {{
                 cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
        );
        let variables = in_context(json!({ "input": input }));
        let payload = page(shop, "cartCreate", &document, variables, AT_MOST).await["cartCreate"].take();
        assert!(refusals(&payload).is_empty(), "{payload:#}");
        let id = payload["cart"]["id"].as_str().expect("a cart").to_owned();
        (Self { shop, id }, payload["cart"].clone())
    }

    /// Changes it by this mutation, whose arguments beside the cart's id are given with their types; gives the cart, which reads the
    /// same as it was answered.
    async fn change<const N: usize>(&self, name: &str, arguments: [(&str, &str, Value); N]) -> Value {
        let declared: String = arguments.iter().map(|(n, t, _)| format!(", ${n}: {t}")).collect();
        let passed: String = arguments.iter().map(|(n, ..)| format!(", {n}: ${n}")).collect();
        let document = format!(
            "mutation Change($cartId: ID!{declared}, $country: CountryCode, $language: LanguageCode)
             @inContext(country: $country, language: $language) {{
               {name}(cartId: $cartId{passed}) {{
                 cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
        );
        let mut variables = in_context(json!({ "cartId": self.id }));
        for (n, _, value) in arguments {
            variables[n] = value;
        }
        let payload = page(self.shop, name, &document, variables, AT_MOST).await[name].take();
        assert!(refusals(&payload).is_empty(), "{name}: {payload:#}");
        let read = self.read().await;
        for field in ["id", "totalQuantity", "cost", "note", "attributes", "buyerIdentity", "delivery"] {
            assert_eq!(read[field], payload["cart"][field], "{name}: {field}");
        }
        read
    }

    async fn read(&self) -> Value {
        let document = format!(
            "query Cart($cartId: ID!, $country: CountryCode, $language: LanguageCode)
             @inContext(country: $country, language: $language) {{ cart(id: $cartId) {{ ...Cart }} }} {CART}"
        );
        let variables = in_context(json!({ "cartId": self.id }));
        page(self.shop, "cart", &document, variables, AT_MOST).await["cart"].take()
    }
}

/// Ids of the variants of a product.
async fn variants(shop: &Shop, handle: &str) -> Vec<Value> {
    let query =
        "query($handle: String!) { product(handle: $handle) { variants(first: 250) { nodes { id } } } }";
    let answer = shop.endpoint.ask(query, json!({ "handle": handle })).await;
    nodes(answer.at("/product/variants")).into_iter().map(|variant| variant["id"].clone()).collect()
}

#[tokio::test]
async fn a_storefronts_cart_is_answered_by_every_mutation() {
    let shop = shop().await;
    let mugs = variants(&shop, "harbour-mug").await;
    let cups = variants(&shop, "espresso-cup").await;
    let (buyer, cart) = Buyer::with(
        &shop,
        json!({
            "lines": [{ "merchandiseId": mugs[0], "quantity": 2, "attributes": [{ "key": "engraved", "value": "A" }] }],
            "attributes": [{ "key": "channel", "value": "newsletter" }],
            "buyerIdentity": { "countryCode": "US" },
        }),
    )
    .await;
    assert_eq!(cart["totalQuantity"], 2);
    assert_eq!(cart["attributes"], json!([{ "key": "channel", "value": "newsletter" }]));

    let more =
        json!([{ "merchandiseId": cups[0], "quantity": 1 }, { "merchandiseId": mugs[1], "quantity": 1 }]);
    let cart = buyer.change("cartLinesAdd", [("lines", "[CartLineInput!]!", more)]).await;
    assert_eq!(cart["totalQuantity"], 4);
    let lines = nodes(&cart["lines"]);
    assert_eq!(lines.len(), 3);
    let (mug, cup) = (line_of(&lines, &mugs[0]), line_of(&lines, &cups[0]));
    assert_eq!(mug["attributes"], json!([{ "key": "engraved", "value": "A" }]));
    assert_eq!(mug["merchandise"]["product"]["title"], "Harbour Mug");
    assert_eq!(cart["cost"]["subtotalAmount"]["amount"], "70.00", "two at 18, one at 22, one at 12");

    let three = json!([{ "id": mug["id"], "quantity": 3 }]);
    let cart = buyer.change("cartLinesUpdate", [("lines", "[CartLineUpdateInput!]!", three)]).await;
    assert_eq!(cart["totalQuantity"], 5);
    let gone = json!([cup["id"]]);
    let cart = buyer.change("cartLinesRemove", [("lineIds", "[ID!]!", gone)]).await;
    assert_eq!(nodes(&cart["lines"]).len(), 2);

    let cart = buyer.change("cartNoteUpdate", [("note", "String!", json!("At the back door."))]).await;
    assert_eq!(cart["note"], "At the back door.");
    let gift = json!([{ "key": "gift", "value": "yes" }]);
    let cart =
        buyer.change("cartAttributesUpdate", [("attributes", "[AttributeInput!]!", gift.clone())]).await;
    assert_eq!(cart["attributes"], gift);
    let identity = json!({ "email": "ada@example.org", "phone": "+12175550123", "countryCode": "US" });
    let cart = buyer
        .change("cartBuyerIdentityUpdate", [("buyerIdentity", "CartBuyerIdentityInput!", identity)])
        .await;
    assert_eq!(cart["buyerIdentity"]["email"], "ada@example.org");
    is_delivered(&buyer).await;
}

/// Where it goes, and how; and what that costs.
async fn is_delivered(buyer: &Buyer<'_>) {
    let to = |city: &str| json!([{ "selected": true, "address": { "deliveryAddress": address(city) } }]);
    let cart = buyer
        .change(
            "cartDeliveryAddressesAdd",
            [("addresses", "[CartSelectableAddressInput!]!", to("Springfield"))],
        )
        .await;
    let known = &cart["delivery"]["addresses"][0];
    assert_eq!(known["address"]["city"], "Springfield");
    let moved = json!([{ "id": known["id"], "selected": true,
                         "address": { "deliveryAddress": address("Shelbyville") } }]);
    let cart = buyer
        .change("cartDeliveryAddressesUpdate", [("addresses", "[CartSelectableAddressUpdateInput!]!", moved)])
        .await;
    let group = &cart["deliveryGroups"]["nodes"][0];
    assert_eq!(group["deliveryAddress"]["city"], "Shelbyville");
    let option = &group["deliveryOptions"][0];
    let chosen = json!([{ "deliveryGroupId": group["id"], "deliveryOptionHandle": option["handle"] }]);
    let cart = buyer
        .change(
            "cartSelectedDeliveryOptionsUpdate",
            [("selectedDeliveryOptions", "[CartSelectedDeliveryOptionInput!]!", chosen)],
        )
        .await;
    let group = &cart["deliveryGroups"]["nodes"][0];
    assert_eq!(group["selectedDeliveryOption"]["handle"], option["handle"]);
    assert!(cart["cost"]["totalAmount"]["amount"].is_string());

    let cart = buyer
        .change(
            "cartDeliveryAddressesReplace",
            [("addresses", "[CartSelectableAddressInput!]!", to("Ogdenville"))],
        )
        .await;
    let known = &cart["delivery"]["addresses"][0];
    assert_eq!(known["address"]["city"], "Ogdenville");
    let ids = json!([known["id"]]);
    let cart = buyer.change("cartDeliveryAddressesRemove", [("addressIds", "[ID!]!", ids)]).await;
    assert_eq!(cart["delivery"]["addresses"], json!([]));
}

fn line_of<'a>(lines: &[&'a Value], merchandise: &Value) -> &'a Value {
    let found = lines.iter().copied().find(|line| line["merchandise"]["id"] == *merchandise);
    found.unwrap_or_else(|| panic!("no line of {merchandise}: {lines:#?}"))
}

/// Two carts of one buyer become one, answered as all else is.
#[tokio::test]
async fn a_storefronts_carts_are_merged() {
    let shop = shop().await;
    let mugs = variants(&shop, "harbour-mug").await;
    let (from, _) =
        Buyer::with(&shop, json!({ "lines": [{ "merchandiseId": mugs[0], "quantity": 1 }] })).await;
    let (into, _) =
        Buyer::with(&shop, json!({ "lines": [{ "merchandiseId": mugs[0], "quantity": 2 }] })).await;
    let document = format!(
        "mutation($from: ID!, $into: ID!) {{ cartMerge(fromCartId: $from, intoCartId: $into) {{
           cart {{ ...Cart }} userErrors {{ code field message }} warnings {{ code message target }} }} }} {CART}"
    );
    let merged = shop.endpoint.ask(&document, json!({ "from": from.id, "into": into.id })).await;
    let merged = whole("cartMerge", &merged, AT_MOST);
    assert!(refusals(&merged["cartMerge"]).is_empty(), "{merged:#}");
    assert_eq!(merged["cartMerge"]["cart"]["totalQuantity"], 3);
    assert!(from.read().await.is_null());
    assert_eq!(into.read().await["totalQuantity"], 3);
}
