//! What is kept of a gateway's events, and for how long.

use super::{entities::gateway_events as rows, *};
use crate::testing::{TestShop, at};
use sea_orm::{ActiveValue::Set, EntityTrait};
use stoa_domain::shared::Timestamp;

fn event(id: &str, received_at: Timestamp) -> StoredEvent {
    StoredEvent {
        id: id.to_owned(),
        gateway: "test".to_owned(),
        kind: "payment_intent.payment_failed".to_owned(),
        intent: Some("pi_1".to_owned()),
        body: format!(r#"{{"id":"{id}","billing_details":{{"name":"Countess Byron"}}}}"#),
        occurred_at: received_at,
        received_at,
    }
}

impl TestShop {
    async fn take(&self, event: &StoredEvent) -> bool {
        self.tx(async |tx| take_event(tx, event, at(50)).await).await
    }

    /// It is taken, and turns out to be too early.
    async fn put_to_wait(&self, event: &StoredEvent) {
        self.tx(async |tx| {
            assert!(take_event(tx, event, at(50)).await?);
            wait(tx, event).await
        })
        .await;
    }

    async fn early(&self) -> Vec<StoredEvent> {
        early_events(self.db.read(), "test", "pi_1").await.unwrap()
    }

    async fn says_who(&self) -> bool {
        self.dump(&["gateway_events"]).await.contains("Byron")
    }

    async fn forget(&self, waited: Timestamp) -> u64 {
        self.tx(async |tx| forget_bodies(tx, waited, 100).await).await
    }
}

#[tokio::test]
async fn an_event_says_who_for_as_long_as_it_waits() {
    let shop = TestShop::open().await;
    let applied = event("evt_1", at(1));
    assert!(shop.take(&applied).await);
    assert!(!shop.says_who().await, "it was applied as it came");
    assert!(!shop.take(&applied).await, "and is known by its name");

    let early = event("evt_2", at(2));
    shop.put_to_wait(&early).await;
    assert_eq!(shop.early().await, std::slice::from_ref(&early), "byte for byte");
    // Its payment is known, and the event does not tell enough: it waits once more.
    shop.put_to_wait(&early).await;
    assert_eq!(shop.early().await, std::slice::from_ref(&early));
    assert!(shop.take(&early).await);
    assert!(!shop.says_who().await && shop.early().await.is_empty());
    assert!(!shop.take(&early).await);

    let third = event("evt_3", at(3));
    shop.put_to_wait(&third).await;
    shop.tx(async |tx| mark_applied(tx, "evt_3", at(60)).await).await;
    assert!(!shop.says_who().await);
    assert!(!shop.take(&third).await);
    assert_eq!(shop.forget(at(99)).await, 0, "nothing is left to be forgotten");
}

#[tokio::test]
async fn what_nobody_will_read_again_is_forgotten() {
    let shop = TestShop::open().await;
    // As a version that kept everything has left it.
    let left = rows::ActiveModel {
        id: Set("evt_old".to_owned()),
        gateway: Set("test".to_owned()),
        kind: Set("charge.succeeded".to_owned()),
        intent: Set(Some("pi_1".to_owned())),
        state: Set("applied".to_owned()),
        body: Set(event("evt_old", at(0)).body),
        occurred_at: Set(at(70)),
        received_at: Set(at(70)),
        applied_at: Set(Some(at(71))),
    };
    shop.tx(async |tx| {
        let written =
            rows::Entity::insert(left.clone()).exec_without_returning(crate::db::Raw::raw(tx)).await;
        assert_eq!(written.unwrap(), 1);
        Ok(())
    })
    .await;
    let (stranger, young) = (event("evt_2", at(2)), event("evt_3", at(40)));
    for waiting in [&stranger, &young] {
        shop.put_to_wait(waiting).await;
    }
    assert_eq!(shop.forget(at(2)).await, 1, "what was applied");
    assert_eq!(shop.early().await, [stranger.clone(), young.clone()]);
    assert_eq!(shop.forget(at(3)).await, 1, "and what has waited for too long");
    assert_eq!(shop.forget(at(3)).await, 0);
    assert_eq!(
        shop.early().await,
        std::slice::from_ref(&young),
        "nothing is left of the other that could be applied"
    );
    let waiting = waiting_events(shop.db.read(), 9).await.unwrap();
    assert_eq!(waiting, [young, StoredEvent { body: String::new(), ..stranger.clone() }]);
    // It comes once more, by hand, and is taken as it is now.
    assert!(shop.take(&stranger).await);
}
