//! The stories of stock: who gets the last unit, and whether the books balance afterwards.

use super::*;
use crate::testing::{TestShop, at, units};
use std::{collections::BTreeMap, sync::Arc};
use stoa_domain::{
    catalog::StockInput,
    inventory::{
        AllocateError, Allocated, Allocation, FulfilError, SetStockError, StockCause, StockSnapshot,
    },
    shared::{IdGenerator, LocationId, VariantId},
};
use uuid::Uuid;

async fn stock(shop: &TestShop, variant: VariantId) -> StockSnapshot {
    snapshots(shop.db.read(), &[variant]).await.unwrap()[0]
}

async fn try_allocate(shop: &TestShop, demand: &[(VariantId, i64)]) -> Result<Allocated, AllocateError> {
    let tx = shop.write().await;
    let allocated = allocate(&tx, demand, &BTreeMap::new(), &TestShop::cause()).await?;
    tx.commit().await?;
    Ok(allocated)
}

async fn set(shop: &TestShop, variant: VariantId, location: LocationId, on_hand: i64) {
    let tx = shop.write().await;
    set_on_hand(&tx, (variant, location), on_hand, None, &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn books_balance(shop: &TestShop) {
    assert_eq!(discrepancies(shop.db.read()).await.unwrap(), []);
}

/// (on hand, allocated) by location, in the order of the locations given.
async fn at_locations(shop: &TestShop, variant: VariantId, locations: &[LocationId]) -> Vec<(i64, i64)> {
    let levels = levels(shop.db.read(), variant).await.unwrap();
    let at = |location| {
        levels.iter().find(|l| l.location == location).map_or((0, 0), |l| (l.on_hand, l.allocated))
    };
    locations.iter().map(|l| at(*l)).collect()
}

#[tokio::test]
async fn a_promise_lowers_what_can_be_sold_and_raises_the_version() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let before = stock(&shop, mug).await;
    assert_eq!(before.sellable, Some(5));

    let done = try_allocate(&shop, &[(mug, 2), (mug, 1)]).await.unwrap();

    assert_eq!(done.allocations, [Allocation { variant: mug, location: shop.location, quantity: 3 }]);
    assert_eq!(
        done.snapshots,
        [StockSnapshot { variant: mug, sellable: Some(2), version: before.version + 1 }]
    );
    assert_eq!(stock(&shop, mug).await, done.snapshots[0]);
    books_balance(&shop).await;
}

#[tokio::test]
async fn too_little_refuses_all_of_it() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let cup = shop.add_stocked("Cup", units(1)).await;
    let (mug_before, cup_before) = (stock(&shop, mug).await, stock(&shop, cup).await);

    let refused = try_allocate(&shop, &[(mug, 1), (cup, 1), (cup, 1)]).await.unwrap_err();

    assert!(
        matches!(refused, AllocateError::NotEnough { variant, wanted: 2, sellable: 1 } if variant == cup),
        "the demand of both lines counts: {refused:?}"
    );
    assert_eq!((stock(&shop, mug).await, stock(&shop, cup).await), (mug_before, cup_before));
    let unknown = VariantId::new(Uuid::from_u128(7));
    let gone = try_allocate(&shop, &[(mug, 1), (unknown, 1)]).await.unwrap_err();
    assert!(matches!(gone, AllocateError::UnknownVariant(v) if v == unknown));
    books_balance(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_buyers_and_fifty_units() {
    let shop = Arc::new(TestShop::open().await);
    let mug = shop.add_stocked("Mug", units(50)).await;
    let mut buyers = Vec::new();
    for n in 0..200_i64 {
        let shop = Arc::clone(&shop);
        buyers.push(tokio::spawn(async move {
            let wanted = n % 3 + 1;
            match try_allocate(&shop, &[(mug, wanted)]).await {
                Ok(done) => done.allocations.iter().map(|a| a.quantity).sum(),
                Err(AllocateError::NotEnough { sellable, .. }) => {
                    assert!(sellable < wanted);
                    0
                }
                Err(other) => panic!("{other}"),
            }
        }));
    }
    let mut sold = 0;
    for buyer in buyers {
        sold += buyer.await.unwrap();
    }
    let left = stock(&shop, mug).await.sellable.unwrap();
    assert_eq!(sold + left, 50, "nothing is sold twice and nothing is lost");
    assert_eq!(left, 0, "somebody wanted one unit to the end");
    books_balance(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_unit_has_one_owner() {
    let shop = Arc::new(TestShop::open().await);
    for round in 0..25 {
        let last = shop.add_stocked(&format!("Mug {round}"), units(1)).await;
        let race = |shop: Arc<TestShop>| {
            tokio::spawn(async move { try_allocate(&shop, &[(last, 1)]).await.is_ok() })
        };
        let (a, b) = (race(Arc::clone(&shop)), race(Arc::clone(&shop)));
        assert!(a.await.unwrap() ^ b.await.unwrap());
        assert_eq!(stock(&shop, last).await.sellable, Some(0));
    }
    books_balance(&shop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_of_the_same_variants_in_any_order_do_not_lock_each_other_out() {
    let shop = Arc::new(TestShop::open().await);
    let mug = shop.add_stocked("Mug", units(1_000)).await;
    let cup = shop.add_stocked("Cup", units(1_000)).await;
    let mut orders = Vec::new();
    for n in 0..60 {
        let shop = Arc::clone(&shop);
        let demand = if n % 2 == 0 { [(mug, 1), (cup, 1)] } else { [(cup, 1), (mug, 1)] };
        orders.push(tokio::spawn(async move {
            let done = try_allocate(&shop, &demand).await.unwrap();
            if n % 3 == 0 {
                let tx = shop.write().await;
                give_back(&tx, &done.allocations, &TestShop::cause()).await.unwrap();
                tx.commit().await.unwrap();
            }
        }));
    }
    for order in orders {
        order.await.unwrap();
    }
    assert_eq!(stock(&shop, mug).await.sellable, Some(1_000 - 40));
    assert_eq!(stock(&shop, cup).await.sellable, Some(1_000 - 40));
    books_balance(&shop).await;
}

#[tokio::test]
async fn demand_beyond_one_location_is_split_and_a_shortage_stays_where_it_is() {
    let shop = TestShop::open().await;
    let first = shop.location;
    let second = shop.add_location("Shed", 2).await;
    let third = shop.add_location("Attic", 3).await;
    let mug = shop.add_stocked("Mug", units(2)).await;
    set(&shop, mug, second, 3).await;
    set(&shop, mug, third, 4).await;

    let done = try_allocate(&shop, &[(mug, 4)]).await.unwrap();

    let parts: Vec<_> = done.allocations.iter().map(|a| (a.location, a.quantity)).collect();
    assert_eq!(parts, [(first, 2), (second, 2)]);
    let places = [first, second, third];
    assert_eq!(at_locations(&shop, mug, &places).await, [(2, 2), (3, 2), (4, 0)]);
    assert!(try_allocate(&shop, &[(mug, 6)]).await.is_err());
    assert_eq!(at_locations(&shop, mug, &places).await, [(2, 2), (3, 2), (4, 0)]);

    let tx = shop.write().await;
    give_back(&tx, &done.allocations, &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(at_locations(&shop, mug, &places).await, [(2, 0), (3, 0), (4, 0)]);
    books_balance(&shop).await;
}

#[tokio::test]
async fn units_come_from_where_the_buyer_was_told_as_long_as_they_are_there() {
    let shop = TestShop::open().await;
    let (first, second) = (shop.location, shop.add_location("Shed", 2).await);
    let third = shop.add_location("Attic", 3).await;
    let places = [first, second, third];
    let lamp = shop.add_stocked("Lamp", StockInput { backorder_limit: Some(3), ..units(2) }).await;
    set(&shop, lamp, second, 3).await;
    set(&shop, lamp, third, 4).await;
    let promise = async |units: i64, prefer: LocationId| {
        let prefer = BTreeMap::from([(lamp, prefer)]);
        let tx = shop.write().await;
        let done = allocate(&tx, &[(lamp, units)], &prefer, &TestShop::cause()).await.unwrap();
        tx.commit().await.unwrap();
        done.allocations.iter().map(|a| (a.location, a.quantity)).collect::<Vec<_>>()
    };
    assert_eq!(promise(3, third).await, [(third, 3)]);
    assert_eq!(promise(2, third).await, [(third, 1), (first, 1)], "somebody was faster: then in turn");
    let nowhere = LocationId::new(shop.ids.id());
    assert_eq!(promise(1, nowhere).await, [(first, 1)], "it is gone since");
    assert_eq!(promise(5, second).await, [(first, 2), (second, 3)], "what nobody has the first owes");
    assert_eq!(at_locations(&shop, lamp, &places).await, [(2, 4), (3, 3), (4, 4)]);
    books_balance(&shop).await;
}

#[tokio::test]
async fn untracked_stock_sells_without_limit_and_backorder_down_to_its_threshold() {
    let shop = TestShop::open().await;
    let poster = shop.add_stocked("Poster", StockInput::default()).await;
    let done = try_allocate(&shop, &[(poster, 1_000_000)]).await.unwrap();
    assert_eq!((done.allocations.len(), done.snapshots.len()), (0, 0));
    assert_eq!(stock(&shop, poster).await.sellable, None);

    let lamp = shop.add_stocked("Lamp", StockInput { backorder_limit: Some(3), ..units(2) }).await;
    assert_eq!(stock(&shop, lamp).await.sellable, Some(5));
    let done = try_allocate(&shop, &[(lamp, 5)]).await.unwrap();
    assert_eq!(done.allocations, [Allocation { variant: lamp, location: shop.location, quantity: 5 }]);
    assert!(matches!(
        try_allocate(&shop, &[(lamp, 1)]).await,
        Err(AllocateError::NotEnough { sellable: 0, .. })
    ));

    let endless = shop.add_stocked("Candle", StockInput { backorder_limit: None, ..units(0) }).await;
    assert_eq!(stock(&shop, endless).await.sellable, None);
    let done = try_allocate(&shop, &[(endless, 7)]).await.unwrap();
    assert_eq!(done.allocations[0].quantity, 7, "endless, but owed all the same");
    books_balance(&shop).await;
}

#[tokio::test]
async fn fulfilling_takes_both_counters_down_and_waits_for_what_is_not_there() {
    let shop = TestShop::open().await;
    let lamp = shop.add_stocked("Lamp", StockInput { backorder_limit: Some(3), ..units(2) }).await;
    let done = try_allocate(&shop, &[(lamp, 4)]).await.unwrap();
    let tx = shop.write().await;
    let refused = fulfil(&tx, &done.allocations, &TestShop::cause()).await.unwrap_err();
    assert!(matches!(refused, FulfilError::NotThere { on_hand: 2, .. }));
    drop(tx);
    assert_eq!(at_locations(&shop, lamp, &[shop.location]).await, [(2, 4)]);

    set(&shop, lamp, shop.location, 6).await;
    let tx = shop.write().await;
    let after = fulfil(&tx, &done.allocations, &TestShop::cause()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(after[0].sellable, Some(2 + 3));
    assert_eq!(at_locations(&shop, lamp, &[shop.location]).await, [(2, 0)]);
    books_balance(&shop).await;
}

#[tokio::test]
async fn giving_back_what_was_not_promised_is_a_fault_and_changes_nothing() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let done = try_allocate(&shop, &[(mug, 2)]).await.unwrap();
    for (round, works) in [(1, true), (2, false)] {
        let tx = shop.write().await;
        let given = give_back(&tx, &done.allocations, &TestShop::cause()).await;
        assert_eq!(given.is_ok(), works, "round {round}");
        if works {
            tx.commit().await.unwrap();
        }
    }
    assert_eq!(stock(&shop, mug).await.sellable, Some(5));
    books_balance(&shop).await;
}

#[tokio::test]
async fn a_count_respects_promises_and_stale_screens() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(10)).await;
    try_allocate(&shop, &[(mug, 4)]).await.unwrap();
    let place = (mug, shop.location);
    let version = stock(&shop, mug).await.version;
    let cause = TestShop::cause();

    let tx = shop.write().await;
    let below = set_on_hand(&tx, place, 3, None, &cause).await.unwrap_err();
    assert!(matches!(below, SetStockError::BelowAllocated { allocated: 4 }));
    let stale = set_on_hand(&tx, place, 20, Some(11), &cause).await.unwrap_err();
    assert!(matches!(stale, SetStockError::Stale { current: 10 }));
    assert!(matches!(set_on_hand(&tx, place, -1, None, &cause).await, Err(SetStockError::OutOfRange)));
    assert!(matches!(adjust(&tx, place, -11, &cause).await, Err(SetStockError::OutOfRange)));
    assert!(matches!(adjust(&tx, place, i64::MAX, &cause).await, Err(SetStockError::OutOfRange)));
    let nowhere = (mug, LocationId::new(Uuid::from_u128(9)));
    assert!(matches!(
        set_on_hand(&tx, nowhere, 1, None, &cause).await,
        Err(SetStockError::UnknownLocation(_))
    ));
    drop(tx);
    assert_eq!(stock(&shop, mug).await.version, version);

    let tx = shop.write().await;
    assert_eq!(
        set_on_hand(&tx, place, 10, Some(10), &cause).await.unwrap().version,
        version,
        "nothing changed"
    );
    assert_eq!(set_on_hand(&tx, place, 4, Some(10), &cause).await.unwrap().sellable, Some(0));
    assert_eq!(adjust(&tx, place, 2, &cause).await.unwrap().sellable, Some(2));
    assert_eq!(adjust(&tx, place, -1, &cause).await.unwrap().sellable, Some(1));
    tx.commit().await.unwrap();
    assert_eq!(stock(&shop, mug).await.version, version + 3);
    books_balance(&shop).await;
}

#[tokio::test]
async fn a_policy_cannot_break_a_promise() {
    let shop = TestShop::open().await;
    let lamp = shop.add_stocked("Lamp", StockInput { backorder_limit: Some(3), ..units(2) }).await;
    try_allocate(&shop, &[(lamp, 5)]).await.unwrap();
    let tx = shop.write().await;
    let refused = set_policy(&tx, lamp, true, Some(2), &TestShop::cause()).await.unwrap_err();
    assert!(matches!(refused, SetStockError::BelowAllocated { allocated: 5 }));
    assert_eq!(set_policy(&tx, lamp, true, None, &TestShop::cause()).await.unwrap().sellable, None);
    assert_eq!(set_policy(&tx, lamp, true, Some(4), &TestShop::cause()).await.unwrap().sellable, Some(1));
    assert_eq!(set_policy(&tx, lamp, false, Some(4), &TestShop::cause()).await.unwrap().sellable, None);
    tx.commit().await.unwrap();
    books_balance(&shop).await;
}

#[tokio::test]
async fn the_ledger_says_who_and_when_and_a_wrong_counter_is_found() {
    use crate::db::Raw;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let order = StockCause { reference: Some(Uuid::from_u128(77)), at: at(5) };
    let tx = shop.write().await;
    let done = allocate(&tx, &[(mug, 2)], &BTreeMap::new(), &order).await.unwrap();
    fulfil(&tx, &done.allocations, &order).await.unwrap();
    tx.commit().await.unwrap();

    let rows = entities::ledger::Entity::find()
        .filter(entities::ledger::Column::VariantId.eq(mug.uuid()))
        .order_by_asc(entities::ledger::Column::Id)
        .all(shop.db.read().raw())
        .await
        .unwrap();
    let told: Vec<_> =
        rows.iter().map(|r| (r.kind.as_str(), r.on_hand_delta, r.allocated_delta, r.reference)).collect();
    assert_eq!(
        told,
        [
            ("counted", 5, 0, None),
            ("allocated", 0, 2, order.reference),
            ("fulfilled", -2, -2, order.reference)
        ]
    );
    assert_eq!(rows[1].at, at(5));

    let tx = shop.write().await;
    entities::level::Entity::update_many()
        .col_expr(entities::level::Column::OnHand, Expr::value(4_i64))
        .exec(tx.raw())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let found = discrepancies(shop.db.read()).await.unwrap();
    assert_eq!(found, [Discrepancy { variant: mug, on_hand: [3, 4, 3], allocated: [0, 0, 0] }]);
}

#[tokio::test]
async fn an_order_costs_the_same_statements_however_many_variants() {
    let shop = TestShop::open().await;
    let mut variants = Vec::new();
    for n in 0..40 {
        variants.push((shop.add_stocked(&format!("Mug {n}"), units(5)).await, 1));
    }
    let mut costs = Vec::new();
    for count in [1, 2, 40] {
        let before = shop.db.statements();
        let done = try_allocate(&shop, &variants[..count]).await.unwrap();
        let allocated = shop.db.statements();
        let tx = shop.write().await;
        give_back(&tx, &done.allocations, &TestShop::cause()).await.unwrap();
        tx.commit().await.unwrap();
        costs.push((allocated - before, shop.db.statements() - allocated));
    }
    // On Postgres what need not wait for another's answer is one statement.
    let alone = shop.write().await.is_alone();
    assert_eq!(costs, [if alone { (4, 4) } else { (3, 4) }; 3]);
    books_balance(&shop).await;
}
