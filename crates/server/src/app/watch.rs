//! Telling that Redis is gone, and that it is back: once each, not with every request.

use std::time::Duration;
use stoa_redis::Redis;
use tokio_util::sync::CancellationToken;

/// How often Redis is asked whether it is there.
const EVERY: Duration = Duration::from_secs(5);

/// Asks at once and then now and then, until told to stop. Nothing waits for it: connections mend themselves.
pub(super) async fn watch(redis: Redis, stop: CancellationToken) {
    let mut told = None;
    while let Some(answer) = stop.run_until_cancelled(redis.ping()).await {
        match (&answer, told) {
            (Ok(()), Some(false)) => tracing::info!("Redis answers again"),
            (Err(fault), None | Some(true)) => tracing::warn!(
                error = %fault,
                "Redis does not answer: products are shown and placed orders go on, carts are told to try again; \
                 once it is back nothing needs to be done"
            ),
            _ => {}
        }
        told = Some(answer.is_ok());
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}
