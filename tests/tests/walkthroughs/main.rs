//! The walkthroughs of docs/architecture.md say how many SQL statements each step costs; here they are counted.
//!
//! Beside the requests the server looks now and then whether the catalogue has changed and whether a job is due, a statement
//! each time, so every step is taken several times and its least cost counts.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails by panicking")]

mod shop;

use shop::Shop;
use std::{collections::BTreeMap, time::Duration};

/// After this time somebody must ask what stock has changed before any is shown.
const STOCK_IS_OLD: Duration = Duration::from_millis(1_100);

#[tokio::test]
async fn a_product_page_costs_one_statement_cold_and_none_warm() {
    let shop = Shop::open().await;
    // The first request of all also asks for the catalogue's version.
    shop.product_page("side-plate").await;
    let mut cold = Vec::new();
    for handle in ["harbour-mug", "espresso-cup", "breakfast-bowl", "serving-bowl", "milk-jug"] {
        cold.push(shop.cost(shop.product_page(handle)).await);
    }
    assert_eq!(cold.iter().min(), Some(&1), "the product as one document, with its stock: {cold:?}");

    let (mut warm, mut old) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        shop.product_page("milk-jug").await;
        warm.push(shop.cost(shop.product_page("milk-jug")).await);
        tokio::time::sleep(STOCK_IS_OLD).await;
        old.push(shop.cost(shop.product_page("milk-jug")).await);
    }
    assert_eq!(warm.iter().min(), Some(&0), "{warm:?}");
    assert_eq!(old.iter().min(), Some(&2), "what stock has changed, who holds what: {old:?}");
}

/// Several purchases, and the least that a step of them cost.
struct Purchases(Vec<BTreeMap<&'static str, u64>>);

impl Purchases {
    async fn of(shop: &Shop) -> Self {
        let mut purchases = Vec::new();
        for _ in 0..6 {
            purchases.push(shop.purchase(&[]).await);
        }
        let waiting = shop.jobs_waiting().await;
        assert_eq!(waiting, 6 + 5, "every mail is written; the orders' expiry and what comes again wait");
        Self(purchases)
    }

    fn least(&self, step: &str) -> u64 {
        let costs = self.0.iter().filter_map(|costs| costs.get(step)).min();
        *costs.unwrap_or_else(|| panic!("no step {step}"))
    }
}

/// What every step of a purchase costs at least, with so many lines.
async fn costs(shop: &Shop, lines: usize) -> BTreeMap<&'static str, u64> {
    // The first of all is what the purchase begins with.
    let goods = shop.goods().await;
    let beside = &goods[goods.len() + 1 - lines..];
    let mut least: BTreeMap<&'static str, u64> = BTreeMap::new();
    for _ in 0..4 {
        for (step, cost) in shop.purchase(beside).await {
            least.entry(step).and_modify(|known| *known = cost.min(*known)).or_insert(cost);
        }
    }
    least
}

/// What the server does by the clock, such as looking for jobs or asking what stock has changed, falls into one step or another, on a
/// slow machine into every one. It is less than what ten lines would cost if each cost a statement.
const BY_THE_CLOCK: u64 = 3;

/// Ten lines more cost no statement more; the second may cost one where its product's sales are locked in order.
async fn lines_add_no_statements(shop: &Shop) {
    let [one, two, twelve] = [costs(shop, 1).await, costs(shop, 2).await, costs(shop, 12).await];
    for (step, cost) in &two {
        assert!(twelve[step] <= cost + BY_THE_CLOCK, "{step}: {two:#?} {twelve:#?}");
        assert!(*cost <= one[step] + BY_THE_CLOCK, "{step}: {one:#?} {two:#?}");
    }
    assert!(twelve["Step6_PlaceOrder"] > 5, "it is counted: {twelve:#?}");
}

#[tokio::test]
async fn lines_add_no_statements_to_a_purchase() {
    lines_add_no_statements(&Shop::open().await).await;
}

#[tokio::test]
async fn lines_add_no_statements_to_a_purchase_with_carts_on_redis() {
    lines_add_no_statements(&Shop::open_on_servers().await).await;
}

/// With carts in Redis all that is asked of Postgres before the order is placed is the stock of what is in the cart.
#[tokio::test]
async fn a_purchase_costs_half_as_much_of_postgres_with_carts_on_redis() {
    let shop = Shop::open_on_servers().await;
    let purchases = Purchases::of(&shop).await;
    let (least, all) = (|step| purchases.least(step), &purchases.0);
    for step in ["Step3_IdentifyBuyer", "Step4_AddAddress", "Step5_ChooseDelivery"] {
        assert_eq!(least(step), 1, "{step}: {all:#?}");
    }
    assert_eq!(least("Step6_PlaceOrder"), 9, "{all:#?}");
    // The event 6, the mail's job 3, and looks for jobs, each of which is a claim.
    assert!((9..=11).contains(&least("paid and confirmed")), "{all:#?}");
    assert_eq!(least("Step7_SeeOrder"), 2, "the order with its lines, its payment: {all:#?}");
}

#[tokio::test]
async fn a_purchase_costs_what_the_walkthrough_says() {
    let shop = Shop::open().await;
    let purchases = Purchases::of(&shop).await;
    let (least, purchases) = (|step| purchases.least(step), &purchases.0);
    // A cart is shown with what else can be had of its goods; where that is old it is read anew.
    assert!((2..=5).contains(&least("Step2_CreateCart")), "{purchases:#?}");
    for step in ["Step3_IdentifyBuyer", "Step4_AddAddress", "Step5_ChooseDelivery"] {
        assert_eq!(least(step), 1, "{step}: {purchases:#?}");
    }
    assert_eq!(least("Step6_PlaceOrder"), 20, "{purchases:#?}");
    // The event 9, the mail's job 4 with the look that finds it; and a look afterwards.
    assert!((13..=15).contains(&least("paid and confirmed")), "{purchases:#?}");
    assert_eq!(least("Step7_SeeOrder"), 2, "the order with its lines, its payment: {purchases:#?}");
}
