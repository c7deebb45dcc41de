//! What must be so when there was little of something, and all of it is sold.

use crate::harness::{Shop, Stock};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// Every order is paid, the stock is exact to the unit, and the doctor finds nothing at any instance. The first has the sandbox.
pub(crate) async fn sold_out(shops: &[Shop], handle: &str, units: i64, sold: &BTreeSet<String>) {
    assert_eq!(i64::try_from(sold.len()), Ok(units), "everything is sold, and nothing twice");
    let shop = &shops[0];
    shop.settle().await;
    for shop in shops {
        shop.clock.advance(TimeDelta::minutes(20));
    }
    // Payments whose webhooks were given up are found by reconciliation, and holds without a cart end by themselves.
    shop.app.services().reconcile.run().await.expect("SQL answers");
    shop.settle().await;
    for id in sold {
        let id = id.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an order's id");
        assert!(shop.is_paid(id).await, "{:?}", shop.order(id).await);
    }
    assert_eq!(shop.stock(handle).await, Stock { on_hand: units, allocated: units });
    for shop in shops {
        shop.books_balance_with_the_gateway().await;
    }
}
