//! Promotions and their codes, as staff see and write them.

use crate::{
    office::{Hand, Office, done, refused},
    shop::{bytes, read},
};
use serde_json::{Value, json};

const CREATE: &str = "mutation($p: PromotionInput!) { promotionCreate(promotion: $p) {
  promotion { id state version promotionClass } userErrors { code field message } } }";
const PROMOTION: &str = "query($id: ID!) { admin { promotion(id: $id) {
  title method promotionClass state priority stacks exclusive startsAt endsAt version
  limits { budget { amount currencyCode } unitsPerOrder uses usesPerCustomer }
  conditions { countries currencies customerGroupIds deliveryMethods firstOrder marketIds
    quantity { least most of { all } } subtotal { least { amount { amount } others { amount currencyCode } } most { amount { amount } } of { all tags } } }
  action { tiered { by wholeCart target { all } tiers { from percentage amount { amount { amount } } } } percentOff { percentage } } } } }";
const ADD: &str =
    "mutation($id: ID!, $c: [PromotionCodeInput!]!) { promotionCodesAdd(promotionId: $id, codes: $c) {
  codes { code uses used disabledAt batchId } userErrors { code field message } } }";
const CODES: &str = "query($id: ID!, $q: String, $after: String) { admin { promotionCodes(promotionId: $id, query: $q, first: 2, after: $after) {
  nodes { code disabledAt } pageInfo { hasNextPage endCursor } } } }";
const NOTHING: &str = "gid://stoa/Promotion/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

fn tenth() -> Value {
    json!({ "title": "Ten off", "method": "AUTOMATIC", "action": { "percentOff": { "percentage": "10", "target": { "all": true } } } })
}

async fn with_key() -> (Office, Hand, Hand) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, &["promotions:read", "promotions:write"]).await;
    (office, owner, key)
}

async fn create(office: &Office, key: &Hand, promotion: Value) -> Value {
    let made = office.ask(key, CREATE, json!({ "p": promotion })).await;
    done(&made);
    made["promotion"]["id"].clone()
}

fn switch(name: &str) -> String {
    format!(
        "mutation($id: ID!, $v: Int) {{ {name}(id: $id, version: $v) {{ promotion {{ state version }} userErrors {{ code field message }} }} }}"
    )
}

#[tokio::test]
async fn a_promotion_says_what_was_written() {
    let (office, _, key) = with_key().await;
    let written = json!({
        "title": "The more the merrier", "method": "CODE", "priority": -3, "stacks": true, "exclusive": true,
        "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-24T00:00:00Z",
        "limits": { "budget": "500.00", "uses": 100, "usesPerCustomer": 1 },
        "conditions": {
            "countries": ["DE", "AT"], "currencies": ["EUR"], "deliveryMethods": ["post"], "firstOrder": true,
            "quantity": { "least": 2, "most": 20 },
            "subtotal": { "least": { "amount": "50", "others": [{ "amount": "8000", "currencyCode": "JPY" }] }, "of": { "tags": ["SUMMER"] } },
        },
        "action": { "tiered": { "by": "SUBTOTAL", "wholeCart": true, "target": { "all": true }, "tiers": [
            { "from": "50", "percentage": "5" }, { "from": "100.00", "amount": { "amount": "12.50" } } ] } },
    });
    let id = create(&office, &key, written).await;
    let told = office.ask(&key, PROMOTION, json!({ "id": id })).await["promotion"].clone();
    assert_eq!(
        told,
        json!({
            "title": "The more the merrier", "method": "CODE", "promotionClass": "ORDER", "state": "DRAFT", "priority": -3,
            "stacks": true, "exclusive": true, "startsAt": "2026-12-01T00:00:00Z", "endsAt": "2026-12-24T00:00:00Z", "version": 1,
            "limits": { "budget": { "amount": "500.00", "currencyCode": told["limits"]["budget"]["currencyCode"] },
                "unitsPerOrder": null, "uses": 100, "usesPerCustomer": 1 },
            "conditions": {
                "countries": ["AT", "DE"], "currencies": ["EUR"], "customerGroupIds": null, "deliveryMethods": ["post"],
                "firstOrder": true, "marketIds": null, "quantity": { "least": 2, "most": 20, "of": { "all": true } },
                "subtotal": { "least": { "amount": { "amount": "50.00" }, "others": [{ "amount": "8000", "currencyCode": "JPY" }] },
                    "most": null, "of": { "all": false, "tags": ["summer"] } },
            },
            "action": { "percentOff": null, "tiered": { "by": "SUBTOTAL", "wholeCart": true, "target": { "all": true }, "tiers": [
                { "from": "50.00", "percentage": "5", "amount": null },
                { "from": "100.00", "percentage": null, "amount": { "amount": { "amount": "12.50" } } } ] } },
        })
    );
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_its_place() {
    let (office, _, key) = with_key().await;
    let with = |change: Value| {
        let mut promotion = tenth();
        for (field, value) in change.as_object().unwrap() {
            promotion[field] = value.clone();
        }
        promotion
    };
    let acting = |action: Value| with(json!({ "action": action }));
    let all = json!({ "all": true });
    for (promotion, code, field) in [
        (with(json!({ "title": " " })), "BLANK", "promotion title"),
        (with(json!({ "title": "x".repeat(256) })), "TOO_LONG", "promotion title"),
        (with(json!({ "promotionClass": "DELIVERY" })), "INVALID", "promotion promotionClass"),
        (
            with(json!({ "startsAt": "2026-12-02T00:00:00Z", "endsAt": "2026-12-01T00:00:00Z" })),
            "RANGE_REVERSED",
            "promotion endsAt",
        ),
        (with(json!({ "limits": { "uses": 0 } })), "INVALID", "promotion limits uses"),
        (
            with(json!({ "limits": { "unitsPerOrder": 9 }, "promotionClass": "ORDER" })),
            "NOTHING_TO_DO",
            "promotion limits unitsPerOrder",
        ),
        (with(json!({ "limits": { "budget": "1.234" } })), "INVALID", "promotion limits budget"),
        (
            acting(json!({ "percentOff": { "percentage": "ten", "target": all } })),
            "INVALID",
            "promotion action percentOff percentage",
        ),
        (
            acting(json!({ "percentOff": { "percentage": "0", "target": all } })),
            "NOTHING_TO_DO",
            "promotion action percentOff percentage",
        ),
        (
            acting(json!({ "percentOff": { "percentage": "10", "target": {} } })),
            "NOTHING_TO_DO",
            "promotion action percentOff target",
        ),
        (
            acting(json!({ "percentOff": { "percentage": "10", "target": { "all": true, "tags": ["x"] } } })),
            "INVALID",
            "promotion action percentOff target all",
        ),
        (
            acting(
                json!({ "percentOff": { "percentage": "10", "target": { "productIds": ["gid://stoa/Product/7"] } } }),
            ),
            "NOT_FOUND",
            "promotion action percentOff target productIds 0",
        ),
        (
            acting(
                json!({ "gift": { "variantId": "gid://stoa/ProductVariant/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f" } }),
            ),
            "NOT_FOUND",
            "promotion action gift variantId",
        ),
        (acting(json!({ "deliveryOff": {} })), "NOTHING_TO_DO", "promotion action deliveryOff"),
        (
            acting(
                json!({ "tiered": { "by": "QUANTITY", "target": all, "tiers": [{ "from": "2.5", "percentage": "5" }] } }),
            ),
            "INVALID",
            "promotion action tiered tiers 0 from",
        ),
        (
            with(json!({ "conditions": { "quantity": { "least": 3, "most": 2 } } })),
            "RANGE_REVERSED",
            "promotion conditions quantity most",
        ),
        (
            with(json!({ "conditions": { "countries": [] } })),
            "NOTHING_TO_DO",
            "promotion conditions countries",
        ),
    ] {
        let answer = office.ask(&key, CREATE, json!({ "p": promotion })).await;
        let errors = &answer["userErrors"];
        let told: Vec<&str> =
            errors[0]["field"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!((errors[0]["code"].as_str(), told.join(" ").as_str()), (Some(code), field), "{answer}");
    }
    let list = "{ admin { promotions(first: 5) { nodes { id } } } }";
    assert_eq!(office.ask(&key, list, Value::Null).await["promotions"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_promotion_is_switched_found_and_put_away() {
    let (office, _, key) = with_key().await;
    let id = create(&office, &key, tenth()).await;
    let on = switch("promotionActivate");
    let answer = office.ask(&key, &on, json!({ "id": id })).await;
    assert_eq!(answer["promotion"], json!({ "state": "ACTIVE", "version": 2 }));
    refused(
        &office.ask(&key, &switch("promotionDeactivate"), json!({ "id": id, "v": 1 })).await,
        "STALE",
        "version",
    );
    let update = "mutation($id: ID!, $p: PromotionInput!, $v: Int!) { promotionUpdate(id: $id, promotion: $p, version: $v) { promotion { title version } userErrors { code field message } } }";
    let mut winter = tenth();
    winter["title"] = json!("Winter");
    refused(&office.ask(&key, update, json!({ "id": id, "p": winter, "v": 1 })).await, "STALE", "version");
    let answer = office.ask(&key, update, json!({ "id": id, "p": winter, "v": 2 })).await;
    assert_eq!(answer["promotion"], json!({ "title": "Winter", "version": 3 }));
    let list = "query($q: String, $s: PromotionState) { admin { promotions(first: 5, query: $q, state: $s) { nodes { title } } } }";
    let found = async |query: &str, state: &str| {
        office.ask(&key, list, json!({ "q": query, "s": state })).await["promotions"]["nodes"].clone()
    };
    assert_eq!(found("WINT", "ACTIVE").await, json!([{ "title": "Winter" }]));
    assert_eq!(found("WINT", "DRAFT").await, json!([]));
    done(&office.ask(&key, &switch("promotionArchive"), json!({ "id": id })).await);
    refused(&office.ask(&key, &on, json!({ "id": id })).await, "INVALID", "id");
    refused(&office.ask(&key, &on, json!({ "id": NOTHING })).await, "NOT_FOUND", "id");
    let gone = office
        .ask(&key, "query($id: ID!) { admin { promotion(id: $id) { id } } }", json!({ "id": NOTHING }))
        .await;
    assert_eq!(gone["promotion"], Value::Null);
}

#[tokio::test]
async fn codes_are_written_found_switched_off_and_taken_out() {
    let (office, owner, key) = with_key().await;
    let mut coded = tenth();
    coded["method"] = json!("CODE");
    let id = create(&office, &key, coded.clone()).await;
    let new = json!([{ "code": "Ten", "uses": 5 }, { "code": "AUTUMN" }, { "code": "Tea" }]);
    let made = office.ask(&key, ADD, json!({ "id": id, "c": new })).await;
    assert_eq!(
        made["codes"][0],
        json!({ "code": "Ten", "uses": 5, "used": 0, "disabledAt": null, "batchId": null })
    );
    let other = create(&office, &key, coded).await;
    let taken =
        office.ask(&key, ADD, json!({ "id": other, "c": [{ "code": "x" }, { "code": "TEN" }] })).await;
    assert_eq!(taken["userErrors"][0]["code"], "CODE_TAKEN");
    assert_eq!(taken["userErrors"][0]["field"], json!(["codes", "1", "code"]));
    let page = async |query: Value, after: Value| {
        office.ask(&key, CODES, json!({ "id": id, "q": query, "after": after })).await["promotionCodes"]
            .clone()
    };
    let first = page(Value::Null, Value::Null).await;
    assert_eq!(
        first["nodes"],
        json!([{ "code": "AUTUMN", "disabledAt": null }, { "code": "Tea", "disabledAt": null }])
    );
    let rest = page(Value::Null, first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(rest["nodes"][0]["code"], "Ten");
    assert_eq!(page(json!("te"), Value::Null).await["nodes"].as_array().unwrap().len(), 2);

    let disable = "mutation($id: ID!, $c: [String!], $b: ID) { promotionCodesDisable(promotionId: $id, codes: $c, batchId: $b) { disabledCodes userErrors { code field message } } }";
    for expected in [1, 0] {
        let answer = office.ask(&key, disable, json!({ "id": id, "c": ["ten", "nothing"] })).await;
        assert_eq!(answer["disabledCodes"], expected);
    }
    refused(&office.ask(&key, disable, json!({ "id": id })).await, "INVALID", "codes");

    let generate = "mutation($id: ID!, $i: PromotionCodesGenerateInput!) { promotionCodesGenerate(promotionId: $id, input: $i) { batch { id wanted made prefix uses } userErrors { code field message } } }";
    let wanted = json!({ "count": 3, "prefix": "VIP", "idempotencyKey": "k", "uses": 1 });
    let mut asked = Vec::new();
    for _ in 0..2 {
        asked.push(office.ask(&key, generate, json!({ "id": id, "i": wanted })).await["batch"]["id"].clone());
    }
    assert_eq!(asked[0], asked[1]);
    let short = office
        .ask(&key, generate, json!({ "id": id, "i": { "count": 3, "length": 7, "idempotencyKey": "l" } }))
        .await;
    assert_eq!(short["userErrors"][0]["field"], json!(["input", "length"]));
    office.mails_to("nobody@example.org").await;
    let batches =
        "query($id: ID!) { admin { promotionCodeBatches(promotionId: $id) { id wanted made prefix uses } } }";
    let told = office.ask(&key, batches, json!({ "id": id })).await;
    assert_eq!(
        told["promotionCodeBatches"],
        json!([{ "id": asked[0], "wanted": 3, "made": 3, "prefix": "VIP", "uses": 1 }])
    );

    let uuid = id.as_str().unwrap().rsplit_once('/').unwrap().1;
    let address = format!("/admin/promotions/{uuid}/codes.csv");
    let taken = office.get(Some(&key), &address).await;
    assert_eq!(
        (taken.status().as_u16(), &taken.headers()["content-type"]),
        (200, &"text/csv; charset=utf-8".parse().unwrap())
    );
    assert_eq!(taken.headers()["cache-control"], "no-store");
    let text = String::from_utf8(bytes(taken).await).unwrap();
    assert_eq!(text.lines().count(), 7, "{text}");
    let batch = asked[0].as_str().unwrap().rsplit_once('/').unwrap().1;
    let text = bytes(office.get(Some(&key), &format!("{address}?batch={batch}")).await).await;
    assert_eq!(String::from_utf8(text).unwrap().lines().count(), 4);
    let unknown = office.get(Some(&key), &format!("{address}?batch=x")).await;
    assert_eq!(unknown.status(), 404);
    assert!(read(unknown).await.to_string().contains("no such codes"));
    let log = "{ admin { auditLog(first: 99) { nodes { action } } } }";
    let told = office.answer(&owner, log, Value::Null).await.to_string();
    assert_eq!(told.matches("promotion_codes.export").count(), 2, "{told}");
}

#[tokio::test]
async fn a_preview_says_what_would_become_of_a_cart() {
    let (office, _, key) = with_key().await;
    let mug = office.shop.stock("Mug", 1_000, 9).await;
    let cart = "mutation($l: [CartLineInput!]) { cartCreate(input: { lines: $l }) { cart { id } userErrors { message } } }";
    let made = office.stranger(cart, json!({ "l": [{ "merchandiseId": mug, "quantity": 2 }] })).await;
    let cart = made["cart"]["id"].clone();
    let preview = "query($c: ID!, $p: PromotionInput, $id: ID, $at: DateTime) { admin { promotionPreview(cartId: $c, promotion: $p, promotionId: $id, at: $at) {
      totalBefore { amount } totalAfter { amount } applied { amount { amount } title lineId } steps { kind }
      promotions { applies code message amount { amount } promotion { id } } } } }";
    let ask = async |variables: Value| office.ask(&key, preview, variables).await["promotionPreview"].clone();
    let number = |value: &Value| -> f64 { value["amount"].as_str().unwrap().parse().unwrap() };
    let seen = ask(json!({ "c": cart, "p": tenth() })).await;
    assert!(number(&seen["totalAfter"]) < number(&seen["totalBefore"]), "{seen}");
    assert_eq!(seen["applied"][0]["amount"]["amount"], "-2.00");
    assert_eq!(seen["applied"][0]["title"], "Ten off");
    assert!(seen["applied"][0]["lineId"].as_str().unwrap().contains("CartLine"));
    assert_eq!(seen["promotions"][0]["promotion"], Value::Null);
    let mut later = tenth();
    later["startsAt"] = json!("2099-01-01T00:00:00Z");
    let id = create(&office, &key, later).await;
    let seen = ask(json!({ "c": cart, "id": id })).await;
    assert_eq!(
        (&seen["promotions"][0]["code"], &seen["promotions"][0]["applies"]),
        (&json!("NOT_BEGUN"), &json!(false))
    );
    assert_eq!(seen["promotions"][0]["promotion"]["id"], id);
    assert!(seen["promotions"][0]["message"].as_str().unwrap().contains("2099"));
    let seen = ask(json!({ "c": cart, "id": id, "at": "2099-01-02T00:00:00Z" })).await;
    assert_eq!(seen["promotions"][0]["applies"], true);
    assert_eq!(ask(json!({ "c": NOTHING.replace("Promotion", "Cart"), "id": id })).await, Value::Null);
    assert_eq!(ask(json!({ "c": cart, "id": NOTHING })).await, Value::Null);
    assert_eq!(office.error(&key, preview, json!({ "c": cart })).await, "BAD_USER_INPUT");
    let mut blank = tenth();
    blank["title"] = json!("");
    let answer = office.answer(&key, preview, json!({ "c": cart, "p": blank })).await;
    assert!(answer.to_string().contains("promotion.title: It must not be empty."), "{answer}");
}
