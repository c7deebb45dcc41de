//! Changes of stock at several places.

use super::*;
use crate::testing::{TestShop, units};
use std::collections::BTreeMap;
use stoa_domain::{
    catalog::StockInput,
    inventory::{Allocation, SetStockError, StockLevel},
    shared::{IdGenerator, LocationId, VariantId},
};

async fn change(shop: &TestShop, changes: &[StockChange]) -> Result<StockChanged, ChangeRefused> {
    let tx = shop.write().await;
    let changed = change_stock(&tx, changes, &TestShop::cause()).await?;
    tx.commit().await?;
    Ok(changed)
}

const fn count((variant, location): (VariantId, LocationId), units: i64) -> StockChange {
    StockChange { variant, location, to: StockTo::Count(units), compare: None }
}

const fn by((variant, location): (VariantId, LocationId), units: i64) -> StockChange {
    StockChange { variant, location, to: StockTo::By(units), compare: None }
}

async fn promise(shop: &TestShop, variant: VariantId, units: i64) -> Vec<Allocation> {
    let tx = shop.write().await;
    let done = allocate(&tx, &[(variant, units)], &BTreeMap::new(), &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    done.allocations
}

async fn at(shop: &TestShop, (variant, location): (VariantId, LocationId)) -> (i64, i64) {
    let levels = levels(shop.db.read(), variant).await.unwrap();
    let level = levels.iter().find(|level| level.location == location);
    level.map_or((0, 0), |level| (level.on_hand, level.allocated))
}

#[tokio::test]
async fn a_place_is_not_counted_below_what_it_has_promised_however_much_there_is_elsewhere() {
    let shop = TestShop::open().await;
    let shed = shop.add_location("Shed", 2).await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let (first, second) = ((mug, shop.location), (mug, shed));
    change(&shop, &[count(second, 9)]).await.unwrap();
    let owned = promise(&shop, mug, 5).await;
    for change_down in [count(first, 4), by(first, -1), count(first, 0)] {
        let refused = change(&shop, &[by(second, 1), change_down]).await.unwrap_err();
        assert!(
            matches!(refused, ChangeRefused { at: 1, error: SetStockError::BelowAllocated { allocated: 5 } }),
            "{refused:?}"
        );
    }
    assert_eq!((at(&shop, first).await, at(&shop, second).await), ((5, 5), (9, 0)), "nothing has moved");
    change(&shop, &[count(second, 0)]).await.unwrap();
    // What the orders own can still be sent.
    let tx = shop.write().await;
    fulfil(&tx, &owned, &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn as_much_may_be_missing_as_may_be_sold_beyond_the_stock_and_no_more_in_all() {
    let shop = TestShop::open().await;
    let shed = shop.add_location("Shed", 2).await;
    let lamp = shop.add_stocked("Lamp", StockInput { backorder_limit: Some(3), ..units(2) }).await;
    let (first, second) = ((lamp, shop.location), (lamp, shed));
    change(&shop, &[count(second, 4)]).await.unwrap();
    promise(&shop, lamp, 6).await;
    assert_eq!((at(&shop, first).await, at(&shop, second).await), ((2, 2), (4, 4)));
    let refused = change(&shop, &[count(second, 0)]).await.unwrap_err();
    assert!(matches!(refused.error, SetStockError::BelowAllocated { allocated: 4 }), "{refused:?}");
    // Each alone could be.
    let refused = change(&shop, &[count(first, 0), count(second, 2)]).await.unwrap_err();
    assert!(matches!(refused.error, SetStockError::BelowAllocated { allocated: 6 }), "{refused:?}");
    change(&shop, &[count(first, 0), count(second, 3)]).await.unwrap();
    assert_eq!((at(&shop, first).await, at(&shop, second).await), ((0, 2), (3, 4)));
    // Some have come in: fewer are missing than before, which is never refused.
    change(&shop, &[by(first, 1)]).await.unwrap();
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn units_are_moved_from_place_to_place_in_one_go() {
    let shop = TestShop::open().await;
    let shed = shop.add_location("Shed", 2).await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let (first, second) = ((mug, shop.location), (mug, shed));
    let version = snapshots(shop.db.read(), &[mug]).await.unwrap()[0].version;
    let changed = change(&shop, &[by(first, -2), by(second, 2)]).await.unwrap();
    let level = |location, on_hand| StockLevel { location, on_hand, allocated: 0 };
    assert_eq!(
        changed.levels,
        [(level(shop.location, 5), level(shop.location, 3)), (level(shed, 0), level(shed, 2))]
    );
    assert_eq!(
        changed.stock.iter().map(|s| (s.sellable, s.version)).collect::<Vec<_>>(),
        [(Some(5), version + 1)]
    );
    let same = change(&shop, &[count(first, 3), by(second, 0)]).await.unwrap();
    assert_eq!(same.stock[0].version, version + 1, "nothing has changed");
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn nothing_is_counted_where_there_is_no_place() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let nowhere = (mug, LocationId::new(shop.ids.id()));
    for change_there in [count(nowhere, 0), by(nowhere, 0), count(nowhere, 1)] {
        let refused = change(&shop, &[by((mug, shop.location), 1), change_there]).await.unwrap_err();
        assert!(
            matches!(refused, ChangeRefused { at: 1, error: SetStockError::UnknownLocation(_) }),
            "{refused:?}"
        );
    }
    let unknown = change(&shop, &[count((VariantId::new(shop.ids.id()), shop.location), 0)]).await;
    assert!(matches!(unknown.unwrap_err().error, SetStockError::UnknownVariant(_)));
    let twice = change(&shop, &[by((mug, shop.location), 1), by((mug, shop.location), 1)]).await;
    assert!(matches!(twice.unwrap_err().error, SetStockError::Fault(_)));
    assert_eq!(at(&shop, (mug, shop.location)).await, (5, 0));
}

#[tokio::test]
async fn a_change_of_many_places_costs_the_statements_of_a_change_of_one() {
    let shop = TestShop::open().await;
    let shed = shop.add_location("Shed", 2).await;
    let mut all = Vec::new();
    for n in 0..120 {
        let variant = shop.add_stocked(&format!("Mug {n}"), units(5)).await;
        all.push(by((variant, shop.location), -1));
        all.push(by((variant, shed), 1));
    }
    let mut costs = Vec::new();
    for changes in [&all[..2], &all[..]] {
        let before = shop.db.statements();
        change(&shop, changes).await.unwrap();
        costs.push(shop.db.statements() - before);
    }
    // The second time some levels are there already, which saves nothing: others are not.
    assert_eq!(costs[0], costs[1], "{costs:?}");
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}

#[tokio::test]
async fn a_request_is_claimed_once_and_tells_with_what() {
    let shop = TestShop::open().await;
    let (one, other) = (shop.ids.id(), shop.ids.id());
    let claim = async |id, fingerprint: &str| {
        let tx = shop.write().await;
        let known = claim_request(&tx, id, fingerprint, crate::testing::at(1)).await.unwrap();
        tx.commit().await.unwrap();
        known
    };
    assert_eq!(claim(one, "a").await, None);
    assert_eq!(claim(one, "b").await.as_deref(), Some("a"));
    assert_eq!(claim(other, "b").await, None);
    let tx = shop.write().await;
    let undone = shop.ids.id();
    assert_eq!(claim_request(&tx, undone, "a", crate::testing::at(1)).await.unwrap(), None);
    drop(tx);
    assert_eq!(claim(undone, "b").await, None, "it did not happen");
}
