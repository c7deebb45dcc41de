//! Tables in memory.

use std::{collections::HashMap, sync::Arc};

use super::{Record, Row};
use crate::model::{
    Charge, Customer, Delivery, Dispute, Event, PaymentIntent, PaymentMethod, Refund, SavedAnswer,
};

/// Rows in the order of their creation, found by id.
pub(crate) struct Table<T> {
    rows: Vec<Arc<T>>,
    places: HashMap<Box<str>, usize>,
}

impl<T: Row> Table<T> {
    /// The row with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<T>> {
        self.rows.get(*self.places.get(id)?)
    }

    /// Where the row with this id stands, from 0.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    /// All rows, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + ExactSizeIterator {
        self.rows.iter()
    }

    /// The rows themselves, oldest first.
    pub(crate) fn as_slice(&self) -> &[Arc<T>] {
        &self.rows
    }

    pub(super) fn put(&mut self, row: Arc<T>) {
        match self.places.get(row.id()).and_then(|place| self.rows.get_mut(*place)) {
            Some(old) => *old = row,
            None => {
                self.places.insert(row.id().into(), self.rows.len());
                self.rows.push(row);
            }
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }
}

/// One table for each kind of row.
#[derive(Default)]
pub(crate) struct Tables {
    pub(super) payment_intents: Table<PaymentIntent>,
    pub(super) charges: Table<Charge>,
    pub(super) refunds: Table<Refund>,
    pub(super) disputes: Table<Dispute>,
    pub(super) customers: Table<Customer>,
    pub(super) payment_methods: Table<PaymentMethod>,
    pub(super) events: Table<Event>,
    pub(super) deliveries: Table<Delivery>,
    pub(super) answers: Table<SavedAnswer>,
}

impl Tables {
    /// The table of a kind of row.
    pub(crate) fn get<T: Row>(&self) -> &Table<T> {
        T::table(self)
    }

    pub(super) fn put(&mut self, record: Record) {
        match record {
            Record::PaymentIntent(row) => self.payment_intents.put(row),
            Record::Charge(row) => self.charges.put(row),
            Record::Refund(row) => self.refunds.put(row),
            Record::Dispute(row) => self.disputes.put(row),
            Record::Customer(row) => self.customers.put(row),
            Record::PaymentMethod(row) => self.payment_methods.put(row),
            Record::Event(row) => self.events.put(row),
            Record::Delivery(row) => self.deliveries.put(row),
            Record::Answer(row) => self.answers.put(row),
        }
    }
}
