//! A bus of many processes: a hub, whose events also go to the hubs of the others.

mod hearing;
mod outgoing;
mod pace;
mod telling;

pub use pace::Pace;

use crate::{
    carrier::Carrier,
    hub::{Hub, notices},
};
use outgoing::Outgoing;
use std::sync::Arc;
use stoa_domain::live::{Event, EventBus, Listener, StockGatherer, ToldStock, Topic};
use tokio::sync::watch;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

/// Carries events within this process at once and without the carrier, and by the carrier to the others. While the carrier does
/// not work it keeps trying; afterwards everybody on both sides reads again.
pub struct Relay {
    hub: Hub,
    outgoing: Arc<Outgoing>,
    listening: watch::Receiver<bool>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _end: DropGuard,
}

impl Relay {
    /// Begins to tell and to hear, in tasks of its own that end with this value. Needs a Tokio runtime; a carrier that does not
    /// answer is no error.
    #[must_use]
    pub fn spawn(carrier: impl Carrier, pace: Pace) -> Self {
        let carrier: Arc<dyn Carrier> = Arc::new(carrier);
        let hub = Hub::new();
        let stop = CancellationToken::new();
        let outgoing = Arc::new(Outgoing::new(rand::random()));
        let (tells, listening) = watch::channel(false);
        let hearing = hearing::Hearing {
            carrier: Arc::clone(&carrier),
            hub: hub.clone(),
            from: outgoing.from,
            listening: tells,
            pace,
        };
        let tasks = TaskTracker::new();
        tasks.spawn(stop.clone().run_until_cancelled_owned(hearing.run()));
        tasks.spawn(telling::run(carrier, Arc::clone(&outgoing), pace, stop.clone()));
        tasks.close();
        Self { hub, outgoing, listening, tasks, _end: stop.clone().drop_guard(), stop }
    }

    /// Whether it hears what others tell, and becomes so again; for tests and for readiness.
    #[must_use]
    pub fn listening(&self) -> watch::Receiver<bool> {
        self.listening.clone()
    }

    /// Tells what is still to be told, if that goes quickly, and lets go of the carrier.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl EventBus for Relay {
    fn publish(&self, event: Event) {
        for (key, notice) in notices(&event) {
            self.hub.deliver(key, notice);
            self.outgoing.put(key, notice);
        }
    }

    fn subscribe(&self, topics: &[Topic]) -> Box<dyn Listener> {
        self.hub.subscribe(topics)
    }

    fn gather_stock(&self) -> Box<dyn StockGatherer> {
        let gathered = self.hub.gather_stock();
        Box::new(RelayGatherer { gathered, listening: self.listening.clone() })
    }
}

/// Gathers what the hub is told, and knows when that is not all.
struct RelayGatherer {
    gathered: Box<dyn StockGatherer>,
    listening: watch::Receiver<bool>,
}

impl StockGatherer for RelayGatherer {
    fn drain(&mut self) -> ToldStock {
        let told = self.gathered.drain();
        // Once others are heard again, the hub is told that everything may have changed.
        if *self.listening.borrow() { told } else { ToldStock::Everything }
    }
}

#[cfg(test)]
mod tests;
