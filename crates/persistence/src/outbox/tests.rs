//! What is known of jobs that nobody does.

use super::*;
use crate::testing::{TestShop, at};
use stoa_domain::shared::{IdGenerator, JobId};

async fn put(shop: &TestShop, seconds: i64) {
    let job = NewJob {
        id: JobId::new(shop.ids.id()),
        kind: "of.the.future",
        payload: String::new(),
        run_at: at(seconds),
        dedup_key: None,
    };
    let tx = shop.write().await;
    assert!(enqueue(&tx, job, at(0)).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_should_have_begun_is_overdue_unless_somebody_is_at_it() {
    let shop = TestShop::open().await;
    assert_eq!(overdue(shop.db.read(), at(100)).await.unwrap(), (0, None));
    for seconds in [30, 10, 200] {
        put(&shop, seconds).await;
    }
    assert_eq!(overdue(shop.db.read(), at(100)).await.unwrap(), (2, Some(at(10))));
    let tx = shop.write().await;
    let claimed = claim(&tx, at(20), at(150), 9).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1, "the one that is due at 20");
    assert_eq!(
        overdue(shop.db.read(), at(100)).await.unwrap(),
        (1, Some(at(30))),
        "somebody is at the other"
    );
    assert_eq!(
        overdue(shop.db.read(), at(160)).await.unwrap(),
        (2, Some(at(10))),
        "whose lease is over as well"
    );

    let tx = shop.write().await;
    bury(&tx, &claimed[0], at(160), "never").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        overdue(shop.db.read(), at(160)).await.unwrap(),
        (1, Some(at(30))),
        "the dead are told elsewhere"
    );
}
