//! Events that wait to be sent, by the time they are due.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

/// An event on its way.
#[derive(Clone, Debug)]
pub(super) struct Job {
    /// `evt_…`.
    pub(super) event: String,
    /// How often it was sent in vain.
    pub(super) failed: u32,
    /// Whether the fault plan has been asked about it.
    pub(super) planned: bool,
}

/// The queue between the API and the sender.
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    changed: Notify,
    /// How many events are neither delivered nor given up.
    open: watch::Sender<usize>,
}

#[derive(Default)]
struct Queue {
    /// Jobs by due time; the number keeps the order of creation among those due at once.
    due: BTreeMap<(Instant, u64), Job>,
    /// Jobs that wait until some others have been sent.
    behind: Vec<Behind>,
    next: u64,
}

struct Behind {
    job: Job,
    sends_left: u32,
    until: Instant,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self { queue: Mutex::default(), changed: Notify::new(), open: watch::Sender::new(0) }
    }

    /// Adds events in the order of their creation, due at once.
    pub(crate) fn add(&self, events: Vec<String>) {
        if events.is_empty() {
            return;
        }
        self.open.send_modify(|open| *open += events.len());
        let now = Instant::now();
        let mut queue = self.queue();
        for event in events {
            queue.push(now, Job { event, failed: 0, planned: false });
        }
        drop(queue);
        self.changed.notify_one();
    }

    /// Waits until every event has been delivered or given up.
    pub(crate) async fn settled(&self) {
        let mut open = self.open.subscribe();
        // The sender half lives in `self`: waiting cannot fail.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// How many events are neither delivered nor given up.
    pub(crate) fn open(&self) -> usize {
        *self.open.borrow()
    }

    /// The next job, once it is due.
    pub(super) async fn next(&self) -> Job {
        loop {
            let wait = match self.queue().pop(Instant::now()) {
                Ok(job) => return job,
                Err(next_due) => next_due,
            };
            match wait {
                Some(at) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(at) => {}
                        () = self.changed.notified() => {}
                    }
                }
                None => self.changed.notified().await,
            }
        }
    }

    /// Puts a job back, due after a pause.
    pub(super) fn later(&self, job: Job, pause: Duration) {
        self.queue().push(Instant::now() + pause, job);
        self.changed.notify_one();
    }

    /// Puts a job back until `sends` others have been sent, or `at_most` has passed.
    pub(super) fn behind(&self, job: Job, sends: u32, at_most: Duration) {
        self.queue().behind.push(Behind { job, sends_left: sends, until: Instant::now() + at_most });
        self.changed.notify_one();
    }

    /// Tells that an event has been sent, in vain or not: those behind it come nearer.
    pub(super) fn one_sent(&self) {
        let mut queue = self.queue();
        let now = Instant::now();
        let mut waiting = std::mem::take(&mut queue.behind);
        for held in &mut waiting {
            held.sends_left = held.sends_left.saturating_sub(1);
        }
        for held in waiting {
            if held.sends_left == 0 { queue.push(now, held.job) } else { queue.behind.push(held) }
        }
    }

    /// Tells that an event has been delivered or given up.
    pub(super) fn closed(&self) {
        self.open.send_modify(|open| *open = open.saturating_sub(1));
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn push(&mut self, due: Instant, job: Job) {
        self.due.insert((due, self.next), job);
        self.next += 1;
    }

    /// The first job that is due, or when the first will be.
    fn pop(&mut self, now: Instant) -> Result<Job, Option<Instant>> {
        while let Some(place) = self.behind.iter().position(|held| held.until <= now) {
            let held = self.behind.swap_remove(place);
            self.push(held.until, held.job);
        }
        let first_held = self.behind.iter().map(|held| held.until).min();
        match self.due.first_entry() {
            Some(first) if first.key().0 <= now => Ok(first.remove()),
            Some(first) => Err(Some(first_held.map_or(first.key().0, |held| held.min(first.key().0)))),
            None => Err(first_held),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Outbox;

    fn outbox(events: &[&str]) -> Outbox {
        let outbox = Outbox::new();
        outbox.add(events.iter().map(|event| (*event).to_owned()).collect());
        outbox
    }

    #[tokio::test(start_paused = true)]
    async fn events_come_in_the_order_of_creation() {
        let outbox = outbox(&["a", "b"]);
        outbox.add(vec!["c".into()]);
        for expected in ["a", "b", "c"] {
            assert_eq!(outbox.next().await.event, expected);
        }
        assert_eq!(outbox.open(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_put_off_lets_the_others_pass() {
        let outbox = outbox(&["a", "b"]);
        let job = outbox.next().await;
        outbox.later(job, Duration::from_secs(5));
        assert_eq!(outbox.next().await.event, "b");
        assert_eq!(outbox.next().await.event, "a");
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_held_behind_others_comes_after_them_or_after_its_time() {
        let outbox = outbox(&["a", "b", "c"]);
        let job = outbox.next().await;
        outbox.behind(job, 1, Duration::from_secs(60));
        assert_eq!(outbox.next().await.event, "b");
        outbox.one_sent();
        assert_eq!(outbox.next().await.event, "c");
        let job = outbox.next().await;
        assert_eq!(job.event, "a");

        outbox.behind(job, 1, Duration::from_secs(60));
        assert_eq!(outbox.next().await.event, "a", "nothing else comes, so its time runs out");
    }

    #[tokio::test(start_paused = true)]
    async fn settled_waits_for_the_last_one() {
        let outbox = outbox(&["a"]);
        let early = tokio::time::timeout(Duration::from_secs(1), outbox.settled()).await;
        assert!(early.is_err());
        outbox.closed();
        outbox.settled().await;
    }
}
