//! Promotions as staff make them, over HTTP: their life, their codes in bulk, and what a preview says of one.

use crate::harness::{Item, Setup, Shop, Shopper, Staff, amount_off, minor, percent_off, refusals, with};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// As many as a test makes in a moment: a hundred thousand are made in the same way, a thousand a transaction.
const CODES: usize = 5_000;

const GENERATE: &str = "mutation($id: ID!, $i: PromotionCodesGenerateInput!) { promotionCodesGenerate(promotionId: $id, input: $i) {
  batch { id wanted made prefix uses createdBy } userErrors { code field message } } }";
const BATCHES: &str =
    "query($id: ID!) { admin { promotionCodeBatches(promotionId: $id) { id wanted made prefix uses } } }";
const PREVIEW: &str = "query($c: ID!, $p: PromotionInput, $id: ID) { admin { promotionPreview(cartId: $c, promotion: $p, promotionId: $id) {
  totalBefore { amount } totalAfter { amount } applied { amount { amount } title lineId } steps { kind amount { amount } }
  promotions { applies code message amount { amount } promotion { id } } } } }";

async fn open() -> (Shop, Staff) {
    let items = [Item::new("mug", "10.00", 500), Item::new("bowl", "20.00", 500)];
    let shop = Shop::with(Setup::selling(items)).await;
    let staff = shop.merchant().await;
    (shop, staff)
}

fn switch(mutation: &str) -> String {
    format!(
        "mutation($id: ID!, $v: Int) {{ {mutation}(id: $id, version: $v) {{ promotion {{ state version }} userErrors {{ code field }} }} }}"
    )
}

/// A promotion's life: made, put into use, written anew, taken out of use, put away; what was refused has changed nothing.
#[tokio::test]
async fn a_promotion_is_made_used_changed_and_put_away() {
    let (shop, staff) = open().await;
    let id = shop.draft(&staff, percent_off("10")).await;
    let shopper = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(shopper.total().await, 1_500, "a draft does nothing");
    let on = shop.staff_does(&staff, &switch("promotionActivate"), json!({ "id": id, "v": 1 })).await;
    assert_eq!(on["promotion"], json!({ "state": "ACTIVE", "version": 2 }));
    assert_eq!(shopper.total().await, 1_400);

    // Somebody else's change is not written over: neither by a version that was read before, nor by two at once.
    let update = "mutation($id: ID!, $p: PromotionInput!, $v: Int!) { promotionUpdate(id: $id, promotion: $p, version: $v) {
      promotion { version } userErrors { code field } } }";
    let changed = async |percentage: &str, version: u32| {
        let variables = json!({ "id": id, "p": percent_off(percentage), "v": version });
        let answer = shop.ask_as(&staff, update, variables).await;
        refusals(answer.at("/promotionUpdate")).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(changed("50", 1).await, ["STALE"]);
    assert_eq!(shopper.total().await, 1_400);
    for round in 0..5 {
        // What is so already is no change: each says something that nobody has said before.
        let [left, right] = [20 + 2 * round, 21 + 2 * round];
        let [one_says, other_says] = [left, right].map(|percentage| percentage.to_string());
        let (one, other) = tokio::join!(changed(&one_says, 2 + round), changed(&other_says, 2 + round));
        assert_eq!([one, other].concat(), ["STALE"], "round {round}: one of them");
        // A percentage of 10.00 is ten times as many cents.
        let totals = [left, right].map(|percentage| 1_500 - 10 * i64::from(percentage));
        assert!(totals.contains(&shopper.total().await), "round {round}");
    }
    let too_much = percent_off("101");
    let answer = shop.ask_as(&staff, update, json!({ "id": id, "p": too_much, "v": 7 })).await;
    assert_eq!(refusals(answer.at("/promotionUpdate")).len(), 1, "{:#}", answer.body);

    let before = shopper.place_order("k").await;
    assert!(before.is_placed());
    let order = shop.priced_order(&before.token()).await;
    shop.switch(&staff, "promotionDeactivate", &id).await;
    shop.switch(&staff, "promotionArchive", &id).await;
    let again = shop.ask_as(&staff, &switch("promotionActivate"), json!({ "id": id })).await;
    assert_eq!(refusals(again.at("/promotionActivate")).len(), 1, "what is put away is put away");
    assert_eq!(shop.priced_order(&before.token()).await, order, "an order keeps what it has had");
    let later = shop.shopper_with_cart([("mug", 1)]).await;
    assert_eq!(later.total().await, 1_500);
    shop.ledgers_balance().await;
}

/// Whoever may only look, looks; whoever may not, finds nothing there; and what was done is in the log, by whom.
#[tokio::test]
async fn promotions_are_made_by_whoever_may_and_that_is_written_down() {
    let shop = Shop::with(Setup::selling([Item::new("mug", "10.00", 500)])).await;
    let owner = shop.owner("owner@example.org").await;
    let reader = shop.key(&owner, &["promotions:read"]).await;
    let writer = shop.key(&owner, &["promotions:read", "promotions:write"]).await;
    let other = shop.key(&owner, &["orders:read"]).await;
    let id = shop.promote(&writer, percent_off("10")).await;
    let read = "query($id: ID!) { admin { promotion(id: $id) { title state } } }";
    let seen = shop.ask_as(&reader, read, json!({ "id": id })).await;
    assert_eq!(seen.at("/admin/promotion"), &json!({ "title": "10 % off", "state": "ACTIVE" }));
    for (who, query) in [
        (&reader, switch("promotionArchive")),
        (&other, switch("promotionArchive")),
        (&other, read.to_owned()),
    ] {
        let answer = shop.ask_as(who, &query, json!({ "id": id })).await;
        assert!(answer.body["errors"].is_array(), "{:#}", answer.body);
    }
    let stranger = shop.endpoint.ask(read, json!({ "id": id })).await;
    assert!(
        stranger.body["errors"].is_array() && !stranger.body.to_string().contains("10 %"),
        "{:#}",
        stranger.body
    );
    assert_eq!(shop.shopper_with_cart([("mug", 1)]).await.total().await, 1_400, "it is in use still");
    let log = "{ admin { auditLog(first: 50) { nodes { action } } } }";
    let log = shop.ask_as(&owner, log, json!({})).await.at("/admin/auditLog/nodes").to_string();
    assert!(log.contains("promotion.create") && log.contains("promotion.activate"), "{log}");
    shop.ledgers_balance().await;
}

/// Every code that a file names, below its header.
async fn exported(shop: &Shop, staff: &Staff, promotion: &str) -> Vec<String> {
    let id = promotion.rsplit('/').next().expect("an id");
    let url = format!("{}/admin/promotions/{id}/codes.csv", shop.base);
    let answer = shop.endpoint.http.get(url).bearer_auth(&staff.token).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.expect("a text");
    text.lines().skip(1).map(|line| line.split(',').next().expect("a column").to_owned()).collect()
}

async fn made(shop: &Shop, staff: &Staff, promotion: &str) -> Value {
    shop.ask_as(staff, BATCHES, json!({ "id": promotion })).await.at("/admin/promotionCodeBatches").clone()
}

async fn all_made(shop: &Shop, staff: &Staff, promotion: &str) {
    shop.until("the codes are made", || async {
        made(shop, staff, promotion).await[0]["made"] == json!(CODES)
    })
    .await;
}

fn wanted(key: &str) -> Value {
    json!({ "count": CODES, "prefix": "VIP-", "length": 10, "uses": 1, "idempotencyKey": key })
}

/// Asked for three times at once with one key, and once more: so many codes, each another, each good for one order.
#[tokio::test(flavor = "multi_thread")]
async fn codes_are_made_in_bulk_once_each_for_one_order() {
    let (shop, staff) = open().await;
    let id = shop.promote(&staff, with(percent_off("10"), "method", json!("CODE"))).await;
    let asked = json!({ "id": id, "i": wanted("mailing") });
    let ask = || shop.staff_does(&staff, GENERATE, asked.clone());
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    for batch in [&b, &c] {
        assert_eq!(batch["batch"]["id"], a["batch"]["id"]);
    }
    all_made(&shop, &staff, &id).await;
    shop.run_jobs().await;
    assert_eq!(ask().await["batch"]["made"], CODES, "the same request again makes no more");
    assert_eq!(made(&shop, &staff, &id).await.as_array().map(Vec::len), Some(1));

    let codes = exported(&shop, &staff, &id).await;
    let distinct: BTreeSet<String> = codes.iter().map(|code| code.to_uppercase()).collect();
    assert_eq!((codes.len(), distinct.len()), (CODES, CODES));
    assert!(codes.iter().all(|code| code.len() == 14 && code.starts_with("VIP-")), "{:?}", &codes[..9]);

    let with_code = async |code: &str| {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        shopper.enter(&[code]).await;
        (shopper.reasons().await.remove(0), shopper)
    };
    let (why, first) = with_code(&codes[0].to_lowercase()).await;
    assert_eq!(why, Value::Null);
    assert!(first.place_order("first").await.is_placed());
    assert_eq!(with_code(&codes[0]).await.0, "DISCOUNT_USAGE_LIMIT_REACHED");
    let (why, second) = with_code(&codes[1]).await;
    assert_eq!((why, second.total().await), (Value::Null, 1_400));

    // A mailing that went to the wrong people: all of it is switched off, but what was ordered with it stays.
    let off = "mutation($id: ID!, $b: ID!) { promotionCodesDisable(promotionId: $id, batchId: $b) { disabledCodes userErrors { code } } }";
    let off = shop.staff_does(&staff, off, json!({ "id": id, "b": a["batch"]["id"] })).await;
    assert_eq!(off["disabledCodes"], CODES);
    assert_eq!(second.reasons().await, ["DISCOUNT_CURRENTLY_INACTIVE"]);
    assert_eq!(shop.uses_of(&id).await, [1, 100]);
    shop.ledgers_balance().await;
}

/// The server stops in the middle of it, and goes on where it was.
#[tokio::test]
async fn codes_that_were_being_made_when_the_server_stopped_are_made_by_the_next() {
    let (shop, staff) = open().await;
    let id = shop.promote(&staff, with(percent_off("10"), "method", json!("CODE"))).await;
    shop.staff_does(&staff, GENERATE, json!({ "id": id, "i": wanted("k") })).await;
    let Shop { app, folder, .. } = shop;
    app.stop().await.expect("everything finishes in time");
    let shop = Shop::reopen(folder).await;
    all_made(&shop, &staff, &id).await;
    let codes: BTreeSet<String> = exported(&shop, &staff, &id).await.into_iter().collect();
    assert_eq!(codes.len(), CODES);
    shop.ledgers_balance().await;
}

/// A batch that cannot be is refused, and none is made.
#[tokio::test]
async fn batches_that_cannot_be_are_refused() {
    let (shop, staff) = open().await;
    let id = shop.promote(&staff, with(percent_off("10"), "method", json!("CODE"))).await;
    for (field, value) in [
        ("count", json!(0)),
        ("count", json!(-1)),
        ("count", json!(250_001)),
        ("length", json!(7)),
        ("length", json!(33)),
        ("uses", json!(0)),
        ("prefix", json!("x".repeat(33))),
        ("idempotencyKey", json!("")),
    ] {
        let answer = shop
            .ask_as(&staff, GENERATE, json!({ "id": id, "i": with(wanted("k"), field, value.clone()) }))
            .await;
        assert_eq!(refusals(answer.at("/promotionCodesGenerate")).len(), 1, "{field} {value}");
    }
    assert_eq!(made(&shop, &staff, &id).await, json!([]));
    assert_eq!(exported(&shop, &staff, &id).await, [""; 0]);
}

async fn preview(shop: &Shop, staff: &Staff, shopper: &Shopper, variables: Value) -> Value {
    let variables = with(variables, "c", json!(shopper.cart));
    let before = shopper.priced().await;
    let seen = shop.ask_as(staff, PREVIEW, variables).await.at("/admin/promotionPreview").clone();
    let sum: i64 = seen["steps"].as_array().expect("steps").iter().map(|step| minor(&step["amount"])).sum();
    assert_eq!(sum, minor(&seen["totalAfter"]), "its steps add up: {seen:#}");
    assert_eq!(shopper.priced().await, before, "nothing has changed by looking");
    seen
}

/// What a promotion would do to a cart, before anybody has it; and why it would do nothing.
#[tokio::test]
async fn a_preview_says_what_a_promotion_does_and_why_it_does_not() {
    let (shop, staff) = open().await;
    let bowl = json!({ "variantIds": [shop.gid("bowl").await] });
    let shopper = shop.shopper_with_cart([("mug", 2)]).await;
    let seen = preview(&shop, &staff, &shopper, json!({ "p": percent_off("10") })).await;
    // 2 x 10.00 less a tenth, and 5.00.
    assert_eq!((minor(&seen["totalBefore"]), minor(&seen["totalAfter"])), (2_500, 2_300));
    assert_eq!(minor(&seen["applied"][0]["amount"]), -200);

    let conditions = |conditions: Value| with(percent_off("10"), "conditions", conditions);
    let from = |least: &str| conditions(json!({ "subtotal": { "least": { "amount": least } } }));
    for (promotion, code) in [
        (from("20.01"), "SUBTOTAL_TOO_LOW"),
        (conditions(json!({ "subtotal": { "most": { "amount": "19.99" } } })), "SUBTOTAL_TOO_HIGH"),
        (conditions(json!({ "quantity": { "least": 3 } })), "TOO_FEW"),
        (conditions(json!({ "quantity": { "most": 1 } })), "TOO_MANY"),
        (conditions(json!({ "countries": ["DE"] })), "OTHER_COUNTRY"),
        (conditions(json!({ "currencies": ["JPY"] })), "OTHER_CURRENCY"),
        (conditions(json!({ "deliveryMethods": ["express"] })), "OTHER_METHOD"),
        (with(percent_off("10"), "endsAt", json!("2020-01-01T00:00:00Z")), "OVER"),
        (with(percent_off("10"), "startsAt", json!("2099-01-01T00:00:00Z")), "NOT_BEGUN"),
        (
            with(
                percent_off("10"),
                "action",
                json!({ "percentOff": { "percentage": "10", "target": bowl } }),
            ),
            "NOTHING_ENTITLED",
        ),
        (
            with(
                percent_off("10"),
                "action",
                json!({ "buyGet": { "buy": bowl, "buyQuantity": 1, "get": { "all": true }, "getQuantity": 1 } }),
            ),
            "SET_NOT_COMPLETE",
        ),
    ] {
        let seen = preview(&shop, &staff, &shopper, json!({ "p": promotion })).await;
        let verdict = &seen["promotions"][0];
        assert_eq!((&verdict["applies"], verdict["code"].as_str()), (&json!(false), Some(code)), "{seen:#}");
        assert!(verdict["message"].as_str().is_some_and(|message| message.len() > 8), "{verdict}");
        assert_eq!((minor(&seen["totalBefore"]), minor(&seen["totalAfter"])), (2_500, 2_500), "{code}");
        assert_eq!(seen["applied"], json!([]), "{code}");
    }
    // Beside one that is in use and better: beaten; and beside one that suffers none.
    let better = with(percent_off("20"), "promotionClass", json!("PRODUCT"));
    let better = shop.promote(&staff, better).await;
    let class = |promotion| with(promotion, "promotionClass", json!("PRODUCT"));
    let verdict_of_new = |seen: &Value| {
        let verdicts = seen["promotions"].as_array().expect("verdicts");
        verdicts.iter().find(|verdict| verdict["promotion"].is_null()).expect("the new one")["code"].clone()
    };
    let seen = preview(&shop, &staff, &shopper, json!({ "p": class(percent_off("10")) })).await;
    assert_eq!((verdict_of_new(&seen), minor(&seen["totalAfter"])), (json!("BEATEN"), 2_100));
    shop.switch(&staff, "promotionArchive", &better).await;
    shop.promote(&staff, with(amount_off("15.00"), "exclusive", json!(true))).await;
    let seen = preview(&shop, &staff, &shopper, json!({ "p": class(percent_off("10")) })).await;
    // 20.00 - 15.00 + 5.00
    assert_eq!((verdict_of_new(&seen), minor(&seen["totalAfter"])), (json!("ANOTHER_EXCLUDES"), 1_000));

    // A draft that takes a code is looked at as if the code were entered; and what it says comes true.
    let coded = with(with(amount_off("16.00"), "method", json!("CODE")), "exclusive", json!(true));
    let coded = shop.draft(&staff, coded).await;
    let seen = preview(&shop, &staff, &shopper, json!({ "id": coded })).await;
    assert_eq!(minor(&seen["totalAfter"]), 900);
    shop.add_code(&staff, &coded, json!({ "code": "TRUE" })).await;
    shop.switch(&staff, "promotionActivate", &coded).await;
    shopper.enter(&["TRUE"]).await;
    assert_eq!(shopper.total().await, 900);
    assert!(shopper.place_order("k").await.is_placed());
    shop.ledgers_balance().await;
}
