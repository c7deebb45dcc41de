//! The largest order a cart can become, spread as widely as stock can be.

use super::*;
use crate::testing::{TestShop, units};
use std::collections::BTreeMap;

/// 500 lines, each from three locations: 1,500 levels, more than SQLite takes in one chain of conditions.
#[tokio::test]
async fn the_largest_order_is_promised_and_given_back() {
    const LINES: usize = 500;
    let shop = TestShop::open().await;
    let elsewhere = [shop.add_location("Shed", 2).await, shop.add_location("Attic", 3).await];
    let mut demand = Vec::with_capacity(LINES);
    for line in 0..LINES {
        demand.push((shop.add_stocked(&format!("Mug {line}"), units(1)).await, 3));
    }
    let tx = shop.write().await;
    for (variant, _) in &demand {
        for location in elsewhere {
            set_on_hand(&tx, (*variant, location), 1, None, &TestShop::cause()).await.unwrap();
        }
    }
    tx.commit().await.unwrap();

    let tx = shop.write().await;
    let done = allocate(&tx, &demand, &BTreeMap::new(), &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(done.allocations.len(), 3 * LINES);

    let tx = shop.write().await;
    let back = give_back(&tx, &done.allocations, &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(back.len() == LINES && back.iter().all(|stock| stock.sellable == Some(3)));
    for (variant, _) in [demand[0], demand[LINES - 1]] {
        let levels = levels(shop.db.read(), variant).await.unwrap();
        assert!(levels.iter().all(|level| (level.on_hand, level.allocated) == (1, 0)), "{levels:?}");
    }
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}
