//! The documents that existing storefronts send are understood.

use crate::shop::Shop;
use serde_json::json;

/// After the cart query of a well-known storefront: every part of the vocabulary that it names.
const CART_QUERY: &str = "query CartQuery($cartId: ID!, $numCartLines: Int, $country: CountryCode = ZZ,
    $language: LanguageCode) @inContext(country: $country, language: $language) {
  cart(id: $cartId) { ...CartApiQuery } }
fragment Money on MoneyV2 { currencyCode amount }
fragment CartLine on CartLine {
  id quantity attributes { key value }
  cost { totalAmount { ...Money } amountPerQuantity { ...Money } compareAtAmountPerQuantity { ...Money } }
  merchandise { ... on ProductVariant {
    id availableForSale compareAtPrice { ...Money } price { ...Money } requiresShipping title
    image { id url altText width height }
    product { handle title id vendor }
    selectedOptions { name value } } }
  parentRelationship { parent { id } } }
fragment CartLineComponent on ComponentizableCartLine {
  id quantity attributes { key value }
  cost { totalAmount { ...Money } amountPerQuantity { ...Money } compareAtAmountPerQuantity { ...Money } }
  merchandise { ... on ProductVariant { id } }
  lineComponents { ...CartLine } }
fragment CartApiQuery on Cart {
  updatedAt id
  appliedGiftCards { id lastCharacters amountUsed { ...Money } }
  checkoutUrl totalQuantity
  buyerIdentity { countryCode customer { id email firstName lastName displayName } email phone }
  lines(first: $numCartLines) {
    nodes { ...CartLine }
    nodes { ...CartLineComponent } }
  cost { subtotalAmount { ...Money } totalAmount { ...Money } totalDutyAmount { ...Money } totalTaxAmount { ...Money } }
  note attributes { key value }
  discountCodes { code applicable }
  discountAllocations {
    discountedAmount { ...Money }
    discountApplication { targetType targetSelection allocationMethod
      value { ... on MoneyV2 { ...Money } ... on PricingPercentageValue { percentage } } }
    ... on CartAutomaticDiscountAllocation { title }
    ... on CartCodeDiscountAllocation { code }
    ... on CartCustomDiscountAllocation { title } }
  deliveryGroups(first: 10, withCarrierRates: true) {
    edges { node { id deliveryAddress { city } selectedDeliveryOption { handle } } } } }";

#[tokio::test]
async fn a_storefront_s_cart_query_is_answered_whole() {
    let shop = Shop::open().await;
    let mug = shop.stock("Mug", 1_200, 5).await;
    let cart = shop.cart(&[(&mug, 2)]).await;
    let cart = shop
        .ask(CART_QUERY, json!({ "cartId": cart, "numCartLines": 100, "country": "GB", "language": "EN" }))
        .await;
    let line = &cart["lines"]["nodes"][0];
    assert_eq!(line["merchandise"]["product"]["title"], "Mug");
    assert_eq!(line["merchandise"]["price"], json!({ "currencyCode": "EUR", "amount": "12.00" }));
    assert_eq!(line["parentRelationship"], json!(null));
    assert_eq!((&cart["discountCodes"], &cart["appliedGiftCards"]), (&json!([]), &json!([])));
}

#[test]
fn a_line_is_a_base_cart_line_and_a_node() {
    let sdl = stoa_api::graphql::sdl();
    assert!(sdl.contains("type CartLine implements BaseCartLine & Node"));
    assert!(sdl.contains("type ComponentizableCartLine implements BaseCartLine & Node"));
    assert!(sdl.contains("interface BaseCartLine implements Node"));
}

#[tokio::test]
async fn a_cart_costs_as_many_statements_whatever_it_holds() {
    let shop = Shop::open().await;
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for count in [1, 5, 20] {
        let mut lines = Vec::new();
        for n in 0..count {
            lines.push((shop.stock(&format!("Mug {count}-{n}"), 1_000, 9).await, 1));
        }
        let lines: Vec<(&str, u32)> = lines.iter().map(|(id, units)| (id.as_str(), *units)).collect();
        let cart = shop.cart(&lines).await;
        // A change of the catalogue empties its cache.
        shop.stock(&format!("Bowl {count}"), 900, 9).await;
        shop.app.services().catalog.refresh().await.unwrap();
        for costs in [&mut cold, &mut warm] {
            // Otherwise whether its stock is asked for depends on how long ago that was.
            shop.app.services().catalog.forget_stock();
            let before = shop.db.statements();
            shop.ask(CART_QUERY, json!({ "cartId": cart, "numCartLines": 100 })).await;
            costs.push(shop.db.statements() - before);
        }
    }
    for costs in [&cold, &warm] {
        assert!(costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
    }
    assert!(warm[0] < cold[0], "what a line shows comes from the catalogue's cache");
}
