//! Telling the others.

use super::{Pace, outgoing::Outgoing};
use crate::{
    carrier::{Carrier, LineError},
    wire::Message,
};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// A message that is not sent by then counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);
/// The last words of a process that ends.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Tells what there is to tell until told to stop, and then what is left.
pub(super) async fn run(
    carrier: Arc<dyn Carrier>,
    outgoing: Arc<Outgoing>,
    pace: Pace,
    stop: CancellationToken,
) {
    let mut heartbeats = interval(pace.heartbeat);
    heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures = 0;
    let mut stock_due = Instant::now();
    loop {
        let mut messages = tokio::select! {
            () = stop.cancelled() => break,
            _ = heartbeats.tick() => vec![Message::heartbeat(outgoing.from)],
            () = outgoing.filled() => Vec::new(),
            () = tokio::time::sleep_until(stock_due), if outgoing.has_stock() => Vec::new(),
        };
        let with_stock = Instant::now() >= stock_due;
        if with_stock && outgoing.has_stock() {
            stock_due = Instant::now() + pace.gather_stock;
        }
        messages.extend(outgoing.take(with_stock));
        if messages.is_empty() {
            continue;
        }
        let wait = match tell(&*carrier, &messages).await {
            Ok(()) => {
                if failures > 0 {
                    tracing::info!(bus = carrier.name(), "live events are told again");
                }
                failures = 0;
                pace.gather
            }
            Err(error) => {
                failures += 1;
                if failures == 1 {
                    tracing::warn!(bus = carrier.name(), %error, "live events cannot be told; trying on");
                }
                // Whoever missed them must read again, once they can be told that.
                outgoing.lost();
                pace.wait(failures)
            }
        };
        stop.run_until_cancelled(sleep(wait)).await;
    }
    let rest = outgoing.take(true);
    if let Ok(Err(error)) = timeout(LAST_WORDS, tell(&*carrier, &rest)).await {
        tracing::debug!(bus = carrier.name(), %error, "the last live events were not told");
    }
}

async fn tell(carrier: &dyn Carrier, messages: &[Message]) -> Result<(), LineError> {
    for message in messages {
        let text = serde_json::to_string(message)?;
        timeout(PATIENCE, carrier.send(&text)).await??;
    }
    Ok(())
}
