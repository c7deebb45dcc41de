//! What promotions cost in statements: nothing where there are none, and the same however many lines there are.

use super::shop;
use crate::harness::{Item, Setup, Shop, Shopper, Staff, amount_off, minor, percent_off, with};
use serde_json::{Value, json};

/// What the server does by the clock, such as looking for jobs or at the catalogue, falls into one step or another, on a slow machine into every
/// one. It is less than what ten lines would cost if each cost a statement.
const BY_THE_CLOCK: u64 = 3;

async fn cost<T>(shop: &Shop, work: impl Future<Output = T>) -> (u64, T) {
    let before = shop.db().statements();
    let done = work.await;
    (shop.db().statements() - before, done)
}

/// What a line more, a look and an order cost at least.
async fn purchases(shop: &Shop, key: &str) -> [u64; 3] {
    let mut least = [u64::MAX; 3];
    let bowl = shop.gid("bowl").await;
    for n in 0..5 {
        let shopper = shop.shopper_with_cart([("mug", 1)]).await;
        let (added, answer) = cost(shop, shopper.add(&bowl, 1)).await;
        assert_eq!(answer.at("/cartLinesAdd/cart/totalQuantity"), 2);
        let (read, _) = cost(shop, shopper.read_cart()).await;
        let (ordered, placed) = cost(shop, shopper.place_order(&format!("{key} {n}"))).await;
        assert_eq!(placed.answer.at("/orderPlace/order/totalPrice/amount"), "35.00");
        for (least, cost) in least.iter_mut().zip([added, read, ordered]) {
            *least = cost.min(*least);
        }
    }
    least
}

/// A shop that has never had a rule; and the same once it has had one that it has put away: neither writes what an order has nothing of.
#[tokio::test]
async fn a_shop_without_rules_costs_what_it_did() {
    let (shop, staff) = shop().await;
    let before = purchases(&shop, "before").await;
    let rows = async || {
        let dump = shop.dump().await;
        let tables = [
            "promotion_uses: ",
            "order_pricing: ",
            "order_taxes: ",
            "order_deliveries: ",
            "promotion_counters: ",
        ];
        tables.map(|table| dump.lines().filter(|line| line.starts_with(table)).count())
    };
    assert_eq!(rows().await, [0; 5], "of orders without promotions nothing more is kept");

    let id = shop.promote(&staff, amount_off("1.00")).await;
    shop.switch(&staff, "promotionArchive", &id).await;
    let after = purchases(&shop, "after").await;
    for (before, after) in before.into_iter().zip(after) {
        assert!(after <= before + BY_THE_CLOCK, "{before} and then {after}");
    }
    assert_eq!(rows().await, [0; 5]);
    // One rule that asks for nothing but prices: no statement before the order, and in the order what it has taken.
    shop.promote(
        &staff,
        with(amount_off("1.00"), "conditions", json!({ "subtotal": { "least": { "amount": "999" } } })),
    )
    .await;
    let idle = purchases(&shop, "idle").await;
    for (before, idle) in before.into_iter().zip(idle) {
        assert!(idle <= before + BY_THE_CLOCK, "{before}, and with a rule that does not apply {idle}");
    }
    shop.ledgers_balance().await;
}

/// Rules of every kind that asks something of the database: codes, limits, who buys, tags, collections.
async fn rules_that_ask(shop: &Shop, staff: &Staff) {
    for n in 0..10 {
        let each = with(
            percent_off(&format!("{}", n + 1)),
            "limits",
            json!({ "uses": 1_000, "usesPerCustomer": 100 }),
        );
        shop.promote(staff, with(each, "stacks", json!(n % 2 == 0))).await;
    }
    let tagged = json!({ "percentOff": { "percentage": "3", "target": { "tags": ["red"] } } });
    shop.promote(staff, with(percent_off("3"), "action", tagged)).await;
    shop.promote(staff, with(percent_off("2"), "conditions", json!({ "firstOrder": true }))).await;
    shop.promote_by_code(staff, "TEN", with(amount_off("10.00"), "limits", json!({ "budget": "500.00" })))
        .await;
}

async fn full_cart(shop: &Shop, lines: u32) -> Shopper {
    let mug = shop.gid("mug").await;
    let shopper = shop.shopper_with_cart([("bowl", 1)]).await;
    let engraved = |n: u32| json!({ "merchandiseId": mug, "quantity": 1, "attributes": [{ "key": "n", "value": n.to_string() }] });
    for begin in (1..lines).step_by(250) {
        let batch: Vec<Value> = (begin..lines.min(begin + 250)).map(engraved).collect();
        assert_eq!(shopper.add_lines(json!(batch)).await.at("/cartLinesAdd/userErrors"), &json!([]));
    }
    shopper.enter(&["TEN", "NONE"]).await;
    shopper
}

#[tokio::test]
async fn adding_a_line_costs_the_same_with_500() {
    let shop =
        Shop::with(Setup::selling([Item::new("mug", "10.00", 10_000), Item::new("bowl", "20.00", 500)]))
            .await;
    let staff = shop.merchant().await;
    rules_that_ask(&shop, &staff).await;
    let mug = shop.gid("mug").await;
    let mut costs = Vec::new();
    for lines in [1, 496] {
        let shopper = full_cart(&shop, lines).await;
        let (mut adding, mut reading) = (u64::MAX, u64::MAX);
        for n in 0..4_u32 {
            let line = json!([{ "merchandiseId": mug, "quantity": 1, "attributes": [{ "key": "more", "value": n.to_string() }] }]);
            let (added, answer) = cost(&shop, shopper.add_lines(line)).await;
            assert_eq!(answer.at("/cartLinesAdd/cart/totalQuantity"), lines + n + 1);
            let (read, _) = cost(&shop, shopper.priced()).await;
            (adding, reading) = (added.min(adding), read.min(reading));
        }
        let before = shopper.total().await;
        let (ordered, placed) = cost(&shop, shopper.place_order(&format!("{lines} lines"))).await;
        assert_eq!(placed.refusals(), [""; 0]);
        assert_eq!(minor(&placed.answer.at("/orderPlace/order")["totalPrice"]), before);
        costs.push([adding, reading, ordered]);
    }
    let [small, large] = [costs[0], costs[1]];
    for (what, (small, large)) in
        ["a line more", "a look", "the order"].into_iter().zip(small.into_iter().zip(large))
    {
        // An order's lines are written by as many rows a statement as the database takes.
        let by_rows = if what == "the order" { 12 } else { 0 };
        assert!(large <= small + BY_THE_CLOCK + by_rows, "{what}: {small} with one line, {large} with 500");
    }
    assert!(small[2] > 5, "it is counted: {small:?}");
    shop.ledgers_balance().await;
}
