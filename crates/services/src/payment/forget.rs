//! Forgetting what the gateway has told of buyers, once it is applied or never will be.

use crate::Context;
use chrono::TimeDelta;
use stoa_domain::shared::Fault;
use stoa_persistence::{Durability, db::retrying, payment};

/// How long what an event says waits for its payment to become known. The gateway's own list of events goes back a month.
const WAITS: TimeDelta = TimeDelta::days(90);
/// Events of one transaction.
const BATCH: u64 = 500;

/// Transactions of one turn: some seconds. A shop that comes from an older version has a million to forget, and a job that lasts so long is
/// taken for dead, and keeps the program from stopping.
pub(crate) const TURN: u64 = 100;

/// Takes the bodies off events that nobody will read again, in at most so many transactions. May run twice, and twice at once. False if
/// there may be more.
pub(crate) async fn forget_events(ctx: &Context, transactions: u64) -> Result<bool, Fault> {
    let (mut forgotten, mut all) = (0, false);
    for _ in 0..transactions {
        let some = retrying(|| forget_once(ctx)).await?;
        forgotten += some;
        all = some < BATCH;
        if all {
            break;
        }
    }
    if forgotten > 0 {
        tracing::info!(events = forgotten, all, "what the gateway's events said of buyers is forgotten");
    }
    Ok(all)
}

async fn forget_once(ctx: &Context) -> Result<u64, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let forgotten = payment::forget_bodies(&tx, ctx.now() - WAITS, BATCH).await?;
    tx.commit().await?;
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
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
        assert!(!forget_events(shop.ctx(), 1).await.unwrap(), "one is left");
        assert!(forget_events(shop.ctx(), 1).await.unwrap());
        let tx = shop.db.write(Durability::Relaxed).await.unwrap();
        assert_eq!(payment::forget_bodies(&tx, shop.ctx().now(), BATCH).await.unwrap(), 0, "nothing is left");
        tx.commit().await.unwrap();
    }
}
