//! What goes on beside requests: jobs, the watch on the catalogue, the sweeping of what has expired.

use std::{sync::Arc, time::Duration};
use stoa_services::{
    Services,
    jobs::{Backoff, JobWorker},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often expired carts and holds are swept. They stop counting by themselves; this only makes room.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Tasks that run until told to stop.
pub(super) struct Background {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Background {
    pub(super) fn spawn(services: &Arc<Services>, backoff: Backoff) -> Self {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(JobWorker::new(Arc::clone(services.context()), backoff).run(stop.clone()));
        tasks.spawn(watch_catalog(Arc::clone(services), stop.clone()));
        tasks.spawn(sweep(Arc::clone(services), stop.clone()));
        Self { stop, tasks }
    }

    /// Lets what is in flight finish.
    pub(super) async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn watch_catalog(services: Arc<Services>, stop: CancellationToken) {
    services.catalog.watch(stop).await;
}

async fn sweep(services: Arc<Services>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            () = stop.cancelled() => return,
        }
        if let Err(fault) = services.housekeeping.run().await {
            tracing::warn!(error = %fault, "expired carts and holds were not swept");
        }
    }
}
