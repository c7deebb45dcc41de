//! A queue with a bound in bytes: what waits for a client is small or large, and memory is what runs out.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// What an entry costs beside its bytes.
const OVERHEAD: usize = 64;

/// The end that fills the queue.
pub(crate) struct Outbox<T> {
    queue: mpsc::UnboundedSender<Queued<T>>,
    room: Arc<Semaphore>,
    capacity: u32,
}

/// The end that empties it.
pub(crate) type Inbox<T> = mpsc::UnboundedReceiver<Queued<T>>;

/// An entry; its room is free again once it is dropped.
pub(crate) struct Queued<T> {
    pub(crate) item: T,
    _room: OwnedSemaphorePermit,
}

/// Nobody empties the queue any more.
#[derive(Debug)]
pub(crate) struct Closed;

/// A queue for so many bytes.
pub(crate) fn outbox<T>(bytes: usize) -> (Outbox<T>, Inbox<T>) {
    let capacity = bytes.clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
    let (sender, inbox) = mpsc::unbounded_channel();
    let room = Arc::new(Semaphore::new(capacity));
    let capacity = u32::try_from(capacity).unwrap_or(u32::MAX);
    (Outbox { queue: sender, room, capacity }, inbox)
}

impl<T> Outbox<T> {
    /// Puts an entry of so many bytes at the end, as soon as there is room for it. One that is larger than the queue
    /// waits until the queue is empty.
    ///
    /// # Errors
    /// The other end is gone.
    pub(crate) async fn push(&self, item: T, bytes: usize) -> Result<(), Closed> {
        let cost = u32::try_from(bytes.saturating_add(OVERHEAD)).unwrap_or(u32::MAX).min(self.capacity);
        let room = tokio::select! {
            room = Arc::clone(&self.room).acquire_many_owned(cost) => room.map_err(|_| Closed)?,
            () = self.queue.closed() => return Err(Closed),
        };
        self.queue.send(Queued { item, _room: room }).map_err(|_| Closed)
    }

    /// Waits until the other end is gone.
    pub(crate) async fn closed(&self) {
        self.queue.closed().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BLINK: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn it_is_full_by_bytes_and_has_room_again_when_an_entry_is_gone() {
        let (outbox, mut inbox) = outbox(1_000);
        outbox.push("a", 400).await.unwrap();
        outbox.push("b", 400).await.unwrap();
        let third = outbox.push("c", 400);
        tokio::pin!(third);
        assert!(tokio::time::timeout(BLINK, &mut third).await.is_err(), "there is no room for a third");
        assert_eq!(inbox.recv().await.unwrap().item, "a");
        third.await.unwrap();
        assert_eq!(inbox.recv().await.unwrap().item, "b");
        assert_eq!(inbox.recv().await.unwrap().item, "c");
    }

    #[tokio::test]
    async fn an_entry_larger_than_the_queue_passes_alone() {
        let (outbox, mut inbox) = outbox(100);
        outbox.push("large", 1_000_000).await.unwrap();
        assert!(tokio::time::timeout(BLINK, outbox.push("small", 1)).await.is_err());
        drop(inbox.recv().await);
        outbox.push("small", 1).await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_for_room_is_told_that_nobody_empties_it() {
        let (outbox, inbox) = outbox(100);
        outbox.push("first", 100).await.unwrap();
        let second = outbox.push("second", 100);
        tokio::pin!(second);
        assert!(tokio::time::timeout(BLINK, &mut second).await.is_err());
        drop(inbox);
        assert!(second.await.is_err());
        outbox.closed().await;
    }
}
