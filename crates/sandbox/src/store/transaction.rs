//! One change in the making.

use std::sync::Arc;

use serde_json::value::RawValue;
use url::Url;

use super::{Record, Row, Table, Tables};
use crate::{
    config::SandboxConfig,
    error::ApiError,
    faults::Faults,
    ids,
    model::{BalanceTransaction, Charge, Delivery, DeliveryState, Event, Refund},
};

/// Who asked for a change; events tell it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// `req_…`; `None` for what happens by itself.
    pub(crate) request_id: Option<String>,
    /// The request's `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
}

/// A change: reads see its own writes first, and nothing is kept until the store takes the writes over.
pub(crate) struct Tx<'a> {
    tables: &'a Tables,
    writes: Vec<Record>,
    origin: &'a Origin,
    config: &'a SandboxConfig,
    faults: &'a Faults,
    /// Seconds since the Unix epoch, the same throughout the change.
    pub(crate) now: i64,
}

impl<'a> Tx<'a> {
    pub(super) fn new(
        tables: &'a Tables,
        origin: &'a Origin,
        config: &'a SandboxConfig,
        faults: &'a Faults,
    ) -> Self {
        Self { tables, writes: Vec::new(), origin, config, faults, now: config.clock.now() }
    }

    /// The origin under which browsers reach the sandbox.
    pub(crate) fn public_url(&self) -> &'a Url {
        &self.config.public_url
    }

    /// Whether the fault plan wants the next payment to stay in processing; asked once for each payment.
    pub(crate) fn network_is_slow(&self) -> bool {
        self.faults.take_slow_network()
    }

    /// The row with this id.
    pub(crate) fn find<T: Row>(&self, id: &str) -> Option<Arc<T>> {
        let written = self.writes.iter().filter_map(T::of).find(|row| row.id() == id);
        written.or_else(|| T::table(self.tables).find(id)).cloned()
    }

    /// The row whose id stands in the path; 404 when there is none.
    pub(crate) fn get<T: Row>(&self, id: &str) -> Result<Arc<T>, ApiError> {
        self.find(id).ok_or_else(|| ApiError::no_such(T::NAME, id, "id"))
    }

    /// The row that the parameter `param` names; 400 when there is none.
    pub(crate) fn named<T: Row>(&self, id: &str, param: &str) -> Result<Arc<T>, ApiError> {
        self.find(id).ok_or_else(|| ApiError::names_nothing(T::NAME, id, param))
    }

    /// The movement of the balance with this id, read off the charge or refund that made it.
    pub(crate) fn balance_transaction(&self, id: &str) -> Option<BalanceTransaction> {
        let [charge, refund] = BalanceTransaction::sources(id)?;
        if let Some(charge) = self.find::<Charge>(&charge) {
            return BalanceTransaction::of_charge(&charge);
        }
        let refund = self.find::<Refund>(&refund)?;
        let charge = self.find::<Charge>(&refund.charge)?;
        BalanceTransaction::of_refund(&refund, &charge)
    }

    /// Keeps a row, in place of the one with the same id.
    pub(crate) fn put<T: Row>(&mut self, row: T) -> Arc<T> {
        let row = Arc::new(row);
        let record = T::into_record(Arc::clone(&row));
        match self.writes.iter_mut().find(|old| T::of(old).is_some_and(|old| old.id() == row.id())) {
            Some(old) => *old = record,
            None => self.writes.push(record),
        }
        row
    }

    /// A whole table as it was before this change.
    pub(crate) fn table<T: Row>(&self) -> &'a Table<T> {
        T::table(self.tables)
    }

    /// Records that something happened to `object`, and lets the webhook sender know.
    pub(crate) fn emit(&mut self, kind: &str, object: Box<RawValue>, previous: Option<Box<RawValue>>) {
        let event = self.put(Event {
            id: ids::fresh("evt_"),
            created: self.now,
            kind: kind.to_owned(),
            object,
            previous,
            request_id: self.origin.request_id.clone(),
            idempotency_key: self.origin.idempotency_key.clone(),
        });
        if self.config.webhook.as_ref().is_some_and(|target| target.wants(kind)) {
            self.put(Delivery { event: event.id.clone(), state: DeliveryState::Pending });
        }
    }

    /// Forgets all writes.
    pub(crate) fn discard(&mut self) {
        self.writes.clear();
    }

    pub(super) fn into_writes(self) -> Vec<Record> {
        self.writes
    }
}
