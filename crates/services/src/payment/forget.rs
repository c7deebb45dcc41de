//! Forgetting what the gateway has told of buyers, once it is applied or never will be.

use crate::{Context, jobs::Turn};
use chrono::TimeDelta;
use stoa_domain::shared::Fault;
use stoa_persistence::{Durability, db::retrying, payment};

/// How long what an event says waits for its payment to become known. The gateway's own list of events goes back a month.
const WAITS: TimeDelta = TimeDelta::days(90);
/// Events of one transaction.
const BATCH: u64 = 500;

/// Takes the bodies off events that nobody will read again, until the turn is over. May run twice, and twice at once. False if
/// there may be more.
pub(crate) async fn forget_events(ctx: &Context, turn: &mut Turn) -> Result<bool, Fault> {
    let (mut forgotten, mut all) = (0, false);
    while turn.take() {
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
#[path = "forget_tests.rs"]
mod tests;
