//! The port of the bus that carries events to those who listen, in this process and in others.

use super::{Event, Notice, ToldStock, Topic};
use async_trait::async_trait;

/// Carries events. Best effort: an event may be lost, come twice, or come merged with later ones, but as long as the bus works
/// each listener hears of the last one; and when it has not worked, every listener is told to read again.
pub trait EventBus: Send + Sync {
    /// Tells of a change. Call it after the commit. Never waits, never fails, and what it costs is bounded.
    fn publish(&self, event: Event);

    /// Listens to some topics from now on, until the listener is dropped. Listen first and read then, so that no change falls
    /// between.
    fn subscribe(&self, topics: &[Topic]) -> Box<dyn Listener>;

    /// Gathers what is told of all stock from now on, until the gatherer is dropped.
    fn gather_stock(&self) -> Box<dyn StockGatherer>;
}

/// Hears of some topics. However many events come while nobody asks, one notice is kept: nothing is lost by being slow.
#[async_trait]
pub trait Listener: Send {
    /// Waits for the next notice. Nothing is lost when the wait is given up.
    async fn next(&mut self) -> Notice;
}

/// Gathers what is told of stock, for one who keeps figures of much of it and asks now and then. Drain first and read then, so that no
/// change falls between. What it keeps while nobody asks is bounded.
pub trait StockGatherer: Send {
    /// Whose stock was told to have changed since this was asked last, or since the gatherer was made. Never waits.
    fn drain(&mut self) -> ToldStock;
}
