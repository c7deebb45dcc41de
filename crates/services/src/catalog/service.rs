//! Reads of the catalogue. (Begun by the lead so that the other services compile; the catalogue's author fills it.)

use std::sync::Arc;
use stoa_domain::{inventory::ReservationStore, shared::Clock};
use stoa_persistence::Db;
use tokio_util::sync::CancellationToken;

/// Products and collections, read through a cache.
pub struct Catalog {
    db: Db,
    holds: Arc<dyn ReservationStore>,
    clock: Arc<dyn Clock>,
}

impl Catalog {
    /// Reads from `db`; availability is what is left beside the holds of `holds`.
    pub fn new(db: Db, holds: Arc<dyn ReservationStore>, clock: Arc<dyn Clock>) -> Self {
        Self { db, holds, clock }
    }

    /// Keeps the cache's version up to date until told to stop.
    pub async fn watch(&self, stop: CancellationToken) {
        let _ = (&self.db, &self.holds, &self.clock);
        stop.cancelled().await;
    }
}
