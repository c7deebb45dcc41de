//! Everything the sandbox keeps: tables in memory, each change one line in a journal.

mod appender;
mod journal;
mod record;
mod table;
#[cfg(test)]
mod tests;
mod transaction;

use std::sync::Arc;

pub(crate) use record::{Record, Row};
pub(crate) use table::{Table, Tables};
pub(crate) use transaction::{Origin, Tx};

use self::journal::Journal;
use crate::{
    config::{OpenError, SandboxConfig},
    error::ApiError,
    faults::Faults,
    model::{Delivery, DeliveryState},
};

/// The tables and their journal.
pub(crate) struct Store {
    tables: Tables,
    journal: Option<Journal>,
    config: Arc<SandboxConfig>,
    faults: Faults,
}

impl Store {
    /// Reads the journal in the configured folder, forgets what is out of date, and writes it anew. Without a
    /// folder the store lives in memory.
    pub(crate) fn open(config: Arc<SandboxConfig>, faults: Faults) -> Result<Self, OpenError> {
        let Some(folder) = &config.data_dir else {
            return Ok(Self { tables: Tables::default(), journal: None, config, faults });
        };
        let (journal, tables) = Journal::open(folder, config.clock.now())?;
        Ok(Self { tables, journal: Some(journal), config, faults })
    }

    /// Events that have not reached the target yet, oldest first.
    pub(crate) fn undelivered(&self) -> Vec<String> {
        self.tables
            .get::<Delivery>()
            .rows()
            .filter(|delivery| delivery.state == DeliveryState::Pending)
            .map(|delivery| delivery.event.clone())
            .collect()
    }

    /// Runs `work` as one change: all that it put is kept when it succeeds, in memory and as one journal line,
    /// and nothing of it when it fails.
    ///
    /// Also returns the events that now wait to be sent.
    pub(crate) fn transact<T>(
        &mut self,
        origin: &Origin,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, ApiError>,
    ) -> Result<(T, Vec<String>), ApiError> {
        let mut tx = Tx::new(&self.tables, origin, &self.config, &self.faults);
        let value = work(&mut tx)?;
        let writes = tx.into_writes();
        if let Some(journal) = &mut self.journal
            && !writes.is_empty()
        {
            journal.append(&writes).map_err(|error| {
                tracing::error!(%error, "sandbox.journal.append");
                ApiError::server(axum::http::StatusCode::INTERNAL_SERVER_ERROR)
            })?;
        }
        let waiting = writes
            .iter()
            .filter_map(Delivery::of)
            .filter(|delivery| delivery.state == DeliveryState::Pending)
            .map(|delivery| delivery.event.clone())
            .collect();
        for record in writes {
            self.tables.put(record);
        }
        Ok((value, waiting))
    }
}
