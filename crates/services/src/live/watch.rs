//! Waiting for a reason to read again, and reading.

use crate::Context;
use std::{sync::Arc, time::Duration};
use stoa_domain::{
    live::{Listener, Notice, Topic},
    shared::Fault,
};
use tokio::time::{Instant, sleep, sleep_until};

/// How long a store that does not answer is left alone; twice as long each time.
const RETRY: Duration = Duration::from_millis(500);
/// The longest such pause.
const RETRY_AT_MOST: Duration = Duration::from_secs(30);

/// One who watches something.
pub(super) struct Watch {
    ctx: Arc<Context>,
    listener: Box<dyn Listener>,
    refresh: Duration,
    /// When to read again, whatever is heard.
    look: Instant,
}

impl Watch {
    /// Listens from now on: what is read afterwards misses nothing.
    pub(super) fn begin(ctx: &Arc<Context>, topics: &[Topic], refresh: Duration) -> Self {
        let listener = ctx.ports.bus.subscribe(topics);
        Self { ctx: Arc::clone(ctx), listener, refresh, look: Instant::now() + spread(refresh) }
    }

    /// Waits until it is worth reading again for one who has been shown this version: at a later one, or after a while whatever was told.
    pub(super) async fn wait(&mut self, shown: Option<u64>) {
        loop {
            tokio::select! {
                notice = self.listener.next() => match (notice, shown) {
                    (Notice::Version(told), Some(shown)) if told <= shown => {}
                    (Notice::Version(_) | Notice::ReRead, _) => return,
                },
                () = sleep_until(self.look) => return,
            }
        }
    }

    /// Reads, in its turn, and until it succeeds: whoever watches is not sent away because a store was restarted.
    pub(super) async fn read<T, F>(&mut self, read: impl Fn() -> F + Send + Sync) -> T
    where
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let ctx = Arc::clone(&self.ctx);
        self.read_together(|| async {
            // Never closed; a permit more or less would do no harm.
            let _turn = ctx.live_reads.acquire().await;
            read().await
        })
        .await
    }

    /// The same for a read that many share: none has to wait its turn.
    pub(super) async fn read_together<T, F>(&mut self, read: impl Fn() -> F + Send + Sync) -> T
    where
        F: Future<Output = Result<T, Fault>> + Send,
    {
        let mut pause = RETRY;
        loop {
            match read().await {
                Ok(answer) => {
                    self.look = Instant::now() + spread(self.refresh);
                    return answer;
                }
                Err(fault) => {
                    tracing::warn!(error = %fault, "a live update cannot be read; trying on");
                    sleep(spread(pause)).await;
                    pause = (pause * 2).min(RETRY_AT_MOST);
                }
            }
        }
    }
}

/// About so long: those who began together do not all come back together.
fn spread(span: Duration) -> Duration {
    span.mul_f64(rand::random_range(0.8..1.2))
}
