//! What goes on beside requests: jobs, the watch on the catalogue, the sandbox's webhooks, the sweeping of what has expired.

use super::{stores::Upkeep, watch::watch};
use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};
use stoa_domain::shared::{Clock, Fault};
use stoa_persistence::{SqlCartStore, SqlReservationStore};
use stoa_sandbox::Sandbox;
use stoa_services::{
    Services,
    jobs::{Backoff, JobWorker},
};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// How often expired carts and holds are swept. They stop counting by themselves; this only makes room.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Tasks that run until told to stop.
pub(super) struct Background {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    /// What those are that have not ended.
    names: HashMap<Id, &'static str>,
}

impl Background {
    /// Jobs and the watch on the catalogue.
    pub(super) fn spawn(services: &Arc<Services>, backoff: Backoff) -> Self {
        let mut background =
            Self { stop: CancellationToken::new(), tasks: JoinSet::new(), names: HashMap::new() };
        let worker = JobWorker::new(Arc::clone(services.context()), backoff);
        background.add("jobs", |stop| worker.run(stop));
        let catalog = Arc::clone(&services.catalog);
        background.add("the watch on the catalogue", |stop| async move { catalog.watch(stop).await });
        background
    }

    /// The sandbox's webhooks.
    pub(super) fn deliver(&mut self, sandbox: Sandbox) {
        self.add("the sandbox's webhooks", |stop| async move { sandbox.run(stop).await });
    }

    /// What the stores of carts and holds need.
    pub(super) fn keep_up(&mut self, upkeep: Upkeep, clock: Arc<dyn Clock>) {
        match upkeep {
            Upkeep::Watch(redis) => self.add("the watch on Redis", |stop| watch(redis, stop)),
            Upkeep::Sweep(carts, holds) => self.add("the sweep of carts and holds", |stop| async move {
                while stop.run_until_cancelled(tokio::time::sleep(SWEEP_EVERY)).await.is_some() {
                    if let Err(fault) = sweep(&carts, &holds, &*clock).await {
                        tracing::warn!(error = %fault, "expired carts and holds were not swept");
                    }
                }
            }),
        }
    }

    /// Lets what is in flight finish.
    pub(super) async fn stop(&mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next_with_id().await {
            let id = match ended {
                Ok((id, ())) => id,
                Err(broken) => broken.id(),
            };
            self.names.remove(&id);
        }
    }

    /// What has not ended yet, for whoever waited for it in vain.
    pub(super) fn unfinished(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.names.values().copied().collect();
        names.sort_unstable();
        names
    }

    pub(super) fn add<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        name: &'static str,
        task: impl FnOnce(CancellationToken) -> F,
    ) {
        let task = self.tasks.spawn(task(self.stop.clone()));
        self.names.insert(task.id(), name);
    }
}

async fn sweep(carts: &SqlCartStore, holds: &SqlReservationStore, clock: &dyn Clock) -> Result<(), Fault> {
    let now = clock.now();
    let (carts, holds) = (carts.sweep(now).await?, holds.sweep(now).await?);
    tracing::debug!(carts, holds, "swept");
    Ok(())
}
