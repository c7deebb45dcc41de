//! NUL: a letter to JSON, to SQLite and to us, and to Postgres none.

use crate::harness::{Answer, Event, Shop, address, status};
use serde_json::json;
use stoa_domain::shared::page::{Cursor, CursorKey};
use uuid::Uuid;

const NUL: &str = "a\0b";

/// Panics if an answer tells of a fault of ours.
fn is_no_fault(what: &str, answer: &Answer) {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let fault = errors.iter().find(|error| {
        ["INTERNAL", "SERVICE_UNAVAILABLE", "TIMEOUT"].iter().any(|code| error["extensions"]["code"] == *code)
    });
    assert!(answer.status < 500 && fault.is_none(), "{what}: {:#}", answer.body);
}

/// Wherever a text is looked for or kept, one with a NUL is no fault.
#[tokio::test]
async fn a_nul_is_no_fault_wherever_a_text_may_stand() {
    let shop = Shop::open().await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    let text = [
        "query($t: String!) { products(first: 2, query: $t) { nodes { id } } collections(first: 2, query: $t) { nodes { id } } }",
        "query($t: String!) { product(handle: $t) { id } collection(handle: $t) { id } }",
        "query($t: String!) { productRecommendations(productHandle: $t) { id } }",
        "query($t: String!) { order(lookup: { token: $t }) { id } }",
        "query($t: String!) { order(lookup: { contact: { number: 1001, email: $t } }) { id } }",
        "query($t: String!) { customer(customerAccessToken: $t) { id } }",
        "mutation($t: String!) { customerRecover(email: $t) { customerUserErrors { code } } }",
        "mutation($t: String!) { customerCreate(input: { email: \"nul@example.org\", password: \"tall oaks from little acorns\", firstName: $t, lastName: $t, phone: $t }) { customerUserErrors { code } } }",
        "mutation($t: String!) { customerSignIn(input: { email: $t, password: $t, device: $t }) { userErrors { code } } }",
        "mutation($t: String!) { customerTokenRefresh(refreshToken: $t) { userErrors { code } } }",
        "mutation($t: String!) { staffSignIn(input: { email: $t, password: $t }) { userErrors { code } } }",
        "mutation($t: String!) { staffInvitationAccept(input: { token: $t, name: $t, password: $t }) { userErrors { code } } }",
    ];
    for query in text {
        for value in [NUL, "\0", "vendor:\"a\0b\" tag:\"\0\" sku:a\0*"] {
            is_no_fault(query, &shop.endpoint.ask(query, json!({ "t": value })).await);
        }
    }
    let mut address = address("Spring\0field");
    address["address1"] = json!("\0");
    for (name, argument, kind, value) in [
        ("cartNoteUpdate", "note", "String!", json!(NUL)),
        ("cartAttributesUpdate", "attributes", "[AttributeInput!]!", json!([{ "key": NUL, "value": NUL }])),
        (
            "cartBuyerIdentityUpdate",
            "buyerIdentity",
            "CartBuyerIdentityInput!",
            json!({ "email": "a\0@example.org", "phone": NUL }),
        ),
        (
            "cartDeliveryAddressesAdd",
            "addresses",
            "[CartSelectableAddressInput!]!",
            json!([{ "address": { "deliveryAddress": address } }]),
        ),
    ] {
        is_no_fault(name, &shopper.change(name, &[(argument, kind, value)]).await);
    }
    is_no_fault("orderPlace", &shopper.place_order(NUL).await.answer);
    let filters = json!([{ "productVendor": NUL }, { "productType": NUL }, { "tag": NUL }, { "variantOption": { "name": NUL, "value": NUL } }]);
    let collection = "query($f: [ProductFilter!]) { collections(first: 1) { nodes { products(first: 2, filters: $f) { nodes { id } } } } }";
    is_no_fault(collection, &shop.endpoint.ask(collection, json!({ "f": filters })).await);
    for (sort, order) in ["TITLE", "VENDOR", "PRODUCT_TYPE"]
        .into_iter()
        .flat_map(|sort| (0..24).map(move |order| (sort, order)))
    {
        let cursor = Cursor { order, key: CursorKey::Text(NUL.to_owned()), id: Uuid::nil() }.encode();
        let query = format!(
            "query($t: String!) {{ products(first: 2, sortKey: {sort}, after: $t) {{ nodes {{ id }} }} }}"
        );
        is_no_fault(&query, &shop.endpoint.ask(&query, json!({ "t": cursor })).await);
    }

    let owner = shop.owner("olga@example.org").await;
    for (query, variables) in [
        (
            "mutation($p: ProductCreateInput!) { productCreate(product: $p) { userErrors { code } } }",
            json!({ "p": { "title": NUL, "vendor": NUL, "productType": NUL, "tags": [NUL], "descriptionHtml": NUL, "variants": [{ "price": "1.00", "sku": NUL }] } }),
        ),
        (
            "mutation($i: ApiKeyCreateInput!) { apiKeyCreate(input: $i) { userErrors { code } } }",
            json!({ "i": { "name": NUL, "scopes": ["orders:read"] } }),
        ),
        (
            "mutation($i: RoleInput!) { roleCreate(input: $i) { userErrors { code } } }",
            json!({ "i": { "name": NUL, "permissions": ["orders:read"] } }),
        ),
    ] {
        is_no_fault(query, &shop.ask_as(&owner, query, variables).await);
    }
    shop.import(
        "Handle,Title,Vendor,Tags,Variant SKU,Variant Price,Published\nnul,N\0ul,V\0,\"t\0,u\",S\0,1.00,true",
    )
    .await;
    for path in [
        "/products/a%00b",
        "/cart/%00:1",
        "/orders/a%00b",
        "/media/a%00b",
        "/shop?after=%00",
        "/account/archive/%00",
    ] {
        assert!(status(&shop.get_raw(path).await) < 500, "{path}");
    }
    let kind = json!({ "id": "pi_8", "object": "payment_intent", "status": NUL });
    assert!(shop.webhook(&Event::intent("evt_8", "payment_intent.\0", &kind)).await < 500);
}
