//! Two instances whose clocks are two minutes apart, under a load of purchases; each request reaches the other one.

use crate::{
    harness::{Load, goods},
    report,
    sizes::Size,
};
use chrono::TimeDelta;

const BUYERS: usize = 8;
const ORDERS: u64 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn clocks_are_two_minutes_apart_on_postgres() {
    skewed(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_are_two_minutes_apart_on_redis() {
    skewed(Size::Redis).await;
}

async fn skewed(size: Size) {
    let ahead = size.shop(goods()).await;
    let behind = size.beside(&ahead).await;
    ahead.clock.advance(TimeDelta::minutes(2));
    let load = Load::across(&[&ahead, &behind], BUYERS).await;
    load.go_on(ORDERS / 2).await;
    // And the other way round: what was old is new.
    behind.clock.advance(TimeDelta::minutes(4));
    load.go_on(ORDERS / 2).await;
    let tally = load.end().await;
    ahead.all_is_well_after(&tally).await;
    behind.books_balance_with_the_gateway().await;
    report(
        &format!("clocks two minutes apart, {}", size.name()),
        &format!(
            "2 instances, each ahead of the other for a while, under {BUYERS} buyers; {} orders placed and paid, none lost or doubled; {} \
             requests repeated",
            tally.orders.len(),
            tally.repeats,
        ),
    );
    behind.app.stop().await.expect("everything finishes in time");
    ahead.app.stop().await.expect("everything finishes in time");
}
