//! Tables in memory.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{Record, Row};
use crate::model::{
    Charge, Customer, Delivery, DeliveryState, Dispute, Event, PaymentIntent, PaymentMethod, Refund,
    SavedAnswer,
};

/// How many events are kept at most; the oldest go first, but none before it is delivered or given up.
const MAX_EVENTS: usize = 10_000;

/// Rows in the order of their creation, found by id.
pub(crate) struct Table<T> {
    rows: VecDeque<Arc<T>>,
    /// The number of each row; the first row in `rows` has the number `first`.
    numbers: HashMap<Box<str>, usize>,
    first: usize,
}

impl<T: Row> Table<T> {
    /// The row with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<T>> {
        self.rows.get(self.place(id)?)
    }

    /// Where the row with this id stands, from 0.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).map(|number| number - self.first)
    }

    /// All rows, oldest first.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + ExactSizeIterator {
        self.rows.iter()
    }

    /// The rows from `place` on, oldest first.
    pub(crate) fn from(&self, place: usize) -> impl Iterator<Item = &Arc<T>> {
        self.rows.range(place.min(self.rows.len())..)
    }

    /// The rows before `place`, newest first.
    pub(crate) fn before(&self, place: usize) -> impl Iterator<Item = &Arc<T>> {
        self.rows.range(..place.min(self.rows.len())).rev()
    }

    fn put(&mut self, row: Arc<T>) {
        match self.place(row.id()).and_then(|place| self.rows.get_mut(place)) {
            Some(old) => *old = row,
            None => {
                self.numbers.insert(row.id().into(), self.first + self.rows.len());
                self.rows.push_back(row);
            }
        }
    }

    /// Forgets the oldest row if `go` says so.
    fn drop_oldest_if(&mut self, go: impl FnOnce(&T) -> bool) -> bool {
        let Some(oldest) = self.rows.pop_front_if(|row| go(row)) else { return false };
        self.numbers.remove(oldest.id());
        self.first += 1;
        true
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: VecDeque::new(), numbers: HashMap::new(), first: 0 }
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
            Record::Event(row) => {
                self.events.put(row);
                self.forget_old_events();
            }
            Record::Delivery(row) => self.deliveries.put(row),
            Record::Answer(row) => self.answers.put(row),
        }
    }
    fn forget_old_events(&mut self) {
        let Self { events, deliveries, .. } = self;
        let on_its_way = |event: &Event| {
            deliveries.find(&event.id).is_some_and(|delivery| delivery.state == DeliveryState::Pending)
        };
        while events.rows.len() > MAX_EVENTS && events.drop_oldest_if(|event| !on_its_way(event)) {}
        while deliveries.drop_oldest_if(|delivery| events.find(&delivery.event).is_none()) {}
    }
}
