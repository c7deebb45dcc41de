//! The operations in flight on one socket, by the ids that the client gave them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::live::room;

/// The operations of a socket. When this is dropped, all of them end.
pub(super) struct Operations {
    running: Mutex<HashMap<Arc<str>, Running>>,
    slots: Arc<Semaphore>,
    /// When the last one ended, or there was none yet.
    quiet_since: Mutex<Instant>,
    all: CancellationToken,
    _end: DropGuard,
}

/// What is kept of an operation until it ends.
struct Running {
    cancelled: CancellationToken,
    /// Its place. A mutation keeps it too, so it is free again when both have let go.
    _slot: Arc<OwnedSemaphorePermit>,
}

/// One operation in flight.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    pub(super) id: Arc<str>,
    /// Cancelled when nobody waits for its answers any more.
    pub(super) cancelled: CancellationToken,
    /// The operation's place: gone with the operation, unless a mutation keeps it.
    pub(super) slot: Weak<OwnedSemaphorePermit>,
}

/// Why an operation cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTicket {
    /// Its id is in use.
    Duplicate,
    /// As many are in flight as may be, mutations that nobody waits for any more among them.
    TooMany,
}

impl Operations {
    pub(super) fn new(limit: usize) -> Self {
        let all = CancellationToken::new();
        Self {
            running: Mutex::default(),
            slots: room(limit),
            quiet_since: Mutex::new(Instant::now()),
            _end: all.clone().drop_guard(),
            all,
        }
    }

    /// Begins an operation.
    ///
    /// # Errors
    /// Its id is in use, or there are too many.
    pub(super) fn begin(&self, id: &str) -> Result<Ticket, NoTicket> {
        let mut running = self.running();
        if running.contains_key(id) {
            return Err(NoTicket::Duplicate);
        }
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(|_| NoTicket::TooMany)?;
        let slot = Arc::new(slot);
        let cancelled = self.all.child_token();
        let ticket = Ticket { id: id.into(), cancelled: cancelled.clone(), slot: Arc::downgrade(&slot) };
        running.insert(Arc::clone(&ticket.id), Running { cancelled, _slot: slot });
        Ok(ticket)
    }

    /// Ends an operation because the client wants no more of it. One that has ended is no error: the messages may have
    /// crossed.
    pub(super) fn complete(&self, id: &str) {
        if let Some(running) = self.running().remove(id) {
            self.quiet();
            running.cancelled.cancel();
        }
    }

    /// Asked right before a message of an operation is sent: not after the client completed it, since the id may be
    /// another operation's by then. With its last message an operation ends, and not before, so that the id is free
    /// exactly when the client can know it.
    pub(super) fn may_send(&self, ticket: &Ticket, last: bool) -> bool {
        let mut running = self.running();
        let may = !ticket.cancelled.is_cancelled();
        if may && last {
            running.remove(&ticket.id);
            self.quiet();
        }
        may
    }

    /// Waits until none has run for so long.
    pub(super) async fn idle_for(&self, most: Duration) {
        loop {
            let quiet_since = match self.running().is_empty() {
                true => *self.quiet_since.lock().unwrap_or_else(PoisonError::into_inner),
                // One that ends meanwhile says when.
                false => Instant::now(),
            };
            let Some(until) = quiet_since.checked_add(most) else { return std::future::pending().await };
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }

    fn quiet(&self) {
        *self.quiet_since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Arc<str>, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_free_after_the_last_message_and_after_the_client_completed_it() {
        let operations = Operations::new(10);
        let first = operations.begin("1").unwrap();
        assert!(operations.may_send(&first, false));
        assert_eq!(operations.begin("1").unwrap_err(), NoTicket::Duplicate);
        assert!(operations.may_send(&first, true));
        let second = operations.begin("1").unwrap();
        operations.complete("1");
        assert!(second.cancelled.is_cancelled());
        let third = operations.begin("1").unwrap();
        assert!(!operations.may_send(&second, true), "what is late is not taken for the third's");
        assert!(operations.may_send(&third, false));
        operations.complete("unknown");
    }

    #[tokio::test(start_paused = true)]
    async fn a_socket_is_idle_when_nothing_has_run_for_so_long() {
        let (operations, most) = (Operations::new(2), Duration::from_mins(10));
        let begun = Instant::now();
        let first = operations.begin("1").unwrap();
        let ended = async {
            sleep_until(begun + most * 3).await;
            operations.begin("2").unwrap();
            operations.complete("2");
            sleep_until(begun + most * 5 + most / 2).await;
            assert!(operations.may_send(&first, true));
        };
        tokio::join!(ended, operations.idle_for(most));
        assert_eq!(begun.elapsed(), most * 6 + most / 2);
    }

    #[test]
    fn what_still_runs_keeps_its_place_after_the_client_completed_it() {
        let operations = Operations::new(1);
        let ticket = operations.begin("1").unwrap();
        let mutation = ticket.slot.upgrade().unwrap();
        operations.complete("1");
        assert_eq!(operations.begin("2").unwrap_err(), NoTicket::TooMany);
        drop(mutation);
        operations.begin("2").unwrap();
        assert!(ticket.slot.upgrade().is_none(), "what is over begins nothing");
    }

    #[test]
    fn there_are_so_many_at_once_and_all_end_with_the_socket() {
        let operations = Operations::new(2);
        let tickets = [operations.begin("1").unwrap(), operations.begin("2").unwrap()];
        assert_eq!(operations.begin("3").unwrap_err(), NoTicket::TooMany);
        operations.complete("1");
        operations.begin("3").unwrap();
        drop(operations);
        assert!(tickets.iter().all(|ticket| ticket.cancelled.is_cancelled()));
    }
}
