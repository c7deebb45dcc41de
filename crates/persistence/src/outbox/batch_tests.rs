//! What a batch promises, by the example of jobs: the same on both databases.

use super::{
    entity::{ActiveModel, Column, Entity},
    queue::{NewJob, claim, done, enqueue, pending},
};
use crate::{
    Batch, Durability,
    testing::{TestShop, at},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, QueryTrait, Statement, sea_query::OnConflict,
};
use stoa_domain::shared::{IdGenerator, JobId};

fn job(shop: &TestShop, key: Option<&str>) -> NewJob {
    NewJob {
        id: JobId::new(shop.ids.id()),
        kind: "of.a.batch",
        payload: String::new(),
        run_at: at(0),
        dedup_key: key.map(str::to_owned),
    }
}

#[tokio::test]
async fn each_write_of_a_batch_tells_how_many_rows_it_has_written() {
    let shop = TestShop::open().await;
    let tx = shop.write().await;
    let before = shop.db.statements();
    assert_eq!(
        Batch::new().write(&tx).await.unwrap().rows(enqueue(&mut Batch::new(), job(&shop, None), at(0))),
        0
    );
    assert_eq!(shop.db.statements(), before, "nothing costs nothing");

    let mut batch = Batch::new();
    let (plain, keyed) =
        (enqueue(&mut batch, job(&shop, None), at(0)), enqueue(&mut batch, job(&shop, Some("k")), at(0)));
    let written = batch.write(&tx).await.unwrap();
    assert_eq!((written.rows(plain), written.rows(keyed)), (1, 1));
    assert_eq!(shop.db.statements() - before, if tx.is_alone() { 2 } else { 1 });

    let mut batch = Batch::new();
    let places = [Some("k"), None, Some("l")].map(|key| enqueue(&mut batch, job(&shop, key), at(0)));
    let written = batch.write(&tx).await.unwrap();
    assert_eq!(places.map(|place| written.rows(place)), [0, 1, 1], "one of that key waits already");
    tx.commit().await.unwrap();
    assert_eq!(pending(shop.db.read()).await.unwrap(), 4);
}

#[tokio::test]
async fn of_a_batch_all_is_written_or_nothing() {
    let shop = TestShop::open().await;
    let mut batch = Batch::new();
    enqueue(&mut batch, job(&shop, None), at(0));
    let twice = job(&shop, None);
    enqueue(&mut batch, twice.clone(), at(0));
    enqueue(&mut batch, twice, at(0));
    let tx = shop.write().await;
    assert!(batch.write(&tx).await.is_err(), "an id stands there twice");
    drop(tx);
    assert_eq!(pending(shop.db.read()).await.unwrap(), 0);
}

/// As large as an order of everything may be: more than one statement may have parameters for.
#[tokio::test]
async fn a_batch_that_is_too_large_for_one_statement_is_several() {
    const ROWS: u32 = 3_000;
    let shop = TestShop::open().await;
    let mut batch = Batch::new();
    let places = [(); 3].map(|()| {
        let rows = (0..ROWS).map(|_| ActiveModel {
            id: Set(shop.ids.id()),
            kind: Set("of.a.batch".to_owned()),
            payload: Set(String::new()),
            dedup_key: Set(None),
            run_at: Set(at(0)),
            attempts: Set(0),
            locked_until: Set(None),
            last_error: Set(None),
            dead_at: Set(None),
            created_at: Set(at(0)),
        });
        let known = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
        batch.insert(Entity::insert_many(rows).on_conflict(known).into_query())
    });
    let tx = shop.write().await;
    let written = batch.write(&tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(places.map(|place| written.rows(place)), [u64::from(ROWS); 3]);
    assert_eq!(pending(shop.db.read()).await.unwrap(), 3 * u64::from(ROWS));
}

/// What Postgres says of a commit to come: whether it waits for the disk. Nothing on SQLite.
async fn waits_for_the_disk(on: &impl crate::db::Writes) -> Option<String> {
    let connection = on.raw();
    if connection.get_database_backend() != DbBackend::Postgres {
        return None;
    }
    let row =
        connection.query_one_raw(Statement::from_string(DbBackend::Postgres, "SHOW synchronous_commit"));
    Some(row.await.unwrap().unwrap().try_get_by_index(0).unwrap())
}

#[tokio::test]
async fn a_transaction_that_claims_a_job_or_ends_one_waits_for_the_disk_all_the_same() {
    let shop = TestShop::open().await;
    let tx = shop.write().await;
    let usual = waits_for_the_disk(&tx).await;
    assert_ne!(usual.as_deref(), Some("off"));
    let mut batch = Batch::new();
    for _ in 0..3 {
        enqueue(&mut batch, job(&shop, None), at(0));
    }
    batch.write(&tx).await.unwrap();
    let claimed = claim(&tx, at(1), at(300), 1).await.unwrap();
    done(&tx, &claimed[0]).await.unwrap();
    assert_eq!(waits_for_the_disk(&tx).await, usual);
    tx.commit().await.unwrap();

    // One that stands alone does not, and leaves nothing of it behind on its connection.
    let turn = shop.db.write_one(Durability::Relaxed).await.unwrap();
    let claimed = claim(&turn, at(1), at(300), 1).await.unwrap();
    done(&turn, &claimed[0]).await.unwrap();
    assert_eq!(waits_for_the_disk(&turn).await, usual);
    assert_eq!(pending(shop.db.read()).await.unwrap(), 1);
}
