//! Gift cards, store credit and what a shop has decided about money, as staff see and write them.

use crate::{
    customers::with_ada_and_owner,
    office::{Hand, Office, done, refused},
};
use serde_json::{Value, json};

const CREATE: &str = "mutation($i: GiftCardCreateInput!) { giftCardCreate(input: $i) { code
  giftCard { id kind balance { amount currencyCode } initialValue { amount } lastCharacters enabled note createdBy version customerId soldLineItemId }
  userErrors { code field message } } }";
const UPDATE: &str = "mutation($i: GiftCardUpdateInput!) { giftCardUpdate(input: $i) { giftCard { note expiresAt version } userErrors { code field message } } }";
const ADJUST: &str = "mutation($i: GiftCardAdjustInput!) { giftCardAdjust(input: $i) { giftCard { balance { amount } } userErrors { code field message } } }";
const DISABLE: &str = "mutation($id: ID!) { giftCardDisable(id: $id) { giftCard { enabled balance { amount } } userErrors { code field message } } }";
const CREDIT: &str = "mutation($i: StoreCreditAdjustInput!) { storeCreditAdjust(input: $i) { giftCard { id kind customerId lastCharacters balance { amount } } userErrors { code field message } } }";
const LEDGER: &str = "query($id: ID!) { admin { giftCardEntries(giftCardId: $id, first: 9) { nodes { kind amount { amount currencyCode } createdBy orderId refundId } } } }";
const NO_CARD: &str = "gid://stoa/GiftCard/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";
const NOBODY: &str = "gid://stoa/Customer/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f";

async fn with_key(scopes: &[&str]) -> (Office, Hand) {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (key, _) = office.key(&owner, scopes).await;
    (office, key)
}

fn euros(amount: &str) -> Value {
    json!({ "amount": amount, "currencyCode": "EUR" })
}

fn fifty(key: &str) -> Value {
    json!({ "amount": euros("50.00"), "idempotencyKey": key, "note": "for Ada" })
}

#[tokio::test]
async fn a_gift_cards_code_is_told_once_and_found_nowhere() {
    let (office, key) = with_key(&["gift_cards:read", "gift_cards:write"]).await;
    let made = office.ask(&key, CREATE, json!({ "i": fifty("one") })).await;
    done(&made);
    let code = made["code"].as_str().unwrap().to_owned();
    let card = made["giftCard"].clone();
    assert_eq!((code.len(), &card["lastCharacters"]), (19, &json!(code[15..])), "in fours");
    assert_eq!((&card["kind"], &card["enabled"]), (&json!("CARD"), &json!(true)));
    assert_eq!(card["balance"], euros("50.00"));
    assert_eq!((&card["note"], &card["version"]), (&json!("for Ada"), &json!(1)));
    let again = office.ask(&key, CREATE, json!({ "i": fifty("one") })).await;
    done(&again);
    assert_eq!((&again["code"], &again["giftCard"]), (&Value::Null, &card));
    let mut more = fifty("one");
    more["amount"] = euros("51.00");
    refused(
        &office.ask(&key, CREATE, json!({ "i": more })).await,
        "IDEMPOTENCY_KEY_REUSED",
        "input.idempotencyKey",
    );
    let found = "query($q: String) { admin { giftCards(first: 9, query: $q) { nodes { id } } } }";
    let ids = async |query: &str| {
        office.ask(&key, found, json!({ "q": query })).await["giftCards"]["nodes"].clone()
    };
    assert_eq!(ids(&format!("last:{} kind:card", &code[15..])).await, json!([{ "id": card["id"] }]));
    assert_eq!(ids("kind:credit").await, json!([]));
    let bare = code.replace('-', "");
    let whole = office.answer(&key, found, json!({ "q": bare })).await;
    assert_eq!(whole["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{whole}");
    assert!(!whole.to_string().contains(&bare), "{whole}");
    let shown = "query($id: ID!) { admin { giftCard(id: $id) { id } } }";
    assert_eq!(office.ask(&key, shown, json!({ "id": card["id"] })).await["giftCard"]["id"], card["id"]);
    assert_eq!(office.ask(&key, shown, json!({ "id": NO_CARD })).await["giftCard"], Value::Null);
}

#[tokio::test]
async fn a_gift_card_changes_within_what_can_be() {
    let (office, key) = with_key(&["gift_cards:read", "gift_cards:write"]).await;
    for (change, code, at) in [
        (json!({ "amount": euros("0") }), "INVALID", "input.amount"),
        (json!({ "amount": euros("1.234") }), "INVALID", "input.amount"),
        (json!({ "amount": { "amount": "5", "currencyCode": "JPY" } }), "CURRENCY_MISMATCH", "input.amount"),
        (json!({ "code": "SHORT" }), "CODE_TOO_SHORT", "input.code"),
        (json!({ "code": "no! card has this" }), "INVALID", "input.code"),
        (json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "INVALID", "input.expiresAt"),
        (json!({ "note": "x".repeat(5_001) }), "TOO_LONG", "input.note"),
        (json!({ "idempotencyKey": "" }), "INVALID", "input.idempotencyKey"),
    ] {
        let mut input = fifty("bad");
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        refused(&office.ask(&key, CREATE, json!({ "i": input })).await, code, at);
    }
    let mut named = fifty("two");
    named["code"] = json!("merry-2026");
    let made = office.ask(&key, CREATE, json!({ "i": named })).await;
    assert_eq!(made["code"], "MERR-Y202-6");
    named["idempotencyKey"] = json!("three");
    refused(&office.ask(&key, CREATE, json!({ "i": named })).await, "CODE_TAKEN", "input.code");

    let id = made["giftCard"]["id"].clone();
    let change = json!({ "id": id, "note": null, "expiresAt": "2099-01-01T00:00:00Z", "version": 1 });
    let changed = office.ask(&key, UPDATE, json!({ "i": change })).await;
    assert_eq!(
        changed["giftCard"],
        json!({ "note": null, "expiresAt": "2099-01-01T00:00:00Z", "version": 2 })
    );
    let stale = json!({ "id": id, "note": "again", "version": 1 });
    refused(&office.ask(&key, UPDATE, json!({ "i": stale })).await, "STALE", "input.id");
    let unknown = json!({ "id": NO_CARD, "note": "again" });
    refused(&office.ask(&key, UPDATE, json!({ "i": unknown })).await, "NOT_FOUND", "input.id");

    let adjust = async |amount: Value, key_of: &str| {
        let input = json!({ "id": id, "amount": amount, "idempotencyKey": key_of });
        office.ask(&key, ADJUST, json!({ "i": input })).await
    };
    for _ in 0..2 {
        assert_eq!(adjust(euros("-20.00"), "a").await["giftCard"]["balance"]["amount"], "30.00");
    }
    refused(&adjust(euros("-30.01"), "b").await, "NOT_ENOUGH_BALANCE", "input.amount");
    let yen = json!({ "amount": "5", "currencyCode": "JPY" });
    refused(&adjust(yen, "c").await, "CURRENCY_MISMATCH", "input.amount");
    refused(&adjust(euros("-19.00"), "a").await, "IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey");
    for _ in 0..2 {
        let off = office.ask(&key, DISABLE, json!({ "id": id })).await;
        assert_eq!(off["giftCard"], json!({ "enabled": false, "balance": { "amount": "30.00" } }));
    }
    refused(&office.ask(&key, DISABLE, json!({ "id": NO_CARD })).await, "NOT_FOUND", "id");
    let entries = office.ask(&key, LEDGER, json!({ "id": id })).await["giftCardEntries"]["nodes"].clone();
    let said: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["kind"].as_str().unwrap(), entry["amount"]["amount"].as_str().unwrap()))
        .collect();
    assert_eq!(said, [("ISSUED", "50.00"), ("ADJUSTED", "-20.00")]);
}

#[tokio::test]
async fn store_credit_is_given_and_its_owner_sees_it() {
    let (office, owner, _, ada, token) = with_ada_and_owner().await;
    let (key, _) = office.key(&owner, &["gift_cards:read", "gift_cards:write"]).await;
    let ada = json!(ada);
    let give = async |customer: &Value, amount: &str, key_of: &str| {
        let input = json!({ "customerId": customer, "amount": euros(amount), "idempotencyKey": key_of });
        office.ask(&key, CREDIT, json!({ "i": input })).await
    };
    for _ in 0..2 {
        let given = give(&ada, "12.50", "a").await;
        done(&given);
        assert_eq!(given["giftCard"]["kind"], "CREDIT");
        assert_eq!(given["giftCard"]["balance"]["amount"], "12.50");
        assert_eq!(
            (&given["giftCard"]["customerId"], &given["giftCard"]["lastCharacters"]),
            (&ada, &Value::Null)
        );
    }
    refused(&give(&ada, "-12.51", "b").await, "NOT_ENOUGH_BALANCE", "input.amount");
    refused(&give(&json!(NOBODY), "1.00", "c").await, "NOT_FOUND", "input.customerId");
    let own =
        "query($t: String!) { customer(customerAccessToken: $t) { storeCredit { amount currencyCode } } }";
    let seen = office.stranger(own, json!({ "t": token })).await;
    assert_eq!(seen["storeCredit"], json!([euros("12.50")]));
}

#[tokio::test]
async fn a_person_makes_no_gift_card_without_a_recent_proof() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let (eve, _) = office.hired(&owner, "eve@example.org", &["gift_cards:read", "gift_cards:write"]).await;
    assert_eq!(office.error(&eve, CREATE, json!({ "i": fifty("one") })).await, "STEP_UP_REQUIRED");
    let all = "{ admin { giftCards(first: 9) { nodes { id } } } }";
    assert_eq!(office.ask(&eve, all, Value::Null).await["giftCards"]["nodes"], json!([]));
}

#[tokio::test]
async fn a_shop_decides_about_money_once() {
    let (office, key) = with_key(&["taxes:read", "taxes:write"]).await;
    let shown = "{ admin { pricingSettings { taxRounding pricesIncludeTax home { countryCode } originCountries version
      inForce { taxRounding taxBasis deliveryTax groupDeliveries } } } }";
    let read = async || office.ask(&key, shown, Value::Null).await["pricingSettings"].clone();
    let first = read().await;
    assert_eq!((&first["taxRounding"], &first["version"]), (&Value::Null, &json!(0)));
    assert_eq!(first["inForce"]["taxBasis"], "DESTINATION");
    let update = "mutation($i: PricingSettingsUpdateInput!) { pricingSettingsUpdate(input: $i) {
      pricingSettings { taxRounding taxBasis originCountries taxService home { countryCode provinceCode zip city } version } userErrors { code field message } } }";
    let change = async |input: Value| office.ask(&key, update, json!({ "i": input })).await;
    refused(&change(json!({ "taxBasis": "ORIGIN" })).await, "INVALID", "input.taxBasis");
    let long = json!({ "home": { "countryCode": "US", "zip": "1".repeat(33) } });
    refused(&change(long).await, "TOO_LONG", "input.home.zip");
    let decided = json!({ "taxRounding": "TOTAL", "taxBasis": "ORIGIN", "originCountries": ["US"], "taxService": "OR_REFUSE",
      "home": { "countryCode": "US", "provinceCode": "CA" }, "version": 0 });
    let now = change(decided.clone()).await;
    done(&now);
    assert_eq!(
        now["pricingSettings"],
        json!({ "taxRounding": "TOTAL", "taxBasis": "ORIGIN", "originCountries": ["US"], "taxService": "OR_REFUSE",
          "home": { "countryCode": "US", "provinceCode": "CA", "zip": null, "city": null }, "version": 1 })
    );
    refused(&change(json!({ "taxRounding": "LINE", "version": 0 })).await, "STALE", "input.version");
    let back = change(json!({ "taxRounding": null, "version": 1 })).await;
    assert_eq!(
        (&back["pricingSettings"]["taxRounding"], &back["pricingSettings"]["version"]),
        (&Value::Null, &json!(2))
    );
    let after = read().await;
    assert_eq!(after["inForce"]["taxRounding"], first["inForce"]["taxRounding"], "as the configuration says");
    assert_eq!(after["home"]["countryCode"], "US");
}
