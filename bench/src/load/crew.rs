//! Workers side by side, for a slice of time.

use super::{Slice, Worker};
use anyhow::Context;
use std::time::{Duration, Instant};
use tokio::{runtime::Runtime, task::LocalSet};

/// Something that can be measured for a while, and again later.
pub(crate) trait Measured {
    /// Gets ready for a slice on the first so many connections.
    ///
    /// # Errors
    /// The server does not answer as it should.
    fn prepare(&mut self, runtime: &Runtime, connections: usize) -> anyhow::Result<()>;

    /// Whether everything it has to ask has been asked at least once.
    fn is_through(&self) -> bool;

    /// Sends for so long on the first so many connections.
    ///
    /// # Errors
    /// The server does not answer as it should.
    fn slice(&mut self, runtime: &Runtime, connections: usize, length: Duration) -> anyhow::Result<Slice>;
}

/// Workers that do the same, each on its own connection.
pub(crate) struct Crew<W> {
    workers: Vec<W>,
    /// What one worker has done in its best slice so far.
    best: u64,
}

impl<W: Worker + 'static> Crew<W> {
    /// A crew of these.
    pub(crate) const fn new(workers: Vec<W>) -> Self {
        Self { workers, best: 0 }
    }

    /// Lets the first so many workers do something side by side; the first failure is everybody's.
    fn each<T: 'static, F>(
        &mut self,
        runtime: &Runtime,
        connections: usize,
        act: impl Fn(W) -> F,
    ) -> anyhow::Result<Vec<T>>
    where
        F: Future<Output = (W, anyhow::Result<T>)> + 'static,
    {
        let rest = self.workers.split_off(connections.min(self.workers.len()));
        let local = LocalSet::new();
        let tasks: Vec<_> = self.workers.drain(..).map(|worker| local.spawn_local(act(worker))).collect();
        let done: anyhow::Result<Vec<_>> = local.block_on(runtime, async {
            let mut done = Vec::with_capacity(tasks.len());
            for task in tasks {
                let (worker, outcome) = task.await.context("a worker ended")?;
                done.push((worker, outcome));
            }
            Ok(done)
        });
        let mut outcomes = Vec::new();
        for (worker, outcome) in done? {
            self.workers.push(worker);
            outcomes.push(outcome?);
        }
        self.workers.extend(rest);
        Ok(outcomes)
    }
}

impl<W: Worker + 'static> Measured for Crew<W> {
    fn prepare(&mut self, runtime: &Runtime, connections: usize) -> anyhow::Result<()> {
        // A little more than it has ever been, so that a faster slice does not run dry.
        let units = self.best + self.best / 4 + 20;
        self.each(runtime, connections, |mut worker| async move {
            let prepared = worker.prepare(units).await;
            (worker, prepared)
        })?;
        Ok(())
    }

    fn is_through(&self) -> bool {
        self.workers.iter().all(Worker::is_through)
    }

    fn slice(&mut self, runtime: &Runtime, connections: usize, length: Duration) -> anyhow::Result<Slice> {
        let began = Instant::now();
        let end = began + length;
        let parts = self.each(runtime, connections, |mut worker| async move {
            let part = run(&mut worker, end).await;
            (worker, part)
        })?;
        let mut whole = Slice::new();
        for part in &parts {
            self.best = self.best.max(part.units());
            whole.add(part);
        }
        whole.elapsed = began.elapsed();
        Ok(whole)
    }
}

async fn run<W: Worker>(worker: &mut W, end: Instant) -> anyhow::Result<Slice> {
    let mut part = Slice::new();
    let mut now = Instant::now();
    while now < end {
        let requests = worker.unit().await?;
        let done = Instant::now();
        part.record(done - now, requests);
        now = done;
    }
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sleeper {
        fails_after: Option<u32>,
    }

    impl Worker for Sleeper {
        async fn unit(&mut self) -> anyhow::Result<u64> {
            tokio::time::sleep(Duration::from_millis(5)).await;
            match &mut self.fails_after {
                Some(0) => anyhow::bail!("tired"),
                Some(left) => *left -= 1,
                None => {}
            }
            Ok(2)
        }
    }

    fn slice(workers: Vec<Sleeper>, connections: usize) -> anyhow::Result<Slice> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut crew = Crew::new(workers);
        crew.prepare(&runtime, connections)?;
        crew.slice(&runtime, connections, Duration::from_millis(60))
    }

    #[test]
    fn workers_work_side_by_side_and_are_timed_one_by_one() {
        let workers = || (0..4).map(|_| Sleeper { fails_after: None }).collect();
        let (four, one) = (slice(workers(), 4).unwrap(), slice(workers(), 1).unwrap());
        assert!(four.units() > 2 * one.units(), "{} and {}", four.units(), one.units());
        assert!(one.quantile(0.5) >= Duration::from_millis(5), "{:?}", one.quantile(0.5));
        assert_eq!(one.requests, 2 * one.units());
    }

    #[test]
    fn one_failure_fails_the_slice() {
        let workers = vec![Sleeper { fails_after: None }, Sleeper { fails_after: Some(2) }];
        assert_eq!(slice(workers, 2).unwrap_err().to_string(), "tired");
    }
}
