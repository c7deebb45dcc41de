//! Reading what has been open too long from the gateway, in case every word of it was lost.

use super::sync::refresh;
use crate::Context;
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    payment::Payment,
    shared::{Fault, PaymentId},
};
use stoa_persistence::payment;

/// A payment that has been open for so long is asked after. Most are over in a minute; the gateway's own repeats of a webhook
/// that did not get through begin later.
pub(crate) const OPEN_TOO_LONG: TimeDelta = TimeDelta::minutes(10);
/// Payments of one look into SQL.
const PAGE: u64 = 100;
/// Questions to the gateway at once: it counts them, and buyers ask as well.
const AT_ONCE: usize = 4;
/// A pass asks for no further payment after this, well within the lease of its job; the next pass goes on from there.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What a pass has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Payments read from the gateway.
    pub read: u64,
    /// Of those, how many had moved without our knowing.
    pub moved: u64,
    /// Payments that could not be read: the gateway did not answer, or what it said could not be applied.
    pub failed: u64,
    /// The last payment there was time for; `None` when there was time for all.
    pub ended_at: Option<PaymentId>,
}

/// Brings payments that have been open too long up to date. Safe to run at any time, by several at once: each payment is
/// applied as its webhook would have been.
pub struct Reconcile(pub(crate) Arc<Context>);

impl Reconcile {
    /// One pass over all of them, the oldest first, for as long as it may take.
    ///
    /// # Errors
    /// The database does not answer. A gateway that does not is counted instead.
    pub async fn run(&self) -> Result<Reconciled, Fault> {
        self.go_on(None, Duration::MAX).await
    }

    /// A pass over those behind `from` until there is no more time, though over one at least: whatever stays open for long, the
    /// next pass begins behind it.
    ///
    /// # Errors
    /// The database does not answer. A gateway that does not is counted instead.
    pub async fn go_on(&self, from: Option<PaymentId>, patience: Duration) -> Result<Reconciled, Fault> {
        pass(&self.0, from, patience).await
    }
}

pub(crate) async fn pass(
    ctx: &Context,
    from: Option<PaymentId>,
    patience: Duration,
) -> Result<Reconciled, Fault> {
    let begun = tokio::time::Instant::now();
    let before = ctx.now() - OPEN_TOO_LONG;
    let mut done = Reconciled::default();
    let mut last = from;
    let mut asked = false;
    loop {
        let page = payment::open(ctx.db().read(), before, last, PAGE).await?;
        let Some(end) = page.last().map(|payment| payment.id) else { return Ok(done) };
        let in_time = page.into_iter().take_while(|payment| {
            let in_time = !asked || begun.elapsed() < patience;
            if in_time {
                (asked, last) = (true, Some(payment.id));
            }
            in_time
        });
        let mut answers = stream::iter(in_time).map(|known| one(ctx, known)).buffer_unordered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(moved) => {
                    done.read += 1;
                    done.moved += u64::from(moved);
                }
                Err((payment, fault)) => {
                    done.failed += 1;
                    tracing::warn!(%payment, error = %fault, "a payment could not be reconciled");
                }
            }
        }
        drop(answers);
        if last != Some(end) {
            return Ok(Reconciled { ended_at: last, ..done });
        }
    }
}

/// Reads one payment, and says whether that moved it.
async fn one(ctx: &Context, known: Payment) -> Result<bool, (PaymentId, Fault)> {
    let work = async {
        let Some(intent) = known.intent.as_ref().filter(|_| !known.is_stored_value()) else {
            return Ok(false);
        };
        refresh(ctx, intent).await?;
        let now = payment::find(ctx.db().read(), known.id).await?;
        Ok(now.is_some_and(|now| now.state != known.state || now.amount_refunded != known.amount_refunded))
    };
    work.await.map_err(|fault| (known.id, fault))
}
