//! Forgetting what the gateway has told of buyers, once it is applied or never will be.

use crate::Context;
use chrono::TimeDelta;
use stoa_domain::shared::Fault;
use stoa_persistence::{Durability, db::retrying, payment};

/// How long what an event says waits for its payment to become known. The gateway's own list of events goes back a month.
const WAITS: TimeDelta = TimeDelta::days(90);
/// Events of one transaction.
const BATCH: u64 = 500;

/// Takes the bodies off events that nobody will read again. May run twice, and twice at once.
pub(crate) async fn forget_events(ctx: &Context) -> Result<(), Fault> {
    let mut forgotten = 0;
    loop {
        let some = retrying(|| forget_once(ctx)).await?;
        forgotten += some;
        if some < BATCH {
            break;
        }
    }
    if forgotten > 0 {
        tracing::info!(events = forgotten, "what the gateway's events said of buyers is forgotten");
    }
    Ok(())
}

async fn forget_once(ctx: &Context) -> Result<u64, Fault> {
    let tx = ctx.db().write(Durability::Relaxed).await?;
    let forgotten = payment::forget_bodies(&tx, ctx.now() - WAITS, BATCH).await?;
    tx.commit().await?;
    Ok(forgotten)
}
