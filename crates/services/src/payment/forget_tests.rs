use super::*;
use crate::testing::TestShop;
use stoa_persistence::payment::{StoredEvent, take_event, wait};

#[tokio::test]
async fn what_is_too_much_for_one_turn_is_left_for_the_next() {
    let shop = TestShop::open().await;
    let old = shop.ctx().now() - WAITS - TimeDelta::days(1);
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    for n in 0..=BATCH {
        let event = StoredEvent {
            id: format!("evt_{n}"),
            gateway: "test".to_owned(),
            kind: "payment_intent.succeeded".to_owned(),
            intent: None,
            body: "Ada".to_owned(),
            occurred_at: old,
            received_at: old,
        };
        assert!(take_event(&tx, &event, old).await.unwrap());
        wait(&tx, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(!forget_events(shop.ctx(), &mut Turn::of(1)).await.unwrap(), "one is left");
    assert!(forget_events(shop.ctx(), &mut Turn::of(1)).await.unwrap());
    let tx = shop.db.write(Durability::Relaxed).await.unwrap();
    assert_eq!(payment::forget_bodies(&tx, shop.ctx().now(), BATCH).await.unwrap(), 0, "nothing is left");
    tx.commit().await.unwrap();
}
