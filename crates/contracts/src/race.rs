//! Doing many things at the same moment.

use futures_util::future::join_all;
use std::{future::Future, sync::Arc};
use tokio::sync::Barrier;

/// Runs every task in a task of its own, lets them all start together, and gives their results in order.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = tasks.into_iter().collect();
    let start = Arc::new(Barrier::new(tasks.len()));
    let running = tasks.into_iter().map(|task| {
        let start = Arc::clone(&start);
        tokio::spawn(async move {
            start.wait().await;
            task.await
        })
    });
    // Spawn them all before waiting for the first.
    let running: Vec<_> = running.collect();
    join_all(running).await.into_iter().map(Result::unwrap).collect()
}
