//! Which changes are told, on both databases.

use super::*;
use crate::{
    Db, WriteTx,
    inventory::{adjust, allocate, counters, give_back, set_policy},
    testing::{TestShop, units},
};
use std::{collections::BTreeMap, time::Duration};

/// Somebody who asks again and again.
struct Reader<'d> {
    db: &'d Db,
    position: Option<StockPosition>,
}

impl<'d> Reader<'d> {
    /// One who knows what has changed from now on.
    async fn of(db: &'d Db) -> Self {
        let mut reader = Self { db, position: None };
        assert_eq!(reader.look().await, Changed::Unknown, "nothing is known at first");
        reader.until_it_is_known().await;
        reader
    }

    async fn look(&mut self) -> Changed {
        let changes = stock_changes(self.db, self.position.as_ref()).await.unwrap().unwrap();
        self.position = Some(changes.position);
        changes.variants
    }

    async fn told(&mut self) -> Vec<VariantId> {
        match self.look().await {
            Changed::These(variants) => variants,
            Changed::Unknown => panic!("something is known"),
        }
    }

    /// On Postgres those must end who write at the moment, in whichever test.
    async fn until_it_is_known(&mut self) {
        for _ in 0..1_200 {
            if let Changed::These(_) = self.look().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("nobody ever knows what has changed");
    }
}

fn is_sqlite(db: &Db) -> bool {
    db.read().raw().get_database_backend() == DbBackend::Sqlite
}

async fn change(tx: &WriteTx, shop: &TestShop, variant: VariantId) {
    adjust(tx, (variant, shop.location), 1, &TestShop::cause()).await.unwrap();
}

#[tokio::test]
async fn whatever_changes_stock_is_told_once() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let cup = shop.add_stocked("Cup", units(5)).await;
    let mut reader = Reader::of(&shop.db).await;
    let cause = TestShop::cause();
    let tx = shop.write().await;
    let allocated = allocate(&tx, &[(mug, 1)], &BTreeMap::new(), &cause).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reader.told().await, [mug]);
    assert_eq!(reader.told().await, [], "told once");

    let tx = shop.write().await;
    give_back(&tx, &allocated.allocations, &cause).await.unwrap();
    change(&tx, &shop, cup).await;
    set_policy(&tx, cup, true, Some(9), &cause).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reader.told().await, [mug, cup], "each once");
    let tx = shop.write().await;
    set_policy(&tx, mug, false, None, &cause).await.unwrap();
    drop(tx);
    for _ in 0..5 {
        assert_eq!(reader.told().await, [], "it did not happen");
    }
}

#[tokio::test]
async fn a_look_is_one_statement() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let mut reader = Reader::of(&shop.db).await;
    for changes in [0, 1, 2] {
        for _ in 0..changes {
            let tx = shop.write().await;
            change(&tx, &shop, mug).await;
            tx.commit().await.unwrap();
        }
        let before = shop.db.statements();
        assert_eq!(reader.told().await.len(), usize::from(changes > 0));
        assert_eq!(shop.db.statements() - before, 1);
    }
}

/// Whoever draws the lower number may commit it later, whoever of the two began first; meanwhile a third goes on.
#[tokio::test]
async fn entries_that_are_committed_in_another_order_are_all_told_on_postgres() {
    let shop = TestShop::open().await;
    let [mug, cup, jug] = [
        shop.add_stocked("Mug", units(5)).await,
        shop.add_stocked("Cup", units(5)).await,
        shop.add_stocked("Jug", units(5)).await,
    ];
    let mut reader = Reader::of(&shop.db).await;
    for late_is_first in [true, false, true, false] {
        let (late, early) = (shop.write().await, shop.write().await);
        // Who has the lower transaction number.
        let (first, its) = if late_is_first { (&late, mug) } else { (&early, cup) };
        counters::lock(first.raw(), std::iter::once(its)).await.unwrap();
        change(&late, &shop, mug).await;
        change(&early, &shop, cup).await;
        early.commit().await.unwrap();
        assert_eq!(reader.told().await, [cup]);
        for _ in 0..3 {
            assert_eq!(reader.told().await, [], "told already");
        }
        let other = shop.write().await;
        change(&other, &shop, jug).await;
        other.commit().await.unwrap();
        assert_eq!(reader.told().await, [jug]);
        assert_eq!(reader.told().await, []);
        late.commit().await.unwrap();
        assert_eq!(reader.told().await, [mug], "though its number is lower than what was told");
        assert_eq!(reader.told().await, []);
    }
}

/// Somebody who writes for long keeps entries from being settled. Those that were told are remembered, but not without end.
#[tokio::test]
async fn what_is_remembered_has_a_bound() {
    let shop = TestShop::open().await;
    let mug = shop.add_stocked("Mug", units(5)).await;
    let cup = shop.add_stocked("Cup", units(5)).await;
    let mut reader = Reader::of(&shop.db).await;
    // SQLite would have no second writer.
    let long = if is_sqlite(&shop.db) { None } else { Some(shop.write().await) };
    if let Some(long) = &long {
        change(long, &shop, cup).await;
    }
    let parts = if long.is_some() { vec![TOO_MANY / 2; 2] } else { vec![TOO_MANY] };
    for (n, part) in parts.iter().enumerate() {
        let tx = shop.write().await;
        change(&tx, &shop, mug).await;
        repeat_last_entry(&tx, *part).await;
        tx.commit().await.unwrap();
        if n + 1 < parts.len() {
            assert_eq!(reader.told().await, [mug]);
        }
    }
    assert_eq!(reader.look().await, Changed::Unknown, "too much");
    if let Some(long) = long {
        assert_eq!(reader.look().await, Changed::Unknown, "what it will commit has a lower number");
        long.commit().await.unwrap();
    }
    reader.until_it_is_known().await;
    let tx = shop.write().await;
    change(&tx, &shop, cup).await;
    tx.commit().await.unwrap();
    assert_eq!(reader.told().await, [cup], "it goes on as before");
}

/// Writes the last entry again, so many times.
async fn repeat_last_entry(tx: &WriteTx, times: u64) {
    let columns = "variant_id, location_id, kind, on_hand_delta, allocated_delta, at";
    let sql = format!(
        "INSERT INTO inventory_ledger ({columns}) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) \
         SELECT {columns} FROM n, (SELECT * FROM inventory_ledger ORDER BY id DESC LIMIT 1) AS last"
    );
    tx.raw().execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn with_a_replica_nobody_knows_on_postgres() {
    let mut config = crate::testing::new_postgres_schema().await;
    let crate::DbTarget::Postgres(url) = &config.target else { panic!("a Postgres") };
    config.postgres.replica = Some(url.clone());
    let db = Db::connect(&config).await.unwrap();
    db.migrate().await.unwrap();
    assert_eq!(stock_changes(&db, None).await.unwrap(), None);
}
