//! Products and variants, as staff see and write them.

use crate::office::{Hand, Office, done, refused};
use serde_json::{Value, json};

const CREATE: &str = "mutation($p: ProductCreateInput!) { productCreate(product: $p) {
  product { id handle title status publishedAt tags options { name values } images { url }
    variants(first: 10) { nodes { id sku title price { amount } compareAtPrice { amount } selectedOptions { name value } imageId } } }
  userErrors { code field message } } }";
const UPDATE: &str = "mutation($p: ProductUpdateInput!) { productUpdate(product: $p) {
  product { title handle status publishedAt tags vendor } userErrors { code field message } } }";
const NOTHING: &str = "gid://stoa/Product/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

async fn writer() -> (Office, Hand) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) =
        office.key(&owner, &["products:read", "products:write", "inventory:read", "inventory:write"]).await;
    (office, key)
}

fn shirt() -> Value {
    json!({ "title": "Shirt", "tags": ["linen"], "publishedAt": "2026-01-01T00:00:00Z",
            "images": [{ "url": "https://img.example/shirt.jpg", "altText": "A shirt" }],
            "options": [{ "name": "Size", "values": ["S", "M"] }],
            "variants": [
                { "price": "30.00", "optionValues": ["S"], "sku": "SH-S", "onHand": 3, "imageUrl": "https://img.example/shirt.jpg" },
                { "price": "32.50", "optionValues": ["M"], "compareAtPrice": "40.00" },
            ] })
}

#[tokio::test]
async fn a_product_is_made_and_shoppers_see_it() {
    let (office, key) = writer().await;
    let made = office.ask(&key, CREATE, json!({ "p": shirt() })).await;
    let product = &made["product"];
    assert_eq!((&product["handle"], &product["status"]), (&json!("shirt"), &json!("ACTIVE")));
    assert_eq!(product["options"], json!([{ "name": "Size", "values": ["S", "M"] }]));
    let variants = &product["variants"]["nodes"];
    assert_eq!((&variants[0]["title"], &variants[0]["price"]["amount"]), (&json!("S"), &json!("30.00")));
    assert_eq!(variants[1]["compareAtPrice"]["amount"], "40.00");
    assert!(variants[0]["imageId"].is_string() && variants[1]["imageId"].is_null());
    let shown =
        office.stranger("{ product(handle: \"shirt\") { title availableForSale } }", Value::Null).await;
    assert_eq!((&shown["title"], &shown["availableForSale"]), (&json!("Shirt"), &json!(true)));
    let stock = "query($ids: [ID!]!) { admin { inventoryItems(variantIds: $ids) { tracked backorderLimit levels { onHand } } } }";
    let there = office.ask(&key, stock, json!({ "ids": [variants[0]["id"]] })).await;
    assert_eq!(
        there["inventoryItems"],
        json!([{ "tracked": true, "backorderLimit": 0, "levels": [{ "onHand": 3 }] }])
    );

    let mut again = shirt();
    again["handle"] = json!("shirt");
    refused(&office.ask(&key, CREATE, json!({ "p": again })).await, "HANDLE_TAKEN", "product.handle");
}

#[tokio::test]
async fn how_many_there_are_of_something_new_takes_the_permission_for_stock() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["products:read", "products:write"]).await;
    assert_eq!(office.error(&key, CREATE, json!({ "p": shirt() })).await, "FORBIDDEN");
    let mut uncounted = shirt();
    uncounted["variants"][0]["onHand"] = json!(0);
    let made = office.ask(&key, CREATE, json!({ "p": uncounted })).await;
    assert_eq!(made["product"]["handle"], "shirt", "nothing of the first is there");
}

#[tokio::test]
async fn what_is_left_out_stays_as_it_is() {
    let (office, key) = writer().await;
    let made = office.ask(&key, CREATE, json!({ "p": shirt() })).await;
    let id = &made["product"]["id"];
    let changed = office
        .ask(&key, UPDATE, json!({ "p": { "id": id, "title": "Linen shirt", "vendor": "Loom" } }))
        .await;
    let product = &changed["product"];
    assert_eq!(
        (&product["title"], &product["handle"], &product["vendor"]),
        (&json!("Linen shirt"), &json!("shirt"), &json!("Loom"))
    );
    assert_eq!(
        (&product["publishedAt"], &product["tags"]),
        (&json!("2026-01-01T00:00:00Z"), &json!(["linen"]))
    );
    let hidden = office.ask(&key, UPDATE, json!({ "p": { "id": id, "publishedAt": null } })).await;
    assert_eq!(hidden["product"]["publishedAt"], Value::Null);
    let shown = office.stranger("{ product(handle: \"shirt\") { title } }", Value::Null).await;
    assert_eq!(shown, Value::Null);
    let read = "query($id: ID!) { admin { product(id: $id) { title } products(first: 5, query: \"linen\", status: ACTIVE) { nodes { id } } } }";
    let found = office.answer(&key, read, json!({ "id": id })).await;
    assert_eq!(found["data"]["admin"]["product"]["title"], "Linen shirt");
    assert_eq!(found["data"]["admin"]["products"]["nodes"], json!([{ "id": id }]));
    let drafts = "{ admin { products(first: 5, status: DRAFT) { nodes { id } } } }";
    assert_eq!(office.ask(&key, drafts, Value::Null).await["products"]["nodes"], json!([]));
}

#[tokio::test]
async fn variants_are_added_changed_and_taken_away() {
    let (office, key) = writer().await;
    let made = office.ask(&key, CREATE, json!({ "p": shirt() })).await;
    let (id, small) = (&made["product"]["id"], &made["product"]["variants"]["nodes"][0]["id"]);
    let bulk = |name: &str, kind: &str, argument: &str| {
        format!("mutation($id: ID!, $v: {kind}) {{ {name}(productId: $id, {argument}: $v) {{
           product {{ variants(first: 10) {{ nodes {{ title sku price {{ amount }} compareAtPrice {{ amount }} }} }} }} userErrors {{ code field message }} }} }}")
    };
    let create = bulk("productVariantsBulkCreate", "[ProductVariantInput!]!", "variants");
    let added = office
        .ask(&key, &create, json!({ "id": id, "v": [{ "price": "35.00", "optionValues": ["L"] }] }))
        .await;
    assert_eq!(added["product"]["variants"]["nodes"][2]["title"], "L");
    refused(
        &office
            .ask(&key, &create, json!({ "id": id, "v": [{ "price": "1.00", "optionValues": ["L"] }] }))
            .await,
        "INVALID",
        "variants",
    );
    refused(
        &office
            .ask(&key, &create, json!({ "id": id, "v": [{ "price": "1.005", "optionValues": ["XL"] }] }))
            .await,
        "INVALID",
        "variants.0.price",
    );

    let update = bulk("productVariantsBulkUpdate", "[ProductVariantUpdateInput!]!", "variants");
    let changed =
        office.ask(&key, &update, json!({ "id": id, "v": [{ "id": small, "price": "29.00" }] })).await;
    let first = &changed["product"]["variants"]["nodes"][0];
    assert_eq!((&first["price"]["amount"], &first["sku"]), (&json!("29.00"), &json!("SH-S")));
    let unknown = json!({ "id": id, "v": [{ "id": "gid://stoa/ProductVariant/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f", "price": "1.00" }] });
    refused(&office.ask(&key, &update, unknown).await, "NOT_FOUND", "variants");
    let second = &made["product"]["variants"]["nodes"][1]["id"];
    let cleared = json!({ "id": id, "v": [{ "id": second, "compareAtPrice": null }] });
    assert_eq!(
        office.ask(&key, &update, cleared).await["product"]["variants"]["nodes"][1]["compareAtPrice"],
        Value::Null
    );

    let delete = bulk("productVariantsBulkDelete", "[ID!]!", "variantsIds");
    let fewer = office.ask(&key, &delete, json!({ "id": id, "v": [small] })).await;
    assert_eq!(fewer["product"]["variants"]["nodes"].as_array().unwrap().len(), 2);
    refused(
        &office.ask(&key, &delete, json!({ "id": NOTHING, "v": [small] })).await,
        "NOT_FOUND",
        "productId",
    );
}

#[tokio::test]
async fn what_is_promised_is_not_taken_away() {
    let (office, key) = writer().await;
    let mug = office.shop.stock("Mug", 1_200, 5).await;
    office.bought(&mug, 1).await;
    let list = "{ admin { products(first: 5, query: \"Mug\") { nodes { id } } } }";
    let id = office.ask(&key, list, Value::Null).await["products"]["nodes"][0]["id"].clone();
    let delete = "mutation($id: ID!) { productDelete(id: $id) { deletedProductId userErrors { code field message } } }";
    refused(&office.ask(&key, delete, json!({ "id": id })).await, "PROMISED", "id");
    refused(&office.ask(&key, delete, json!({ "id": NOTHING })).await, "NOT_FOUND", "id");
    let cup =
        office.ask(&key, CREATE, json!({ "p": { "title": "Cup", "variants": [{ "price": "9.00" }] } })).await;
    let id = json!({ "id": cup["product"]["id"] });
    done(&office.ask(&key, delete, id.clone()).await);
    refused(&office.ask(&key, delete, id).await, "NOT_FOUND", "id");
}

#[tokio::test]
async fn a_product_that_breaks_a_rule_is_refused() {
    let (office, key) = writer().await;
    let one = json!([{ "price": "9.00" }]);
    for (product, code, field) in [
        (json!({ "title": " ", "variants": one }), "BLANK", "product"),
        (json!({ "title": "Cup", "variants": [] }), "BLANK", "product"),
        (json!({ "title": "x".repeat(1_000), "variants": one }), "TOO_LONG", "product"),
        (json!({ "title": "Cup", "variants": [{ "price": "-1.00" }] }), "INVALID", "product"),
        (json!({ "title": "Cup", "variants": [{ "price": "nine" }] }), "INVALID", "product.variants.0.price"),
        (
            json!({ "title": "Cup", "variants": [{ "price": "9.00", "imageUrl": "https://x.example/y" }] }),
            "INVALID",
            "product.variants.0.imageUrl",
        ),
        (
            json!({ "title": "Cup", "variants": [{ "price": "9.00" }, { "price": "9.00" }] }),
            "INVALID",
            "product",
        ),
    ] {
        refused(&office.ask(&key, CREATE, json!({ "p": product })).await, code, field);
    }
    refused(
        &office.ask(&key, UPDATE, json!({ "p": { "id": NOTHING, "title": "x" } })).await,
        "NOT_FOUND",
        "product.id",
    );
    refused(
        &office.ask(&key, UPDATE, json!({ "p": { "id": "gid://shopify/Product/5" } })).await,
        "NOT_FOUND",
        "product.id",
    );
}

#[tokio::test]
async fn what_rules_ask_of_goods_is_said_and_shown() {
    let (office, key) = writer().await;
    let shown =
        "giftCard taxCategoryId variants(first: 9) { nodes { id dimensions { lengthMm widthMm heightMm } } }";
    let create = format!(
        "mutation($p: ProductCreateInput!) {{ productCreate(product: $p) {{ product {{ id {shown} }} userErrors {{ code field message }} }} }}"
    );
    let update = format!(
        "mutation($p: ProductUpdateInput!) {{ productUpdate(product: $p) {{ product {{ {shown} }} userErrors {{ code field message }} }} }}"
    );
    let sized = format!(
        "mutation($id: ID!, $v: [ProductVariantUpdateInput!]!) {{ productVariantsBulkUpdate(productId: $id, variants: $v) {{ product {{ {shown} }} userErrors {{ code field message }} }} }}"
    );
    let grown = format!(
        "mutation($id: ID!, $v: [ProductVariantInput!]!) {{ productVariantsBulkCreate(productId: $id, variants: $v) {{ product {{ {shown} }} userErrors {{ code field message }} }} }}"
    );
    let sides = |length: i64| json!({ "lengthMm": length, "widthMm": 200, "heightMm": 20 });
    let mut card = shirt();
    card["giftCard"] = json!(true);
    card["variants"][1]["dimensions"] = sides(300);
    let mut odd = card.clone();
    odd["taxCategoryId"] = json!("gid://stoa/TaxCategory/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f");
    refused(&office.ask(&key, &create, json!({ "p": odd })).await, "NOT_FOUND", "product.taxCategoryId");
    let mut flat = card.clone();
    flat["variants"][0]["dimensions"] = sides(0);
    refused(&office.ask(&key, &create, json!({ "p": flat })).await, "INVALID", "product");
    let made = office.ask(&key, &create, json!({ "p": card })).await;
    let product = &made["product"];
    assert_eq!((&product["giftCard"], &product["taxCategoryId"]), (&json!(true), &Value::Null), "{made}");
    let of = |product: &Value, at: usize| product["variants"]["nodes"][at]["dimensions"].clone();
    assert_eq!((of(product, 0), of(product, 1)), (Value::Null, sides(300)));
    let (id, first) = (product["id"].clone(), product["variants"]["nodes"][0]["id"].clone());
    let large = json!([{ "price": "35", "optionValues": ["L"], "dimensions": sides(400) }]);
    let now = office.ask(&key, &grown, json!({ "id": id, "v": large })).await;
    assert_eq!(of(&now["product"], 2), sides(400), "{now}");
    let change = json!([{ "id": first, "dimensions": sides(100) }, { "id": product["variants"]["nodes"][1]["id"], "dimensions": null }]);
    let now = office.ask(&key, &sized, json!({ "id": id, "v": change })).await;
    assert_eq!((of(&now["product"], 0), of(&now["product"], 1)), (sides(100), Value::Null), "{now}");
    let now = office
        .ask(&key, &update, json!({ "p": { "id": id, "giftCard": false, "taxCategoryId": null } }))
        .await;
    assert_eq!((&now["product"]["giftCard"], of(&now["product"], 2)), (&json!(false), sides(400)), "{now}");
    let read = format!(
        "query($id: ID!) {{ admin {{ product(id: $id) {{ {shown} }} products(first: 5) {{ nodes {{ {shown} }} }} }} }}"
    );
    let both = office.ask(&key, &read, json!({ "id": id })).await;
    assert_eq!((&both["product"], &both["products"]["nodes"][0]), (&now["product"], &now["product"]));
}
